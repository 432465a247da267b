#pragma once
// What is in the store as a market to replay: one day of all chosen symbols in memory at a time.

#include <filesystem>
#include <string>
#include <vector>

#include "edge/store/market_tape.hpp"
#include "edge/store/store.hpp"
#include "runtime/ports.hpp"

namespace robo::store {

struct StoreMarketSettings {
  std::filesystem::path root{};
  std::vector<std::string> symbols{};   // empty: all
  std::optional<Date> from{}, until{};  // [from, until)
  bool bars{true};                      // bars of symbols that have neither quotes nor trades on a day become ticks
  Duration bar_period{minutes(1)};      // only bars of this length
};

class StoreMarket final : public runtime::MarketSource {
 public:
  /// Looks which days and symbols are there. Errors: nothing fits the settings.
  [[nodiscard]] static Result<StoreMarket, Problem> open(StoreMarketSettings settings);

  [[nodiscard]] std::span<const Instrument> instruments() const override { return instruments_; }
  /// The next day. A part that cannot be read ends the source; failed() says why.
  [[nodiscard]] std::span<const Event> next() override;
  void rewind() override {
    day_ = 0;
    held_.clear();
  }
  [[nodiscard]] const std::optional<Problem>& failed() const { return failed_; }
  [[nodiscard]] const std::vector<Date>& days() const { return days_; }

 private:
  [[nodiscard]] bool read_day(Date day);
  [[nodiscard]] const Instrument* instrument(std::string_view symbol) const;

  StoreMarketSettings settings_;
  std::vector<Instrument> instruments_;
  std::vector<Date> days_;
  std::vector<Event> events_, held_;  // held: of markets whose day ends after the next one has begun elsewhere
  std::size_t day_ = 0;
  std::optional<Problem> failed_;
};

}  // namespace robo::store
