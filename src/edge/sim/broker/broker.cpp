#include "edge/sim/broker/broker.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "edge/sim/names.hpp"
#include "model/order_check.hpp"

namespace robo::sim {
namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;
Date day_at(Timestamp at) { return Date{static_cast<std::int32_t>((at.ns < 0 ? at.ns - day_ns + 1 : at.ns) / day_ns)}; }

Price limit_of(const OrderKind& kind) {
  if (const auto* limit = std::get_if<Limit>(&kind)) return limit->price;
  if (const auto* limit = std::get_if<StopLimit>(&kind)) return limit->price;
  return {};
}
Price trigger_of(const OrderKind& kind) {
  if (const auto* stop = std::get_if<Stop>(&kind)) return stop->trigger;
  if (const auto* stop = std::get_if<StopLimit>(&kind)) return stop->trigger;
  if (const auto* trail = std::get_if<Trail>(&kind)) return trail->trigger;
  return {};
}

std::uint8_t ib_liquidity(FeeLiquidity liquidity) { return liquidity == FeeLiquidity::Added ? 1 : 2; }

}  // namespace

Broker::Broker(BrokerSettings settings, FeeTable fees)
    : settings_(settings), matcher_(orders_, settings.fills), account_(settings.base, settings.cash), cashier_(std::move(fees), settings.plan) {
  reports_.reserve(4096);
  working_.reserve(1024);
  live_.reserve(1024);
  done_.reserve(1024);
  work_.reserve(256);
}

void Broker::add(const Instrument& instrument) {
  matcher_.add(instrument);
  account_.know(instrument);
  const auto count = instrument.id.value + 1;
  if (shortable_.size() < count) shortable_.resize(count, Quantity::from_raw(INT64_MAX));
  if (fills_.size() < count) fills_.resize(count);
  for (auto& side : active_)
    if (side.size() < count) side.resize(count);
  if (instrument.asset_class == AssetClass::Combo) uncombined_.push_back(instrument.id);
  if (!uncombined_.empty()) combine();
}

Terms terms_of(const TicketTerms& ticket) {
  Terms terms;
  terms.instrument = ticket.instrument;
  terms.side = ticket.side;
  terms.time_in_force = time_in_force_of(ticket.lifetime);
  terms.outside_regular_hours = ticket.outside_hours;
  terms.quantity = ticket.quantity;
  terms.kind = mechanics_of(ticket);
  switch (ticket.oca) {
    case OcaType::None: break;
    case OcaType::CancelWithBlock: terms.oca = OcaRule::CancelRest; break;
    case OcaType::ReduceWithBlock: terms.oca = OcaRule::ReduceRest; break;
    case OcaType::ReduceWithoutBlock: terms.oca = OcaRule::ReduceFree; break;
  }
  if (!is_plain(ticket)) terms.ticket = &ticket;
  return terms;
}

namespace {
/// The instrument a market event speaks of.
InstrumentId subject_of(const EventPayload& payload) {
  return std::visit([](const auto& p) {
    if constexpr (requires { p.instrument; }) return InstrumentId{p.instrument};
    else return InstrumentId{};
  }, payload);
}
}  // namespace

void Broker::on_market(Timestamp at, const EventPayload& payload) {
  matcher_.set_now(at);
  switch (payload.index()) {
    case 0: matcher_.on_quote(*std::get_if<Quote>(&payload)); break;
    case 1: matcher_.on_trade(*std::get_if<Trade>(&payload)); break;
    case 3: matcher_.on_level(*std::get_if<DepthLevel>(&payload)); break;
    case 4: matcher_.on_reset(*std::get_if<DepthReset>(&payload)); break;
    case 6: {
      const auto& change = *std::get_if<PhaseChange>(&payload);
      const bool was_on = matcher_.regular_since(change.instrument).ns != 0;
      matcher_.on_phase(change);
      if (!watched_.empty() && was_on && matcher_.regular_since(change.instrument).ns == 0) end_waiting(at, change.instrument);
      break;
    }
    default: return;
  }
  static_assert(std::is_same_v<std::variant_alternative_t<3, EventPayload>, DepthLevel>);
  static_assert(std::is_same_v<std::variant_alternative_t<6, EventPayload>, PhaseChange>);
  if (matcher_.has_combos()) [[unlikely]] matcher_.leg_moved(subject_of(payload));
  if (!watched_.empty()) [[unlikely]] {
    print_ = payload.index() == 1;
    settle(at);
    watch(at, subject_of(payload));
  }
  if (!matcher_.matches().empty()) {
    settle(at);
    release();
  }
}

