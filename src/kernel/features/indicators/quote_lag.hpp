#pragma once
// Quotes of the last moments, and which age of them fits the trades: where trades and quotes travel on different roads, the
// quote that was in force when a trade happened is not the one that was received last.

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>

#include "base/time.hpp"
#include "kernel/features/indicators/trade_side.hpp"

namespace robo::features {

/// The last changes of the touch, in order of time. Thread: hot.
class QuoteHistory {
 public:
  static constexpr std::uint64_t capacity = 256;

  void add(Timestamp at, const QuoteBefore& quote) {
    if (head_ != 0) {
      auto& last = entries_[(head_ - 1) % capacity];
      if (same(last.quote, quote)) return;
      if (last.at == at) {  // in force after that instant: the last word counts
        last.quote = quote;
        return;
      }
    }
    entries_[head_++ % capacity] = {at, quote};
  }
  void clear() { head_ = 0; }
  [[nodiscard]] std::uint64_t head() const { return head_; }

  /// Number of the first entry that is not older than `at` by more than 0; the one before it was in force just before `at`.
  /// `from`: where it was found for an earlier `at`.
  [[nodiscard]] std::uint64_t first_not_before(Timestamp at, std::uint64_t from) const {
    const auto oldest = head_ > capacity ? head_ - capacity : 0;
    from = std::clamp(from, oldest, head_);
    if (from > oldest && !(entries_[(from - 1) % capacity].at < at)) from = oldest;  // time of data may be told anew after a clear
    for (int near = 0; near < 8; ++near, ++from)
      if (from == head_ || !(entries_[from % capacity].at < at)) return from;
    auto end = head_;
    while (from < end) {
      const auto middle = from + (end - from) / 2;
      if (entries_[middle % capacity].at < at) from = middle + 1;
      else end = middle;
    }
    return from;
  }
  /// Entry before number `i`; not valid when nothing that old is kept.
  [[nodiscard]] QuoteBefore before(std::uint64_t i) const {
    const auto oldest = head_ > capacity ? head_ - capacity : 0;
    return i > oldest ? entries_[(i - 1) % capacity].quote : QuoteBefore{};
  }

 private:
  static bool same(const QuoteBefore& a, const QuoteBefore& b) { return a.bid == b.bid && a.ask == b.ask && a.valid == b.valid; }
  struct Entry {
    Timestamp at{};
    QuoteBefore quote{};
  };
  std::array<Entry, capacity> entries_{};
  std::uint64_t head_ = 0;
};

/// How often quote rule and tick rule agreed at one age of the quotes.
struct LagPoint {
  Duration lag{};
  std::uint32_t trades{}, agreed{};
  [[nodiscard]] double agreement() const { return trades == 0 ? __builtin_nan("") : static_cast<double>(agreed) / trades; }
};

/// Finds the lag at which the quote rule agrees most with the tick rule. Needs no true sides: the tick rule knows nothing of
/// quotes, so agreement beyond chance is the quotes' merit.
class LagCalibrator {
 public:
  static constexpr std::array lags{milliseconds(0), milliseconds(1), milliseconds(2), milliseconds(5), milliseconds(10), milliseconds(20), milliseconds(50),
                                   milliseconds(100), milliseconds(200), milliseconds(500), milliseconds(1'000), milliseconds(2'000), milliseconds(5'000)};
  static constexpr std::uint32_t trades_min = 500;      // before a lag is believed
  static constexpr std::uint32_t trades_max = 20'000;   // then counts are halved: markets change their plumbing
  static constexpr std::uint32_t look_every = 64;
  static constexpr double agreement_min = 0.6;          // below it the quotes say nothing at any lag
  static constexpr double better_by = 0.002;            // a lag in use is not left for less

  LagCalibrator() {
    for (std::size_t i = 0; i < lags.size(); ++i) points_[i].lag = lags[i];
  }
  /// A trade at `at`; `tick`: its side by the tick rule.
  void add(const QuoteHistory& quotes, Timestamp at, Price price, int tick) {
    for (std::size_t i = 0; i < lags.size(); ++i) {
      cursors_[i] = quotes.first_not_before(at - lags[i], cursors_[i]);
      const int side = tick == 0 ? 0 : quote_rule(price, quotes.before(cursors_[i]));
      points_[i].trades += side != 0;
      points_[i].agreed += side != 0 && side == tick;
    }
    if (tick != 0 && ++seen_ % look_every == 0) look();
  }
  /// Index into lags, -1 before anything can be said.
  [[nodiscard]] int best() const { return best_; }
  [[nodiscard]] std::span<const LagPoint> curve() const { return points_; }
  /// The quotes are told anew.
  void interrupt() { cursors_.fill(0); }

 private:
  void look() {
    int top = -1;
    for (int i = 0; i < static_cast<int>(lags.size()); ++i)
      if (point(i).trades >= trades_min && (top < 0 || point(i).agreement() > point(top).agreement())) top = i;
    if (top < 0 || point(top).agreement() < agreement_min) best_ = -1;
    else if (best_ < 0 || point(top).agreement() > point(best_).agreement() + better_by) best_ = top;
    if (std::ranges::max(points_, {}, &LagPoint::trades).trades < trades_max) return;
    for (auto& one : points_) one.trades /= 2, one.agreed /= 2;
  }
  [[nodiscard]] const LagPoint& point(int i) const { return points_[static_cast<std::size_t>(i)]; }

  std::array<LagPoint, lags.size()> points_{};
  std::array<std::uint64_t, lags.size()> cursors_{};
  std::uint64_t seen_ = 0;
  int best_ = -1;
};

}  // namespace robo::features
