#pragma once
// What the market looks like now, one state per instrument. Single writer: the hot thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/event.hpp"

namespace robo::market {

/// A quote that may be traded on: fresh, live, two-sided, not locked or crossed. Only Market makes one.
class UsableQuote {
 public:
  [[nodiscard]] Price bid() const { return bid_; }
  [[nodiscard]] Price ask() const { return ask_; }
  [[nodiscard]] Quantity bid_size() const { return bid_size_; }
  [[nodiscard]] Quantity ask_size() const { return ask_size_; }
  /// Mid in 1e-9, rounded down.
  [[nodiscard]] Price mid() const { return Price::from_raw(bid_.raw + (ask_.raw - bid_.raw) / 2); }
  [[nodiscard]] Duration age() const { return age_; }

 private:
  friend class Market;
  UsableQuote(const Quote& q, Duration age) : bid_(q.bid), ask_(q.ask), bid_size_(q.bid_size), ask_size_(q.ask_size), age_(age) {}
  Price bid_, ask_;
  Quantity bid_size_, ask_size_;
  Duration age_;
};

enum class QuoteProblem : std::uint8_t { None, Missing, Stale, Crossed, Delayed, OneSided, Broken };

struct LastTrade {
  Trade trade{};
  Timestamp at{};
};

class Book;  // kernel/market/book.hpp: IB rows and price-keyed levels behind one read face

}  // namespace robo::market