std::optional<Refusal> Broker::check(const Terms& terms, Timestamp at) const {
  const Instrument& instrument = account_.instrument(terms.instrument);
  if (instrument.asset_class == AssetClass::Combo)
    if (const auto refusal = check_combo(terms)) return refusal;
  if (terms.ticket != nullptr) {
    const auto ticket = Ticket::of(*terms.ticket);
    if (!ticket) return Refusal{ticket.error().code, ticket.error().text.view()};
    const bool regular = matcher_.phase(terms.instrument) == TradingPhase::Regular;
    const auto touch = matcher_.touch(terms.instrument);
    const Surroundings around{.instrument = &instrument, .now = at,
                              .regular_open = regular ? matcher_.regular_since(terms.instrument) : matcher_.phase(terms.instrument) == TradingPhase::PreMarket ? matcher_.phase_until(terms.instrument) : Timestamp{},
                              .regular_close = regular ? matcher_.phase_until(terms.instrument) : Timestamp{}, .bid = touch.bid, .ask = touch.ask,
                              .cutoffs = auction_cutoffs(instrument.primary_exchange.view(), day_at(at)), .fractional_shares = settings_.fractional_shares};
    const auto against = objections(*ticket, around);
    if (against.empty()) return std::nullopt;
    if (against.front().code == 201) {
      const auto text = fmt::format("Order rejected - reason:{}", against.front().text.view());
      return Refusal{201, std::string_view(text)};
    }
    return Refusal{against.front().code, against.front().text.view()};
  }
  if (!terms.quantity.is_positive()) return Refusal{434, "The order size cannot be zero."};
  const bool fraction = terms.quantity.raw % Quantity::scale != 0;
  const bool is_share = instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf;
  if (is_share && fraction && !settings_.fractional_shares)
    return Refusal{10243, "Fractional-sized order cannot be placed via API. Please switch to desktop version to place this order."};
  if (instrument.size_increment.is_positive() && terms.quantity.raw % instrument.size_increment.raw != 0)
    return Refusal{388, "Order size does not conform to the size increment of the contract."};
  const Price limit = limit_of(terms.kind), trigger = trigger_of(terms.kind);
  if (!instrument.ticks.on_grid(limit) || !instrument.ticks.on_grid(trigger))
    return Refusal{110, "The price does not conform to the minimum price variation for this contract."};
  if (const auto* trail = std::get_if<Trail>(&terms.kind); trail && !trail->distance.is_positive())
    return Refusal{387, "Unsupported order type for this exchange and security type: a trailing stop needs a positive amount."};
  return std::nullopt;
}

Broker::WhatIf Broker::what_if(const Terms& terms, Timestamp at) {
  mark();
  const auto touch = matcher_.touch(terms.instrument);
  Price price = limit_of(terms.kind);
  if (price.is_zero()) price = trigger_of(terms.kind);
  if (price.is_zero()) price = terms.side == Side::Buy ? touch.ask : touch.bid;
  if (price.is_zero()) price = matcher_.last(terms.instrument);
  const Instrument& instrument = account_.instrument(terms.instrument);
  const auto values = account_.values();
  const auto& holding = account_.holding(terms.instrument);
  const auto after = holding.quantity + signed_quantity(terms.side, terms.quantity);
  const double before_margin = account_.margin(terms.instrument, holding.quantity, holding.mark);
  const double after_margin = account_.margin(terms.instrument, after, price);
  new_month(day_at(at));
  WhatIf w;
  w.currency = instrument.currency;
  w.commission = cashier_.preview({.instrument = &instrument, .side = terms.side, .quantity = terms.quantity, .price = price,
                                   .liquidity = FeeLiquidity::Removed, .venue = {}, .directed = terms.directed},
                                  month_, day_at(at));
  w.initial_before = values.initial_margin;
  w.maintenance_before = values.maintenance_margin;
  w.equity_before = values.net_liquidation;
  const bool combo = instrument.asset_class == AssetClass::Combo;
  if (combo) w.commission = combo_commission(terms, at);
  const double more = combo ? combo_margin(terms) : after_margin - before_margin;
  w.initial_after = values.initial_margin + more;
  w.maintenance_after = values.maintenance_margin + more;
  w.equity_after = values.net_liquidation - w.commission.to_double() * account_.rate(instrument.currency);
  return w;
}

