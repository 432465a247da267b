// Options over a real socket: chains, quotes by the stated model, orders, exercise, and the night they expire.

#include <fstream>
#include <set>
#include <sstream>

#include "day.hpp"
#include "edge/sim/options/black_scholes.hpp"
#include "edge/sim/server/station.hpp"
#include "support/told_market.hpp"

namespace robo::sim {
namespace {

using namespace scene;

TEST(BlackScholes, prices_a_textbook_option_and_its_greeks) {
  // Hull's customary example: 100, 100, a year, 5 %, 20 %.
  const auto call = black_scholes({OptionRight::Call, 100, 1, 0.05}, 100, 0.20);
  EXPECT_NEAR(call.price, 10.4506, 1e-4);
  EXPECT_NEAR(call.delta, 0.6368, 1e-4);
  EXPECT_NEAR(call.gamma, 0.018762, 1e-6);
  EXPECT_NEAR(call.vega, 0.37524, 1e-5);
  EXPECT_NEAR(call.theta * 365, -6.4140, 1e-4);
  const auto put = black_scholes({OptionRight::Put, 100, 1, 0.05}, 100, 0.20);
  EXPECT_NEAR(put.price, 5.5735, 1e-4);
  EXPECT_NEAR(call.price - put.price, 100 - 100 * std::exp(-0.05), 1e-9) << "parity";
  EXPECT_DOUBLE_EQ(black_scholes({OptionRight::Call, 100, 0, 0.05}, 101.5, 0.20).price, 1.5) << "at its end it is worth its exercise";
}

TEST(BlackScholes, finds_the_volatility_that_makes_a_price_and_none_below_the_exercise_value) {
  for (const auto right : {OptionRight::Call, OptionRight::Put})
    for (const double strike : {80.0, 100.0, 125.0})
      for (const double volatility : {0.08, 0.30, 1.5}) {
        const OptionTerms terms{right, strike, 0.2, 0.03};
        const double price = black_scholes(terms, 100, volatility).price;
        if (price < 1e-6) continue;
        ASSERT_TRUE(implied_volatility(terms, 100, price)) << strike << " " << volatility;
        EXPECT_NEAR(black_scholes(terms, 100, *implied_volatility(terms, 100, price)).price, price, 1e-7);
      }
  EXPECT_FALSE(implied_volatility({OptionRight::Call, 100, 0.2, 0.03}, 120, 19.0));
  EXPECT_TRUE(implied_volatility({OptionRight::Call, 100, 0.2, 0.03}, 120, 21.0));
}

wire::Contract option(std::string_view expiry, double strike, std::string_view right) {
  wire::Contract c = xxx();
  c.secType = "OPT", c.lastTradeDateOrContractMonth = expiry, c.right = right;
  if (strike > 0) c.strike = wire::Number::from(usd(strike));
  return c;
}

TEST(Options, are_listed_on_a_stock_by_friday_and_strike) {
  Running tws;
  WireClient client(tws.server.port());
  client.send(wire::ReqSecDefOptParams{.reqId = 5, .underlyingSymbol = "XXX", .futFopExchange = "", .underlyingSecType = "STK", .underlyingConId = 1000});
  ASSERT_TRUE(client.until_name("securityDefinitionOptionParameterEnd"));
  EXPECT_EQ(client.count("securityDefinitionOptionParameter"), 2u) << "SMART and an exchange";
  const auto& chain = client.last("securityDefinitionOptionParameter")->text;
  EXPECT_TRUE(chain.starts_with("CBOE XXX 100 20180105 20180112 ")) << chain;
  EXPECT_NE(chain.find(" 9.5 10.0 10.5 "), std::string::npos) << chain;
  client.send(wire::ReqContractDetails{.reqId = 6, .contract = option("20180105", 0, "C")});
  ASSERT_TRUE(client.until_name("contractDetailsEnd"));
  EXPECT_EQ(client.count("contractDetails"), 21u) << "ten strikes on either side of 10";
  client.send(wire::ReqContractDetails{.reqId = 7, .contract = option("20180105", 10, "")});
  ASSERT_TRUE(client.until_name("contractDetailsEnd"));
  EXPECT_EQ(client.count("contractDetails"), 23u) << "a call and a put, and no second ones of those that were there";
  client.send(wire::ReqContractDetails{.reqId = 8, .contract = option("20180106", 10, "C")});
  EXPECT_TRUE(client.until_code(200)) << "a Saturday";
  client.send(wire::ReqContractDetails{.reqId = 9, .contract = xxx()});
  ASSERT_TRUE(client.until_name("contractDetailsEnd"));
  EXPECT_EQ(client.count("contractDetails"), 24u) << "the stock is still one contract";
  std::set<std::int32_t> ids;
  for (const auto& h : client.heard)
    if (h.name == "contractDetails") ids.insert(h.con_id);
  EXPECT_EQ(ids.size(), 23u) << "a call that was told twice, and every contract under a number of its own";
}

TEST(Options, are_quoted_with_the_volatility_their_prices_imply_and_trade_like_anything_else) {
  for (const int version : {200, 226}) {
    Running tws;
    WireClient client(tws.server.port(), version);
    ASSERT_TRUE(client.until_name("nextValidId"));
    client.send(wire::ReqMktData{.reqId = 5, .contract = option("20180202", 10, "C")});
    ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "tickOptionComputation" && h.text.starts_with("13 0.25"); }));
    double bid_volatility = 0, ask_volatility = 0, delta = 0;
    for (const auto& h : client.heard)
      if (h.name == "tickOptionComputation") std::sscanf(h.text.c_str(), h.text.starts_with("10 ") ? "10 %lf" : "11 %lf %lf", h.text.starts_with("10 ") ? &bid_volatility : &ask_volatility, &delta);
    EXPECT_LT(bid_volatility, 0.25);
    EXPECT_GT(ask_volatility, 0.25);
    EXPECT_GT(delta, 0.4);
    EXPECT_LT(delta, 0.8);
    auto buy = order(1, "BUY", 3, "MKT");
    buy.contract = option("20180202", 10, "C");
    client.send(buy);
    ASSERT_TRUE(client.until_name("commissionReport"));
    ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Filled 3/0"); }) || client.last("orderStatus")->text.starts_with("Filled"));
    client.send(wire::ReqPositions{});
    ASSERT_TRUE(client.until_name("positionEnd"));
    EXPECT_TRUE(client.last("position")->text.starts_with("XXX 3 ")) << client.last("position")->text;
  }
}

