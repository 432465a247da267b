#pragma once
// Parameters of a hidden Markov model from a series of returns: expectation maximisation with scaled forward and backward
// passes, from several beginnings. For use offline; what trades takes the parameters and filters.

#include <cstdint>
#include <span>

#include "base/result.hpp"
#include "kernel/regime/hmm.hpp"

namespace robo::research {

struct BaumWelchSettings {
  std::size_t states = 2;
  int restarts = 5;               // beginnings; the likeliest end is taken
  int rounds_max = 500;
  double tolerance = 1e-8;        // of the log-likelihood per observation, from round to round
  std::uint64_t seed = 1;
};

struct HmmFit {
  regime::Hmm model{};
  double log_likelihood{};
  double bic{};                   // -2 log-likelihood + parameters x log n; smaller is better
  int rounds{};                   // of the best beginning
  bool converged{};
};

/// Parameters beyond which BIC punishes: moves, start, means, deviations.
[[nodiscard]] constexpr std::size_t hmm_parameters(std::size_t states) { return states * states - 1 + 2 * states; }

/// States come out in order of their deviation. Errors: too few values, values that are not finite, a series that never moves.
[[nodiscard]] Result<HmmFit, Problem> fit_hmm(std::span<const double> returns, const BaumWelchSettings& settings = {});

}  // namespace robo::research