bool Broker::enough_margin(const Terms& terms) const {
  if (account_.instrument(terms.instrument).asset_class == AssetClass::Combo) {
    const double more = combo_margin(terms);
    return more <= 0 || more <= account_.values().available_funds();
  }
  const auto touch = matcher_.touch(terms.instrument);
  Price price = limit_of(terms.kind);
  if (price.is_zero()) price = terms.side == Side::Buy ? touch.ask : touch.bid;
  if (price.is_zero()) price = matcher_.last(terms.instrument);
  if (price.is_zero()) return true;
  const auto& holding = account_.holding(terms.instrument);
  const auto after = holding.quantity + signed_quantity(terms.side, terms.quantity);
  if (after.abs() <= holding.quantity.abs()) return true;  // reduces risk
  const auto values = account_.values();
  const double more = account_.margin(terms.instrument, after, price) - account_.margin(terms.instrument, holding.quantity, price);
  return more <= values.available_funds();
}

void Broker::mark() {
  for (std::uint32_t i = 0; i < account_.instruments(); ++i) {
    const InstrumentId id{i};
    if (account_.holding(id).quantity.is_zero()) continue;
    const auto touch = matcher_.touch(id);
    const auto last = matcher_.last(id);
    if (touch.bid_size.is_positive() && touch.ask_size.is_positive() && touch.bid < touch.ask)
      account_.mark(id, Price::from_raw(touch.bid.raw + (touch.ask.raw - touch.bid.raw) / 2));
    else if (last.is_positive()) account_.mark(id, last);
  }
}

Result<Slot, Refusal> Broker::place(Timestamp at, const Terms& terms) {
  if (terms.instrument.value >= account_.instruments()) return fail(Refusal{200, "No security definition has been found for the request"});
  if (const auto refusal = check(terms, at)) return fail(*refusal);
  Order order;
  order.instrument = terms.instrument;
  order.side = terms.side;
  order.time_in_force = terms.time_in_force;
  order.outside_regular_hours = terms.outside_regular_hours;
  order.directed = terms.directed;
  order.quantity = terms.quantity;
  order.kind = terms.kind;
  order.reference = terms.reference;
  order.parent = terms.parent;
  order.oca_group = terms.oca_group;
  order.oca = terms.oca;
  order.accepted_at = at;
  order.hold = terms.transmit ? Hold::None : Hold::NotTransmitted;
  if (terms.ticket != nullptr) {
    if (const auto refusal = size_by_money(*terms.ticket, order)) return fail(*refusal);
    order.special = orders_.add_special(*terms.ticket);
    begin_watch(order);
  }
  const Slot slot = orders_.add(order);
  live_.push_back(slot);
  ++active_[static_cast<std::size_t>(terms.side)][terms.instrument.value];
  if (!terms.transmit) return slot;
  if (terms.parent != no_slot) transmit_family(at, terms.parent);
  else send_to_exchange(at, slot);
  settle(at);
  release();
  return slot;
}

void Broker::transmit_family(Timestamp at, Slot parent) {
  // The parent first, then its children in the order they came.
  if (orders_[parent].hold == Hold::NotTransmitted) {
    orders_[parent].hold = Hold::None;
    send_to_exchange(at, parent);
  }
  work_.clear();
  for (const Slot slot : live_)
    if (orders_[slot].parent == parent && orders_[slot].state == OrderState::PendingSubmit) work_.push_back(slot);
  for (std::size_t i = 0; i < work_.size(); ++i) {
    const Slot slot = work_[i];
    orders_[slot].hold = Hold::None;
    send_to_exchange(at, slot);
  }
}

