#include "edge/sim/server/order_reading.hpp"

#include <charconv>

#include <fmt/format.h>

namespace robo::sim {
namespace {

class Reader {
 public:
  Reader(const wire::Order& order, InstrumentId instrument, const Contracts& contracts, const Login& login) : o_(order), contracts_(contracts), login_(login) {
    t_.instrument = instrument;
  }

  Result<TicketTerms, Misread> read() {
    side();
    sizes();
    lifetime();
    kind();
    extras();
    conditions();
    adjustment();
    algo();
    if (wrong_.code != 0) return fail(wrong_);
    return t_;
  }

 private:
  template <class... A>
  void object(std::int32_t code, fmt::format_string<A...> words, A&&... args) {
    if (wrong_.code == 0) wrong_ = {code, fmt::format(words, std::forward<A>(args)...)};
  }

  Price price(const wire::Number& number, std::string_view what) {
    if (!number.is_set()) return {};
    const auto value = number.nearest<Price>();
    if (!value) object(320, "Error reading request. {} is out of range", what);
    return value ? *value : Price{};
  }
  BasisPoints points(const wire::Number& number, std::string_view what) {
    const Price value = price(number, what);
    return BasisPoints{static_cast<std::int32_t>(std::clamp<std::int64_t>(value.raw / (Price::scale / 100), INT32_MIN, INT32_MAX))};
  }
  Timestamp time(std::string_view text) {
    if (text.empty()) return {};
    const auto at = login_.parse(text);
    if (!at) object(391, "The time or time-zone entered is invalid. The correct format is yyyymmdd hh:mm:ss xxx or yyyymmdd-hh:mm:ss.");
    return at ? *at : Timestamp{};
  }
  std::int32_t whole(std::string_view text, std::string_view what) {
    std::int32_t value = 0;
    const auto end = text.data() + text.size();
    if (const auto read = std::from_chars(text.data(), end, value); read.ec != std::errc{} || read.ptr != end) object(441, "Algo attributes validation failed: {} '{}' is not a whole number", what, text);
    return value;
  }

  void side() {
    if (o_.action == "BUY") t_.side = Side::Buy;
    else if (o_.action == "SELL" || o_.action == "SSHORT") t_.side = Side::Sell;
    else object(321, "Error validating request.-'bW' : cause - Invalid side '{}'; must be BUY or SELL", o_.action);
  }

  void sizes() {
    const auto quantity = o_.totalQuantity.is_set() ? o_.totalQuantity.exactly<Quantity>() : Result<Quantity, DecimalError>(Quantity{});
    if (!quantity) return object(320, "Error reading request. Order size is not a number with at most 8 decimals");
    t_.quantity = *quantity;
    if (o_.cashQty.is_positive()) {
      const auto cash = o_.cashQty.nearest<Money>();
      if (!cash) return object(320, "Error reading request. Cash quantity is out of range");
      t_.cash = *cash;
    }
    if (o_.displaySize > 0 && o_.displaySize != wire::unset_integer) t_.display = shares(o_.displaySize);
    if (o_.minQty > 0 && o_.minQty != wire::unset_integer) t_.minimum = shares(o_.minQty);
  }

  void lifetime() {
    const auto tif = o_.tif;
    if (tif.empty() || tif == "DAY" || tif == "OPG") t_.lifetime = Lifetime::Day;
    else if (tif == "GTC") t_.lifetime = Lifetime::GoodTillCancelled;
    else if (tif == "IOC") t_.lifetime = Lifetime::ImmediateOrCancel;
    else if (tif == "FOK") t_.lifetime = Lifetime::FillOrKill;
    else if (tif == "DTC") t_.lifetime = Lifetime::DayTillCancelled;
    else if (tif == "GTD") {
      t_.lifetime = Lifetime::GoodTillDate;
      t_.good_till = time(o_.goodTillDate);
      if (t_.good_till.ns == 0) object(334, "Invalid Good Till Date order: a date is missing");
    } else object(111, "The TIF (Tif type) and the order type are incompatible: {} {}", tif, o_.orderType);
    t_.good_after = time(o_.goodAfterTime);
  }

