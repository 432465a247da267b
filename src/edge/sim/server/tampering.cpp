#include "edge/sim/server/tampering.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/client.hpp"

namespace robo::sim {
namespace {

bool fits(std::string_view wanted, std::string_view name) { return wanted.empty() || wanted == name; }
bool fits(std::int32_t wanted, std::int32_t is) { return wanted == -1 || wanted == is; }

std::optional<Problem> unknown(std::string_view name, std::string_view what) { return Problem{fmt::format("no {} is called '{}'; names are those of the wire: execDetails, orderStatus, placeOrder ...", what, name)}; }

/// True while the rule still counts the message among its own; lets `skip` pass first.
template <class Rule>
bool takes(Rule& rule) {
  if (rule.left == 0) return false;
  if (rule.skip > 0) return --rule.skip, false;
  if (rule.left > 0) --rule.left;
  return true;
}

}  // namespace

bool is_event_name(std::string_view name) {
#define ROBO_IS(M) \
  if (name == wire::M::message_name) return true;
  ROBO_IB_EVENTS(ROBO_IS)
  return false;
}
bool is_request_name(std::string_view name) {
  ROBO_IB_REQUESTS(ROBO_IS)
#undef ROBO_IS
  return false;
}

template <class F>
std::optional<Problem> Tampering::add(const F& fault) {
  if constexpr (std::is_same_v<F, fault::Swallow> || std::is_same_v<F, fault::Answer>) {
    if (!fault.message.empty() && !is_request_name(fault.message)) return unknown(fault.message, "request");
    RequestRule rule{.message = fault.message, .client = fault.client, .left = fault.count == 0 ? -1 : fault.count, .skip = fault.skip, .code = 0, .text = {}};
    if constexpr (std::is_same_v<F, fault::Answer>) {
      if (fault.code == 0) return Problem{"answer: code is missing"};
      rule.code = fault.code;
      rule.text = fault.text;
    }
    requests_.push_back(std::move(rule));
  } else {
    if (!fault.message.empty() && !is_event_name(fault.message)) return unknown(fault.message, "event");
    EventRule rule{.message = fault.message, .client = fault.client, .order = fault.order, .skip = fault.skip};
    if constexpr (requires { fault.count; }) rule.left = fault.count == 0 ? -1 : fault.count;
    if constexpr (std::is_same_v<F, fault::Drop>) rule.deed = Deed::Drop;
    if constexpr (std::is_same_v<F, fault::Delay>) rule.deed = Deed::Delay, rule.seconds = fault.seconds;
    if constexpr (std::is_same_v<F, fault::Hold>) {
      if (!fault.until.empty() && !is_event_name(fault.until)) return unknown(fault.until, "event");
      rule.deed = Deed::Hold, rule.until = fault.until;
    }
    if constexpr (std::is_same_v<F, fault::Duplicate>) rule.deed = Deed::Duplicate, rule.times = fault.times;
    if constexpr (std::is_same_v<F, fault::HalfFrame>) rule.deed = Deed::Half, rule.left = 1, rule.bytes = fault.bytes, rule.stall = fault.stall;
    events_.push_back(std::move(rule));
  }
  return std::nullopt;
}

template std::optional<Problem> Tampering::add(const fault::Drop&);
template std::optional<Problem> Tampering::add(const fault::Delay&);
template std::optional<Problem> Tampering::add(const fault::Hold&);
template std::optional<Problem> Tampering::add(const fault::Duplicate&);
template std::optional<Problem> Tampering::add(const fault::HalfFrame&);
template std::optional<Problem> Tampering::add(const fault::Swallow&);
template std::optional<Problem> Tampering::add(const fault::Answer&);

std::optional<Problem> Tampering::await(const Injection& injection) {
  if (!is_event_name(injection.when.message) && !is_request_name(injection.when.message)) return unknown(injection.when.message, "message");
  awaited_.push_back({injection, 0});
  return std::nullopt;
}

/// True when what was set off ends this client's connection at this very byte.
bool Tampering::set_off(Client& client, std::string_view name, std::int32_t about, bool before) {
  bool ends = false;
  std::erase_if(awaited_, [&](Awaited& a) {
    const When& when = a.injection.when;
    if (when.before != before || when.message != name || !fits(when.client, client.id) || !fits(when.order, about)) return false;
    if (++a.seen < when.nth) return false;
    const bool at_once = when.seconds <= 0 && when.market_seconds <= 0;
    const auto& fault = a.injection.fault;
    const auto* disconnect = std::get_if<fault::Disconnect>(&fault);
    if (at_once && ((disconnect && fits(disconnect->client, client.id)) || std::holds_alternative<fault::Restart>(fault))) ends = true;
    Injection now{fault, {.seconds = when.seconds, .market_seconds = when.market_seconds}};
    due_.push_back({std::move(now), false});
    return true;
  });
  return ends;
}

void Tampering::said(Client& client, std::string_view name, std::int32_t about, std::size_t mark) {
  if (set_off(client, name, about, true)) {
    client.out.back_to(mark);
    client.end_here();
    return;
  }
  for (auto& rule : events_) {
    if (!fits(rule.message, name) || !fits(rule.client, client.id) || !fits(rule.order, about) || !takes(rule)) continue;
    const std::string frame(client.out.view().substr(mark));
    switch (rule.deed) {
      case Deed::Drop: client.out.back_to(mark); return;
      case Deed::Delay:
        client.out.back_to(mark);
        held_.push_back({&client, std::string(name), {}, frame, wall_ns_ + static_cast<std::int64_t>(rule.seconds * 1e9)});
        return;
      case Deed::Hold:
        client.out.back_to(mark);
        held_.push_back({&client, std::string(name), rule.until, frame, 0});
        return;
      case Deed::Duplicate:
        for (std::int32_t i = 0; i < rule.times; ++i) client.out.append(frame);
        break;
      case Deed::Half: {
        const auto wanted = rule.bytes < 0 ? frame.size() / 2 : static_cast<std::size_t>(rule.bytes);
        client.out.back_to(mark + std::min(wanted, frame.size()));
        if (rule.stall) client.mute = true;
        else client.end_here();
        return;
      }
    }
    break;
  }
  std::erase_if(events_, [](const EventRule& rule) { return rule.left == 0; });
  if (!held_.empty()) {
    std::deque<Held> leaving;
    std::erase_if(held_, [&](Held& h) {
      if (h.client != &client || h.until.empty() || h.until != name) return false;
      leaving.push_back(std::move(h));
      return true;
    });
    let_go(leaving);
  }
  if (set_off(client, name, about, false)) client.end_here();
}

Tampering::Fate Tampering::requested(const Client& client, std::string_view name, std::int32_t about) {
  // What strikes before the request is due now, the rest once it was handled.
  std::erase_if(awaited_, [&](Awaited& a) {
    const When& when = a.injection.when;
    if (when.message != name || !fits(when.client, client.id) || !fits(when.order, about)) return false;
    if (++a.seen < when.nth) return false;
    due_.push_back({Injection{a.injection.fault, {.seconds = when.seconds, .market_seconds = when.market_seconds}}, when.before});
    return true;
  });
  Fate fate;
  for (auto& rule : requests_) {
    if (!fits(rule.message, name) || !fits(rule.client, client.id) || !takes(rule)) continue;
    fate = {true, rule.code, rule.text};
    break;
  }
  std::erase_if(requests_, [](const RequestRule& rule) { return rule.left == 0; });
  return fate;
}

std::vector<Injection> Tampering::due(bool early) {
  std::vector<Injection> now;
  std::erase_if(due_, [&](Due& d) {
    if (early && !d.early) return false;
    now.push_back(std::move(d.injection));
    return true;
  });
  return now;
}

void Tampering::let_go(std::deque<Held>& leaving) {
  for (auto& h : leaving)
    if (h.client->stage == Client::Stage::Running && !h.client->mute) h.client->out.append(h.frame);
}

void Tampering::turn(std::int64_t wall_ns) {
  wall_ns_ = wall_ns;
  if (held_.empty()) return;
  std::deque<Held> leaving;
  std::erase_if(held_, [&](Held& h) {
    if (h.due_ns == 0 || h.due_ns > wall_ns) return false;
    leaving.push_back(std::move(h));
    return true;
  });
  std::ranges::stable_sort(leaving, {}, &Held::due_ns);
  let_go(leaving);
}

void Tampering::release(std::string_view name) {
  std::erase_if(events_, [&](const EventRule& rule) { return rule.deed == Deed::Hold && fits(name, rule.message); });
  std::deque<Held> leaving;
  std::erase_if(held_, [&](Held& h) {
    if (!fits(name, h.name)) return false;
    leaving.push_back(std::move(h));
    return true;
  });
  let_go(leaving);
}

void Tampering::clear() {
  events_.clear();
  requests_.clear();
  awaited_.clear();
  due_.clear();
  release({});
}

void Tampering::forget(const Client& client) {
  std::erase_if(held_, [&](const Held& h) { return h.client == &client; });
}

}  // namespace robo::sim
