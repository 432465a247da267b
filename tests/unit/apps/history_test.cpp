#include "apps/history.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "apps/live.hpp"
#include "apps/market.hpp"
#include "edge/sim/server/server.hpp"

namespace robo::apps {
namespace {

using features::Kind;

Calendar calendar_named(const std::string& name) {
  std::ifstream file(ROBO_SOURCE_DIR "/data/calendars/" + name + ".csv");
  std::stringstream text;
  text << file.rdbuf();
  return *Calendar::parse(text.str(), name);
}

features::Spec spec(Kind kind, Duration timeframe, int period = 0) { return features::completed({.kind = kind, .timeframe = timeframe, .period = period}).value(); }

Timestamp at(Date day, Duration new_york) { return TimeZone::find("America/New_York").value().to_utc({day, new_york}); }
Bar bar_of(Timestamp start, Duration period, int close = 100) {
  return {.trades = 1, .start = start, .period = period, .open = price(close), .high = price(close), .low = price(close), .close = price(close), .volume = shares(100)};
}
/// As IB's answer is read: midnight UTC of the day's name.
Bar day_bar(Date day) { return bar_of({day.days * hours(24).ns}, hours(24)); }

}  // namespace

TEST(HistoryPlan, asks_for_what_is_declared_and_for_nothing_else) {
  const auto minutes_only = plan_history(std::vector{spec(Kind::Ema, minutes(1), 20), spec(Kind::Mid, {})}, 2);
  EXPECT_EQ(minutes_only.of_minutes, 2);
  EXPECT_EQ(minutes_only.of_hours, 0);
  EXPECT_EQ(minutes_only.of_days, 0);
  EXPECT_TRUE(minutes_only.missing.empty());

  const auto all = plan_history(std::vector{spec(Kind::Rsi, hours(24), 14), spec(Kind::Rsi, hours(1), 14)}, 2);
  EXPECT_EQ(all.of_days, 4 * 15) << "what remembers for ever is given four times its first value";
  EXPECT_EQ(all.of_hours, 10 + 1 + 1) << "60 hours of 6 a session, the one that runs, and one the days tell";
  EXPECT_EQ(all.of_minutes, 3) << "one more: the coarser bars tell the first of them";
  EXPECT_EQ(plan_history(std::vector{spec(Kind::PriorClose, {})}, 2).of_days, 1);
}

TEST(HistoryPlan, hours_that_the_minutes_hold_are_not_asked_for) {
  const auto of = [](int period) { return plan_history(std::vector{spec(Kind::DonchianHigh, hours(1), period)}, 2).of_hours; };
  EXPECT_EQ(of(6), 0) << "a session before the one that runs";
  EXPECT_EQ(of(7), 3);
}

TEST(HistoryPlan, more_than_is_fetched_is_said) {
  const auto most = plan_history(std::vector{spec(Kind::VolumeZOfDay, minutes(5))}, 2);
  EXPECT_EQ(most.of_minutes, 7) << "five days, the sixth that is judged by them, and the one that runs";
  EXPECT_TRUE(most.missing.empty());
  const auto more = plan_history(std::vector{spec(Kind::DonchianHigh, minutes(30), 200)}, 2);
  EXPECT_EQ(more.of_minutes, 10);
  ASSERT_EQ(more.missing.size(), 1u);
  EXPECT_EQ(more.missing[0], "donchian_high(200) 30m needs 18 sessions of one-minute bars, 10 are fetched");
}

TEST(History, every_session_is_told_once_by_the_finest_bars_that_hold_all_of_it) {
  const auto calendar = calendar_named("NYSE");
  const Date monday = date_of(2019, 2, 11), tuesday = date_of(2019, 2, 12), wednesday = date_of(2019, 2, 13), thursday = date_of(2019, 2, 14);
  PastBars past;
  for (const Date day : {monday, tuesday, wednesday, thursday}) past.days.push_back(day_bar(day));
  for (const Date day : {tuesday, wednesday}) past.hours.push_back(bar_of(at(day, hours(9) + minutes(30)), hours(1)));
  past.minutes = {bar_of(at(wednesday, hours(15)), minutes(1)), bar_of(at(thursday, hours(9) + minutes(30)), minutes(1)), bar_of(at(thursday, hours(10)), minutes(1))};
  const auto told = each_session_once(past, &calendar, at(thursday, hours(10)) + seconds(59));
  // Tuesday's hours may have begun before they do: its day tells it. Wednesday's minutes too: its hours tell it. The last minute is not over.
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0].start, at(monday, {})) << "midnight in New York";
  EXPECT_EQ(told[1].start, at(tuesday, {}));
  EXPECT_EQ(told[1].period, hours(24));
  EXPECT_EQ(told[2].start, at(wednesday, hours(9))) << "a multiple of its length";
  EXPECT_EQ(told[2].period, hours(1));
  EXPECT_EQ(told[3].start, at(thursday, hours(9) + minutes(30)));
  for (std::size_t i = 1; i < told.size(); ++i) EXPECT_LE(told[i - 1].start + told[i - 1].period, told[i].start);
}

TEST(History, minutes_alone_are_told_as_they_come) {
  const auto calendar = calendar_named("NYSE");
  const Date day = date_of(2019, 2, 14);
  const std::vector<Bar> minutes_of{bar_of(at({day.days - 1}, hours(15)), minutes(1)), bar_of(at(day, hours(10)), minutes(1))};
  EXPECT_EQ(each_session_once({.minutes = minutes_of}, &calendar, at(day, hours(12))).size(), 2u);
  // The only session of minutes is kept: nothing finer tells today.
  EXPECT_EQ(each_session_once({.days = {day_bar({day.days - 1})}, .minutes = {minutes_of[1]}}, &calendar, at(day, hours(12))).size(), 2u);
}

