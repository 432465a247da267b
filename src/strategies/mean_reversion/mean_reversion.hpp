#pragma once
// Mean reversion: buys what has fallen too fast and sells what has risen too fast, while the market ranges.
// docs/strategies/mean_reversion.md

#include "kernel/strategy/strategy.hpp"
#include "strategies/common/by_instrument.hpp"

namespace robo::strategies {

class MeanReversion final : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "mean_reversion"; }
  void declare(strategy::Declaration& declaration) override;
  void on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) override;
  void reset() override { held_.forget(); }

 private:
  struct Held {
    std::int8_t side{};
    Timestamp until{};
  };

  Duration timeframe_{};
  std::size_t low_{}, high_{}, exit_{}, ranging_min_{}, stop_atr_{}, hold_bars_{}, shorts_{}, flat_s_{}, edge_{}, cost_bp_{};
  features::Handle rsi_{}, atr_{}, volatility_{}, mean_{};
  ByInstrument<Held> held_;
};

}  // namespace robo::strategies
