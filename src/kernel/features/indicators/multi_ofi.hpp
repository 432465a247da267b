#pragma once
// Order-flow imbalance of the levels of a book, summed over the last n intervals of time and divided by the mean depth of a
// level; and its first principal component (Cont, Cucuringu, Zhang: "integrated" OFI).

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "kernel/features/indicators/order_flow.hpp"
#include "kernel/features/indicators/window.hpp"
#include "kernel/market/book.hpp"

namespace robo::features {

class MultiOfi {
 public:
  static constexpr std::size_t levels_max = 10;
  static constexpr std::uint32_t intervals_min = 20;     // with changes, before a component is believed
  static constexpr std::uint32_t intervals_memory = 250;  // that the covariance remembers
  struct Interval {
    std::array<std::int64_t, levels_max> flow{};
    double depth{};          // sum over the changes of the mean size of a level and side
    std::uint32_t changes{};
  };
  struct Side {
    std::array<Price, levels_max> price{};
    std::array<std::int64_t, levels_max> size{};
    std::size_t count = 0;
  };

  MultiOfi() = default;
  MultiOfi(std::span<Interval> room, std::size_t levels, Duration length)
      : intervals_(room.data()), size_(static_cast<std::int64_t>(room.size())), length_(length.ns), levels_(levels) {
    weights_.fill(1);
  }
  [[nodiscard]] std::size_t levels() const { return levels_; }
  /// A change there may move the levels counted.
  [[nodiscard]] bool concerns(BookSide side, Price price) const {
    const auto& one = books_[now_][static_cast<std::size_t>(side)];
    return !known_ || one.count < levels_ || (side == BookSide::Bid ? price >= one.price[levels_ - 1] : price <= one.price[levels_ - 1]);
  }
  /// The book has changed. Crossed and locked ones say nothing about flow: as if they had never been.
  void add(const market::Book& book, Timestamp at) {
    roll(at);
    auto& now = books_[1 - now_];
    for (const auto side : {BookSide::Ask, BookSide::Bid}) {
      auto& one = now[static_cast<std::size_t>(side)];
      one.count = 0;
      book.walk(side, levels_, [&](Price price, Quantity size) { one.price[one.count] = price, one.size[one.count++] = size.raw; });
    }
    const auto& [asks, bids] = now;
    if (asks.count != 0 && bids.count != 0 && bids.price[0] >= asks.price[0]) return;
    if (known_) take(books_[now_], now);
    now_ = 1 - now_;
    known_ = true;
  }
  /// A batch of changes that concern us is under way.
  [[nodiscard]] bool pending() const { return pending_; }
  void pending(bool whether) { pending_ = whether; }
  /// The next book does not follow from the last one.
  void interrupt() { known_ = false; }
  /// Forgets the flow of the intervals, not what was learned of its shape.
  void clear() {
    for (std::int64_t i = 0; i < size_; ++i) intervals_[i] = {};
    total_ = {};
    known_ = false;
  }
  /// In mean depths of a level, near levels weighing more: exp(-i/2).
  [[nodiscard]] double weighted() const {
    double sum = 0, weights = 0, w = 1;
    for (std::size_t i = 0; i < levels_; ++i, w *= 0.60653065971263342) sum += w * static_cast<double>(total_.flow[i]), weights += w;
    const double depth = mean_depth();
    return depth > 0 ? sum / weights / depth : nan;
  }
  [[nodiscard]] double integrated() const {
    if (learned_ < intervals_min) return nan;
    double sum = 0, weights = 0;
    for (std::size_t i = 0; i < levels_; ++i) sum += weights_[i] * static_cast<double>(total_.flow[i]), weights += std::fabs(weights_[i]);
    const double depth = mean_depth();
    return depth > 0 && weights > 0 ? sum / weights / depth : nan;
  }
  [[nodiscard]] std::span<const double> component() const { return std::span(weights_).first(levels_); }