  void kind() {
    const auto type = o_.orderType;
    const Price limit = price(o_.lmtPrice, "Limit price"), aux = price(o_.auxPrice, "Aux price"), stop = price(o_.trailStopPrice, "Trail stop price");
    const bool opens = o_.tif == "OPG";
    if (opens && type != "MKT" && type != "LMT") return object(111, "The TIF (Tif type) and the order type are incompatible: OPG {}", type);
    if (type == "MKT") t_.kind = opens ? TicketKind{MarketOnOpen{}} : TicketKind{robo::Market{}};
    else if (type == "LMT") t_.kind = opens ? TicketKind{LimitOnOpen{limit}} : TicketKind{Limit{limit}};
    else if (type == "STP") t_.kind = Stop{aux};
    else if (type == "STP LMT") t_.kind = StopLimit{aux, limit};
    else if (type == "TRAIL") {
      if (o_.trailingPercent.is_positive()) t_.kind = TrailPercent{points(o_.trailingPercent, "Trailing percentage"), stop};
      else t_.kind = Trail{aux, stop};
    } else if (type == "TRAIL LIMIT") {
      if (o_.lmtPriceOffset.is_set() && o_.lmtPrice.is_positive()) return object(145, "Error in validating entry fields - a trailing stop limit has a limit or an offset, not both");
      // A limit given outright stands as far from the first stop as it does now.
      Price offset = price(o_.lmtPriceOffset, "Limit offset");
      if (!o_.lmtPriceOffset.is_set()) offset = t_.side == Side::Sell ? stop - limit : limit - stop;
      t_.kind = TrailLimit{aux, stop, offset};
    } else if (type == "MIT") t_.kind = MarketIfTouched{aux};
    else if (type == "LIT") t_.kind = LimitIfTouched{aux, limit};
    else if (type == "MTL") t_.kind = MarketToLimit{};
    else if (type == "MOC") t_.kind = MarketOnClose{};
    else if (type == "LOC") t_.kind = LimitOnClose{limit};
    else if (type == "REL") {
      if (o_.percentOffset.is_positive() && aux.is_positive()) return object(158, "You must specify an offset amount or a percent offset value.");
      t_.kind = Relative{aux, limit};
    } else if (type == "PEG MID" || type == "PEGMID") t_.kind = PegMid{o_.midOffsetAtWhole.is_set() ? price(o_.midOffsetAtWhole, "Offset") : aux, limit};
    else if (type == "PEG BEST" || type == "PEGBEST") {
      const auto number = [](std::int32_t value) { return value == wire::unset_integer ? 0 : value; };
      // Infinite: up to the midpoint.
      const bool to_the_middle = o_.competeAgainstBestOffset.state() == wire::Number::State::Infinite;
      t_.kind = PegBest{to_the_middle ? Price::whole(1'000'000) : price(o_.competeAgainstBestOffset, "Offset"), limit, number(o_.minCompeteSize), number(o_.minTradeQty)};
    } else object(387, "Unsupported order type for this exchange and security type: {}", type);
  }

  void extras() {
    t_.outside_hours = o_.outsideRth;
    t_.hidden = o_.hidden;
    t_.all_or_none = o_.allOrNone;
    t_.sweep_to_fill = o_.sweepToFill;
    t_.discretion = price(o_.discretionaryAmt, "Discretionary amount");
    t_.trigger_method = method(o_.triggerMethod);
    if (!o_.ocaGroup.empty()) {
      if (o_.ocaGroup.size() > 32) object(401, "Length restriction: an OCA group has at most 32 characters");
      t_.oca_group = o_.ocaGroup;
      t_.oca = o_.ocaType == 1 ? OcaType::CancelWithBlock : o_.ocaType == 2 ? OcaType::ReduceWithBlock : OcaType::ReduceWithoutBlock;
    }
    for (const auto& leg : o_.orderComboLegs) {
      if (!leg.price.is_set()) continue;
      if (t_.leg_price_count == t_.leg_prices.size()) return object(312, "The combo details are invalid.");
      t_.leg_prices[t_.leg_price_count++] = price(leg.price, "Leg price");
    }
  }

