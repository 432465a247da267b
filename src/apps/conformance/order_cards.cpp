// Cards that place orders: far from the market, small, and cancelled at the end. Paper accounts only.

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include <fmt/format.h>

#include "apps/conformance/cards.hpp"

namespace robo::apps::conformance {
namespace {

Outcome passed(std::string why = {}) { return {Verdict::Passed, std::move(why)}; }
Outcome failed(std::string why) { return {Verdict::Failed, std::move(why)}; }

std::int32_t fresh_id(const Probe& probe) {
  static std::int32_t last = 0;
  last = std::max(last + 1, probe.next_id());
  return last;
}

/// One share far below any market: it rests, and costs nothing.
wire::PlaceOrder far_order(const Conditions& c, std::int32_t id, std::int64_t cents = 101) {
  wire::PlaceOrder p;
  p.orderId = id;
  p.contract.symbol = c.symbol, p.contract.secType = c.security_type, p.contract.exchange = c.exchange, p.contract.currency = c.currency;
  p.order.action = "BUY";
  p.order.totalQuantity = wire::Number::of(1);
  p.order.orderType = "LMT";
  p.order.lmtPrice = wire::Number::of(cents, 2);
  p.order.tif = "DAY";
  p.order.transmit = true;
  p.order.orderRef = "conformance";
  return p;
}

bool lives(const std::string& status) { return status == "PreSubmitted" || status == "Submitted" || status == "PendingSubmit"; }

const Heard* status_of(Probe& probe, std::int32_t id, double seconds = 0) { return probe.await("orderStatus", id, seconds); }

/// Cancels and waits for the confirmation; true when it came.
bool take_back(Probe& probe, std::int32_t id) {
  (void)probe.send(wire::CancelOrder{.orderId = id});
  return probe.await([&](const Heard& h) { return h.about() == id && ((h.name == "orderStatus" && (h["status"] == "Cancelled" || h["status"] == "ApiCancelled")) || (h.name == "error" && h.number("errorCode") == 202)); }) != nullptr;
}

Outcome answers_a_what_if(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  auto question = far_order(c, id);
  question.order.whatIf = true;
  question.order.totalQuantity = wire::Number::of(100);
  (void)probe.send(question);
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id; });
  if (!heard) return failed("no answer");
  if (heard->name != "openOrder") return failed(fmt::format("{} {}", heard->name, (*heard)["errorMsg"]));
  const auto margin = (*heard)["initMarginAfter"];
  probe.listen(0.5);
  if (probe.count("orderStatus", id) > 0) return failed("a question got an orderStatus");
  return !margin.empty() && std::atof(margin.c_str()) < 1e300 ? passed(fmt::format("initMarginAfter {}", margin)) : failed(fmt::format("initMarginAfter '{}'", margin));
}

Outcome accepts_rests_and_cancels(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  (void)probe.send(far_order(c, id));
  const auto* heard = probe.await([&](const Heard& h) { return h.about() == id && (h.name == "orderStatus" || (h.name == "error" && h.number("errorCode") != 399)); });
  if (!heard) return failed("no answer");
  if (heard->name == "error") return failed((*heard)["errorMsg"]);
  if (!lives((*heard)["status"])) return failed((*heard)["status"]);
  if (probe.count("openOrder", id) == 0 && !probe.await("openOrder", id)) return failed("no openOrder");
  probe.listen(0.5);
  const auto perm = heard->number("permId");
  if (!take_back(probe, id)) return failed("no Cancelled and no 202 after a cancel");
  return perm > 0 ? passed(fmt::format("permId {}", perm)) : failed("permId is 0 in the first status");
}

Outcome modifies_under_one_perm_id(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  (void)probe.send(far_order(c, id, 101));
  const auto* first = status_of(probe, id);
  if (!first) return failed("no status");
  const auto perm = first->number("permId");
  probe.listen(0.5);
  (void)probe.send(far_order(c, id, 102));
  const auto* changed = probe.await([&](const Heard& h) { return h.name == "openOrder" && h.about() == id && std::abs(std::atof(h["lmtPrice"].c_str()) - 1.02) < 1e-9; });
  const auto perm_after = changed ? changed->number("permId") : 0;
  (void)take_back(probe, id);
  if (!changed) return failed("the new price is not in an openOrder");
  return perm == 0 || perm == perm_after ? passed() : failed(fmt::format("permId {} became {}", perm, perm_after));
}

Outcome refuses_an_id_used_before(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  (void)probe.send(far_order(c, id));
  (void)status_of(probe, id);
  (void)take_back(probe, id);
  probe.listen(0.5);
  (void)probe.send(far_order(c, id));
  const auto* heard = probe.await([&](const Heard& h) { return h.name == "error" && h.about() == id && h.number("errorCode") != 202; });
  if (!heard) return failed("the id of a cancelled order is taken again");
  const auto code = heard->number("errorCode");
  return code == 103 || code == 104 || code == 10148 || code == 161 ? passed(fmt::format("code {}", code)) : failed((*heard)["errorMsg"]);
}

