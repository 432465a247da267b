#include "edge/ib/order_words.hpp"

#include <fmt/format.h>

#include "edge/ib/time_text.hpp"

namespace robo::ib {

namespace {

std::string_view lifetime_word(const TicketTerms& t) {
  const auto type = type_of(t.kind);
  if (type == OrderType::MarketOnOpen || type == OrderType::LimitOnOpen) return "OPG";
  switch (t.lifetime) {
    case Lifetime::Day: return "DAY";
    case Lifetime::GoodTillCancelled: return "GTC";
    case Lifetime::GoodTillDate: return "GTD";
    case Lifetime::ImmediateOrCancel: return "IOC";
    case Lifetime::FillOrKill: return "FOK";
    case Lifetime::DayTillCancelled: return "DTC";
  }
  return "DAY";
}

std::int32_t number_of(TriggerMethod method) {
  switch (method) {
    case TriggerMethod::Default: return 0;
    case TriggerMethod::DoubleBidAsk: return 1;
    case TriggerMethod::Last: return 2;
    case TriggerMethod::DoubleLast: return 3;
    case TriggerMethod::BidAsk: return 4;
    case TriggerMethod::LastOrBidAsk: return 7;
    case TriggerMethod::MidPoint: return 8;
  }
  return 0;
}

/// 250 basis points are 2.5 on the wire.
wire::Number percent_of(BasisPoints points) { return wire::Number::from(Price::from_raw(points.value * (Price::scale / 100))); }

std::int32_t whole(Quantity quantity) { return static_cast<std::int32_t>(quantity.raw / Quantity::scale); }

class Writer {
 public:
  Writer(const TicketTerms& ticket, const InstrumentTable& instruments, wire::Order& order, OrderTexts& texts)
      : t_(ticket), instruments_(instruments), o_(order), texts_(texts) {}

  Result<bool, Problem> write() {
    o_.action = t_.side == Side::Buy ? "BUY" : "SELL";
    o_.totalQuantity = wire::Number::from(t_.quantity);
    if (!t_.cash.is_zero()) o_.cashQty = wire::Number::from(Price::from_raw(narrow(i128{t_.cash.raw} * (Price::scale / Money::scale))));
    kind();
    o_.tif = lifetime_word(t_);
    if (t_.lifetime == Lifetime::GoodTillDate) o_.goodTillDate = time(t_.good_till);
    if (t_.good_after.ns != 0) o_.goodAfterTime = time(t_.good_after);
    o_.outsideRth = t_.outside_hours;
    o_.hidden = t_.hidden;
    o_.allOrNone = t_.all_or_none;
    o_.sweepToFill = t_.sweep_to_fill;
    o_.displaySize = whole(t_.display);
    if (!t_.minimum.is_zero()) o_.minQty = whole(t_.minimum);
    if (!t_.discretion.is_zero()) o_.discretionaryAmt = wire::Number::from(t_.discretion);
    o_.triggerMethod = number_of(t_.trigger_method);
    if (t_.oca != OcaType::None) {
      o_.ocaGroup = t_.oca_group.view();
      o_.ocaType = static_cast<std::int32_t>(t_.oca);
    }
    for (std::size_t i = 0; i < t_.leg_price_count; ++i) o_.orderComboLegs.push_back({.price = wire::Number::from(t_.leg_prices[i])});
    adjustment();
    algo();
    for (std::size_t i = 0; i < t_.condition_count; ++i)
      if (!condition(t_.conditions[i])) return fail(Problem{fmt::format("condition {}: its instrument's contract is not known at IB", i + 1)});
    o_.conditionsCancelOrder = t_.cancel_when_met;
    o_.conditionsIgnoreRth = t_.conditions_outside_hours;
    return true;
  }

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  std::string_view time(Timestamp at) { return keep(utc_text(at)); }
  void limit(Price p) { o_.lmtPrice = wire::Number::from(p); }
  void aux(Price p) { o_.auxPrice = wire::Number::from(p); }
  void cap(Price p) {
    if (!p.is_zero()) limit(p);
  }
  void first_stop(Price p) {
    if (!p.is_zero()) o_.trailStopPrice = wire::Number::from(p);
  }

