#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "kernel/features/spec.hpp"

namespace robo::features {
namespace {

TEST(FeaturesTable, every_kind_is_described_under_its_own_name) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kinds; ++i) {
    const auto& about = descriptions()[i];
    EXPECT_EQ(static_cast<std::size_t>(about.kind), i);
    EXPECT_EQ(about.name, EnumNames<Kind>::names[i]);
    EXPECT_TRUE(names.insert(about.name).second) << about.name;
    EXPECT_FALSE(about.unit.empty() || about.formula.empty() || about.warm_up.empty() || about.source.empty()) << about.name;
    EXPECT_TRUE(about.per_tick || about.per_bar) << about.name;
    const auto spec = completed({.kind = about.kind, .timeframe = about.per_tick ? Duration{} : minutes(1), .other = InstrumentId{1}});
    ASSERT_TRUE(spec.has_value()) << about.name << ": the defaults must be computable";
    EXPECT_EQ(completed(*spec).value(), *spec) << "a completed spec stays as it is";
    EXPECT_GE(warm_up(*spec), 1);
  }
}

TEST(FeaturesTable, docs_features_md_carries_it_word_for_word) {
  std::ifstream file(std::string(ROBO_SOURCE_DIR) + "/docs/features.md");
  std::stringstream page;
  page << file.rdbuf();
  const std::string begin = "<!-- table: begin -->\n", end = "<!-- table: end -->";
  const auto text = page.str();
  const auto from = text.find(begin), to = text.find(end);
  ASSERT_TRUE(from != std::string::npos && to != std::string::npos) << "docs/features.md needs both table marks";
  EXPECT_EQ(text.substr(from + begin.size(), to - from - begin.size()), table_markdown())
      << "docs/features.md is behind src/kernel/features/spec.cpp: put the table above between the marks";
}

TEST(FeaturesTable, specs_read_like_a_trader_writes_them) {
  const auto text = [](Spec spec) { return to_text(completed(spec).value()); };
  EXPECT_EQ(text({.kind = Kind::Macd, .timeframe = minutes(5)}), "macd(12,26,9) 5m");
  EXPECT_EQ(text({.kind = Kind::BollingerUpper, .timeframe = hours(1), .width = 2.5}), "bollinger_upper(20,2.5) 1h");
  EXPECT_EQ(text({.kind = Kind::SessionVwap}), "session_vwap(2) tick");
  EXPECT_EQ(text({.kind = Kind::PairBeta, .timeframe = hours(24), .other = InstrumentId{3}}), "pair_beta(60, #3) 1d");
  EXPECT_EQ(text({.kind = Kind::Mid}), "mid tick");
}

}  // namespace
}  // namespace robo::features
