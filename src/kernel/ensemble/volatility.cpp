#include "kernel/ensemble/volatility.hpp"

#include <algorithm>
#include <cmath>

namespace robo::ensemble {
namespace {
const double fast_alpha = 1 - std::exp2(-1 / Volatility::fast_half_life);
const double slow_alpha = 1 - std::exp2(-1 / Volatility::slow_half_life);
constexpr double day_s = 86'400;
}  // namespace

double bars_per_year(const Instrument& instrument, Duration period) {
  const double length_s = period.seconds();
  const bool always_open = instrument.asset_class == AssetClass::Crypto || instrument.calendar.view() == "24x7";
  const double days = always_open ? 365 : 252;
  if (length_s >= 20 * 3600) return days * day_s / std::max(length_s, day_s);
  const double open_s = always_open ? day_s
                        : instrument.asset_class == AssetClass::Future ? 23 * 3600.0
                        : instrument.asset_class == AssetClass::Forex  ? day_s
                                                                       : 6.5 * 3600.0;
  return days * open_s / length_s;
}

double horizons_per_year(const Instrument& instrument, Duration horizon) {
  if (horizon >= hours(20)) return 365 * day_s / horizon.seconds();
  return bars_per_year(instrument, horizon);
}

void Volatility::update(const Bar& bar) {
  const double close = bar.close.to_double(), open = bar.open.to_double();
  if (!(close > 0) || !(open > 0)) {  // negative prices have no returns
    last_close_ = 0;
    return;
  }
  double square = 0;
  bool usable = false;
  if (last_close_ > 0 && bar.period.ns > 0) {
    const double steps = static_cast<double>((bar.start - last_start_).ns) / static_cast<double>(bar.period.ns);
    const bool daily = bar.period >= hours(20);
    usable = steps > 0.5;
    if (usable && (daily || steps <= gap_bars_max)) {
      const double r = std::log(close / last_close_);
      square = daily ? r * r : r * r / std::max(1.0, steps);
    } else if (usable) {
      const double r = std::log(close / open);
      square = r * r;
    }
  }
  last_close_ = close;
  last_start_ = bar.start;
  if (!usable) return;
  fast_ += fast_alpha * (square - fast_);
  slow_ += slow_alpha * (square - slow_);
  fast_left_ *= 1 - fast_alpha;
  slow_left_ *= 1 - slow_alpha;
  ++count_;
}

std::optional<double> Volatility::per_bar() const {
  if (count_ < warm_after) return std::nullopt;
  return std::sqrt(std::max(fast_ / (1 - fast_left_), slow_ / (1 - slow_left_)));
}

}  // namespace robo::ensemble
