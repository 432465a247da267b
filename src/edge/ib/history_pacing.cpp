#include "edge/ib/history_pacing.hpp"

namespace robo::ib {

namespace {
constexpr Duration margin = milliseconds(50);  // IB counts when the message arrives, not when it leaves
}

Timestamp HistoryPacing::earliest(const Ask& ask, Timestamp now) const {
  if (open_ >= limits_.history_open) return forever;
  if (!ask.small) return now;
  Timestamp out = now;
  const std::uint32_t weight = ask.twice ? 2 : 1;
  // The window: as many of the oldest must have left it as this one needs room.
  std::uint32_t inside = 0;
  for (const Sent& s : sent_)
    if (now - s.at <= limits_.history_window) inside += s.weight;
  for (const Sent& s : sent_) {
    if (inside + weight <= limits_.history_small) break;
    if (now - s.at > limits_.history_window) continue;
    inside -= std::min(inside, s.weight);
    out = std::max(out, s.at + limits_.history_window + margin);
  }
  // The same contract: the newest ones decide.
  std::uint32_t same = weight;
  for (auto s = sent_.rbegin(); s != sent_.rend() && now - s->at <= limits_.history_again; ++s) {
    if (s->exactly == ask.exactly) out = std::max(out, s->at + limits_.history_again + margin);
    if (s->contract != ask.contract) continue;
    same += s->weight;
    if (same >= limits_.history_same) out = std::max(out, s->at + limits_.history_same_window + margin);
  }
  return out;
}

void HistoryPacing::sent(const Ask& ask, Timestamp now) {
  ++open_;
  while (!sent_.empty() && now - sent_.front().at > limits_.history_window) sent_.pop_front();
  if (ask.small) sent_.push_back({.at = now, .contract = ask.contract, .exactly = ask.exactly, .weight = ask.twice ? 2U : 1U});
}

std::uint32_t HistoryPacing::small(Timestamp now) const {
  std::uint32_t out = 0;
  for (const Sent& s : sent_)
    if (now - s.at <= limits_.history_window) out += s.weight;
  return out;
}

}  // namespace robo::ib
