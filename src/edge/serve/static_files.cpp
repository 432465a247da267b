#include "edge/serve/static_files.hpp"

#include <fmt/format.h>
#include <fstream>
#include <openssl/sha.h>
#include <sstream>

namespace robo::serve {
namespace {

constexpr std::size_t file_bytes_max = 32u << 20;

std::string type_of(const std::filesystem::path& file) {
  static const std::map<std::string, std::string, std::less<>> types{
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".mjs", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".json", "application/json"}, {".map", "application/json"}, {".svg", "image/svg+xml"}, {".png", "image/png"}, {".jpg", "image/jpeg"}, {".webp", "image/webp"},
      {".ico", "image/x-icon"}, {".woff2", "font/woff2"}, {".woff", "font/woff"}, {".ttf", "font/ttf"}, {".wasm", "application/wasm"}, {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"}};
  const auto found = types.find(file.extension().string());
  return found == types.end() ? "application/octet-stream" : found->second;
}

std::string etag_of(const std::string& bytes) {
  unsigned char digest[SHA256_DIGEST_LENGTH];
  SHA256(reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), digest);
  std::string out = "\"";
  for (int i = 0; i < 12; ++i) out += fmt::format("{:02x}", digest[i]);
  return out + "\"";
}

constexpr std::string_view not_built =
    "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>robotrader</title><body><h1>The desk is not built</h1>"
    "<p>The engine runs and its API answers under <code>/api/v1</code>. Build the page with <code>./run build</code> and start again.</p></body></html>";

}  // namespace

StaticFiles::StaticFiles(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code error;
  for (fs::recursive_directory_iterator it(folder, fs::directory_options::none, error), end; !error && it != end; it.increment(error)) {
    if (!it->is_regular_file(error) || it->is_symlink(error) || it->file_size(error) > file_bytes_max) continue;
    std::ifstream stream(it->path(), std::ios::binary);
    std::stringstream bytes;
    bytes << stream.rdbuf();
    const auto name = "/" + fs::relative(it->path(), folder).generic_string();
    File file{.bytes = std::move(bytes).str(), .type = type_of(it->path()), .etag = {}, .forever = name.starts_with("/assets/")};
    file.etag = etag_of(file.bytes);
    files_.emplace(name, std::move(file));
  }
  if (!files_.contains("/index.html")) files_["/index.html"] = {.bytes = std::string(not_built), .type = "text/html; charset=utf-8", .etag = etag_of(std::string(not_built)), .forever = false};
}

Response StaticFiles::answer(const Request& request, const Target& target) const {
  if (request.method != "GET" && request.method != "HEAD") return {.status = 405, .content_type = "text/plain", .body = "only GET and HEAD here\n", .headers = {{"Allow", "GET, HEAD"}}};
  auto found = files_.find(target.path);
  const bool page_path = target.segments.back().find('.') == std::string::npos;
  if (found == files_.end() && page_path) found = files_.find("/index.html");
  if (found == files_.end()) return {.status = 404, .content_type = "text/plain", .body = "no such file\n", .headers = {}};
  const auto& file = found->second;
  Response response{.status = 200, .content_type = file.type, .body = file.bytes, .headers = {}};
  response.headers.emplace_back("ETag", file.etag);
  response.headers.emplace_back("Cache-Control", file.forever ? "public, max-age=31536000, immutable" : "no-cache");
  if (request.if_none_match == file.etag) {
    response.status = 304;
    response.body.clear();
  }
  return response;
}

void add_security_headers(Response& response, std::string_view host) {
  // Inline styles: the docking library and the data grid write them (without, the grid falls to half its frames). Scripts: ours only.
  response.headers.emplace_back("Content-Security-Policy",
                                fmt::format("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; "
                                            "connect-src 'self' ws://{0} wss://{0}; worker-src 'self' blob:; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
                                            "frame-ancestors 'none'", host));
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Embedder-Policy", "require-corp");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
}

}  // namespace robo::serve