Outcome cancels_nothing_that_never_was(const Conditions&, Probe& probe) {
  const auto id = fresh_id(probe) + 5'000;
  (void)probe.send(wire::CancelOrder{.orderId = id});
  const auto code = probe.error_about(id);
  return code == 10147 || code == 135 ? passed(fmt::format("code {}", code)) : failed(fmt::format("code {}", code));
}

Outcome cancels_nothing_twice(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  (void)probe.send(far_order(c, id));
  (void)status_of(probe, id);
  (void)take_back(probe, id);
  probe.listen(0.5);
  (void)probe.send(wire::CancelOrder{.orderId = id});
  const auto* heard = probe.await([&](const Heard& h) { return h.name == "error" && h.about() == id && h.number("errorCode") != 202; });
  const auto code = heard ? heard->number("errorCode") : 0;
  return code == 10148 || code == 161 || code == 10147 || code == 135 ? passed(fmt::format("code {}", code)) : failed(fmt::format("code {}", code));
}

Outcome refuses_a_price_off_the_grid(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  auto off = far_order(c, id);
  off.order.lmtPrice = wire::Number::of(10'123, 4);  // 1.0123
  (void)probe.send(off);
  const auto code = probe.error_about(id);
  return code == 110 ? passed() : failed(fmt::format("code {}", code));
}

Outcome refuses_what_it_does_not_know(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  auto strange = far_order(c, id);
  strange.order.orderType = "NOSUCH";
  (void)probe.send(strange);
  const auto code = probe.error_about(id);
  return code == 321 || code == 387 || code == 320 || code == 201 ? passed(fmt::format("code {}", code)) : failed(fmt::format("code {}", code));
}

Outcome holds_a_family_until_its_last_order(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe), stop_id = fresh_id(probe);
  auto entry = far_order(c, id);
  entry.order.transmit = false;
  (void)probe.send(entry);
  probe.listen(1);
  if (probe.count("orderStatus", id) > 0) return (void)take_back(probe, id), failed("an order that was not transmitted has a status");
  auto stop = far_order(c, stop_id);
  stop.order.action = "SELL";
  stop.order.orderType = "STP";
  stop.order.lmtPrice = wire::Number::unset();
  stop.order.auxPrice = wire::Number::of(51, 2);
  stop.order.parentId = id;
  (void)probe.send(stop);
  const bool parent = status_of(probe, id) != nullptr;
  probe.listen(0.5);
  const bool child = probe.count("orderStatus", stop_id) > 0;
  const bool gone = take_back(probe, id);
  probe.listen(0.5);
  if (!parent || !child) return failed(parent ? "no status of the child" : "no status of the parent");
  if (!gone) return failed("no confirmation of the cancel");
  return probe.count("error", stop_id) > 0 ? passed() : failed("the child outlived its parent");
}

Outcome shows_orders_to_others_when_they_ask(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  (void)probe.send(far_order(c, id));
  (void)status_of(probe, id);
  auto other = Probe::ready(c.endpoint, c.client + 2);
  if (!other) return (void)take_back(probe, id), failed(other.error().text);
  (void)other->send(wire::ReqOpenOrders{});
  (void)other->await("openOrderEnd");
  const auto own = other->count("openOrder", id);
  (void)other->send(wire::ReqAllOpenOrders{});
  (void)other->await("openOrderEnd");
  const auto all = other->count("openOrder", id);
  (void)take_back(probe, id);
  if (own != 0) return failed("reqOpenOrders shows another client's order");
  return all > 0 ? passed() : failed("reqAllOpenOrders does not show another client's order");
}

Outcome warns_when_the_time_in_force_is_left_out(const Conditions& c, Probe& probe) {
  const auto id = fresh_id(probe);
  auto bare = far_order(c, id);
  bare.order.tif = "";
  (void)probe.send(bare);
  const auto* heard = status_of(probe, id);
  (void)take_back(probe, id);
  if (!heard) return failed("no status");
  return passed(probe.count("error", id) > 0 ? "and says that it became DAY" : "without a word");
}

}  // namespace

const std::vector<Card>& order_cards() {
  static const std::vector<Card> cards{
      {"O01", "answers a what-if with margin and nothing else", true, answers_a_what_if},
      {"O02", "accepts an order, gives it a permId, cancels it", true, accepts_rests_and_cancels},
      {"O03", "modifies an order under the same permId", true, modifies_under_one_perm_id},
      {"O04", "refuses the id of an order that ended", true, refuses_an_id_used_before},
      {"O05", "says so when what is cancelled never was", true, cancels_nothing_that_never_was},
      {"O06", "says so when what is cancelled was cancelled", true, cancels_nothing_twice},
      {"O07", "refuses a price off the grid (110)", true, refuses_a_price_off_the_grid},
      {"O08", "refuses an order type it does not know", true, refuses_what_it_does_not_know},
      {"O09", "holds a family until its last order is transmitted", true, holds_a_family_until_its_last_order},
      {"O10", "shows orders to other clients when they ask for all", true, shows_orders_to_others_when_they_ask},
      {"O11", "takes an order without a time in force", true, warns_when_the_time_in_force_is_left_out},
  };
  return cards;
}

}  // namespace robo::apps::conformance
