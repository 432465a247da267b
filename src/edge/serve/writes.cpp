// What people may ask of the engine. Every wish is checked against what the desk knows, then becomes an Event.

#include <cmath>
#include <fmt/format.h>

#include "edge/serve/api.hpp"
#include "edge/serve/phrase.hpp"
#include "edge/serve/sentences.hpp"
#include "model/json/json.hpp"

namespace robo::serve {
namespace {

bool working(const view::Order& order) { return order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown; }
bool given(const std::optional<std::string>& reason) { return reason && reason->find_first_not_of(' ') != std::string::npos; }

}  // namespace

template <class T>
std::optional<T> Api::body(const Call& call, Response& refusal) {
  const auto read = json::from_json<T>(call.request.body.empty() ? std::string_view("{}") : std::string_view(call.request.body));
  if (read) return read.value();
  std::vector<std::string> details;
  for (const auto& problem : read.error()) details.push_back(problem.text);
  const auto text = "the body does not fit: " + details.front();
  refusal = refuse(422, "invalid", text, now_, std::move(details));
  return std::nullopt;
}

OperatorInput Api::wish(const Call& call, OperatorAction action, const std::optional<std::string>& reason) const {
  return {.action = action, .strategy = {}, .instrument = {}, .order = {}, .name = {}, .value = {}, .who = call.request.origin.empty() ? "api" : "desk", .reason = reason ? std::string_view(*reason) : std::string_view()};
}

Response Api::ask(const Call&, std::vector<OperatorInput> wishes, std::string text) {
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    if (operators_.ask(wishes[i])) continue;
    const auto taken = i == 0 ? std::string("nothing of this request was taken") : fmt::format("{} of {} parts of this request were taken", i, wishes.size());
    return refuse(503, "busy", "the engine has not yet worked off earlier requests: " + taken + "; look at the orders, then ask again", now_);
  }
  metrics_.written();
  return {.status = 202, .content_type = "application/json", .body = json::to_json(view::Accepted{.request = ++request_, .text = std::move(text)}), .headers = {{"Cache-Control", "no-store"}}};
}

Response Api::strategy_action(const Call& call, OperatorAction action) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  if (!read) return refusal;
  const auto id = model_.strategy_id(call.named[0]);
  if (!id) return not_found("there is no strategy " + call.named[0].substr(0, 50));
  auto input = wish(call, action, read->reason);
  input.strategy = *id;
  return ask(call, {input}, action_text(input, call.named[0], {}));
}
Response Api::strategy_start(const Call& call) { return strategy_action(call, OperatorAction::StartStrategy); }
Response Api::strategy_pause(const Call& call) { return strategy_action(call, OperatorAction::PauseStrategy); }
Response Api::strategy_stop(const Call& call) { return strategy_action(call, OperatorAction::StopStrategy); }

Response Api::parameter(const Call& call) {
  Response refusal;
  const auto read = body<view::ParameterBody>(call, refusal);
  if (!read) return refusal;
  const auto id = model_.strategy_id(call.named[0]);
  const auto* strategy = model_.strategy(call.named[0]);
  if (!id || strategy == nullptr) return not_found("there is no strategy " + call.named[0].substr(0, 50));
  for (const auto& parameter : strategy->parameters) {
    if (parameter.name != call.named[1]) continue;
    if (!std::isfinite(read->value) || read->value < parameter.min || read->value > parameter.max)
      return refuse(422, "invalid", fmt::format("{} must be from {} to {}", parameter.name, number_text(parameter.min), number_text(parameter.max)), now_, {"value: is out of range"});
    auto input = wish(call, OperatorAction::SetParameter, read->reason);
    input.strategy = *id;
    input.name = std::string_view(parameter.name);
    input.value = read->value;
    return ask(call, {input}, action_text(input, call.named[0], {}));
  }
  return not_found(fmt::format("{} has no parameter {}", call.named[0], call.named[1].substr(0, 50)));
}

Response Api::limit(const Call& call) {
  Response refusal;
  const auto read = body<view::LimitBody>(call, refusal);
  if (!read) return refusal;
  const auto* limit = model_.limit(call.named[0]);
  if (limit == nullptr) return not_found("there is no limit " + call.named[0].substr(0, 50));
  if (!limit->editable) return refuse(409, "not_possible", limit->name + " cannot be changed while the engine runs", now_);
  if (!std::isfinite(read->value) || read->value < limit->min || read->value > limit->max)
    return refuse(422, "invalid", fmt::format("{} must be from {} to {}", limit->name, number_text(limit->min), number_text(limit->max)), now_, {"value: is out of range"});
  if (read->value > limit->limit && !given(read->reason)) return refuse(422, "invalid", "raising a limit needs a reason", now_, {"reason: is missing"});
  auto input = wish(call, OperatorAction::SetLimit, read->reason);
  input.name = std::string_view(limit->name);
  input.value = read->value;
  return ask(call, {input}, action_text(input, {}, {}));
}

Response Api::order_action(const Call& call, OperatorAction action) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  if (!read) return refusal;
  const auto* order = model_.order(call.named[0]);
  const auto key = parse_order_key(call.named[0]);
  if (order == nullptr || !key) return not_found("there is no order " + call.named[0].substr(0, 50));
  if (!working(*order)) return refuse(409, "not_possible", fmt::format("the order is {} already", order_state_text(order->state)), now_);
  auto input = wish(call, action, read->reason);
  input.order = key.value();
  input.instrument = InstrumentId{order->instrument};
  return ask(call, {input}, action_text(input, {}, {}));
}
Response Api::order_cancel(const Call& call) { return order_action(call, OperatorAction::CancelOrder); }
Response Api::order_query(const Call& call) { return order_action(call, OperatorAction::QueryOrder); }