  void kind() {
    std::visit(overload{[&](const Market&) { o_.orderType = "MKT"; },
                        [&](const Limit& k) { o_.orderType = "LMT", limit(k.price); },
                        [&](const Stop& k) { o_.orderType = "STP", aux(k.trigger); },
                        [&](const StopLimit& k) { o_.orderType = "STP LMT", limit(k.price), aux(k.trigger); },
                        [&](const Trail& k) { o_.orderType = "TRAIL", aux(k.distance), first_stop(k.trigger); },
                        [&](const TrailPercent& k) { o_.orderType = "TRAIL", o_.trailingPercent = percent_of(k.distance), first_stop(k.trigger); },
                        [&](const TrailLimit& k) {
                          o_.orderType = "TRAIL LIMIT", aux(k.distance), first_stop(k.trigger);
                          o_.lmtPriceOffset = wire::Number::from(k.limit_offset);
                        },
                        [&](const MarketIfTouched& k) { o_.orderType = "MIT", aux(k.trigger); },
                        [&](const LimitIfTouched& k) { o_.orderType = "LIT", limit(k.price), aux(k.trigger); },
                        [&](const MarketToLimit&) { o_.orderType = "MTL"; },
                        [&](const MarketOnClose&) { o_.orderType = "MOC"; },
                        [&](const LimitOnClose& k) { o_.orderType = "LOC", limit(k.price); },
                        [&](const MarketOnOpen&) { o_.orderType = "MKT"; },
                        [&](const LimitOnOpen& k) { o_.orderType = "LMT", limit(k.price); },
                        [&](const Relative& k) { o_.orderType = "REL", aux(k.offset), cap(k.cap); },
                        [&](const PegMid& k) {
                          o_.orderType = "PEG MID", cap(k.cap);
                          // At IBKRATS the offsets have fields of their own, for spreads of an even and of an odd number of ticks.
                          if (t_.exchange.view() == "IBKRATS") o_.midOffsetAtWhole = o_.midOffsetAtHalf = wire::Number::from(k.offset), o_.notHeld = true;
                          else aux(k.offset);
                        },
                        [&](const PegBest& k) {
                          o_.orderType = "PEG BEST", cap(k.cap);
                          o_.notHeld = true;
                          o_.competeAgainstBestOffset = wire::Number::from(k.better);
                          if (k.competing > 0) o_.minCompeteSize = k.competing;
                          if (k.least_trade > 0) o_.minTradeQty = k.least_trade;
                        }},
               t_.kind);
  }

  void adjustment() {
    const auto becomes = [&](std::string_view type, Price trigger, Price stop) {
      o_.adjustedOrderType = type;
      o_.triggerPrice = wire::Number::from(trigger);
      o_.adjustedStopPrice = wire::Number::from(stop);
    };
    constexpr std::int32_t in_percent = 100;  // adjustableTrailingUnit; 0: an amount
    std::visit(overload{[](const NoAdjustment&) {}, [&](const AdjustToStop& a) { becomes("STP", a.trigger, a.stop); },
                        [&](const AdjustToStopLimit& a) {
                          becomes("STP LMT", a.trigger, a.stop);
                          o_.adjustedStopLimitPrice = wire::Number::from(a.limit);
                        },
                        [&](const AdjustToTrail& a) {
                          becomes("TRAIL", a.trigger, a.stop);
                          o_.adjustedTrailingAmount = wire::Number::from(a.distance);
                        },
                        [&](const AdjustToTrailPercent& a) {
                          becomes("TRAIL", a.trigger, a.stop);
                          o_.adjustedTrailingAmount = percent_of(a.distance);
                          o_.adjustableTrailingUnit = in_percent;
                        }},
               t_.adjustment);
  }

  bool condition(const Condition& one) {
    wire::Condition c;
    c.conjunction = one.next == Join::Or ? "o" : "a";
    bool known = true;
    const auto more = [&](Beyond beyond) { c.isMore = beyond == Beyond::AtLeast; };
    const auto of = [&](InstrumentId id) {
      const Instrument* instrument = instruments_.find(id);
      known = instrument != nullptr && instrument->contract.value != 0;
      if (!known) return;
      c.conId = static_cast<std::int32_t>(instrument->contract.value);
      c.exchange = instrument->exchange.empty() ? std::string_view("SMART") : instrument->exchange.view();
    };
    std::visit(overload{[&](const PriceCondition& k) {
                          c.type = wire::Condition::Price, more(k.beyond), of(k.instrument);
                          c.price = wire::Number::from(k.price), c.triggerMethod = number_of(k.method);
                        },
                        [&](const TimeCondition& k) { c.type = wire::Condition::Time, more(k.beyond), c.time = time(k.at); },
                        [&](const MarginCondition& k) { c.type = wire::Condition::Margin, more(k.beyond), c.percent = k.percent; },
                        [&](const ExecutionCondition& k) {
                          c.type = wire::Condition::Execution, of(k.instrument);
                          if (!known) return;
                          const Instrument& instrument = *instruments_.find(k.instrument);
                          c.symbol = instrument.symbol.view(), c.secType = security_type(instrument.asset_class);
                        },
                        [&](const VolumeCondition& k) { c.type = wire::Condition::Volume, more(k.beyond), of(k.instrument), c.volume = k.volume; },
                        [&](const ChangeCondition& k) {
                          c.type = wire::Condition::PercentChange, more(k.beyond), of(k.instrument), c.changePercent = percent_of(k.change);
                        }},
               one.when);
    if (known) o_.conditions.push_back(c);
    return known;
  }

