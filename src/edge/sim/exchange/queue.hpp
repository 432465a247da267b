#pragma once
// Where we stand in the queue at our price. Only trades are certain to move us forward; what cancellations do is a model.

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace robo::sim {

/// RiskAverse: only trades advance us (the default). Others: a cancellation is ahead of us with a probability that grows with
/// the share of the queue that stands there, f(ahead) / (f(ahead) + f(behind)).
enum class QueueModel : std::uint8_t { RiskAverse, Proportional, Square, Logarithmic };

/// Our place is behind whatever will be shown at our price: nobody has told us yet.
inline constexpr std::int64_t queue_unknown = INT64_MAX / 4;

struct QueuePlace {
  std::int64_t front{};
  std::int64_t traded{};         // at our price since the last size we saw
};

/// A trade of `size` at our price. Returns what is left of it for us.
constexpr std::int64_t on_print(QueuePlace& place, std::int64_t size) {
  place.traded += size;
  const auto ahead = place.front;
  place.front = std::max<std::int64_t>(0, ahead - size);
  return std::max<std::int64_t>(0, size - ahead);
}

/// The level's size went from `before` to `now`. What trades took in between is not counted a second time.
inline void on_size(QueuePlace& place, QueueModel model, std::int64_t before, std::int64_t now) {
  const auto gone = (before - now) - place.traded;
  place.traded = 0;
  if (model == QueueModel::RiskAverse || gone <= 0 || place.front >= queue_unknown) {
    place.front = std::min(place.front, now);
    return;
  }
  const auto behind = std::max<std::int64_t>(0, before - place.front);
  const auto weight = [model](std::int64_t size) {
    const auto x = static_cast<double>(size);
    switch (model) {
      case QueueModel::Square: return x * x;
      case QueueModel::Logarithmic: return std::log1p(x);
      default: return x;
    }
  };
  const double b = weight(behind), f = weight(place.front);
  const double chance_behind = b + f > 0 ? b / (b + f) : 1.0;
  const double ahead_lost = (1.0 - chance_behind) * static_cast<double>(gone);
  const double behind_lost = chance_behind * static_cast<double>(gone);
  const double front = static_cast<double>(place.front) - ahead_lost + std::min(static_cast<double>(behind) - behind_lost, 0.0);
  place.front = std::min(std::max<std::int64_t>(0, static_cast<std::int64_t>(front)), now);
}

}  // namespace robo::sim