TEST(History, a_day_is_over_when_the_next_session_begins_on_its_evening) {
  const auto calendar = calendar_named("CME");
  const Date monday = date_of(2019, 2, 11), tuesday = date_of(2019, 2, 12), wednesday = date_of(2019, 2, 13);
  const auto open = calendar.session(wednesday)->opens();
  ASSERT_LT(open, at(wednesday, {})) << "on the evening before";
  const auto told = each_session_once({.days = {day_bar(monday), day_bar(tuesday), day_bar(wednesday)}, .minutes = {bar_of(open, minutes(1)), bar_of(open + minutes(1), minutes(1))}},
                                      &calendar, at(wednesday, hours(10)));
  ASSERT_EQ(told.size(), 4u);
  EXPECT_EQ(told[0].start + told[0].period, told[1].start);
  EXPECT_EQ(told[1].start + told[1].period, open) << "else the kernel would take Tuesday for a part of Wednesday and leave it out";
  EXPECT_EQ(told[2].start, open);
}

namespace {

class Watcher final : public strategy::Strategy {
 public:
  struct Handles {
    features::Handle rsi_day{}, rsi_hour{}, mean_day{}, prior_close{};
  };
  std::string_view name() const override { return "watcher"; }
  void declare(strategy::Declaration& d) override {
    *handles = {.rsi_day = d.feature({.kind = Kind::Rsi, .timeframe = hours(24), .period = 14}), .rsi_hour = d.feature({.kind = Kind::Rsi, .timeframe = hours(1), .period = 14}),
                .mean_day = d.feature({.kind = Kind::BollingerMid, .timeframe = hours(24), .period = 20}), .prior_close = d.feature({.kind = Kind::PriorClose})};
  }
  void reset() override {}
  std::shared_ptr<Handles> handles = std::make_shared<Handles>();
};

class ServerClock final : public runtime::Clock {
 public:
  explicit ServerClock(const sim::GatewayServer& server) : server_(server) {}
  [[nodiscard]] Timestamp now() override { return last_ = std::max(last_, server_.status().now); }

 private:
  const sim::GatewayServer& server_;
  Timestamp last_{};
};

}  // namespace

TEST(History, a_strategy_with_rsi_of_days_and_of_hours_is_warm_at_the_start) {
  const std::string data = ROBO_SOURCE_DIR "/data";
  auto market = open_market({.folder = data, .market = "sectors", .symbols = {"XLK"}});
  ASSERT_EQ(market->instruments().size(), 1u);
  const Instrument etf = market->instruments()[0];
  const Calendar calendar = market->calendars().find(etf.calendar.view())->second;
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("robotrader-history-{}", ::getpid());
  std::filesystem::remove_all(folder);

  sim::ServerSettings settings;
  settings.port = 0;
  settings.skip_gaps = false;
  settings.account = "DU1234567";
  // At noon of a Wednesday in the spring of 2000: the robot comes into a session that runs.
  const Date today = date_of(2000, 5, 17);
  settings.warm_up = at(today, hours(12)) - market->start();
  settings.calendars = {calendar};
  std::map<std::int32_t, double> closes;  // of sessions that are over
  const auto until = at(today, {});
  for (bool more = true; more;) {
    const auto events = market->next();
    more = !events.empty() && events.back().at < until;
    for (const Event& event : events)
      if (const auto* trade = std::get_if<Trade>(&event.payload); trade != nullptr && event.at < until) closes[calendar.trade_date(event.at)->days] = trade->price.to_double();
  }
  market->rewind();
  ASSERT_GT(closes.size(), 80u);

  sim::GatewayServer server(std::move(market), settings, sim::FeeTable::load(data + "/fees/ib.csv").value());
  ASSERT_TRUE(server.start().has_value());
  {
    const auto loaded = load_settings(data + "/faults/rehearsal.toml",
                                      {{"journal", (folder / "journal").string()}, {"state", (folder / "state").string()}, {"gateway.cache", (folder / "contracts.json").string()}});
    auto watcher = std::make_shared<Watcher::Handles>();
    LiveSetup setup{.mode = TradingMode::Paper, .host = "127.0.0.1", .port = server.port(), .quiet = true};
    setup.calendars = {calendar};
    setup.instruments = {etf};
    setup.contracts = {contract_of(etf)};
    setup.strategies = [&](std::span<const Instrument>) {
      std::vector<Enlisted> out;
      auto strategy = std::make_unique<Watcher>();
      strategy->handles = watcher;
      out.push_back({std::move(strategy), {.universe = {InstrumentId{0}}, .settings = {}, .running = true}});
      return out;
    };
    ServerClock clock(server);
    LiveRun live(loaded, setup, clock);
    const auto value = [&](features::Handle handle) { return live.engine().kernel().features().value(handle, InstrumentId{0}); };
    EXPECT_TRUE(value(watcher->rsi_day) > 0 && value(watcher->rsi_day) < 100) << value(watcher->rsi_day);
    EXPECT_TRUE(value(watcher->rsi_hour) > 0 && value(watcher->rsi_hour) < 100) << value(watcher->rsi_hour);
    // Every session once, and none of them left out: the mean of the last twenty closes to the cent.
    double sum = 0;
    auto close = closes.rbegin();
    for (int i = 0; i < 20; ++i, ++close) sum += close->second;
    EXPECT_NEAR(value(watcher->mean_day), sum / 20, 1e-9);
    EXPECT_DOUBLE_EQ(value(watcher->prior_close), closes.rbegin()->second);
    (void)live.finish("done");
  }
  server.stop();
  std::filesystem::remove_all(folder);
}

}  // namespace robo::apps
