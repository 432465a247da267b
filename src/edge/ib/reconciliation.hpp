#pragma once
// Reconcile before trade: after every (re)connect the broker's executions, orders, positions and account are fetched, and
// nothing new is sent until every item of the list was answered to its end.

#include "edge/ib/account.hpp"
#include "edge/ib/desk.hpp"

namespace robo::ib {

class Reconciliation {
 public:
  enum class Outcome : std::uint8_t { Running, Complete, Incomplete };

  Reconciliation(Desk& desk, Account& account) : desk_(desk), account_(account) {}

  void begin(std::uint32_t number);
  /// Deadlines; Complete or Incomplete once, then idle.
  [[nodiscard]] Outcome check();
  void connection_lost();
  [[nodiscard]] bool running() const { return running_; }
  /// What is still missing, for people: "positions, account values".
  [[nodiscard]] std::string missing() const;

  void on(const wire::ExecDetailsEnd& end);
  void on(const wire::OpenOrderEnd&) { orders_ = true; }
  void on(const wire::CompletedOrdersEnd&) { completed_ = true; }
  void on(const wire::PositionEnd&) { positions_ = true; }
  void on(const wire::AccountDownloadEnd& end);
  /// A refused part (read-only API: 321) will not come; false: none of ours.
  bool on_error(std::int32_t request, std::int32_t code);

 private:
  void ask_executions();
  void finish(bool complete);

  Desk& desk_;
  Account& account_;
  bool running_ = false;
  bool executions_ = false, orders_ = false, completed_ = false, positions_ = false, values_ = false;
  bool asked_twice_ = false;
  std::int32_t executions_request_ = 0;
  std::uint32_t number_ = 0;
  Timestamp began_{};
  Timestamp executions_deadline_{};
};

}  // namespace robo::ib