void Broker::send_to_exchange(Timestamp at, Slot slot) {
  Order& order = orders_[slot];
  order.perm_id = PermId{next_perm_++};
  const Instrument& instrument = account_.instrument(order.instrument);
  const auto reject = [&](std::string_view reason) { finish(at, slot, OrderState::Rejected, 201, fmt::format("Order rejected - reason:{}", reason)); };
  if (settings_.active_orders_max != 0 && active_[static_cast<std::size_t>(order.side)][order.instrument.value] > settings_.active_orders_max)
    return reject(fmt::format("You already have {} active orders on this side of the contract.", settings_.active_orders_max));
  const bool stock = instrument.asset_class == AssetClass::Stock || instrument.asset_class == AssetClass::Etf;
  const auto after = account_.holding(order.instrument).quantity + signed_quantity(order.side, order.quantity);
  if (order.side == Side::Sell && after.is_negative()) {
    if (instrument.asset_class == AssetClass::Crypto && settings_.crypto_as_at_ib) return reject("Short sales of cryptocurrencies are not allowed.");
    order.short_sale = stock;
  }
  if (settings_.crypto_as_at_ib && instrument.asset_class == AssetClass::Crypto && order.side == Side::Buy && std::holds_alternative<Market>(order.kind) && order.special == 0)
    return reject("Market orders to buy cryptocurrencies need a cash quantity.");
  if (order.parent != no_slot) {
    order.oca_group = order.oca_group ? order.oca_group : static_cast<std::uint64_t>(orders_[order.parent].perm_id.value);
    if (order.oca == OcaRule::None) order.oca = OcaRule::ReduceRest;
    order.state = OrderState::PreSubmitted;
    order.hold = Hold::Child;
    status(at, slot);
    return;
  }
  const Special* special = orders_.special(order);
  const bool own_price = special != nullptr && (is_pegged(type_of(special->terms.kind)) || special->terms.condition_count != 0);
  if (settings_.regulatory_collar && !own_price && (stock || instrument.asset_class == AssetClass::Option) && std::holds_alternative<Limit>(order.kind)) {
    const auto touch = matcher_.touch(order.instrument);
    const std::int64_t percent = stock ? 10 : 20;
    const Price limit = limit_of(order.kind);
    const bool too_far = order.side == Side::Buy ? touch.ask_size.is_positive() && i128{limit.raw} * 100 > i128{touch.ask.raw} * (100 + percent)
                                                 : touch.bid_size.is_positive() && i128{limit.raw} * 100 < i128{touch.bid.raw} * (100 - percent);
    if (too_far) return reject(fmt::format("The limit price is more than {} % through the national best quote.", percent));
  }
  if (settings_.check_margin) {
    mark();
    Terms terms;
    terms.instrument = order.instrument;
    terms.side = order.side;
    terms.quantity = order.quantity;
    terms.kind = order.kind;
    if (!enough_margin(terms)) return reject("YOUR ORDER IS NOT ACCEPTED. IN ORDER TO OBTAIN THE DESIRED POSITION YOUR EQUITY WITH LOAN VALUE MUST EXCEED THE INITIAL MARGIN.");
  }
  order.state = OrderState::PreSubmitted;
  if (order.short_sale && shortable_[order.instrument.value] < order.quantity) {
    order.hold = Hold::Locate;
    status(at, slot, 404, "Order held while securities are located.");
    return;
  }
  const auto first_match = matcher_.matches().size();
  if (order.special != 0 && waits(at, slot)) {
    order.hold = Hold::Condition;
    status(at, slot);
    return;
  }
  matcher_.enter(slot);
  if (order.special != 0 && orders_.special(order)->terms.algo.index() != 0) pace(at, slot);
  const bool at_once = matcher_.matches().size() != first_match;
  if (order.hold == Hold::Session) {
    const auto until = matcher_.phase_until(order.instrument);
    status(at, slot, 399, fmt::format("Order Message:\nWarning: your order will not be placed at the exchange until {}", until.ns ? to_text(until) : "the session opens"));
    return;
  }
  if (order.hold == Hold::None && !at_once) order.state = OrderState::Submitted;
  status(at, slot);
}

