#include "edge/ib/pacing.hpp"

#include <algorithm>

#include "base/defence.hpp"

namespace robo::ib {

namespace {
constexpr Timestamp never{INT64_MIN / 2};
}

Pacer::Second::Second(int limit) : sent_(static_cast<std::size_t>(std::max(limit, 2)), never) {}

std::size_t Pacer::Second::used(Timestamp now) const {
  return static_cast<std::size_t>(std::ranges::count_if(sent_, [&](Timestamp at) { return now - at <= seconds(1); }));
}

Pacer::Pacer(int per_second, int orders_per_second)
    : messages_(per_second), orders_(orders_per_second), reserve_(messages_.limit() / 5) {}

bool Pacer::room(Pace pace, Timestamp now) const {
  if (!stands(Defence::PaceRequests)) return true;
  // The send that must be a second old: the oldest one, or for plain requests the oldest outside the reserve.
  if (pace == Pace::Order && !orders_.room(now, 0)) return false;
  return messages_.room(now, pace == Pace::Request ? reserve_ : 0);
}

void Pacer::count(Pace pace, Timestamp now) {
  messages_.count(now);
  if (pace == Pace::Order) orders_.count(now);
}

bool Pacer::pass(Pace pace, Timestamp now) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(pace); ++i) {
    if (!queues_[i].empty()) return false;  // those before us wait, too
  }
  if (!room(pace, now)) return false;
  count(pace, now);
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
      count(pace, now);
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
