#pragma once
// Volume by price: bins of one tick while the day fits into 1024 of them, of 2, 4, 8... ticks when it does not. The point of
// control (POC: the bin with most volume, of equals the lowest) is always that of now. The value area (70 % of volume around it) and the nodes
// are drawn anew when 1/64 of the volume has come since the last time, and not before a sixteenth as many trades as there are
// bins: a trade costs the same however wide the day is. From 64 bins on one trade draws one of them: the whole, what buyers
// started, what sellers did, the nodes.

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>

#include "base/decimal.hpp"
#include "kernel/features/indicators/window.hpp"
#include "kernel/features/indicators/wrapping.hpp"

namespace robo::features {

class VolumeProfile {
 public:
  static constexpr std::int64_t bins = 1024;  // a power of two: a bin's place is its number modulo bins
  static constexpr std::int64_t node_reach = 5;
  static constexpr std::int64_t narrow = 64;  // bins that are drawn at once
  enum Measure : std::size_t { Total, Buy, Sell, measures };
  /// Raw quantities.
  struct Bin {
    std::array<std::int64_t, measures> volume{};
  };
  /// What is read off one measure, in prices; NaN when there is no volume.
  struct Area {
    double poc = nan, high = nan, low = nan;
  };
  struct Nodes {
    double high_above = nan, high_below = nan, low_above = nan, low_below = nan;
  };

  VolumeProfile() = default;
  /// `wanted`: bit per measure whose area is drawn. Rooms of `bins`, and of nodes_room or nothing where no nodes are wanted.
  VolumeProfile(std::span<Bin> room, Price tick, std::uint32_t wanted, std::span<std::int64_t> nodes)
      : data_(room.data()), tick_(std::max<std::int64_t>(tick.raw, 1)), wanted_(wanted), draws_nodes_(!nodes.empty()) {
    INVARIANT(room.size() == static_cast<std::size_t>(bins) && (nodes.empty() || nodes.size() == nodes_room));
    if (draws_nodes_) high_nodes_ = nodes.first(nodes_room / 2), low_nodes_ = nodes.last(nodes_room / 2);
  }
  /// Every sixth bin can be a node at most, of either kind.
  static constexpr std::size_t nodes_room = 2 * (bins / (node_reach + 1) + 1);

  /// Asks for what add() of this tick will touch.
  void fetch(std::int64_t tick) const { __builtin_prefetch(&data_[(tick >> shift_) & (bins - 1)], 1); }

  [[nodiscard]] std::int64_t tick_of(Price price) const {
    constexpr std::int64_t far = std::int64_t{1} << 60;  // beyond any price; room for sums of bins
    const auto whole = price.raw / tick_;
    return std::clamp(price.raw % tick_ < 0 ? whole - 1 : whole, -far, far);
  }
  /// Bin of a tick that is inside; its width may grow with the next one.
  [[nodiscard]] std::int64_t bin_of(std::int64_t tick) const { return tick >> shift_; }

  /// `side`: +1 buyer, -1 seller, 0 nobody can say. Returns the bin.
  std::int64_t add(std::int64_t tick, std::int64_t size, int side) {
    auto bin = tick >> shift_;
    if (bin < low_ || bin > high_) [[unlikely]] bin = make_room(tick);
    last_ = bin;
    auto& here = at(bin);
    count(Total, bin, here.volume[Total] = sum_of(here.volume[Total], size), size);
    if (side != 0) {
      const auto m = side > 0 ? Buy : Sell;
      count(m, bin, here.volume[m] = sum_of(here.volume[m], size), size);
    }
    fresh_ = sum_of(fresh_, size);
    ++fresh_trades_;
    if (const auto range = high_ - low_ + 1; fresh_ >= sums_[Total].volume >> 6 && fresh_trades_ >= range >> 4) {
      fresh_ = fresh_trades_ = 0;
      pending_ = wanted_ | (draws_nodes_ ? 1u << measures : 0u);
      if (range < narrow) draw();
    }
    if (pending_ != 0) draw_next();
    if (draws_nodes_ && (last_ >= node_until_ || last_ <= node_from_)) find_nodes();
    return bin;
  }
  /// Takes volume away that was added before; settle() once all of it is.
  void take(std::int64_t tick, const Bin& amount) {
    auto& here = at(tick >> shift_);
    for (std::size_t m = 0; m < measures; ++m) {
      here.volume[m] = difference(here.volume[m], amount.volume[m]);
      sums_[m].volume = difference(sums_[m].volume, amount.volume[m]);
    }
  }
  void settle() {
    if (sums_[Total].volume <= 0) return clear();
    trim();
    find_pocs();
    draw();
  }
  void clear() {
    if (low_ <= high_)
      for (auto bin = low_; bin <= high_; ++bin) at(bin) = {};
    sums_ = {};
    fresh_ = fresh_trades_ = 0;
    pending_ = 0;
    areas_ = {};
    nodes_ = {};
    shift_ = 0;
    low_ = 0, high_ = -1;
    high_count_ = low_count_ = 0;
    node_from_ = INT64_MAX, node_until_ = INT64_MIN;
  }

