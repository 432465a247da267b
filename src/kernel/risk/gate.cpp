#include "kernel/risk/gate.hpp"

#include <algorithm>
#include <bit>

#include "base/defence.hpp"
#include "kernel/portfolio/quick_notional.hpp"

namespace robo::risk {

using portfolio::quick_notional;

namespace {

constexpr std::size_t window_places = 4'096;

// What holds for every order, whatever it is for.
constexpr Denials always = bit(Denial::NotReady) | bit(Denial::NotArmed) | bit(Denial::WrongAccount) | bit(Denial::QuantityNotPositive) |
                           bit(Denial::QuantityOffStep) | bit(Denial::PriceOffTick) | bit(Denial::PriceCollar) |
                           bit(Denial::TooManyOpenOrders);
constexpr Denials for_exits = always | bit(Denial::KillSwitch) | bit(Denial::Halted) | bit(Denial::SessionClosed) |
                              bit(Denial::DuplicateOrder) | bit(Denial::UnknownOrderOutstanding);
constexpr Denials for_targets = always | bit(Denial::KillSwitch);
constexpr Denials for_flattens = always | bit(Denial::UnknownOrderOutstanding);
constexpr Denials for_entries = ~Denials{0};

// By OrderPurpose, when the order truly reduces.
constexpr std::array<Denials, 5> when_reducing{for_entries, for_exits, always, for_targets, for_flattens};

constexpr Denials flag(Denial denial, bool on) { return static_cast<Denials>(on) << static_cast<unsigned>(denial); }

struct Prices {
  Price pays{};     // what it would pay at worst; 0: whatever the market asks
  Price grid_a{}, grid_b{};
  Price against{};  // stop-limits are collared against their own trigger
};

Prices prices_of(const OrderKind& kind) {
  switch (kind.index()) {
    case 1: {
      const auto& limit = *std::get_if<Limit>(&kind);
      return {.pays = limit.price, .grid_a = limit.price};
    }
    case 2: {
      const auto& stop = *std::get_if<Stop>(&kind);
      return {.grid_a = stop.trigger};
    }
    case 3: {
      const auto& stop = *std::get_if<StopLimit>(&kind);
      return {.pays = stop.price, .grid_a = stop.trigger, .grid_b = stop.price, .against = stop.trigger};
    }
    case 4: {
      const auto& trail = *std::get_if<Trail>(&kind);
      return {.grid_a = trail.trigger};
    }
    default: return {};
  }
}

Denial spoken(market::QuoteProblem problem) {
  using market::QuoteProblem;
  switch (problem) {
    case QuoteProblem::Missing:
    case QuoteProblem::OneSided: return Denial::NoQuote;
    case QuoteProblem::Delayed: return Denial::DelayedData;
    case QuoteProblem::Crossed:
    case QuoteProblem::Locked: return Denial::CrossedQuote;
    case QuoteProblem::Broken:
    case QuoteProblem::Stale: return Denial::StaleQuote;
  }
  return Denial::NoQuote;
}

/// What is left when a test has taken a defence away. Asked only of orders that break a limit.
Denials that_stand(Denials denials) {
  if (!stands(Defence::PositionLimit)) denials &= ~bit(Denial::PositionTooLarge);
  if (!stands(Defence::KillSwitch)) denials &= ~bit(Denial::KillSwitch);
  return denials;
}

bool paper_account(std::string_view account) { return account.starts_with("DU") || account.starts_with("DF"); }

}  // namespace

Gate::Gate(const Limits& limits, const market::Market& market, const portfolio::Portfolio& portfolio, std::size_t instruments_max)
    : limits_(limits),
      market_(market),
      portfolio_(portfolio),
      open_(instruments_max),
      terms_(instruments_max),
      latest_(instruments_max),
      window_(window_places, Timestamp{INT64_MIN}) {
  limits_.orders_max = std::clamp<std::int64_t>(limits_.orders_max, 0, window_places);
  rescale();
}

void Gate::rescale() {
  window_length_ = Duration{static_cast<std::int64_t>(limits_.order_window_s * 1e9)};
  duplicate_length_ = Duration{static_cast<std::int64_t>(limits_.duplicate_window_s * 1e9)};
}

void Gate::start(const EngineStarted& started) {
  const auto account = started.account.view();
  bool armed = true, right_account = true;
  switch (started.mode) {
    case TradingMode::Live:
      armed = started.armed;
      right_account = !account.empty() && !paper_account(account);  // a live arm on a paper login is a mix-up too
      break;
    case TradingMode::Paper:
    case TradingMode::Demo: right_account = paper_account(account); break;
    case TradingMode::Backtest:
    case TradingMode::Replay: break;
  }
  set(Denial::NotArmed, !armed);
  set(Denial::WrongAccount, !right_account);
  if (started.mode == TradingMode::Backtest) set_ready(true);  // its exchange has nothing to reconcile
}

void Gate::define(const Instrument& instrument) {
  INVARIANT(instrument.id.value < terms_.size());
  terms_[instrument.id.value] = Terms{.step = instrument.size_increment,
                                      .multiplier = std::max<std::int64_t>(instrument.multiplier, 1),
                                      .ticks = instrument.ticks,
                                      .settlement = portfolio::settlement_of(instrument.asset_class)};
}

Money Gate::notional_of(const OrderIntent& intent, Quantity quantity) const {
  const auto prices = prices_of(intent.kind);
  auto price = prices.pays.is_zero() ? prices.grid_a : prices.pays;
  if (price.is_zero()) price = market_.mark(intent.instrument).value_or(Price{});
  return portfolio_.to_base(intent.instrument, quick_notional(price, quantity, terms_[intent.instrument.value].multiplier)).abs();
}

Quantity Gate::largest_entry(InstrumentId instrument, Price price) const {
  const auto& terms = terms_[instrument.value];
  const auto unit = portfolio_.to_base(instrument, quick_notional(price, shares(1), terms.multiplier)).abs();
  auto most = limits_.order_quantity_max;
  // Asked by multiplication first: the division is for those who are over.
  if (unit.is_positive() && i128{most.raw} * unit.raw > i128{limits_.order_notional_max.raw} * Quantity::scale) {
    const auto affordable = i128{limits_.order_notional_max.raw} * Quantity::scale / unit.raw;
    if (affordable < most.raw) most = Quantity::from_raw(static_cast<std::int64_t>(affordable));
  }
  return terms.step.is_positive() ? Quantity::from_raw(most.raw - most.raw % terms.step.raw) : most;
}

Denials Gate::measure(const OrderIntent& intent, Quantity used, Timestamp now, bool change, Measures& m) const {
  const auto id = intent.instrument;
  const auto& terms = terms_[id.value];
  const auto& working = open_.of(id);
  const auto held = portfolio_.position(id).quantity;
  const bool buy = intent.side == Side::Buy;
  const int direction = buy ? 1 : -1;
  const auto quantity = intent.quantity;
  m.now = now;
  const bool converts = !portfolio_.in_base(id);
  const auto base = [&](Money amount) { return converts ? portfolio_.to_base(id, amount) : amount; };

  // Does it reduce? Protective orders may also wait for an entry that is not filled yet.
  const bool protective = intent.purpose == OrderPurpose::ProtectiveStop || intent.purpose == OrderPurpose::ProfitTarget;
  const auto against = held.sign() == -direction ? held.abs() : Quantity{};
  const auto coverable = protective ? against + (buy ? working.entry_sell : working.entry_buy)
                                    : against - (buy ? working.exit_buy : working.exit_sell) + used;
  m.reduces = intent.purpose != OrderPurpose::Entry && quantity <= coverable;
  const Denials mask = m.reduces ? when_reducing[static_cast<std::size_t>(intent.purpose)] : for_entries;

  const auto quote = market_.quote(id, now);
  m.quote_usable = quote.has_value();
  const auto prices = prices_of(intent.kind);
  Price pays = prices.pays;
  double past_mid = 0;
  if (quote) {
    if (intent.kind.index() == 0) pays = buy ? quote->ask() : quote->bid();
    const auto reference = prices.against.is_zero() ? quote->mid() : prices.against;
    const bool resting = intent.kind.index() == 2 || intent.kind.index() == 4;
    if (!resting && reference.raw != 0)
      past_mid = static_cast<double>((pays.raw - reference.raw) * direction) / static_cast<double>(reference.abs().raw) * 1e4;
  } else {
    m.quote_problem = quote.error();
  }
  m.past_mid_bp = past_mid;
  auto price = pays.is_zero() ? prices.grid_a : pays;
  if (price.is_zero()) price = market_.mark(id).value_or(Price{});

  // As if every working entry of the same direction were filled.
  const auto added = quantity - used;
  const auto after = held + ((buy ? working.entry_buy : working.entry_sell) + added) * direction;
  m.position_after = after;
  const auto step_after = held + quantity * direction;
  const auto increase = std::max(Quantity{}, std::min(quantity, step_after.abs() - held.abs()));
  m.notional = base(quick_notional(price, quantity, terms.multiplier)).abs();
  m.position_notional = base(quick_notional(price, after, terms.multiplier)).abs();
  const auto used_notional = used.is_zero() ? Money{} : base(quick_notional(price, used, terms.multiplier)).abs();
  const auto increase_notional = increase == quantity ? m.notional : base(quick_notional(price, increase, terms.multiplier)).abs();
  const auto& totals = portfolio_.totals();
  const auto net_now = totals.net + open_.entries_buy() - open_.entries_sell();
  m.gross = totals.gross + open_.entries_buy() + open_.entries_sell() - used_notional + increase_notional;
  m.net = net_now + (m.notional - used_notional) * direction;
  m.loss = -portfolio_.day_pnl();
  const bool spends = buy && (terms.settlement == portfolio::Settlement::Full || terms.settlement == portfolio::Settlement::Legs) && !held.is_negative();
  m.cash_after = totals.cash - open_.entries_buy() + used_notional - m.notional;

  const auto& session = market_.session(id);
  const bool outside = session.phase == TradingPhase::PreMarket || session.phase == TradingPhase::PostMarket;
  const auto& latest = latest_[id.value][buy ? 0 : 1];
  const auto oldest = window_[(window_count_ - static_cast<std::uint64_t>(limits_.orders_max)) % window_places];
  const bool window_full = limits_.orders_max == 0 || (window_count_ >= static_cast<std::uint64_t>(limits_.orders_max) && oldest > now - window_length_);
  const std::int64_t reserve = change ? 0 : intent.purpose == OrderPurpose::Entry ? 3 : 1;  // an entry may need a stop and a target
  const std::int64_t same_side_unknown = buy ? working.unknown_buy : working.unknown_sell;
  const bool unknown = m.reduces ? same_side_unknown > 0 : working.unknown_buy + working.unknown_sell > 0;

  Denials denials = switches_;
  denials |= flag(Denial::Halted, session.known && session.phase == TradingPhase::Halted);
  denials |= flag(Denial::SessionClosed,
                  session.known && (session.phase == TradingPhase::Closed || (outside && !intent.outside_regular_hours)));
  denials |= flag(spoken(m.quote_problem), !m.quote_usable);
  denials |= flag(Denial::QuantityNotPositive, quantity.raw <= 0);
  denials |= flag(Denial::QuantityOffStep, terms.step.raw > 0 && quantity.raw % terms.step.raw != 0);
  denials |= flag(Denial::PriceOffTick, !terms.ticks.on_grid(prices.grid_a) || (!prices.grid_b.is_zero() && !terms.ticks.on_grid(prices.grid_b)));
  denials |= flag(Denial::TooLarge, quantity > limits_.order_quantity_max);
  denials |= flag(Denial::NotionalTooLarge, m.notional > limits_.order_notional_max);
  denials |= flag(Denial::PositionTooLarge, after.abs() > held.abs() && (after.abs() > limits_.position_quantity_max ||
                                                                         m.position_notional > limits_.position_notional_max));
  denials |= flag(Denial::GrossTooLarge, m.gross > limits_.gross_exposure_max && increase.raw > 0);
  denials |= flag(Denial::NetTooLarge, m.net.abs() > limits_.net_exposure_max && m.net.abs() > net_now.abs());
  denials |= flag(Denial::DailyLoss, m.loss >= limits_.daily_loss_max);
  denials |= flag(Denial::PriceCollar, past_mid > limits_.price_collar_bp);
  denials |= flag(Denial::OrderRate, window_full);
  denials |= flag(Denial::DuplicateOrder, !change && latest.at > now - duplicate_length_ && latest.quantity == quantity &&
                                              latest.purpose == intent.purpose && latest.kind == intent.kind);
  denials |= flag(Denial::TooManyOpenOrders, !change && (working.count + reserve > limits_.open_orders_per_contract_max ||
                                                         open_.count() + reserve > limits_.open_orders_max));
  denials |= flag(Denial::UnknownOrderOutstanding, unknown);
  denials |= flag(Denial::NotEnoughCash, spends && m.cash_after < limits_.cash_min);
  return denials & mask;
}

Refusal Gate::refusal(Denials denials, const OrderIntent& intent, const Measures& m) const {
  const auto reason = static_cast<Denial>(std::countr_zero(denials));
  Refusal r{.reason = reason, .all = denials};
  const auto& working = open_.of(intent.instrument);
  switch (reason) {
    case Denial::StaleQuote: {
      const auto last = market_.last_quote(intent.instrument);
      r.measured = last ? (m.now - last->at).seconds() : 0;
      r.limit = market_.settings().quote_age_max.seconds();
      break;
    }
    case Denial::QuantityNotPositive: r.measured = intent.quantity.to_double(); break;
    case Denial::QuantityOffStep:
      r.measured = intent.quantity.to_double();
      r.limit = terms_[intent.instrument.value].step.to_double();
      break;
    case Denial::PriceOffTick: {
      const auto prices = prices_of(intent.kind);
      const auto& ticks = terms_[intent.instrument.value].ticks;
      const auto price = ticks.on_grid(prices.grid_a) ? prices.grid_b : prices.grid_a;
      r.measured = price.to_double();
      r.limit = ticks.increment_at(price).to_double();
      break;
    }
    case Denial::TooLarge:
      r.measured = intent.quantity.to_double();
      r.limit = limits_.order_quantity_max.to_double();
      break;
    case Denial::NotionalTooLarge:
      r.measured = m.notional.to_double();
      r.limit = limits_.order_notional_max.to_double();
      break;
    case Denial::PositionTooLarge:
      if (m.position_after.abs() > limits_.position_quantity_max) {
        r.measured = m.position_after.abs().to_double();
        r.limit = limits_.position_quantity_max.to_double();
      } else {
        r.measured = m.position_notional.to_double();
        r.limit = limits_.position_notional_max.to_double();
      }
      break;
    case Denial::GrossTooLarge:
      r.measured = m.gross.to_double();
      r.limit = limits_.gross_exposure_max.to_double();
      break;
    case Denial::NetTooLarge:
      r.measured = m.net.abs().to_double();
      r.limit = limits_.net_exposure_max.to_double();
      break;
    case Denial::DailyLoss:
      r.measured = m.loss.to_double();
      r.limit = limits_.daily_loss_max.to_double();
      break;
    case Denial::PriceCollar:
      r.measured = m.past_mid_bp;
      r.limit = limits_.price_collar_bp;
      break;
    case Denial::OrderRate:
      r.measured = static_cast<double>(orders_in_window(m.now));
      r.limit = static_cast<double>(limits_.orders_max);
      break;
    case Denial::DuplicateOrder:
      r.measured = (m.now - latest_[intent.instrument.value][intent.side == Side::Buy ? 0 : 1].at).seconds();
      r.limit = limits_.duplicate_window_s;
      break;
    case Denial::TooManyOpenOrders:
      if (open_.count() >= limits_.open_orders_max) {
        r.measured = static_cast<double>(open_.count());
        r.limit = static_cast<double>(limits_.open_orders_max);
      } else {
        r.measured = static_cast<double>(working.count);
        r.limit = static_cast<double>(limits_.open_orders_per_contract_max);
      }
      break;
    case Denial::UnknownOrderOutstanding: r.measured = working.unknown_buy + working.unknown_sell; break;
    case Denial::NotEnoughCash:
      r.measured = m.cash_after.to_double();
      r.limit = limits_.cash_min.to_double();
      break;
    default: break;  // switches: there is no number
  }
  return r;
}

void Gate::count(const OrderIntent& intent, Timestamp now) {
  window_[window_count_++ % window_places] = now;
  auto& latest = latest_[intent.instrument.value][intent.side == Side::Buy ? 0 : 1];
  latest.at = now;
  latest.quantity = intent.quantity;
  latest.kind = intent.kind;
  latest.purpose = intent.purpose;
}

Denials Gate::reasons(const OrderIntent& intent, Quantity used, Timestamp now) const {
  Measures m;
  return measure(intent, used, now, !used.is_zero(), m);
}

Result<ApprovedOrder, Refusal> Gate::approve(const OrderIntent& intent, Timestamp now) {
  Measures m;
  if (const auto broken = measure(intent, Quantity{}, now, false, m); broken != 0) [[unlikely]] {
    if (const auto denials = that_stand(broken); denials != 0) return fail(refusal(denials, intent, m));
  }
  count(intent, now);
  // Made in its place: an order is 250 bytes, and the second copy of them cost as much as half of the limits.
  struct Maker {
    const OrderIntent& intent;
    Timestamp at;
    operator ApprovedOrder() const { return ApprovedOrder(intent, at); }
  };
  return Result<ApprovedOrder, Refusal>(std::in_place, Maker{intent, now});
}

Result<ApprovedOrder, Refusal> Gate::approve_change(const OrderIntent& wanted, const OrderIntent& standing, Quantity filled, Timestamp now) {
  Measures m;
  OrderIntent rest = wanted;  // only what is left of it can still happen
  rest.quantity = wanted.quantity - filled;
  const auto used = standing.quantity - filled;
  const auto denials = that_stand(measure(rest, used, now, true, m));
  if (denials != 0) return fail(refusal(denials, rest, m));
  window_[window_count_++ % window_places] = now;
  return ApprovedOrder{wanted, now};
}

Result<double, LimitError> Gate::set_limit(std::string_view name, double value) {
  const auto before = risk::set_limit(limits_, name, value);
  rescale();
  return before;
}

bool Gate::daily_loss_reached() const { return -portfolio_.day_pnl() >= limits_.daily_loss_max; }

std::int64_t Gate::orders_in_window(Timestamp now) const {
  std::int64_t count = 0;
  const auto places = std::min<std::uint64_t>(window_count_, window_places);
  for (std::uint64_t i = 1; i <= places && window_[(window_count_ - i) % window_places] > now - window_length_; ++i) ++count;
  return count;
}

}  // namespace robo::risk
