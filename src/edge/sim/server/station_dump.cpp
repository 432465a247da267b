// Everything that is true at the simulated IB, as JSON.

#include <boost/json.hpp>

#include "edge/sim/server/station.hpp"

namespace robo::sim {

namespace bj = boost::json;

std::string Station::dump() const {
  bj::object state;
  state["now"] = to_text(now_);
  state["connected_to_ib"] = connected_;
  state["read_only"] = settings_.read_only;
  state["competing_session"] = competing_;
  state["market_farm_up"] = market_farm_up_;
  state["history_farm_up"] = history_farm_up_;
  state["events_played"] = replay_.played();
  state["rules_waiting"] = tampering_.rules() + timed_.size() + rejections_.size();
  state["messages_held"] = tampering_.held();
  bj::array clients;
  for (const Client* client : clients_) {
    clients.push_back(bj::object{{"id", client->id},
                                 {"running", client->running()},
                                 {"version", client->version},
                                 {"level1", client->level1.size()},
                                 {"tick_by_tick", client->ticks.size()},
                                 {"depth", client->depth.size()},
                                 {"bars", client->bars.size()},
                                 {"bytes_waiting", client->out.size()},
                                 {"strikes", client->strikes}});
  }
  state["clients"] = std::move(clients);
  bj::array orders;
  for (const auto& order : served_) {
    const bool lives = order.slot != no_slot;
    orders.push_back(bj::object{{"client", order.client},
                                {"order", order.id},
                                {"perm_id", order.perm_id.value},
                                {"order_ref", order.order_ref},
                                {"symbol", contracts_[order.instrument].symbol.view()},
                                {"side", order.side == Side::Buy ? "BUY" : "SELL"},
                                {"type", order.order_type},
                                {"quantity", to_text(lives ? broker_.order(order.slot).quantity : order.quantity)},
                                {"filled", to_text(lives ? broker_.order(order.slot).filled : order.filled)},
                                {"status", status_of(lives ? broker_.order(order.slot).state : order.state)},
                                {"status_told", status_of(order.state)},
                                {"manual", order.from_manual}});
  }
  state["orders"] = std::move(orders);
  bj::array executions;
  for (const auto& e : executions_) {
    const auto& order = served_[e.order];
    executions.push_back(bj::object{{"execution", e.id},
                                    {"client", order.client},
                                    {"order", order.id},
                                    {"order_ref", order.order_ref},
                                    {"perm_id", order.perm_id.value},
                                    {"symbol", contracts_[e.instrument].symbol.view()},
                                    {"side", e.side == Side::Buy ? "BOT" : "SLD"},
                                    {"quantity", to_text(e.quantity)},
                                    {"price", to_text(e.price)},
                                    {"commission", to_text(e.commission)},
                                    {"at", to_text(e.at)}});
  }
  state["executions"] = std::move(executions);
  bj::array positions;
  for (const auto& instrument : contracts_.all()) {
    const auto& holding = broker_.account().holding(instrument.id);
    if (holding.quantity.is_zero() && holding.realized.is_zero()) continue;
    positions.push_back(bj::object{{"symbol", instrument.symbol.view()},
                                   {"local_symbol", instrument.local_symbol.view()},
                                   {"quantity", to_text(holding.quantity)},
                                   {"average_cost", to_text(holding.average_cost())},
                                   {"realized", to_text(holding.realized)}});
  }
  state["positions"] = std::move(positions);
  bj::object cash;
  for (const auto& balance : broker_.account().cash()) cash[balance.currency.view()] = to_text(balance.amount);
  state["cash"] = std::move(cash);
  bj::array market;
  for (const auto& instrument : contracts_.all()) {
    const auto touch = broker_.matcher().touch(instrument.id);
    const auto last = broker_.matcher().last(instrument.id);
    if (touch.bid.is_zero() && touch.ask.is_zero() && last.is_zero()) continue;
    market.push_back(bj::object{{"symbol", instrument.symbol.view()},
                                {"bid", to_text(touch.bid)},
                                {"ask", to_text(touch.ask)},
                                {"last", to_text(last)},
                                {"halted", broker_.matcher().phase(instrument.id) == TradingPhase::Halted},
                                {"pinned", pinned_.contains(instrument.id)}});
  }
  state["market"] = std::move(market);
  return bj::serialize(state);
}

}  // namespace robo::sim
