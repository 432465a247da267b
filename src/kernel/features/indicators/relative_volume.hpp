#pragma once
// Volume (or any other figure) of a bar against what the same bar of the session showed on the days before: as a ratio to the
// mean, and in standard deviations.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "kernel/features/indicators/window.hpp"
#include "kernel/features/spec.hpp"

namespace robo::features {

class RelativeVolume {
 public:
  struct Slot {
    float mean{}, variance{};
    std::uint16_t days{};
  };

  RelativeVolume() = default;
  /// One slot per bar of 24 hours; the mean is of at most `days`, older ones fade.
  RelativeVolume(std::span<Slot> slots, Duration timeframe, int days)
      : slots_(slots.data()), size_(static_cast<std::int64_t>(slots.size())), length_(timeframe.ns), days_(days) {}

  static std::size_t slots_for(Duration timeframe) {
    return static_cast<std::size_t>((hours(24).ns + timeframe.ns - 1) / std::max<std::int64_t>(timeframe.ns, 1));
  }

  /// A bar that started `since_open` after the session's first moment. Days are told apart by their date.
  void add(Duration since_open, Date date, double volume) {
    const auto slot = since_open.ns < 0 ? -1 : since_open.ns / length_;
    if (slot < 0 || slot >= size_) {
      value_ = z_ = nan;
      return;
    }
    if (date != date_) {
      date_ = date;
      next_ = slot;
    }
    // Bars nobody traded in count as 0.
    if (quiet_counts_)
      for (auto quiet = next_; quiet < slot; ++quiet) learn(slots_[quiet], 0);
    next_ = slot + 1;
    auto& here = slots_[slot];
    const auto mean = static_cast<double>(here.mean);
    value_ = here.days > 0 && here.mean > 0 ? volume / mean : nan;
    z_ = here.days >= days_for_deviation && here.variance > 0 ? (volume - mean) / std::sqrt(static_cast<double>(here.variance)) : nan;
    learn(here, volume);
  }
  /// Ratio to the mean; NaN on the first day.
  [[nodiscard]] double value() const { return value_; }
  /// Deviations from the mean; NaN before five days, and where they were all alike.
  [[nodiscard]] double z() const { return z_; }
  /// For figures that do not exist where nothing traded (a share): quiet bars teach nothing.
  void skip_quiet() { quiet_counts_ = false; }

 private:
  void learn(Slot& slot, double volume) {
    if (slot.days < days_) ++slot.days;
    const float share = 1 / static_cast<float>(slot.days), off = static_cast<float>(volume) - slot.mean;
    slot.mean += off / static_cast<float>(slot.days);
    slot.variance = (1 - share) * (slot.variance + share * off * off);  // of the days so far, then fading like the mean
  }
  Slot* slots_ = nullptr;
  std::int64_t size_ = 0, length_ = 1, next_ = 0;
  int days_ = 1;
  Date date_{INT32_MIN};
  double value_ = nan, z_ = nan;
  bool quiet_counts_ = true;
};

}  // namespace robo::features
