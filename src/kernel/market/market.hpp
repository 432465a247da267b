#pragma once
// What the market looks like now, one state per instrument. Single writer: the hot thread.

#include <cstdint>
#include <memory>
#include <numeric>
#include <optional>
#include <span>
#include <vector>

#include "kernel/market/bars.hpp"
#include "kernel/market/book.hpp"
#include "model/event.hpp"

namespace robo::market {

/// A quote that may be traded on: fresh, live, two-sided, not locked or crossed. Only Market makes one.
class UsableQuote {
 public:
  [[nodiscard]] Price bid() const { return bid_; }
  [[nodiscard]] Price ask() const { return ask_; }
  [[nodiscard]] Quantity bid_size() const { return bid_size_; }
  [[nodiscard]] Quantity ask_size() const { return ask_size_; }
  /// Mid in 1e-9, rounded down.
  [[nodiscard]] Price mid() const { return Price::from_raw(std::midpoint(bid_.raw, ask_.raw)); }
  [[nodiscard]] Price spread() const { return ask_ - bid_; }
  [[nodiscard]] Duration age() const { return age_; }

 private:
  friend class Market;
  UsableQuote(const Quote& q, Duration age) : bid_(q.bid), ask_(q.ask), bid_size_(q.bid_size), ask_size_(q.ask_size), age_(age) {}
  Price bid_, ask_;
  Quantity bid_size_, ask_size_;
  Duration age_;
};

/// Why a quote may not be traded on. In order of what is said first.
enum class QuoteProblem : std::uint8_t { Missing, Broken, Delayed, OneSided, Crossed, Locked, Stale };

struct LastQuote {
  Quote quote{};
  Timestamp at{};
};

struct LastTrade {
  Trade trade{};
  Timestamp at{};
};

/// The trading day of one instrument. Prices are zero until the first regular trade of the day.
struct Session {
  TradingPhase phase{};
  bool known{};             // a PhaseChange has been seen; before the first one trades count as regular
  Date trade_date{};
  Timestamp phase_since{};
  Timestamp phase_until{};  // zero: not known, as in a halt
  Timestamp opened_at{};    // start of this trade date's regular phase; zero: not yet
  Price open{}, high{}, low{};
  Price prior_close{};      // last regular price of the trade date before; zero: not known
  Quantity volume{};        // everything that counts as volume, regular and extended
  std::uint64_t trades{};
};

struct Settings {
  Duration quote_age_max = seconds(5);
  bool bars_outside_regular{};  // count pre- and post-market trades in bars too
  using fields = Fields<&Settings::quote_age_max, &Settings::bars_outside_regular>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};

class Market {
 public:
  Market(Settings settings, std::size_t max_instruments);
  ~Market();
  Market(const Market&) = delete;
  Market& operator=(const Market&) = delete;

  // ---- before the first event (may allocate) -------------------------------------------------------------------------

  /// Makes the instrument known. Ids are dense: 0, 1, 2, ... in any order, below max_instruments. Again: new terms, same state.
  void define(const Instrument& instrument);
  /// Bars of this rule are built for the instrument from now on; asking twice is asking once.
  void want_bars(BarRule rule, InstrumentId instrument);
  void want_bars(Duration length, InstrumentId instrument) { want_bars(BarRule::time(length), instrument); }
  /// Price-keyed depth will come: makes room now instead of at the first DepthLevel. `around`: any recent price.
  void expect_levels(InstrumentId instrument, Price around);
  void set_prior_close(InstrumentId instrument, Price price);

  // ---- events: exactly one of these a turn, with the event's time ------------------------------------------------------
  // Each first ends the time bars that are due by `at`, of all instruments, then takes the news in: a trade at 10:05:00 is
  // never in the bar that ends at 10:05:00. Anything of an unknown instrument is counted and ignored.

  void apply(const Quote& quote, Timestamp at);
  void apply(const Trade& trade, Timestamp at);
  void apply(const DepthRow& row, Timestamp at);
  void apply(const DepthLevel& level, Timestamp at);
  void apply(const DepthReset& reset, Timestamp at);
  /// A finished bar from outside (history, 5-second bars). Feeds time bars it divides where no trades have; a bar that has
  /// not ended by `at` is refused and counted.
  void apply(const Bar& bar, Timestamp at);
  void apply(const PhaseChange& change, Timestamp at);
  void apply(const DataFarmChanged& change, Timestamp at);
  /// For every event that is none of the above: only time passes.
  void advance(Timestamp now);

  // ---- reading ---------------------------------------------------------------------------------------------------------

  [[nodiscard]] bool known(InstrumentId id) const { return id.value < states_.size() && states_[id.value] != nullptr; }
  [[nodiscard]] const Instrument& instrument(InstrumentId id) const;
  [[nodiscard]] std::size_t size() const { return states_.size(); }  // largest id + 1
  /// Time of the event just applied.
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// The quote, if it may be traded on at `now`.
  [[nodiscard]] Result<UsableQuote, QuoteProblem> quote(InstrumentId id, Timestamp now) const;
  /// The last quote whatever its state; nullopt before the first.
  [[nodiscard]] std::optional<LastQuote> last_quote(InstrumentId id) const;
  /// The last trade that sets the last price.
  [[nodiscard]] std::optional<LastTrade> last_trade(InstrumentId id) const;
  /// What a holding is worth: mid of a two-sided uncrossed quote however old, else last trade, else prior close.
  [[nodiscard]] std::optional<Price> mark(InstrumentId id) const;
  [[nodiscard]] const Book& book(InstrumentId id) const;
  [[nodiscard]] const Session& session(InstrumentId id) const;
  [[nodiscard]] bool halted(InstrumentId id) const { return session(id).phase == TradingPhase::Halted; }
  [[nodiscard]] bool broken(InstrumentId id) const;

  /// Bars that ended at the event just applied, by instrument, then rule. Valid until the next one.
  [[nodiscard]] std::span<const ClosedBar> closed_bars() const { return closed_; }
  /// The bar that is still running; nullptr when there is none.
  [[nodiscard]] const Bar* forming(InstrumentId id, BarRule rule) const;
  /// Events of unknown instruments and bars from the future, refused.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct State;
  [[nodiscard]] State* find(InstrumentId id);
  [[nodiscard]] const State& at(InstrumentId id) const;
  void close_due(Timestamp now);
  void close(BarBuilder& builder, Timestamp now);
  void close_sessions(State& state, Timestamp now);
  void feed(State& state, Price price, Quantity size, Timestamp at, const TradeUse& use);
  void roll_date(State& state, Date date, Timestamp at);

  Settings settings_;
  std::size_t max_instruments_;
  std::vector<std::unique_ptr<State>> states_;
  std::vector<ClosedBar> closed_;
  std::size_t builders_ = 0;
  Timestamp now_{};
  Timestamp next_due_ = BarBuilder::never;
  std::uint64_t refused_ = 0;
};

}  // namespace robo::market

namespace robo {
template <>
struct EnumNames<market::QuoteProblem> {
  static constexpr std::array<std::string_view, 7> names{"missing", "broken", "delayed", "one_sided", "crossed", "locked", "stale"};
};
template <>
struct EnumNames<market::BarUnit> {
  static constexpr std::array<std::string_view, 3> names{"time", "ticks", "volume"};
};
}  // namespace robo
