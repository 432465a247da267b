#pragma once
// IB counts messages: more than 50 in a second are rejected with code 100, three times that and the session is gone
// (docs/ib.md, Pacing). So no second of ours ever holds more than the limit, cancels go first, then orders, then the rest.

#include <array>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "edge/ib/wire/writer.hpp"

namespace robo::ib {

enum class Pace : std::uint8_t { Cancel, Order, Request };

class Pacer {
 public:
  /// `per_second` messages in any second at most; one in five is kept for cancels and orders.
  explicit Pacer(int per_second);

  /// True: a message of this kind may go now, and is counted. False: queue() it.
  [[nodiscard]] bool pass(Pace pace, Timestamp now);
  void queue(Pace pace, std::string_view frame);
  /// Moves what may go now to `out`, most urgent first. Returns how many.
  std::size_t pump(Timestamp now, wire::OutBuffer& out);

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::size_t waiting(Pace pace) const { return queues_[static_cast<std::size_t>(pace)].size(); }
  [[nodiscard]] std::uint64_t delayed() const { return delayed_; }
  /// A new connection: nothing waits, but the seconds count on.
  void clear();

 private:
  [[nodiscard]] bool room(Pace pace, Timestamp now) const;
  void count(Timestamp now);

  std::vector<Timestamp> sent_;  // ring of the last `limit` sends
  std::size_t at_ = 0;
  std::size_t reserve_;
  std::array<std::deque<std::string>, 3> queues_;
  std::uint64_t delayed_ = 0;
};

}  // namespace robo::ib