  [[nodiscard]] bool empty() const { return low_ > high_; }
  [[nodiscard]] const Area& area(std::size_t measure) const { return areas_[measure]; }
  [[nodiscard]] const Nodes& nodes() const { return nodes_; }
  [[nodiscard]] std::int64_t volume(std::size_t measure) const { return sums_[measure].volume; }
  /// Bins from the lowest to the highest one traded: for charts and strategies that read the shape.
  [[nodiscard]] std::int64_t size() const { return high_ - low_ + 1; }
  [[nodiscard]] const Bin& bin(std::int64_t index) const { return data_[static_cast<std::size_t>((low_ + index) & (bins - 1))]; }
  /// Middle of a bin.
  [[nodiscard]] double price(std::int64_t index) const { return middle(low_ + index); }
  [[nodiscard]] std::int64_t ticks_per_bin() const { return std::int64_t{1} << shift_; }

 private:
  struct Sum {
    std::int64_t volume{}, top{}, poc{};
    bool begun{};
  };
  [[nodiscard]] Bin& at(std::int64_t bin) { return data_[static_cast<std::size_t>(bin & (bins - 1))]; }
  [[nodiscard]] double ticks(double n) const { return n * static_cast<double>(tick_) / static_cast<double>(Price::scale); }
  [[nodiscard]] double middle(std::int64_t bin) const {
    const auto width = static_cast<double>(ticks_per_bin());
    return ticks(static_cast<double>(bin) * width + 0.5 * (width - 1));
  }
  void count(std::size_t m, std::int64_t bin, std::int64_t here, std::int64_t size) {
    auto& sum = sums_[m];
    sum.volume = sum_of(sum.volume, size);
    if (here > sum.top || (here == sum.top && bin < sum.poc) || !sum.begun) {
      if (bin != sum.poc || !sum.begun) areas_[m].poc = middle(bin);
      sum.top = here, sum.poc = bin;
      sum.begun = true;
    }
  }
  std::int64_t make_room(std::int64_t tick) {
    if (empty()) {
      low_ = high_ = tick >> shift_;
      return low_;
    }
    for (;;) {
      const auto bin = tick >> shift_, low = std::min(low_, bin), high = std::max(high_, bin);
      if (high - low < bins) {
        low_ = low, high_ = high;
        return bin;
      }
      if (!trim()) widen();
    }
  }
  /// Bins at the ends that emptied again. False when there were none.
  bool trim() {
    const auto low = low_, high = high_;
    while (low_ < high_ && at(low_).volume[Total] == 0) ++low_;
    while (low_ < high_ && at(high_).volume[Total] == 0) --high_;
    return low_ != low || high_ != high;
  }
  /// Bins of twice the width.
  void widen() {
    std::array<Bin, bins> old;
    const auto from = low_, to = high_;
    for (auto bin = from; bin <= to; ++bin) old[static_cast<std::size_t>(bin - from)] = at(bin), at(bin) = {};
    ++shift_;
    low_ = from >> 1, high_ = to >> 1;
    for (auto bin = from; bin <= to; ++bin)
      for (std::size_t m = 0; m < measures; ++m) {
        auto& sum = at(bin >> 1).volume[m];
        sum = sum_of(sum, old[static_cast<std::size_t>(bin - from)].volume[m]);
      }
    find_pocs();
    draw();
  }
  void find_pocs() {
    for (std::size_t m = 0; m < measures; ++m) {
      auto& sum = sums_[m];
      sum.begun = false;
      for (auto bin = low_; bin <= high_; ++bin)
        if (const auto v = at(bin).volume[m]; v > 0 && (!sum.begun || v > sum.top)) sum.top = v, sum.poc = bin, sum.begun = true;
      areas_[m].poc = sum.begun ? middle(sum.poc) : nan;
      if (!sum.begun) sum.top = 0, areas_[m] = {};
    }
  }
  void draw() {
    fresh_ = fresh_trades_ = 0;
    pending_ = wanted_ | (draws_nodes_ ? 1u << measures : 0u);
    while (pending_ != 0) draw_next();
  }
  void draw_next() {
    const auto what = static_cast<std::size_t>(std::countr_zero(pending_));
    pending_ &= pending_ - 1;
    if (what < measures) draw_area(what);
    else draw_nodes();
  }
  /// From the POC outwards, two bins at a time, the heavier pair first, of equals the upper: the convention of CME's floor.
  void draw_area(std::size_t m) {
    const auto& sum = sums_[m];
    if (!sum.begun) return;
    const auto target = static_cast<std::int64_t>((i128{sum.volume} * 7 + 9) / 10);
    auto low = sum.poc, high = sum.poc, inside = at(sum.poc).volume[m];
    const auto from = [&](std::int64_t bin) { return bin < low_ || bin > high_ ? 0 : at(bin).volume[m]; };
    while (inside < target && (low > low_ || high < high_)) {
      const auto up = sum_of(from(high + 1), from(high + 2)), down = sum_of(from(low - 1), from(low - 2));
      if (high < high_ && (low == low_ || up >= down)) inside = sum_of(inside, up), high = std::min(high + 2, high_);
      else inside = sum_of(inside, down), low = std::max(low - 2, low_);
    }
    const auto width = static_cast<double>(ticks_per_bin());
    areas_[m].low = ticks(static_cast<double>(low) * width);
    areas_[m].high = ticks(static_cast<double>(high) * width + (width - 1));
  }
  /// A node of high volume: most of the five bins on either side, and no less than the mean bin; of low volume: least of
  /// them, and at most half the mean bin, not within five bins of the ends.
  void draw_nodes() {
    high_count_ = low_count_ = 0;
    const auto range = high_ - low_ + 1;
    const auto mean = sums_[Total].volume / range;
    const auto volume = [&](std::int64_t bin) { return bin < low_ || bin > high_ ? 0 : at(bin).volume[Total]; };
    for (auto bin = low_; bin <= high_; ++bin) {
      const auto v = volume(bin);
      const bool heavy = v > 0 && v >= mean, light = v <= mean / 2 && bin - low_ >= node_reach && high_ - bin >= node_reach;
      if (!heavy && !light) continue;
      bool most = heavy, least = light;
      for (std::int64_t d = 1; d <= node_reach && (most || least); ++d) {
        const auto below = volume(bin - d), above = volume(bin + d);
        most = most && v > below && v >= above;
        least = least && v < below && v <= above;
      }
      if (most && high_count_ < high_nodes_.size()) high_nodes_[high_count_++] = bin;
      if (least && low_count_ < low_nodes_.size()) low_nodes_[low_count_++] = bin;
    }
    find_nodes();
  }
  void find_nodes() {
    std::int64_t from = INT64_MIN, until = INT64_MAX;
    const auto nearest = [&](std::span<const std::int64_t> nodes, double& above, double& below) {
      const auto up = std::upper_bound(nodes.begin(), nodes.end(), last_), down = std::lower_bound(nodes.begin(), nodes.end(), last_);
      above = up == nodes.end() ? nan : middle(*up);
      below = down == nodes.begin() ? nan : middle(*(down - 1));
      // The answer holds until the price comes to the next node, or leaves the one it stands on.
      if (up != nodes.end()) until = std::min(until, *up);
      if (down != nodes.begin()) from = std::max(from, *(down - 1));
      if (up != down) from = std::max(from, last_ - 1), until = std::min(until, last_ + 1);
    };
    nearest({high_nodes_.data(), high_count_}, nodes_.high_above, nodes_.high_below);
    nearest({low_nodes_.data(), low_count_}, nodes_.low_above, nodes_.low_below);
    node_from_ = from, node_until_ = until;
  }

  Bin* data_ = nullptr;
  std::int64_t tick_ = 1;
  std::uint32_t wanted_ = 0;
  bool draws_nodes_ = false;
  int shift_ = 0;
  std::int64_t low_ = 0, high_ = -1, last_ = 0;
  std::array<Sum, measures> sums_{};
  std::array<Area, measures> areas_{};
  std::int64_t fresh_ = 0, fresh_trades_ = 0;  // since the areas were drawn
  std::uint32_t pending_ = 0;                  // bit per measure, and one for the nodes, that is still to be drawn
  std::span<std::int64_t> high_nodes_{}, low_nodes_{};
  std::size_t high_count_ = 0, low_count_ = 0;
  std::int64_t node_from_ = INT64_MAX, node_until_ = INT64_MIN;  // bins between which nodes_ holds, both exclusive
  Nodes nodes_{};
};

}  // namespace robo::features
