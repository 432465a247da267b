#include "kernel/regime/regime.hpp"

#include "base/invariant.hpp"

namespace robo::regime {

struct Regimes::Plan {
  std::vector<State> states{};
  State whole{};
};

Regimes::Regimes(Settings settings, std::size_t max_instruments) : settings_(settings), plan_(std::make_unique<Plan>()) {
  plan_->states.resize(max_instruments);
}
Regimes::~Regimes() = default;

void Regimes::declare(features::Features& features, std::span<const InstrumentId> instruments) {
  using features::Kind;
  (void)features.declare({.kind = Kind::RealizedVolatility, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  (void)features.declare({.kind = Kind::EfficiencyRatio, .timeframe = settings_.timeframe, .period = settings_.period}, instruments);
  (void)features.declare({.kind = Kind::Adx, .timeframe = settings_.timeframe, .period = settings_.adx_period}, instruments);
}

void Regimes::close_bars(const market::Market&, const features::Features&, Facts&) {}

const State& Regimes::state(InstrumentId instrument) const {
  INVARIANT(instrument.value < plan_->states.size());
  return plan_->states[instrument.value];
}
const State& Regimes::market_wide() const { return plan_->whole; }

}  // namespace robo::regime
