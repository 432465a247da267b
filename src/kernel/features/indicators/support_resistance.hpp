#pragma once
// Where prices turned before: confirmed pivots and the high, low and close of earlier days, gathered into levels. A touch within a quarter of the
// average true range of 14 bars (of the mean height of the bars before there is one) of a level belongs to it. Strength of a level: its touches x the sum over them of
// e^(-age / 50n) x (volume of the bar / mean volume around it); age in bars since the touch was known.

#include <array>
#include <cmath>
#include <cstdint>

#include "base/time.hpp"
#include "kernel/features/indicators/atr.hpp"
#include "kernel/features/indicators/pivots.hpp"
#include "kernel/features/indicators/rolling_sum.hpp"

namespace robo::features {

class SupportResistance {
 public:
  struct Level {
    double price{};    // mean of its touches
    double weight{};   // the decayed sum as of bar `at`
    std::int64_t touches{}, at{};
  };
  struct Nearest {
    double price = nan, strength = nan;
  };
  static constexpr std::size_t capacity = 32;  // beyond it the weakest level goes

  SupportResistance() = default;
  /// Rooms of n + 1 candidates, n highs, n lows and 2n + 1 volumes.
  SupportResistance(int n, std::span<Pivots::Candidate> bars, std::span<double> highs, std::span<double> lows, std::span<double> volumes)
      : pivots_(bars, highs, lows), volumes_(volumes), decay_(-1.0 / (50.0 * n)) {}

  void add(double high, double low, double close, double volume, Date date) {
    ++now_;
    height_ += (high - low - height_) / static_cast<double>(now_);
    range_.add(high, low, close);
    volumes_.add(volume);
    pivots_.add(high, low, volume);
    if (date != date_) {
      if (day_bars_ > 1) for (const double price : {day_high_, day_low_, day_close_}) touch(price, 1);
      date_ = date;
      day_bars_ = 0;
    }
    day_high_ = day_bars_ == 0 ? high : std::max(day_high_, high);
    day_low_ = day_bars_ == 0 ? low : std::min(day_low_, low);
    day_close_ = close;
    ++day_bars_;
    const double mean = volumes_.sum() / volumes_.count();
    const double share = mean > 0 ? pivots_.volume() / mean : 1;
    if (pivots_.at_high()) touch(pivots_.high(), share);
    if (pivots_.at_low()) touch(pivots_.low(), share);
    find(close);
  }
  /// Highest level at or below the last close.
  [[nodiscard]] const Nearest& support() const { return support_; }
  /// Lowest level above the last close.
  [[nodiscard]] const Nearest& resistance() const { return resistance_; }
  [[nodiscard]] const Pivots& pivots() const { return pivots_; }
  [[nodiscard]] std::span<const Level> levels() const { return {levels_.data(), count_}; }

 private:
  [[nodiscard]] double faded(const Level& level) const { return level.weight * std::exp(decay_ * static_cast<double>(now_ - level.at)); }
  [[nodiscard]] double strength(const Level& level) const { return static_cast<double>(level.touches) * faded(level); }

  void touch(double price, double share) {
    const double reach = 0.25 * (range_.warm() ? range_.value() : height_);
    Level* nearest = nullptr;
    for (auto& level : std::span(levels_.data(), count_))
      if (std::fabs(level.price - price) <= reach && (nearest == nullptr || std::fabs(level.price - price) < std::fabs(nearest->price - price))) nearest = &level;
    if (nearest == nullptr) {
      nearest = count_ < capacity ? &levels_[count_++] : weakest();
      *nearest = {.at = now_};
    }
    nearest->weight = faded(*nearest) + share;
    nearest->at = now_;
    nearest->price += (price - nearest->price) / static_cast<double>(++nearest->touches);
  }
  Level* weakest() {
    Level* least = &levels_[0];
    double least_strength = strength(*least);
    for (auto& level : levels_)
      if (const double s = strength(level); s < least_strength) least = &level, least_strength = s;
    return least;
  }
  void find(double close) {
    const Level *below = nullptr, *above = nullptr;
    for (const auto& level : levels()) {
      if (level.price <= close) below = below == nullptr || level.price > below->price ? &level : below;
      else above = above == nullptr || level.price < above->price ? &level : above;
    }
    support_ = below != nullptr ? Nearest{below->price, strength(*below)} : Nearest{};
    resistance_ = above != nullptr ? Nearest{above->price, strength(*above)} : Nearest{};
  }

  Pivots pivots_{};
  Atr range_{14};
  RollingSum<double> volumes_{};
  double decay_ = 0, height_ = 0;
  std::array<Level, capacity> levels_{};
  std::size_t count_ = 0;
  std::int64_t now_ = 0, day_bars_ = 0;
  Date date_{INT32_MIN};
  double day_high_ = 0, day_low_ = 0, day_close_ = 0;
  Nearest support_{}, resistance_{};
};

}  // namespace robo::features
