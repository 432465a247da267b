#include "edge/ib/contracts.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <span>
#include <sstream>

#include <fmt/format.h>

#include "edge/ib/time_text.hpp"
#include "model/json/json_of.hpp"

namespace robo::ib {
/// The file: a list of answers, and the shape they have.
struct ContractFile {
  std::int32_t version{};
  std::vector<KnownContract> contracts{};
  using fields = Fields<&ContractFile::version, &ContractFile::contracts>;
};
}  // namespace robo::ib
ROBO_JSON(robo::ib::ContractFile);

namespace robo::ib {

namespace {

constexpr std::int32_t file_version = 1;

AssetClass asset_class(std::string_view type, std::string_view stock_type) {
  if (type == "FUT" || type == "CONTFUT") return AssetClass::Future;
  if (type == "CASH") return AssetClass::Forex;
  if (type == "CRYPTO") return AssetClass::Crypto;
  if (type == "OPT" || type == "FOP") return AssetClass::Option;
  if (type == "BAG") return AssetClass::Combo;
  if (type == "IND") return AssetClass::Index;
  return stock_type == "ETF" || stock_type == "ETN" ? AssetClass::Etf : AssetClass::Stock;
}

OptionRight option_right(std::string_view right) {
  if (right == "C" || right == "CALL") return OptionRight::Call;
  if (right == "P" || right == "PUT") return OptionRight::Put;
  return OptionRight::None;
}

std::int64_t whole_multiplier(std::string_view text) {
  const auto number = wire::parse_number(text);
  if (!number) return 1;
  const auto value = number->nearest<Price>();
  if (!value || value->raw < Price::scale) return 1;
  return value->raw / Price::scale;
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// The i-th rule belongs to the i-th exchange.
std::int32_t rule_of(std::string_view exchanges, std::string_view rules, std::string_view exchange) {
  const auto names = split(exchanges, ',');
  const auto numbers = split(rules, ',');
  for (std::size_t i = 0; i < names.size() && i < numbers.size(); ++i) {
    if (names[i] != exchange) continue;
    std::int32_t rule = 0;
    std::from_chars(numbers[i].data(), numbers[i].data() + numbers[i].size(), rule);
    return rule;
  }
  return 0;
}

/// Exchange calendars that ship with the program, by IB's names for venues and kinds.
std::string_view calendar_of(AssetClass kind, std::string_view primary, std::string_view exchange) {
  const std::string_view venue = primary.empty() ? exchange : primary;
  if (kind == AssetClass::Crypto) return "24x7";
  if (kind == AssetClass::Forex) return "FX";
  if (venue == "CME" || venue == "CBOT" || venue == "NYMEX" || venue == "COMEX" || venue == "GLOBEX") return "CME";
  if (venue == "NASDAQ" || venue == "ISLAND") return "NASDAQ";
  return "NYSE";
}

}  // namespace

std::string to_text(const ContractSpec& spec) {
  if (spec.con_id != 0) return fmt::format("conId {} {}", spec.con_id, spec.exchange);
  std::string out = spec.type;
  for (const std::string* part : {&spec.symbol, &spec.local_symbol, &spec.exchange, &spec.primary_exchange, &spec.currency, &spec.expiry,
                                  &spec.strike, &spec.right}) {
    if (!part->empty()) out += " " + *part;
  }
  return out;
}

std::string_view security_type(AssetClass asset_class) {
  switch (asset_class) {
    case AssetClass::Stock:
    case AssetClass::Etf: return "STK";
    case AssetClass::Future: return "FUT";
    case AssetClass::Forex: return "CASH";
    case AssetClass::Crypto: return "CRYPTO";
    case AssetClass::Option: return "OPT";
    case AssetClass::Combo: return "BAG";
    case AssetClass::Index: return "IND";
  }
  return "STK";
}

wire::Contract contract_of(const Instrument& instrument) {
  wire::Contract c;
  c.conId = static_cast<std::int32_t>(instrument.contract.value);
  c.symbol = instrument.symbol.view();
  c.secType = security_type(instrument.asset_class);
  c.exchange = instrument.exchange.view();
  c.primaryExchange = instrument.primary_exchange.view();
  c.currency = instrument.currency.view();
  c.localSymbol = instrument.local_symbol.view();
  c.tradingClass = instrument.trading_class.view();
  // With a conId these say nothing new; without one they do.
  if (instrument.asset_class == AssetClass::Option) {
    c.strike = wire::Number::from(instrument.strike);
    c.right = instrument.right == OptionRight::Put ? "P" : "C";
  }
  if (instrument.asset_class == AssetClass::Combo) {
    c.conId = 0;
    for (std::uint32_t i = 0; i < instrument.leg_count; ++i) {
      const ComboLeg& leg = instrument.legs[i];
      c.comboLegs.push_back({.conId = static_cast<std::int32_t>(leg.contract.value),
                             .ratio = std::abs(leg.ratio),
                             .action = leg.ratio < 0 ? "SELL" : "BUY",
                             .exchange = instrument.exchange.view(),
                             .exemptCode = -1});
    }
  }
  return c;
}

wire::Contract contract_of(const ContractSpec& spec) {
  wire::Contract c;
  c.conId = static_cast<std::int32_t>(spec.con_id);
  c.exchange = spec.exchange;
  if (spec.con_id != 0) return c;
  c.symbol = spec.symbol;
  c.secType = spec.type;
  c.primaryExchange = spec.primary_exchange;
  c.currency = spec.currency;
  c.lastTradeDateOrContractMonth = spec.expiry;
  c.right = spec.right;
  c.localSymbol = spec.local_symbol;
  if (const auto strike = wire::parse_number(spec.strike)) c.strike = *strike;
  return c;
}

Instrument instrument_of(const wire::Contract& contract) {
  Instrument i;
  i.contract = ContractId{contract.conId};
  i.asset_class = asset_class(contract.secType, {});
  i.right = option_right(contract.right);
  i.symbol = contract.symbol;
  i.exchange = contract.exchange.empty() ? std::string_view("SMART") : contract.exchange;
  i.primary_exchange = contract.primaryExchange;
  i.local_symbol = contract.localSymbol;
  i.trading_class = contract.tradingClass;
  i.currency = contract.currency;
  i.multiplier = whole_multiplier(contract.multiplier);
  i.calendar = calendar_of(i.asset_class, contract.primaryExchange, contract.exchange);
  if (const auto expiry = parse_date(contract.lastTradeDateOrContractMonth)) i.expiry = *expiry;
  if (const auto strike = contract.strike.exactly<Price>()) i.strike = *strike;
  i.size_increment = shares(1);
  if (i.asset_class == AssetClass::Combo) {
    i.contract = {};  // IB's id of a combination is the same for all of them
    for (const wire::ComboLeg& leg : contract.comboLegs)
      if (i.leg_count < i.legs.size()) i.legs[i.leg_count++] = {ContractId{leg.conId}, leg.action == "BUY" ? leg.ratio : -leg.ratio};
  }
  return i;
}

Result<KnownContract, Problem> known_contract(const ContractSpec& spec, const wire::ContractDetails& details, Timestamp now) {
  KnownContract known;
  known.key = to_text(spec);
  known.resolved_at = now;
  Instrument& i = known.instrument;
  i = instrument_of(details.contract);
  i.asset_class = asset_class(details.contract.secType, details.stockType);
  i.exchange = std::string_view(spec.exchange);
  i.primary_exchange = details.contract.primaryExchange;
  i.calendar = calendar_of(i.asset_class, details.contract.primaryExchange, details.contract.exchange);
  const auto tick = details.minTick.exactly<Price>();
  if (!tick || !tick->is_positive()) {
    return fail(Problem{fmt::format("{}: IB says its smallest tick is '{}', which is no price step", known.key, details.minTick.to_text())});
  }
  i.ticks = TickTable::flat(*tick);
  const auto step = details.sizeIncrement.exactly<Quantity>();
  i.size_increment = step && step->is_positive() ? *step : shares(1);
  // IB says 0.0001 for every US stock that may be bought in fractions; whole shares are what venues take.
  if (i.asset_class == AssetClass::Stock || i.asset_class == AssetClass::Etf) i.size_increment = shares(1);
  i.lot = i.asset_class == AssetClass::Stock || i.asset_class == AssetClass::Etf ? shares(100) : Quantity{};
  i.sector = details.industry;  // IB: "Technology", "Consumer, Cyclical"; empty for what has none
  known.long_name = details.longName;
  known.stock_type = details.stockType;
  known.time_zone = details.timeZoneId;
  known.trading_hours = details.tradingHours;
  known.liquid_hours = details.liquidHours;
  known.market_rule = rule_of(details.validExchanges, details.marketRuleIds, spec.exchange);
  return known;
}

TickTable tick_table(const wire::MarketRule& rule) {
  TickTable table;
  for (const auto& band : rule.priceIncrements) {
    const auto edge = band.lowEdge.nearest<Price>();
    const auto step = band.increment.exactly<Price>();
    if (!edge || !step || !step->is_positive() || table.count == table.bands.size()) continue;
    std::uint32_t at = table.count++;
    for (; at > 0 && *edge < table.bands[at - 1].low_edge; --at) table.bands[at] = table.bands[at - 1];
    table.bands[at] = {*edge, *step};
  }
  return table;
}

std::optional<Problem> ContractCache::open(const std::filesystem::path& file) {
  file_ = file;
  known_.clear();
  if (file.empty() || !std::filesystem::exists(file)) return std::nullopt;
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  const auto read = json::from_json<ContractFile>(text.str());
  if (!in || !read || read->version != file_version) {
    const std::string why = !read ? read.error().front().text : "another version";
    return Problem{fmt::format("{}: not used ({}); contracts are asked for again", file.string(), why)};
  }
  for (const KnownContract& contract : read->contracts) known_[contract.key] = contract;
  return std::nullopt;
}

const KnownContract* ContractCache::find(std::string_view key) const {
  const auto found = known_.find(key);
  return found == known_.end() ? nullptr : &found->second;
}

std::optional<Problem> ContractCache::put(const KnownContract& contract) {
  KnownContract& kept = known_[contract.key];
  kept = contract;
  kept.instrument.id = {};
  if (file_.empty()) return std::nullopt;
  ContractFile all{.version = file_version};
  for (const auto& [key, known] : known_) all.contracts.push_back(known);
  std::error_code error;
  if (file_.has_parent_path()) std::filesystem::create_directories(file_.parent_path(), error);
  const std::filesystem::path fresh = file_.string() + ".new";
  std::ofstream out(fresh, std::ios::trunc);
  out << json::to_json(all) << "\n";
  out.close();
  if (out) std::filesystem::rename(fresh, file_, error);
  if (!out || error) return Problem{fmt::format("{}: cannot be written; contracts will be asked for again", file_.string())};
  return std::nullopt;
}

void InstrumentTable::put(const Instrument& instrument) {
  if (known_.size() <= instrument.id.value) known_.resize(instrument.id.value + 1);
  known_[instrument.id.value] = instrument;
  if (instrument.contract.value != 0) by_contract_[instrument.contract] = instrument.id;
}

Instrument placeholder_for(const ContractSpec& spec, InstrumentId id) {
  Instrument out;
  out.id = id;
  out.symbol = std::string_view(spec.symbol);
  out.currency = std::string_view(spec.currency);
  for (const auto asset_class : {AssetClass::Stock, AssetClass::Future, AssetClass::Forex, AssetClass::Crypto, AssetClass::Option, AssetClass::Index})
    if (security_type(asset_class) == spec.type) out.asset_class = asset_class;
  return out;
}

InstrumentId InstrumentTable::adopt(Instrument instrument) {
  instrument.id = InstrumentId{static_cast<std::uint32_t>(known_.size())};
  put(instrument);
  return instrument.id;
}

const Instrument* InstrumentTable::find(InstrumentId id) const {
  return id.value < known_.size() && known_[id.value] ? &*known_[id.value] : nullptr;
}

const Instrument* InstrumentTable::find_placeholder(const Instrument& like) const {
  const Instrument* found = nullptr;
  for (const auto& known : known_) {
    if (!known || known->contract.value != 0 || known->symbol != like.symbol || known->currency != like.currency) continue;
    const bool whole = security_type(known->asset_class) == security_type(like.asset_class) && known->asset_class != AssetClass::Future &&
                       known->asset_class != AssetClass::Option && known->asset_class != AssetClass::Combo;
    if (!whole) continue;
    if (found != nullptr) return nullptr;
    found = &*known;
  }
  return found;
}

const Instrument* InstrumentTable::find_combo(const Instrument& like) const {
  const Instrument* found = nullptr;
  for (const auto& known : known_) {
    if (!known || known->asset_class != AssetClass::Combo || known->symbol != like.symbol || known->currency != like.currency) continue;
    const auto same = [](const ComboLeg& a, const ComboLeg& b) { return a.contract == b.contract && a.ratio == b.ratio; };
    if (like.leg_count != 0 && !std::ranges::is_permutation(std::span(known->legs).first(known->leg_count), std::span(like.legs).first(like.leg_count), same)) continue;
    if (found != nullptr) return nullptr;
    found = &*known;
  }
  return found;
}

const Instrument* InstrumentTable::find(ContractId contract) const {
  const auto found = by_contract_.find(contract);
  return found == by_contract_.end() ? nullptr : find(found->second);
}

}  // namespace robo::ib
