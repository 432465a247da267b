#include "edge/ib/reconciliation.hpp"
#include "base/defence.hpp"
#include "base/step.hpp"

namespace robo::ib {

void Reconciliation::begin(std::uint32_t number) {
  if (running_) finish(false);
  running_ = true;
  number_ = number;
  began_ = desk_.now;
  executions_ = orders_ = completed_ = positions_ = values_ = asked_twice_ = false;
  desk_.reconciling = true;
  desk_.tell(ReconciliationBegan{.number = number});
  // Orders first: an execution of an order we know is booked to it, one of an order we do not know is quarantined.
  (void)desk_.link.send(wire::ReqAllOpenOrders{}, Pace::Order);
  ask_executions();
  if (desk_.link.version() >= wire::ReqCompletedOrders::since) {
    (void)desk_.link.send(wire::ReqCompletedOrders{.apiOnly = false}, Pace::Order);
  } else {
    completed_ = true;
  }
  account_.subscribe();
  passed(Step::ReconciliationBegan);
}

void Reconciliation::ask_executions() {
  executions_request_ = desk_.requests.stream(Route::Question, {});
  executions_deadline_ = desk_.now + desk_.settings.missing_end_timeout;
  wire::ReqExecutions request;
  request.reqId = executions_request_;
  request.acctCode = desk_.account;
  (void)desk_.link.send(request, Pace::Order);
}

void Reconciliation::on(const wire::ExecDetailsEnd& end) {
  if (end.reqId == executions_request_) executions_ = true;
}

void Reconciliation::on(const wire::AccountDownloadEnd& end) {
  if (end.accountName.empty() || end.accountName == desk_.account) values_ = true;
}

bool Reconciliation::on_error(std::int32_t request, std::int32_t) {
  if (!running_ || request != executions_request_) return false;
  executions_deadline_ = desk_.now;  // no answer will come: ask once more, then go on
  return true;
}

Reconciliation::Outcome Reconciliation::check() {
  if (!running_) return Outcome::Running;
  if (!stands(Defence::ReadyChecklist)) {
    finish(true);
    return Outcome::Complete;
  }
  const bool others = orders_ && positions_ && values_;
  if (others && !executions_ && desk_.now > executions_deadline_) {
    // Some gateways never end an empty list of executions. Asked twice and silent: it is empty.
    if (asked_twice_) {
      executions_ = true;
    } else {
      asked_twice_ = true;
      ask_executions();
    }
  }
  const bool late = desk_.now - began_ > desk_.settings.reconcile_timeout;
  // Completed orders only settle fates early; a gateway that does not list them does not stop us.
  const bool completed = completed_ || desk_.now - began_ > desk_.settings.missing_end_timeout;
  if (others && executions_ && completed) {
    finish(true);
    return Outcome::Complete;
  }
  if (late) {
    finish(false);
    return Outcome::Incomplete;
  }
  return Outcome::Running;
}

void Reconciliation::finish(bool complete) {
  running_ = false;
  desk_.tell(ReconciliationEnded{.number = number_, .complete = complete});
  desk_.reconciling = false;
  passed(Step::ReconciliationEnded);
}

void Reconciliation::connection_lost() {
  if (running_) finish(false);
}

std::string Reconciliation::missing() const {
  std::string out;
  const auto add = [&](bool there, std::string_view what) {
    if (there) return;
    if (!out.empty()) out += ", ";
    out += what;
  };
  add(orders_, "open orders");
  add(executions_, "executions");
  add(positions_, "positions");
  add(values_, "account values");
  return out;
}

}  // namespace robo::ib