  TriggerMethod method(std::int32_t number) {
    switch (number) {
      case 0: return TriggerMethod::Default;
      case 1: return TriggerMethod::DoubleBidAsk;
      case 2: return TriggerMethod::Last;
      case 3: return TriggerMethod::DoubleLast;
      case 4: return TriggerMethod::BidAsk;
      case 7: return TriggerMethod::LastOrBidAsk;
      case 8: return TriggerMethod::MidPoint;
      default: object(146, "Invalid trigger method."); return TriggerMethod::Default;
    }
  }

  InstrumentId subject(std::int32_t con_id) {
    for (const auto& instrument : contracts_.all())
      if (instrument.contract.value == con_id) return instrument.id;
    object(147, "The conditional contract info is incomplete.");
    return {};
  }

  void conditions() {
    if (o_.conditions.size() > t_.conditions.size()) return object(321, "Error validating request.-'bW' : cause - At most {} conditions", t_.conditions.size());
    for (const auto& c : o_.conditions) {
      const Beyond beyond = c.isMore ? Beyond::AtLeast : Beyond::AtMost;
      Condition& one = t_.conditions[t_.condition_count++];
      one.next = c.conjunction == "o" ? Join::Or : Join::And;
      switch (c.type) {
        case wire::Condition::Price: one.when = PriceCondition{subject(c.conId), beyond, method(c.triggerMethod), price(c.price, "Condition price")}; break;
        case wire::Condition::Time: one.when = TimeCondition{beyond, time(c.time)}; break;
        case wire::Condition::Margin: one.when = MarginCondition{beyond, c.percent}; break;
        case wire::Condition::Execution: {
          wire::Contract contract;
          contract.symbol = c.symbol, contract.secType = c.secType;
          const auto meant = contracts_.meant(contract);
          if (!meant.found) object(147, "The conditional contract info is incomplete.");
          one.when = ExecutionCondition{meant.id};
          break;
        }
        case wire::Condition::Volume: one.when = VolumeCondition{subject(c.conId), beyond, c.volume}; break;
        case wire::Condition::PercentChange: one.when = ChangeCondition{subject(c.conId), beyond, points(c.changePercent, "Percent change")}; break;
        default: object(321, "Error validating request.-'bW' : cause - Invalid condition type {}", c.type);
      }
    }
    t_.cancel_when_met = o_.conditionsCancelOrder;
    t_.conditions_outside_hours = o_.conditionsIgnoreRth;
  }

  void adjustment() {
    const auto type = o_.adjustedOrderType;
    if (type.empty() || type == "None") return;
    const Price trigger = price(o_.triggerPrice, "Trigger price"), stop = price(o_.adjustedStopPrice, "Adjusted stop price");
    if (type == "STP") t_.adjustment = AdjustToStop{trigger, stop};
    else if (type == "STP LMT") t_.adjustment = AdjustToStopLimit{trigger, stop, price(o_.adjustedStopLimitPrice, "Adjusted stop limit price")};
    else if (type == "TRAIL" && o_.adjustableTrailingUnit == 100) t_.adjustment = AdjustToTrailPercent{trigger, stop, points(o_.adjustedTrailingAmount, "Adjusted trailing percentage")};
    else if (type == "TRAIL") t_.adjustment = AdjustToTrail{trigger, stop, price(o_.adjustedTrailingAmount, "Adjusted trailing amount")};
    else object(387, "Unsupported order type for this exchange and security type: adjusted to {}", type);
  }

  // ---- algorithms ----

