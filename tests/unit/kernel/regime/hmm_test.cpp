#include "kernel/regime/hmm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace robo::regime {
namespace {

const Hmm calm_and_wild{.states = 2, .start = {0.5, 0.5}, .mean = {0.0005, -0.001}, .deviation = {0.006, 0.02}, .move = {{{0.98, 0.02}, {0.05, 0.95}}}};

TEST(Hmm, one_step_is_bayes_rule) {
  HmmFilter filter(calm_and_wild);
  EXPECT_EQ(filter.probabilities()[0], 0.5) << "before anything was seen: the start";
  const auto density = [](double x, double mean, double sd) { return std::exp(-0.5 * (x - mean) * (x - mean) / sd / sd) / sd; };
  const auto posterior = [&](double prior, double x) {
    const double a = prior * density(x, 0.0005, 0.006), b = (1 - prior) * density(x, -0.001, 0.02);
    return a / (a + b);
  };
  filter.step(0.01);
  const double first = posterior(0.5, 0.01);
  EXPECT_NEAR(filter.probabilities()[0], first, 1e-12);
  filter.step(-0.03);
  EXPECT_NEAR(filter.probabilities()[0], posterior(first * 0.98 + (1 - first) * 0.05, -0.03), 1e-12);
  EXPECT_NEAR(filter.probabilities()[0] + filter.probabilities()[1], 1, 1e-12);
}

TEST(Hmm, the_past_is_not_corrected_by_the_future) {
  HmmFilter a(calm_and_wild), b(calm_and_wild);
  for (int i = 0; i < 50; ++i) a.step(0.002), b.step(0.002);
  const auto then = a.probabilities();
  b.step(-0.08);
  EXPECT_EQ(a.probabilities(), then);
  EXPECT_LT(b.probabilities()[0], 0.01) << "a crash is recognised on its own day, and only from then on";
}

TEST(Hmm, a_missing_return_moves_the_states_on_and_says_nothing_else) {
  HmmFilter filter(calm_and_wild);
  filter.step(0.001);
  const double before = filter.probabilities()[0], likelihood = filter.log_likelihood();
  filter.step(std::nan(""));
  EXPECT_NEAR(filter.probabilities()[0], before * 0.98 + (1 - before) * 0.05, 1e-15);
  EXPECT_EQ(filter.log_likelihood(), likelihood);
  for (int i = 0; i < 2'000; ++i) filter.step(std::nan(""));
  EXPECT_NEAR(filter.probabilities()[0], stationary(calm_and_wild)[0], 1e-9) << "in the long run: the share of time";
  EXPECT_NEAR(stationary(calm_and_wild)[0], 0.05 / 0.07, 1e-12);
}

TEST(Hmm, a_return_forty_deviations_out_is_still_a_probability) {
  HmmFilter filter(calm_and_wild);
  for (const double crash : {-0.9, 5.0, -1e6}) {
    filter.step(crash);
    EXPECT_NEAR(std::accumulate(filter.probabilities().begin(), filter.probabilities().end(), 0.0), 1, 1e-12);
    EXPECT_GT(filter.probabilities()[1], 0.999);
    EXPECT_TRUE(std::isfinite(filter.log_likelihood()));
  }
}

TEST(Hmm, parameters_that_are_no_model_are_named) {
  EXPECT_EQ(fault_of(calm_and_wild), "");
  auto one = calm_and_wild;
  one.states = 1;
  EXPECT_NE(fault_of(one).find("2 or 3 states"), std::string::npos);
  auto upside_down = calm_and_wild;
  std::swap(upside_down.deviation[0], upside_down.deviation[1]);
  EXPECT_NE(fault_of(upside_down).find("calmest first"), std::string::npos);
  auto leaky = calm_and_wild;
  leaky.move[0][1] = 0.01;
  EXPECT_NE(fault_of(leaky).find("add up to 1"), std::string::npos);
  auto flat = calm_and_wild;
  flat.deviation[0] = 0;
  EXPECT_NE(fault_of(flat).find("above zero"), std::string::npos);
  auto unknown = calm_and_wild;
  unknown.mean[1] = std::nan("");
  EXPECT_NE(fault_of(unknown), "");
  auto late = calm_and_wild;
  late.start = {0.2, 0.2};
  EXPECT_NE(fault_of(late).find("start"), std::string::npos);
}

}  // namespace
}  // namespace robo::regime
