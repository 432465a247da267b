#pragma once
// What kind of market this is: trending, ranging, volatile or in crisis, as probabilities with hysteresis. Regimes buy
// drawdown, not return: they decide how much, rarely what.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "base/fields.hpp"
#include "kernel/features/features.hpp"
#include "kernel/regime/appetite.hpp"
#include "kernel/regime/hmm.hpp"
#include "kernel/regime/rotation.hpp"
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
  std::array<double, Hmm::states_max> states{};  // of the model of returns, where it is the source
  [[nodiscard]] double probability(RegimeKind kind) const { return probabilities[static_cast<std::size_t>(kind)]; }
};

/// What the probabilities come from.
enum class Source : std::uint8_t { Rule, Hmm };

/// The model of returns, when it is the source. Lists that are empty take the parameters of docs/features.md, "Regimes".
struct HmmSettings {
  double half_life = 250;             // bars of the volatility that returns are divided by; 0: returns as they are
  std::vector<double> mean{}, deviation{};  // 2 or 3 states, calmest first
  std::vector<double> start{};        // empty: the long run
  std::vector<double> move{};         // row by row: from the first state to each, from the second ...
  using fields = Fields<&HmmSettings::half_life, &HmmSettings::mean, &HmmSettings::deviation, &HmmSettings::start, &HmmSettings::move>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"half_life", 0, 1e9}});
};
static_assert(Complete<HmmSettings>);

/// Three states of returns in units of their own slow volatility: the S&P 500's days 1950-1989.
[[nodiscard]] Hmm shipped_model();
/// The model the settings say. Errors: what is wrong with it, with the fix.
[[nodiscard]] Result<Hmm, Problem> model_of(const HmmSettings& settings);

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
  Source source{Source::Rule};
  HmmSettings hmm{};
  RotationSettings rotation{};
  AppetiteSettings appetite{};
  using fields = Fields<&Settings::timeframe, &Settings::period, &Settings::adx_period, &Settings::history, &Settings::history_min,
                        &Settings::enter, &Settings::leave, &Settings::dwell, &Settings::crisis_drawdown, &Settings::crisis_exit,
                        &Settings::source, &Settings::hmm, &Settings::rotation, &Settings::appetite>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"timeframe", 1e-3, 1e8}, {"period", 2, 100'000}, {"adx_period", 2, 10'000}, {"history", 10, 1'000'000}, {"history_min", 1, 1'000'000},
                                                       {"enter", 0, 1}, {"leave", 0, 1}, {"dwell", 0, 1'000'000}, {"crisis_drawdown", 1e-6, 1}});
};
static_assert(Complete<Settings>);

class Regimes {
 public:
  Regimes(Settings settings, std::size_t max_instruments);
  ~Regimes();
  Regimes(const Regimes&) = delete;
  Regimes& operator=(const Regimes&) = delete;

  /// Before declare(), of every instrument: rotation and appetite know theirs by symbol.
  void define(const Instrument& instrument);
  /// Before features.start(): asks for the inputs on these instruments. They also make up the market-wide regime.
  void declare(features::Features& features, std::span<const InstrumentId> instruments);
  /// After features.close_bars() of the same event. Adds RegimeChanged to `facts` when a held regime changes; the market-wide
  /// one carries market_wide_id.
  void close_bars(const market::Market& market, const features::Features& features, Facts& facts);

  [[nodiscard]] const State& state(InstrumentId instrument) const;
  [[nodiscard]] const State& market_wide() const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Rotation& rotation() const;
  /// The instrument of a member of the rotation; market_wide_id: there is none of that symbol.
  [[nodiscard]] InstrumentId rotation_member(std::size_t member) const;
  [[nodiscard]] const Appetite& appetite() const;

  /// RegimeChanged::instrument of the market-wide regime.
  static constexpr InstrumentId market_wide_id{UINT32_MAX};

 private:
  struct Plan;
  void end_bar(Facts& facts);
  Settings settings_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace robo::regime

template <>
struct robo::EnumNames<robo::regime::Source> {
  static constexpr std::array<std::string_view, 2> names{"rule", "hmm"};
};
