#include "edge/sim/exchange/price_bands.hpp"

#include <algorithm>
#include <cmath>

namespace robo::sim {
namespace {

const Date bands_began = date_of(2013, 4, 8), amendment_18 = date_of(2020, 2, 24);

}  // namespace

PriceBands::Width PriceBands::width(Price reference, bool tier_1, Date day, Duration since_open, Duration until_close) {
  if (day < bands_began) return {};
  const bool first = since_open < minutes(15), last = until_close <= minutes(25);
  Width w;
  if (reference > price(3)) w.share = tier_1 ? 0.05 : 0.10;
  else if (reference >= price(0, 75)) w.share = 0.20;
  else w.share = 0.75, w.amount = 0.15;
  // The amendment left the doubling before the close to Tier 1, and to prices up to three dollars.
  const bool doubled = day < amendment_18 ? first || last : last && (tier_1 || reference <= price(3));
  if (doubled) w.share *= 2, w.amount *= 2;
  return w;
}

void PriceBands::open(Timestamp from, Timestamp until, Date day) {
  if (day == day_ && from == from_) return;
  day_ = day;
  from_ = from, until_ = until;
  resume();
}

void PriceBands::resume() {
  reference_ = {};
  trades_.clear();
  sum_ = 0;
  limit_since_.reset();
}

double PriceBands::half(Timestamp at) const {
  const Width w = width(reference_, tier_1_, day_, at - from_, until_ - at);
  const double by_share = reference_.to_double() * w.share;
  return w.amount > 0 ? std::min(w.amount, by_share) : by_share;
}

Price PriceBands::low(Timestamp at) const { return in_force() ? Price::nearest(std::round((reference_.to_double() - half(at)) * 100) / 100) : Price{}; }
Price PriceBands::high(Timestamp at) const { return in_force() ? Price::nearest(std::round((reference_.to_double() + half(at)) * 100) / 100) : Price{}; }

void PriceBands::renew(Timestamp at) {
  while (!trades_.empty() && at - trades_.front().first >= window) {
    sum_ -= trades_.front().second;
    trades_.pop_front();
  }
  if (trades_.empty() || at - renewed_ < renewal) return;
  const auto mean = Price::from_raw(static_cast<std::int64_t>(sum_ / static_cast<std::int64_t>(trades_.size())));
  if (i128{(mean - reference_).abs().raw} * 100 < i128{reference_.raw}) return;  // less than a percent is not worth a new one
  reference_ = mean;
  renewed_ = at;
}

void PriceBands::on_trade(Timestamp at, Price price) {
  if (day_.days == 0 || !price.is_positive()) return;
  if (!reference_.is_positive()) reference_ = price, renewed_ = at;  // the opening, or the first price after a pause
  trades_.emplace_back(at, price.raw);
  sum_ += price.raw;
  renew(at);
}

void PriceBands::on_quote(Timestamp at, Price bid, Quantity bid_size, Price ask, Quantity ask_size) {
  if (!in_force()) return;
  renew(at);
  // The offer stands at the lower band, or the bid at the upper, and nobody trades it away.
  const bool down = ask_size.is_positive() && ask <= low(at), up = bid_size.is_positive() && bid >= high(at);
  if (!down && !up) limit_since_.reset();
  else if (!limit_since_) limit_since_ = at;
}

bool PriceBands::pauses(Timestamp at) {
  if (!limit_since_ || at - *limit_since_ < patience) return false;
  resume();
  return true;
}

}  // namespace robo::sim
