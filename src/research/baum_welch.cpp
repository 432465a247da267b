#include "research/baum_welch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace robo::research {

namespace {

using regime::Hmm;
using Row = std::array<double, Hmm::states_max>;
constexpr double deviation_floor = 1e-3;  // of the series' own: a state must not shrink onto one value

struct Passes {
  std::vector<Row> forward, backward, density;
  std::vector<double> scale;
};

/// One round: log-likelihood of `model`, which is then replaced by the better one.
double round(std::span<const double> x, Hmm& model, double floor, Passes& passes) {
  const std::size_t n = x.size(), states = model.states;
  double log_likelihood = 0;
  for (std::size_t t = 0; t < n; ++t) {
    auto& density = passes.density[t];
    double top = -1e300;
    for (std::size_t i = 0; i < states; ++i) {
      const double z = (x[t] - model.mean[i]) / model.deviation[i];
      density[i] = -0.5 * z * z - std::log(model.deviation[i]) - 0.91893853320467274178;
      top = std::max(top, density[i]);
    }
    for (std::size_t i = 0; i < states; ++i) density[i] = std::exp(density[i] - top);
    auto& forward = passes.forward[t];
    double sum = 0;
    for (std::size_t j = 0; j < states; ++j) {
      double prior = model.start[j];
      if (t > 0) {
        prior = 0;
        for (std::size_t i = 0; i < states; ++i) prior += passes.forward[t - 1][i] * model.move[i][j];
      }
      sum += forward[j] = prior * density[j];
    }
    for (std::size_t j = 0; j < states; ++j) forward[j] /= sum;
    passes.scale[t] = sum;
    log_likelihood += top + std::log(sum);
  }
  passes.backward[n - 1].fill(1);
  for (std::size_t t = n - 1; t-- > 0;)
    for (std::size_t i = 0; i < states; ++i) {
      double sum = 0;
      for (std::size_t j = 0; j < states; ++j) sum += model.move[i][j] * passes.density[t + 1][j] * passes.backward[t + 1][j];
      passes.backward[t][i] = sum / passes.scale[t + 1];
    }
  // Weights of every state and move, then what they say.
  std::array<Row, Hmm::states_max> moves{};
  Row weight{}, first{}, sum{};
  for (std::size_t t = 0; t < n; ++t) {
    Row gamma{};
    double total = 0;
    for (std::size_t i = 0; i < states; ++i) total += gamma[i] = passes.forward[t][i] * passes.backward[t][i];
    for (std::size_t i = 0; i < states; ++i) {
      gamma[i] /= total;
      weight[i] += gamma[i];
      sum[i] += gamma[i] * x[t];
      if (t == 0) first[i] = gamma[i];
    }
    if (t + 1 == n) break;
    for (std::size_t i = 0; i < states; ++i)
      for (std::size_t j = 0; j < states; ++j)
        moves[i][j] += passes.forward[t][i] * model.move[i][j] * passes.density[t + 1][j] * passes.backward[t + 1][j] / passes.scale[t + 1];
  }
  Hmm next = model;
  for (std::size_t i = 0; i < states; ++i) {
    next.start[i] = first[i];
    next.mean[i] = sum[i] / weight[i];
    const double out = std::accumulate(moves[i].begin(), moves[i].begin() + static_cast<std::ptrdiff_t>(states), 0.0);
    for (std::size_t j = 0; j < states; ++j) next.move[i][j] = moves[i][j] / out;
  }
  Row squares{};
  for (std::size_t t = 0; t < n; ++t) {
    Row gamma{};
    double total = 0;
    for (std::size_t i = 0; i < states; ++i) total += gamma[i] = passes.forward[t][i] * passes.backward[t][i];
    for (std::size_t i = 0; i < states; ++i) squares[i] += gamma[i] / total * (x[t] - next.mean[i]) * (x[t] - next.mean[i]);
  }
  for (std::size_t i = 0; i < states; ++i) next.deviation[i] = std::max(floor, std::sqrt(squares[i] / weight[i]));
  model = next;
  return log_likelihood;
}

/// Labels of states are an accident of the beginning; the order of their deviations is not.
void sort_states(Hmm& model) {
  std::array<std::size_t, Hmm::states_max> order{};
  for (std::size_t i = 0; i < model.states; ++i) {
    std::size_t calmer = 0;
    for (std::size_t j = 0; j < model.states; ++j)
      calmer += model.deviation[j] < model.deviation[i] || (model.deviation[j] == model.deviation[i] && j < i);
    order[calmer] = i;
  }
  const Hmm before = model;
  for (std::size_t i = 0; i < model.states; ++i) {
    model.start[i] = before.start[order[i]];
    model.mean[i] = before.mean[order[i]];
    model.deviation[i] = before.deviation[order[i]];
    for (std::size_t j = 0; j < model.states; ++j) model.move[i][j] = before.move[order[i]][order[j]];
  }
}

double uniform(std::uint64_t& state) {  // splitmix64
  std::uint64_t z = state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

}  // namespace

Result<HmmFit, Problem> fit_hmm(std::span<const double> returns, const BaumWelchSettings& settings) {
  const std::size_t n = returns.size(), states = settings.states;
  if (states < 2 || states > Hmm::states_max) return fail(Problem{fmt::format("{} states: a model has 2 or 3", states)});
  if (n < 50 * states) return fail(Problem{fmt::format("{} returns are too few for {} states: give at least {}", n, states, 50 * states)});
  if (settings.restarts < 1 || settings.rounds_max < 1) return fail(Problem{"restarts and rounds_max are at least 1"});
  double mean = 0, squares = 0;
  for (std::size_t t = 0; t < n; ++t) {
    if (!std::isfinite(returns[t])) return fail(Problem{fmt::format("return {} is not a number: leave out what is missing", t)});
    const double d = returns[t] - mean;
    mean += d / static_cast<double>(t + 1);
    squares += d * (returns[t] - mean);
  }
  const double deviation = std::sqrt(squares / static_cast<double>(n));
  if (!(deviation > 0)) return fail(Problem{"the series never moves: it has no states"});

  Passes passes{.forward = std::vector<Row>(n), .backward = std::vector<Row>(n), .density = std::vector<Row>(n), .scale = std::vector<double>(n)};
  HmmFit best;
  std::uint64_t random = settings.seed;
  for (int restart = 0; restart < settings.restarts; ++restart) {
    Hmm model{.states = states};
    for (std::size_t i = 0; i < states; ++i) {
      const double jitter = restart == 0 ? 1 : std::exp(uniform(random) - 0.5);
      model.start[i] = 1 / static_cast<double>(states);
      model.mean[i] = mean + (restart == 0 ? 0 : deviation * 0.2 * (uniform(random) - 0.5));
      model.deviation[i] = deviation * jitter * (states == 2 ? std::array{0.6, 1.6, 0.0}[i] : std::array{0.5, 1.0, 2.2}[i]);
      const double stay = restart == 0 ? 0.95 : 0.85 + 0.14 * uniform(random);
      for (std::size_t j = 0; j < states; ++j) model.move[i][j] = i == j ? stay : (1 - stay) / static_cast<double>(states - 1);
    }
    double before = -1e300;
    HmmFit fit;
    for (fit.rounds = 1; fit.rounds <= settings.rounds_max; ++fit.rounds) {
      fit.model = model;
      fit.log_likelihood = round(returns, model, deviation * deviation_floor, passes);
      if (fit.log_likelihood - before < settings.tolerance * static_cast<double>(n)) {
        fit.converged = true;
        break;
      }
      before = fit.log_likelihood;
    }
    if (restart == 0 || fit.log_likelihood > best.log_likelihood) best = fit;
  }
  sort_states(best.model);
  best.bic = -2 * best.log_likelihood + static_cast<double>(hmm_parameters(states)) * std::log(static_cast<double>(n));
  return best;
}

}  // namespace robo::research
