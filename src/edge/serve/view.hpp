#pragma once
// What the desk sees: every struct that crosses the wire to a page, in the words of the screen.
// JSON, the OpenAPI document and ui/client/src/generated.ts all follow from the fields<> below; docs/api.md explains them.
//
// On the wire: Price, Quantity and Money are decimal strings (exact), Timestamp is ISO 8601 UTC, an absent optional is null,
// an enum is its name. Percentages are percent, not fractions; every signed number follows P&L: plus is good for us.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "edge/serve/view_enums.hpp"

namespace robo::serve::view {

/// Who pulled the kill switch and how far it got.
struct Kill {
  KillState state{};
  std::string by{};
  std::string reason{};
  std::optional<Timestamp> at{};
  std::uint32_t orders_cancelled{};
  std::uint32_t orders_total{};
  std::uint32_t positions_closed{};
  std::uint32_t positions_total{};
  using fields = Fields<&Kill::state, &Kill::by, &Kill::reason, &Kill::at, &Kill::orders_cancelled, &Kill::orders_total,
                        &Kill::positions_closed, &Kill::positions_total>;
};
static_assert(Complete<Kill>);

/// One step of reconciling with IB after a connect: session, executions, open orders, positions, account values, market data.
struct ReconcileStep {
  std::string name{};
  StepState state{};
  std::string text{};
  std::optional<Timestamp> at{};
  using fields = Fields<&ReconcileStep::name, &ReconcileStep::state, &ReconcileStep::text, &ReconcileStep::at>;
};
static_assert(Complete<ReconcileStep>);

/// The connection to IB (or to the simulator that speaks its wire).
struct Gateway {
  GatewayState state{};
  std::string detail{};  // one sentence for people: cause and what happens next
  std::uint32_t server_version{};
  std::string endpoint{};
  std::uint32_t retries{};
  std::optional<Timestamp> retry_at{};
  std::optional<Timestamp> since{};
  std::optional<Timestamp> restart_at{};
  std::uint32_t code{};  // last IB code about connectivity, 0 when none
  std::vector<ReconcileStep> steps{};
  std::uint32_t lines_used{};  // market-data lines
  std::uint32_t lines_max{};
  std::uint32_t messages_per_second{};
  std::uint32_t messages_per_second_max{};
  using fields = Fields<&Gateway::state, &Gateway::detail, &Gateway::server_version, &Gateway::endpoint, &Gateway::retries,
                        &Gateway::retry_at, &Gateway::since, &Gateway::restart_at, &Gateway::code, &Gateway::steps,
                        &Gateway::lines_used, &Gateway::lines_max, &Gateway::messages_per_second,
                        &Gateway::messages_per_second_max>;
};
static_assert(Complete<Gateway>);

/// The banner. The mode is the server's word, never a setting of the page.
struct Status {
  Mode mode{};
  std::string account{};      // masked: DU•••417
  std::string market{};       // where the data comes from: "live", "recorded TAQ", "reconstructed from 1-minute bars"
  Gateway gateway{};
  Timestamp now{};            // engine time, not wall time: the recording's own time in DEMO and REPLAY
  double speed{};             // 1 is real time
  Session session{};
  std::optional<Timestamp> session_closes{};
  std::string time_zone{};    // IANA name of the session zone
  std::optional<double> data_age_ms{};
  std::uint32_t streams_live{};
  std::uint32_t streams_total{};
  std::optional<double> tick_to_order_p50_us{};
  std::optional<double> tick_to_order_p99_us{};
  bool entries_allowed{};
  std::string entries_blocked_by{};  // a sentence, empty while entries are allowed
  bool live_armed{};
  Kill kill{};
  std::uint64_t events_dropped{};    // market facts the desk missed because its ring was full; order facts are never dropped
  std::string version{};
  using fields = Fields<&Status::mode, &Status::account, &Status::market, &Status::gateway, &Status::now, &Status::speed,
                        &Status::session, &Status::session_closes, &Status::time_zone, &Status::data_age_ms,
                        &Status::streams_live, &Status::streams_total, &Status::tick_to_order_p50_us,
                        &Status::tick_to_order_p99_us, &Status::entries_allowed, &Status::entries_blocked_by,
                        &Status::live_armed, &Status::kill, &Status::events_dropped, &Status::version>;
};
static_assert(Complete<Status>);

/// The account strip.
struct Account {
  std::string currency{};
  Money net_liquidation{};
  Money day_pnl{};
  double day_pnl_percent{};
  Money unrealized_pnl{};
  Money realized_pnl{};
  Money commission{};
  Money cash{};
  Money gross_exposure{};
  double gross_exposure_percent{};
  Money net_exposure{};
  double net_exposure_percent{};
  std::optional<Money> buying_power{};
  std::optional<Money> excess_liquidity{};
  double drawdown_percent{};  // from the day's peak, zero or negative
  Agreement agrees_with_broker{};
  std::string agreement_text{};
  std::optional<Timestamp> reconciled_at{};
  using fields = Fields<&Account::currency, &Account::net_liquidation, &Account::day_pnl, &Account::day_pnl_percent,
                        &Account::unrealized_pnl, &Account::realized_pnl, &Account::commission, &Account::cash,
                        &Account::gross_exposure, &Account::gross_exposure_percent, &Account::net_exposure,
                        &Account::net_exposure_percent, &Account::buying_power, &Account::excess_liquidity,
                        &Account::drawdown_percent, &Account::agrees_with_broker, &Account::agreement_text,
                        &Account::reconciled_at>;
};
static_assert(Complete<Account>);

/// Key: id.
struct Instrument {
  std::uint32_t id{};
  std::string symbol{};
  std::string name{};
  std::string kind{};      // stock, etf, future, fx, crypto, option, combo
  std::string exchange{};
  std::string currency{};
  Price tick{};            // in force at the current price
  std::uint32_t price_decimals{};
  std::uint32_t size_decimals{};
  std::int64_t multiplier{};
  Quantity lot{};
  std::optional<Price> previous_close{};
  std::string source{};    // where its data comes from: "recorded", "reconstructed from 1-minute bars", "live"
  bool has_depth{};
  bool has_trades{};
  using fields = Fields<&Instrument::id, &Instrument::symbol, &Instrument::name, &Instrument::kind, &Instrument::exchange,
                        &Instrument::currency, &Instrument::tick, &Instrument::price_decimals, &Instrument::size_decimals,
                        &Instrument::multiplier, &Instrument::lot, &Instrument::previous_close, &Instrument::source,
                        &Instrument::has_depth, &Instrument::has_trades>;
};
static_assert(Complete<Instrument>);

/// Key: instrument. Top of book now; the live stream is binary (frames.hpp), this is for REST and the first paint.
struct Quote {
  std::uint32_t instrument{};
  std::optional<Price> bid{};
  Quantity bid_size{};
  std::optional<Price> ask{};
  Quantity ask_size{};
  std::optional<Price> last{};
  Quantity last_size{};
  Quantity volume{};
  std::optional<Price> open{};
  std::optional<Price> high{};
  std::optional<Price> low{};
  std::optional<Price> vwap{};
  std::optional<double> relative_volume{};
  QuoteState state{};
  std::optional<Timestamp> at{};
  using fields = Fields<&Quote::instrument, &Quote::bid, &Quote::bid_size, &Quote::ask, &Quote::ask_size, &Quote::last,
                        &Quote::last_size, &Quote::volume, &Quote::open, &Quote::high, &Quote::low, &Quote::vwap,
                        &Quote::relative_volume, &Quote::state, &Quote::at>;
};
static_assert(Complete<Quote>);

/// Key: instrument. A flat position stays on the list for the day, with its realized P&L.
struct Position {
  std::uint32_t instrument{};
  Quantity quantity{};  // negative when short
  std::optional<Price> average{};
  std::optional<Price> last{};
  Money value{};
  double weight_percent{};  // of net liquidation
  Money unrealized_pnl{};
  Money realized_pnl{};
  Money day_pnl{};
  Money commission{};
  std::optional<Quantity> target{};
  std::string currency{};
  using fields = Fields<&Position::instrument, &Position::quantity, &Position::average, &Position::last, &Position::value,
                        &Position::weight_percent, &Position::unrealized_pnl, &Position::realized_pnl, &Position::day_pnl,
                        &Position::commission, &Position::target, &Position::currency>;
};
static_assert(Complete<Position>);

/// Key: key (our 128-bit order key as it stands in IB's orderRef). Working orders and the day's finished ones.
struct Order {
  std::string key{};
  std::optional<std::int64_t> perm_id{};
  std::optional<std::int32_t> order_id{};
  std::uint32_t instrument{};
  Side side{};
  OrderType type{};
  Tif tif{};
  Quantity quantity{};
  Quantity filled{};
  std::optional<Price> limit{};
  std::optional<Price> stop{};
  std::optional<Price> average_fill{};
  OrderState state{};
  std::string parent{};         // key of the entry this stop or target protects
  std::string oca_group{};
  Purpose purpose{};
  std::vector<std::string> strategies{};
  std::string reason{};         // why it exists: "Trim towards target 600"
  std::string reject{};         // code, cause and fix, when it was refused
  std::optional<double> queue_percent{};
  std::optional<double> tick_to_order_us{};
  Timestamp created_at{};
  Timestamp changed_at{};
  std::optional<Timestamp> deadline{};  // when an unknown order is cancelled
  using fields = Fields<&Order::key, &Order::perm_id, &Order::order_id, &Order::instrument, &Order::side, &Order::type,
                        &Order::tif, &Order::quantity, &Order::filled, &Order::limit, &Order::stop, &Order::average_fill,
                        &Order::state, &Order::parent, &Order::oca_group, &Order::purpose, &Order::strategies,
                        &Order::reason, &Order::reject, &Order::queue_percent, &Order::tick_to_order_us,
                        &Order::created_at, &Order::changed_at, &Order::deadline>;
};
static_assert(Complete<Order>);

/// Key: execution (IB's execId without the group that counts corrections). A correction replaces the row.
struct Fill {
  std::string execution{};
  std::string order{};
  std::uint32_t instrument{};
  Side side{};
  Quantity quantity{};
  Price price{};
  std::string venue{};
  std::optional<Money> commission{};   // null until IB reports it
  std::optional<Money> realized_pnl{};
  std::optional<double> slippage_bp{};  // against the arrival mid; plus is good for us
  std::optional<bool> maker{};
  std::string reason{};
  Timestamp at{};
  using fields = Fields<&Fill::execution, &Fill::order, &Fill::instrument, &Fill::side, &Fill::quantity, &Fill::price,
                        &Fill::venue, &Fill::commission, &Fill::realized_pnl, &Fill::slippage_bp, &Fill::maker,
                        &Fill::reason, &Fill::at>;
};
static_assert(Complete<Fill>);

/// Key: id. An order the gate refused: which law, the number that broke it and the number it may have.
struct Denial {
  std::uint64_t id{};
  std::uint32_t instrument{};
  Side side{};
  Quantity quantity{};
  std::string code{};           // "order_quantity_max"
  std::string reason{};         // a sentence
  std::optional<double> measured{};
  std::optional<double> limit{};
  std::string unit{};
  std::vector<std::string> strategies{};
  std::uint64_t repeats{};      // equal denials in a row are one line
  Timestamp at{};
  using fields = Fields<&Denial::id, &Denial::instrument, &Denial::side, &Denial::quantity, &Denial::code, &Denial::reason,
                        &Denial::measured, &Denial::limit, &Denial::unit, &Denial::strategies, &Denial::repeats, &Denial::at>;
};
static_assert(Complete<Denial>);

/// A setting a strategy declares; `value` may be changed while it runs, unless it is `fixed`: then it shapes what is computed.
struct Parameter {
  std::string name{};
  std::string unit{};
  std::string help{};
  double value{};
  double min{};
  double max{};
  double step{};
  double initial{};
  bool fixed{};
  using fields = Fields<&Parameter::name, &Parameter::unit, &Parameter::help, &Parameter::value, &Parameter::min,
                        &Parameter::max, &Parameter::step, &Parameter::initial, &Parameter::fixed>;
};
static_assert(Complete<Parameter>);

/// Key: name.
struct Strategy {
  std::string name{};
  std::string title{};
  std::string help{};
  StrategyState state{};
  std::string state_reason{};  // why it is halted or paused
  double weight_percent{};
  Money day_pnl{};
  std::vector<double> day_line{};  // account currency, at most 60 points, for the sparkline
  std::uint64_t signals{};
  std::uint64_t orders{};
  std::uint64_t fills{};
  std::vector<Parameter> parameters{};
  using fields = Fields<&Strategy::name, &Strategy::title, &Strategy::help, &Strategy::state, &Strategy::state_reason,
                        &Strategy::weight_percent, &Strategy::day_pnl, &Strategy::day_line, &Strategy::signals,
                        &Strategy::orders, &Strategy::fills, &Strategy::parameters>;
};
static_assert(Complete<Strategy>);

/// Key: name. A risk limit, how much of it is used, and what happens when it is hit.
struct Limit {
  std::string name{};
  std::string title{};
  std::string unit{};
  double limit{};
  std::optional<double> used{};
  std::string measure{};     // what `used` counts: "largest order since the start"; where there is no `used`, why not
  double use_percent{};
  double warn_percent{};
  LimitState state{};
  std::string effect{};      // "entries are denied"
  std::string subject{};     // symbol or strategy it belongs to; empty when it is the account's
  std::uint64_t denials{};
  bool editable{};
  double min{};              // bounds of an edit
  double max{};
  using fields = Fields<&Limit::name, &Limit::title, &Limit::unit, &Limit::limit, &Limit::used, &Limit::measure, &Limit::use_percent,
                        &Limit::warn_percent, &Limit::state, &Limit::effect, &Limit::subject, &Limit::denials,
                        &Limit::editable, &Limit::min, &Limit::max>;
};
static_assert(Complete<Limit>);

struct EquityPoint {
  Timestamp at{};
  Money equity{};
  Money day_pnl{};
  double drawdown_percent{};  // zero or negative
  using fields = Fields<&EquityPoint::at, &EquityPoint::equity, &EquityPoint::day_pnl, &EquityPoint::drawdown_percent>;
};
static_assert(Complete<EquityPoint>);

/// Key: instrument (4294967295 is the market as a whole). Probabilities sum to 1.
struct Regime {
  std::uint32_t instrument{};
  RegimeName held{};
  double p_trending{};
  double p_ranging{};
  double p_volatile{};
  double p_crisis{};
  std::optional<Timestamp> since{};
  using fields = Fields<&Regime::instrument, &Regime::held, &Regime::p_trending, &Regime::p_ranging, &Regime::p_volatile,
                        &Regime::p_crisis, &Regime::since>;
};
static_assert(Complete<Regime>);

/// Key: id. A strategy's view; `traded` is false for the hollow marks on the chart.
struct Signal {
  std::uint64_t id{};
  std::string strategy{};
  std::uint32_t instrument{};
  double score{};       // -1 to 1
  double confidence{};  // 0 to 1
  Price price{};
  std::string reason{};
  bool traded{};
  Timestamp at{};
  using fields = Fields<&Signal::id, &Signal::strategy, &Signal::instrument, &Signal::score, &Signal::confidence,
                        &Signal::price, &Signal::reason, &Signal::traded, &Signal::at>;
};
static_assert(Complete<Signal>);

/// Key: id. One sentence per fact.
struct LogLine {
  std::uint64_t id{};
  Timestamp at{};
  LogLevel level{};
  LogTopic topic{};
  std::string text{};
  std::optional<std::uint32_t> instrument{};
  std::string order{};
  std::string strategy{};
  using fields = Fields<&LogLine::id, &LogLine::at, &LogLine::level, &LogLine::topic, &LogLine::text, &LogLine::instrument,
                        &LogLine::order, &LogLine::strategy>;
};
static_assert(Complete<LogLine>);

// ---- one instrument in detail: REST for the first paint, binary frames after that -------------------------------------

struct Candle {
  Timestamp at{};  // start of the bar
  Price open{};
  Price high{};
  Price low{};
  Price close{};
  Quantity volume{};
  std::optional<Price> vwap{};
  using fields = Fields<&Candle::at, &Candle::open, &Candle::high, &Candle::low, &Candle::close, &Candle::volume, &Candle::vwap>;
};
static_assert(Complete<Candle>);

/// A period without data, to be hatched: a halt, an outage.
struct Gap {
  Timestamp from{};
  std::optional<Timestamp> to{};
  std::string cause{};
  using fields = Fields<&Gap::from, &Gap::to, &Gap::cause>;
};
static_assert(Complete<Gap>);

/// Candles of one instrument with what is ours on the chart.
struct Chart {
  std::uint32_t instrument{};
  std::string bar{};     // 5s, 1m, 5m, 15m, 1h, 1d
  std::string source{};  // trades, or midpoint where there are no trades
  std::vector<Candle> candles{};
  std::vector<Order> orders{};
  std::vector<Fill> fills{};
  std::vector<Signal> signals{};
  std::vector<Gap> gaps{};
  using fields = Fields<&Chart::instrument, &Chart::bar, &Chart::source, &Chart::candles, &Chart::orders, &Chart::fills,
                        &Chart::signals, &Chart::gaps>;
};
static_assert(Complete<Chart>);

struct DepthLevel {
  Price price{};
  Quantity size{};
  Quantity own{};                        // ours resting at this price
  std::optional<double> queue_percent{};  // how much of the level stands before ours
  Quantity bought{};                     // session volume at this price by aggressor
  Quantity sold{};
  using fields = Fields<&DepthLevel::price, &DepthLevel::size, &DepthLevel::own, &DepthLevel::queue_percent,
                        &DepthLevel::bought, &DepthLevel::sold>;
};
static_assert(Complete<DepthLevel>);

/// Best first on both sides.
struct Depth {
  std::uint32_t instrument{};
  std::vector<DepthLevel> bids{};
  std::vector<DepthLevel> asks{};
  std::optional<Timestamp> at{};
  using fields = Fields<&Depth::instrument, &Depth::bids, &Depth::asks, &Depth::at>;
};
static_assert(Complete<Depth>);

struct Print {
  std::uint64_t id{};
  Timestamp at{};
  Price price{};
  Quantity size{};
  Aggressor side{};
  std::string venue{};
  bool off_exchange{};
  bool sweep{};
  bool block{};
  bool odd_lot{};
  bool cancelled{};
  using fields = Fields<&Print::id, &Print::at, &Print::price, &Print::size, &Print::side, &Print::venue,
                        &Print::off_exchange, &Print::sweep, &Print::block, &Print::odd_lot, &Print::cancelled>;
};
static_assert(Complete<Print>);

/// Newest first.
struct Tape {
  std::uint32_t instrument{};
  std::vector<Print> prints{};
  using fields = Fields<&Tape::instrument, &Tape::prints>;
};
static_assert(Complete<Tape>);

// ---- why an order exists ----------------------------------------------------------------------------------------------

struct View {
  std::string strategy{};
  double score{};
  double confidence{};
  double weight_percent{};
  double contribution{};  // signed share of the target, in units; shares add up to the target before caps and rounding
  std::string reason{};
  using fields = Fields<&View::strategy, &View::score, &View::confidence, &View::weight_percent, &View::contribution, &View::reason>;
};
static_assert(Complete<View>);

/// A limit as it stood when the order was made, as of the last mark.
struct GateCheck {
  std::string name{};
  std::optional<double> measured{};
  std::optional<double> limit{};
  std::string unit{};
  bool passed{};
  using fields = Fields<&GateCheck::name, &GateCheck::measured, &GateCheck::limit, &GateCheck::unit, &GateCheck::passed>;
};
static_assert(Complete<GateCheck>);

struct Why {
  std::string order{};
  std::uint32_t instrument{};
  std::string reason{};
  std::vector<View> views{};
  double blend{};
  std::optional<Quantity> target{};
  std::optional<Quantity> position_before{};
  std::string cap{};  // what bounded the size: "volatility target", "Kelly cap", "position limit"; empty when nothing did
  std::vector<GateCheck> checks{};
  std::optional<double> tick_to_order_us{};
  Timestamp at{};
  using fields = Fields<&Why::order, &Why::instrument, &Why::reason, &Why::views, &Why::blend, &Why::target,
                        &Why::position_before, &Why::cap, &Why::checks, &Why::tick_to_order_us, &Why::at>;
};
static_assert(Complete<Why>);

}  // namespace robo::serve::view
