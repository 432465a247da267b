// The tables of docs/strategies are made of what the strategies declare. With ROBO_WRITE_DOCS=1 this test writes them.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "kernel/strategy/host.hpp"
#include "strategies/ema_cross/ema_cross.hpp"
#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "strategies/pairs/pairs.hpp"

namespace robo::strategies {
namespace {

constexpr std::string_view begin = "<!-- parameters: made by strategies_test, do not edit -->\n", end = "<!-- end of parameters -->\n";

std::string table_of(strategy::Strategy& strategy) {
  std::string text = "| name | default | range | unit | changes | what it does |\n| --- | ---: | --- | --- | --- | --- |\n";
  for (const strategy::Parameter& p : strategy::declared_parameters(strategy))
    text += fmt::format("| `{}` | {:g} | {:g} to {:g} | {} | {} | {} |\n", p.name, p.value, p.least, p.most, p.unit, p.fixed ? "at the start" : "any time", p.help);
  return text;
}

void expect_page(strategy::Strategy& strategy) {
  const std::string path = fmt::format("{}/docs/strategies/{}.md", ROBO_SOURCE_DIR, strategy.name());
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  std::stringstream stream;
  stream << file.rdbuf();
  std::string page = stream.str();
  const auto from = page.find(begin), to = page.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos && from < to) << path << " has no place for its table";
  const auto place = from + begin.size();
  if (std::getenv("ROBO_WRITE_DOCS") != nullptr) {
    page.replace(place, to - place, table_of(strategy));
    std::ofstream(path) << page;
    return;
  }
  EXPECT_EQ(page.substr(place, to - place), table_of(strategy)) << "run strategies_test with ROBO_WRITE_DOCS=1";
  for (const char* heading : {"## Idea", "## Formula", "## Parameters", "## When it loses", "## Measured"})
    EXPECT_NE(page.find(heading), std::string::npos) << path << ": " << heading;
}

TEST(StrategyPages, say_what_the_strategies_declare) {
  Momentum momentum;
  MeanReversion reversion;
  Pairs pairs;
  EmaCross cross;
  for (strategy::Strategy* strategy : std::initializer_list<strategy::Strategy*>{&momentum, &reversion, &pairs, &cross}) expect_page(*strategy);
}

TEST(StrategyPages, every_parameter_has_a_sentence_and_a_default_inside_its_range) {
  Momentum momentum;
  MeanReversion reversion;
  Pairs pairs;
  EmaCross cross;
  for (strategy::Strategy* strategy : std::initializer_list<strategy::Strategy*>{&momentum, &reversion, &pairs, &cross})
    for (const strategy::Parameter& p : strategy::declared_parameters(*strategy)) {
      EXPECT_TRUE(p.help.ends_with(".")) << strategy->name() << "." << p.name;
      EXPECT_TRUE(p.least <= p.value && p.value <= p.most && p.step > 0) << strategy->name() << "." << p.name;
    }
}

}  // namespace
}  // namespace robo::strategies
