#pragma once
// What the execution tests share: a scene whose puppet strategy wants in or out.

#include <gtest/gtest.h>

#include "support/scene.hpp"

namespace robo::test {

inline KernelConfig small_config() {
  KernelConfig config;
  config.ensemble.no_trade_band = 0.05;
  return config;
}

class DeskScene : public Scene {
 public:
  explicit DeskScene(TradingMode mode = TradingMode::Paper, KernelConfig config = small_config(), Money day_loss = {}) : Scene(config, mode, day_loss) {
    if (mode != TradingMode::Backtest) connect();
    quote(price(100), price(100, 2));
  }
  /// The strategy wants in; returns the orders that this brought.
  std::vector<OrderIntent> want(double score, Price stop = {}, Price target = {}, bool exit = false) {
    const auto before = orders().size();
    opinion({.instrument = InstrumentId{0}, .score = score, .confidence = 0.9, .horizon = hours(8), .stop_distance = stop, .target_distance = target,
             .exit = exit, .why = "test"});
    wait(milliseconds(50));
    quote_again();
    auto all_orders = orders();
    return {all_orders.begin() + static_cast<std::ptrdiff_t>(before), all_orders.end()};
  }
  std::vector<OrderIntent> leave() { return want(0, {}, {}, true); }
  void quote_again() { quote(best_bid, best_ask); }
  void market(Price new_bid, Price new_ask) {
    best_bid = new_bid, best_ask = new_ask;
    quote_again();
  }
  /// Keeps the market alive while time passes.
  void wait_quoting(Duration duration, Duration every = milliseconds(500)) {
    const auto until = now + duration;
    while (now < until) {
      wait(std::min(every, until - now));
      quote_again();
    }
  }
  /// A whole entry: submitted, acknowledged, filled.
  OrderIntent enter(double score = 0.9, Price stop = {}, Price target = {}) {
    const auto sent = want(score, stop, target);
    EXPECT_FALSE(sent.empty());
    for (const auto& order : sent) status(order, order.parent ? OrderState::PreSubmitted : OrderState::Submitted);
    fill(sent[0], sent[0].quantity, std::get<Limit>(sent[0].kind).price, "E" + std::to_string(++fills) + ".01");
    return sent[0];
  }
  [[nodiscard]] std::vector<OrderIntent> sent_since(std::size_t count) const {
    auto all_orders = orders();
    return {all_orders.begin() + static_cast<std::ptrdiff_t>(count), all_orders.end()};
  }
  [[nodiscard]] OrderState state(const OrderIntent& intent) const { return order(intent).state; }
  [[nodiscard]] std::size_t cancels(const OrderIntent& intent) const {
    std::size_t n = 0;
    for (const auto& cancel : all<CancelOrder>()) n += cancel.key == intent.key;
    return n;
  }
  [[nodiscard]] bool noted(NoteKind kind) const {
    for (const auto& note : told<Noted>())
      if (note.kind == kind) return true;
    return false;
  }

  Price best_bid = price(100), best_ask = price(100, 2);
  int fills = 0;
};

}  // namespace robo::test
