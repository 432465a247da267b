#include "model/order_check.hpp"

#include <fmt/format.h>

namespace robo {

namespace {

struct DatedCutoffs {
  std::string_view exchange{};
  Date until{};  // last day of the rule; INT32_MAX: still in force
  AuctionCutoffs rule{};
};
constexpr Date for_ever{INT32_MAX};
constexpr Date october_2018_28{17'832};  // Nasdaq moved its closing entry from 15:50 to 15:55 (approved in October 2018)

// Sources and the doubts about them: docs/orders.md, Auctions.
constexpr std::array<DatedCutoffs, 7> dated{{
    {"NASDAQ", october_2018_28, {minutes(10), minutes(10), minutes(2)}},
    {"NASDAQ", for_ever, {minutes(5), minutes(10), minutes(2)}},
    {"ISLAND", october_2018_28, {minutes(10), minutes(10), minutes(2)}},
    {"ISLAND", for_ever, {minutes(5), minutes(10), minutes(2)}},
    {"NYSE", for_ever, {minutes(10), minutes(10), Duration{}}},
    {"AMEX", for_ever, {minutes(10), minutes(10), Duration{}}},
    {"ARCA", for_ever, {minutes(10), minutes(10), Duration{}}},
}};

Objection objection(std::int32_t code, const std::string& text) { return {code, std::string_view(text)}; }

bool is_share(const Instrument& i) { return i.asset_class == AssetClass::Stock || i.asset_class == AssetClass::Etf; }
bool at_close(OrderType type) { return type == OrderType::MarketOnClose || type == OrderType::LimitOnClose; }
bool at_open(OrderType type) { return type == OrderType::MarketOnOpen || type == OrderType::LimitOnOpen; }

class Judge {
 public:
  Judge(const Ticket& ticket, const Surroundings& at) : t_(ticket.terms()), type_(ticket.type()), at_(at), instrument_(*at.instrument) {}

  std::vector<Objection> all() {
    sizes();
    prices();
    venue();
    times();
    conditions();
    algorithm();
    return std::move(found_);
  }

 private:
  template <class... A>
  void object(std::int32_t code, fmt::format_string<A...> words, A&&... args) {
    found_.push_back(objection(code, fmt::format(words, std::forward<A>(args)...)));
  }

  void on_steps(Quantity q, std::string_view what) {
    if (instrument_.size_increment.is_positive() && q.raw % instrument_.size_increment.raw != 0)
      object(388, "the {} of {} is not a multiple of {}", what, to_text(q), to_text(instrument_.size_increment));
  }

  void sizes() {
    if (t_.cash.is_negative() || t_.quantity.is_negative()) return object(434, "the size must be positive");
    if (!t_.cash.is_zero()) {
      if (!t_.quantity.is_zero()) object(10244, "say a quantity or an amount of money, not both");
      const bool allowed = instrument_.asset_class == AssetClass::Crypto || instrument_.asset_class == AssetClass::Forex || (is_share(instrument_) && at_.fractional_shares);
      if (!allowed) object(10244, "an amount of money cannot be ordered for {}; say a quantity", instrument_.symbol.view());
      return;
    }
    if (t_.quantity.is_zero()) return object(434, "the order size cannot be zero");
    const bool fraction = t_.quantity.raw % Quantity::scale != 0;
    if (is_share(instrument_) && fraction && !at_.fractional_shares) object(10243, "{} is a fraction of a share; IB's API takes whole shares only", to_text(t_.quantity));
    else if (!(is_share(instrument_) && at_.fractional_shares)) on_steps(t_.quantity, "size");
    if (!t_.display.is_zero()) {
      if (!t_.display.is_positive() || t_.display >= t_.quantity) object(145, "an iceberg shows less than the whole: {} of {}", to_text(t_.display), to_text(t_.quantity));
      else on_steps(t_.display, "shown size");
    }
    if (!t_.minimum.is_zero() && (!t_.minimum.is_positive() || t_.minimum > t_.quantity)) object(145, "the least first fill of {} is not part of {}", to_text(t_.minimum), to_text(t_.quantity));
  }

  void one_price(Price p, std::string_view what, std::int32_t code = 110) {
    const bool may_be_negative = instrument_.asset_class == AssetClass::Combo || instrument_.asset_class == AssetClass::Future;
    if (!p.is_positive() && !may_be_negative) return object(code, "the {} must be positive", what);
    if (!instrument_.ticks.on_grid(p)) object(code, "the {} {} is not on the grid: prices there move in steps of {}", what, to_text(p), to_text(instrument_.ticks.increment_at(p)));
  }
  void distance(Price p, std::string_view what, std::int32_t code) {
    if (!p.is_positive()) object(code, "the {} must be positive", what);
  }
  void share(BasisPoints p, std::string_view what) {
    if (p.value < 1 || p.value >= 10'000) object(159, "the {} must be between 0 and 100 %", what);
  }
  void optional_price(Price p, std::string_view what) {
    if (!p.is_zero()) one_price(p, what);
  }

  void prices() {
    std::visit(overload{[](const Market&) {}, [](const MarketToLimit&) {}, [](const MarketOnClose&) {}, [](const MarketOnOpen&) {},
                        [&](const Limit& k) { one_price(k.price, "limit"); },
                        [&](const LimitOnClose& k) { one_price(k.price, "limit"); },
                        [&](const LimitOnOpen& k) { one_price(k.price, "limit"); },
                        [&](const Stop& k) { one_price(k.trigger, "stop", k.trigger.is_positive() ? 110 : 403); },
                        [&](const StopLimit& k) { one_price(k.trigger, "stop", k.trigger.is_positive() ? 110 : 403), one_price(k.price, "limit"); },
                        [&](const Trail& k) { distance(k.distance, "trailing amount", 387), optional_price(k.trigger, "first stop"); },
                        [&](const TrailPercent& k) { share(k.distance, "trailing percentage"), optional_price(k.trigger, "first stop"); },
                        [&](const TrailLimit& k) {
                          distance(k.distance, "trailing amount", 387);
                          one_price(k.trigger, "first stop");
                          if (k.limit_offset.is_negative()) object(145, "the limit of a trailing stop lies beyond its stop: the offset cannot be negative");
                        },
                        [&](const MarketIfTouched& k) { one_price(k.trigger, "trigger", k.trigger.is_positive() ? 110 : 361); },
                        [&](const LimitIfTouched& k) { one_price(k.trigger, "trigger", k.trigger.is_positive() ? 110 : 361), one_price(k.price, "limit"); },
                        [&](const Relative& k) {
                          if (k.offset.is_negative()) object(158, "the offset of a relative order cannot be negative");
                          optional_price(k.cap, "cap");
                        },
                        [&](const PegMid& k) { optional_price(k.cap, "cap"); },
                        [&](const PegBest& k) {
                          distance(k.better, "offset", 158);
                          optional_price(k.cap, "cap");
                        }},
               t_.kind);
    if (!t_.discretion.is_zero() && (!t_.discretion.is_positive() || !instrument_.ticks.on_grid(t_.discretion)))
      object(168, "the discretionary amount {} must be positive and a multiple of the price step", to_text(t_.discretion));
    std::visit(overload{[](const NoAdjustment&) {},
                        [&](const AdjustToStop& a) { one_price(a.trigger, "adjustment's trigger", 361), one_price(a.stop, "adjusted stop", 362); },
                        [&](const AdjustToStopLimit& a) {
                          one_price(a.trigger, "adjustment's trigger", 361), one_price(a.stop, "adjusted stop", 362), one_price(a.limit, "adjusted limit", 363);
                        },
                        [&](const AdjustToTrail& a) {
                          one_price(a.trigger, "adjustment's trigger", 361), one_price(a.stop, "adjusted stop", 362), distance(a.distance, "adjusted trailing amount", 364);
                        },
                        [&](const AdjustToTrailPercent& a) {
                          one_price(a.trigger, "adjustment's trigger", 361), one_price(a.stop, "adjusted stop", 362);
                          if (a.distance.value < 1 || a.distance.value >= 10'000) object(364, "the adjusted trailing percentage must be between 0 and 100 %");
                        }},
               t_.adjustment);
    for (std::size_t i = 0; i < t_.leg_price_count; ++i)
      if (!instrument_.ticks.on_grid(t_.leg_prices[i])) object(313, "the price of leg {} is not on the grid", i + 1);
  }

  void venue() {
    const bool stock = is_share(instrument_);
    const std::string_view route = t_.exchange.view();
    if ((at_close(type_) || at_open(type_)) && !stock && instrument_.asset_class != AssetClass::Future)
      object(387, "{} has no auctions", instrument_.symbol.view());
    if (type_ == OrderType::Relative && !stock) object(114, "relative orders exist for stocks only");
    if (type_ == OrderType::PegMid && !stock) object(342, "there is no midpoint pegging for {}", instrument_.symbol.view());
    if (type_ == OrderType::PegBest && (!stock || route != "IBKRATS")) object(342, "an order that pegs to best lives at IBKRATS: route it there");
    if (t_.hidden && !stock && instrument_.asset_class != AssetClass::Future) object(152, "{} cannot be hidden", instrument_.symbol.view());
    if (t_.sweep_to_fill && (!stock || !(route.empty() || route == "SMART"))) object(131, "sweep to fill is for US stocks routed through SMART");
    if (t_.leg_price_count != 0 && (instrument_.asset_class != AssetClass::Combo || t_.leg_price_count != instrument_.leg_count))
      object(312, "{} legs have a price and the combination has {}", t_.leg_price_count, instrument_.leg_count);
    if (std::holds_alternative<DarkIce>(t_.algo) && !stock) object(442, "DarkIce works for US stocks");
    if (instrument_.asset_class == AssetClass::Crypto) crypto();
    if (instrument_.asset_class == AssetClass::Combo) combo();
    if (instrument_.asset_class == AssetClass::Index) object(412, "{} is an index; it cannot be traded", instrument_.symbol.view());
  }

  // Buys: limit by quantity, or market by money; sales: limit or market by quantity (docs/orders.md, Crypto).
  void crypto() {
    if (type_ != OrderType::Market && type_ != OrderType::Limit) return object(387, "for cryptocurrencies IB takes market and limit orders only");
    if (t_.side == Side::Buy && type_ == OrderType::Market && t_.cash.is_zero()) object(387, "a market order to buy a cryptocurrency says how much money to spend");
    if (t_.side == Side::Sell && !t_.cash.is_zero()) object(10244, "a sale of a cryptocurrency says how much to sell");
    if (!t_.cash.is_zero() && type_ == OrderType::Limit) object(10244, "a limit order for a cryptocurrency says a quantity");
    if (!t_.cash.is_zero() && t_.lifetime != Lifetime::ImmediateOrCancel) object(111, "money to spend at the market is immediate-or-cancel");
    const Marks odd = marks_of(t_) & ~bits(Mark::GoodTillCancelled, Mark::ImmediateOrCancel, Mark::CashQuantity);
    if (odd != 0) object(387, "'{}' cannot be said of an order for a cryptocurrency", to_text(static_cast<Mark>(std::countr_zero(odd))));
  }

  void combo() {
    if (type_ != OrderType::Market && type_ != OrderType::Limit) return object(387, "a combination is a market or a limit order");
    const Marks odd = marks_of(t_) & ~bits(Mark::GoodTillCancelled, Mark::GoodTillDate, Mark::ImmediateOrCancel, Mark::FillOrKill, Mark::GoodAfter, Mark::OutsideHours, Mark::Conditional, Mark::LegPrices);
    if (odd != 0) object(387, "'{}' cannot be said of a combination", to_text(static_cast<Mark>(std::countr_zero(odd))));
  }

  void times() {
    if (at_.now.ns == 0) return;
    if (t_.lifetime == Lifetime::GoodTillDate && t_.good_till <= at_.now) object(334, "it would be good till {}, which is past", to_text(t_.good_till));
    if (t_.lifetime == Lifetime::GoodTillDate && t_.good_after.ns != 0 && t_.good_after >= t_.good_till) object(337, "it would begin after its end");
    if (at_close(type_) && at_.regular_close.ns != 0) {
      const auto last = at_.regular_close - at_.cutoffs.close_entry;
      if (at_.now > last && at_.now < at_.regular_close) object(201, "too late for the closing auction: the last entry was at {}", to_text(last));
    }
    if (at_open(type_) && at_.regular_open.ns != 0) {
      const auto last = at_.regular_open - at_.cutoffs.open_entry;
      if (at_.now > last && at_.now < at_.regular_close) object(201, "too late for the opening auction: the last entry was at {}", to_text(last));
    }
    const auto window = [&](const AlgoWindow& w) {
      if (w.end.ns != 0 && w.end <= at_.now) object(441, "the algorithm's end {} is past", to_text(w.end));
      if (w.start.ns != 0 && w.end.ns != 0 && w.start >= w.end) object(441, "the algorithm would start after its end");
    };
    std::visit([&](const auto& algo) {
      if constexpr (requires { algo.window; }) window(algo.window);
    }, t_.algo);
  }

  void conditions() {
    for (std::size_t i = 0; i < t_.condition_count; ++i) {
      std::visit(overload{[&](const PriceCondition& c) {
                            if (!c.price.is_positive()) object(147, "condition {}: a price is missing", i + 1);
                          },
                          [&](const TimeCondition& c) {
                            if (c.at.ns == 0) object(147, "condition {}: a time is missing", i + 1);
                          },
                          [&](const MarginCondition& c) {
                            if (c.percent < 0 || c.percent > 100) object(147, "condition {}: a cushion is between 0 and 100 %", i + 1);
                          },
                          [](const ExecutionCondition&) {},
                          [&](const VolumeCondition& c) {
                            if (c.volume <= 0) object(147, "condition {}: a volume is missing", i + 1);
                          },
                          [](const ChangeCondition&) {}},
                 t_.conditions[i].when);
    }
  }

  void algorithm() {
    const auto share_needed = [&](VolumeShare s, std::int32_t least) {
      if (s.points < least * 100 || s.points > 5000) object(441, "the share of volume must be between {} and 50 %", least);
    };
    std::visit(overload{[](const NoAlgo&) {}, [](const Adaptive&) {}, [](const Twap&) {},
                        [&](const Vwap& a) { share_needed(a.share, 1); },
                        [&](const PercentOfVolume& a) { share_needed(a.share, 1); },
                        [&](const ArrivalPrice& a) { share_needed(a.share, 10); },
                        [&](const ClosePrice& a) { share_needed(a.share, 10); },
                        [&](const DarkIce& a) {
                          if (a.display <= 0) object(441, "DarkIce needs the size it shows");
                        },
                        [&](const AccumulateDistribute& a) {
                          if (a.component <= 0 || a.every_seconds <= 0) object(441, "accumulate/distribute needs a component size and a time between orders");
                        }},
               t_.algo);
    const bool limit_only = std::holds_alternative<DarkIce>(t_.algo) || std::holds_alternative<AccumulateDistribute>(t_.algo);
    if (limit_only && type_ != OrderType::Limit) object(442, "this algorithm works limit orders only");
  }

  const TicketTerms& t_;
  OrderType type_;
  const Surroundings& at_;
  const Instrument& instrument_;
  std::vector<Objection> found_{};
};

}  // namespace

AuctionCutoffs auction_cutoffs(std::string_view primary_exchange, Date day) {
  for (const auto& row : dated)
    if (row.exchange == primary_exchange && day <= row.until) return row.rule;
  return {minutes(10), minutes(10), Duration{}};
}

std::vector<Objection> objections(const Ticket& ticket, const Surroundings& at) {
  INVARIANT(at.instrument != nullptr);
  return Judge(ticket, at).all();
}

std::optional<Objection> change_objection(const Ticket& ticket, const Surroundings& at) {
  const OrderType type = ticket.type();
  if (at_close(type) && at.regular_close.ns != 0) {
    const auto last = at.regular_close - at.cutoffs.close_change;
    if (at.now > last && at.now < at.regular_close) return objection(201, fmt::format("an order for the closing auction could be changed until {}", to_text(last)));
  }
  if (at_open(type) && at.regular_open.ns != 0) {
    const auto last = at.regular_open - at.cutoffs.open_entry;
    if (at.now > last && at.now < at.regular_open) return objection(201, fmt::format("an order for the opening auction could be changed until {}", to_text(last)));
  }
  return std::nullopt;
}

}  // namespace robo
