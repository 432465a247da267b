#include "apps/settings.hpp"

#include <filesystem>
#include <gtest/gtest.h>

#include "apps/engine.hpp"
#include "edge/config/config.hpp"

namespace robo::apps {

TEST(Settings, every_file_we_ship_is_right) {
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(ROBO_SOURCE_DIR) / "config")) {
    if (entry.path().extension() != ".toml") continue;
    const auto settings = config::read_file<RunSettings>(entry.path());
    if (!settings) {
      for (const auto& problem : settings.error()) ADD_FAILURE() << problem.text;
      continue;
    }
    EXPECT_FALSE(settings->strategies.empty()) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 6);
}

TEST(Settings, all_errors_of_a_bad_file_are_told_at_once_with_line_and_key) {
  const auto settings = config::read<RunSettings>(R"(mode = "papper"
account = 5
[limits]
order_quantity_max = "many"
dayly_loss_max = 100
[[strategies]]
running = true
)", "bad.toml");
  ASSERT_FALSE(settings.has_value());
  std::string all;
  for (const auto& problem : settings.error()) all += problem.text + "\n";
  EXPECT_EQ(settings.error().size(), 5u) << all;
  for (const auto* part : {"bad.toml:1: mode", "bad.toml:2: account", "bad.toml:4: limits.order_quantity_max", "bad.toml:5: limits.dayly_loss_max",
                           "daily_loss_max", "strategies[0].name: is missing"})
    EXPECT_NE(all.find(part), std::string::npos) << part << "\n" << all;
}

TEST(Settings, an_unknown_strategy_or_symbol_stops_a_paper_run_before_it_starts) {
  RunSettings settings{.mode = TradingMode::Paper, .strategies = {{.name = "momentun"}, {.name = "momentum", .universe = {"SPYY"}}}};
  const Instrument spy{.id = InstrumentId{0}, .symbol = "SPY"};
  try {
    (void)enlist(settings, {&spy, 1});
    FAIL() << "was accepted";
  } catch (const config::ConfigError& error) {
    EXPECT_EQ(error.problems().size(), 2u);
    EXPECT_NE(std::string(error.what()).find("momentun"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("SPYY"), std::string::npos);
  }
}

TEST(Settings, an_instrument_says_how_the_sides_of_its_trades_are_judged) {
  const auto settings = config::read<RunSettings>(R"([order_flow]
side_rule = "lee_ready"
quote_lag = "5 ms"
[[order_flow.instruments]]
symbol = "BTCUSDT"
side_rule = "clnv"
calibrate = true
)", "good.toml");
  ASSERT_TRUE(settings.has_value()) << settings.error()[0].text;
  const auto& flow = kernel_config(*settings, 1).features;
  EXPECT_EQ(flow.of("SPY").side_rule, features::SideRule::LeeReady);
  EXPECT_EQ(flow.of("SPY").quote_lag, milliseconds(5));
  EXPECT_EQ(flow.of("BTCUSDT").side_rule, features::SideRule::Clnv);
  EXPECT_TRUE(flow.of("BTCUSDT").calibrate);
  EXPECT_FALSE(flow.of("SPY").calibrate);
  const auto wrong = config::read<RunSettings>("[order_flow]\nside_rule = \"leeready\"\nquote_lag = \"6 s\"\n[[order_flow.instruments]]\ncalibrate = true\n", "bad.toml");
  ASSERT_FALSE(wrong.has_value());
  EXPECT_EQ(wrong.error().size(), 3u);

  RunSettings live{.mode = TradingMode::Paper, .strategies = {{.name = "momentum"}}};
  live.order_flow.instruments = {{.symbol = "SPYY"}};
  const Instrument spy{.id = InstrumentId{0}, .symbol = "SPY"};
  EXPECT_THROW((void)enlist(live, {&spy, 1}), config::ConfigError);
  live.order_flow.instruments[0].symbol = "SPY";
  EXPECT_NO_THROW((void)enlist(live, {&spy, 1}));
}

}  // namespace robo::apps