Report Broker::report_of(Timestamp at, Slot slot, ReportKind kind) const {
  const Order& order = orders_[slot];
  Report r;
  r.kind = kind;
  r.state = order.state;
  r.hold = order.hold;
  r.side = order.side;
  r.slot = slot;
  r.reference = order.reference;
  r.instrument = order.instrument;
  r.at = at;
  r.perm_id = order.perm_id;
  r.quantity = order.quantity;
  r.filled = order.filled;
  r.remaining = order.remaining();
  r.average = order.average_price();
  r.limit = limit_of(order.kind);
  r.trigger = order.trigger.is_zero() ? trigger_of(order.kind) : order.trigger;
  return r;
}

void Broker::status(Timestamp at, Slot slot, std::int32_t code, std::string_view text) {
  Report r = report_of(at, slot, ReportKind::Status);
  r.code = code;
  r.text = text;
  reports_.push_back(r);
}

void Broker::finish(Timestamp at, Slot slot, OrderState state, std::int32_t code, std::string_view text) {
  Order& order = orders_[slot];
  if (is_final(order.state)) return;
  order.state = state;
  order.hold = Hold::None;
  --active_[static_cast<std::size_t>(order.side)][order.instrument.value];
  live_.erase(std::find(live_.begin(), live_.end(), slot));
  if (order.special != 0) std::erase(watched_, slot);
  done_.push_back(slot);
  status(at, slot, code, text);
  if (state == OrderState::Filled) return;
  // What protects or targets an entry that will never be has no reason to live.
  if (order.filled.is_zero()) {
    for (std::size_t i = 0; i < live_.size();) {
      const Slot child = live_[i];
      if (orders_[child].parent != slot) {
        ++i;
        continue;
      }
      matcher_.remove(child);
      finish(at, child, OrderState::Cancelled, 202, "Order Canceled - reason:the parent order ended");
    }
  } else {
    after_parent_filled(at, slot);
  }
}

void Broker::after_parent_filled(Timestamp at, Slot parent) {
  work_.clear();
  for (const Slot slot : live_)
    if (orders_[slot].parent == parent && orders_[slot].hold == Hold::Child) work_.push_back(slot);
  const auto filled = orders_[parent].filled;
  for (std::size_t i = 0; i < work_.size(); ++i) {
    Order& child = orders_[work_[i]];
    child.parent = no_slot;
    child.hold = Hold::None;
    child.quantity = std::min(child.quantity, filled);
    if (child.special != 0 && waits(at, work_[i])) {
      child.hold = Hold::Condition;
      status(at, work_[i]);
      continue;
    }
    matcher_.enter(work_[i]);
    if (child.hold == Hold::None && child.in_matcher) child.state = OrderState::Submitted;
    if (!is_final(child.state)) status(at, work_[i]);
  }
}

void Broker::after_oca_fill(Timestamp at, Slot filled, Quantity quantity, bool complete) {
  const auto group = orders_[filled].oca_group;
  const auto whole = orders_[filled].remaining() + quantity;
  for (std::size_t i = 0; i < live_.size();) {
    const Slot slot = live_[i];
    Order& other = orders_[slot];
    if (slot == filled || other.oca_group != group) {
      ++i;
      continue;
    }
    const bool reduces = other.oca == OcaRule::ReduceRest || other.oca == OcaRule::ReduceFree;
    // Reduced in proportion: half of one filled takes half of the other.
    const auto share = Quantity::from_raw(narrow(i128{other.remaining().raw} * quantity.raw / whole.raw));
    const auto step = std::max<std::int64_t>(1, account_.instrument(other.instrument).size_increment.raw);
    const auto less = Quantity::from_raw((share.raw + step - 1) / step * step);
    if (!complete && reduces && other.remaining() > less) {
      other.quantity -= less;
      status(at, slot);
      ++i;
      continue;
    }
    matcher_.remove(slot);
    finish(at, slot, OrderState::Cancelled, 202, "Order Canceled - reason:one cancels all");
  }
}

