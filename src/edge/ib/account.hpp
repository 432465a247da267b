#pragma once
// What IB says we own and owe: account values, positions, profit and loss.

#include <set>
#include <string>

#include "edge/ib/desk.hpp"

namespace robo::ib {

class Account {
 public:
  explicit Account(Desk& desk) : desk_(desk) {}

  /// Begins the streams of values, positions and profit. Their first answers end with accountDownloadEnd and positionEnd.
  void subscribe();
  void connection_lost() { pnl_request_ = summary_request_ = 0; }

  void on(const wire::UpdateAccountValue& value);
  void on(const wire::AccountSummary& summary);
  void on(const wire::UpdatePortfolio& row);
  void on(const wire::Position& position);
  void on(const wire::Pnl& pnl);

  /// False while a server reset is under way: values are not to be believed.
  [[nodiscard]] bool ready() const { return ready_; }

 private:
  void tell(std::string_view key, std::string_view value, std::string_view currency);
  void tell(AccountTag tag, std::string_view currency, const wire::Number& value);

  Desk& desk_;
  bool ready_ = true;
  std::int32_t pnl_request_ = 0, summary_request_ = 0;
  std::set<std::string, std::less<>> cash_rows_;  // currencies with a cash row of their own
};

}  // namespace robo::ib
