#pragma once
// What we own and owe: positions, cost, profit, commissions, cash per currency, equity and drawdown, and whose doing it was.
// Exact in fixed point. Executions are the truth; this is the only place where they are counted.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/fixed_map.hpp"
#include "kernel/portfolio/holding.hpp"
#include "model/event.hpp"

namespace robo::portfolio {

struct Settings {
  std::int64_t executions_max = 32'768;        // remembered to recognise repeats and corrections; older ones are folded into their position
  std::int64_t commissions_waiting_max = 4'096;  // arrived before their execution
  bool stablecoins_at_par = true;              // USDT, USDC count as one USD
  using fields = Fields<&Settings::executions_max, &Settings::commissions_waiting_max, &Settings::stablecoins_at_par>;
  static constexpr bool defaults = true;  // a setting left out of the file keeps its value from here
};

/// Fills nobody of ours decided: manual ones, other clients', positions taken over at a start.
inline constexpr StrategyId unattributed{UINT16_MAX};

/// One instrument. Money is in the instrument's currency.
struct Position {
  InstrumentId instrument{};
  std::int64_t multiplier{1};
  Settlement settlement{};
  Quantity quantity{};       // signed
  Money cost{};              // of the open quantity
  Money realized{};          // since the engine started, before commissions
  Money commissions{};
  Price mark{};
  bool marked{};
  Money value{};             // quantity at the mark (notional for futures and pairs)
  [[nodiscard]] Money unrealized() const { return marked ? value - cost : Money{}; }
  [[nodiscard]] Price average_price() const { return portfolio::average_price(Holding{.quantity = quantity, .cost = cost}, multiplier); }
};

/// One strategy's part, summed over instruments, in base currency. Parts of all strategies and `unattributed` together give the
/// account's profit (realized + unrealized - commissions) to the last digit; the split between realized and unrealized may
/// differ, because every strategy has its own average cost.
struct StrategyAccount {
  StrategyId strategy{};
  Money realized{}, unrealized{}, commissions{};
  [[nodiscard]] Money profit() const { return realized + unrealized - commissions; }
};

enum class Booking : std::uint8_t {
  Booked,     // new, counted
  Duplicate,  // seen before, nothing changed
  Corrected,  // replaces an earlier version: undone and redone
  Opening     // of before the first reconciliation: already inside the position the broker reported
};
struct Booked {
  Booking outcome{};
  Quantity position_before{}, position_after{};
  Money realized{};             // by this fill; for a correction the difference it made
  Quantity previous_quantity{}; // correction: what the earlier version said
  Price previous_price{};
};

struct BookedCommission {
  bool counted{};               // false: a repeat, or its execution is not here yet
  bool waiting{};
  InstrumentId instrument{};
  OrderKey key{};
  Money before{};               // what was booked for this execution until now
};

struct Difference {
  InstrumentId instrument{};
  Quantity ours{}, theirs{};
};

/// Thread: hot. Allocates in the constructor and define() only.
class Portfolio {
 public:
  Portfolio(const Settings& settings, std::size_t instruments_max);
  ~Portfolio();
  Portfolio(const Portfolio&) = delete;
  Portfolio& operator=(const Portfolio&) = delete;

  // ---- start -----------------------------------------------------------------------------------------------------------
  void start(const EngineStarted& started);
  /// Ids are dense. Again: new terms, same position.
  void define(const Instrument& instrument);
  /// A new trading day: profit of the day starts at zero. Earlier dates are ignored.
  void roll_day(Date date);

  // ---- events ----------------------------------------------------------------------------------------------------------
  /// Counts a fill once, whatever the broker repeats. `reason` says who shares it; null: unattributed.
  Booked book(const Execution& execution, const Reason* reason);
  BookedCommission book(const Commission& commission);
  /// Values the position at `price`; for currency pairs also sets the rate between the two currencies.
  void mark(InstrumentId instrument, Price price);
  /// The broker's own figures; during a reconciliation its cash replaces ours.
  void hear(const AccountValue& value);
  /// The broker's word on a position. Remembered; compared at the end of a reconciliation, or by disagrees().
  void hear(const PositionReport& report);

  void begin_reconciliation();
  /// Compares positions. Differences are taken over from the broker when `adopt`; the first reconciliation of a session
  /// always does. The answer is valid until the next call.
  std::span<const Difference> end_reconciliation(bool adopt);
  [[nodiscard]] bool reconciling() const { return reconciling_; }
  /// Executions of this reconciliation that were new to us.
  [[nodiscard]] std::uint32_t fills_missed() const { return fills_missed_; }
  /// A live fill came between the begin and the end: the broker's positions may be older than ours.
  [[nodiscard]] bool moved_while_reconciling() const { return moved_while_reconciling_; }
  /// Our position is not what the broker said last (outside a reconciliation).
  [[nodiscard]] bool disagrees(InstrumentId instrument) const;
  [[nodiscard]] Quantity theirs(InstrumentId instrument) const;

  // ---- reading ---------------------------------------------------------------------------------------------------------
  [[nodiscard]] const Position& position(InstrumentId instrument) const { return positions_[instrument.value]; }
  [[nodiscard]] std::span<const Position> positions() const { return {positions_.data(), size_}; }
  /// A strategy's own part of a position.
  [[nodiscard]] Quantity share(InstrumentId instrument, StrategyId strategy) const;
  [[nodiscard]] StrategyAccount account(StrategyId strategy) const;

