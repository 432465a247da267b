#pragma once
// What can go wrong with a gateway, as values. Each is a struct; every member has a default that means "the usual".
//
//   server.inject(Injection{.fault = fault::Disconnect{.client = 7}, .when = {.message = "placeOrder", .nth = 2}});
//   server.inject("disconnect client=7 when=placeOrder nth=2");
//   POST /faults {"fault": "disconnect", "client": 7, "when": {"message": "placeOrder", "nth": 2}}
//
// The three are the same thing: the words are the names of structs and members (docs/gateway-sim.md lists them).

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"

namespace robo::sim {

inline constexpr std::int32_t every_client = -1;
inline constexpr std::int32_t every_order = -1;

namespace fault {

// ---- the socket --------------------------------------------------------------------------------------------------------

/// The connection ends now; `reset`: with RST instead of FIN. What was queued is lost.
struct Disconnect {
  static constexpr std::string_view name = "disconnect";
  std::int32_t client{every_client};
  bool reset{};
  using fields = Fields<&Disconnect::client, &Disconnect::reset>;
};
/// The connection ends when so many more bytes have gone out (`sent`) or come in (else: what comes after is never read).
struct CutBytes {
  static constexpr std::string_view name = "cut_bytes";
  std::int32_t client{every_client};
  std::int64_t bytes{};
  bool sent{true};
  using fields = Fields<&CutBytes::client, &CutBytes::bytes, &CutBytes::sent>;
};
/// A half-open connection: nothing is read and nothing is sent for so long (wall time; 0: until thaw). New connections too
/// when `client` is every one.
struct Freeze {
  static constexpr std::string_view name = "freeze";
  std::int32_t client{every_client};
  double seconds{};
  using fields = Fields<&Freeze::client, &Freeze::seconds>;
};
struct Thaw {
  static constexpr std::string_view name = "thaw";
  std::int32_t client{every_client};
  using fields = Fields<&Thaw::client>;
};
/// At most so many bytes go out per turn of the server: every frame arrives in pieces. 0: as much as fits again.
struct Trickle {
  static constexpr std::string_view name = "trickle";
  std::int32_t client{every_client};
  std::int64_t bytes{1};
  using fields = Fields<&Trickle::client, &Trickle::bytes>;
};

enum class DoorState : std::uint8_t { Refused, Silent, NoLogin };

/// Nobody gets in for so long (wall time): the port is closed; or it takes connections and says nothing (a dialog is open, an
/// accept queue hangs); or it greets and then never becomes ready (a login that waits for its second factor).
struct Door {
  static constexpr std::string_view name = "door";
  DoorState how{DoorState::Refused};
  double seconds{5};
  using fields = Fields<&Door::how, &Door::seconds>;
};
/// The daily restart: all sockets close, the door is shut for so long. Order ids may go back by `roll_back`. `login_seconds`
/// more are spent waiting for a second factor, the way `how` says.
struct Restart {
  static constexpr std::string_view name = "restart";
  double seconds{5};
  std::int32_t roll_back{};
  double login_seconds{};
  DoorState how{DoorState::NoLogin};
  using fields = Fields<&Restart::seconds, &Restart::roll_back, &Restart::login_seconds, &Restart::how>;
};

// ---- messages: `message` is the wire name of an event ("execDetails") or request ("placeOrder"), empty for any ----------

/// Events of this kind are lost: so many (0: all from now on), after letting `skip` pass.
struct Drop {
  static constexpr std::string_view name = "drop";
  std::string message{};
  std::int32_t client{every_client}, order{every_order};
  std::int32_t count{1}, skip{};
  using fields = Fields<&Drop::message, &Drop::client, &Drop::order, &Drop::count, &Drop::skip>;
};
/// They come so much later (wall time), behind whatever has been said meanwhile.
struct Delay {
  static constexpr std::string_view name = "delay";
  std::string message{};
  std::int32_t client{every_client}, order{every_order};
  double seconds{1};
  std::int32_t count{1}, skip{};
  using fields = Fields<&Delay::message, &Delay::client, &Delay::order, &Delay::seconds, &Delay::count, &Delay::skip>;
};
/// They are kept back until a message `until` has been said to that client, or until release. 0: all from now on.
struct Hold {
  static constexpr std::string_view name = "hold";
  std::string message{};
  std::int32_t client{every_client}, order{every_order};
  std::string until{};
  std::int32_t count{}, skip{};
  using fields = Fields<&Hold::message, &Hold::client, &Hold::order, &Hold::until, &Hold::count, &Hold::skip>;
};
/// What was kept back is said now, and nothing of this kind is kept back any more (empty: of every kind).
struct Release {
  static constexpr std::string_view name = "release";
  std::string message{};
  using fields = Fields<&Release::message>;
};
struct Duplicate {
  static constexpr std::string_view name = "duplicate";
  std::string message{};
  std::int32_t client{every_client}, order{every_order};
  std::int32_t times{1}, count{1}, skip{};
  using fields = Fields<&Duplicate::message, &Duplicate::client, &Duplicate::order, &Duplicate::times, &Duplicate::count, &Duplicate::skip>;
};
/// Half of the frame goes out (or so many bytes of it), then the connection ends, or stays open and silent for ever.
struct HalfFrame {
  static constexpr std::string_view name = "half_frame";
  std::string message{};
  std::int32_t client{every_client}, order{every_order};
  std::int32_t bytes{-1};
  bool stall{};
  std::int32_t skip{};
  using fields = Fields<&HalfFrame::message, &HalfFrame::client, &HalfFrame::order, &HalfFrame::bytes, &HalfFrame::stall, &HalfFrame::skip>;
};
/// Requests of this kind are read and forgotten: so many (0: all from now on).
struct Swallow {
  static constexpr std::string_view name = "swallow";
  std::string message{};
  std::int32_t client{every_client};
  std::int32_t count{1}, skip{};
  using fields = Fields<&Swallow::message, &Swallow::client, &Swallow::count, &Swallow::skip>;
};
/// Requests of this kind are answered with an error instead (0: all from now on): pacing (100, 162, 420), 321, 322, 354 ...
struct Answer {
  static constexpr std::string_view name = "answer";
  std::string message{};
  std::int32_t client{every_client};
  std::int32_t code{};
  std::string text{};
  std::int32_t count{1}, skip{};
  using fields = Fields<&Answer::message, &Answer::client, &Answer::code, &Answer::text, &Answer::count, &Answer::skip>;
};
/// An error message out of nowhere, about request or order `about`.
struct Say {
  static constexpr std::string_view name = "say";
  std::int32_t code{};
  std::string text{};
  std::int32_t client{every_client}, about{-1};
  using fields = Fields<&Say::code, &Say::text, &Say::client, &Say::about>;
};
/// Forgets every rule about messages, everything scheduled, and lets go what is kept back.
struct Clear {
  static constexpr std::string_view name = "clear";
  using fields = Fields<>;
};

// ---- the session -------------------------------------------------------------------------------------------------------

/// TWS loses IB: 1100 (or 2110 with it). Orders keep working at IB; what happens is told afterwards. `times`: said so often.
struct LoseIb {
  static constexpr std::string_view name = "lose_ib";
  std::int32_t code{1100};
  std::int32_t times{1};
  using fields = Fields<&LoseIb::code, &LoseIb::times>;
};
/// 1102, or 1101 when the subscriptions did not survive. `fills_told` false: what was filled meanwhile is never told unasked.
struct RestoreIb {
  static constexpr std::string_view name = "restore_ib";
  bool data_kept{true};
  bool fills_told{true};
  using fields = Fields<&RestoreIb::data_kept, &RestoreIb::fills_told>;
};

enum class FarmKind : std::uint8_t { Market, History, Contracts };
enum class FarmState : std::uint8_t { Up, Down, Dormant, Connecting };

/// A data farm: 2103-2108, 2119, 2157, 2158. While the market farm is down nothing streams; when it comes back the
/// subscriptions go on (`resumes`) or are dead although nobody says so. A history or contract farm that is down answers 162 or nothing.
struct Farm {
  static constexpr std::string_view name = "farm";
  FarmKind farm{FarmKind::Market};
  FarmState state{FarmState::Down};
  std::string called{};
  bool resumes{true};
  using fields = Fields<&Farm::farm, &Farm::state, &Farm::called, &Farm::resumes>;
};
/// Streams of one symbol (empty: all) say nothing although the market goes on: a feed that looks alive.
struct Silence {
  static constexpr std::string_view name = "silence";
  std::string symbol{};
  bool on{true};
  using fields = Fields<&Silence::symbol, &Silence::on>;
};
/// The same user is logged in elsewhere: streams end with 10197, history says 162 about another IP address.
struct Competing {
  static constexpr std::string_view name = "competing";
  bool on{true};
  using fields = Fields<&Competing::on>;
};
struct ReadOnly {
  static constexpr std::string_view name = "read_only";
  bool on{true};
  using fields = Fields<&ReadOnly::on>;
};
/// The gateway's clock is off by so much: in currentTime, execution times, error times.
struct ClockOffset {
  static constexpr std::string_view name = "clock_offset";
  double seconds{};
  using fields = Fields<&ClockOffset::seconds>;
};
/// nextValidId goes back by so many, at the next connection or reqIds.
struct RollBackIds {
  static constexpr std::string_view name = "roll_back_ids";
  std::int32_t count{1};
  using fields = Fields<&RollBackIds::count>;
};
/// Budgets: market-data lines (101), tick-by-tick (10190), depth (309), messages a second (100). -1: as it was.
struct Lines {
  static constexpr std::string_view name = "lines";
  std::int32_t market{-1}, tick_by_tick{-1}, depth{-1}, messages_per_second{-1};
  using fields = Fields<&Lines::market, &Lines::tick_by_tick, &Lines::depth, &Lines::messages_per_second>;
};

enum class DataRight : std::uint8_t { Live, Delayed, NeedsApi, Partial, None };

/// What the account may see of a symbol: everything; 354 (delayed for those who asked for it: 10167); 10089 (the same, newer
/// builds); 10090 and the rest flows; 10186, nothing at all.
struct Entitlement {
  static constexpr std::string_view name = "entitlement";
  std::string symbol{};
  DataRight data{DataRight::Delayed};
  using fields = Fields<&Entitlement::symbol, &Entitlement::data>;
};
/// The market moves on at once by so much (simulated time), or at another speed.
struct Advance {
  static constexpr std::string_view name = "advance";
  double seconds{};
  using fields = Fields<&Advance::seconds>;
};
struct Speed {
  static constexpr std::string_view name = "speed";
  double factor{1};
  using fields = Fields<&Speed::factor>;
};

// ---- the market --------------------------------------------------------------------------------------------------------

/// A quote, and a print where `last` is given. Pinned: the recorded market of this symbol is not heard until unpin.
struct SetPrice {
  static constexpr std::string_view name = "price";
  std::string symbol{};
  double bid{}, ask{}, last{};
  double size{100};
  bool pin{true};
  using fields = Fields<&SetPrice::symbol, &SetPrice::bid, &SetPrice::ask, &SetPrice::last, &SetPrice::size, &SetPrice::pin>;
};
struct Unpin {
  static constexpr std::string_view name = "unpin";
  std::string symbol{};
  using fields = Fields<&Unpin::symbol>;
};

enum class HaltReason : std::uint8_t { Regulatory, Volatility };

/// Trading stops: tick 49 says 1 (regulatory, news) or 2 (volatility: LULD). Ends by itself after so much simulated time (0: resume).
struct Halt {
  static constexpr std::string_view name = "halt";
  std::string symbol{};
  HaltReason reason{};
  double seconds{};
  using fields = Fields<&Halt::symbol, &Halt::reason, &Halt::seconds>;
};
struct Resume {
  static constexpr std::string_view name = "resume";
  std::string symbol{};
  using fields = Fields<&Resume::symbol>;
};

// ---- orders ------------------------------------------------------------------------------------------------------------

enum class RefusalForm : std::uint8_t { ErrorOnly, Inactive, Cancelled };

/// The next orders are refused: an error alone (TWS itself refuses), or an error and Inactive or Cancelled (IB refuses).
struct RejectOrders {
  static constexpr std::string_view name = "reject_orders";
  std::int32_t count{1};
  std::int32_t code{201};
  std::string text{"Order rejected - reason:The exchange rejected the order"};
  std::string symbol{};
  RefusalForm form{};
  using fields = Fields<&RejectOrders::count, &RejectOrders::code, &RejectOrders::text, &RejectOrders::symbol, &RejectOrders::form>;
};
/// IB or the exchange cancels a working order (or all of a client, of a symbol).
struct CancelOrders {
  static constexpr std::string_view name = "cancel_orders";
  std::int32_t client{every_client}, order{every_order};
  std::string symbol{};
  using fields = Fields<&CancelOrders::client, &CancelOrders::order, &CancelOrders::symbol>;
};
/// Shares that can be borrowed; what is more is held (404, whyHeld locate). -1: no limit.
struct Locate {
  static constexpr std::string_view name = "locate";
  std::string symbol{};
  std::int64_t shares{};
  using fields = Fields<&Locate::symbol, &Locate::shares>;
};
/// An execution told before is told again with the next correction number (.02), another price or quantity (0: as it was), and
/// positions and cash follow. `bust`: its quantity becomes zero. Empty execution: the latest.
struct CorrectExecution {
  static constexpr std::string_view name = "correct_execution";
  std::string execution{};
  double price{};
  double quantity{};
  bool bust{};
  using fields = Fields<&CorrectExecution::execution, &CorrectExecution::price, &CorrectExecution::quantity, &CorrectExecution::bust>;
};
/// An order typed into TWS by hand: order id 0 until client 0 binds it. Price 0: market.
struct ManualOrder {
  static constexpr std::string_view name = "manual_order";
  std::string symbol{};
  std::string side{"SELL"};
  double quantity{100};
  double limit{};
  using fields = Fields<&ManualOrder::symbol, &ManualOrder::side, &ManualOrder::quantity, &ManualOrder::limit>;
};
/// A trade by phone: the position changes and the execution is there for who asks, but no order ever was. Price 0: the market's;
/// quantity 0: closes the position.
struct ManualTrade {
  static constexpr std::string_view name = "manual_trade";
  std::string symbol{};
  std::string side{};
  double quantity{};
  double price{};
  using fields = Fields<&ManualTrade::symbol, &ManualTrade::side, &ManualTrade::quantity, &ManualTrade::price>;
};
/// A working order exists twice: same order id and orderRef, another permId. Seen after a modify while TWS was cut off.
struct SplitOrder {
  static constexpr std::string_view name = "split_order";
  std::int32_t client{every_client}, order{every_order};
  using fields = Fields<&SplitOrder::client, &SplitOrder::order>;
};

// ---- account -----------------------------------------------------------------------------------------------------------

struct Deposit {
  static constexpr std::string_view name = "deposit";
  double amount{};
  std::string currency{"USD"};
  using fields = Fields<&Deposit::amount, &Deposit::currency>;
};
/// IB closes the position at the market without asking (all of them when no symbol): executions with liquidation 1.
struct Liquidate {
  static constexpr std::string_view name = "liquidate";
  std::string symbol{};
  using fields = Fields<&Liquidate::symbol>;
};
/// What borrowing costs a year, in percent of the value; booked when the trading day ends.
struct BorrowFee {
  static constexpr std::string_view name = "borrow_fee";
  std::string symbol{};
  double percent{};
  using fields = Fields<&BorrowFee::symbol, &BorrowFee::percent>;
};
/// Options and futures: the position is settled at `settle` (0: the last price; options at what they are worth) and gone, as
/// at night, without an order. `assigned`: a short option in the money is assigned, a long one exercised, and the shares appear.
struct Expire {
  static constexpr std::string_view name = "expire";
  std::string symbol{};          // local symbol or symbol
  double settle{};
  using fields = Fields<&Expire::symbol, &Expire::settle>;
};
struct Bulletin {
  static constexpr std::string_view name = "bulletin";
  std::string text{};
  std::int32_t type{1};          // 1 regular, 2 exchange not available, 3 available again
  std::string exchange{};
  using fields = Fields<&Bulletin::text, &Bulletin::type, &Bulletin::exchange>;
};

/// A headline about a symbol: tickNews for who watches it with generic tick 292, and an article for who asks.
struct News {
  static constexpr std::string_view name = "news";
  std::string symbol{};
  std::string headline{};
  std::string text{};
  std::string provider{"SIM"};
  using fields = Fields<&News::symbol, &News::headline, &News::text, &News::provider>;
};

/// TWS and IB take their time, in market seconds. Orders: ApiPending, then PendingSubmit, then on. Cancels: PendingCancel, and what
/// fills meanwhile is filled. A single order that is still ApiPending is ApiCancelled.
struct Hesitate {
  static constexpr std::string_view name = "hesitate";
  double orders{};
  double cancels{};
  using fields = Fields<&Hesitate::orders, &Hesitate::cancels>;
};

/// The precautionary settings of TWS from now on; 0: off.
struct Precaution {
  static constexpr std::string_view name = "precautions";
  double size{};
  double value{};
  double percent{};
  using fields = Fields<&Precaution::size, &Precaution::value, &Precaution::percent>;
};

}  // namespace fault

using Fault = std::variant<fault::Disconnect, fault::CutBytes, fault::Freeze, fault::Thaw, fault::Trickle, fault::Door, fault::Restart, fault::Drop, fault::Delay, fault::Hold,
                           fault::Release, fault::Duplicate, fault::HalfFrame, fault::Swallow, fault::Answer, fault::Say, fault::Clear, fault::LoseIb, fault::RestoreIb, fault::Farm,
                           fault::Silence, fault::Competing, fault::ReadOnly, fault::ClockOffset, fault::RollBackIds, fault::Lines, fault::Entitlement, fault::Advance, fault::Speed,
                           fault::SetPrice, fault::Unpin, fault::Halt, fault::Resume, fault::RejectOrders, fault::CancelOrders, fault::Locate, fault::CorrectExecution,
                           fault::ManualOrder, fault::ManualTrade, fault::SplitOrder, fault::Deposit, fault::Liquidate, fault::BorrowFee, fault::Expire, fault::Bulletin, fault::News, fault::Hesitate, fault::Precaution>;

/// Now, unless something is named: `message` is a request or an event by its wire name; the nth one of that client and order
/// sets it off, before or after it. Then `seconds` of wall time and `market_seconds` of simulated time are waited.
struct When {
  std::string message{};
  std::int32_t nth{1};
  bool before{};
  std::int32_t client{every_client}, order{every_order};
  double seconds{}, market_seconds{};
  using fields = Fields<&When::message, &When::nth, &When::before, &When::client, &When::order, &When::seconds, &When::market_seconds>;
};

struct Injection {
  Fault fault{};
  When when{};
};

[[nodiscard]] std::string_view name_of(const Fault& fault);

/// "drop message=execDetails client=7 count=2 when=placeOrder nth=3"; text with spaces in "quotes". Errors name the word.
[[nodiscard]] Result<Injection, Problem> parse_injection(std::string_view line);
/// {"fault": "drop", "message": "execDetails", "when": {"message": "placeOrder", "nth": 3}}
[[nodiscard]] Result<Injection, Problem> parse_injection_json(std::string_view json);
[[nodiscard]] std::string to_line(const Injection& injection);
/// Every fault with its members and what they are when nothing is said, for people: one line each.
[[nodiscard]] std::string fault_vocabulary();

/// A file of faults, one a line, # for comments; `in=3` and `when=...` say when. Errors name the line.
[[nodiscard]] Result<std::vector<Injection>, Problem> read_fault_file(const std::filesystem::path& file);

/// Faults by seed: so many within `seconds` of wall time, each at a moment of its own. For rehearsals by chance.
[[nodiscard]] std::vector<Injection> faults_by_seed(std::uint64_t seed, std::size_t count, double seconds);

}  // namespace robo::sim

namespace robo {

template <>
struct EnumNames<sim::fault::DoorState> {
  static constexpr std::array<std::string_view, 3> names{"refused", "silent", "no_login"};
};
template <>
struct EnumNames<sim::fault::FarmKind> {
  static constexpr std::array<std::string_view, 3> names{"market", "history", "contracts"};
};
template <>
struct EnumNames<sim::fault::FarmState> {
  static constexpr std::array<std::string_view, 4> names{"up", "down", "dormant", "connecting"};
};
template <>
struct EnumNames<sim::fault::DataRight> {
  static constexpr std::array<std::string_view, 5> names{"live", "delayed", "needs_api", "partial", "none"};
};
template <>
struct EnumNames<sim::fault::HaltReason> {
  static constexpr std::array<std::string_view, 2> names{"regulatory", "volatility"};
};
template <>
struct EnumNames<sim::fault::RefusalForm> {
  static constexpr std::array<std::string_view, 3> names{"error_only", "inactive", "cancelled"};
};

}  // namespace robo
