#include "kernel/market/bars.hpp"

#include <algorithm>

#include "base/invariant.hpp"
#include "kernel/market/saturate.hpp"

namespace robo::market {

namespace {
// Rounds towards the past, also before 1970.
constexpr std::int64_t floor_to(std::int64_t ns, std::int64_t step) {
  const auto rest = ns % step;
  return ns - (rest < 0 ? rest + step : rest);
}
}  // namespace

void BarBuilder::begin(Timestamp at) {
  open_ = true;
  priced_ = false;
  averaged_volume_ = 0;
  averaged_notional_ = 0;
  bar_ = Bar{.instrument = instrument_};
  if (rule_.unit == BarUnit::Time && !rule_.session()) {
    bar_.start = {floor_to(at.ns, rule_.amount)};
    bar_.period = {rule_.amount};
    due_ = end_ = bar_.start + bar_.period;
  } else {
    bar_.start = at;
    due_ = end_ = never;
  }
}

void BarBuilder::add(Price price, Quantity size, Timestamp at, const TradeUse& use) {
  if (!open_) begin(at);
  covered_until_ = at;
  due_ = end_;
  if (use.sets_last) {
    if (!priced_) {
      bar_.open = bar_.high = bar_.low = price;
      priced_ = true;
    }
    bar_.high = std::max(bar_.high, price);
    bar_.low = std::min(bar_.low, price);
    bar_.close = price;
    ++bar_.trades;
  }
  if (use.counts) bar_.volume = add_saturated(bar_.volume, size);
  if (use.averages) average(price, size);
}

void BarBuilder::add(const Bar& bar) {
  if (!open_) begin(bar.start);
  covered_until_ = bar.start + bar.period;
  // The next bar from outside arrives when ours is just over: wait for it as long as one of them lasts.
  if (end_ != never) due_ = end_ + bar.period;
  if (!priced_) {
    bar_.open = bar.open;
    bar_.high = bar.high;
    bar_.low = bar.low;
    priced_ = true;
  }
  bar_.high = std::max(bar_.high, bar.high);
  bar_.low = std::min(bar_.low, bar.low);
  bar_.close = bar.close;
  bar_.trades += bar.trades;
  bar_.volume = add_saturated(bar_.volume, bar.volume);
  if (bar.volume.is_positive()) average(bar.vwap.is_zero() ? bar.close : bar.vwap, bar.volume);
}

void BarBuilder::average(Price price, Quantity size) {
  std::int64_t volume = 0;
  i128 notional = 0;
  if (__builtin_add_overflow(averaged_volume_, size.raw, &volume) || __builtin_add_overflow(averaged_notional_, i128{price.raw} * size.raw, &notional)) return;
  averaged_volume_ = volume;
  averaged_notional_ = notional;
}

bool BarBuilder::full() const {
  if (!open_) return false;
  if (rule_.unit == BarUnit::Ticks) return bar_.trades >= rule_.amount;
  if (rule_.unit == BarUnit::Volume) return bar_.volume.raw >= rule_.amount;
  return end_ != never && covered_until_ >= end_;
}

bool BarBuilder::close(Timestamp at, ClosedBar& out) {
  INVARIANT(open_);
  open_ = false;
  if (end_ != never) covered_until_ = std::max(covered_until_, end_);
  due_ = end_ = never;
  if (!priced_) return false;
  if (bar_.period.ns == 0) bar_.period = at - bar_.start;
  bar_.vwap = averaged_volume_ == 0 ? bar_.close : Price::from_raw(narrow(divide_rounded(averaged_notional_, averaged_volume_)));
  out = {rule_, bar_};
  return true;
}

}  // namespace robo::market
