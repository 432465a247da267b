#include "edge/sim/gateway.hpp"

#include <fstream>
#include <iterator>

#include "model/fact.hpp"
#include "scene.hpp"

namespace robo::risk {
/// The gate of these tests: everything may pass.
class Gate {
 public:
  static ApprovedOrder stamp(const OrderIntent& intent, Timestamp at) { return {intent, at}; }
};
}  // namespace robo::risk

namespace robo::sim {
namespace {

using namespace scene;

class Tape : public runtime::MarketSource {
 public:
  explicit Tape(std::vector<Instrument> instruments) : instruments_(std::move(instruments)) {}
  std::span<const Instrument> instruments() const override { return instruments_; }
  /// In stretches of three, through one buffer, as a reader of files does.
  std::span<const Event> next() override {
    buffer_.assign(events.begin() + static_cast<std::ptrdiff_t>(at_), events.begin() + static_cast<std::ptrdiff_t>(std::min(at_ + 3, events.size())));
    at_ += buffer_.size();
    return buffer_;
  }
  void rewind() override { at_ = 0; }
  void quote(Timestamp at, double bid, double ask, double size = 1000) {
    Quote q;
    q.bid = usd(bid), q.ask = usd(ask), q.bid_size = q.ask_size = Quantity::nearest(size);
    events.push_back({at, at, q});
  }
  void trade(Timestamp at, double p, double size) {
    Trade t;
    t.price = usd(p), t.size = Quantity::nearest(size);
    events.push_back({at, at, t});
  }
  std::vector<Event> events;

