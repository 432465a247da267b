// An entry never without its stop: what protects a position, and what happens when it does not.

#include <algorithm>

#include "kernel/execution/pursuit.hpp"
#include "base/defence.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

namespace {

// One refused stop may be the instrument's or the hour's; the second entry of a session that stands without its stop shows that
// stops do not work here: no more entries until a person has looked.
constexpr std::uint32_t unprotected_max = 2;

constexpr Duration settling = seconds(2);  // time for IB to cancel or reduce the other orders of a group by itself

/// Limits and confirmations that somebody set in the gateway: the same order is refused until they are changed there.
constexpr bool blocked_by_setting(std::int32_t code) {
  return code == 109 || code == 163 || code == 321 || code == 382 || code == 383 || code == 451;
}

constexpr bool protects(const OrderIntent& intent) {
  return intent.purpose == OrderPurpose::ProtectiveStop || intent.purpose == OrderPurpose::ProfitTarget;
}

}  // namespace

// An exit and the stops together must not sell more than we hold. True: `exit` may be tried now. Stops give way only to an exit
// that can go: one that the gate refuses would leave the position naked.
bool Dealer::make_room(Pursuit& p, const OrderIntent& exit, Turn& turn) {
  if (gate_.reasons(exit, Quantity{}, turn.now) != 0) return true;
  const auto held = portfolio_.position(p.instrument).quantity;
  const auto side = held.is_positive() ? Side::Sell : Side::Buy;
  const auto stays = held.abs() - exit.quantity;
  bool room = true;
  for (const auto purpose : {OrderPurpose::ProtectiveStop, OrderPurpose::ProfitTarget}) {
    Quantity total{};
    orders_.each_live(p.instrument, [&](Order& order) {
      if (order.external || order.intent.purpose != purpose || order.intent.side != side) return;
      const auto allowed = std::max(Quantity{}, stays - total);
      total += order.remaining();
      if (order.remaining() <= allowed && !order.change_pending) return;
      room = false;
      p.making_room = true;
      if (order.cancel_sent || order.change_pending || order.state == OrderState::PendingSubmit) return;
      if (allowed.is_zero()) {
        cancel(order, turn);
      } else {
        auto terms = order.intent;
        terms.quantity = order.filled + allowed;
        change(order, terms, turn);
      }
    });
  }
  return room;
}

void Dealer::guard(Pursuit& p, Turn& turn) {
  if (p.guard_at.ns != INT64_MAX && p.guard_at > turn.now) {
    want(p.guard_at, turn);
    return;
  }
  p.guard_at = Timestamp{INT64_MAX};
  p.guard_owed = !gate_.ready();
  if (p.guard_owed) return;  // looked at when it opens
  const auto held = portfolio_.position(p.instrument).quantity;
  const auto* working = orders_.find(p.order);
  const bool entering = working != nullptr && working->live() && working->intent.purpose == OrderPurpose::Entry;
  const bool leaving = working != nullptr && working->live() && working->intent.purpose != OrderPurpose::Entry;

  if (held.is_zero()) {
    if (!entering)
      orders_.each_live(p.instrument, [&](Order& order) {
        if (!order.external && protects(order.intent)) cancel(order, turn);
      });
    if (!entering) p.stop_refused = p.making_room = false;
    return;
  }
  p.making_room = p.making_room && p.set;  // nobody wants out any more: what was given up is put back
  if (leaving || p.flattening || p.making_room || !p.stop_distance.is_positive() || !stands(Defence::StopOrFlat)) return;

  // What a working entry has brought is covered by its own children.
  const auto to_cover = std::max(Quantity{}, held.abs() - (entering ? working->filled : Quantity{}));
  const auto side = held.is_positive() ? Side::Sell : Side::Buy;
  for (const auto purpose : {OrderPurpose::ProtectiveStop, OrderPurpose::ProfitTarget}) {
    Quantity covered{};
    bool waiting = false;
    orders_.each_live(p.instrument, [&](Order& order) {
      if (order.external || order.intent.purpose != purpose) return;
      if (entering && order.intent.parent == working->intent.key) return;
      if (order.cancel_sent || order.change_pending) {
        waiting = true;
        return;
      }
      const auto missing = std::max(Quantity{}, to_cover - covered);
      if (order.intent.side != side || missing.is_zero()) {
        cancel(order, turn);
        return;
      }
      if (order.remaining() > missing && order.state != OrderState::PendingSubmit) {
        auto terms = order.intent;
        terms.quantity = order.filled + missing;
        change(order, terms, turn);
        covered += missing;
        return;
      }
      covered += order.remaining();
    });
    if (waiting || covered >= to_cover || purpose == OrderPurpose::ProfitTarget) continue;

    // Part of the position stands without a stop: put one there, measured from what we paid.
    const auto& position = portfolio_.position(p.instrument);
    const auto trigger = side == Side::Sell ? p.on_grid(position.average_price() - p.stop_distance, false)
                                            : p.on_grid(position.average_price() + p.stop_distance, true);
    const auto mark = market_.mark(p.instrument);
    const bool passed = mark && (side == Side::Sell ? *mark <= trigger : *mark >= trigger);
    if (passed || p.stop_refused) {
      Words words;
      words << (passed ? "price is past the stop at " : "no stop could be placed at ") << trigger << " for " << held << ": flattening";
      note(NoteKind::BracketBroken, p.instrument, {}, words.view(), turn);
      flatten(p.instrument, turn);
      if (!passed) stood_unprotected(p, turn);
      return;
    }
    OrderIntent stop{.key = next_key(),
                     .instrument = p.instrument,
                     .side = side,
                     .time_in_force = TimeInForce::GoodTillCancel,
                     .purpose = OrderPurpose::ProtectiveStop,
                     .outside_regular_hours = policy_.outside_regular_hours,
                     .quantity = to_cover - covered,
                     .kind = Stop{trigger},
                     .reason = p.goal.reason};
    stop.reason.target = {};
    if (submit(stop, turn) == nullptr) {
      p.stop_refused = true;
      p.guard_at = turn.now;
      guard(p, turn);
      return;
    }
  }
}

