// Options: listed on every recorded stock, quoted by Black and Scholes from what the stock shows, exercised and assigned when
// they expire. An option nobody asked about costs nothing: it is quoted from the first time it is wanted.

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "edge/sim/options/black_scholes.hpp"
#include "edge/sim/server/station.hpp"

namespace robo::sim {
namespace {

constexpr std::int64_t contract_multiplier = 100;
constexpr std::int64_t made_contracts = 910'000'000;  // contract ids of what the data does not know
constexpr Price in_the_money = price(0, 1);  // from a cent on, the clearing house exercises (ib-facts: options)
constexpr std::int32_t bid_tick = 10, ask_tick = 11, last_tick = 12, model_tick = 13, custom_tick = 53;

bool has_options(const Instrument& instrument) { return instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf; }

double strike_step(double price) { return price < 25 ? 0.5 : price < 100 ? 1 : price < 250 ? 2.5 : price < 500 ? 5 : 10; }

/// The symbol of the options clearing house: root, date, right, strike in thousandths.
std::string clearing_symbol(const Instrument& under, Date expiry, OptionRight right, Price strike) {
  const auto date = to_text(expiry);
  return fmt::format("{:<6}{}{}{}{}{:08}", under.symbol.view(), date.substr(2, 2), date.substr(5, 2), date.substr(8, 2), right_of(right), strike.raw / (Price::scale / 1000));
}

TickTable option_ticks() {
  TickTable table = TickTable::flat(price(0, 1));
  table.bands[1] = {price(3), price(0, 5)};
  table.count = 2;
  return table;
}

wire::Number rounded(double value) { return std::isfinite(value) && std::abs(value) < 1e9 ? wire::Number::from(Price::nearest(value)) : wire::Number::of(-2); }

}  // namespace

// ---------------------------------------------------------------- what there is

const Station::Chain* Station::chain_of(InstrumentId under) {
  const Instrument& what = contracts_[under];
  if (!settings_.options.listed || !has_options(what)) return nullptr;
  if (const auto known = chains_.find(under); known != chains_.end()) return &known->second;
  const Tape& tape = replay_.tape(under);
  const double spot = tape.has_last ? tape.last.price.to_double() : tape.has_quote ? tape.quote.bid.to_double() : 0;
  if (spot <= 0) return nullptr;
  Chain chain;
  const auto calendar = std::ranges::find_if(settings_.calendars, [&](const Calendar& c) { return c.name() == what.calendar.view(); });
  const auto today = parse_date(fmt::format("{}-{}-{}", login_.day(now_).substr(0, 4), login_.day(now_).substr(4, 2), login_.day(now_).substr(6, 2)));
  INVARIANT(today.has_value());
  constexpr int friday = 5;
  for (Date day = *today; chain.expirations.size() < settings_.options.weeks; day = Date{day.days + 1}) {
    if (weekday_of(day) != friday) continue;
    Date expiry = day;
    if (calendar != settings_.calendars.end() && calendar->covers(day) && !calendar->trades_on(day)) expiry = calendar->previous_trading_day(day).value_or(day);
    if (expiry >= *today) chain.expirations.push_back(expiry);
  }
  const double step = strike_step(spot);
  const auto middle = static_cast<std::int64_t>(std::lround(spot / step));
  const auto each = static_cast<std::int64_t>(settings_.options.strikes_each_side);
  for (auto k = std::max<std::int64_t>(1, middle - each); k <= middle + each; ++k) chain.strikes.push_back(Price::nearest(static_cast<double>(k) * step));
  return &(chains_[under] = std::move(chain));
}

/// The options a (partial) contract may mean, made where they are not there yet.
void Station::make_options(const wire::Contract& wanted) {
  if (wanted.secType != "OPT" || (wanted.symbol.empty() && wanted.localSymbol.empty())) return;
  std::vector<InstrumentId> unders;
  for (const Instrument& under : contracts_.all())
    if (has_options(under) && (wanted.symbol.empty() ? wanted.localSymbol.starts_with(under.symbol.view()) : wanted.symbol == under.symbol.view())) unders.push_back(under.id);
  for (const InstrumentId under : unders) {
    const Chain* chain = chain_of(under);
    if (chain == nullptr) continue;
    const auto strike_wanted = wanted.strike.is_positive() ? wanted.strike.nearest<Price>() : Result<Price, DecimalError>(Price{});
    if (!strike_wanted) return;
    for (const Date expiry : chain->expirations) {
      const auto date = to_text(expiry);
      const std::string digits = date.substr(0, 4) + date.substr(5, 2) + date.substr(8, 2);
      if (!digits.starts_with(wanted.lastTradeDateOrContractMonth)) continue;
      for (const Price strike : chain->strikes) {
        if (!strike_wanted->is_zero() && strike != *strike_wanted) continue;
        for (const OptionRight right : {OptionRight::Call, OptionRight::Put}) {
          if (!wanted.right.empty() && wanted.right != "?" && wanted.right.front() != right_of(right).front()) continue;
          const auto name = clearing_symbol(contracts_[under], expiry, right, strike);
          if (!wanted.localSymbol.empty() && wanted.localSymbol != name) continue;
          make_option(under, expiry, right, strike, name);
        }
      }
    }
  }
}

void Station::make_option(InstrumentId under, Date expiry, OptionRight right, Price strike, std::string_view name) {
  if (option_names_.contains(name)) return;
  const Instrument& of = contracts_[under];
  Instrument option;
  option.id = InstrumentId{static_cast<std::uint32_t>(contracts_.all().size())};
  option.contract = ContractId{made_contracts + option.id.value};
  option.asset_class = AssetClass::Option;
  option.right = right;
  option.origin = of.origin;
  option.symbol = of.symbol, option.exchange = "SMART", option.currency = of.currency, option.calendar = of.calendar;
  option.local_symbol = name, option.trading_class = of.symbol.view();
  option.multiplier = contract_multiplier;
  option.ticks = option_ticks();
  option.size_increment = shares(1);
  option.expiry = expiry;
  option.strike = strike;
  contracts_.learn(option);
  replay_.know(option.id);
  broker_.add(contracts_[option.id]);
  option_names_.emplace(name, option.id);
  follow_phase(option.id, replay_.tape(under).phase);
}

const InstrumentId* Station::underlying_of(InstrumentId option) const {
  const Instrument& what = contracts_[option];
  for (const auto& instrument : contracts_.all())
    if (has_options(instrument) && instrument.symbol == what.symbol) return &instrument.id;
  return nullptr;
}

// ---------------------------------------------------------------- quotes

Timestamp Station::expires_at(InstrumentId option) const {
  const auto date = to_text(contracts_[option].expiry);
  const auto at = login_.parse(fmt::format("{}{}{} 16:00:00", date.substr(0, 4), date.substr(5, 2), date.substr(8, 2)));
  INVARIANT(at.has_value());
  return *at;
}

OptionTerms Station::terms_of_option(InstrumentId option) const {
  const Instrument& what = contracts_[option];
  return {.right = what.right, .strike = what.strike.to_double(), .years = (expires_at(option) - now_).seconds() / (365.0 * 86'400), .rate = settings_.options.rate};
}

void Station::wake(InstrumentId option) {
  if (contracts_[option].asset_class != AssetClass::Option || !option_names_.contains(contracts_[option].local_symbol.view())) return;
  const auto* under = underlying_of(option);
  if (under == nullptr) return;
  auto& awake = awake_[*under];
  if (std::ranges::find(awake, option) != awake.end()) return;
  awake.push_back(option);
  if (replay_.tape(*under).has_quote) quote_option(option, replay_.tape(*under).quote, now_);
}

void Station::quote_option(InstrumentId option, const Quote& under, Timestamp at) {
  if (!under.bid_size.is_positive() || !under.ask_size.is_positive()) return;
  const Instrument& what = contracts_[option];
  const double spot = (under.bid.to_double() + under.ask.to_double()) / 2;
  const double worth = black_scholes(terms_of_option(option), spot, settings_.options.volatility).price;
  const double half = std::max(0.01, worth * settings_.options.half_spread);
  Quote quote{};
  quote.instrument = option;
  quote.bid = what.ticks.floor(Price::nearest(std::max(0.0, worth - half)));
  quote.ask = what.ticks.ceil(Price::nearest(worth + half));
  quote.bid_size = quote.bid.is_positive() ? shares(settings_.options.size) : Quantity{};
  quote.ask_size = shares(settings_.options.size);
  const Tape& tape = replay_.tape(option);
  if (tape.has_quote && tape.quote.bid == quote.bid && tape.quote.ask == quote.ask) return;
  const Event event{.at = at, .received_at = at, .payload = quote};
  replay_.note(event);
  broker_.on_market(at, event.payload);
  if (connected_) fan_out(event);
  if (broker_.matcher().has_combos()) combos_follow(at, option);
}

/// Options trade in the regular hours of their stock, and stop when it does.
void Station::follow_phase(InstrumentId option, const PhaseChange& under) {
  PhaseChange change = under;
  change.instrument = option;
  if (change.phase != TradingPhase::Regular && change.phase != TradingPhase::Halted) change.phase = TradingPhase::Closed;
  const Event event{.at = now_, .received_at = now_, .payload = change};
  replay_.note(event);
  broker_.on_market(now_, event.payload);
}

void Station::options_follow(Timestamp at, const EventPayload& payload) {
  if (const auto* quote = std::get_if<Quote>(&payload)) {
    const auto awake = awake_.find(quote->instrument);
    if (awake == awake_.end()) return;
    for (const InstrumentId option : awake->second) quote_option(option, *quote, at);
  } else if (const auto* change = std::get_if<PhaseChange>(&payload); change != nullptr && has_options(contracts_[change->instrument])) {
    const std::string_view symbol = contracts_[change->instrument].symbol.view();
    for (std::size_t i = 0; i < contracts_.all().size(); ++i) {
      const Instrument& option = contracts_.all()[i];
      if (option.asset_class == AssetClass::Option && option.symbol.view() == symbol && !expired_.contains(option.id)) follow_phase(option.id, *change);
    }
  }
}

// ---------------------------------------------------------------- questions

void Station::on(Client& client, const wire::ReqSecDefOptParams& request) {
  for (const auto& instrument : contracts_.all()) {
    if (!has_options(instrument) || instrument.symbol.view() != request.underlyingSymbol || contracts_.con_id(instrument.id) != request.underlyingConId) continue;
    const Chain* chain = chain_of(instrument.id);
    if (chain == nullptr || !request.futFopExchange.empty()) break;
    wire::SecurityDefinitionOptionParameter answer{.reqId = request.reqId, .exchange = "SMART", .underlyingConId = request.underlyingConId, .tradingClass = instrument.symbol.view(), .multiplier = "100"};
    std::vector<std::string> dates;
    for (const Date expiry : chain->expirations) {
      const auto date = to_text(expiry);
      dates.push_back(date.substr(0, 4) + date.substr(5, 2) + date.substr(8, 2));
    }
    for (const auto& date : dates) answer.expirations.push_back({.expiration = date});
    for (const Price strike : chain->strikes) answer.strikes.push_back({.strike = wire::Number::from(strike)});
    for (const std::string_view exchange : {"SMART", "CBOE"}) {
      answer.exchange = exchange;
      client.say(answer);
    }
    break;
  }
  client.say(wire::SecurityDefinitionOptionParameterEnd{.reqId = request.reqId});
}

/// Bid, ask, last and model, each with the volatility it implies; what cannot be worked out in IB's placeholders.
void Station::say_computations(Client& client, std::int32_t request, InstrumentId option, bool delayed) {
  const auto* under = underlying_of(option);
  if (under == nullptr) return;
  const Tape& stock = replay_.tape(*under);
  const Tape& tape = replay_.tape(option);
  if (!stock.has_quote || !tape.has_quote) return;
  const double spot = (stock.quote.bid.to_double() + stock.quote.ask.to_double()) / 2;
  const auto say = [&](std::int32_t type, double price, std::optional<double> volatility) { say_computation(client, request, delayed ? type + 70 : type, option, spot, price, volatility); };
  const auto implied = [&](double price) { return implied_volatility(terms_of_option(option), spot, price); };
  if (tape.quote.bid_size.is_positive()) say(bid_tick, tape.quote.bid.to_double(), implied(tape.quote.bid.to_double()));
  if (tape.quote.ask_size.is_positive()) say(ask_tick, tape.quote.ask.to_double(), implied(tape.quote.ask.to_double()));
  if (tape.has_last) say(last_tick, tape.last.price.to_double(), implied(tape.last.price.to_double()));
  say(model_tick, black_scholes(terms_of_option(option), spot, settings_.options.volatility).price, settings_.options.volatility);
}

void Station::say_computation(Client& client, std::int32_t request, std::int32_t type, InstrumentId option, double spot, double price, std::optional<double> volatility) {
  wire::TickOptionComputation out{.reqId = request, .tickType = type, .tickAttrib = 0, .impliedVol = rounded(volatility.value_or(-1)), .delta = rounded(-2), .optPrice = rounded(price), .pvDividend = rounded(0),
                                  .gamma = rounded(-2), .vega = rounded(-2), .theta = rounded(-2), .undPrice = rounded(spot)};
  if (volatility) {
    const auto value = black_scholes(terms_of_option(option), spot, *volatility);
    out.delta = rounded(value.delta), out.gamma = rounded(value.gamma), out.vega = rounded(value.vega), out.theta = rounded(value.theta);
  }
  client.say(out);
}

void Station::on(Client& client, const wire::CalculateImpliedVolatility& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  if (contracts_[*id].asset_class != AssetClass::Option) return client.error(request.reqId, 321, "Error validating request.-'bX' : cause - Only options have an implied volatility", now_);
  const double spot = request.underPrice.to_double(), price = request.optionPrice.to_double();
  say_computation(client, request.reqId, custom_tick, *id, spot, price, implied_volatility(terms_of_option(*id), spot, price));
}

void Station::on(Client& client, const wire::CalculateOptionPrice& request) {
  const auto* id = subject(client, request.reqId, request.contract);
  if (!id) return;
  if (contracts_[*id].asset_class != AssetClass::Option) return client.error(request.reqId, 321, "Error validating request.-'bY' : cause - Only options are priced by volatility", now_);
  const double spot = request.underPrice.to_double(), volatility = request.volatility.to_double();
  if (!(volatility > 0) || !(spot > 0)) return client.error(request.reqId, 321, "Error validating request.-'bY' : cause - Volatility and price of the underlying must be positive", now_);
  say_computation(client, request.reqId, custom_tick, *id, spot, black_scholes(terms_of_option(*id), spot, volatility).price, volatility);
}

// ---------------------------------------------------------------- exercise, assignment, expiry

void Station::on(Client& client, const wire::ExerciseOptions& request) {
  if (refuses_read_only(client, request.reqId)) return;
  const auto refuse = [&](std::string_view why) { client.error(request.reqId, 322, fmt::format("Error processing request.-'bZ' : cause - {}", why), now_); };
  const auto found = wanted(request.contract);
  if (!found.id) return client.error(request.reqId, found.code, found.text, now_);
  const InstrumentId option = *found.id;
  if (contracts_[option].asset_class != AssetClass::Option) return refuse("Only options can be exercised");
  if (request.exerciseAction != 1 && request.exerciseAction != 2) return refuse("The action is 1 (exercise) or 2 (lapse)");
  const auto held = broker_.account().holding(option).quantity;
  const auto quantity = shares(request.exerciseQuantity);
  if (!quantity.is_positive() || quantity > held) return refuse(fmt::format("{} contracts are held", to_text(held)));
  if (request.exerciseAction == 2) {
    lapses_[option] = quantity;
    return;
  }
  const auto* under = underlying_of(option);
  if (under == nullptr) return refuse("Nothing is known of its underlying");
  const Price spot = broker_.matcher().last(*under);
  const bool call = contracts_[option].right == OptionRight::Call;
  const bool pays = call ? spot >= contracts_[option].strike + in_the_money : spot <= contracts_[option].strike - in_the_money;
  if (!pays && request.override == 0) return refuse("The option is not in the money; override says to exercise it all the same");
  exercise(option, quantity);
}

/// The option goes for nothing, the shares change hands at the strike; without commission.
void Station::exercise(InstrumentId option, Quantity quantity) {
  const auto held = broker_.account().holding(option).quantity;
  const auto* under = underlying_of(option);
  INVARIANT(under != nullptr);
  const InstrumentId stock = *under;
  const Price strike = contracts_[option].strike;
  const auto multiplier = contracts_[option].multiplier;
  book_outside(option, held.is_positive() ? Side::Sell : Side::Buy, quantity, {}, 0, {});
  // Long calls and short puts take shares in, long puts and short calls give them.
  const bool takes = (contracts_[option].right == OptionRight::Call) == held.is_positive();
  book_outside(stock, takes ? Side::Buy : Side::Sell, Quantity::from_raw(quantity.raw * multiplier), strike, 0, {});
}

std::string Station::expire(InstrumentId id, Price settle) {
  const std::string name(contracts_[id].local_symbol.empty() ? contracts_[id].symbol.view() : contracts_[id].local_symbol.view());
  for (const auto& order : served_)  // what still works in it is over
    if (order.open() && order.instrument == id && order.slot != no_slot && !is_final(broker_.order(order.slot).state)) (void)broker_.cancel(now_, order.slot);
  deliver_reports();
  if (option_names_.contains(contracts_[id].local_symbol.view())) expired_.insert(id);
  for (auto& [under, awake] : awake_) std::erase(awake, id);
  const auto held = broker_.account().holding(id).quantity;
  if (held.is_zero()) return fmt::format("{} expired; nobody held it", name);
  const Side out = held.is_positive() ? Side::Sell : Side::Buy;
  if (contracts_[id].asset_class == AssetClass::Future) {
    if (!settle.is_positive()) settle = broker_.matcher().last(id);
    book_outside(id, out, held.abs(), settle, 0, {});
    return fmt::format("{} settled at {}", name, to_text(settle));
  }
  const auto* under = underlying_of(id);
  if (under != nullptr && !settle.is_positive()) settle = broker_.matcher().last(*under);
  if (under != nullptr && !settle.is_positive()) settle = broker_.matcher().touch(*under).bid;
  const Price strike = contracts_[id].strike;
  const bool pays = contracts_[id].right == OptionRight::Call ? settle >= strike + in_the_money : settle <= strike - in_the_money;
  const auto lapsing = lapses_.find(id);
  const Quantity lapsed = lapsing == lapses_.end() || !held.is_positive() ? Quantity{} : std::min(lapsing->second, held);
  const Quantity exercised = pays && under != nullptr && settle.is_positive() ? held.abs() - lapsed : Quantity{};
  if (exercised.is_positive()) exercise(id, exercised);
  if (held.abs() > exercised) book_outside(id, out, held.abs() - exercised, {}, 0, {});
  return !exercised.is_positive() ? fmt::format("{} expired worthless", name) : fmt::format("{} {}", name, held.is_positive() ? "exercised" : "assigned");
}

Result<std::string, Problem> Station::act(const fault::Expire& f) {
  const auto* id = by_symbol(f.symbol);
  if (!id) return fail(Problem{fmt::format("symbol: '{}' is not known here", f.symbol)});
  if (contracts_[*id].asset_class != AssetClass::Option && contracts_[*id].asset_class != AssetClass::Future) return fail(Problem{fmt::format("symbol: {} does not expire", f.symbol)});
  return expire(*id, f.settle > 0 ? Price::nearest(f.settle) : Price{});
}

/// A new day: what had its last one is over.
void Station::expire_before(Date day) {
  std::vector<InstrumentId> due;
  for (const auto& instrument : contracts_.all()) {
    const bool ends = instrument.asset_class == AssetClass::Option || instrument.asset_class == AssetClass::Future;
    if (ends && instrument.expiry.days != 0 && instrument.expiry < day && !expired_.contains(instrument.id)) due.push_back(instrument.id);
  }
  for (const InstrumentId id : due) {
    if (broker_.account().holding(id).quantity.is_zero() && !option_names_.contains(contracts_[id].local_symbol.view())) continue;
    const auto* under = contracts_[id].asset_class == AssetClass::Option ? underlying_of(id) : nullptr;
    (void)expire(id, under != nullptr ? broker_.matcher().prior_close(*under) : Price{});
  }
}

}  // namespace robo::sim