void Broker::new_month(Date day) {
  // Months by the civil calendar, from the day number.
  const std::int64_t z = std::int64_t{day.days} + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t doe = z - era * 146'097;
  const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
  const std::int64_t mp = (5 * (doe - (365 * yoe + yoe / 4 - yoe / 100)) + 2) / 153;
  const auto number = static_cast<std::int32_t>((yoe + era * 400) * 12 + mp);
  if (number == month_number_) return;
  month_number_ = number;
  month_ = {};
}

void Broker::on_fill(Timestamp at, const Match& match) {
  Order& order = orders_[match.slot];
  const Instrument& instrument = account_.instrument(order.instrument);
  const Date day = day_at(at);
  new_month(day);
  ++fills_[order.instrument.value];
  if (order.ticket_day != day) order.ticket = {}, order.ticket_day = day;  // an order that lives overnight is a new order next day
  const auto venue = venue_name(match.venue);
  const auto charge = cashier_.charge({.instrument = &instrument, .side = order.side, .quantity = match.quantity, .price = match.price,
                                       .liquidity = match.liquidity, .venue = venue, .directed = order.directed},
                                      order.ticket, month_, day);
  const auto booked = account_.book(order.instrument, order.side, match.quantity, match.price, charge.total, instrument.currency);
  const bool complete = order.remaining().is_zero();
  Report execution = report_of(at, match.slot, ReportKind::Execution);
  execution.execution = next_execution_++;
  execution.liquidity = ib_liquidity(match.liquidity);
  execution.venue = static_cast<char>(match.venue);
  execution.last_quantity = match.quantity;
  execution.last_price = match.price;
  execution.commission = charge.total;
  execution.realized = booked.realized;
  execution.has_realized = booked.closes;
  execution.currency = instrument.currency;
  execution.position = account_.holding(order.instrument).quantity;
  execution.average_cost = account_.holding(order.instrument).average_cost();
  reports_.push_back(execution);
  if (complete) {
    finish(at, match.slot, OrderState::Filled, 0, {});
    reports_.back().last_price = match.price;
  } else {
    order.state = OrderState::Submitted;
    status(at, match.slot);
    reports_.back().last_price = match.price;
  }
  execution.kind = ReportKind::Commission;
  reports_.push_back(execution);
  execution.kind = ReportKind::Position;
  reports_.push_back(execution);
  if (order.oca_group != 0) after_oca_fill(at, match.slot, match.quantity, complete);
  if (complete) after_parent_filled(at, match.slot);
}

void Broker::settle(Timestamp at) {
  while (!matcher_.matches().empty()) {
    working_.assign(matcher_.matches().begin(), matcher_.matches().end());
    matcher_.clear_matches();
    for (std::size_t i = 0; i < working_.size(); ++i) {
      const Match match = working_[i];
      switch (match.kind) {
        case MatchKind::Filled: {
          const auto legs = matcher_.legs(orders_[match.slot].instrument).size();
          if (legs == 0) on_fill(at, match);
          else on_combo_fill(at, match, std::span(working_).subspan(i + 1, legs)), i += legs;
          break;
        }
        case MatchKind::LegFilled: break;  // told with its combination
        case MatchKind::Elected:
        case MatchKind::Resumed:
          if (is_final(orders_[match.slot].state)) break;
          if (orders_[match.slot].hold == Hold::None) orders_[match.slot].state = OrderState::Submitted;
          status(at, match.slot);
          break;
        case MatchKind::Killed: finish(at, match.slot, OrderState::Cancelled, 202, "Order Canceled - reason:could not be filled at once"); break;
        case MatchKind::AuctionMissed: finish(at, match.slot, OrderState::Cancelled, 202, "Order Canceled - reason:not executed in the auction"); break;
        case MatchKind::Expired:
          if (const Special* special = orders_.special(orders_[match.slot]); special != nullptr && special->terms.lifetime == Lifetime::DayTillCancelled) {
            finish(at, match.slot, OrderState::Rejected, 0, "deactivated at the end of the day");  // told as Inactive
            break;
          }
          finish(at, match.slot, OrderState::Cancelled, 202, "Order Canceled - reason:Cancelled by System: end of the trading day"); break;
      }
    }
  }
}

