#pragma once
// Volume by price of the last n intervals of time, the running one included: what every interval put into the profile is
// remembered, one entry per bin, and taken out when the interval has passed.

#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "kernel/features/indicators/volume_profile.hpp"

namespace robo::features {

class RollingProfile {
 public:
  struct Entry {
    std::int64_t tick{};
    VolumeProfile::Bin amount{};
  };
  /// Which entry of the running interval a bin of the profile has.
  struct Recent {
    std::int64_t bin{}, interval{INT64_MIN};
    std::uint32_t entry{};
    int width{};
  };
  static std::size_t entries_for(std::size_t intervals) { return std::clamp<std::size_t>(intervals * 64, 1024, 16'384); }

  RollingProfile() = default;
  /// Rooms of VolumeProfile::bins, again as many, entries_for(n), and n + 1.
  RollingProfile(VolumeProfile profile, std::span<Recent> recent, std::span<Entry> entries, std::span<std::uint64_t> starts, Duration length)
      : profile_(profile), recent_(recent.data()), entries_(entries), starts_(starts.data()), room_(static_cast<std::int64_t>(starts.size())),
        length_(length.ns) {}

  /// Asks for what add() of this tick will touch.
  void fetch(std::int64_t tick) const {
    profile_.fetch(tick);
    __builtin_prefetch(&recent_[profile_.bin_of(tick) & (VolumeProfile::bins - 1)], 1);
    __builtin_prefetch(&entries_[written_ % entries_.size()], 1);
  }
  void add(std::int64_t tick, std::int64_t size, int side, Timestamp at) {
    roll(at.ns / length_);
    if (written_ - oldest_ == entries_.size()) [[unlikely]] make_room();
    const auto bin = profile_.add(tick, size, side);
    auto& recent = recent_[bin & (VolumeProfile::bins - 1)];
    const auto width = static_cast<int>(profile_.ticks_per_bin());
    if (recent.bin != bin || recent.interval != now_ || recent.width != width) {
      recent = {bin, now_, static_cast<std::uint32_t>(written_ % entries_.size()), width};
      entries_[recent.entry] = {.tick = tick};
      ++written_;
    }
    auto& volume = entries_[recent.entry].amount.volume;
    volume[VolumeProfile::Total] = sum_of(volume[VolumeProfile::Total], size);
    if (side != 0) volume[side > 0 ? VolumeProfile::Buy : VolumeProfile::Sell] = sum_of(volume[side > 0 ? VolumeProfile::Buy : VolumeProfile::Sell], size);
  }
  [[nodiscard]] const VolumeProfile& profile() const { return profile_; }
  /// True when so many prices traded that the oldest intervals went before their time.
  [[nodiscard]] bool shortened() const { return shortened_; }
  void clear() {
    profile_.clear();
    oldest_ = written_;
    first_ = now_ = INT64_MIN;
    shortened_ = false;
  }

 private:
  [[nodiscard]] std::uint64_t& start(std::int64_t interval) { return starts_[(interval % room_ + room_) % room_]; }
  void roll(std::int64_t interval) {
    if (interval <= now_) [[likely]] return;  // also where the clock goes backwards: counted as now
    if (now_ == INT64_MIN || interval - now_ >= room_ - 1) {
      profile_.clear();
      oldest_ = written_;
      first_ = interval;
    } else {
      for (auto empty = now_ + 1; empty < interval; ++empty) start(empty) = written_;
      now_ = interval - 1;
      expire(std::max(first_, interval - (room_ - 2)));
    }
    start(interval) = written_;
    now_ = interval;
  }
  /// Takes out every interval before `first`.
  void expire(std::int64_t first) {
    if (first <= first_) return;
    const auto until = first > now_ ? written_ : start(first);
    if (until != oldest_) {
      for (; oldest_ < until; ++oldest_) {
        const auto& entry = entries_[oldest_ % entries_.size()];
        profile_.take(entry.tick, entry.amount);
      }
      profile_.settle();
    }
    first_ = first;
  }
  void make_room() {
    shortened_ = true;
    if (first_ < now_) {
      while (written_ - oldest_ == entries_.size() && first_ < now_) expire(first_ + 1);
    }
    if (written_ - oldest_ == entries_.size()) {  // one interval alone fills it
      profile_.clear();
      oldest_ = written_;
      start(now_) = written_;
      for (std::int64_t i = 0; i < VolumeProfile::bins; ++i) recent_[i].interval = INT64_MIN;
    }
  }

  VolumeProfile profile_{};
  Recent* recent_ = nullptr;
  std::span<Entry> entries_{};
  std::uint64_t* starts_ = nullptr;
  std::int64_t room_ = 2, length_ = 1;
  std::int64_t first_ = INT64_MIN, now_ = INT64_MIN;  // intervals
  std::uint64_t oldest_ = 0, written_ = 0;
  bool shortened_ = false;
};

}  // namespace robo::features
