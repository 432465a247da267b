#pragma once
// What the page and the server say to each other: the WebSocket's JSON messages and the bodies of REST writes.
// docs/api.md tells the conversation.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "edge/serve/view.hpp"

namespace robo::serve::view {

// ---- state -----------------------------------------------------------------------------------------------------------

/// Everything the desk shows except market streams. Lists are in the order they should be shown; logs are oldest first.
struct Desk {
  Status status{};
  Account account{};
  std::vector<Instrument> instruments{};
  std::vector<Quote> quotes{};
  std::vector<Position> positions{};
  std::vector<Order> orders{};
  std::vector<Fill> fills{};
  std::vector<Denial> denials{};
  std::vector<Strategy> strategies{};
  std::vector<Limit> limits{};
  std::vector<EquityPoint> equity{};
  std::vector<Regime> regimes{};
  std::vector<Signal> signals{};
  std::vector<LogLine> log{};
  using fields = Fields<&Desk::status, &Desk::account, &Desk::instruments, &Desk::quotes, &Desk::positions, &Desk::orders,
                        &Desk::fills, &Desk::denials, &Desk::strategies, &Desk::limits, &Desk::equity, &Desk::regimes,
                        &Desk::signals, &Desk::log>;
};
static_assert(Complete<Desk>);

/// Rows that changed, whole. A row replaces the one with its key or is new; null means the list did not change.
/// Quotes are not here: after the snapshot they come in binary frames.
struct Changes {
  std::optional<Status> status{};
  std::optional<Account> account{};
  std::optional<std::vector<Instrument>> instruments{};
  std::optional<std::vector<Position>> positions{};
  std::optional<std::vector<Order>> orders{};
  std::optional<std::vector<Fill>> fills{};
  std::optional<std::vector<Denial>> denials{};
  std::optional<std::vector<Strategy>> strategies{};
  std::optional<std::vector<Limit>> limits{};
  std::optional<std::vector<EquityPoint>> equity{};
  std::optional<std::vector<Regime>> regimes{};
  std::optional<std::vector<Signal>> signals{};
  std::optional<std::vector<LogLine>> log{};
  using fields = Fields<&Changes::status, &Changes::account, &Changes::instruments, &Changes::positions, &Changes::orders,
                        &Changes::fills, &Changes::denials, &Changes::strategies, &Changes::limits, &Changes::equity,
                        &Changes::regimes, &Changes::signals, &Changes::log>;
};
static_assert(Complete<Changes>);

// ---- WebSocket, page to server ---------------------------------------------------------------------------------------

/// The one shape of everything a page sends; `type` says which members count.
///   hello        protocol, epoch, seq, rate, token      first message, within 5 s
///   subscribe    id, channel, instrument, bar
///   unsubscribe  id, channel, instrument, bar
///   snapshot     id                                     "send me everything again"
///   ping         id
struct ClientMessage {
  std::string type{};
  std::optional<std::uint64_t> id{};
  std::optional<std::uint32_t> protocol{};
  std::optional<std::string> epoch{};
  std::optional<std::uint64_t> seq{};
  std::optional<std::uint32_t> rate{};
  std::optional<std::string> token{};
  std::optional<std::string> channel{};  // quotes, depth, trades, bars
  std::optional<std::uint32_t> instrument{};
  std::optional<std::string> bar{};
  using fields = Fields<&ClientMessage::type, &ClientMessage::id, &ClientMessage::protocol, &ClientMessage::epoch,
                        &ClientMessage::seq, &ClientMessage::rate, &ClientMessage::token, &ClientMessage::channel,
                        &ClientMessage::instrument, &ClientMessage::bar>;
};
static_assert(Complete<ClientMessage>);

// ---- WebSocket, server to page ---------------------------------------------------------------------------------------

/// First answer to hello, and again whenever a patch could not tell the whole story.
struct SnapshotMessage {
  std::string type{};  // "snapshot"
  std::uint32_t protocol{};
  std::string epoch{};
  std::uint64_t seq{};
  std::uint32_t rate{};
  std::vector<std::string> venues{};  // the trades stream names venues by their place here
  Desk state{};
  using fields = Fields<&SnapshotMessage::type, &SnapshotMessage::protocol, &SnapshotMessage::epoch, &SnapshotMessage::seq,
                        &SnapshotMessage::rate, &SnapshotMessage::venues, &SnapshotMessage::state>;
};
static_assert(Complete<SnapshotMessage>);

/// Takes a page from `prev` to `seq`. A page that is not at `prev` asks for a snapshot.
struct PatchMessage {
  std::string type{};  // "patch"
  std::string epoch{};
  std::uint64_t prev{};
  std::uint64_t seq{};
  std::optional<std::vector<std::string>> venues{};  // the whole list again, when it grew
  Changes changes{};
  std::vector<std::string> orders_removed{};  // keys of finished orders that left the list
  using fields = Fields<&PatchMessage::type, &PatchMessage::epoch, &PatchMessage::prev, &PatchMessage::seq,
                        &PatchMessage::venues, &PatchMessage::changes, &PatchMessage::orders_removed>;
};
static_assert(Complete<PatchMessage>);

/// Once a second: the server lives. No word for 2 s means the page has lost the engine.
struct HeartbeatMessage {
  std::string type{};  // "heartbeat"
  std::string epoch{};
  std::uint64_t seq{};
  Timestamp wall{};
  using fields = Fields<&HeartbeatMessage::type, &HeartbeatMessage::epoch, &HeartbeatMessage::seq, &HeartbeatMessage::wall>;
};
static_assert(Complete<HeartbeatMessage>);

/// Answer to subscribe, unsubscribe and ping.
struct AckMessage {
  std::string type{};  // "ack"
  std::uint64_t id{};
  using fields = Fields<&AckMessage::type, &AckMessage::id>;
};
static_assert(Complete<AckMessage>);

/// What was wrong with a message. `fatal` ones are followed by a close.
struct ErrorMessage {
  std::string type{};  // "error"
  std::optional<std::uint64_t> id{};
  std::string code{};
  std::string text{};
  bool fatal{};
  using fields = Fields<&ErrorMessage::type, &ErrorMessage::id, &ErrorMessage::code, &ErrorMessage::text, &ErrorMessage::fatal>;
};
static_assert(Complete<ErrorMessage>);

// ---- REST ------------------------------------------------------------------------------------------------------------

/// GET /api/v1/state.
struct StateAnswer {
  std::string epoch{};
  std::uint64_t seq{};
  std::vector<std::string> venues{};
  Desk state{};
  using fields = Fields<&StateAnswer::epoch, &StateAnswer::seq, &StateAnswer::venues, &StateAnswer::state>;
};
static_assert(Complete<StateAnswer>);

/// Body of a write that only needs a reason. The reason is kept in the audit trail.
struct ReasonBody {
  std::optional<std::string> reason{};
  using fields = Fields<&ReasonBody::reason>;
};
static_assert(Complete<ReasonBody>);

/// PUT of a strategy's parameter.
struct ParameterBody {
  double value{};
  std::optional<std::string> reason{};
  using fields = Fields<&ParameterBody::value, &ParameterBody::reason>;
};
static_assert(Complete<ParameterBody>);

/// PUT of a limit. Raising one needs a reason.
struct LimitBody {
  double value{};
  std::optional<std::string> reason{};
  using fields = Fields<&LimitBody::value, &LimitBody::reason>;
};
static_assert(Complete<LimitBody>);

struct CancelAllBody {
  std::optional<std::uint32_t> instrument{};  // null: every instrument
  std::optional<std::string> reason{};
  using fields = Fields<&CancelAllBody::instrument, &CancelAllBody::reason>;
};
static_assert(Complete<CancelAllBody>);

/// How far a kill goes: stop entries; stop entries and cancel entry orders; cancel everything and flatten.
struct KillBody {
  KillScope scope{};
  std::optional<std::string> reason{};
  using fields = Fields<&KillBody::scope, &KillBody::reason>;
};
static_assert(Complete<KillBody>);

/// 202: the request became an Event; what came of it shows in the log and in the rows it touches.
struct Accepted {
  std::uint64_t request{};
  std::string text{};
  using fields = Fields<&Accepted::request, &Accepted::text>;
};
static_assert(Complete<Accepted>);

/// Every refusal, whatever its HTTP status.
struct Refusal {
  std::string code{};
  std::string text{};
  std::vector<std::string> details{};  // one line a wrong member of the body
  using fields = Fields<&Refusal::code, &Refusal::text, &Refusal::details>;
};
static_assert(Complete<Refusal>);

/// A stretch of a typed command and what it was taken for: verb, strategy, symbol, parameter, limit, number, subject, joins;
/// unknown for the word that stopped it, unread for what came after.
struct PhraseWord {
  std::string text{};
  std::uint32_t from{};  // places in the text, in bytes
  std::uint32_t to{};
  std::string kind{};
  using fields = Fields<&PhraseWord::text, &PhraseWord::from, &PhraseWord::to, &PhraseWord::kind>;
};
static_assert(Complete<PhraseWord>);

/// What one clause would do, or the answer to a question.
struct PhraseAction {
  std::string text{};
  std::vector<std::string> details{};
  bool raises_risk{};
  bool needs_reason{};
  bool is_question{};
  std::string order{};  // of a question about one
  using fields = Fields<&PhraseAction::text, &PhraseAction::details, &PhraseAction::raises_risk, &PhraseAction::needs_reason,
                        &PhraseAction::is_question, &PhraseAction::order>;
};
static_assert(Complete<PhraseAction>);

/// GET /api/v1/phrase: a typed command, read. With a `problem` there are no actions: all of it is done or none.
struct PhraseAnswer {
  std::vector<PhraseWord> words{};
  std::vector<PhraseAction> actions{};
  std::string problem{};
  using fields = Fields<&PhraseAnswer::words, &PhraseAnswer::actions, &PhraseAnswer::problem>;
};
static_assert(Complete<PhraseAnswer>);

/// Does what a typed command says; read anew at that moment.
struct PhraseBody {
  std::string text{};
  std::optional<std::string> reason{};
  using fields = Fields<&PhraseBody::text, &PhraseBody::reason>;
};
static_assert(Complete<PhraseBody>);

/// GET /api/v1/flatten/preview: what "cancel everything and flatten" would do now.
struct FlattenLeg {
  std::uint32_t instrument{};
  Side side{};
  Quantity quantity{};
  std::optional<Money> value{};
  std::optional<Money> spread_cost{};  // half the spread on the quantity
  std::string cannot{};                // why it cannot be done now; empty when it can
  using fields = Fields<&FlattenLeg::instrument, &FlattenLeg::side, &FlattenLeg::quantity, &FlattenLeg::value,
                        &FlattenLeg::spread_cost, &FlattenLeg::cannot>;
};
static_assert(Complete<FlattenLeg>);

struct FlattenPreview {
  std::uint32_t entries_working{};
  std::uint32_t exits_working{};
  std::uint32_t orders_unknown{};
  std::vector<FlattenLeg> legs{};
  Money traded_value{};
  double traded_percent{};  // of net liquidation
  Money spread_cost{};
  Money realizes{};         // about: unrealized P&L at the mark, before cost
  using fields = Fields<&FlattenPreview::entries_working, &FlattenPreview::exits_working, &FlattenPreview::orders_unknown,
                        &FlattenPreview::legs, &FlattenPreview::traded_value, &FlattenPreview::traded_percent,
                        &FlattenPreview::spread_cost, &FlattenPreview::realizes>;
};
static_assert(Complete<FlattenPreview>);

}  // namespace robo::serve::view