TEST(Options, are_computed_on_demand_and_placeholders_stand_for_what_has_no_answer) {
  Running tws;
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  const auto contract = option("20180202", 10, "P");
  client.send(wire::CalculateOptionPrice{.reqId = 5, .contract = contract, .volatility = wire::Number::of(30, 2), .underPrice = wire::Number::of(11)});
  ASSERT_TRUE(client.until_name("tickOptionComputation"));
  double volatility = 0, delta = 0, price = 0;
  ASSERT_EQ(std::sscanf(client.last("tickOptionComputation")->text.c_str(), "53 %lf %lf %lf", &volatility, &delta, &price), 3) << client.last("tickOptionComputation")->text;
  EXPECT_DOUBLE_EQ(volatility, 0.30);
  EXPECT_LT(delta, 0);
  client.send(wire::CalculateImpliedVolatility{.reqId = 6, .contract = contract, .optionPrice = wire::Number::of(std::llround(price * 1e8), 8), .underPrice = wire::Number::of(11)});
  ASSERT_TRUE(client.until_name("tickOptionComputation"));
  double back = 0;
  ASSERT_EQ(std::sscanf(client.last("tickOptionComputation")->text.c_str(), "53 %lf", &back), 1);
  EXPECT_NEAR(back, 0.30, 1e-5);
  client.send(wire::CalculateImpliedVolatility{.reqId = 7, .contract = contract, .optionPrice = wire::Number::of(50), .underPrice = wire::Number::of(11)});
  ASSERT_TRUE(client.until_name("tickOptionComputation"));
  EXPECT_TRUE(client.last("tickOptionComputation")->text.starts_with("53 -1.0 -2.0 50.0 -2.0 -2.0 -2.0 11.0")) << client.last("tickOptionComputation")->text;
  client.send(wire::CalculateOptionPrice{.reqId = 8, .contract = xxx(), .volatility = wire::Number::of(30, 2), .underPrice = wire::Number::of(11)});
  EXPECT_TRUE(client.until_code(321));
}

