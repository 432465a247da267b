// Account, positions, profit and loss, and what IB sends by the clock on the wall.

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> items;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto item = list.substr(0, comma);
    while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
    if (!item.empty()) items.emplace_back(item);
    list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  }
  return items;
}

}  // namespace

std::string Station::summary_value(std::string_view tag) {
  const auto v = broker_.account().values();
  if (tag == "AccountType") return "INDIVIDUAL";
  if (tag == "NetLiquidation" || tag == "EquityWithLoanValue") return money_text(v.net_liquidation);
  if (tag == "PreviousDayEquityWithLoanValue") return money_text(day_start_equity_);
  if (tag == "TotalCashValue" || tag == "SettledCash") return money_text(v.total_cash);
  if (tag == "AccruedCash" || tag == "SMA") return "0.00";
  if (tag == "BuyingPower") return money_text(v.buying_power());
  if (tag == "GrossPositionValue") return money_text(v.gross_position);
  if (tag == "ReqTEquity" || tag == "RegTEquity") return money_text(v.net_liquidation);
  if (tag == "ReqTMargin" || tag == "RegTMargin") return money_text(v.gross_position * 0.5);
  if (tag == "InitMarginReq" || tag == "FullInitMarginReq" || tag == "LookAheadInitMarginReq") return money_text(v.initial_margin);
  if (tag == "MaintMarginReq" || tag == "FullMaintMarginReq" || tag == "LookAheadMaintMarginReq") return money_text(v.maintenance_margin);
  if (tag == "AvailableFunds" || tag == "FullAvailableFunds" || tag == "LookAheadAvailableFunds") return money_text(v.available_funds());
  if (tag == "ExcessLiquidity" || tag == "FullExcessLiquidity" || tag == "LookAheadExcessLiquidity") return money_text(v.excess_liquidity());
  if (tag == "Cushion") return fmt::format("{:.6f}", v.net_liquidation > 0 ? v.excess_liquidity() / v.net_liquidation : 0.0);
  if (tag == "LookAheadNextChange" || tag == "HighestSeverity") return "0";
  if (tag == "DayTradesRemaining") return "-1";
  if (tag == "Leverage") return fmt::format("{:.2f}", v.net_liquidation > 0 ? v.gross_position / v.net_liquidation : 0.0);
  return {};
}

std::vector<Station::AccountRow> Station::account_rows() {
  broker_.mark();
  const auto v = broker_.account().values();
  const std::string base(broker_.account().base().view());
  std::vector<AccountRow> rows{{"AccountCode", settings_.account, ""}, {"AccountReady", connected_ ? "true" : "false", ""}, {"AccountType", "INDIVIDUAL", ""}};
  for (const char* tag : {"NetLiquidation", "TotalCashValue", "SettledCash", "AccruedCash", "BuyingPower", "EquityWithLoanValue", "PreviousDayEquityWithLoanValue", "GrossPositionValue",
                          "RegTEquity", "RegTMargin", "SMA", "InitMarginReq", "MaintMarginReq", "AvailableFunds", "ExcessLiquidity", "FullInitMarginReq", "FullMaintMarginReq",
                          "FullAvailableFunds", "FullExcessLiquidity", "LookAheadInitMarginReq", "LookAheadMaintMarginReq", "LookAheadAvailableFunds", "LookAheadExcessLiquidity"})
    rows.push_back({tag, summary_value(tag), base});
  for (const char* tag : {"Cushion", "LookAheadNextChange", "DayTradesRemaining", "Leverage"}) rows.push_back({tag, summary_value(tag), ""});
  // The ledger, per currency and in base.
  for (const auto& balance : broker_.account().cash()) {
    const std::string currency(balance.currency.view());
    rows.push_back({"CashBalance", money_text(balance.amount.to_double()), currency});
    rows.push_back({"ExchangeRate", fmt::format("{:.6f}", broker_.account().rate(balance.currency)), currency});
  }
  rows.push_back({"CashBalance", money_text(v.total_cash), "BASE"});
  rows.push_back({"StockMarketValue", money_text(v.stock_value), "BASE"});
  rows.push_back({"NetLiquidationByCurrency", money_text(v.net_liquidation), "BASE"});
  rows.push_back({"UnrealizedPnL", money_text(v.unrealized), "BASE"});
  rows.push_back({"RealizedPnL", money_text(v.realized), "BASE"});
  return rows;
}

