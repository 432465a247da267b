// Every status TWS has a word for, in its legal order; what it holds back by its precautionary settings; and price bands.

#include "day.hpp"
#include "edge/sim/exchange/price_bands.hpp"

namespace robo::sim {
namespace {

using namespace scene;

std::string words_of(const WireClient& client, std::int32_t id) {
  std::string out;
  for (const auto& h : client.heard) {
    if (h.about != id || h.name != "orderStatus") continue;
    const auto word = h.text.substr(0, h.text.find(' '));
    if (out.size() < word.size() || !out.ends_with(word)) out += (out.empty() ? "" : " ") + word;
  }
  return out;
}

TEST(StatusWords, an_order_is_ApiPending_then_PendingSubmit_then_at_IB) {
  Running tws;
  (void)tws.server.inject("hesitate orders=0.2");
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  EXPECT_EQ(words_of(client, 1), "ApiPending PendingSubmit Submitted");
  client.send(order(2, "BUY", 100, "MKT"));
  ASSERT_TRUE(client.until_name("commissionReport"));
  EXPECT_EQ(words_of(client, 2), "ApiPending PendingSubmit PreSubmitted Filled");
}

TEST(StatusWords, what_IB_never_heard_of_is_ApiCancelled_and_cannot_be_changed_meanwhile) {
  Running tws;
  (void)tws.server.inject("hesitate orders=60");
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until_name("orderStatus"));
  client.send(order(1, "BUY", 100, "LMT", 9.40));
  EXPECT_TRUE(client.until_code(2102));
  client.send(wire::ReqAllOpenOrders{});
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  EXPECT_TRUE(client.last("openOrder")->text.starts_with("ApiPending"));
  client.send(wire::CancelOrder{.orderId = 1});
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("ApiCancelled 0/100"); }));
  client.send(wire::CancelOrder{.orderId = 1});
  EXPECT_TRUE(client.until_code(10148)) << "it is over";
  client.heard.clear();
  client.send(wire::ReqAllOpenOrders{});
  ASSERT_TRUE(client.until_name("openOrderEnd"));
  EXPECT_EQ(client.count("openOrder"), 0u);
}

TEST(StatusWords, a_cancel_is_PendingCancel_until_it_is_done_and_may_come_too_late) {
  Running tws;
  (void)tws.server.inject("hesitate cancels=0.2");
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  client.send(order(1, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.name == "orderStatus" && h.text.starts_with("Submitted"); }));
  client.send(wire::CancelOrder{.orderId = 1});
  ASSERT_TRUE(client.until_code(202));
  EXPECT_EQ(words_of(client, 1), "Submitted PendingCancel Cancelled");
  (void)tws.server.inject("hesitate cancels=60");
  client.send(order(2, "BUY", 100, "LMT", 9.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.about == 2 && h.text.starts_with("Submitted"); }));
  client.send(wire::CancelOrder{.orderId = 2});
  ASSERT_TRUE(client.until([](const Heard& h) { return h.about == 2 && h.text.starts_with("PendingCancel"); }));
  (void)tws.server.inject("price symbol=XXX bid=9.40 ask=9.45 size=1000");
  ASSERT_TRUE(client.until([](const Heard& h) { return h.about == 2 && h.name == "orderStatus" && h.text.starts_with("Filled"); })) << "the market was faster";
  EXPECT_EQ(words_of(client, 2), "Submitted PendingCancel Filled");
}

TEST(StatusWords, at_once_or_never_ends_as_a_recorded_TWS_ends_it) {
  Running tws;
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  auto ioc = order(1, "BUY", 100, "LMT", 9.50), fok = order(2, "BUY", 100, "LMT", 9.50);
  ioc.order.tif = "IOC", fok.order.tif = "FOK";
  client.send(ioc);
  ASSERT_TRUE(client.until_code(202));
  EXPECT_TRUE(words_of(client, 1).ends_with("PendingCancel Cancelled")) << words_of(client, 1);
  client.heard.clear();
  client.send(fok);
  ASSERT_TRUE(client.until([](const Heard& h) { return h.about == 2 && h.name == "orderStatus" && h.text.starts_with("Inactive"); }));
  client.listen(50);
  EXPECT_EQ(client.count("error"), 0u);
}

TEST(Precautions, hold_back_what_is_too_large_or_too_far_away_with_IBs_codes_also_when_it_is_only_asked) {
  Running tws;
  (void)tws.server.inject("precautions size=500 value=4000 percent=5");
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  client.send(order(1, "BUY", 501, "LMT", 1.00));
  EXPECT_TRUE(client.until_code(383));
  EXPECT_NE(client.last("error")->text.find("Size Limit of 500"), std::string::npos);
  client.send(order(2, "BUY", 500, "MKT"));
  EXPECT_TRUE(client.until_code(451));
  client.send(order(3, "BUY", 100, "LMT", 9.00));
  EXPECT_TRUE(client.until_code(163));
  client.send(order(4, "SELL", 100, "STP", 0, 9.00));
  EXPECT_TRUE(client.until_code(109));
  auto asked = order(5, "BUY", 501, "LMT", 1.00);
  asked.order.whatIf = true;
  client.heard.clear();
  client.send(asked);
  EXPECT_TRUE(client.until_code(383));
  auto insists = order(6, "BUY", 100, "LMT", 9.00);
  insists.order.overridePercentageConstraints = true;
  client.send(insists);
  EXPECT_TRUE(client.until([](const Heard& h) { return h.about == 6 && h.text.starts_with("Submitted"); }));
  client.send(order(7, "BUY", 100, "LMT", 9.60));
  EXPECT_TRUE(client.until([](const Heard& h) { return h.about == 7 && h.text.starts_with("Submitted"); })) << "within all three";
}