 private:
  void take(const std::array<Side, 2>& before, const std::array<Side, 2>& now) {
    const auto& [asks, bids] = now;
    const auto& [asks_before, bids_before] = before;
    auto& running = intervals_[slot_];
    const auto both = std::min(std::min(asks.count, bids.count), std::min(asks_before.count, bids_before.count));
    for (std::size_t i = 0; i < both; ++i) {
      const auto flow = order_flow({bids_before.price[i].raw, asks_before.price[i].raw, bids_before.size[i], asks_before.size[i]},
                                   {bids.price[i].raw, asks.price[i].raw, bids.size[i], asks.size[i]});
      running.flow[i] = sum_of(running.flow[i], flow);
      total_.flow[i] = sum_of(total_.flow[i], flow);
    }
    double depth = 0;
    for (const auto& side : now)
      for (std::size_t i = 0; i < side.count; ++i) depth += static_cast<double>(side.size[i]);
    if (asks.count + bids.count == 0) return;
    depth /= static_cast<double>(asks.count + bids.count);
    running.depth += depth, total_.depth += depth;
    ++running.changes, ++total_.changes;
  }
  void roll(Timestamp at) {
    if (at.ns < end_) [[likely]] return;
    if (end_ != 0) learn(intervals_[slot_]);
    if (at.ns - end_ >= (size_ - 1) * length_) {
      for (std::int64_t i = 0; i < size_; ++i) intervals_[i] = {};
      total_ = {};
    } else {
      for (auto steps = (at.ns - end_) / length_ + 1; steps > 0; --steps) {
        slot_ = slot_ + 1 == size_ ? 0 : slot_ + 1;
        auto& old = intervals_[slot_];
        for (std::size_t i = 0; i < levels_; ++i) total_.flow[i] = difference(total_.flow[i], old.flow[i]);
        total_.depth -= old.depth;
        total_.changes -= old.changes;
        old = {};
        if (++since_rebuild_ >= rebuild_after(static_cast<std::uint32_t>(size_))) rebuild();
      }
    }
    end_ = at.ns - at.ns % length_ + length_;
  }
  void rebuild() {
    since_rebuild_ = 0;
    total_.depth = 0;
    for (std::int64_t i = 0; i < size_; ++i) total_.depth += intervals_[i].depth;
  }
  [[nodiscard]] double mean_depth() const { return total_.changes == 0 ? nan : total_.depth / total_.changes; }

  // Covariance of the levels' flows, exponentially forgetting (West), and two rounds of the power iteration from where the
  // component was: it moves slowly, so that is enough.
  void learn(const Interval& interval) {
    if (interval.changes == 0 || !(interval.depth > 0)) return;
    const double scale = interval.changes / interval.depth, memory = learned_ + 1 < intervals_memory ? learned_ + 1 : intervals_memory, a = 1 / memory;
    std::array<double, levels_max> off{};
    for (std::size_t i = 0; i < levels_; ++i) off[i] = static_cast<double>(interval.flow[i]) * scale - mean_[i];
    for (std::size_t i = 0; i < levels_; ++i) {
      mean_[i] += a * off[i];
      for (std::size_t j = 0; j < levels_; ++j) covariance_[i][j] = (1 - a) * (covariance_[i][j] + a * off[i] * off[j]);
    }
    ++learned_;
    for (int round = 0; round < 2; ++round) {
      std::array<double, levels_max> next{};
      double squares = 0, sum = 0;
      for (std::size_t i = 0; i < levels_; ++i) {
        for (std::size_t j = 0; j < levels_; ++j) next[i] += covariance_[i][j] * weights_[j];
        squares += next[i] * next[i];
        sum += next[i];
      }
      if (!(squares > 0) || !std::isfinite(squares)) return;  // nothing moved yet
      const double norm = (sum < 0 ? -1 : 1) / std::sqrt(squares);
      for (std::size_t i = 0; i < levels_; ++i) weights_[i] = next[i] * norm;
    }
  }

  Interval* intervals_ = nullptr;
  std::int64_t size_ = 1, length_ = 1, slot_ = 0, end_ = 0;
  std::size_t levels_ = 0;
  bool known_ = false, pending_ = false;
  std::size_t now_ = 0;
  std::array<std::array<Side, 2>, 2> books_{};  // of now, and the one that is filled next
  Interval total_{};
  std::uint32_t learned_ = 0, since_rebuild_ = 0;
  std::array<double, levels_max> mean_{}, weights_{};
  std::array<std::array<double, levels_max>, levels_max> covariance_{};
};

}  // namespace robo::features
