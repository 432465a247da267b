#include "edge/journal/follower.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "base/crc32c.hpp"
#include "edge/journal/codec.hpp"
#include "edge/journal/record_head.hpp"

namespace robo::journal {

namespace {

constexpr std::size_t buffer_size = 64 * 1024;
static_assert(buffer_size > record_header_size + payload_size_max);

struct Header {
  bool readable{}, valid{};
  std::uint32_t version{};
  std::uint64_t schema{}, session{}, first{};
};

Header header_of(const std::filesystem::path& path) {
  Header header;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return header;
  std::array<std::byte, segment_header_size> bytes{};
  const auto got = ::pread(file, bytes.data(), bytes.size(), 0);
  ::close(file);
  header.readable = true;
  if (got != static_cast<ssize_t>(bytes.size()) || std::memcmp(bytes.data(), "ROBOJRNL", 8) != 0) return header;
  ByteReader reader(std::span<const std::byte>(bytes).subspan(8));
  std::uint32_t header_size = 0, crc = 0;
  std::int64_t created = 0;
  reader.get(header.version);
  reader.get(header_size);
  reader.get(header.schema);
  reader.get(header.session);
  reader.get(header.first);
  reader.get(created);
  reader.get(crc);
  header.valid = reader.ok() && crc == crc32c({bytes.data(), 48});
  return header;
}

}  // namespace

std::filesystem::path Follower::path_of(unsigned index) const { return folder_ / fmt::format("segment-{:06}.rtj", index); }

Result<Follower, Problem> Follower::open(const std::filesystem::path& folder) {
  Follower follower;
  follower.folder_ = folder;
  follower.buffer_.resize(buffer_size);
  const auto first = header_of(follower.path_of(0));
  if (!first.readable) return fail(Problem{fmt::format("{}: holds no journal (no segment-000000.rtj)", folder.string())});
  if (!first.valid) return fail(Problem{fmt::format("{}: is not a journal segment, or its header is damaged", follower.path_of(0).string())});
  if (first.version != format_version || first.schema != schema_fingerprint())
    return fail(Problem{fmt::format("{}: was written by a robotrader with other message layouts; read it with that version", folder.string())});
  follower.session_ = first.session;
  if (!follower.enter(0, false)) return fail(Problem{follower.damage_});
  if (Record record; follower.next(record) == Follow::Record) follower.begins_at_ = record.at;
  if (!follower.enter(0, true)) return fail(Problem{follower.damage_});
  return follower;
}

Follower& Follower::operator=(Follower&& other) noexcept {
  if (this == &other) return *this;
  close();
  folder_ = std::move(other.folder_);
  file_ = std::exchange(other.file_, -1);
  segment_ = other.segment_;
  offset_ = other.offset_;
  buffer_ = std::move(other.buffer_);
  begin_ = other.begin_;
  end_ = other.end_;
  number_ = other.number_;
  session_ = other.session_;
  bytes_read_ = other.bytes_read_;
  begins_at_ = other.begins_at_;
  damage_ = std::move(other.damage_);
  return *this;
}

void Follower::close() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool Follower::enter(unsigned index, bool any_number) {
  const auto path = path_of(index);
  const auto header = header_of(path);
  if (!header.valid || header.session != session_ || (!any_number && header.first != number_)) {
    damage_ = fmt::format("{}: its header is damaged, or a segment before it is missing (record {} was expected)", path.string(), number_);
    return false;
  }
  close();
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) {
    damage_ = fmt::format("{}: {}", path.string(), std::strerror(errno));
    return false;
  }
  segment_ = index;
  offset_ = segment_header_size;
  begin_ = end_ = 0;
  number_ = header.first;
  return true;
}

// Afterwards `need` bytes stand in the buffer from begin_ on. False: the file does not have them.
bool Follower::fill(std::size_t need) {
  if (end_ - begin_ >= need) return true;
  offset_ += begin_;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  while (end_ < buffer_.size()) {
    const auto got = ::pread(file_, buffer_.data() + end_, buffer_.size() - end_, static_cast<off_t>(offset_ + end_));
    if (got <= 0) break;
    end_ += static_cast<std::size_t>(got);
  }
  return end_ - begin_ >= need;
}

bool Follower::next_has_begun() {
  const auto header = header_of(path_of(segment_ + 1));
  return header.valid && header.session == session_;
}

Follow Follower::next(Record& out) {
  bool looked_again = false;
  for (;;) {
    const bool header_there = fill(record_header_size);
    std::span<const std::byte> bytes(buffer_.data() + begin_, end_ - begin_);
    const bool unwritten = !header_there || std::all_of(bytes.begin(), bytes.begin() + record_header_size, [](std::byte b) { return b == std::byte{0}; });
    RecordHead head;
    bool whole = false;
    if (!unwritten) {
      head = head_of(bytes, out);
      if (head.length <= payload_size_max && fill(record_header_size + head.length)) {
        bytes = {buffer_.data() + begin_, end_ - begin_};
        whole = head.vouches_for(bytes);
      }
    }
    if (!whole) {
      // The tip, or a record that is being written at this moment. What was read of it is forgotten: it may change.
      const bool moved_on = next_has_begun();
      end_ = begin_;
      if (!moved_on) return Follow::Nothing;
      if (unwritten && header_of(path_of(segment_ + 1)).first == number_) {
        if (!enter(segment_ + 1, false)) return Follow::Damaged;
        continue;
      }
      if (!looked_again) {
        looked_again = true;  // the writer wrote on between the two looks
        continue;
      }
      damage_ = fmt::format("{}: damaged after record {}", path_of(segment_).string(), number_);
      return Follow::Damaged;
    }
    begin_ += record_header_size + head.length;
    bytes_read_ += record_header_size + head.length;
    looked_again = false;
    out.kind_of = static_cast<RecordClass>(head.class_of);
    if (out.kind_of == RecordClass::Gap) continue;
    out.payload = bytes.subspan(record_header_size, head.length);
    out.number = number_++;
    return Follow::Record;
  }
}

Result<bool, Problem> Follower::seek(std::uint64_t number) {
  unsigned index = 0;
  for (;; ++index) {
    const auto header = header_of(path_of(index + 1));
    if (!header.valid || header.session != session_ || header.first > number) break;
  }
  if (!enter(index, true)) return fail(Problem{damage_});
  Record skipped;
  while (number_ < number) {
    const auto got = next(skipped);
    if (got == Follow::Damaged) return fail(Problem{damage_});
    if (got == Follow::Nothing) return false;
  }
  return true;
}

}  // namespace robo::journal