TEST(PriceBands, are_as_wide_as_the_plan_said_that_day_at_that_hour) {
  const auto share = [](Price p, bool tier_1, Date day, Duration since, Duration until) { return PriceBands::width(p, tier_1, day, since, until).share; };
  const Date before = date_of(2018, 1, 2), after = date_of(2020, 2, 24);
  const auto noon = hours(2);
  EXPECT_EQ(share(price(100), true, before, noon, hours(4)), 0.05);
  EXPECT_EQ(share(price(100), false, before, noon, hours(4)), 0.10);
  EXPECT_EQ(share(price(3), true, before, noon, hours(4)), 0.20) << "at three dollars, not above";
  EXPECT_EQ(PriceBands::width(price(0, 50), true, before, noon, hours(4)).amount, 0.15);
  EXPECT_EQ(share(price(100), true, before, minutes(14), hours(6)), 0.10) << "doubled at first until 2020-02-24";
  EXPECT_EQ(share(price(100), true, after, minutes(14), hours(6)), 0.05);
  EXPECT_EQ(share(price(100), true, after, hours(6), minutes(25)), 0.10) << "and before the close ever since";
  EXPECT_EQ(share(price(100), false, after, hours(6), minutes(25)), 0.10) << "but not for Tier 2 above three dollars";
  EXPECT_EQ(share(price(100), true, date_of(2013, 4, 5), noon, hours(4)), 0) << "there were none";
}

TEST(PriceBands, follow_the_mean_of_five_minutes_by_whole_percents_and_pause_after_fifteen_seconds_at_a_band) {
  PriceBands bands;
  const Timestamp start = open;
  bands.open(start, start + hours(6) + minutes(30), date_of(2018, 1, 2));
  bands.on_trade(start + hours(1), price(100));
  EXPECT_EQ(bands.low(start + hours(1)), price(95));
  EXPECT_EQ(bands.high(start + hours(1)), price(105));
  bands.on_trade(start + hours(1) + seconds(40), price(101, 90));
  EXPECT_EQ(bands.reference(), price(100)) << "the mean moved by less than a percent";
  bands.on_trade(start + hours(1) + seconds(50), price(102));
  EXPECT_EQ(bands.reference(), price(101, 30));
  const Timestamp then = start + hours(1) + minutes(1);
  const auto low = bands.low(then);
  bands.on_quote(then, low - price(0, 2), shares(100), low + price(0, 1), shares(100));
  EXPECT_FALSE(bands.limit_state());
  bands.on_quote(then, low - price(0, 2), shares(100), low, shares(100));
  EXPECT_TRUE(bands.limit_state());
  EXPECT_FALSE(bands.pauses(then + seconds(14)));
  bands.on_quote(then + seconds(14), low, shares(100), low + price(0, 5), shares(100));
  EXPECT_FALSE(bands.pauses(then + seconds(20))) << "somebody lifted the offer in time";
  bands.on_quote(then + seconds(21), low - price(0, 2), shares(100), low, shares(100));
  EXPECT_TRUE(bands.pauses(then + seconds(36)));
  EXPECT_FALSE(bands.in_force()) << "the next price after the pause is the new reference";
}

TEST(PriceBands, nothing_executes_beyond_them_and_the_stock_pauses_for_five_minutes) {
  ServerSettings settings;
  settings.price_bands = true;
  settings.broker.regulatory_collar = false;
  Running tws(settings);
  WireClient client(tws.server.port());
  ASSERT_TRUE(client.until_name("nextValidId"));
  client.send(wire::ReqMktData{.reqId = 5, .contract = xxx()});
  ASSERT_TRUE(client.until_name("tickPrice"));
  (void)tws.server.inject("price symbol=XXX bid=12.00 ask=12.02 size=1000");  // twenty percent above everything
  client.send(order(1, "BUY", 100, "LMT", 12.50));
  ASSERT_TRUE(client.until([](const Heard& h) { return h.about == 1 && h.name == "orderStatus"; }));
  client.listen(100);
  EXPECT_FALSE(client.last("orderStatus")->text.starts_with("Filled")) << "12.02 is beyond the upper band";
  (void)tws.server.inject("advance seconds=16");
  EXPECT_TRUE(client.until([](const Heard& h) { return h.name == "tickGeneric"; }));
  (void)tws.server.inject("price symbol=XXX bid=10.00 ask=10.02 size=1000");
  client.listen(100);
  EXPECT_FALSE(client.last("orderStatus")->text.starts_with("Filled")) << "halted";
  (void)tws.server.inject("advance seconds=301");
  EXPECT_TRUE(client.until([](const Heard& h) { return h.about == 1 && h.text.starts_with("Filled"); })) << "and then it trades again";
}

}  // namespace
}  // namespace robo::sim
