#pragma once
// The recorded market on the simulated clock, and everything it has said so far (history is what has been played, never the future).

#include <memory>
#include <optional>
#include <vector>

#include "edge/sim/session_clock.hpp"
#include "runtime/ports.hpp"

namespace robo::sim {

struct TimedQuote {
  Timestamp at{};
  Quote quote{};
};
struct TimedTrade {
  Timestamp at{};
  Trade trade{};
};

/// What is known of an instrument.
struct Tape {
  std::vector<TimedQuote> quotes;
  std::vector<TimedTrade> trades;
  Quote quote{};
  bool has_quote{};
  Trade last{};
  Timestamp last_at{};
  bool has_last{};
  Price open{}, high{}, low{}, prior_close{};
  Quantity volume{};
  std::uint32_t trade_count{};
  PhaseChange phase{.phase = TradingPhase::Regular};
  Date day{};
};

class Replay {
 public:
  Replay(runtime::MarketSource& source, std::vector<Calendar> calendars, bool repeat);

  /// The next event by its own time; null at the end.
  [[nodiscard]] const Event* peek();
  /// Takes it: history grows.
  void take();
  /// Leaves it out: it never happened.
  void skip() { last_ = ready_[at_].at, ++at_, ++played_; }
  /// Something that is not in the data happened.
  void note(const Event& event);
  /// An instrument the data knows nothing of: what is told of it is noted.
  void know(InstrumentId id) {
    if (tapes_.size() <= id.value) tapes_.resize(id.value + 1);
  }
  [[nodiscard]] const Tape& tape(InstrumentId id) const { return tapes_[id.value]; }
  [[nodiscard]] Timestamp first_at() { return peek() ? start_ : Timestamp{}; }
  [[nodiscard]] std::uint64_t played() const { return played_; }

 private:
  static constexpr std::size_t kept = 1'000'000;  // per instrument and kind
  bool fill();

  runtime::MarketSource& source_;
  SessionClock sessions_;
  bool repeat_;
  std::vector<Event> ready_;
  std::size_t at_ = 0;
  std::vector<Tape> tapes_;
  Duration shift_{};
  Timestamp start_{}, last_{};
  bool started_ = false, over_ = false;
  std::uint64_t played_ = 0;
};

enum class BarKind : std::uint8_t { Trades, Bid, Ask, Midpoint, BidAsk };

struct BuiltBar {
  Timestamp start{};
  Price open{}, high{}, low{}, close{};
  Quantity volume{};
  double value{};            // sum of price x size, for the average
  std::int32_t count{};
  bool empty{true};

  void add(Price price, Quantity size) {
    if (empty) open = high = low = price, empty = false;
    if (price > high) high = price;
    if (price < low) low = price;
    close = price;
    volume += size;
    value += price.to_double() * size.to_double();
    ++count;
  }
  [[nodiscard]] Price average() const {
    return volume.is_zero() ? close : Price::nearest(value / volume.to_double());
  }
};

/// Price of an event for bars of `kind`; nothing when it does not count.
[[nodiscard]] std::optional<std::pair<Price, Quantity>> bar_price(const Quote& quote, BarKind kind);
[[nodiscard]] std::optional<std::pair<Price, Quantity>> bar_price(const Trade& trade, BarKind kind);

/// Start of the bar `at` falls into; bars are counted from `origin` after midnight UTC.
constexpr Timestamp bar_start(Timestamp at, Duration length, Duration origin) {
  const auto since = at.ns - origin.ns;
  return {at.ns - (since % length.ns + length.ns) % length.ns};
}

/// Bars of `length` over [from, until), aligned to the day; empty ones left out. `regular` null, or tells which moments count.
template <class Counts>
std::vector<BuiltBar> build_bars(const Tape& tape, BarKind kind, Timestamp from, Timestamp until, Duration length, Duration origin, Counts&& counts) {
  std::vector<BuiltBar> bars;
  const auto add = [&](Timestamp at, const auto& what) {
    if (at < from || at >= until || !counts(at)) return;
    const auto priced = bar_price(what, kind);
    if (!priced) return;
    const Timestamp start = bar_start(at, length, origin);
    if (bars.empty() || bars.back().start != start) {
      bars.emplace_back();
      bars.back().start = start;
    }
    bars.back().add(priced->first, priced->second);
  };
  if (kind == BarKind::Trades) {
    for (const auto& t : tape.trades) add(t.at, t.trade);
  } else if (kind == BarKind::BidAsk) {
    // IB: open and close are time averages of bid and ask, low the lowest bid, high the highest ask; here open is the first bid, close the last ask.
    for (const auto& q : tape.quotes) {
      if (q.at < from || q.at >= until || !counts(q.at) || !q.quote.bid_size.is_positive() || !q.quote.ask_size.is_positive()) continue;
      const Timestamp start = bar_start(q.at, length, origin);
      if (bars.empty() || bars.back().start != start) {
        bars.emplace_back();
        bars.back().start = start;
        bars.back().add(q.quote.bid, {});
      }
      auto& bar = bars.back();
      bar.low = std::min(bar.low, q.quote.bid);
      bar.high = std::max(bar.high, q.quote.ask);
      bar.close = q.quote.ask;
    }
  } else {
    for (const auto& q : tape.quotes) add(q.at, q.quote);
  }
  return bars;
}

}  // namespace robo::sim
