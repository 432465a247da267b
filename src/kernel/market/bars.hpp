#pragma once
// Bars of time, of trades and of volume, built from what has happened and nothing later.

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "kernel/market/trade_use.hpp"
#include "model/market.hpp"

namespace robo::market {

enum class BarUnit : std::uint8_t { Time, Ticks, Volume };

/// When a bar ends. Time bars start at multiples of their length since 1970 UTC (10:00, 10:05, ...), as IB's do; a day or
/// longer means one bar a session.
struct BarRule {
  BarUnit unit{};
  std::int64_t amount{};  // nanoseconds, trades, or raw Quantity
  static constexpr BarRule time(Duration length) { return {BarUnit::Time, length.ns}; }
  static constexpr BarRule ticks(std::int64_t trades) { return {BarUnit::Ticks, trades}; }
  static constexpr BarRule volume(Quantity size) { return {BarUnit::Volume, size.raw}; }
  [[nodiscard]] constexpr bool session() const { return unit == BarUnit::Time && amount >= hours(24).ns; }
  friend constexpr auto operator<=>(const BarRule&, const BarRule&) = default;
};

/// A bar that ended at the event just applied. Of tick and volume bars `period` is the time they took.
struct ClosedBar {
  BarRule rule{};
  Bar bar{};
};

/// One instrument's running bar of one rule.
class BarBuilder {
 public:
  BarBuilder(BarRule rule, InstrumentId instrument) : rule_(rule), instrument_(instrument) {}

  [[nodiscard]] BarRule rule() const { return rule_; }
  [[nodiscard]] bool open() const { return open_; }
  /// When the clock ends the running bar: its end, or a little later while bars from outside may still come for it. The far
  /// future when there is none, or when it does not end by the clock.
  [[nodiscard]] Timestamp due() const { return due_; }
  /// End of the running time bar; the far future otherwise.
  [[nodiscard]] Timestamp end() const { return end_; }
  [[nodiscard]] const Bar& forming() const { return bar_; }

  /// Counts a trade for what it may be used for.
  void add(Price price, Quantity size, Timestamp at, const TradeUse& use);
  /// Counts a finished bar from outside as if its trades had come one by one (time bars whose length it divides).
  void add(const Bar& bar);
  /// True when the running bar is complete: enough trades or volume, or bars from outside up to its end.
  [[nodiscard]] bool full() const;
  /// Ends the running bar. Nothing to show for it (no price in it): false.
  bool close(Timestamp at, ClosedBar& out);

  /// End of the last input, by time; a bar from outside that starts before it would count twice.
  [[nodiscard]] Timestamp covered_until() const { return covered_until_; }

  static constexpr Timestamp never{INT64_MAX};

 private:
  void begin(Timestamp at);
  void average(Price price, Quantity size);

  BarRule rule_;
  InstrumentId instrument_;
  Bar bar_{};
  Timestamp due_ = never, end_ = never;
  Timestamp covered_until_{INT64_MIN};
  bool open_ = false;
  bool priced_ = false;
  std::int64_t averaged_volume_ = 0;
  i128 averaged_notional_ = 0;  // price raw x size raw
};

}  // namespace robo::market
