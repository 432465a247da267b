#include "apps/strategies.hpp"

#include "strategies/ema_cross/ema_cross.hpp"
#include "strategies/mean_reversion/mean_reversion.hpp"
#include "strategies/momentum/momentum.hpp"
#include "strategies/pairs/pairs.hpp"

namespace robo::apps {

std::unique_ptr<strategy::Strategy> make_strategy(std::string_view name) {
  if (name == "momentum") return std::make_unique<strategies::Momentum>();
  if (name == "mean_reversion") return std::make_unique<strategies::MeanReversion>();
  if (name == "pairs") return std::make_unique<strategies::Pairs>();
  if (name == "ema_cross") return std::make_unique<strategies::EmaCross>();
  return nullptr;
}

std::string strategy_names() { return "momentum, mean_reversion, pairs and ema_cross"; }

}  // namespace robo::apps
