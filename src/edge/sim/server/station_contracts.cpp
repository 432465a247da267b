// Contracts, market rules, and what of the API this simulator has nothing to tell about.

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

constexpr std::string_view stock_order_types = "ACTIVETIM,DAY,FOK,GTC,IOC,LMT,MKT,OCA,STP,STPLMT,TRAIL,WHATIF";

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return result;
}

}  // namespace

void Station::on(Client& client, const wire::ReqContractDetails& request) {
  if (request.contract.secType == "BAG")
    return client.error(request.reqId, 321, "Error validating request.-'bI' : cause - 'BAG' isn't supported for contract data request. Please enter a valid security type", now_);
  make_options(request.contract);
  auto found = contracts_.find(request.contract);
  std::erase_if(found, [&](InstrumentId id) { return expired_.contains(id); });
  if (found.empty()) return client.error(request.reqId, 200, "No security definition has been found for the request", now_);
  for (const InstrumentId id : found) {
    const Instrument& instrument = contracts_[id];
    wire::ContractDetails d;
    d.reqId = request.reqId;
    contracts_.fill(id, d.contract);
    d.contract.right = right_of(instrument.right);
    const std::string long_name = contracts_.long_name(id);
    const std::string rule = std::to_string(contracts_.market_rule(id));
    std::string exchanges(contracts_.exchange(id));
    std::string rules = rule;
    if (!instrument.primary_exchange.empty() && instrument.primary_exchange.view() != exchanges) {
      exchanges += ',';
      exchanges += instrument.primary_exchange.view();
      rules += "," + rule;
    }
    Price least = instrument.ticks.increment_at(Price{});
    for (std::uint32_t i = 0; i < instrument.ticks.count; ++i) least = std::min(least, instrument.ticks.bands[i].increment);
    d.contract.lastTradeDate = d.contract.lastTradeDateOrContractMonth;
    d.marketName = d.contract.tradingClass;
    d.minTick = wire::Number::from(least);
    d.orderTypes = stock_order_types;
    d.validExchanges = exchanges;
    d.priceMagnifier = 1;
    d.longName = long_name;
    const std::string month(d.contract.lastTradeDateOrContractMonth.substr(0, std::min<std::size_t>(6, d.contract.lastTradeDateOrContractMonth.size())));
    d.contractMonth = month;
    // The trading hours of the session that is on or comes next, from the calendar of the instrument.
    std::string trading, liquid, zone = "US/Eastern";
    const auto calendar = std::ranges::find_if(settings_.calendars, [&](const Calendar& c) { return c.name() == instrument.calendar.view(); });
    if (calendar != settings_.calendars.end()) {
      zone = calendar->zone().name();
      const auto local = [&](Timestamp at) {
        const auto t = calendar->zone().to_local(at);
        const auto date = to_text(t.date);
        const auto minute = t.since_midnight.ns / 60'000'000'000;
        return fmt::format("{}{}{}:{:02}{:02}", date.substr(0, 4), date.substr(5, 2), date.substr(8, 2), minute / 60, minute % 60);
      };
      Timestamp at = now_;
      for (int day = 0; day < 3; ++day) {
        const auto session = calendar->session_at(at);
        if (!session) break;
        trading += (trading.empty() ? "" : ";") + local(session->opens()) + "-" + local(session->closes());
        if (const auto regular = session->regular()) liquid += (liquid.empty() ? "" : ";") + local(regular->from) + "-" + local(regular->until);
        at = session->closes() + seconds(1);
      }
    }
    d.timeZoneId = zone;
    d.tradingHours = trading;
    d.liquidHours = liquid;
    d.aggGroup = instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf ? 1 : 2147483647;
    d.marketRuleIds = rules;
    if (const auto* under = instrument.asset_class == AssetClass::Option ? underlying_of(id) : nullptr) {
      d.underConId = contracts_.con_id(*under);
      d.underSymbol = instrument.symbol.view();
      d.underSecType = "STK";
    }
    d.realExpirationDate = d.contract.lastTradeDateOrContractMonth;
    d.stockType = instrument.asset_class == AssetClass::Stock ? "COMMON" : instrument.asset_class == AssetClass::Etf ? "ETF" : "";
    const Quantity step = instrument.size_increment.is_positive() ? instrument.size_increment : shares(1);
    d.minSize = wire::Number::from(step);
    d.sizeIncrement = wire::Number::from(step);
    d.suggestedSizeIncrement = wire::Number::from(instrument.lot.is_positive() ? instrument.lot : step);
    client.say(d);
  }
  client.say(wire::ContractDetailsEnd{.reqId = request.reqId});
}

void Station::on(Client& client, const wire::ReqMarketRule& request) {
  const auto* table = contracts_.rule(request.marketRuleId);
  if (!table) return client.error(-1, 321, fmt::format("Error validating request.-'bN' : cause - Unknown market rule id {}", request.marketRuleId), now_);
  wire::MarketRule rule{.marketRuleId = request.marketRuleId, .priceIncrements = {}};
  for (std::uint32_t i = 0; i < table->count; ++i)
    rule.priceIncrements.push_back({wire::Number::from(table->bands[i].low_edge), wire::Number::from(table->bands[i].increment)});
  client.say(rule);
}

void Station::on(Client& client, const wire::ReqMatchingSymbols& request) {
  wire::SymbolSamples samples{.reqId = request.reqId, .contract = {}, .samples = {}};
  const auto pattern = upper(request.pattern);
  std::vector<std::string> names;
  names.reserve(16);
  for (const auto& instrument : contracts_.all()) {
    if (names.size() == 16) break;
    if (instrument.asset_class == AssetClass::Combo || instrument.asset_class == AssetClass::Option) continue;
    const auto name = contracts_.long_name(instrument.id);
    if (!upper(instrument.symbol.view()).starts_with(pattern) && upper(name).find(pattern) == std::string::npos) continue;
    names.push_back(name);
    wire::SymbolSample sample;
    contracts_.fill(instrument.id, sample.contract);
    sample.contract.description = names.back();
    samples.samples.push_back(sample);
  }
  client.say(samples);
}

// ---------------------------------------------------------------- nothing to tell, in IB's words

void Station::on(Client& client, const wire::ReqNewsBulletins&) { client.bulletins = true; }
void Station::on(Client& client, const wire::CancelNewsBulletins&) { client.bulletins = false; }
void Station::on(Client& client, const wire::RequestFA&) { client.error(-1, 321, "Error validating request.-'bN' : cause - FA data operations ignored for non FA customers.", now_); }
void Station::on(Client& client, const wire::ReplaceFA&) { client.error(-1, 321, "Error validating request.-'bN' : cause - FA data operations ignored for non FA customers.", now_); }
void Station::on(Client& client, const wire::ReqSoftDollarTiers& request) { client.say(wire::SoftDollarTiers{.reqId = request.reqId, .tiers = {}}); }
void Station::on(Client& client, const wire::ReqFamilyCodes&) {
  wire::FamilyCodes codes;
  codes.codes.push_back({.accountID = settings_.account, .familyCodeStr = ""});
  client.say(codes);
}
void Station::on(Client& client, const wire::ReqWshMetaData& request) {
  client.error(request.reqId, 10276, "News feed is not allowed.", now_);
}
void Station::on(Client& client, const wire::ReqWshEventData& request) {
  client.error(request.reqId, 10276, "News feed is not allowed.", now_);
}
void Station::on(Client& client, const wire::ReqUserInfo& request) { client.say(wire::UserInfo{.reqId = request.reqId, .whiteBrandingId = ""}); }

}  // namespace robo::sim