 private:
  std::vector<Instrument> instruments_;
  std::vector<Event> buffer_;
  std::size_t at_ = 0;
};

const Timestamp open{1'514'903'400'000'000'000};  // 2018-01-02 14:30 UTC, 9:30 in New York

OrderIntent intent(std::uint64_t number, Side side, double quantity, OrderKind kind) {
  OrderIntent i;
  i.key = {7, number};
  i.side = side;
  i.quantity = Quantity::nearest(quantity);
  i.kind = kind;
  return i;
}
SubmitOrder submit(const OrderIntent& i, Timestamp at) { return {risk::Gate::stamp(i, at)}; }

std::string describe(const Event& e) {
  std::string text = to_text(e.at) + " ";
  std::visit(overload{[&](const Quote& q) { text += "quote " + to_text(q.bid); }, [&](const Trade& t) { text += "trade " + to_text(t.price); },
                      [&](Boxed<OrderUpdate> u) { text += "update " + std::to_string(int(u->state)) + " " + to_text(u->filled) + " " + std::to_string(u->code); },
                      [&](Boxed<Execution> x) { text += "execution " + std::string(x->id.view()) + " " + to_text(x->quantity) + " @ " + to_text(x->price); },
                      [&](Boxed<Commission> c) { text += "commission " + to_text(c->amount); },
                      [&](Boxed<PositionReport> p) { text += "position " + to_text(p->quantity); },
                      [&](Boxed<GatewayChanged> g) { text += "gateway " + std::to_string(int(g->state)); },
                      [&](const PhaseChange& p) { text += "phase " + std::to_string(int(p.phase)); }, [&](const auto&) { text += "other"; }},
             e.payload);
  return text;
}

SimGatewaySettings with(Latency latency) {
  SimGatewaySettings s;
  s.latency = latency;
  return s;
}

/// Reads until the gateway is over; `act` sees every event.
template <class Act>
std::vector<std::string> play(SimGateway& gateway, Act&& act) {
  std::vector<std::string> said;
  Event e;
  while (gateway.next(e)) {
    said.push_back(describe(e));
    act(e);
  }
  EXPECT_TRUE(gateway.finished());
  return said;
}

TEST(SimGateway, tells_instruments_and_readiness_before_the_first_market_event) {
  Tape tape({stock()});
  tape.quote(open, 10.00, 10.02);
  SimGateway gateway(tape, {}, fees());
  std::vector<std::size_t> kinds;
  Event e;
  while (gateway.next(e)) kinds.push_back(e.payload.index());
  ASSERT_GE(kinds.size(), 5u);
  EXPECT_TRUE(std::holds_alternative<Quote>(e.payload));
  EXPECT_EQ(kinds.back(), 0u);
}

TEST(SimGateway, an_order_meets_the_market_of_its_arrival_and_its_answer_comes_later_still) {
  Tape tape({stock()});
  tape.quote(open, 10.00, 10.02);
  tape.quote(open + milliseconds(5), 10.10, 10.12);
  tape.quote(open + milliseconds(30), 11.00, 11.02);
  SimGateway gateway(tape, with({.feed = milliseconds(2), .entry = milliseconds(10), .response = milliseconds(3)}), fees());
  bool sent = false;
  Timestamp filled_at;
  Price paid;
  const auto said = play(gateway, [&](const Event& e) {
    if (std::holds_alternative<Quote>(e.payload) && !sent) {
      EXPECT_EQ(e.at, open + milliseconds(2));
      sent = true;
      gateway.send(submit(intent(1, Side::Buy, 100, robo::Market{}), e.at));
    }
    if (const auto* x = std::get_if<Boxed<Execution>>(&e.payload)) filled_at = e.at, paid = (*x)->price;
  });
  EXPECT_EQ(paid, usd(10.12)) << "sent at 2 ms, at the exchange at 12 ms: the quote of 5 ms holds";
  EXPECT_EQ(filled_at, open + milliseconds(15));
}

TEST(SimGateway, an_order_of_a_timer_meets_the_market_of_the_event_that_waits_whether_that_helps_or_hurts) {
  // The loop has taken the quote of 10 s from us and fires a timer of 1 s before it shows it to the kernel. The exchange has lived
  // through 10 s already: the order meets that market, which the kernel has not seen. It never meets the one of 1 s.
  for (const double later : {11.00, 9.00}) {
    Tape tape({stock()});
    tape.quote(open, 10.00, 10.02);
    tape.quote(open + seconds(10), later, later + 0.02);
    tape.quote(open + seconds(20), 10.00, 10.02);
    SimGateway gateway(tape, with({.feed = milliseconds(2), .entry = milliseconds(10), .response = milliseconds(3)}), fees());
    int quotes = 0;
    Timestamp filled_at;
    Price paid;
    play(gateway, [&](const Event& e) {
      if (std::holds_alternative<Quote>(e.payload) && ++quotes == 2) gateway.send(submit(intent(1, Side::Buy, 100, robo::Market{}), open + seconds(1)));
      if (const auto* x = std::get_if<Boxed<Execution>>(&e.payload)) filled_at = e.at, paid = (*x)->price;
    });
    EXPECT_EQ(paid, usd(later + 0.02));
    EXPECT_GE(filled_at, open + seconds(10));
  }
}

TEST(SimGateway, time_never_goes_back_and_the_same_run_says_the_same_words) {
  const auto run = [](std::uint64_t seed) {
    Tape tape({stock()});
    for (int i = 0; i < 500; ++i) {
      tape.quote(open + milliseconds(7 * i), 10.00 + 0.01 * (i % 17), 10.02 + 0.01 * (i % 17));
      tape.trade(open + milliseconds(7 * i + 3), 10.01 + 0.01 * (i % 13), 100 + i);
    }
    SimGateway gateway(tape, with({.feed = milliseconds(1), .entry = milliseconds(4), .response = milliseconds(2), .jitter = 0.5, .seed = seed}), fees());
    std::uint64_t number = 0;
    Timestamp last{};
    return play(gateway, [&](const Event& e) {
      EXPECT_GE(e.at, last);
      last = e.at;
      if (std::holds_alternative<Quote>(e.payload) && ++number % 9 == 0)
        gateway.send(submit(intent(number, number % 2 ? Side::Buy : Side::Sell, 100, robo::Limit{usd(10.05)}), e.at));
      if (std::holds_alternative<Trade>(e.payload) && number % 31 == 0) gateway.send(CancelOrder{{7, number - number % 9}});
    });
  };
  const auto first = run(1), again = run(1), other = run(2);
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other);
  EXPECT_GT(first.size(), 1100u);
}

TEST(SimGateway, a_refused_order_is_told_with_ibs_code) {
  Tape tape({stock()});
  tape.quote(open, 10.00, 10.02);
  tape.quote(open + milliseconds(50), 10.00, 10.02);
  SimGateway gateway(tape, {}, fees());
  std::vector<std::int32_t> codes;
  bool sent = false;
  play(gateway, [&](const Event& e) {
    if (std::holds_alternative<Quote>(e.payload) && !sent) {
      sent = true;
      gateway.send(submit(intent(1, Side::Buy, 100, robo::Limit{usd(10.015)}), e.at));
      auto child = intent(2, Side::Sell, 100, Stop{usd(9)});
      child.parent = {7, 1};
      gateway.send(submit(child, e.at));
    }
    if (const auto* u = std::get_if<Boxed<OrderUpdate>>(&e.payload)) {
      EXPECT_EQ((*u)->state, OrderState::Rejected);
      codes.push_back((*u)->code);
    }
  });
  EXPECT_EQ(codes, (std::vector<std::int32_t>{110, 10006}));
}

TEST(SimGateway, reconciliation_shows_working_orders_and_positions) {
  Tape tape({stock()});
  for (int i = 0; i < 4; ++i) tape.quote(open + milliseconds(10 * i), 10.00, 10.02);
  SimGateway gateway(tape, {}, fees());
  int quotes = 0, orders = 0, positions = 0, ended = 0;
  play(gateway, [&](const Event& e) {
    if (std::holds_alternative<Quote>(e.payload)) {
      ++quotes;
      if (quotes == 1) {
        gateway.send(submit(intent(1, Side::Buy, 100, robo::Market{}), e.at));
        gateway.send(submit(intent(2, Side::Buy, 100, robo::Limit{usd(9.50)}), e.at));
      }
      if (quotes == 3) gateway.send(Reconcile{42});
    }
    if (const auto* u = std::get_if<Boxed<OrderUpdate>>(&e.payload); u && (*u)->from_reconciliation) {
      ++orders;
      EXPECT_EQ((*u)->key.number, 2u);
    }
    if (const auto* p = std::get_if<Boxed<PositionReport>>(&e.payload); p && (*p)->from_reconciliation) {
      ++positions;
      EXPECT_EQ((*p)->quantity, shares(100));
    }
    if (const auto* r = std::get_if<ReconciliationEnded>(&e.payload); r && r->number == 42) {
      ++ended;
      EXPECT_TRUE(r->complete);
    }
  });
  EXPECT_EQ(orders, 1);
  EXPECT_EQ(positions, 1);
  EXPECT_EQ(ended, 1);
}

TEST(SimGateway, sessions_turn_by_the_calendar) {
  std::ifstream file(ROBO_SOURCE_DIR "/data/calendars/NYSE.csv");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  auto calendar = Calendar::parse(text);
  ASSERT_TRUE(calendar) << calendar.error().text;
  Instrument xxx = stock();
  xxx.calendar = "NYSE";
  Tape tape({xxx});
  tape.quote(open - minutes(5), 10.00, 10.02);
  tape.quote(open + milliseconds(1), 10.00, 10.02);
  tape.quote(open + hours(7), 10.00, 10.02);
  SimGatewaySettings settings;
  settings.calendars.push_back(*calendar);
  SimGateway gateway(tape, settings, fees());
  std::vector<std::pair<Timestamp, TradingPhase>> phases;
  OrderState last_state{};
  bool sent = false;
  play(gateway, [&](const Event& e) {
    if (const auto* p = std::get_if<PhaseChange>(&e.payload)) phases.emplace_back(e.at, p->phase);
    if (std::holds_alternative<Quote>(e.payload) && !sent) {
      sent = true;
      gateway.send(submit(intent(1, Side::Buy, 100, robo::Limit{usd(9.50)}), e.at));
    }
    if (const auto* u = std::get_if<Boxed<OrderUpdate>>(&e.payload)) last_state = (*u)->state;
  });
  const std::vector<std::pair<Timestamp, TradingPhase>> expected{
      {open - minutes(5), TradingPhase::PreMarket}, {open, TradingPhase::Regular}, {open + minutes(390), TradingPhase::PostMarket}};
  EXPECT_EQ(phases, expected);
  EXPECT_EQ(last_state, OrderState::Cancelled) << "a day order dies at four o'clock";
}

}  // namespace
}  // namespace robo::sim
