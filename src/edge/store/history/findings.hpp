#pragma once
// Findings being gathered: one for each fault of one symbol, kind and size.

#include <map>

#include "edge/store/history/check.hpp"

namespace robo::store::history {

class Findings {
 public:
  Findings(std::string_view symbol, std::string_view kind, std::string_view size, std::vector<Finding>& out) : symbol_(symbol), kind_(kind), size_(size), out_(out) {}
  ~Findings();
  Findings(const Findings&) = delete;
  Findings& operator=(const Findings&) = delete;

  /// One more of a fault, with where it is; `day`: a repair would ask for it again.
  void add(Fault fault, bool problem, std::string example, std::optional<Date> day = {}, std::uint64_t count = 1);
  /// The sentence of a fault that has been added; the usual one otherwise.
  void say(Fault fault, std::string text) { texts_[fault] = std::move(text); }

 private:
  std::string symbol_, kind_, size_;
  std::vector<Finding>& out_;
  std::map<Fault, Finding> found_;
  std::map<Fault, std::string> texts_;
};

/// Whether the hours of the trading (times with their weight) are those of the calendar: findings when they are not, and by how
/// many hours the clock seems to be wrong. `where` is the example.
void judge_zone(const Calendar& calendar, std::span<const std::pair<Timestamp, double>> rows, std::string_view where, Findings& findings);

/// Joins findings of the same fault, symbol, kind and size.
[[nodiscard]] std::vector<Finding> merged(std::vector<Finding> findings);

}  // namespace robo::store::history
