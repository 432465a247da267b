// [regime], [risk] and [sectors]: what a file may say, and what is told about one that makes no sense.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

#include "apps/engine.hpp"
#include "edge/config/config.hpp"

namespace robo::apps {
namespace {

LoadedSettings from(const std::string& text) {
  const auto file = std::filesystem::temp_directory_path() / ("figures_" + std::to_string(::getpid()) + ".toml");
  std::ofstream(file) << "name = \"x\"\n" << text;
  auto loaded = load_settings(file.string());
  std::filesystem::remove(file);
  return loaded;
}

std::string refusal(const std::string& text) {
  try {
    (void)kernel_config(from(text).settings, 4);
  } catch (const config::ConfigError& error) {
    return error.what();
  }
  return {};
}

TEST(Figures, left_out_are_the_rule_and_no_benchmark) {
  const auto config = kernel_config(from("").settings, 4);
  EXPECT_EQ(config.regime.source, regime::Source::Rule);
  EXPECT_TRUE(config.exposure.on);
  EXPECT_TRUE(config.exposure.benchmark.empty());
}

TEST(Figures, of_a_file_reach_the_kernel) {
  const auto config = kernel_config(from(R"(
[sectors]
AAPL = "Technology"
[risk]
benchmark = "SPY"
timeframe = "5 min"
[risk.correlation]
correlation_half_life = 250
[regime]
timeframe = "1 d"
source = "hmm"
[regime.rotation]
members = ["XLB", "XLE", "XLK"]
[regime.appetite]
pairs = ["SPY/AGG"]
)").settings, 4);
  EXPECT_EQ(config.exposure.benchmark.view(), "SPY");
  EXPECT_EQ(config.exposure.timeframe, minutes(5));
  EXPECT_EQ(config.exposure.correlation.correlation_half_life, 250);
  EXPECT_EQ(config.regime.source, regime::Source::Hmm);
  EXPECT_EQ(config.regime.timeframe, hours(24));
  EXPECT_EQ(config.regime.rotation.members.size(), 3u);
}

TEST(Figures, that_make_no_sense_are_refused_all_at_once_with_the_fix) {
  const auto text = refusal(R"(
[sectors]
AAPL = ""
[regime]
source = "hmm"
leave = 0.9
[regime.hmm]
deviation = [1.0]
[regime.rotation]
members = ["XLB", "XLE"]
[regime.appetite]
pairs = ["SPY", "SPY/AGG"]
)");
  for (const auto* words : {"regime.hmm.deviation: give one number for each of 2 or 3 states", "regime.leave: at most enter",
                            "regime.appetite.pairs[0]: 'SPY' is no pair; write \"SPY/TLT\"", "a rotation has at least 3 members", "sectors.AAPL"})
    EXPECT_NE(text.find(words), std::string::npos) << words << "\n" << text;
  EXPECT_EQ(text.find("pairs[1]"), std::string::npos);
  EXPECT_NE(refusal("[risk.correlation]\nvolatility_half_life = 0\n").find("out of range"), std::string::npos);
  EXPECT_NE(refusal("[regime]\nsource = \"magic\"\n").find("source"), std::string::npos);
}

}  // namespace
}  // namespace robo::apps
