#pragma once
// A recorded day as a gateway, and the proof that the kernel decides the same again.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "edge/journal/reader.hpp"
#include "runtime/ports.hpp"

namespace robo::journal {

/// Where a replay first left the record.
struct Difference {
  std::uint64_t record{};
  Timestamp at{};
  std::string recorded{};   // what the journal says, one line; "nothing" when the replay did more
  std::string replayed{};
};

/// The instruments a journal begins with: a kernel's tables are laid out from them.
[[nodiscard]] std::vector<Instrument> instruments_of(Reader reader);

/// Gateway and tap in one: gives back the journal's events, takes the kernel's commands and facts, and compares them byte for
/// byte with what was recorded after the same event. Drive must not keep timers: they fire from the journal.
class Replay : public runtime::Gateway, public runtime::Tap {
 public:
  /// `compare_facts` also compares what was told, not only what was ordered.
  Replay(Reader reader, bool compare_facts);

  [[nodiscard]] bool next(Event& out) override;
  void send(const Command&) override {}  // compared in on_command, which also sees timers
  [[nodiscard]] bool finished() const override { return finished_; }
  void on_event(const Event&) override {}
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;

  /// Call once after the run: a command recorded after the last event and not made again is a difference, too.
  void finish();
  [[nodiscard]] const std::optional<Difference>& difference() const { return difference_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t commands_equal() const { return commands_equal_; }
  [[nodiscard]] std::uint64_t facts_equal() const { return facts_equal_; }
  [[nodiscard]] const Reader& reader() const { return reader_; }

 private:
  void look_ahead();
  void compare(RecordClass class_of, std::size_t kind, std::span<const std::byte> payload, Timestamp at);
  void differ(const Record* recorded, std::string replayed);

  Reader reader_;
  bool compare_facts_;
  std::optional<Record> ahead_;      // next record not yet matched
  EventDecoder decoder_;
  bool finished_ = false;
  std::optional<Difference> difference_;
  std::uint64_t events_ = 0, commands_equal_ = 0, facts_equal_ = 0;
};

/// One line for people: "submit_order RT...: buy 100 of #3 limit 187.25".
[[nodiscard]] std::string describe(const Record& record);

}  // namespace robo::journal
