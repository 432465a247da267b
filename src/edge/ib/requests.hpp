#pragma once
// Request ids: from 10,000,000 up, never used twice, so that an id in an error is never mistaken for an order's. Each one
// leads to its stream or its waiting question.

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo::ib {

struct Route {
  enum Kind : std::uint8_t { None, Quotes, Trades, TickQuotes, Depth, Bars, Question };
  Kind kind{};
  InstrumentId instrument{};
};

/// Why a question got no answer.
struct Failure {
  std::int32_t code{};  // IB's, 0 for ours (timeout, connection lost)
  std::string text{};
};

class Requests {
 public:
  static constexpr std::int32_t first = 10'000'000;

  /// A new id for a stream.
  std::int32_t stream(Route::Kind kind, InstrumentId instrument) {
    routes_.push_back({kind, instrument});
    return first + static_cast<std::int32_t>(routes_.size()) - 1;
  }
  /// A new id for a question with a deadline. `failed` is called at most once, instead of an answer.
  std::int32_t question(Timestamp deadline, std::function<void(const Failure&)> failed);

  [[nodiscard]] Route route(std::int32_t id) const {
    const auto index = static_cast<std::uint32_t>(id - first);
    return index < routes_.size() ? routes_[index] : Route{};
  }
  [[nodiscard]] bool is_ours(std::int32_t id) const { return static_cast<std::uint32_t>(id - first) < routes_.size(); }
  void forget(std::int32_t id);
  /// The question was answered; false when nobody waits (any more).
  bool answered(std::int32_t id);
  /// An error for it.
  bool failed(std::int32_t id, const Failure& failure);
  void check_deadlines(Timestamp now);
  /// The connection is gone: every question fails, every stream's id is dead.
  void all_lost(std::string_view why);
  [[nodiscard]] std::size_t waiting() const { return questions_.size(); }

 private:
  struct Question {
    Timestamp deadline{};
    std::function<void(const Failure&)> failed{};
  };
  std::vector<Route> routes_;
  std::unordered_map<std::int32_t, Question> questions_;
};

}  // namespace robo::ib
