#include "edge/ib/account.hpp"

#include <optional>

namespace robo::ib {

namespace {

/// Margin figures that the account stream gives every three minutes only.
constexpr std::string_view summary_tags =
    "NetLiquidation,BuyingPower,GrossPositionValue,InitMarginReq,MaintMarginReq,AvailableFunds,ExcessLiquidity,Cushion";

/// IB's words. The -S and -C rows (securities, commodities segments) are parts of these and are left out.
std::optional<AccountTag> tag_of(std::string_view key) {
  constexpr std::pair<std::string_view, AccountTag> words[] = {
      {"NetLiquidation", AccountTag::NetLiquidation},
      {"TotalCashValue", AccountTag::TotalCash},
      {"SettledCash", AccountTag::SettledCash},
      {"BuyingPower", AccountTag::BuyingPower},
      {"EquityWithLoanValue", AccountTag::EquityWithLoan},
      {"GrossPositionValue", AccountTag::GrossPositionValue},
      {"InitMarginReq", AccountTag::InitialMargin},
      {"MaintMarginReq", AccountTag::MaintenanceMargin},
      {"AvailableFunds", AccountTag::AvailableFunds},
      {"ExcessLiquidity", AccountTag::ExcessLiquidity},
      {"Cushion", AccountTag::Cushion},
      {"UnrealizedPnL", AccountTag::UnrealizedPnl},
      {"RealizedPnL", AccountTag::RealizedPnl},
      {"AccruedCash", AccountTag::AccruedCash},
  };
  for (const auto& [word, tag] : words) {
    if (word == key) return tag;
  }
  return std::nullopt;
}

}  // namespace

void Account::subscribe() {
  (void)desk_.link.send(wire::ReqAccountUpdates{.subscribe = true, .acctCode = desk_.account}, Pace::Request);
  (void)desk_.link.send(wire::ReqPositions{}, Pace::Request);
  if (summary_request_ == 0) {
    summary_request_ = desk_.requests.stream(Route::Question, {});
    (void)desk_.link.send(wire::ReqAccountSummary{.reqId = summary_request_, .group = desk_.settings.group, .tags = summary_tags}, Pace::Request);
  }
  if (pnl_request_ == 0 && desk_.link.version() >= wire::ReqPnL::since) {
    pnl_request_ = desk_.requests.stream(Route::Question, {});
    (void)desk_.link.send(wire::ReqPnL{.reqId = pnl_request_, .account = desk_.account}, Pace::Request);
  }
}

void Account::on(const wire::UpdateAccountValue& value) {
  if (!value.accountName.empty() && value.accountName != desk_.account) return;
  if (value.key == "AccountReady") {
    ready_ = value.value != "false";
    return;
  }
  tell(value.key, value.value, value.currency);
}

void Account::on(const wire::AccountSummary& summary) {
  if (summary.reqId == summary_request_ && summary.account == desk_.account) tell(summary.tag, summary.value, summary.currency);
}

void Account::tell(std::string_view key, std::string_view value, std::string_view currency) {
  if (currency == "BASE") return;  // the sum in the base currency, told by its own rows
  const auto number = wire::parse_number(value);
  if (!number) return;             // AccountType and the like are words
  if (key == "CashBalance" || key == "$LEDGER-CashBalance") {
    cash_rows_.emplace(currency);
    return tell(AccountTag::TotalCash, currency, *number);
  }
  if (key == "TotalCashValue" && cash_rows_.contains(currency)) return;  // the total over all currencies, in this one
  if (const auto tag = tag_of(key)) tell(*tag, currency, *number);
}

void Account::tell(AccountTag tag, std::string_view currency, const wire::Number& value) {
  if (!value.is_set()) return;
  const auto money = value.nearest<Money>();
  if (!money) {
    ++desk_.counters.strange_values;
    return;
  }
  desk_.tell(AccountValue{.tag = tag, .currency = currency, .value = *money});
}

void Account::on(const wire::UpdatePortfolio& row) {
  // Positions come from reqPositions; here only the instrument is learned, so that its number exists.
  if (row.accountName == desk_.account) (void)desk_.instrument_for(row.contract);
}

void Account::on(const wire::Position& position) {
  if (position.account != desk_.account) return;
  PositionReport out{.instrument = desk_.instrument_for(position.contract), .from_reconciliation = desk_.reconciling};
  const auto cost = position.avgCost.nearest<Money>();
  if (!take_quantity(position.position, out.quantity) || !cost) {
    ++desk_.counters.strange_values;
    return;
  }
  out.average_cost = *cost;
  desk_.tell(out);
}

void Account::on(const wire::Pnl& pnl) {
  if (pnl.reqId != pnl_request_) return;
  tell(AccountTag::DailyPnl, {}, pnl.dailyPnL);
  tell(AccountTag::UnrealizedPnl, {}, pnl.unrealizedPnL);
  tell(AccountTag::RealizedPnl, {}, pnl.realizedPnL);
}

}  // namespace robo::ib