/// Friday the 5th of January 2018 and the Monday after: XXX trades at 10.00 until noon and ends the week at `close`.
class TwoDays final : public test::ToldMarket {
 public:
  explicit TwoDays(double close) {
    Instrument one = stock(0);
    one.calendar = "NYSE", one.primary_exchange = "NYSE";
    instruments_ = {one};
    const auto say = [&](Timestamp at, double p) {
      Quote q;
      q.bid = usd(p - 0.01), q.ask = usd(p + 0.01), q.bid_size = q.ask_size = shares(5000);
      events_.push_back({at, at, q});
      Trade t;
      t.price = usd(p), t.size = shares(100), t.venue = 'N';
      events_.push_back({at, at, t});
    };
    const Timestamp friday = open + hours(72);
    for (int minute = 0; minute < 390; ++minute) say(friday + minutes(minute), minute < 150 ? 10.00 : close);
    for (int minute = 0; minute < 30; ++minute) say(friday + hours(72) + minutes(minute), close);
  }
};

struct Weekend {
  explicit Weekend(double close) : server(std::make_unique<TwoDays>(close), settings(), fees()) {
    if (const auto started = server.start(); !started) throw std::runtime_error(started.error().text);
    client = std::make_unique<WireClient>(server.port(), 200, 0);
    EXPECT_TRUE(client->until_name("nextValidId"));
    client->send(wire::ReqAutoOpenOrders{.autoBind = true});  // who sees everything
    to(friday + minutes(30));
  }
  static ServerSettings settings() {
    ServerSettings s;
    s.port = 0;
    s.skip_gaps = false;
    s.level1_interval = milliseconds(10);
    std::ifstream file(ROBO_SOURCE_DIR "/data/calendars/NYSE.csv");
    std::stringstream text;
    text << file.rdbuf();
    s.calendars = {*Calendar::parse(text.str(), "NYSE.csv")};
    return s;
  }
  static constexpr Timestamp friday = open + hours(72);
  /// Lets the market run to this moment.
  void to(Timestamp at) {
    client->send(wire::ReqCurrentTime{});
    ASSERT_TRUE(client->until_name("currentTime"));
    const auto now = std::stoll(client->last("currentTime")->text);
    (void)server.inject("advance seconds=" + std::to_string(at.ns / 1'000'000'000 - now));
  }
  void trade(std::int32_t id, std::string_view action, double strike, std::string_view right) {
    auto ticket = order(id, action, 2, "MKT");
    ticket.contract = option("20180105", strike, right);
    client->send(ticket);
    if (client->until([&](const Heard& h) { return h.name == "orderStatus" && h.about == id && h.text.starts_with("Filled"); })) return;
    for (const auto& h : client->heard) ADD_FAILURE() << h.name << " " << h.about << " " << h.code << " " << h.text;
  }
  std::string positions() {
    client->heard.clear();
    client->send(wire::ReqPositions{});
    EXPECT_TRUE(client->until_name("positionEnd"));
    client->send(wire::CancelPositions{});
    std::string out;
    for (const auto& h : client->heard)
      if (h.name == "position") out += h.text.substr(0, h.text.rfind(' ')) + ";";
    return out;
  }
  GatewayServer server;
  std::unique_ptr<WireClient> client;
};

TEST(Options, in_the_money_by_a_cent_are_exercised_and_assigned_in_the_night_and_the_rest_is_worth_nothing) {
  Weekend week(10.51);
  week.trade(1, "BUY", 10.5, "C");   // a cent in the money at the close
  week.trade(2, "SELL", 10, "C");    // assigned: 200 shares are called away
  week.trade(3, "BUY", 10, "P");     // worthless
  EXPECT_EQ(week.positions(), "XXX 2;XXX -2;XXX 2;");
  week.client->heard.clear();
  week.to(Weekend::friday + hours(72) + minutes(5));
  ASSERT_TRUE(week.client->until([](const Heard& h) { return h.name == "execDetails" && h.text.starts_with("SLD 200 @ 10.0 "); })) << "called away at the strike";
  week.client->listen(100);
  const auto executed = [&](std::string_view words) {
    return std::ranges::any_of(week.client->heard, [&](const Heard& h) { return h.name == "execDetails" && h.text.starts_with(words); });
  };
  EXPECT_TRUE(executed("BOT 200 @ 10.5 ")) << "the long call takes 200 in at its strike";
  EXPECT_TRUE(executed("SLD 2 @ 0.0 ")) << "the options go for nothing";
  EXPECT_TRUE(executed("BOT 2 @ 0.0 "));
  EXPECT_EQ(week.positions(), "") << "200 in, 200 out, and no option is left";
  week.client->send(wire::ReqContractDetails{.reqId = 9, .contract = option("20180105", 10, "C")});
  EXPECT_TRUE(week.client->until_code(200)) << "it is gone";
}

TEST(Options, at_the_strike_are_not_exercised_and_a_lapsed_one_never) {
  Weekend week(10.50);
  week.trade(1, "BUY", 10.5, "C");  // at the money to the cent
  week.trade(2, "BUY", 10, "C");    // in the money, and its owner says no
  week.client->send(wire::ExerciseOptions{.reqId = 70, .contract = option("20180105", 10, "C"), .exerciseAction = 2, .exerciseQuantity = 2, .account = "DU1234567", .override = 0});
  EXPECT_EQ(week.positions(), "XXX 2;XXX 2;");
  week.to(Weekend::friday + hours(72) + minutes(5));
  week.client->listen(200);
  EXPECT_EQ(week.positions(), "");
}

TEST(Options, are_exercised_early_when_they_are_held_and_in_the_money_or_the_owner_insists) {
  Weekend week(10.51);
  week.trade(1, "BUY", 9.5, "C");
  week.trade(2, "BUY", 10.5, "C");
  const auto exercise = [&](double strike, std::int32_t quantity, std::int32_t override) {
    week.client->send(wire::ExerciseOptions{.reqId = 70, .contract = option("20180105", strike, "C"), .exerciseAction = 1, .exerciseQuantity = quantity, .account = "DU1234567", .override = override});
  };
  exercise(9.5, 3, 0);
  EXPECT_TRUE(week.client->until_code(322)) << "two are held";
  week.client->heard.clear();
  exercise(10.5, 1, 0);
  EXPECT_TRUE(week.client->until_code(322)) << "XXX is at 10.00";
  exercise(9.5, 2, 0);
  ASSERT_TRUE(week.client->until([](const Heard& h) { return h.name == "execDetails" && h.text.starts_with("BOT 200 @ 9.5 "); }));
  exercise(10.5, 1, 1);
  ASSERT_TRUE(week.client->until([](const Heard& h) { return h.name == "execDetails" && h.text.starts_with("BOT 100 @ 10.5 "); }));
  EXPECT_EQ(week.positions(), "XXX 300;XXX 1;");
}

}  // namespace
}  // namespace robo::sim
