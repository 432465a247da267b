// The weeks in which America has changed its clocks and Europe has not, and those around them: the same moments in every form
// IB writes, over a real socket.

#include <fstream>
#include <sstream>

#include "edge/ib/time_text.hpp"
#include "edge/sim/server/server.hpp"
#include "support/told_market.hpp"
#include "unit/edge/sim/scene.hpp"
#include "unit/edge/sim/wire_client.hpp"

namespace robo::orders {
namespace {

using namespace sim::scene;

/// From ten minutes before an opening until fifty after: a quote and a print every ten seconds.
class Opening final : public test::ToldMarket {
 public:
  explicit Opening(Timestamp open) {
    Instrument one = stock(0);
    one.calendar = "NYSE", one.primary_exchange = "NYSE", one.local_symbol = "XXX", one.exchange = "SMART";
    instruments_ = {one};
    for (Timestamp at = open - minutes(10); at < open + minutes(50); at = at + seconds(10)) {
      Quote q;
      q.bid = usd(10.00), q.ask = usd(10.02), q.bid_size = q.ask_size = shares(1000);
      events_.push_back({at, at, q});
      Trade t;
      t.price = usd(10.01), t.size = shares(100), t.venue = 'N';
      if (at >= open) events_.push_back({at, at, t});
    }
  }
};

struct Monday {
  Date day{};
  int new_york{}, berlin{};  // hours from UTC that morning
};
// America changed on 11 March and 4 November 2018, Europe on 25 March and 28 October.
const Monday mondays[] = {{date_of(2018, 3, 5), -5, 1}, {date_of(2018, 3, 12), -4, 1}, {date_of(2018, 3, 26), -4, 2}, {date_of(2018, 10, 29), -4, 1}, {date_of(2018, 11, 5), -5, 1}};

std::string digits(Date day) {
  const auto text = to_text(day);
  return text.substr(0, 4) + text.substr(5, 2) + text.substr(8, 2);
}
/// A moment as the clock of a place `hours` from UTC shows it.
std::string clock_of(Timestamp at, int hours_off) { return ib::utc_text(at + hours(hours_off)).substr(9); }

TEST(ClockChange, sessions_orders_executions_and_bars_keep_their_moment_in_the_weeks_when_the_clocks_differ) {
  for (const Monday& monday : mondays) {
    const std::string day = digits(monday.day);
    SCOPED_TRACE(day);
    const Timestamp open = Timestamp{std::int64_t{monday.day.days} * 86'400'000'000'000} + hours(9 - monday.new_york) + minutes(30);
    std::ifstream file(ROBO_SOURCE_DIR "/data/calendars/NYSE.csv");
    std::stringstream text;
    text << file.rdbuf();
    sim::ServerSettings settings;
    settings.port = 0;
    settings.skip_gaps = false;
    settings.calendars = {*Calendar::parse(text.str(), "NYSE.csv")};
    sim::GatewayServer server(std::make_unique<Opening>(open), settings, fees());
    ASSERT_TRUE(server.start());
    WireClient client(server.port());
    ASSERT_TRUE(client.until_name("nextValidId"));
    const auto to = [&](Timestamp at) {
      client.send(wire::ReqCurrentTime{});
      ASSERT_TRUE(client.until_name("currentTime"));
      (void)server.inject("advance seconds=" + std::to_string(at.ns / 1'000'000'000 - std::stoll(client.last("currentTime")->text)));
    };
    wire::Contract xxx;
    xxx.symbol = "XXX", xxx.secType = "STK", xxx.exchange = "SMART", xxx.currency = "USD";
    client.send(wire::ReqContractDetails{.reqId = 5, .contract = xxx});
    ASSERT_TRUE(client.until_name("contractDetailsEnd"));
    EXPECT_TRUE(client.last("contractDetails")->hours.starts_with("America/New_York " + day + ":0930-" + day + ":1600")) << client.last("contractDetails")->hours;

    const auto ask = [&](std::int32_t id, std::string_view type, std::string_view good_till) {
      wire::PlaceOrder p;
      p.orderId = id;
      p.contract = xxx;
      p.order.action = "BUY", p.order.totalQuantity = wire::Number::of(100), p.order.orderType = type;
      p.order.tif = good_till.empty() ? "DAY" : "GTD", p.order.goodTillDate = good_till;
      if (type == "LMT") p.order.lmtPrice = wire::Number::of(9);
      client.send(p);
    };
    ask(1, "MKT", {});
    ASSERT_TRUE(client.until_code(399)) << "before the opening";
    EXPECT_NE(client.last("error")->text.find(clock_of(open, 0)), std::string::npos) << client.last("error")->text;
    // One moment, by the clocks of Berlin, New York and Greenwich, and one a minute later that must not be touched.
    const Timestamp end = open + minutes(15);
    const std::string berlin = day + " " + clock_of(end, monday.berlin) + " Europe/Berlin", eastern = day + " " + clock_of(end, monday.new_york) + " US/Eastern";
    ask(2, "LMT", berlin);
    ask(3, "LMT", eastern);
    ask(4, "LMT", ib::utc_text(end));
    ask(5, "LMT", day + " " + clock_of(end + minutes(1), monday.berlin) + " Europe/Berlin");
    for (const auto& said : {berlin, eastern, ib::utc_text(end)}) EXPECT_EQ(ib::parse_time(said), end) << said;

    to(open + seconds(20));
    ASSERT_TRUE(client.until_name("execDetails"));
    const auto& executed = client.last("execDetails")->text;
    const auto at = executed.substr(executed.find(day));
    EXPECT_TRUE(at.starts_with(day + " 09:30:")) << executed;
    const auto parsed = ib::parse_time(at);
    ASSERT_TRUE(parsed) << at;
    EXPECT_GE(*parsed, open);
    EXPECT_LE(*parsed, open + seconds(10));

    const auto ended = [&](std::int32_t id) {
      return std::ranges::any_of(client.heard, [&](const Heard& h) { return h.about == id && h.name == "orderStatus" && h.text.starts_with("Cancelled"); });
    };
    to(end - seconds(2));
    client.listen(50);
    for (const int id : {2, 3, 4, 5}) EXPECT_FALSE(ended(id)) << id;
    to(end + seconds(2));
    client.listen(100);
    for (const int id : {2, 3, 4}) EXPECT_TRUE(ended(id)) << id;
    EXPECT_FALSE(ended(5));

    client.send(wire::ReqHistoricalData{.reqId = 6, .contract = xxx, .endDateTime = "", .barSize = "1 min", .duration = "1 D", .useRTH = true, .whatToShow = "TRADES", .formatDate = 1, .keepUpToDate = false, .chartOptions = ""});
    ASSERT_TRUE(client.until_name("historicalDataEnd"));
    const auto& bars = client.last("historicalData")->text;  // count, time of the first, ...
    EXPECT_NE(bars.find(day + " 09:30:00 US/Eastern"), std::string::npos) << bars;
    EXPECT_EQ(ib::parse_time(day + " 09:30:00 US/Eastern"), open);
    client.send(wire::ReqHistoricalData{.reqId = 7, .contract = xxx, .endDateTime = berlin, .barSize = "1 min", .duration = "600 S", .useRTH = true, .whatToShow = "TRADES", .formatDate = 2, .keepUpToDate = false, .chartOptions = ""});
    ASSERT_TRUE(client.until_name("historicalDataEnd"));
    EXPECT_TRUE(client.last("historicalData")->text.starts_with("10 " + std::to_string((end.ns - minutes(10).ns) / 1'000'000'000) + " ")) << "ten minutes that end at a quarter past by Berlin's clock: " << client.last("historicalData")->text;
  }
}

}  // namespace
}  // namespace robo::orders