  /// The sums that are asked for at every tick, in base currency; worked out once after a change.
  struct Totals {
    Money equity{}, cash{}, gross{}, net{};
  };
  [[nodiscard]] const Totals& totals() const {
    if (!totals_fresh_) work_out_totals();
    return totals_;
  }

  // In base currency; amounts whose rate is not known are left out (unconverted() says so).
  [[nodiscard]] Money equity() const { return totals().equity; }
  [[nodiscard]] Money cash() const { return totals().cash; }
  [[nodiscard]] Money realized() const;
  [[nodiscard]] Money unrealized() const;
  [[nodiscard]] Money commissions() const;
  [[nodiscard]] Money gross_exposure() const { return totals().gross; }
  [[nodiscard]] Money net_exposure() const { return totals().net; }
  [[nodiscard]] Money day_pnl() const { return equity() - day_start_ - day_loss_before_; }
  /// 0..1 of the highest equity since the start, as of the last mark or fill.
  [[nodiscard]] double drawdown() const;
  [[nodiscard]] bool unconverted() const;
  /// The broker's cash in some currency, told after our last fill, is not ours.
  [[nodiscard]] bool cash_disagrees() const;
  /// Positions were compared with the broker's at least once.
  [[nodiscard]] bool compared_before() const { return reconciled_once_; }

  [[nodiscard]] Money cash(const CurrencyCode& currency) const;
  /// Cash and positions in one currency, in base currency; not converted: its rate is not known, the amounts are its own.
  struct CurrencyPart {
    CurrencyCode currency{};
    Money gross{};  // notional of the positions
    Money net{};    // what moves with its rate: cash, and positions as they count in equity
    bool converted{};
  };
  static constexpr std::size_t currencies_max = 24;
  [[nodiscard]] std::size_t currencies() const;
  [[nodiscard]] CurrencyPart currency(std::size_t index) const;
  [[nodiscard]] CurrencyCode base_currency() const { return base_; }
  /// Money of the instrument's currency in base currency; unchanged when the rate is not known.
  [[nodiscard]] Money to_base(InstrumentId instrument, Money amount) const;
  /// The instrument's currency is the base currency: to_base() changes nothing.
  [[nodiscard]] bool in_base(InstrumentId instrument) const;
  /// Of the broker; nothing heard: has(tag) is false.
  [[nodiscard]] bool has(AccountTag tag) const { return broker_heard_[static_cast<std::size_t>(tag)]; }
  [[nodiscard]] Money broker(AccountTag tag) const { return broker_[static_cast<std::size_t>(tag)]; }

 private:
  struct Fill;
  struct Terms;
  struct Share;
  struct Purse;  // one currency
  static constexpr std::size_t shares_per_instrument = 9, purses_max = currencies_max;

  Terms& terms(InstrumentId instrument);
  std::uint8_t purse_of(const CurrencyCode& currency);
  void count(InstrumentId instrument, std::int64_t factor);  // its part of the totals, in or out
  void apply(InstrumentId instrument, const Fill& fill);
  void share_out(InstrumentId instrument, const Fill& fill, Quantity change, Money value);
  void rebuild(InstrumentId instrument);
  template <class F>
  void into_opening(InstrumentId instrument, F&& work);
  void evict_oldest();
  void link(std::uint32_t index);
  void adopt(InstrumentId instrument, const PositionReport& report);
  void revalue(InstrumentId instrument);
  void note_peak();
  void work_out_totals() const;
  [[nodiscard]] Money convert(const Purse& purse, Money amount) const;
  template <class F>
  Money total(F&& part) const;

  Settings settings_;
  std::vector<Position> positions_;
  std::vector<Terms> terms_;
  std::vector<std::uint8_t> purse_of_;  // by instrument: the figure of its terms that every conversion asks for
  std::size_t size_ = 0;
  std::vector<Fill> fills_;  // ring
  std::uint32_t fills_begin_ = 0, fills_count_ = 0;
  struct HashExecution {
    std::size_t operator()(const ExecutionId& id) const { return hash_text(id.view()); }
  };
  FixedMap<ExecutionId, std::uint32_t, HashExecution> by_execution_;  // id without its last group -> ring place
  FixedMap<ExecutionId, Commission, HashExecution> waiting_;
  std::vector<Difference> differences_;
  std::vector<Purse> purses_;
  CurrencyCode base_{};
  Money day_start_{}, day_loss_before_{}, peak_{};
  double drawdown_ = 0;
  mutable Totals totals_{};
  mutable bool totals_fresh_ = false;
  Date day_{};
  std::array<Money, 15> broker_{};
  std::array<bool, 15> broker_heard_{};
  bool reconciling_ = false, reconciled_once_ = false, own_cash_ = false, moved_while_reconciling_ = false;
  std::uint32_t fills_missed_ = 0;
  Money equity_at_begin_{};
};

/// 0000e0d5.69dd7411.01.02 -> its first three groups; the last group counts corrections.
[[nodiscard]] ExecutionId without_revision(const ExecutionId& id);
[[nodiscard]] std::uint32_t revision_of(const ExecutionId& id);

}  // namespace robo::portfolio
