#pragma once
// Joint moments of the last n points (x, y): correlation, slope and the residual's z-score, by Welford updates.

#include <algorithm>
#include <cmath>

#include "kernel/features/indicators/window.hpp"

namespace robo::features {

class RollingPair {
 public:
  struct Point {
    double x{}, y{};
  };
  RollingPair() = default;
  explicit RollingPair(std::span<Point> room) : window_(room) {}

  void add(double x, double y) {
    alike_x_ = x == last_.x ? alike_x_ + 1 : 1;
    alike_y_ = y == last_.y ? alike_y_ + 1 : 1;
    last_ = {x, y};
    if (!window_.full()) [[unlikely]] {
      window_.push({x, y});
      const double n = window_.count(), dx = x - mean_x_, dy = y - mean_y_;
      mean_x_ += dx / n;
      mean_y_ += dy / n;
      xx_ += dx * (x - mean_x_);
      yy_ += dy * (y - mean_y_);
      xy_ += dx * (y - mean_y_);
      return;
    }
    const auto old = window_.oldest();
    // Both series in one vector: the same operations, the same bits, half the instructions.
    const Two now{x, y}, then{old.x, old.y}, before{mean_x_, mean_y_}, zero{};
    const Two mean = before + (now - then) / static_cast<double>(window_.capacity());
    const Two squares = Two{xx_, yy_} + (now - then) * ((now - mean) + (then - before));
    const Two least = squares > zero ? squares : zero;
    mean_x_ = mean[0], mean_y_ = mean[1], xx_ = least[0], yy_ = least[1];
    xy_ += (x - mean[0]) * (y - before[1]) - (old.x - mean[0]) * (old.y - before[1]);
    window_.push({x, y});
    if (++since_rebuild_ >= rebuild_after(window_.capacity())) [[unlikely]] rebuild();
  }
  [[nodiscard]] bool warm() const { return window_.full(); }
  [[nodiscard]] std::uint32_t capacity() const { return window_.capacity(); }
  /// NaN where a series stood still.
  [[nodiscard]] double correlation() const {
    if (!warm() || !x_moves() || !y_moves()) return nan;
    return std::clamp(xy_ / std::sqrt(xx_ * yy_), -1.0, 1.0);
  }
  /// Least-squares slope of y on x.
  [[nodiscard]] double beta() const { return warm() && x_moves() ? xy_ / xx_ : nan; }
  /// Residual of the newest point by the deviation (divided by n) of all residuals.
  [[nodiscard]] double residual_z() const {
    const double slope = beta();
    const double squares = yy_ - slope * xy_;
    if (!(squares > 1e-12 * yy_) || !y_moves()) return nan;  // also when the slope is NaN
    const auto now = window_.back(0);
    return ((now.y - mean_y_) - slope * (now.x - mean_x_)) / std::sqrt(squares / window_.capacity());
  }

 private:
  using Two = double __attribute__((vector_size(16)));
  // A series that stood still for the whole window leaves rounding in its squares, nothing else.
  [[nodiscard]] bool x_moves() const { return alike_x_ < window_.capacity() && xx_ > 0; }
  [[nodiscard]] bool y_moves() const { return alike_y_ < window_.capacity() && yy_ > 0; }
  void rebuild() {
    since_rebuild_ = 0;
    mean_x_ = mean_y_ = xx_ = yy_ = xy_ = 0;
    for (const auto& p : window_.values()) mean_x_ += p.x, mean_y_ += p.y;
    mean_x_ /= window_.count();
    mean_y_ /= window_.count();
    for (const auto& p : window_.values()) {
      const double dx = p.x - mean_x_, dy = p.y - mean_y_;
      xx_ += dx * dx, yy_ += dy * dy, xy_ += dx * dy;
    }
  }
  Window<Point> window_{};
  double mean_x_ = 0, mean_y_ = 0, xx_ = 0, yy_ = 0, xy_ = 0;
  Point last_{};
  std::uint32_t since_rebuild_ = 0, alike_x_ = 0, alike_y_ = 0;
};

}  // namespace robo::features