void Station::send_account(Client& client, bool with_end) {
  for (const auto& row : account_rows())
    client.say(wire::UpdateAccountValue{.key = row.key, .value = row.value, .currency = row.currency, .accountName = settings_.account});
  for (const auto& instrument : contracts_.all())
    if (!broker_.account().holding(instrument.id).quantity.is_zero()) send_portfolio(client, instrument.id);
  const auto clock = login_.clock(now_);
  client.say(wire::UpdateAccountTime{.timeStamp = clock});
  if (with_end) client.say(wire::AccountDownloadEnd{.accountName = settings_.account});
}

void Station::send_portfolio(Client& client, InstrumentId id) {
  const auto& holding = broker_.account().holding(id);
  wire::UpdatePortfolio p;
  contracts_.fill(id, p.contract);
  if (contracts_[id].right == OptionRight::None) p.contract.strike = wire::Number::of(0, 1), p.contract.right = "0";
  p.contract.exchange = {};
  p.position = wire::Number::from(holding.quantity);
  p.marketPrice = wire::Number::from(holding.mark);
  p.marketValue = number_of(broker_.account().market_value(id).to_double());
  p.averageCost = wire::Number::from(holding.average_cost());
  p.unrealizedPNL = number_of(broker_.account().unrealized(id).to_double());
  p.realizedPNL = number_of(holding.realized.to_double());
  p.accountName = settings_.account;
  client.say(p);
}

void Station::send_position(Client& client, InstrumentId id) {
  const auto& holding = broker_.account().holding(id);
  wire::Position p;
  contracts_.fill(id, p.contract);
  if (contracts_[id].right == OptionRight::None) p.contract.strike = wire::Number::of(0, 1), p.contract.right = {};
  p.contract.exchange = {};
  p.account = settings_.account;
  p.position = wire::Number::from(holding.quantity);
  p.avgCost = wire::Number::from(holding.average_cost());
  if (client.positions) client.say(p);
  for (const auto request : client.positions_multi)
    client.say(wire::PositionMulti{.reqId = request, .contract = p.contract, .account = p.account, .position = p.position, .avgCost = p.avgCost, .modelCode = ""});
}

void Station::on(Client& client, const wire::ReqAccountUpdates& request) {
  if (!request.acctCode.empty() && request.acctCode != settings_.account)
    return client.error(-1, 321, fmt::format("Error validating request.-'bC' : cause - Invalid account code '{}'.", request.acctCode), now_);
  client.account = request.subscribe;
  if (request.subscribe) send_account(client, true);
}

void Station::on(Client& client, const wire::ReqAccountSummary& request) {
  if (client.summaries.contains(request.reqId)) return client.error(request.reqId, 322, "Error processing request.-'bO' : cause - Duplicate ticker id", now_);
  if (client.summaries.size() >= settings_.limits.account_summaries)
    return client.error(request.reqId, 322, "Error processing request.-'bP' : cause - Maximum number of account summary requests exceeded", now_);
  auto& tags = client.summaries[request.reqId] = split(request.tags);
  broker_.mark();
  for (const auto& tag : tags) {
    if (tag.starts_with("$LEDGER")) {
      for (const auto& row : account_rows())
        if (row.key == "CashBalance" || row.key == "ExchangeRate" || row.currency == "BASE")
          client.say(wire::AccountSummary{.reqId = request.reqId, .account = settings_.account, .tag = row.key, .value = row.value, .currency = row.currency});
      continue;
    }
    const auto value = summary_value(tag);
    if (value.empty()) continue;
    const bool money = value.find('.') != std::string::npos && tag != "Cushion" && tag != "Leverage";
    client.say(wire::AccountSummary{.reqId = request.reqId, .account = settings_.account, .tag = tag, .value = value, .currency = money ? broker_.account().base().view() : std::string_view{}});
  }
  client.say(wire::AccountSummaryEnd{.reqId = request.reqId});
}
void Station::on(Client& client, const wire::CancelAccountSummary& request) { client.summaries.erase(request.reqId); }

void Station::on(Client& client, const wire::ReqAccountUpdatesMulti& request) {
  client.account_multi.insert(request.reqId);
  for (const auto& row : account_rows())
    client.say(wire::AccountUpdateMulti{.reqId = request.reqId, .account = settings_.account, .modelCode = "", .key = row.key, .value = row.value, .currency = row.currency});
  client.say(wire::AccountUpdateMultiEnd{.reqId = request.reqId});
}
void Station::on(Client& client, const wire::CancelAccountUpdatesMulti& request) { client.account_multi.erase(request.reqId); }