Response Api::cancel_all(const Call& call) {
  Response refusal;
  const auto read = body<view::CancelAllBody>(call, refusal);
  if (!read) return refusal;
  if (!read->instrument) {
    const auto input = wish(call, OperatorAction::CancelAll, read->reason);
    return ask(call, {input}, action_text(input, {}, {}));
  }
  if (model_.instrument(*read->instrument) == nullptr) return not_found(fmt::format("there is no instrument {}", *read->instrument));
  std::vector<OperatorInput> wishes;
  for (const auto& order : model_.orders()) {
    if (order.instrument != *read->instrument || !working(order)) continue;
    auto input = wish(call, OperatorAction::CancelOrder, read->reason);
    const auto key = parse_order_key(order.key);
    if (!key) continue;
    input.order = key.value();
    input.instrument = InstrumentId{order.instrument};
    wishes.push_back(input);
  }
  const auto count = wishes.size();
  return ask(call, std::move(wishes), fmt::format("Cancel {} orders", count));
}

Response Api::position_close(const Call& call) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  if (!read) return refusal;
  for (const auto& position : model_.positions()) {
    if (std::to_string(position.instrument) != call.named[0]) continue;
    if (position.quantity.is_zero()) return refuse(409, "not_possible", "the position is flat already", now_);
    auto input = wish(call, OperatorAction::FlattenInstrument, read->reason);
    input.instrument = InstrumentId{position.instrument};
    const auto* instrument = model_.instrument(position.instrument);
    return ask(call, {input}, action_text(input, {}, instrument != nullptr ? std::string_view(instrument->symbol) : std::string_view()));
  }
  return not_found("there is no position in instrument " + call.named[0].substr(0, 20));
}

Response Api::entries_stop(const Call& call) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  return read ? ask(call, {wish(call, OperatorAction::StopEntries, read->reason)}, "Stop entries") : refusal;
}
Response Api::entries_resume(const Call& call) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  return read ? ask(call, {wish(call, OperatorAction::ResumeEntries, read->reason)}, "Resume entries") : refusal;
}
Response Api::flatten(const Call& call) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  return read ? ask(call, {wish(call, OperatorAction::FlattenAll, read->reason)}, "Cancel all orders and close all positions") : refusal;
}

Response Api::phrase_apply(const Call& call) {
  Response refusal;
  const auto read = body<view::PhraseBody>(call, refusal);
  if (!read) return refusal;
  const auto phrase = read_phrase(read->text, model_);
  if (!phrase.problem.empty()) return refuse(422, "invalid", phrase.problem, now_, {"text: " + phrase.problem});
  std::vector<OperatorInput> wishes;
  std::string text;
  for (const auto& clause : phrase.clauses) {
    if (clause.shown.needs_reason && !given(read->reason)) return refuse(422, "invalid", "raising a limit needs a reason", now_, {"reason: is missing"});
    for (auto input : clause.wishes) {
      const auto named = wish(call, input.action, read->reason);
      input.who = named.who;
      input.reason = named.reason;
      wishes.push_back(input);
    }
    text += (text.empty() ? "" : " ") + clause.shown.text;
  }
  if (wishes.empty()) return refuse(409, "not_possible", "this is a question: there is nothing to do", now_);
  return ask(call, std::move(wishes), std::move(text));
}

Response Api::kill(const Call& call) {
  Response refusal;
  const auto read = body<view::KillBody>(call, refusal);
  if (!read) return refusal;
  std::vector<OperatorInput> wishes;
  switch (read->scope) {
    case view::KillScope::StopEntries: return ask(call, {wish(call, OperatorAction::StopEntries, read->reason)}, "Entries are stopped. Exits and stops keep working");
    case view::KillScope::CancelEntries: {
      wishes.push_back(wish(call, OperatorAction::StopEntries, read->reason));
      for (const auto& order : model_.orders()) {
        const auto key = parse_order_key(order.key);
        if (!working(order) || order.purpose != view::Purpose::Entry || !key) continue;
        auto input = wish(call, OperatorAction::CancelOrder, read->reason);
        input.order = key.value();
        input.instrument = InstrumentId{order.instrument};
        wishes.push_back(input);
      }
      const auto count = wishes.size() - 1;
      return ask(call, std::move(wishes), fmt::format("Entries are stopped, {} entry orders are cancelled", count));
    }
    case view::KillScope::Flatten:  // the kill cancels and stops; closing what is held is a wish of its own
      return ask(call, {wish(call, OperatorAction::Kill, read->reason), wish(call, OperatorAction::FlattenAll, read->reason)}, "All orders are cancelled, all positions closed");
  }
  return refusal;
}

Response Api::kill_reset(const Call& call) {
  Response refusal;
  const auto read = body<view::ReasonBody>(call, refusal);
  if (!read) return refusal;
  if (!given(read->reason)) return refuse(422, "invalid", "resetting the kill switch needs a reason", now_, {"reason: is missing"});
  if (model_.status().kill.state != view::KillState::Fired) return refuse(409, "not_possible", "the kill switch is not pulled", now_);
  return ask(call, {wish(call, OperatorAction::ResetKill, read->reason)}, "Reset the kill switch");
}

}  // namespace robo::serve
