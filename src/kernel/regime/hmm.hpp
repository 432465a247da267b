#pragma once
// A hidden Markov model of returns with Gaussian states, and its forward filter: what is known at a bar from that bar and those
// before it. Smoothed probabilities, which know the future, are not made here. research/baum_welch.hpp estimates the parameters.

#include <array>
#include <cstddef>
#include <limits>
#include <string>

#include "base/result.hpp"

namespace robo::regime {

/// States in order of their deviation, calmest first.
struct Hmm {
  static constexpr std::size_t states_max = 3;
  std::size_t states = 0;
  std::array<double, states_max> start{};
  std::array<double, states_max> mean{}, deviation{};  // of a bar's return
  std::array<std::array<double, states_max>, states_max> move{};  // move[i][j]: from i to j
};

/// Nothing when the parameters are a model; else what is wrong and what would be right.
[[nodiscard]] std::string fault_of(const Hmm& model);

/// Share of time each state takes in the long run.
[[nodiscard]] std::array<double, Hmm::states_max> stationary(const Hmm& model);

class HmmFilter {
 public:
  /// Expects parameters without fault.
  explicit HmmFilter(const Hmm& model) : model_(model) {}
  /// Takes in the next return. NaN: none was seen, the states only move on.
  void step(double value);
  /// Probability of each state now; before the first step the start's.
  [[nodiscard]] const std::array<double, Hmm::states_max>& probabilities() const { return count_ == 0 ? model_.start : p_; }
  /// Log-likelihood of everything seen.
  [[nodiscard]] double log_likelihood() const { return log_likelihood_; }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] const Hmm& model() const { return model_; }

 private:
  Hmm model_;
  std::array<double, Hmm::states_max> p_{};
  double log_likelihood_ = 0;
  std::size_t count_ = 0;
};

}  // namespace robo::regime