void Station::on(Client& client, const wire::ReqPositions&) {
  const auto multi = std::move(client.positions_multi);
  client.positions_multi.clear();
  client.positions = true;
  for (const auto& instrument : contracts_.all())
    if (!broker_.account().holding(instrument.id).quantity.is_zero()) send_position(client, instrument.id);
  client.say(wire::PositionEnd{});
  client.positions_multi = multi;
}
void Station::on(Client& client, const wire::CancelPositions&) { client.positions = false; }

void Station::on(Client& client, const wire::ReqPositionsMulti& request) {
  const bool plain = client.positions;
  client.positions = false;
  const auto others = std::move(client.positions_multi);
  client.positions_multi = {request.reqId};
  for (const auto& instrument : contracts_.all())
    if (!broker_.account().holding(instrument.id).quantity.is_zero()) send_position(client, instrument.id);
  client.say(wire::PositionMultiEnd{.reqId = request.reqId});
  client.positions = plain;
  client.positions_multi.insert(others.begin(), others.end());
}
void Station::on(Client& client, const wire::CancelPositionsMulti& request) { client.positions_multi.erase(request.reqId); }

void Station::on(Client& client, const wire::ReqPnL& request) {
  client.pnl.insert(request.reqId);
  send_pnl(client);
}
void Station::on(Client& client, const wire::CancelPnL& request) { client.pnl.erase(request.reqId); }
void Station::on(Client& client, const wire::ReqPnLSingle& request) {
  for (const auto& instrument : contracts_.all())
    if (contracts_.con_id(instrument.id) == request.conId) client.pnl_single[request.reqId] = instrument.id;
  // An unknown contract is met with silence.
}
void Station::on(Client& client, const wire::CancelPnLSingle& request) { client.pnl_single.erase(request.reqId); }

void Station::send_pnl(Client& client) {
  broker_.mark();
  const auto v = broker_.account().values();
  for (const auto request : client.pnl)
    client.say(wire::Pnl{.reqId = request, .dailyPnL = number_of(v.net_liquidation - day_start_equity_), .unrealizedPnL = number_of(v.unrealized), .realizedPnL = number_of(v.realized)});
  for (const auto& [request, id] : client.pnl_single) {
    const auto& holding = broker_.account().holding(id);
    if (holding.quantity.is_zero() && holding.realized.is_zero()) continue;
    const double unrealized = broker_.account().unrealized(id).to_double();
    client.say(wire::PnlSingle{.reqId = request, .pos = wire::Number::from(holding.quantity), .dailyPnL = number_of(unrealized + holding.realized.to_double()), .unrealizedPnL = number_of(unrealized),
                               .realizedPnL = number_of(holding.realized.to_double()), .value = number_of(broker_.account().market_value(id).to_double())});
  }
}

void Station::by_the_clock(std::int64_t wall_ns) {
  const bool level1 = wall_ns - level1_at_ >= settings_.level1_interval.ns;
  const bool second = wall_ns - second_at_ >= 1'000'000'000;
  const bool account = wall_ns - account_at_ >= 180'000'000'000;
  if (level1) level1_at_ = wall_ns;
  if (second) second_at_ = wall_ns;
  if (account) account_at_ = wall_ns;
  if (second) liquidate_deficit();
  for (Client* client : clients_) {
    if (!client->running()) continue;
    if (connected_) {
      for (auto line = client->level1.begin(); line != client->level1.end();) {
        const bool ends = line->second.snapshot && wall_ns >= line->second.snapshot_ends_ns;
        if (line->second.dirty && (level1 || ends) && streams(line->second.instrument)) flush_level1(*client, line->first, line->second);
        if (!ends) {
          ++line;
          continue;
        }
        client->say(wire::TickSnapshotEnd{.reqId = line->first});
        line = client->level1.erase(line);
      }
      for (auto& [request, line] : client->depth)
        if (line.dirty && streams(line.instrument)) flush_depth(*client, request, line);
      for (auto& [request, line] : client->bars) {
        if (!streams(line.instrument)) continue;
        turn_bars(*client, request, line, now_);
        if (second && line.keep_up_to_date && line.dirty && !line.bar.empty) {
          send_bar_update(*client, request, line);
          line.dirty = false;
        }
      }
    }
    if (second && connected_ && history_farm_up_)
      for (auto& [request, scanner] : client->scanners)
        if (wall_ns >= scanner.next_ns) scan(*client, request, scanner);
    if (second && (!client->pnl.empty() || !client->pnl_single.empty())) send_pnl(*client);
    if (account && client->account) send_account(*client, false);
  }
}

}  // namespace robo::sim
