#pragma once
// The market of a rehearsal: it says what the scenario says, four times a second, and nothing else.

#include <deque>
#include <string_view>
#include <vector>

#include "runtime/ports.hpp"

namespace robo::apps::rehearsal {

class Street : public runtime::MarketSource {
 public:
  explicit Street(Timestamp start);
  [[nodiscard]] std::span<const Instrument> instruments() const override { return instruments_; }
  [[nodiscard]] std::span<const Event> next() override;
  void rewind() override {}

  /// Null: not on this street.
  [[nodiscard]] const Instrument* find(std::string_view symbol) const;
  void set(InstrumentId instrument, Price bid, Price ask, Quantity size);
  void silence(InstrumentId instrument) { boards_[instrument.value].silent = true; }
  void print(InstrumentId instrument, Price price, Quantity size) { prints_.push_back({.instrument = instrument, .price = price, .size = size}); }

 private:
  struct Board {
    Price bid{}, ask{};
    Quantity size{};
    bool silent{true};
  };
  std::vector<Instrument> instruments_;
  std::vector<Board> boards_;
  std::deque<Trade> prints_;
  std::vector<Event> stretch_;
  Timestamp at_;
  bool odd_ = false;
};

}  // namespace robo::apps::rehearsal
