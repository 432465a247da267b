#pragma once
// Fact: what happened inside, told to people and disks. Nothing in the kernel ever reads one.

#include <array>
#include <cstdint>
#include <memory>
#include <variant>

#include "model/event.hpp"

namespace robo {

/// Why the gate refused. Every value has a sentence (model/sentence.hpp) and a documented fix.
enum class Denial : std::uint8_t {
  KillSwitch, NotReady, NotArmed, WrongAccount, EntriesStopped, JournalDown, Halted, SessionClosed, NoQuote, StaleQuote, CrossedQuote,
  DelayedData, QuantityNotPositive, QuantityOffStep, PriceOffTick, TooLarge, NotionalTooLarge, PositionTooLarge, GrossTooLarge,
  NetTooLarge, DailyLoss, PriceCollar, OrderRate, DuplicateOrder, TooManyOpenOrders, UnknownOrderOutstanding, NotEnoughCash
};
template <>
struct EnumNames<Denial> {
  static constexpr std::array<std::string_view, 27> names{
      "kill_switch", "not_ready", "not_armed", "wrong_account", "entries_stopped", "journal_down", "halted", "session_closed", "no_quote",
      "stale_quote", "crossed_quote", "delayed_data", "quantity_not_positive", "quantity_off_step", "price_off_tick", "too_large",
      "notional_too_large", "position_too_large", "gross_too_large", "net_too_large", "daily_loss", "price_collar", "order_rate",
      "duplicate_order", "too_many_open_orders", "unknown_order_outstanding", "not_enough_cash"};
};

struct OrderDenied {
  OrderIntent intent{};
  Denial reason{};
  double measured{};             // the number that broke the limit, in the limit's unit
  double limit{};
  using fields = Fields<&OrderDenied::intent, &OrderDenied::reason, &OrderDenied::measured, &OrderDenied::limit>;
};

struct OrderChanged {            // any step of an order's life
  OrderIntent intent{};
  OrderState state{};
  OrderState previous{};
  BrokerOrderId broker_id{};
  PermId perm_id{};
  Quantity filled{};
  Price average_price{};
  std::int32_t code{};
  FixedText<120> text{};
  using fields = Fields<&OrderChanged::intent, &OrderChanged::state, &OrderChanged::previous,
                        &OrderChanged::broker_id, &OrderChanged::perm_id, &OrderChanged::filled,
                        &OrderChanged::average_price, &OrderChanged::code, &OrderChanged::text>;
};

struct OrderFilled {             // one execution, booked
  Execution execution{};
  OrderIntent intent{};          // key zero: external
  Quantity position_after{};
  Money realized{};
  Price arrival_price{};         // mid when the decision was made; 0: unknown
  bool correction{};
  using fields = Fields<&OrderFilled::execution, &OrderFilled::intent, &OrderFilled::position_after,
                        &OrderFilled::realized, &OrderFilled::arrival_price, &OrderFilled::correction>;
};

struct CommissionBooked {
  Commission commission{};
  InstrumentId instrument{};
  OrderKey key{};
  using fields = Fields<&CommissionBooked::commission, &CommissionBooked::instrument, &CommissionBooked::key>;
};

struct PositionChanged {
  InstrumentId instrument{};
  Quantity quantity{};
  Price average_price{};
  Money realized{};              // of this instrument, since the engine started, before commissions
  Money commissions{};
  using fields = Fields<&PositionChanged::instrument, &PositionChanged::quantity, &PositionChanged::average_price,
                        &PositionChanged::realized, &PositionChanged::commissions>;
};

struct EquityMarked {            // at most once a second of event time, and at every fill
  Money equity{}, cash{}, realized{}, unrealized{}, commissions{};
  Money day_pnl{};
  Money gross_exposure{}, net_exposure{};
  double drawdown{};             // 0..1 of the peak
  using fields = Fields<&EquityMarked::equity, &EquityMarked::cash, &EquityMarked::realized,
                        &EquityMarked::unrealized, &EquityMarked::commissions, &EquityMarked::day_pnl,
                        &EquityMarked::gross_exposure, &EquityMarked::net_exposure, &EquityMarked::drawdown>;
};

struct SignalRaised {
  StrategyId strategy{};
  InstrumentId instrument{};
  double score{};                // -1..1
  double confidence{};           // 0..1
  Duration horizon{};
  FixedText<80> why{};
  using fields = Fields<&SignalRaised::strategy, &SignalRaised::instrument, &SignalRaised::score,
                        &SignalRaised::confidence, &SignalRaised::horizon, &SignalRaised::why>;
};

struct TargetSet {
  InstrumentId instrument{};
  Quantity position{};
  Quantity target{};
  Reason reason{};
  using fields = Fields<&TargetSet::instrument, &TargetSet::position, &TargetSet::target, &TargetSet::reason>;
};

enum class StrategyState : std::uint8_t { Stopped, Running, Paused, Failed };
template <>
struct EnumNames<StrategyState> {
  static constexpr std::array<std::string_view, 4> names{"stopped", "running", "paused", "failed"};
};
struct StrategyChanged {
  StrategyId strategy{};
  StrategyState state{};
  FixedText<120> why{};
  using fields = Fields<&StrategyChanged::strategy, &StrategyChanged::state, &StrategyChanged::why>;
};
struct ParameterChanged {
  StrategyId strategy{};
  FixedText<40> name{};
  double before{}, after{};
  FixedText<24> who{};
  using fields = Fields<&ParameterChanged::strategy, &ParameterChanged::name, &ParameterChanged::before,
                        &ParameterChanged::after, &ParameterChanged::who>;
};
struct StrategyMarked {          // with EquityMarked: attribution by contribution
  StrategyId strategy{};
  Money realized{}, unrealized{}, commissions{};
  double weight{};
  using fields = Fields<&StrategyMarked::strategy, &StrategyMarked::realized, &StrategyMarked::unrealized,
                        &StrategyMarked::commissions, &StrategyMarked::weight>;
};

enum class RegimeKind : std::uint8_t { Trending, Ranging, Volatile, Crisis };
template <>
struct EnumNames<RegimeKind> {
  static constexpr std::array<std::string_view, 4> names{"trending", "ranging", "volatile", "crisis"};
};
struct RegimeChanged {
  InstrumentId instrument{};
  RegimeKind held{};
  std::array<double, 4> probabilities{};
  double volatility_percentile{}, efficiency_ratio{}, drawdown{};
  using fields = Fields<&RegimeChanged::instrument, &RegimeChanged::held, &RegimeChanged::probabilities,
                        &RegimeChanged::volatility_percentile, &RegimeChanged::efficiency_ratio,
                        &RegimeChanged::drawdown>;
};

struct LimitChanged {
  FixedText<40> name{};
  double before{}, after{};
  FixedText<24> who{};
  using fields = Fields<&LimitChanged::name, &LimitChanged::before, &LimitChanged::after, &LimitChanged::who>;
};
struct LimitUsed {               // with EquityMarked
  FixedText<40> name{};
  double used{}, limit{};
  using fields = Fields<&LimitUsed::name, &LimitUsed::used, &LimitUsed::limit>;
};
enum class KillCause : std::uint8_t { Operator, DailyLoss, QueueFull, RejectStorm, UnprotectedEntry };
template <>
struct EnumNames<KillCause> {
  static constexpr std::array<std::string_view, 5> names{"operator", "daily_loss", "queue_full", "reject_storm", "unprotected_entry"};
};
struct KillChanged {
  bool killed{};
  KillCause cause{};
  FixedText<24> who{};
  FixedText<80> reason{};
  using fields = Fields<&KillChanged::killed, &KillChanged::cause, &KillChanged::who, &KillChanged::reason>;
};

struct GatewayNoted {
  GatewayChanged change{};
  using fields = Fields<&GatewayNoted::change>;
};
/// The note people read after a start or reconnect. Counts of what differed, and what was done about it.
struct ReconciliationNoted {
  std::uint32_t number{};
  bool complete{};
  std::uint32_t orders_known{}, orders_adopted{}, orders_gone{}, fills_missed{}, positions_differing{}, unknown_resolved{};
  using fields = Fields<&ReconciliationNoted::number, &ReconciliationNoted::complete,
                        &ReconciliationNoted::orders_known, &ReconciliationNoted::orders_adopted,
                        &ReconciliationNoted::orders_gone, &ReconciliationNoted::fills_missed,
                        &ReconciliationNoted::positions_differing, &ReconciliationNoted::unknown_resolved>;
};
struct PositionDiffered {
  InstrumentId instrument{};
  Quantity ours{}, theirs{};
  using fields = Fields<&PositionDiffered::instrument, &PositionDiffered::ours, &PositionDiffered::theirs>;
};
enum class NoteKind : std::uint8_t {
  QuarantinedExecution, ExternalOrder, StaleData, DataRestored, DelayedData, UnknownOrder, BracketBroken, StrategyFailed, Alarm, OperatorAsked
};
template <>
struct EnumNames<NoteKind> {
  static constexpr std::array<std::string_view, 10> names{"quarantined_execution", "external_order", "stale_data", "data_restored",
                                                          "delayed_data", "unknown_order", "bracket_broken", "strategy_failed", "alarm",
                                                          "operator_asked"};
};
struct Noted {
  NoteKind kind{};
  InstrumentId instrument{};
  OrderKey key{};
  FixedText<120> text{};
  using fields = Fields<&Noted::kind, &Noted::instrument, &Noted::key, &Noted::text>;
};

struct BarClosed {
  Bar bar{};
  using fields = Fields<&BarClosed::bar>;
};

/// What a slice of the book is cut by.
enum class ExposureKind : std::uint8_t { Account, Instrument, Sector, Currency };
template <>
struct EnumNames<ExposureKind> {
  static constexpr std::array<std::string_view, 4> names{"account", "instrument", "sector", "currency"};
};
struct ExposureMarked {          // at most once a second, when it changed
  ExposureKind kind{};
  InstrumentId instrument{};     // of Instrument
  FixedText<32> name{};          // of Sector and Currency; "unclassified": no sector is known
  Money gross{}, net{};          // in base currency
  double share{};                // gross of equity; NaN: no equity
  double beta_exposure{};        // net times beta to the benchmark, in base currency; NaN: some beta is not known
  using fields = Fields<&ExposureMarked::kind, &ExposureMarked::instrument, &ExposureMarked::name, &ExposureMarked::gross,
                        &ExposureMarked::net, &ExposureMarked::share, &ExposureMarked::beta_exposure>;
};

/// What value at risk was made of: a Student t with 5 degrees of freedom on the correlation matrix, or the book's own past
/// returns scaled to today's volatility.
enum class RiskMethod : std::uint8_t { StudentT, FilteredHistory };
template <>
struct EnumNames<RiskMethod> {
  static constexpr std::array<std::string_view, 2> names{"student_t", "filtered_history"};
};
struct RiskMarked {              // once a bar of risk.timeframe; fractions of equity for one day, NaN: not known
  RiskMethod method{};
  std::uint32_t positions{};     // held
  std::uint32_t bars{};          // the correlation matrix has seen
  double volatility{};
  double value_at_risk_95{}, value_at_risk_99{}, expected_shortfall_975{};
  double beta{};                 // of the book to the benchmark, per equity
  double correlation_average{};  // of all pairs of instruments
  double effective_bets{};       // 1: one bet, however many positions
  double shrinkage{};            // 0..1 of the matrix that is its target
  using fields = Fields<&RiskMarked::method, &RiskMarked::positions, &RiskMarked::bars, &RiskMarked::volatility,
                        &RiskMarked::value_at_risk_95, &RiskMarked::value_at_risk_99, &RiskMarked::expected_shortfall_975,
                        &RiskMarked::beta, &RiskMarked::correlation_average, &RiskMarked::effective_bets, &RiskMarked::shrinkage>;
};

/// Strength against the others and whether it grows: strong and growing, strong and fading, weak and fading, weak and growing.
enum class Quadrant : std::uint8_t { Unknown, Leading, Weakening, Lagging, Improving };
template <>
struct EnumNames<Quadrant> {
  static constexpr std::array<std::string_view, 5> names{"unknown", "leading", "weakening", "lagging", "improving"};
};
struct LeadershipMarked {        // one member of the rotation set, when its rank or quadrant changed
  InstrumentId instrument{};
  std::uint32_t rank{};          // 1: the leader; 0: not known
  Quadrant quadrant{};
  double strength{};             // return against the set's mean in standard deviations; NaN: not known
  double momentum{};             // its change
  using fields = Fields<&LeadershipMarked::instrument, &LeadershipMarked::rank, &LeadershipMarked::quadrant,
                        &LeadershipMarked::strength, &LeadershipMarked::momentum>;
};

enum class AppetiteKind : std::uint8_t { Unknown, RiskOff, Neutral, RiskOn };
template <>
struct EnumNames<AppetiteKind> {
  static constexpr std::array<std::string_view, 4> names{"unknown", "risk_off", "neutral", "risk_on"};
};
struct AppetiteMarked {          // once a bar of regime.timeframe, when something of it changed
  AppetiteKind held{};
  std::uint32_t pairs{}, pairs_known{};
  InstrumentId leader{UINT32_MAX};  // of the rotation set; UINT32_MAX: not known
  double score{};                // -1 risk off .. 1 risk on; NaN: not known, as all below
  double hedge_correlation{};    // of the two legs of the first pair
  double breadth{};              // share of the rotation set that rose
  double dispersion{};           // standard deviation of the set's returns
  double turnover{};             // 0: the ranks stand as before .. 1: turned around
  using fields = Fields<&AppetiteMarked::held, &AppetiteMarked::pairs, &AppetiteMarked::pairs_known, &AppetiteMarked::leader,
                        &AppetiteMarked::score, &AppetiteMarked::hedge_correlation, &AppetiteMarked::breadth,
                        &AppetiteMarked::dispersion, &AppetiteMarked::turnover>;
};

using FactPayload = std::variant<Noted, OrderDenied, OrderChanged, OrderFilled, CommissionBooked, PositionChanged, EquityMarked, SignalRaised,
                                 TargetSet, StrategyChanged, ParameterChanged, StrategyMarked, RegimeChanged, LimitChanged, LimitUsed,
                                 KillChanged, GatewayNoted, ReconciliationNoted, PositionDiffered, BarClosed,
                                 ExposureMarked, RiskMarked, LeadershipMarked, AppetiteMarked>;

struct Fact {
  Timestamp at{};
  FactPayload payload{};
};

/// Where rooms put their facts. Fixed room for one event's worth; past it market facts are counted and dropped, order
/// facts never (INVARIANT). Thread: hot.
class Facts {
 public:
  explicit Facts(std::size_t capacity = 4096);
  void set_now(Timestamp now) { now_ = now; }
  /// Any fact, written straight into its place.
  template <class T>
  void add(const T& fact) {
    if (size_ == capacity_) [[unlikely]] {
      drop(std::is_same_v<T, SignalRaised> || std::is_same_v<T, BarClosed> || std::is_same_v<T, RegimeChanged> || std::is_same_v<T, TargetSet> ||
           std::is_same_v<T, ExposureMarked> || std::is_same_v<T, RiskMarked> || std::is_same_v<T, LeadershipMarked> || std::is_same_v<T, AppetiteMarked>);
      return;
    }
    auto& place = facts_[size_++];
    place.at = now_;
    place.payload.emplace<T>(fact);
  }
  void clear() { size_ = 0; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const Fact* begin() const { return facts_.get(); }
  [[nodiscard]] const Fact* end() const { return facts_.get() + size_; }
  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

 private:
  void drop(bool allowed);
  std::unique_ptr<Fact[]> facts_;
  std::size_t capacity_ = 0, size_ = 0;
  std::uint64_t dropped_ = 0;
  Timestamp now_{};
};

}  // namespace robo
