#include "kernel/regime/hmm.hpp"

#include <algorithm>
#include <cmath>

namespace robo::regime {

namespace {
constexpr double half_log_two_pi = 0.91893853320467274178;
constexpr double rows_tolerance = 1e-6;  // of what a person types

bool finite(double x) { return x - x == 0; }
}  // namespace

std::string fault_of(const Hmm& model) {
  if (model.states < 2 || model.states > Hmm::states_max) return "a model has 2 or 3 states: give that many means and deviations";
  double begin = 0;
  for (std::size_t i = 0; i < model.states; ++i) {
    if (!finite(model.mean[i]) || !finite(model.deviation[i]) || !(model.deviation[i] > 0)) return "every state needs a finite mean and a deviation above zero";
    if (i > 0 && !(model.deviation[i] > model.deviation[i - 1])) return "states go in order of their deviation, calmest first";
    if (!(model.start[i] >= 0)) return "probabilities of the start are not negative";
    begin += model.start[i];
    double row = 0;
    for (std::size_t j = 0; j < model.states; ++j) {
      if (!(model.move[i][j] >= 0)) return "probabilities of a move are not negative";
      row += model.move[i][j];
    }
    if (!(std::abs(row - 1) <= rows_tolerance)) return "the moves out of every state add up to 1";
  }
  if (!(std::abs(begin - 1) <= rows_tolerance)) return "the probabilities of the start add up to 1";
  return {};
}

std::array<double, Hmm::states_max> stationary(const Hmm& model) {
  std::array<double, Hmm::states_max> p{}, next{};
  for (std::size_t i = 0; i < model.states; ++i) p[i] = 1 / static_cast<double>(model.states);
  // Half a step at a time: converges for every chain in which each state can be reached.
  for (int round = 0; round < 100'000; ++round) {
    next = {};
    for (std::size_t i = 0; i < model.states; ++i)
      for (std::size_t j = 0; j < model.states; ++j) next[j] += p[i] * model.move[i][j];
    double change = 0;
    for (std::size_t i = 0; i < model.states; ++i) {
      const double to = 0.5 * (p[i] + next[i]);
      change = std::max(change, std::abs(to - p[i]));
      p[i] = to;
    }
    if (change < 1e-16) break;
  }
  return p;
}

void HmmFilter::step(double value) {
  std::array<double, Hmm::states_max> prior{};
  if (count_ == 0) prior = model_.start;
  else
    for (std::size_t i = 0; i < model_.states; ++i)
      for (std::size_t j = 0; j < model_.states; ++j) prior[j] += p_[i] * model_.move[i][j];
  ++count_;
  if (!finite(value)) {
    p_ = prior;
    return;
  }
  // Densities relative to the largest: far out in the tails all of them would be zero.
  std::array<double, Hmm::states_max> log_density{};
  double top = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < model_.states; ++i) {
    const double z = (value - model_.mean[i]) / model_.deviation[i];
    log_density[i] = -0.5 * z * z - std::log(model_.deviation[i]) - half_log_two_pi;
    if (prior[i] > 0) top = std::max(top, log_density[i]);
  }
  double sum = 0;
  for (std::size_t i = 0; i < model_.states; ++i) sum += p_[i] = prior[i] > 0 ? prior[i] * std::exp(log_density[i] - top) : 0;
  for (std::size_t i = 0; i < model_.states; ++i) p_[i] /= sum;
  log_likelihood_ += top + std::log(sum);
}

}  // namespace robo::regime
