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
  /// Of them at most `orders_per_second` orders; cancels are not counted among those.
  explicit Pacer(int per_second, int orders_per_second = 100);

  /// True: a message of this kind may go now, and is counted. False: queue() it.
  [[nodiscard]] bool pass(Pace pace, Timestamp now);
  void queue(Pace pace, std::string_view frame);
  /// Moves what may go now to `out`, most urgent first. Returns how many.
  std::size_t pump(Timestamp now, wire::OutBuffer& out);

  [[nodiscard]] std::size_t waiting() const;
  [[nodiscard]] std::size_t waiting(Pace pace) const { return queues_[static_cast<std::size_t>(pace)].size(); }
  [[nodiscard]] std::uint64_t delayed() const { return delayed_; }
  /// Messages of the last second, and how many it may hold.
  [[nodiscard]] std::size_t used(Timestamp now) const { return messages_.used(now); }
  [[nodiscard]] std::size_t limit() const { return messages_.limit(); }
  /// A new connection: nothing waits, but the seconds count on.
  void clear();

 private:
  /// The last `limit` sends.
  class Second {
   public:
    explicit Second(int limit);
    /// True while, `kept` places left alone, one more fits into the second before `now`.
    [[nodiscard]] bool room(Timestamp now, std::size_t kept) const { return now - sent_[(at_ + kept) % sent_.size()] > seconds(1); }
    void count(Timestamp now) {
      sent_[at_] = now;
      at_ = (at_ + 1) % sent_.size();
    }
    [[nodiscard]] std::size_t used(Timestamp now) const;
    [[nodiscard]] std::size_t limit() const { return sent_.size(); }

   private:
    std::vector<Timestamp> sent_;
    std::size_t at_ = 0;
  };

  [[nodiscard]] bool room(Pace pace, Timestamp now) const;
  void count(Pace pace, Timestamp now);

  Second messages_;
  Second orders_;
  std::size_t reserve_;
  std::array<std::deque<std::string>, 3> queues_;
  std::uint64_t delayed_ = 0;
};

}  // namespace robo::ib
