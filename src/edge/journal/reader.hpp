#pragma once
// Reads a journal folder record by record, to the last good one.

#include <filesystem>
#include <string>
#include <vector>

#include "edge/journal/encode.hpp"
#include "edge/journal/segment.hpp"

namespace robo::journal {

/// How a journal ended. Clean: closed. Cut: the writer died (kill, power), nothing before is missing. Damaged: bytes are wrong.
enum class Ending : std::uint8_t { Open, Clean, Cut, Damaged };

class Reader {
 public:
  /// Errors: no journal there, written by another version or layout (names it).
  [[nodiscard]] static Result<Reader, Problem> open(const std::filesystem::path& folder);

  /// The next record, or false at the end. Views stay valid while the reader lives and stands in the same segment.
  [[nodiscard]] bool next(Record& out);

  [[nodiscard]] Ending ending() const { return ending_; }
  /// For people: where and why reading ended, how many bytes after it were ignored.
  [[nodiscard]] const std::string& ending_text() const { return ending_text_; }
  [[nodiscard]] std::uint64_t session() const { return session_; }
  [[nodiscard]] std::size_t segments() const { return segments_.size(); }
  /// Records the writer itself could not write (full disk), from Gap records.
  [[nodiscard]] std::uint64_t lost() const { return lost_; }

 private:
  Reader() = default;
  bool enter_segment();
  void end(Ending ending, std::string text);

  std::vector<std::filesystem::path> segments_;
  std::size_t segment_ = 0;
  MappedFile file_;
  std::size_t at_ = 0;
  std::uint64_t number_ = 0, session_ = 0, lost_ = 0;
  Ending ending_ = Ending::Open;
  std::string ending_text_;
};

/// Turns a record back into an event; boxed payloads live in here until the next call. False: not an event, or not decodable.
class EventDecoder {
 public:
  [[nodiscard]] bool decode(const Record& record, Event& out);

 private:
  BoxedStorage storage_;
};

/// False: not a fact, or not decodable.
[[nodiscard]] bool decode(const Record& record, Fact& out);
/// A command's intent (submit, modify) cannot be made again here: only the gate makes approved orders. So commands decode to what
/// people and comparisons need.
struct CommandView {
  std::string_view name{};     // "submit_order", ...
  OrderIntent intent{};        // submit and modify
  OrderKey key{};
  Timestamp due{};             // timers
  std::uint64_t timer{};
};
[[nodiscard]] bool decode(const Record& record, CommandView& out);

/// Journals under `root`, newest first.
[[nodiscard]] std::vector<std::filesystem::path> journals_under(const std::filesystem::path& root);

}  // namespace robo::journal