void Broker::release() {
  if (!settings_.keep_history)
    for (const Slot slot : done_) orders_.forget(slot);
  done_.clear();
}

std::optional<Refusal> Broker::modify(Timestamp at, Slot slot, const Terms& terms) {
  Order& order = orders_[slot];
  if (order.state == OrderState::Filled) return Refusal{104, "Cannot modify a filled order."};
  if (is_final(order.state)) return Refusal{161, "Cancel attempted when order is not in a cancellable state."};
  if (order.instrument != terms.instrument || order.side != terms.side) return Refusal{105, "Order being modified does not match original order."};
  if (const auto refusal = check(terms, at)) return refusal;
  if (terms.quantity <= order.filled) return Refusal{105, "Order being modified does not match original order: the new size is already filled."};
  const bool same_kind = order.kind.index() == terms.kind.index();
  const bool same_price = same_kind && limit_of(order.kind) == limit_of(terms.kind) && trigger_of(order.kind) == trigger_of(terms.kind);
  const bool keeps_place = same_price && terms.quantity <= order.quantity;
  order.quantity = terms.quantity;
  order.kind = terms.kind;
  order.time_in_force = terms.time_in_force;
  order.outside_regular_hours = terms.outside_regular_hours;
  order.ticket = {};
  if (terms.ticket != nullptr || order.special != 0) {
    change_special(at, slot, terms);
    settle(at);
    release();
    return std::nullopt;
  }
  if (order.hold == Hold::NotTransmitted) {
    if (!terms.transmit) return std::nullopt;
    order.hold = Hold::None;
    if (order.parent != no_slot) transmit_family(at, order.parent);
    else send_to_exchange(at, slot);
  } else if (order.hold != Hold::Child && order.hold != Hold::Locate) {
    matcher_.replaced(slot, keeps_place);
    if (order.in_matcher && order.hold == Hold::None) order.state = OrderState::Submitted;
    if (!is_final(order.state)) status(at, slot);
  } else {
    status(at, slot);
  }
  settle(at);
  release();
  return std::nullopt;
}

std::optional<Refusal> Broker::cancel(Timestamp at, Slot slot) {
  Order& order = orders_[slot];
  if (is_final(order.state))
    return Refusal{10148, order.state == OrderState::Filled ? "OrderId that needs to be cancelled can not be cancelled, state: Filled."
                                                            : "OrderId that needs to be cancelled can not be cancelled, state: Cancelled."};
  matcher_.remove(slot);
  finish(at, slot, OrderState::Cancelled, 202, "Order Canceled - reason:");
  settle(at);
  release();
  return std::nullopt;
}

void Broker::cancel_all(Timestamp at) {
  while (!live_.empty()) {
    const Slot slot = live_.back();
    matcher_.remove(slot);
    finish(at, slot, OrderState::Cancelled, 202, "Order Canceled - reason:");
  }
  settle(at);
  release();
}

void Broker::set_shortable(Timestamp at, InstrumentId instrument, Quantity available) {
  shortable_[instrument.value] = available;
  work_.clear();
  for (const Slot slot : live_)
    if (orders_[slot].instrument == instrument && orders_[slot].hold == Hold::Locate && orders_[slot].quantity <= available) work_.push_back(slot);
  for (std::size_t i = 0; i < work_.size(); ++i) {
    Order& order = orders_[work_[i]];
    order.hold = Hold::None;
    matcher_.enter(work_[i]);
    if (order.hold == Hold::None && order.in_matcher) order.state = OrderState::Submitted;
    status(at, work_[i]);
  }
  settle(at);
  release();
}

}  // namespace robo::sim
