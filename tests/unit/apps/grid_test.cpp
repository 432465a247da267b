#include "apps/grid.hpp"

#include <gtest/gtest.h>

#include <set>

#include "edge/config/config.hpp"

namespace robo::apps {
namespace {

LoadedSettings two_strategies() {
  return {.settings = {.strategies = {{.name = "momentum"}, {.name = "pairs", .parameters = {{"window", 50}}}}}, .text = "name = 'x'"};
}

}  // namespace

TEST(Grid, every_combination_is_a_configuration_of_its_own) {
  const auto loaded = two_strategies();
  const auto axes = parse_grid({"momentum.lookback=10,15,20", "pairs.window=100:200:50"}, loaded.settings);
  ASSERT_TRUE(axes.has_value());
  EXPECT_EQ(axes->at(1).values, (std::vector<double>{100, 150, 200}));
  const auto cells = cells_of(loaded, *axes);
  ASSERT_EQ(cells.size(), 9u);
  std::set<std::string> texts;
  for (const auto& cell : cells) texts.insert(cell.settings.text);
  EXPECT_EQ(texts.size(), 9u) << "the ledger tells configurations apart by their text";
  EXPECT_EQ(cells[4].name, "momentum.lookback=15 pairs.window=150");
  EXPECT_EQ(cells[4].settings.settings.strategies[0].parameters.at("lookback"), 15);
  EXPECT_EQ(cells[4].settings.settings.strategies[1].parameters.at("window"), 150);
}

TEST(Grid, an_axis_knows_what_the_file_says_and_else_what_the_strategy_does) {
  const auto loaded = two_strategies();
  const auto axes = parse_grid({"momentum.lookback=10,15,20", "pairs.window=100:200:50"}, loaded.settings);
  ASSERT_TRUE(axes);
  auto said = loaded.settings;
  said.strategies[0].parameters["lookback"] = 17;
  EXPECT_EQ(value_in(said, axes->at(0)), 17);
  EXPECT_TRUE(value_in(loaded.settings, axes->at(1)).has_value());
  EXPECT_EQ(value_in(loaded.settings, {.strategy = "momentum", .parameter = "nonsense", .values = {1}}), std::nullopt);
}

TEST(Grid, all_that_is_wrong_is_told_at_once_with_the_axis) {
  const auto wrong = parse_grid({"lookback=1", "momentum.lookback=1,x", "nobody.x=1", "momentum.top=5:1:1", "pairs.window=1", "pairs.window=2"}, two_strategies().settings);
  ASSERT_FALSE(wrong.has_value());
  ASSERT_EQ(wrong.error().size(), 5u);
  EXPECT_NE(wrong.error()[2].text.find("there are momentum, pairs"), std::string::npos);
  EXPECT_NE(wrong.error()[4].text.find("named twice"), std::string::npos);
}

TEST(Grid, a_thousand_combinations_and_no_more) {
  const auto loaded = two_strategies();
  const auto thousand = parse_grid({"momentum.lookback=1:100:1", "pairs.window=1:10:1"}, loaded.settings);
  EXPECT_EQ(cells_of(loaded, *thousand).size(), 1000u);
  const auto more = parse_grid({"momentum.lookback=1:100:1", "pairs.window=1:11:1"}, loaded.settings);
  EXPECT_THROW((void)cells_of(loaded, *more), config::ConfigError);
}

}  // namespace robo::apps
