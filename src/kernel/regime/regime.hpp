#pragma once
// What kind of market this is: trending, ranging, volatile or in crisis, as probabilities with hysteresis. Regimes buy
// drawdown, not return: they decide how much, rarely what.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernel/features/features.hpp"
#include "model/fact.hpp"

namespace robo::regime {

/// What the decision was made of. NaN: not known yet.
struct Inputs {
  double volatility{};             // realized, per bar, fraction
  double volatility_percentile{};  // 0..1 within its own history
  double volatility_ratio{};       // to the median of that history
  double efficiency_ratio{};       // 0..1
  double adx{};                    // 0..100
  double drawdown{};               // 0..1 below the highest close of the window
};

struct State {
  RegimeKind held{RegimeKind::Ranging};
  std::array<double, 4> probabilities{0.25, 0.25, 0.25, 0.25};  // by RegimeKind, sum 1
  bool warm{};                     // false: too little history, `held` is the cautious default
  std::uint32_t age{};             // bars since it was entered
  Inputs inputs{};
  [[nodiscard]] double probability(RegimeKind kind) const { return probabilities[static_cast<std::size_t>(kind)]; }
};

struct Settings {
  Duration timeframe = minutes(1);
  int period = 20;                     // bars of volatility, efficiency ratio and the drawdown's peak is 12x this
  int adx_period = 14;
  int history = 2000;                  // bars the volatility percentile looks back on
  int history_min = 60;                // bars before it is believed
  double enter = 0.65, leave = 0.45;   // a regime takes over above `enter`, once the held one is below `leave`
  std::uint32_t dwell = 5;             // bars a regime is kept at least; crisis enters at once
  double crisis_drawdown = 0.05;       // drawdown at which crisis is as likely as not (with volatility in its top tail)
  std::uint32_t crisis_exit = 20;      // calm bars in a row before crisis ends
};

class Regimes {
 public:
  Regimes(Settings settings, std::size_t max_instruments);
  ~Regimes();
  Regimes(const Regimes&) = delete;
  Regimes& operator=(const Regimes&) = delete;

  /// Before features.start(): asks for the inputs on these instruments. They also make up the market-wide regime.
  void declare(features::Features& features, std::span<const InstrumentId> instruments);
  /// After features.close_bars() of the same event. Adds RegimeChanged to `facts` when a held regime changes; the market-wide
  /// one carries market_wide_id.
  void close_bars(const market::Market& market, const features::Features& features, Facts& facts);

  [[nodiscard]] const State& state(InstrumentId instrument) const;
  [[nodiscard]] const State& market_wide() const;
  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// RegimeChanged::instrument of the market-wide regime.
  static constexpr InstrumentId market_wide_id{UINT32_MAX};

 private:
  struct Plan;
  Settings settings_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace robo::regime