  /// The value of a tag; unknown tags are found at the end.
  std::string_view tag(std::string_view name) {
    known_.push_back(name);
    for (const auto& one : o_.algoParams)
      if (one.tag == name) return one.value;
    return {};
  }
  bool flag(std::string_view name) {
    const auto value = tag(name);
    if (!value.empty() && value != "0" && value != "1") object(441, "Algo attributes validation failed: {} must be 0 or 1", name);
    return value == "1";
  }
  VolumeShare share(std::string_view name) {
    const auto value = tag(name);
    const auto number = wire::parse_number(value);
    const auto exact = number ? number->exactly<Price>() : Result<Price, DecimalError>(fail(DecimalError::NotANumber));
    const auto made = exact ? VolumeShare::of(BasisPoints{static_cast<std::int32_t>(std::clamp<std::int64_t>(exact->raw / (Price::scale / 10'000), 0, 100'000))}) : VolumeShare{};
    if (!made.is_set()) object(441, "Algo attributes validation failed: {} must be from 0.01 to 0.5", name);
    return made;
  }
  template <std::size_t N>
  std::size_t choice(std::string_view name, const std::array<std::string_view, N>& words, std::size_t otherwise) {
    const auto value = tag(name);
    if (value.empty()) return otherwise;
    for (std::size_t i = 0; i < N; ++i)
      if (words[i] == value) return i;
    object(441, "Algo attributes validation failed: {} '{}'", name, value);
    return otherwise;
  }
  AlgoWindow window() {
    AlgoWindow w;
    w.start = time(tag("startTime"));
    w.end = time(tag("endTime"));
    w.past_end = flag("allowPastEndTime");
    return w;
  }

  void algo() {
    const auto name = o_.algoStrategy;
    if (name.empty()) return;
    constexpr std::array<std::string_view, 4> urgencies{"Get Done", "Aggressive", "Neutral", "Passive"};
    const auto urgency = [&] { return static_cast<RiskAversion>(choice("riskAversion", urgencies, 2)); };
    if (name == "Adaptive") t_.algo = Adaptive{static_cast<AdaptivePriority>(choice("adaptivePriority", std::array<std::string_view, 3>{"Urgent", "Normal", "Patient"}, 1))};
    else if (name == "Twap") {
      const auto style = choice("strategyType", std::array<std::string_view, 5>{"Marketable", "Midpoint", "Matching Same Side", "Matching Last", "Matching Midpoint"}, 0);
      t_.algo = Twap{style == 4 ? TwapStyle::MatchingMidpoint : static_cast<TwapStyle>(style), window()};
    } else if (name == "Vwap") t_.algo = Vwap{share("maxPctVol"), window(), flag("noTakeLiq"), flag("speedUp")};
    else if (name == "ArrivalPx") t_.algo = ArrivalPrice{share("maxPctVol"), urgency(), window(), flag("forceCompletion")};
    else if (name == "PctVol") t_.algo = PercentOfVolume{share("pctVol"), window(), flag("noTakeLiq")};
    else if (name == "DarkIce") t_.algo = DarkIce{whole(tag("displaySize"), "displaySize"), window()};
    else if (name == "ClosePx") t_.algo = ClosePrice{share("maxPctVol"), urgency(), time(tag("startTime")), flag("forceCompletion")};
    else if (name == "AD") {
      AccumulateDistribute ad;
      ad.component = whole(tag("componentSize"), "componentSize");
      ad.every_seconds = whole(tag("timeBetweenOrders"), "timeBetweenOrders");
      ad.randomize_time = flag("randomizeTime20"), ad.randomize_size = flag("randomizeSize55");
      if (const auto give_up = tag("giveUp"); !give_up.empty()) ad.give_up = whole(give_up, "giveUp");
      ad.catch_up = flag("catchUp"), ad.wait_for_fill = flag("waitForFill");
      ad.window = window();
      t_.algo = ad;
    } else return object(439, "Order processing failed. Algorithm definition not found: {}", name);
    for (const auto& one : o_.algoParams)
      if (std::find(known_.begin(), known_.end(), one.tag) == known_.end()) object(443, "Order processing failed. Unknown algo attribute:{}", one.tag);
  }

  const wire::Order& o_;
  const Contracts& contracts_;
  const Login& login_;
  TicketTerms t_{};
  Misread wrong_{};
  std::vector<std::string_view> known_{};
};

}  // namespace

Result<TicketTerms, Misread> read_ticket(const wire::Order& order, InstrumentId instrument, const Contracts& contracts, const Login& login) {
  return Reader(order, instrument, contracts, login).read();
}

}  // namespace robo::sim
