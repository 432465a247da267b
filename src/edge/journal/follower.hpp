#pragma once
// Reads a journal while it is being written, from any record on: what stands in the journal is a queue on disk for whoever
// cannot keep up. Reads with pread: the writer cuts its segments when it is done with them, and a mapping would fault.

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/journal/record.hpp"

namespace robo::journal {

enum class Follow : std::uint8_t { Record, Nothing, Damaged };

class Follower {
 public:
  /// Errors: no journal there, or one of another version.
  [[nodiscard]] static Result<Follower, Problem> open(const std::filesystem::path& folder);
  Follower(Follower&& other) noexcept { *this = std::move(other); }
  Follower& operator=(Follower&& other) noexcept;
  ~Follower() { close(); }

  /// Stands before record `number` (or at the end when there are fewer). Errors: a segment is missing or damaged.
  [[nodiscard]] Result<bool, Problem> seek(std::uint64_t number);
  /// Nothing: the writer has not come further; ask again later. The payload's view is valid until the next call.
  [[nodiscard]] Follow next(Record& out);

  [[nodiscard]] std::uint64_t number() const { return number_; }  // of the next record
  [[nodiscard]] std::uint64_t session() const { return session_; }
  /// Time of the first record: with the folder's name it names the journal for good.
  [[nodiscard]] Timestamp begins_at() const { return begins_at_; }
  [[nodiscard]] const std::string& damage() const { return damage_; }
  /// Bytes between here and the end of the files as they are now, unwritten room included; for people.
  [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  Follower() = default;
  [[nodiscard]] std::filesystem::path path_of(unsigned index) const;
  [[nodiscard]] bool enter(unsigned index, bool any_number);
  [[nodiscard]] bool fill(std::size_t need);
  [[nodiscard]] bool next_has_begun();
  void close();

  std::filesystem::path folder_;
  int file_ = -1;
  unsigned segment_ = 0;
  std::uint64_t offset_ = 0;          // in the file, of buffer_[begin_]
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0, end_ = 0;
  std::uint64_t number_ = 0, session_ = 0, bytes_read_ = 0;
  Timestamp begins_at_{};
  std::string damage_;
};

}  // namespace robo::journal
