// What a back-test plays out of the store.

#include "apps/stored_market.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>

#include "edge/store/history/actions.hpp"
#include "edge/store/history/universe.hpp"

namespace robo::apps {
namespace {

namespace history = store::history;

class AStoredMarket : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-stored-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
    calendars_ = store::read_calendars(std::string(ROBO_SOURCE_DIR) + "/data/calendars").value();
    settings_.market = "store";
    settings_.store = name;
    settings_.bars = "1 day";
    const auto& nyse = calendars_.find("NYSE")->second;
    store::StoreWriter writer(root_, store::WriterKind::Import, "made");
    for (auto day = nyse.next_trading_day(date_of(2019, 2, 3)); day && *day < date_of(2019, 3, 16); day = nyse.next_trading_day(*day))
      for (const char* symbol : {"AAA", "BBB"})
        writer.bar(symbol, *day, {.start = nyse.zone().to_utc({*day, {}}), .period = hours(24), .open = price(100), .high = price(101), .low = price(99), .close = price(100), .volume = shares(4000), .volume_known = true});
    ASSERT_TRUE(writer.finish());
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  /// First and last day of trades of a symbol.
  std::pair<std::string, std::string> days_of(const StoredMarket& market, std::string_view symbol) {
    const auto its = std::ranges::find_if(market.instruments, [&](const Instrument& i) { return i.symbol.view() == symbol; });
    std::pair<std::string, std::string> out;
    for (const auto& event : market.events)
      if (const auto* trade = std::get_if<Trade>(&event.payload); trade != nullptr && trade->instrument == its->id) {
        const auto day = to_text(event.at).substr(0, 10);
        if (out.first.empty()) out.first = day;
        out.second = day;
      }
    return out;
  }

  std::filesystem::path root_;
  store::Calendars calendars_;
  DataSettings settings_;
};

TEST_F(AStoredMarket, plays_daily_bars_inside_the_regular_hours_of_their_day) {
  const auto market = read_stored_market(settings_, calendars_);
  EXPECT_EQ(market.instruments.size(), 2U);
  EXPECT_TRUE(std::ranges::is_sorted(market.events, {}, &Event::at));
  EXPECT_EQ(to_text(market.events.front().at), "2019-02-04T14:30:00Z");
  EXPECT_EQ(days_of(market, "AAA").second, "2019-03-15");
}

TEST_F(AStoredMarket, shows_a_member_from_the_day_it_joined_until_a_week_after_it_left) {
  ASSERT_FALSE(history::Universe::parse("ticker,start_date,end_date\nAAA,2019-02-11,2019-02-20\nBBB,2018-01-01,\nGONE,2000-01-01,2019-02-05\nLATER,2019-06-01,\n", "u.csv")->keep_in(root_, "mine"));
  settings_.universe = "mine";
  settings_.from = date_of(2019, 2, 4);
  settings_.until = date_of(2019, 3, 16);
  const auto market = read_stored_market(settings_, calendars_);
  EXPECT_EQ(days_of(market, "AAA"), (std::pair<std::string, std::string>{"2019-02-11", "2019-02-26"}));
  EXPECT_EQ(days_of(market, "BBB").first, "2019-02-04");
  const auto told = [&](std::string_view words) { return std::ranges::any_of(market.notes, [&](const auto& note) { return note.find(words) != std::string::npos; }); };
  EXPECT_TRUE(told("mine: 3 members")) << "who joins after the end is none of them";
  EXPECT_TRUE(told("1 of 3 have no bars here: GONE"));
}

TEST_F(AStoredMarket, is_in_the_terms_of_its_last_day_with_what_was_known) {
  ASSERT_TRUE(history::Actions::parse("symbol,ex_date,kind,value,known_at\nAAA,2019-03-01,split,4:1,2019-02-20\n", "a.csv")->keep_in(root_));
  settings_.symbols = {"AAA"};
  const auto first_price = [&] {
    const auto market = read_stored_market(settings_, calendars_);
    for (const auto& event : market.events)
      if (const auto* trade = std::get_if<Trade>(&event.payload)) return to_text(trade->price);
    return std::string("none");
  };
  EXPECT_EQ(first_price(), "25");
  settings_.known_at = date_of(2019, 2, 19);
  EXPECT_EQ(first_price(), "100") << "announced on the 20th";
  settings_.known_at = {};
  settings_.until = date_of(2019, 3, 1);
  EXPECT_EQ(first_price(), "100") << "the ex-date is not in the test";
  settings_.until = {};
  settings_.adjust = "none";
  EXPECT_EQ(first_price(), "100");
}

TEST_F(AStoredMarket, says_what_is_wrong_with_its_words) {
  const auto wrong = [&](auto change) -> std::string {
    auto settings = settings_;
    change(settings);
    try {
      (void)read_stored_market(settings, calendars_);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_NE(wrong([](auto& s) { s.bars = "7 mins"; }).find("5 mins"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.adjust = "all"; }).find("total"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.universe = "mine"; }).find("--import"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.symbols = {"ZZZ"}; }).find("ZZZ"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.bars = "1 min"; }).find("holds no bars"), std::string::npos);
  EXPECT_NE(wrong([](auto& s) { s.from = date_of(2019, 3, 1), s.until = date_of(2019, 2, 1); }).find("data.until"), std::string::npos);
  EXPECT_EQ(wrong([](auto&) {}), "nothing");
}

}  // namespace
}  // namespace robo::apps
