#include "edge/ib/pacing.hpp"

#include <algorithm>

namespace robo::ib {

namespace {
constexpr Timestamp never{INT64_MIN / 2};
}

Pacer::Pacer(int per_second)
    : sent_(static_cast<std::size_t>(std::max(per_second, 2)), never), reserve_(sent_.size() / 5) {}

bool Pacer::room(Pace pace, Timestamp now) const {
  // The send that must be a second old: the oldest one, or for plain requests the oldest outside the reserve.
  const std::size_t skip = pace == Pace::Request ? reserve_ : 0;
  const Timestamp oldest = sent_[(at_ + skip) % sent_.size()];
  return now - oldest > seconds(1);
}

void Pacer::count(Timestamp now) {
  sent_[at_] = now;
  at_ = (at_ + 1) % sent_.size();
}

bool Pacer::pass(Pace pace, Timestamp now) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(pace); ++i) {
    if (!queues_[i].empty()) return false;  // those before us wait, too
  }
  if (!room(pace, now)) return false;
  count(now);
  return true;
}

void Pacer::queue(Pace pace, std::string_view frame) {
  queues_[static_cast<std::size_t>(pace)].emplace_back(frame);
  ++delayed_;
}

std::size_t Pacer::pump(Timestamp now, wire::OutBuffer& out) {
  std::size_t moved = 0;
  for (const Pace pace : {Pace::Cancel, Pace::Order, Pace::Request}) {
    auto& queue = queues_[static_cast<std::size_t>(pace)];
    while (!queue.empty() && room(pace, now)) {
      out.append(queue.front());
      queue.pop_front();
      count(now);
      ++moved;
    }
    if (!queue.empty()) break;
  }
  return moved;
}

std::size_t Pacer::waiting() const {
  std::size_t sum = 0;
  for (const auto& queue : queues_) sum += queue.size();
  return sum;
}

void Pacer::clear() {
  for (auto& queue : queues_) queue.clear();
}

}  // namespace robo::ib
