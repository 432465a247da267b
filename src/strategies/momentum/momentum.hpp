#pragma once
// Momentum scanner: of a universe, the few names whose price leaves its channel on unusual volume. docs/strategies/momentum.md

#include "kernel/strategy/strategy.hpp"
#include "strategies/common/by_instrument.hpp"

namespace robo::strategies {

class Momentum final : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "momentum"; }
  void declare(strategy::Declaration& declaration) override;
  void on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) override;
  void reset() override { held_.forget(); }

 private:
  struct Held {
    std::int8_t side{};       // 0: out
    Timestamp until{};
    double strength{};        // of the move when it was entered, in standard deviations
  };
  void leave(InstrumentId instrument, strategy::Signals& signals, const FixedText<80>& why);
  /// Room for one more, or the weakest that a stronger one may replace.
  bool make_room(double strength, std::size_t most, Timestamp now, strategy::Signals& signals);

  Duration timeframe_{};
  int lookback_ = 0;
  std::size_t volume_z_min_{}, efficiency_min_{}, top_{}, stop_atr_{}, target_atr_{}, hold_bars_{}, shorts_{}, flat_s_{}, edge_{};
  features::Handle breakout_{}, exit_{}, volume_z_{}, efficiency_{}, atr_{}, move_{}, volatility_{};
  ByInstrument<Held> held_;
};

}  // namespace robo::strategies
