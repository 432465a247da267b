// Orders and cancels that take their time between the API, TWS and IB, in the words TWS has for it; and what TWS holds back by its
// precautionary settings.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

Duration span_of(double seconds) { return Duration{std::llround(seconds * 1e9)}; }

}  // namespace

Result<std::string, Problem> Station::act(const fault::Hesitate& f) {
  if (f.orders < 0 || f.cancels < 0) return fail(Problem{"orders, cancels: not below zero"});
  hesitates_with_orders_ = span_of(f.orders);
  hesitates_with_cancels_ = span_of(f.cancels);
  return fmt::format("orders take {} s, cancels {} s", f.orders, f.cancels);
}

void Station::tell_status(std::size_t place, std::string_view word) {
  ServedOrder& order = served_[place];
  order.told_as = word;
  for (Client* client : clients_) {
    if (!client->running() || !sees(*client, order)) continue;
    open_order(*client, order);
    order_status(*client, order, {});
  }
}

void Station::make_wait(std::size_t place, const Terms& terms) {
  waiting_.push_back({Waiting::Stage::AtTws, now_ + Duration{hesitates_with_orders_.ns / 2}, place, terms, false});
  tell_status(place, "ApiPending");
}

bool Station::cancel_waits(std::size_t place) {
  const auto found = std::ranges::find(waiting_, place, &Waiting::place);
  ServedOrder& order = served_[place];
  if (found == waiting_.end()) {
    if (hesitates_with_cancels_.ns == 0 || order.slot == no_slot || is_final(broker_.order(order.slot).state)) return false;
    waiting_.push_back({Waiting::Stage::Cancelling, now_ + hesitates_with_cancels_, place, {}, false});
    order.told_as = "PendingCancel";
    for (Client* client : clients_)
      if (client->running() && sees(*client, order)) order_status(*client, order, {});
    return true;
  }
  switch (found->stage) {
    case Waiting::Stage::AtTws:  // IB never heard of it
      waiting_.erase(found);
      order.state = OrderState::Cancelled;
      order.completed_at = now_;
      order.completed_status = "Cancelled by Trader:\n";
      tell_status(place, "ApiCancelled");
      break;
    case Waiting::Stage::AtIb:
      found->cancel_wanted = true;
      tell_status(place, "PendingCancel");
      break;
    case Waiting::Stage::Cancelling: break;
  }
  return true;
}

void Station::turn_waiting() {
  for (std::size_t i = 0; i < waiting_.size();) {
    if (waiting_[i].due > now_) {
      ++i;
      continue;
    }
    Waiting& waiting = waiting_[i];
    const std::size_t place = waiting.place;
    if (waiting.stage == Waiting::Stage::AtTws) {
      waiting.stage = Waiting::Stage::AtIb;
      waiting.due = waiting.due + Duration{hesitates_with_orders_.ns / 2};
      tell_status(place, "PendingSubmit");
      continue;
    }
    const Waiting done = waiting;
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    if (done.stage == Waiting::Stage::Cancelling) {
      if (!is_final(broker_.order(served_[place].slot).state)) (void)broker_.cancel(now_, served_[place].slot);
    } else if (const auto slot = broker_.place(now_, done.terms)) {
      served_[place].slot = *slot;
      if (done.cancel_wanted && !is_final(broker_.order(*slot).state)) (void)broker_.cancel(now_, *slot);
    } else {
      ServedOrder& order = served_[place];
      order.state = OrderState::Rejected;
      order.reject_code = slot.error().code;
      for (Client* client : clients_)
        if (client->running() && sees(*client, order)) client->error(order.id, slot.error().code, slot.error().text.view(), now_);
      tell_status(place, {});
    }
    deliver_reports();
  }
}

// ---------------------------------------------------------------- precautionary settings

Result<std::string, Problem> Station::act(const fault::Precaution& f) {
  if (f.size < 0 || f.value < 0 || f.percent < 0) return fail(Problem{"size, value, percent: not below zero"});
  settings_.precautions = {f.size, f.value, f.percent};
  return fmt::format("precautions: size {}, value {}, percent {}", f.size, f.value, f.percent);
}

Station::Wanted Station::precaution_against(const wire::PlaceOrder& request, const Terms& terms) const {
  const auto& p = settings_.precautions;
  const Instrument& instrument = contracts_[terms.instrument];
  const auto touch = broker_.matcher().touch(terms.instrument);
  const double market = (terms.side == Side::Buy ? touch.ask : touch.bid).to_double();
  const auto* limit = std::get_if<Limit>(&terms.kind);
  const auto* stop = std::get_if<Stop>(&terms.kind);
  const double named = limit != nullptr ? limit->price.to_double() : stop != nullptr ? stop->trigger.to_double() : 0;
  const double size = terms.quantity.to_double();
  constexpr std::string_view where = "Restriction is specified in Precautionary Settings of Global Configuration/Presets.";
  if (p.size_max > 0 && size > p.size_max) return {nullptr, 383, fmt::format("The following order \"ID:{}\" size exceeds the Size Limit of {}. {}", request.orderId, p.size_max, where)};
  const double value = size * std::abs(named != 0 ? named : market) * static_cast<double>(instrument.multiplier);
  if (p.value_max > 0 && value > p.value_max)
    return {nullptr, 451, fmt::format("The following order \"ID:{}\" value estimate of {:.0f} {} exceeds  the Total Value Limit of {:.0f} {}. {}", request.orderId, value, instrument.currency.view(), p.value_max,
                                      instrument.currency.view(), where)};
  if (p.percent_max > 0 && !request.order.overridePercentageConstraints && named != 0 && market != 0) {
    const double away = std::abs(named / market - 1) * 100;
    if (limit != nullptr && away > p.percent_max) return {nullptr, 163, fmt::format("The following order \"ID:{}\" price exceeds the Percentage Limit of {}%. {}", request.orderId, p.percent_max, where)};
    if (stop != nullptr && away > p.percent_max) return {nullptr, 109, "Price is out of the range defined by the Percentage setting at order defaults frame. The order will not be transmitted."};
  }
  return {nullptr, 0, {}};
}

}  // namespace robo::sim
