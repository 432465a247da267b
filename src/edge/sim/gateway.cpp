#include "edge/sim/gateway.hpp"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "edge/sim/names.hpp"

namespace robo::sim {
namespace {

constexpr Timestamp never{std::numeric_limits<std::int64_t>::max()};
// What an order number stands for once its slot is gone.
constexpr Slot was_filled = no_slot - 1;
constexpr Slot was_ended = no_slot - 2;
constexpr bool is_live(Slot slot) { return slot < was_ended; }

}  // namespace

SimGateway::SimGateway(runtime::MarketSource& market, SimGatewaySettings settings, FeeTable fees)
    : market_(market),
      settings_(std::move(settings)),
      broker_(settings_.broker, std::move(fees)),
      sessions_(market.instruments(), settings_.calendars),
      feed_(settings_.latency.feed, settings_.latency.jitter, settings_.latency.seed),
      entry_(settings_.latency.entry, settings_.latency.jitter, settings_.latency.seed + 1),
      response_(settings_.latency.response, settings_.latency.jitter, settings_.latency.seed + 2) {
  for (const auto& instrument : market.instruments()) broker_.add(instrument);
  slots_.reserve(1 << 16);
}

Slot& SimGateway::slot_of(std::uint64_t number) {
  if (slots_.empty()) first_number_ = number;
  if (number < first_number_) {
    slots_.insert(slots_.begin(), first_number_ - number, no_slot);
    first_number_ = number;
  }
  const auto at = number - first_number_;
  if (at >= slots_.size()) slots_.resize(at + 1, no_slot);
  return slots_[at];
}

// ---------------------------------------------------------------- time

void SimGateway::push_event(const Event& event) {
  ring_.push() = event;
  if (const auto* bar = std::get_if<Boxed<Bar>>(&event.payload)) bars_.push() = **bar;  // the source keeps its own only until its next stretch
}

/// Copies the next stretch of the market behind what is in flight, with the turns of sessions between.
bool SimGateway::fill_ring() {
  constexpr std::size_t stretch = 512;  // small enough to stay in the nearest caches until it is read
  if (ahead_.empty()) ahead_ = market_.next();
  if (ahead_.empty()) {
    market_over_ = true;
    return false;
  }
  const auto events = ahead_.first(std::min(stretch, ahead_.size()));
  ahead_ = ahead_.subspan(events.size());
  for (const Event& event : events) {
    if (sessions_.due() <= event.at) [[unlikely]] {
      PhaseChange change;
      Timestamp when;
      while (sessions_.turn(event.at, change, when)) push_event({.at = when, .received_at = when, .payload = change});
    }
    push_event(event);
  }
  return true;
}

/// Knows when the next market event reaches us; false at the end of the data.
bool SimGateway::next_local() {
  if (local_known_) return true;
  if (ring_.empty() && (market_over_ || !fill_ring())) return false;
  local_due_ = feed_.arrival(ring_.front().at);
  local_known_ = true;
  return true;
}

/// Lets the exchange see everything up to `until`, or until it has something to say that reaches us before.
void SimGateway::step_exchange_to(Timestamp until) {
  for (;;) {
    if (exchange_at_ == ring_.tail() && !market_over_) fill_ring();
    const bool has_market = exchange_at_ != ring_.tail();
    const Timestamp market_at = has_market ? ring_[exchange_at_].at : never;
    const Timestamp order_at = arrivals_.empty() ? never : arrivals_.front().at;
    if (market_at <= order_at) {
      if (!has_market || market_at > until) return;
      broker_.on_market(market_at, ring_[exchange_at_].payload);
      exchange_now_ = market_at;
      ++exchange_at_;
    } else {
      if (order_at > until) return;
      // A timer of the kernel may fire before an event already handed out: what it sends meets the market where the exchange
      // stands, never an earlier one.
      exchange_now_ = std::max(exchange_now_, order_at);
      execute(exchange_now_, arrivals_.front().command);
      arrivals_.pop();
    }
    if (!broker_.reports().empty()) {
      take_reports();
      until = std::min(until, answers_.front().due);
    }
  }
}

bool SimGateway::next(Event& out) {
  if (!begun_) [[unlikely]] begin();
  for (;;) {
    const bool has_local = next_local();
    const Timestamp local = has_local ? local_due_ : never;
    const Timestamp remote = answers_.empty() ? never : answers_.front().due;
    const Timestamp first = std::min(local, remote);
    // Nothing is shown to us before the exchange has lived through that moment.
    const auto answers_before = answers_.tail();
    step_exchange_to(first);
    if (answers_.tail() != answers_before) continue;
    if (first == never) return false;
    now_ = std::max(now_, first);
    if (remote <= local) {
      deliver(answers_.front(), out);
      answers_.pop();
      return true;
    }
    const Event& event = ring_.front();
    out.payload = event.payload;
    if (std::holds_alternative<Boxed<Bar>>(out.payload)) {
      bar_ = bars_.front();
      bars_.pop();
      out.payload = Boxed<Bar>{&bar_};
    }
    out.at = out.received_at = now_;
    ring_.pop();
    local_known_ = false;
    ++market_events_;
    return true;
  }
}

bool SimGateway::finished() const { return begun_ && market_over_ && ring_.empty() && arrivals_.empty() && answers_.empty(); }

// ---------------------------------------------------------------- start and reconciliation

SimGateway::Answer& SimGateway::answer(Timestamp at, Word word) {
  Answer& a = answers_.push();
  a.due = response_.arrival(at);
  a.word = word;
  a.from_reconciliation = false;
  return a;
}

void SimGateway::begin() {
  begun_ = true;
  next_local();
  const Timestamp at = ring_.empty() ? Timestamp{} : ring_.front().at;
  response_ = Delay(Duration{}, 0, 0);  // what stands at the start is told before the first market event
  answer(at, Word::Connecting);
  for (std::uint32_t i = 0; i < market_.instruments().size(); ++i) answer(at, Word::Instrument).number = i;
  reconcile(at, 1);
  answer(at, Word::Ready);
  response_ = Delay(settings_.latency.response, settings_.latency.jitter, settings_.latency.seed + 2);
}

void SimGateway::reconcile(Timestamp at, std::uint32_t number) {
  answer(at, Word::ReconciliationBegan).number = number;
  for (const Slot slot : slots_) {
    if (!is_live(slot)) continue;
    const Order& order = broker_.order(slot);
    Answer& a = answer(at, Word::Report);
    a.from_reconciliation = true;
    Report r;
    r.kind = ReportKind::Status;
    r.state = order.state, r.hold = order.hold, r.side = order.side, r.slot = slot, r.reference = order.reference, r.instrument = order.instrument;
    r.perm_id = order.perm_id, r.quantity = order.quantity, r.filled = order.filled, r.remaining = order.remaining(), r.average = order.average_price();
    r.limit = order.limit, r.trigger = order.trigger;
    a.report = r;
  }
  for (std::uint32_t i = 0; i < broker_.account().instruments(); ++i) {
    const auto& holding = broker_.account().holding(InstrumentId{i});
    if (holding.quantity.is_zero()) continue;
    Answer& a = answer(at, Word::Report);
    a.from_reconciliation = true;
    a.report = {};
    a.report.kind = ReportKind::Position;
    a.report.instrument = InstrumentId{i};
    a.report.position = holding.quantity;
    a.report.average_cost = holding.average_cost();
  }
  broker_.mark();
  const auto values = broker_.account().values();
  const auto value = [&](AccountTag tag, double amount) {
    Answer& a = answer(at, Word::Account);
    a.account = {tag, broker_.account().base(), Money::nearest(amount)};
  };
  value(AccountTag::NetLiquidation, values.net_liquidation);
  value(AccountTag::TotalCash, values.total_cash);
  value(AccountTag::InitialMargin, values.initial_margin);
  value(AccountTag::MaintenanceMargin, values.maintenance_margin);
  value(AccountTag::AvailableFunds, values.available_funds());
  value(AccountTag::BuyingPower, values.buying_power());
  answer(at, Word::ReconciliationEnded).number = number;
}

// ---------------------------------------------------------------- orders

void SimGateway::send(const Command& command) {
  if (std::holds_alternative<StartTimer>(command)) return;
  Timestamp at = now_;
  if (const auto* submit = std::get_if<SubmitOrder>(&command)) at = submit->order.approved_at();
  else if (const auto* modify = std::get_if<ModifyOrder>(&command)) at = modify->order.approved_at();
  Arrival& arrival = arrivals_.push();
  arrival.at = entry_.arrival(at);
  arrival.command = command;
}

void SimGateway::execute(Timestamp at, const Command& command) {
  std::visit(overload{[&](const SubmitOrder& c) { submit(at, c.order.intent(), false); },
                      [&](const ModifyOrder& c) { submit(at, c.order.intent(), true); },
                      [&](const CancelOrder& c) {
                        const Slot slot = slot_of(c.key.number);
                        if (is_live(slot)) (void)broker_.cancel(at, slot);  // too late is told by the order's own end
                      },
                      [&](const CancelAllOrders&) { broker_.cancel_all(at); },
                      [&](const QueryOrder& c) {
                        const Slot slot = slot_of(c.key.number);
                        Answer& a = answer(at, Word::Report);
                        a.report = {};
                        a.report.kind = ReportKind::Status;
                        a.report.reference = c.key.number;
                        a.report.at = at;
                        if (!is_live(slot)) {
                          a.report.state = slot == was_filled ? OrderState::Filled : slot == was_ended ? OrderState::Cancelled : OrderState::Rejected;
                          a.report.code = slot == no_slot ? 135 : 0;
                          a.report.text = slot == no_slot ? "Can't find order with this id." : "";
                          return;
                        }
                        const Order& order = broker_.order(slot);
                        a.report.state = order.state, a.report.hold = order.hold, a.report.side = order.side, a.report.slot = slot;
                        a.report.instrument = order.instrument, a.report.perm_id = order.perm_id, a.report.quantity = order.quantity;
                        a.report.filled = order.filled, a.report.remaining = order.remaining(), a.report.average = order.average_price();
                      },
                      [&](const Reconcile& c) { reconcile(at, c.number); },
                      [](const CancelExternal&) {},  // nobody else trades here
                      [](const StartTimer&) {}},
             command);
}

void SimGateway::submit(Timestamp at, const OrderIntent& intent, bool modify) {
  session_ = intent.key.session;
  Terms terms;
  terms.instrument = intent.instrument;
  terms.side = intent.side;
  terms.time_in_force = intent.time_in_force;
  terms.outside_regular_hours = intent.outside_regular_hours;
  terms.transmit = intent.transmit;
  terms.quantity = intent.quantity;
  terms.kind = intent.kind;
  terms.reference = intent.key.number;
  if (intent.oca_group) {
    terms.oca_group = intent.oca_group.number + 1;
    terms.oca = OcaRule::ReduceRest;
  }
  if (modify) {
    const Slot slot = slot_of(intent.key.number);
    if (!is_live(slot)) return answer_refusal(at, intent, {slot == was_filled ? 104 : 161, "the order is no longer working"}, slot == was_filled ? OrderState::Filled : OrderState::Cancelled);
    if (const auto refusal = broker_.modify(at, slot, terms)) answer_refusal(at, intent, *refusal, broker_.order(slot).state);
    return;
  }
  if (intent.parent) {
    const Slot parent = slot_of(intent.parent.number);
    if (parent == was_ended || parent == no_slot) return answer_refusal(at, intent, {10006, "Missing parent order."}, OrderState::Rejected);
    if (is_live(parent)) terms.parent = parent;
  }
  const auto slot = broker_.place(at, terms);
  if (!slot) return answer_refusal(at, intent, slot.error(), OrderState::Rejected);
  // The order may already be over; then its last report says so and the slot is not ours any more.
  Slot& known = slot_of(intent.key.number);
  known = *slot;
  for (const Report& report : broker_.reports())
    if (report.kind == ReportKind::Status && report.reference == intent.key.number && is_final(report.state))
      known = report.filled.is_positive() ? was_filled : was_ended;
}

void SimGateway::answer_refusal(Timestamp at, const OrderIntent& intent, const Refusal& refusal, OrderState state) {
  Answer& a = answer(at, Word::Report);
  a.report = {};
  a.report.kind = ReportKind::Status;
  a.report.state = state;
  a.report.side = intent.side;
  a.report.reference = intent.key.number;
  a.report.instrument = intent.instrument;
  a.report.code = refusal.code;
  a.report.quantity = intent.quantity;
  a.report.remaining = intent.quantity;
  a.report.text = refusal.text;
  a.report.at = at;
}

void SimGateway::take_reports() {
  for (const Report& report : broker_.reports()) {
    Answer& a = answer(report.at, Word::Report);
    a.report = report;
    if (report.kind == ReportKind::Status && is_final(report.state))
      slot_of(report.reference) = report.filled.is_positive() ? was_filled : was_ended;
  }
  broker_.clear_reports();
}

void SimGateway::deliver(const Answer& a, Event& out) {
  out.at = out.received_at = now_;
  const Report& r = a.report;
  const OrderKey key{session_, r.reference};
  const BrokerOrderId broker_id{settings_.client_id, static_cast<std::int32_t>(r.reference & 0x7FFFFFFF)};
  switch (a.word) {
    case Word::Connecting:
      changed_ = {};
      changed_.state = GatewayState::Reconciling;
      changed_.text = "simulated exchange";
      out.payload = Boxed<GatewayChanged>{&changed_};
      return;
    case Word::Ready:
      changed_.state = GatewayState::Ready;
      out.payload = Boxed<GatewayChanged>{&changed_};
      return;
    case Word::Instrument: out.payload = Boxed<Instrument>{&market_.instruments()[a.number]}; return;
    case Word::ReconciliationBegan: out.payload = ReconciliationBegan{a.number}; return;
    case Word::ReconciliationEnded: out.payload = ReconciliationEnded{a.number, true}; return;
    case Word::Account:
      account_ = a.account;
      out.payload = Boxed<AccountValue>{&account_};
      return;
    case Word::Report: break;
  }
  switch (r.kind) {
    case ReportKind::Status:
      update_ = {};
      update_.key = key;
      update_.broker_id = broker_id;
      update_.perm_id = r.perm_id;
      update_.instrument = r.instrument;
      update_.state = r.state;
      update_.side = r.side;
      update_.from_reconciliation = a.from_reconciliation;
      update_.code = r.code;
      update_.quantity = r.quantity;
      update_.filled = r.filled;
      update_.remaining = r.remaining;
      update_.average_price = r.average;
      update_.limit = r.limit;
      update_.trigger = r.trigger;
      update_.why_held = why_held(r.hold);
      update_.text = r.text;
      out.payload = Boxed<OrderUpdate>{&update_};
      return;
    case ReportKind::Execution:
      execution_ = {};
      execution_.id = execution_id(settings_.session_seed, r.execution);
      execution_.key = key;
      execution_.broker_id = broker_id;
      execution_.perm_id = r.perm_id;
      execution_.instrument = r.instrument;
      execution_.side = r.side;
      execution_.liquidity = r.liquidity;
      execution_.quantity = r.last_quantity;
      execution_.price = r.last_price;
      execution_.executed_at = r.at;
      execution_.venue = venue_name(static_cast<std::uint8_t>(r.venue));
      out.payload = Boxed<Execution>{&execution_};
      return;
    case ReportKind::Commission:
      commission_ = {};
      commission_.execution = execution_id(settings_.session_seed, r.execution);
      commission_.amount = r.commission;
      commission_.currency = r.currency;
      commission_.realized_pnl = r.realized;
      commission_.has_realized = r.has_realized;
      out.payload = Boxed<Commission>{&commission_};
      return;
    case ReportKind::Position:
      position_ = {r.instrument, r.position, r.average_cost, a.from_reconciliation};
      out.payload = Boxed<PositionReport>{&position_};
      return;
  }
}

}  // namespace robo::sim
