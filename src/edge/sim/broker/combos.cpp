// Combinations in front of the exchange: what they cost, and their executions, one of the whole and one per leg.

#include <algorithm>

#include "edge/sim/broker/broker.hpp"
#include "edge/sim/names.hpp"

namespace robo::sim {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;
Date day_at(Timestamp at) { return Date{static_cast<std::int32_t>((at.ns < 0 ? at.ns - day_ns + 1 : at.ns) / day_ns)}; }
constexpr Side side_in(const LegOf& leg, Side side) { return (leg.ratio > 0) == (side == Side::Buy) ? Side::Buy : Side::Sell; }
Quantity quantity_in(const LegOf& leg, Quantity units) { return Quantity::from_raw(units.raw * (leg.ratio < 0 ? -leg.ratio : leg.ratio)); }

}  // namespace

/// Combinations whose legs are all known by now can trade.
void Broker::combine() {
  std::erase_if(uncombined_, [&](InstrumentId combo) {
    const Instrument& instrument = account_.instrument(combo);
    std::vector<LegOf> legs;
    for (std::uint32_t i = 0; i < instrument.leg_count; ++i)
      for (std::uint32_t k = 0; k < account_.instruments(); ++k)
        if (account_.instrument(InstrumentId{k}).contract == instrument.legs[i].contract && instrument.legs[i].contract.value != 0) legs.push_back({InstrumentId{k}, instrument.legs[i].ratio});
    if (legs.empty() || legs.size() != instrument.leg_count) return false;
    matcher_.combine(combo, legs);
    return true;
  });
}

std::optional<Refusal> Broker::check_combo(const Terms& terms) const {
  if (matcher_.legs(terms.instrument).empty()) return Refusal{312, "The combo details are invalid."};
  if (!std::holds_alternative<Market>(terms.kind) && !std::holds_alternative<Limit>(terms.kind))
    return Refusal{387, "Unsupported order type for this exchange and security type."};
  return std::nullopt;
}

/// Margin the legs need more (or, below zero, less) than now, at the prices they show.
double Broker::combo_margin(const Terms& terms) const {
  double more = 0;
  for (const LegOf& leg : matcher_.legs(terms.instrument)) {
    const Side side = side_in(leg, terms.side);
    const auto touch = matcher_.touch(leg.instrument);
    Price price = side == Side::Buy ? touch.ask : touch.bid;
    if (price.is_zero()) price = matcher_.last(leg.instrument);
    const auto& holding = account_.holding(leg.instrument);
    const auto after = holding.quantity + signed_quantity(side, quantity_in(leg, terms.quantity));
    more += account_.margin(leg.instrument, after, price) - account_.margin(leg.instrument, holding.quantity, holding.mark);
  }
  return more;
}

Money Broker::combo_commission(const Terms& terms, Timestamp at) {
  new_month(day_at(at));
  Money sum;
  for (const LegOf& leg : matcher_.legs(terms.instrument)) {
    const Side side = side_in(leg, terms.side);
    const auto touch = matcher_.touch(leg.instrument);
    Price price = side == Side::Buy ? touch.ask : touch.bid;
    if (price.is_zero()) price = matcher_.last(leg.instrument);
    sum += cashier_.preview({.instrument = &account_.instrument(leg.instrument), .side = side, .quantity = quantity_in(leg, terms.quantity), .price = price,
                             .liquidity = FeeLiquidity::Removed, .venue = {}, .directed = false}, month_, day_at(at));
  }
  return sum;
}

void Broker::on_combo_fill(Timestamp at, const Match& whole, std::span<const Match> legs) {
  Order& order = orders_[whole.slot];
  const Date day = day_at(at);
  new_month(day);
  ++fills_[order.instrument.value];
  LegWork& work = leg_work_[whole.slot];
  if (work.day != day) work.tickets = {}, work.day = day;
  Report execution = report_of(at, whole.slot, ReportKind::Execution);
  execution.execution = next_execution_++;
  execution.liquidity = 2;
  execution.last_quantity = whole.quantity;
  execution.last_price = whole.price;
  execution.currency = account_.instrument(order.instrument).currency;
  reports_.push_back(execution);
  const bool complete = order.remaining().is_zero();
  std::array<Report, 4> told{};
  for (const Match& match : legs) {
    const LegOf& leg = matcher_.legs(order.instrument)[match.leg];
    const Instrument& instrument = account_.instrument(leg.instrument);
    const Side side = side_in(leg, order.side);
    ++fills_[leg.instrument.value];
    const auto charge = cashier_.charge({.instrument = &instrument, .side = side, .quantity = match.quantity, .price = match.price, .liquidity = match.liquidity,
                                         .venue = venue_name(match.venue), .directed = false}, work.tickets[match.leg], month_, day);
    const auto booked = account_.book(leg.instrument, side, match.quantity, match.price, charge.total, instrument.currency);
    work.filled[match.leg] += match.quantity;
    work.value[match.leg] += notional(match.price, match.quantity);
    Report& r = told[match.leg];
    r = execution;
    r.instrument = leg.instrument;
    r.side = side;
    r.execution = next_execution_++;
    r.venue = static_cast<char>(match.venue);
    r.filled = work.filled[match.leg];
    constexpr i128 unit = i128{Price::scale} * Quantity::scale / Money::scale;
    r.average = Price::from_raw(narrow(divide_rounded(i128{work.value[match.leg].raw} * unit, r.filled.raw)));
    r.last_quantity = match.quantity;
    r.last_price = match.price;
    r.commission = charge.total;
    r.realized = booked.realized;
    r.has_realized = booked.closes;
    r.currency = instrument.currency;
    r.position = account_.holding(leg.instrument).quantity;
    r.average_cost = account_.holding(leg.instrument).average_cost();
    reports_.push_back(r);
  }
  if (complete) finish(at, whole.slot, OrderState::Filled, 0, {});
  else order.state = OrderState::Submitted, status(at, whole.slot);
  reports_.back().last_price = whole.price;
  for (const auto kind : {ReportKind::Commission, ReportKind::Position})
    for (std::size_t i = 0; i < legs.size(); ++i) {
      told[i].kind = kind;
      reports_.push_back(told[i]);
    }
  if (order.oca_group != 0) after_oca_fill(at, whole.slot, whole.quantity, complete);
  if (complete) {
    leg_work_.erase(whole.slot);
    after_parent_filled(at, whole.slot);
  }
}

}  // namespace robo::sim
