#include "strategies/pairs/pairs.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "stage.hpp"

namespace robo::strategies {
namespace {

using test::Stage;

/// Two prices with a tie: x walks, y follows with a spread the test sets.
class TiedPair {
 public:
  explicit TiedPair(std::vector<strategy::Setting> more = {}) {
    std::vector<strategy::Setting> settings{{"window", 60}, {"refit_bars", 5}, {"flat_before_close_s", 0}, {"cost_bp", 0}, {"half_life_max", 30}};
    for (auto& one : more) {
      std::erase_if(settings, [&](const strategy::Setting& s) { return s.name == one.name; });
      settings.push_back(std::move(one));
    }
    auto made = std::make_unique<Pairs>();
    pairs = made.get();
    stage = std::make_unique<Stage>(std::vector{test::stock(0, "GLD"), test::stock(1, "SLV")}, std::move(made), std::move(settings));
    EXPECT_TRUE(stage->problems.empty());
  }
  double noise() {
    double sum = 0;
    for (int i = 0; i < 12; ++i) sum += static_cast<double>((state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL) >> 11) * 0x1.0p-53;
    return sum - 6;
  }
  /// One bar with the spread at `spread` (in logs).
  std::vector<strategy::Signal> bar(double spread) {
    walk_ += 0.002 * noise();
    stage->trade(1, 50 * std::exp(walk_));
    stage->trade(0, 100 * std::exp(beta * walk_ + spread));
    return stage->close();
  }
  /// Bars of a spread that returns fast, until the estimate stands.
  void warm(int bars = 80) {
    for (int i = 0; i < bars; ++i) {
      spread_ = 0.5 * spread_ + 0.0004 * noise();
      for (const auto& s : bar(spread_)) (void)s;
    }
    for (int i = 0; i < 20 && pairs->status()[0].side != 0; ++i) (void)bar(0);
  }
  double sd() const { return pairs->status()[0].fit.spread_sd; }
  /// The spread that stands `z` deviations from the estimated tie at the next bar; the walk stands still for it.
  std::vector<strategy::Signal> at_z(double z) {
    const auto fit = pairs->status()[0].fit;
    const double log_x = std::log(50.0) + walk_;
    stage->trade(1, std::exp(log_x));
    stage->trade(0, std::exp(fit.alpha + fit.beta * log_x + z * fit.spread_sd));
    return stage->close();
  }

  double beta = 0.8;
  std::unique_ptr<Stage> stage;
  Pairs* pairs = nullptr;