/// The stop of an entry was refused or vanished: the entry must not stay.
void Dealer::bracket_broken(Pursuit& p, const Order& stop, Turn& turn) {
  if (!stands(Defence::StopOrFlat)) return;
  Words words;
  words << "the stop of " << stop.intent.quantity << " was " << to_text(stop.state) << " [" << static_cast<std::int64_t>(stop.code)
        << "]: entry is taken back and flattened";
  note(NoteKind::BracketBroken, p.instrument, stop.intent.key, words.view(), turn);
  p.stop_refused = true;
  flatten(p.instrument, turn);
  stood_unprotected(p, turn);
}

/// Counted where something was really held: an entry taken back before it filled did no harm.
void Dealer::stood_unprotected(Pursuit& p, Turn& turn) {
  const auto held = portfolio_.position(p.instrument).quantity;
  if (held.is_zero()) return;
  ++p.unprotected;
  std::uint32_t all = 0;
  for (std::size_t i = 0; i < size_; ++i) all += pursuits_[i].unprotected;
  if (all < unprotected_max) return;
  Words words;
  words << "entries stood without a stop " << static_cast<std::int64_t>(all) << " times, the last with " << held;
  kill(KillCause::UnprotectedEntry, "engine", words.view(), turn);
}

void Dealer::stand_down(InstrumentId instrument) {
  for (const auto& known : stood_down_)
    if (known == instrument) return;
  if (!stood_down_.full()) stood_down_.push_back(instrument);
}

void Dealer::flatten(InstrumentId instrument, Turn& turn) {
  auto& p = pursuits_[instrument.value];
  if (!p.defined) return;
  stand_down(instrument);
  bool anything = !portfolio_.position(instrument).quantity.is_zero();
  orders_.each_live(instrument, [&](Order& order) {
    if (order.external) return;
    anything = true;
    if (!protects(order.intent) && order.intent.purpose != OrderPurpose::Flatten && has_room(turn)) cancel(order, turn);
  });
  p.goal = Goal{.instrument = instrument, .urgent = true, .reason = p.goal.reason};
  p.goal.reason.contribution_count = 0;  // a person or a limit decided, no strategy
  p.set = p.flattening = anything;
  if (!anything) return;
  p.aggressive = true;
  p.started_at = turn.now;
  p.retry_at = Timestamp{INT64_MIN};
  p.arrival = {};
  want(turn.now + settling, turn);
  step(instrument, turn);
}

void Dealer::finished(Order& order, Turn& turn) {
  if (order.external) return;
  auto& p = pursuits_[order.intent.instrument.value];
  if (p.order == order.intent.key) p.order = {};
  p.guard_at = turn.now;
  const bool refused = order.state == OrderState::Rejected || (order.state == OrderState::Cancelled && !order.cancel_sent);
  if (refused && !protects(order.intent)) {  // not at once again
    p.back_off(turn.now);
    if (order.state == OrderState::Rejected && blocked_by_setting(order.code) && stands(Defence::Preflight)) {
      Words words;
      words << "a setting of the gateway blocks orders [" << static_cast<std::int64_t>(order.code) << "]: change it under Configuration, API and Presets";
      note(NoteKind::Alarm, p.instrument, order.intent.key, words.view(), turn);
      p.retry_at = turn.now + minutes(5);  // nothing changes before a person has been there
    }
    want(p.retry_at, turn);
  }
  if (order.state == OrderState::Filled && order.intent.purpose == OrderPurpose::Entry && p.sliced) {
    p.retry_at = turn.now + of_seconds(gate_.limits().duplicate_window_s);  // the next slice looks like the last
    want(p.retry_at, turn);
  }
  const bool stop = order.intent.purpose == OrderPurpose::ProtectiveStop;
  const auto* parent = orders_.find(order.intent.parent);
  const bool parent_works = parent != nullptr && parent->live() && !parent->cancel_sent;
  if (order.intent.purpose == OrderPurpose::Entry && order.state == OrderState::Cancelled && !order.filled.is_zero()) {
    p.guard_at = turn.now + settling;  // IB takes the children of a cancelled entry back; then the filled part gets its own
  } else if (stop && order.state == OrderState::Rejected) {
    const bool holds = !portfolio_.position(p.instrument).quantity.is_zero();
    if ((holds || parent_works) && !p.flattening) bracket_broken(p, order, turn);
  } else if (stop && order.state == OrderState::Cancelled && parent_works && !order.cancel_sent && !p.flattening) {
    bracket_broken(p, order, turn);
  }
  if (protects(order.intent) && order.state == OrderState::Filled) {
    p.set = false;
    p.guard_at = turn.now + settling;
    stand_down(p.instrument);
  }
}

void Dealer::look_after(InstrumentId instrument, Turn& turn) {
  auto& p = pursuits_[instrument.value];
  if (p.guard_owed && gate_.ready()) p.guard_at = std::min(p.guard_at, turn.now);
  if (p.guard_at.ns != INT64_MAX) guard(p, turn);
  step(instrument, turn);
}

}  // namespace robo::execution
