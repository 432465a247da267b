#include "edge/store/text_file.hpp"

#include <fmt/core.h>
#include <fstream>
#include <vector>
#include <zlib.h>

namespace robo::store {

namespace {

bool is_gzip(std::string_view bytes) { return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b'; }

/// Unpacks all members; what could be unpacked stays in `out` even when the rest is damaged.
std::string unpack(std::string_view packed, std::string& out, std::uint64_t bytes_max) {
  z_stream stream{};
  if (inflateInit2(&stream, 16 + MAX_WBITS) != Z_OK) return "zlib cannot start";
  std::vector<char> buffer(1 << 18);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // zlib does not write to it
  std::uint64_t taken = 0;
  std::string damage;
  while (true) {
    const auto chunk = static_cast<uInt>(std::min<std::uint64_t>(packed.size() - taken, 1u << 30));
    if (stream.avail_in == 0) stream.avail_in = chunk;
    const auto before = stream.avail_in;
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int status = inflate(&stream, Z_NO_FLUSH);
    taken += before - stream.avail_in;
    const auto got = buffer.size() - stream.avail_out;
    if (out.size() + got > bytes_max) {
      damage = "too-large";
      break;
    }
    out.append(buffer.data(), got);
    if (status == Z_STREAM_END) {
      if (!is_gzip(packed.substr(taken))) break;  // what follows the last member is padding
      inflateReset(&stream);
      stream.avail_in = 0;
      continue;
    }
    if (status != Z_OK && status != Z_BUF_ERROR) {
      damage = fmt::format("gzip data is damaged at byte {}", taken);
      break;
    }
    if (got == 0 && taken == packed.size()) {
      damage = fmt::format("gzip data ends too early, at byte {}", taken);
      break;
    }
  }
  inflateEnd(&stream);
  return damage;
}

}  // namespace

Result<TextFile, Problem> read_text_file(const std::filesystem::path& path, std::uint64_t bytes_max) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) return fail(Problem{fmt::format("{}: is a folder, a file is expected", path.string())});
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) return fail(Problem{fmt::format("{}: cannot be opened for reading", path.string())});
  const auto size = static_cast<std::uint64_t>(std::max<std::streamoff>(in.tellg(), 0));
  const auto too_large = [&] { return fail(Problem{fmt::format("{}: more than {} bytes of text; split it", path.string(), bytes_max)}); };
  if (size > bytes_max) return too_large();
  std::string bytes(size, '\0');
  in.seekg(0);
  in.read(bytes.data(), static_cast<std::streamsize>(size));
  if (in.gcount() != static_cast<std::streamsize>(size)) return fail(Problem{fmt::format("{}: could not be read to its end", path.string())});
  if (!is_gzip(bytes)) return TextFile{std::move(bytes), {}};
  TextFile file;
  file.damage = unpack(bytes, file.text, bytes_max);
  if (file.damage == "too-large") return too_large();
  return file;
}

}  // namespace robo::store