 private:
  double walk_ = 0, spread_ = 0;
  std::uint64_t state_ = 11;
};

TEST(Pairs, finds_the_tie_its_ratio_and_its_half_life) {
  TiedPair p;
  p.warm();
  const auto status = p.pairs->status();
  ASSERT_EQ(status.size(), 1u);
  EXPECT_TRUE(status[0].tied);
  EXPECT_NEAR(status[0].fit.beta, 0.8, 0.1);
  EXPECT_LT(status[0].fit.half_life, 3);
}

TEST(Pairs, says_nothing_before_its_window_is_full) {
  TiedPair p;
  for (int i = 0; i < 59; ++i) EXPECT_TRUE(p.bar(i % 2 == 0 ? 0.05 : -0.05).empty());
}

TEST(Pairs, sells_the_dear_leg_and_buys_the_cheap_one_in_the_hedge_ratio) {
  TiedPair p;
  p.warm();
  ASSERT_TRUE(p.pairs->status()[0].tied);
  const auto said = p.at_z(2.5);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_EQ(said[0].instrument, InstrumentId(0));
  EXPECT_LT(said[0].score, 0);
  EXPECT_GT(said[1].score, 0);
  EXPECT_NEAR(said[1].score / -said[0].score, p.pairs->status()[0].fit.beta, 1e-9);
  EXPECT_EQ(said[0].volatility, said[1].volatility) << "equal claims keep the ratio through sizing";
  EXPECT_GT(said[0].volatility, 0);
}

TEST(Pairs, below_the_entry_nothing_and_at_it_a_trade) {
  TiedPair p;
  p.warm();
  EXPECT_TRUE(p.at_z(1.9).empty());
  EXPECT_EQ(p.at_z(-2.1).size(), 2u);
  EXPECT_EQ(p.pairs->status()[0].side, 1);
}

TEST(Pairs, leaves_both_legs_when_the_spread_is_back) {
  TiedPair p;
  p.warm();
  ASSERT_EQ(p.at_z(2.5).size(), 2u);
  EXPECT_TRUE(p.at_z(0.6).empty());
  const auto said = p.at_z(0.4);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_TRUE(said[0].exit && said[1].exit);
  EXPECT_EQ(p.pairs->status()[0].side, 0);
}

TEST(Pairs, a_spread_that_runs_on_is_stopped_and_the_pair_waits_until_it_is_back) {
  TiedPair p({{"refit_bars", 5000}});
  p.warm();
  ASSERT_EQ(p.at_z(2.5).size(), 2u);
  EXPECT_TRUE(p.at_z(3.9).empty());
  const auto said = p.at_z(4.1);
  ASSERT_EQ(said.size(), 2u);
  EXPECT_TRUE(said[0].exit);
  EXPECT_TRUE(p.at_z(2.5).empty()) << "locked";
}

TEST(Pairs, a_trade_is_over_after_so_many_half_lives) {
  TiedPair p({{"hold_half_lives", 2}});
  p.warm();
  const double half_life = std::max(1.0, p.pairs->status()[0].fit.half_life);
  ASSERT_EQ(p.at_z(2.5).size(), 2u);
  int bars = 0;
  while (p.at_z(2.5).empty() && bars < 100) ++bars;
  EXPECT_EQ(bars + 1, static_cast<int>(std::ceil(2 * half_life)));
}

TEST(Pairs, two_strangers_are_never_traded) {
  TiedPair p;
  std::size_t said = 0;
  double apart = 0;
  for (int i = 0; i < 400; ++i) {
    apart += 0.002 * p.noise();   // a second walk: the spread does not return
    const bool tied = p.pairs->status()[0].tied;
    const auto heard = p.bar(apart);
    if (!tied && p.pairs->status()[0].side == 0) said += heard.size();
  }
  EXPECT_EQ(said, 0u);
}

TEST(Pairs, a_spread_worth_less_than_its_costs_is_left_alone) {
  TiedPair cheap({{"cost_bp", 2}}), dear({{"cost_bp", 200}});
  cheap.warm();
  dear.warm();
  EXPECT_EQ(cheap.at_z(2.5).size(), 2u);
  EXPECT_TRUE(dear.at_z(2.5).empty());
}

TEST(Pairs, a_minute_in_which_one_leg_did_not_trade_is_no_observation) {
  TiedPair p({{"window", 30}});
  for (int i = 0; i < 200; ++i) {
    p.stage->trade(static_cast<std::uint32_t>(i % 2), 100 + i % 3);
    EXPECT_TRUE(p.stage->close().empty());
  }
  EXPECT_FALSE(p.pairs->status()[0].fit.valid);
}

TEST(Pairs, all_combinations_of_the_universe_or_the_pairs_it_is_told) {
  const auto stocks = [](std::uint32_t n) {
    std::vector<Instrument> out;
    for (std::uint32_t i = 0; i < n; ++i) out.push_back(test::stock(i, "N" + std::to_string(i)));
    return out;
  };
  auto all = std::make_unique<Pairs>();
  const Pairs* seen = all.get();
  Stage four(stocks(4), std::move(all));
  EXPECT_EQ(seen->status().size(), 6u);
  EXPECT_TRUE(Stage(stocks(11), std::make_unique<Pairs>()).problems.empty());
  EXPECT_EQ(Stage(stocks(12), std::make_unique<Pairs>()).problems.size(), 1u);
  EXPECT_EQ(Stage(stocks(1), std::make_unique<Pairs>()).problems.size(), 1u);
  EXPECT_TRUE(Stage(stocks(12), std::make_unique<Pairs>(std::vector<Legs>{{InstrumentId(3), InstrumentId(7)}})).problems.empty());
  EXPECT_EQ(Stage(stocks(2), std::make_unique<Pairs>(std::vector<Legs>{{InstrumentId(0), InstrumentId(0)}})).problems.size(), 1u);
}

TEST(Pairs, the_same_bars_give_the_same_words_twice) {
  const auto words = [] {
    TiedPair p;
    std::string all;
    double spread = 0;
    for (int i = 0; i < 600; ++i) {
      spread = 0.6 * spread + 0.001 * p.noise();
      for (const auto& s : p.bar(spread)) all += std::to_string(s.instrument.value) + std::string(s.why.view()) + ";";
    }
    return all;
  };
  const std::string once = words();
  EXPECT_GT(once.size(), 100u);
  EXPECT_EQ(once, words());
}

}  // namespace
}  // namespace robo::strategies