  // ---- algorithms: names, tags and their order as IB's own examples have them ----

  void tag(std::string_view name, std::string_view value) { o_.algoParams.push_back({name, value}); }
  void flag(std::string_view name, bool on) { tag(name, on ? "1" : "0"); }
  void share(std::string_view name, VolumeShare s) { tag(name, keep(to_text(Price::from_raw(std::int64_t{s.points} * (Price::scale / 10'000))))); }
  void number(std::string_view name, std::int32_t n) { tag(name, keep(std::to_string(n))); }
  void moments(const AlgoWindow& w) {
    if (w.start.ns != 0) tag("startTime", time(w.start));
    if (w.end.ns != 0) tag("endTime", time(w.end));
  }
  void window(const AlgoWindow& w) {
    moments(w);
    flag("allowPastEndTime", w.past_end);
  }
  void urgency(RiskAversion u) {
    constexpr std::array<std::string_view, 4> words{"Get Done", "Aggressive", "Neutral", "Passive"};
    tag("riskAversion", words[static_cast<std::size_t>(u)]);
  }

  void algo() {
    std::visit(overload{[](const NoAlgo&) {},
                        [&](const Adaptive& a) {
                          constexpr std::array<std::string_view, 3> words{"Urgent", "Normal", "Patient"};
                          o_.algoStrategy = "Adaptive";
                          tag("adaptivePriority", words[static_cast<std::size_t>(a.priority)]);
                        },
                        [&](const Twap& a) {
                          constexpr std::array<std::string_view, 4> words{"Marketable", "Matching Midpoint", "Matching Same Side", "Matching Last"};
                          o_.algoStrategy = "Twap";
                          tag("strategyType", words[static_cast<std::size_t>(a.style)]);
                          window(a.window);
                        },
                        [&](const Vwap& a) {
                          o_.algoStrategy = "Vwap";
                          share("maxPctVol", a.share), window(a.window), flag("noTakeLiq", a.no_take);
                          if (a.speed_up) flag("speedUp", true);
                        },
                        [&](const ArrivalPrice& a) {
                          o_.algoStrategy = "ArrivalPx";
                          share("maxPctVol", a.share), urgency(a.urgency), window(a.window), flag("forceCompletion", a.force_completion);
                        },
                        [&](const PercentOfVolume& a) {
                          o_.algoStrategy = "PctVol";
                          share("pctVol", a.share), moments(a.window), flag("noTakeLiq", a.no_take);
                        },
                        [&](const DarkIce& a) {
                          o_.algoStrategy = "DarkIce";
                          number("displaySize", a.display), window(a.window);
                        },
                        [&](const ClosePrice& a) {
                          o_.algoStrategy = "ClosePx";
                          share("maxPctVol", a.share), urgency(a.urgency);
                          if (a.start.ns != 0) tag("startTime", time(a.start));
                          flag("forceCompletion", a.force_completion);
                        },
                        [&](const AccumulateDistribute& a) {
                          o_.algoStrategy = "AD";
                          number("componentSize", a.component), number("timeBetweenOrders", a.every_seconds);
                          flag("randomizeTime20", a.randomize_time), flag("randomizeSize55", a.randomize_size);
                          number("giveUp", a.give_up), flag("catchUp", a.catch_up), flag("waitForFill", a.wait_for_fill);
                          moments(a.window);
                        }},
               t_.algo);
  }

  const TicketTerms& t_;
  const InstrumentTable& instruments_;
  wire::Order& o_;
  OrderTexts& texts_;
};

}  // namespace

Result<bool, Problem> write_ticket(const TicketTerms& ticket, const InstrumentTable& instruments, wire::Order& order, OrderTexts& texts) {
  return Writer(ticket, instruments, order, texts).write();
}

}  // namespace robo::ib
