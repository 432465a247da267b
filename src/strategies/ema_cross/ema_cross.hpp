#pragma once
// The smallest strategy that trades: long while the fast average is above the slow one, short (or out) while it is below.
// It is here to be compared with other engines, not to earn. docs/strategies/ema_cross.md

#include "kernel/strategy/strategy.hpp"
#include "strategies/common/by_instrument.hpp"

namespace robo::strategies {

class EmaCross final : public strategy::Strategy {
 public:
  [[nodiscard]] std::string_view name() const override { return "ema_cross"; }
  void declare(strategy::Declaration& declaration) override;
  void on_trade(const strategy::View& view, const Trade& trade, strategy::Signals& signals) override;
  void on_bar(const strategy::View& view, const Bar& bar, strategy::Signals& signals) override;
  void reset() override { side_.forget(); }

 private:
  void look(const strategy::View& view, InstrumentId instrument, strategy::Signals& signals);

  bool per_tick_ = false;
  std::size_t hold_{}, shorts_{};
  features::Handle fast_{}, slow_{};
  ByInstrument<std::int8_t> side_;  // 0: nothing said yet
};

}  // namespace robo::strategies
