#include "edge/sim/server/contracts.hpp"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

namespace robo::sim {
namespace {

bool same(const TickTable& a, const TickTable& b) {
  if (a.count != b.count) return false;
  for (std::uint32_t i = 0; i < a.count; ++i)
    if (a.bands[i].low_edge != b.bands[i].low_edge || a.bands[i].increment != b.bands[i].increment) return false;
  return true;
}

// IB gives all combinations in dollars one contract id; which one is meant, only the legs say.
constexpr std::int32_t bag_con_id = 28812380;
constexpr std::string_view bag_local_symbol = "28812380";

bool equal_letters(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](unsigned char x, unsigned char y) { return std::toupper(x) == std::toupper(y); });
}

std::string_view kind_in_words(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::Stock: return "common stock";
    case AssetClass::Etf: return "exchange traded fund";
    case AssetClass::Future: return "future";
    case AssetClass::Forex: return "currency pair";
    case AssetClass::Crypto: return "cryptocurrency";
    case AssetClass::Option: return "option";
    case AssetClass::Combo: return "combination";
    case AssetClass::Index: return "index";
  }
  return "";
}

}  // namespace

Contracts::Contracts(std::span<const Instrument> instruments) {
  for (const Instrument& instrument : instruments) learn(instrument);
}

void Contracts::learn(Instrument instrument) {
  if (instruments_.size() <= instrument.id.value) instruments_.resize(instrument.id.value + 1), words_.resize(instrument.id.value + 1), rule_of_.resize(instrument.id.value + 1);
  // Data that carries no contract id of IB's gets one of ours, far from real ones.
  if (instrument.contract.value == 0) instrument.contract = ContractId{900'000'000 + static_cast<std::int64_t>(instrument.id.value)};
  const auto at = instrument.id.value;
  instruments_[at] = instrument;
  words_[at].multiplier = instrument.asset_class == AssetClass::Future || instrument.asset_class == AssetClass::Option ? std::to_string(instrument.multiplier) : "";
  if (instrument.expiry.days != 0) {
    const auto date = to_text(instrument.expiry);
    words_[at].expiry = date.substr(0, 4) + date.substr(5, 2) + date.substr(8, 2);
  }
  const auto known = std::ranges::find_if(rules_, [&](const auto& rule) { return same(rule.second, instrument.ticks); });
  if (known != rules_.end()) {
    rule_of_[at] = known->first;
  } else {
    // IB's number of the one-cent rule is 26; others are ours.
    const bool cent = same(instrument.ticks, TickTable::flat(price(0, 1)));
    rules_.emplace_back(cent ? 26 : 9'000 + static_cast<std::int32_t>(rules_.size()), instrument.ticks);
    rule_of_[at] = rules_.back().first;
  }
}

std::string_view Contracts::exchange(InstrumentId id) const {
  const Instrument& instrument = instruments_[id.value];
  if (!instrument.exchange.empty()) return instrument.exchange.view();
  switch (instrument.asset_class) {
    case AssetClass::Stock:
    case AssetClass::Etf: return "SMART";
    case AssetClass::Forex: return "IDEALPRO";
    case AssetClass::Crypto: return "PAXOS";
    case AssetClass::Future: return "CME";
    default: return "SMART";
  }
}

std::vector<InstrumentId> Contracts::find(const wire::Contract& wanted) const {
  std::vector<InstrumentId> found;
  for (const Instrument& instrument : instruments_) {
    if (instrument.asset_class == AssetClass::Combo) continue;  // known by their legs alone
    if (wanted.conId != 0) {
      if (instrument.contract.value == wanted.conId) found.push_back(instrument.id);
      continue;
    }
    const auto type = sec_type(instrument.asset_class);
    if (instrument.asset_class == AssetClass::Option && wanted.secType != "OPT") continue;  // chains are asked for by name
    if (!wanted.secType.empty() && wanted.secType != type && !(wanted.secType == "CONTFUT" && type == "FUT")) continue;
    if (wanted.symbol.empty() && wanted.localSymbol.empty()) continue;
    if (!wanted.symbol.empty() && !equal_letters(wanted.symbol, instrument.symbol.view())) continue;
    if (!wanted.localSymbol.empty() && !equal_letters(wanted.localSymbol, instrument.local_symbol.empty() ? instrument.symbol.view() : instrument.local_symbol.view())) continue;
    if (!wanted.currency.empty() && wanted.currency != instrument.currency.view()) continue;
    if (!wanted.exchange.empty() && wanted.exchange != "SMART" && wanted.exchange != exchange(instrument.id) && wanted.exchange != instrument.primary_exchange.view()) continue;
    if (!wanted.primaryExchange.empty() && !instrument.primary_exchange.empty() && wanted.primaryExchange != instrument.primary_exchange.view()) continue;
    if (!wanted.lastTradeDateOrContractMonth.empty() && !words_[instrument.id.value].expiry.starts_with(wanted.lastTradeDateOrContractMonth)) continue;
    if (!wanted.right.empty() && wanted.right != "?" && wanted.right.front() != (instrument.right == OptionRight::None ? '?' : right_of(instrument.right).front())) continue;
    if (wanted.strike.is_positive() && wanted.strike.to_double() != instrument.strike.to_double()) continue;
    found.push_back(instrument.id);
  }
  return found;
}

Contracts::Meant Contracts::meant(const wire::Contract& wanted) const {
  const auto found = find(wanted);
  if (found.empty()) return {};
  return {found.front(), found.size() == 1, found.size() > 1};
}

void Contracts::fill(InstrumentId id, wire::Contract& contract) const {
  const Instrument& instrument = instruments_[id.value];
  if (instrument.asset_class == AssetClass::Combo) {
    contract.comboLegsDescrip = words_[id.value].legs;
    contract.conId = bag_con_id;
    contract.symbol = instrument.symbol.view();
    contract.secType = "BAG";
    contract.strike = wire::Number::of(0);
    contract.right = "?";
    contract.exchange = exchange(id);
    contract.currency = instrument.currency.view();
    contract.localSymbol = bag_local_symbol;
    contract.tradingClass = "COMB";
    return;
  }
  contract.conId = con_id(id);
  contract.symbol = instrument.symbol.view();
  contract.secType = sec_type(instrument.asset_class);
  contract.lastTradeDateOrContractMonth = words_[id.value].expiry;
  contract.strike = instrument.strike.is_zero() ? wire::Number::of(0) : wire::Number::from(instrument.strike);
  contract.right = instrument.right == OptionRight::None ? "?" : right_of(instrument.right);
  contract.multiplier = words_[id.value].multiplier;
  contract.exchange = exchange(id);
  contract.primaryExchange = instrument.primary_exchange.view();
  contract.currency = instrument.currency.view();
  contract.localSymbol = instrument.local_symbol.empty() ? instrument.symbol.view() : instrument.local_symbol.view();
  contract.tradingClass = instrument.trading_class.empty() ? instrument.symbol.view() : instrument.trading_class.view();
}

Contracts::Combination Contracts::combination(const wire::Contract& wanted) {
  if (wanted.comboLegs.empty()) return {.code = 314, .text = "Security type 'BAG' requires combo leg details."};
  Instrument combo;
  combo.asset_class = AssetClass::Combo;
  combo.symbol = wanted.symbol, combo.currency = wanted.currency, combo.exchange = "SMART";
  combo.size_increment = shares(1);
  if (wanted.comboLegs.size() < 2 || wanted.comboLegs.size() > combo.legs.size()) return {.code = 312, .text = "The combo details are invalid."};
  Price step;
  std::string words;
  for (std::size_t i = 0; i < wanted.comboLegs.size(); ++i) {
    const auto& leg = wanted.comboLegs[i];
    const Combination wrong{.code = 313, .text = fmt::format("The combo details for leg '{}' are invalid.", i + 1)};
    const auto known = std::ranges::find_if(instruments_, [&](const Instrument& one) { return one.contract.value == leg.conId && leg.conId != 0; });
    const bool sold = leg.action == "SELL" || leg.action == "SSHORT";
    if (known == instruments_.end() || known->asset_class == AssetClass::Combo || known->asset_class == AssetClass::Index || leg.ratio < 1 || (!sold && leg.action != "BUY")) return wrong;
    if (known->currency != combo.currency) return wrong;
    for (std::size_t k = 0; k < i; ++k)
      if (combo.legs[k].contract.value == leg.conId) return wrong;
    combo.legs[combo.leg_count++] = {ContractId{leg.conId}, sold ? -leg.ratio : leg.ratio};
    words += fmt::format("{}{}|{}", words.empty() ? "" : ",", leg.conId, sold ? -leg.ratio : leg.ratio);
    const Price least = known->ticks.increment_at(Price{});
    if (step.is_zero() || least < step) step = least;
  }
  for (const Instrument& one : instruments_)
    if (one.asset_class == AssetClass::Combo && words_[one.id.value].legs == words && one.symbol == combo.symbol) return {.id = one.id};
  combo.ticks = TickTable::flat(step);
  combo.id = InstrumentId{static_cast<std::uint32_t>(instruments_.size())};
  combo.contract = ContractId{920'000'000 + combo.id.value};  // never shown
  learn(combo);
  words_[combo.id.value].legs = std::move(words);
  return {.id = combo.id, .is_new = true};
}

std::string Contracts::long_name(InstrumentId id) const {
  const Instrument& instrument = instruments_[id.value];
  std::string name = fmt::format("{} {}", instrument.symbol.view(), kind_in_words(instrument.asset_class));
  switch (instrument.origin) {
    case DataOrigin::Live: break;
    case DataOrigin::Recorded: name += " (recorded market)"; break;
    case DataOrigin::ReconstructedFromBars: name += " (reconstructed from 1-minute bars)"; break;
    case DataOrigin::Repaired: name += " (recorded market, repaired)"; break;
  }
  return name;
}

const TickTable* Contracts::rule(std::int32_t number) const {
  for (const auto& [known, table] : rules_)
    if (known == number) return &table;
  return nullptr;
}

}  // namespace robo::sim
