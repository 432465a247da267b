#pragma once
// One scripted day of a stock and a coin behind a gateway simulator, and our client at the other end of a real socket. Both live
// in the same virtual time, which turn() moves.

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <sstream>

#include "edge/ib/client.hpp"
#include "edge/sim/server/server.hpp"
#include "edge/sim/server/station.hpp"
#include "model/order_ticket.hpp"
#include "support/told_market.hpp"

namespace robo::risk {
/// The tests' own gate: they want to see what IB says, not what our limits say.
class Gate {
 public:
  static ApprovedOrder pass(const OrderIntent& intent, Timestamp at) { return ApprovedOrder(intent, at); }
};
}  // namespace robo::risk

namespace robo::orders {

inline constexpr InstrumentId xxx{0}, btc{1}, yyy{2}, spread{3};
inline constexpr Timestamp open{1'514'903'400'000'000'000};   // 2018-01-02 9:30 in New York
inline constexpr Timestamp close = open + hours(6) + minutes(30);
inline Price usd(double p) { return Price::nearest(p); }

inline Instrument stock() {
  Instrument i;
  i.id = xxx;
  i.contract = ContractId{1001};
  i.asset_class = AssetClass::Stock;
  i.symbol = "XXX", i.exchange = "SMART", i.primary_exchange = "NYSE", i.currency = "USD", i.calendar = "NYSE";
  i.local_symbol = "XXX";
  i.ticks = TickTable::flat(usd(0.01));
  i.size_increment = shares(1);
  i.origin = DataOrigin::Recorded;
  return i;
}
inline Instrument coin() {
  Instrument i = stock();
  i.id = btc;
  i.contract = ContractId{1002};
  i.asset_class = AssetClass::Crypto;
  i.symbol = "BTC", i.exchange = "PAXOS", i.primary_exchange = {}, i.calendar = {}, i.local_symbol = "BTC";
  i.ticks = TickTable::flat(usd(0.1));
  i.size_increment = Quantity::from_raw(1000);
  return i;
}

inline Instrument other_stock() {
  Instrument i = stock();
  i.id = yyy;
  i.contract = ContractId{1003};
  i.symbol = i.local_symbol = "YYY";
  return i;
}
/// Two of the one against one of the other: pays 0.04 to take, brings -0.04 to give, while XXX is at 10.00.
inline Instrument two_for_one() {
  Instrument i = stock();
  i.id = spread;
  i.contract = {};
  i.asset_class = AssetClass::Combo;
  i.symbol = "XXX,YYY", i.local_symbol = {}, i.primary_exchange = {};
  i.legs[0] = {ContractId{1001}, 2}, i.legs[1] = {ContractId{1003}, -1};
  i.leg_count = 2;
  return i;
}

/// 9:00 pre-market; 9:30 opening print at 10.00; 10.00-10.02 until 10:30, 10.60-10.62 until 11:00, 9.50-9.52 until 11:30, then
/// 10.00-10.02 again; the closing print at 16:00:05 is 10.55. A trade of 100 in the middle every two seconds. YYY is at 20.00-20.04 all day, 300 a side.
class Day final : public test::ToldMarket {
 public:
  Day() {
    instruments_ = {stock(), coin(), other_stock()};
    for (Timestamp at = open - minutes(30); at < close + minutes(10); at = at + seconds(2)) {
      const auto since = at - open;
      const double bid = since >= minutes(60) && since < minutes(90) ? 10.60 : since >= minutes(90) && since < minutes(120) ? 9.50 : 10.00;
      Quote q;
      q.instrument = xxx, q.bid = usd(bid), q.ask = usd(bid + 0.02), q.bid_size = q.ask_size = shares(100'000), q.bid_venue = q.ask_venue = 'N';
      events_.push_back({at, at, q});
      Trade t;
      t.instrument = xxx, t.price = usd(bid + 0.01), t.size = shares(100), t.venue = 'N';
      if (at == open) t.price = usd(10.00), t.size = shares(50'000), t.conditions = trade_condition::auction;
      if (at == close + seconds(6)) t.price = usd(10.55), t.size = shares(80'000), t.conditions = trade_condition::auction;
      if (at < close || t.conditions != 0) events_.push_back({at, at, t});
      Quote c;
      c.instrument = btc, c.bid = usd(100.0), c.ask = usd(100.1), c.bid_size = c.ask_size = shares(10);
      events_.push_back({at, at, c});
      Quote y;
      y.instrument = yyy, y.bid = usd(20.00), y.ask = usd(20.04), y.bid_size = y.ask_size = shares(300), y.bid_venue = y.ask_venue = 'N';
      events_.push_back({at, at, y});
    }
  }
};

inline Calendar nyse() {
  std::ifstream file(ROBO_SOURCE_DIR "/data/calendars/NYSE.csv");
  std::stringstream text;
  text << file.rdbuf();
  auto calendar = Calendar::parse(text.str(), "NYSE.csv");
  if (!calendar) throw std::runtime_error(calendar.error().text);
  return *calendar;
}

class Street {
 public:
  struct Told {
    OrderState state{};
    std::int32_t code{};
    Quantity filled{}, quantity{};
    std::string text{};
    double paid = 0, bought = 0;
    std::vector<Execution> executions{};
    [[nodiscard]] double average() const { return bought > 0 ? paid / bought : 0; }
  };

  explicit Street(bool price_bands = false) {
    std::filesystem::remove_all(state_);
    sim::ServerSettings settings;
    settings.port = 0;
    settings.calendars = {nyse()};
    settings.broker.active_orders_max = 0;
    settings.broker.crypto_as_at_ib = true;
    settings.limits.messages_per_second = 10'000;
    settings.price_bands = price_bands;
    auto fees = sim::FeeTable::load(ROBO_SOURCE_DIR "/data/fees/ib.csv");
    if (!fees) throw std::runtime_error(fees.error().text);
    server_ = std::make_unique<sim::GatewayServer>(std::make_unique<Day>(), settings, *fees);
    if (const auto started = server_->start_stepped(); !started) throw std::runtime_error(started.error().text);
    clock_.at = open - minutes(29);
    client_settings_.link.port = server_->port();
    client_settings_.link.messages_per_second = 5'000;
    client_settings_.mode = TradingMode::Demo;
    client_settings_.state_folder = state_;
    client_settings_.calendars = {nyse()};
    client_ = std::make_unique<ib::Client>(client_settings_, clock_);
    for (const auto& instrument : {stock(), coin(), other_stock(), two_for_one()}) client_->want(instrument, {.quotes = false});
    for (int i = 0; i < 2000 && client_->state() != GatewayState::Ready; ++i) turn(milliseconds(20));
    if (client_->state() != GatewayState::Ready) throw std::runtime_error("the client did not get ready");
  }
  ~Street() {
    client_.reset();
    std::filesystem::remove_all(state_);
  }

  OrderKey send(const Ticket& ticket, OrderKey parent = {}, bool transmit = true) {
    const auto& terms = kept_.emplace_back(ticket.terms());
    OrderIntent intent;
    intent.key = OrderKey{1, ++number_};
    instruments_[intent.key] = terms.instrument;
    intent.instrument = terms.instrument;
    intent.side = terms.side;
    intent.quantity = terms.quantity.is_zero() ? shares(1) : terms.quantity;
    intent.parent = parent;
    intent.transmit = transmit;
    client_->send(SubmitOrder{risk::Gate::pass(intent, clock_.at), &terms});
    return intent.key;
  }
  /// What is true at the broker.
  [[nodiscard]] const sim::Broker& broker() const { return server_->station()->broker(); }
  std::function<void(const Event&)> listener{};  // hears everything our client tells
  std::string inject(std::string_view line) { return server_->inject(line); }
  void cancel(OrderKey key) { client_->send(CancelOrder{key}); }
  ib::Client& client() { return *client_; }
  /// Lets this much time pass.
  void turn(Duration d) {
    clock_.at = clock_.at + d;
    server_->turn(clock_.at);
    client_->work(clock_.at);
    server_->turn(clock_.at);
    Event event;
    while (client_->next(event)) {
      if (listener) listener(event);
      hear(event);
    }
  }
  void to(Timestamp until) {
    while (clock_.at < until) turn(std::min(seconds(2), until - clock_.at));
    for (int i = 0; i < 20; ++i) turn(milliseconds(1));
  }
  const Told& told(OrderKey key) { return told_[key]; }
  [[nodiscard]] Timestamp now() const { return clock_.at; }

 private:
  struct Clock final : runtime::Clock {
    Timestamp at{};
    Timestamp now() override { return at; }
  };
  void hear(const Event& event) {
    if (const auto* update = std::get_if<Boxed<OrderUpdate>>(&event.payload)) {
      auto& t = told_[(*update)->key];
      t.state = (*update)->state, t.filled = (*update)->filled, t.quantity = (*update)->quantity;
      if ((*update)->code != 0) t.code = (*update)->code, t.text = (*update)->text.view();
    } else if (const auto* execution = std::get_if<Boxed<Execution>>(&event.payload)) {
      auto& t = told_[(*execution)->key];
      t.executions.push_back(**execution);
      if ((*execution)->instrument != instruments_[(*execution)->key]) return;  // a leg
      t.bought += (*execution)->quantity.to_double();
      t.paid += (*execution)->quantity.to_double() * (*execution)->price.to_double();
    }
  }

  std::filesystem::path state_ = std::filesystem::temp_directory_path() / ("robo_orders_" + std::to_string(::getpid()));
  Clock clock_{};
  std::unique_ptr<sim::GatewayServer> server_;
  ib::ClientSettings client_settings_{};
  std::unique_ptr<ib::Client> client_;
  std::deque<TicketTerms> kept_{};
  std::map<OrderKey, Told> told_{};
  std::map<OrderKey, InstrumentId> instruments_{};
  std::uint64_t number_ = 0;
};

}  // namespace robo::orders
