#include "kernel/portfolio/portfolio.hpp"

#include <algorithm>
#include <charconv>

#include "base/defence.hpp"
#include "kernel/portfolio/detail/books.hpp"

namespace robo::portfolio {

namespace {

constexpr i128 rate_unit = 1'000'000'000;  // rates are prices: 1e-9

std::size_t last_dot(std::string_view id) {
  const auto dot = id.rfind('.');
  return dot == std::string_view::npos ? id.size() : dot;
}

}  // namespace

ExecutionId without_revision(const ExecutionId& id) { return ExecutionId{id.view().substr(0, last_dot(id.view()))}; }

std::uint32_t revision_of(const ExecutionId& id) {
  const auto text = id.view();
  const auto dot = last_dot(text);
  std::uint32_t revision = 0;
  if (dot < text.size()) std::from_chars(text.data() + dot + 1, text.data() + text.size(), revision);
  return revision;
}

Portfolio::Portfolio(const Settings& settings, std::size_t instruments_max)
    : settings_(settings),
      positions_(instruments_max),
      terms_(instruments_max),
      purse_of_(instruments_max),
      fills_(static_cast<std::size_t>(std::max<std::int64_t>(settings.executions_max, 2))),
      by_execution_(fills_.size()),
      waiting_(static_cast<std::size_t>(std::max<std::int64_t>(settings.commissions_waiting_max, 2))) {
  differences_.reserve(instruments_max);
  purses_.reserve(purses_max);
  (void)purse_of(CurrencyCode{"USD"});
  base_ = CurrencyCode{"USD"};
  purses_[0].rate = Price::whole(1);
}

Portfolio::~Portfolio() = default;

Portfolio::Terms& Portfolio::terms(InstrumentId instrument) { return terms_[instrument.value]; }

void Portfolio::start(const EngineStarted& started) {
  totals_fresh_ = false;
  base_ = started.base_currency.empty() ? CurrencyCode{"USD"} : started.base_currency;
  (void)purse_of(base_);
  for (auto& purse : purses_) {
    const bool stable = settings_.stablecoins_at_par && base_.view() == "USD" &&
                        (purse.currency.view() == "USDT" || purse.currency.view() == "USDC");
    if (purse.currency == base_ || stable) purse.rate = Price::whole(1);
    else if (purse.rate == Price::whole(1)) purse.rate = {};
  }
  own_cash_ = started.mode == TradingMode::Backtest;
  purses_[purse_of(base_)].cash = started.starting_cash;  // until the broker says otherwise
  day_loss_before_ = started.day_loss;
  day_start_ = peak_ = equity();
  drawdown_ = 0;
}

std::uint8_t Portfolio::purse_of(const CurrencyCode& currency) {
  totals_fresh_ = false;
  for (std::size_t i = 0; i < purses_.size(); ++i)
    if (purses_[i].currency == currency) return static_cast<std::uint8_t>(i);
  INVARIANT(purses_.size() < purses_max);
  Purse purse{.currency = currency};
  const bool stable = settings_.stablecoins_at_par && base_.view() == "USD" && (currency.view() == "USDT" || currency.view() == "USDC");
  if (currency == base_ || stable) purse.rate = Price::whole(1);
  purses_.push_back(purse);
  return static_cast<std::uint8_t>(purses_.size() - 1);
}

void Portfolio::define(const Instrument& instrument) {
  INVARIANT(instrument.id.value < positions_.size());
  auto& position = positions_[instrument.id.value];
  auto& t = terms(instrument.id);
  size_ = std::max<std::size_t>(size_, instrument.id.value + 1);
  if (t.defined) count(instrument.id, -1);
  position.instrument = instrument.id;
  position.multiplier = std::max<std::int64_t>(instrument.multiplier, 1);
  position.settlement = settlement_of(instrument.asset_class);
  t.purse = purse_of(instrument.currency.empty() ? base_ : instrument.currency);
  purse_of_[instrument.id.value] = t.purse;
  if (position.settlement == Settlement::Pair) t.base_purse = purse_of(CurrencyCode{instrument.symbol.view()});
  t.defined = true;
  count(instrument.id, 1);
}

void Portfolio::roll_day(Date date) {
  if (date <= day_) return;
  const bool first = day_ == Date{};
  day_ = date;
  if (first) return;  // the day we started in: its losses of before count
  day_loss_before_ = {};
  day_start_ = equity();
}

// ---- totals ------------------------------------------------------------------------------------------------------------

void Portfolio::count(InstrumentId instrument, std::int64_t factor) {
  totals_fresh_ = false;
  const auto& t = terms(instrument);
  const auto& p = positions_[instrument.value];
  auto& purse = purses_[t.purse];
  purse.cash += t.holding.cash * factor;
  purse.realized += t.holding.realized * factor;
  purse.commissions += p.commissions * factor;
  purse.unrealized += p.unrealized() * factor;
  purse.gross += p.value.abs() * factor;
  purse.net += p.value * factor;
  // A position without a price yet is worth what it cost.
  if (p.settlement == Settlement::Full) purse.worth += (p.marked ? p.value : p.cost) * factor;
  if (p.settlement == Settlement::Future) purse.worth += p.unrealized() * factor;
  if (p.settlement == Settlement::Pair && t.base_purse != UINT8_MAX) purses_[t.base_purse].cash += t.holding.base_cash * factor;
}

void Portfolio::revalue(InstrumentId instrument) {
  auto& p = positions_[instrument.value];
  const auto& h = terms(instrument).holding;
  p.quantity = h.quantity;
  p.cost = h.cost;
  p.realized = h.realized;
  p.value = p.marked ? notional(p.mark, p.quantity, p.multiplier) : p.cost;
}

void Portfolio::note_peak() {
  const auto now = equity();
  if (now > peak_) peak_ = now;
  drawdown_ = peak_.is_positive() ? (peak_ - now).to_double() / peak_.to_double() : 0;
}

void Portfolio::mark(InstrumentId instrument, Price price) {
  auto& p = positions_[instrument.value];
  auto& t = terms(instrument);
  if (p.settlement == Settlement::Pair && t.base_purse != UINT8_MAX && price.is_positive()) {
    auto& quote = purses_[t.purse];
    auto& base = purses_[t.base_purse];
    totals_fresh_ = false;
    if (quote.currency == base_) base.rate = price;
    else if (base.currency == base_) quote.rate = Price::from_raw(narrow(divide_rounded(rate_unit * rate_unit, price.raw)));
  }
  if (p.quantity.is_zero()) {
    p.mark = price;
    p.marked = true;
    return;
  }
  if (p.marked && p.mark == price) return;
  totals_fresh_ = false;
  auto& purse = purses_[t.purse];
  const auto value = notional(price, p.quantity, p.multiplier);
  const auto before_worth = p.settlement == Settlement::Full ? (p.marked ? p.value : p.cost) : p.unrealized();
  const auto before_unrealized = p.unrealized();
  purse.gross += value.abs() - p.value.abs();
  purse.net += value - p.value;
  p.mark = price;
  p.marked = true;
  p.value = value;
  purse.unrealized += p.unrealized() - before_unrealized;
  if (p.settlement == Settlement::Full) purse.worth += value - before_worth;
  else if (p.settlement == Settlement::Future) purse.worth += p.unrealized() - before_worth;
  note_peak();
}

Money Portfolio::convert(const Purse& purse, Money amount) const {
  if (purse.rate.raw == Price::scale) return amount;
  return Money::from_raw(narrow(divide_rounded(i128{amount.raw} * purse.rate.raw, rate_unit)));
}

template <class F>
Money Portfolio::total(F&& part) const {
  Money sum{};
  for (const auto& purse : purses_) sum += convert(purse, part(purse));
  return sum;
}

Money Portfolio::realized() const {
  return total([](const Purse& p) { return p.realized; });
}
Money Portfolio::unrealized() const {
  return total([](const Purse& p) { return p.unrealized; });
}
Money Portfolio::commissions() const {
  return total([](const Purse& p) { return p.commissions; });
}
void Portfolio::work_out_totals() const {
  totals_ = {};
  for (const auto& purse : purses_) {
    totals_.equity += convert(purse, purse.cash + purse.worth);
    totals_.cash += convert(purse, purse.cash);
    totals_.gross += convert(purse, purse.gross);
    totals_.net += convert(purse, purse.net);
  }
  totals_fresh_ = true;
}
double Portfolio::drawdown() const { return drawdown_; }

bool Portfolio::unconverted() const {
  return std::any_of(purses_.begin(), purses_.end(), [](const Purse& p) {
    return p.rate.is_zero() && !(p.cash.is_zero() && p.worth.is_zero() && p.gross.is_zero());
  });
}

Money Portfolio::cash(const CurrencyCode& currency) const {
  for (const auto& purse : purses_)
    if (purse.currency == currency) return purse.cash;
  return {};
}

std::size_t Portfolio::currencies() const { return purses_.size(); }

Portfolio::CurrencyPart Portfolio::currency(std::size_t index) const {
  const auto& purse = purses_[index];
  const bool known = !purse.rate.is_zero();
  const auto in_base_money = [&](Money amount) { return known ? convert(purse, amount) : amount; };
  return {.currency = purse.currency, .gross = in_base_money(purse.gross), .net = in_base_money(purse.cash + purse.worth), .converted = known};
}

Money Portfolio::to_base(InstrumentId instrument, Money amount) const {
  const auto& purse = purses_[purse_of_[instrument.value]];
  return purse.rate.is_zero() ? amount : convert(purse, amount);
}

bool Portfolio::in_base(InstrumentId instrument) const { return purses_[purse_of_[instrument.value]].rate.raw == Price::scale; }

// ---- fills -------------------------------------------------------------------------------------------------------------

Booked Portfolio::book(const Execution& execution, const Reason* reason) {
  INVARIANT(execution.instrument.value < size_);
  const auto id = without_revision(execution.id);
  const auto revision = revision_of(execution.id);
  auto& position = positions_[execution.instrument.value];
  Booked booked{.position_before = position.quantity, .position_after = position.quantity};
  for (auto& purse : purses_) purse.told = false;  // the broker's cash is older than this

  if (const auto* place = by_execution_.find(id); place != nullptr && stands(Defence::ExecutionsAreTruth)) {
    auto& known = fills_[*place];
    if (revision <= known.revision || known.opening) {
      booked.outcome = Booking::Duplicate;
      known.revision = std::max(known.revision, revision);
      return booked;
    }
    const auto instrument = known.instrument;
    booked.outcome = Booking::Corrected;
    booked.position_before = positions_[instrument.value].quantity;
    booked.previous_quantity = known.change.abs();
    booked.previous_price = known.price;
    const auto realized_before = terms(instrument).holding.realized;
    count(instrument, -1);
    const auto corrected = signed_quantity(execution.side, execution.quantity);
    if (known.folded) {  // what was before it is gone: take it back as a trade of its own
      auto undo = known;
      undo.change = -known.change;
      known.change = corrected;
      auto redo = known;
      redo.price = execution.price;
      into_opening(instrument, [&] {
        apply(instrument, undo);
        apply(instrument, redo);
      });
      known.price = execution.price;
      rebuild(instrument);
    } else {
      known.change = corrected;
      known.price = execution.price;
      rebuild(instrument);
    }
    known.revision = revision;
    revalue(instrument);
    count(instrument, 1);
    note_peak();
    booked.position_after = positions_[instrument.value].quantity;
    booked.realized = terms(instrument).holding.realized - realized_before;
    return booked;
  }

  if (fills_count_ == fills_.size()) evict_oldest();
  const auto index = static_cast<std::uint32_t>((fills_begin_ + fills_count_) % fills_.size());
  ++fills_count_;
  by_execution_.put(id, index);
  auto& fill = fills_[index];
  fill = Fill{.id = id,
              .revision = revision,
              .key = execution.key,
              .instrument = execution.instrument,
              .change = signed_quantity(execution.side, execution.quantity),
              .price = execution.price};
  if (reason != nullptr) {
    fill.contribution_count = reason->contribution_count;
    fill.contributions = reason->contributions;
  }

  if (reconciling_ && execution.from_reconciliation && !reconciled_once_) {
    fill.opening = true;
    booked.outcome = Booking::Opening;
  } else {
    if (reconciling_) {
      if (execution.from_reconciliation) ++fills_missed_;
      else moved_while_reconciling_ = terms(execution.instrument).live_fill_now = true;
    }
    const auto realized_before = terms(execution.instrument).holding.realized;
    count(execution.instrument, -1);
    link(index);
    apply(execution.instrument, fill);
    if (!position.marked) position.mark = execution.price, position.marked = true;  // the market will say better
    revalue(execution.instrument);
    count(execution.instrument, 1);
    note_peak();
    booked.outcome = Booking::Booked;
    booked.position_after = position.quantity;
    booked.realized = terms(execution.instrument).holding.realized - realized_before;
  }
  if (const auto* early = waiting_.find(id)) {
    const auto commission = *early;
    waiting_.erase(id);
    (void)book(commission);
  }
  return booked;
}

void Portfolio::link(std::uint32_t index) {
  auto& t = terms(fills_[index].instrument);
  if (t.last == none) {
    t.first = index;
    t.opening = t.holding;
    t.opening_share_count = t.share_count;
    t.opening_shares = t.shares;
  } else {
    fills_[t.last].next = index;
  }
  t.last = index;
}

void Portfolio::apply(InstrumentId instrument, const Fill& fill) {
  auto& t = terms(instrument);
  const auto& p = positions_[instrument.value];
  if (p.settlement == Settlement::Legs) return;
  const auto value = notional(fill.price, fill.change, p.multiplier);
  share_out(instrument, fill, fill.change, value);
  t.holding.apply(fill.change, value, p.settlement);
}

void Portfolio::rebuild(InstrumentId instrument) {
  auto& t = terms(instrument);
  // Slots and what they were charged stay; only holdings are worked out anew.
  for (std::uint8_t k = 0; k < t.opening_share_count; ++k) {
    bool there = false;
    for (std::uint8_t i = 0; i < t.share_count; ++i) there = there || t.shares[i].strategy == t.opening_shares[k].strategy;
    if (!there) t.shares[t.share_count++] = Share{.strategy = t.opening_shares[k].strategy};
  }
  for (std::uint8_t i = 0; i < t.share_count; ++i) {
    t.shares[i].holding = Holding{};
    for (std::uint8_t k = 0; k < t.opening_share_count; ++k)
      if (t.opening_shares[k].strategy == t.shares[i].strategy) t.shares[i].holding = t.opening_shares[k].holding;
  }
  t.holding = t.opening;
  for (auto i = t.first; i != none; i = fills_[i].next) apply(instrument, fills_[i]);
}

/// Does `work` to the state before the chain of fills instead of to the present one.
template <class F>
void Portfolio::into_opening(InstrumentId instrument, F&& work) {
  auto& t = terms(instrument);
  if (t.first == none) {  // no chain: the present state is the opening
    t.opening = t.holding;
    t.opening_share_count = t.share_count;
    t.opening_shares = t.shares;
  }
  const auto holding = t.holding;
  const auto share_count = t.share_count;
  const auto shares_now = t.shares;
  t.holding = t.opening;
  t.share_count = t.opening_share_count;
  t.shares = t.opening_shares;
  work();
  t.opening = t.holding;
  t.opening_share_count = t.share_count;
  t.opening_shares = t.shares;
  t.holding = holding;
  t.share_count = share_count;
  t.shares = shares_now;
}

void Portfolio::evict_oldest() {
  const auto index = fills_begin_;
  const auto& fill = fills_[index];
  if (!fill.folded && !fill.opening) {
    auto& t = terms(fill.instrument);
    INVARIANT(t.first == index);
    into_opening(fill.instrument, [&] { apply(fill.instrument, fill); });
    t.first = fill.next;
    if (t.first == none) t.last = none;
  }
  by_execution_.erase(fill.id);
  fills_begin_ = static_cast<std::uint32_t>((fills_begin_ + 1) % fills_.size());
  --fills_count_;
}

// A fill moves every strategy from what it holds towards its part of the target: shares in proportion to what each still
// lacks, so strategies that disagree cross inside the house at the fill's price. What fits no such plan (a stop, a stranger)
// is shared by what they hold, and failing that belongs to nobody.
void Portfolio::share_out(InstrumentId instrument, const Fill& fill, Quantity change, Money value) {
  auto& t = terms(instrument);
  const auto settlement = positions_[instrument.value].settlement;
  const auto slot_of = [&](StrategyId strategy) -> std::uint8_t {
    for (std::uint8_t i = 0; i < t.share_count; ++i)
      if (t.shares[i].strategy == strategy) return i;
    if (t.share_count + (strategy == unattributed ? 0 : 1) < static_cast<int>(shares_per_instrument)) {
      t.shares[t.share_count] = Share{.strategy = strategy};
      return t.share_count++;
    }
    for (std::uint8_t i = 0; i < t.share_count; ++i)
      if (t.shares[i].strategy == unattributed) return i;
    t.shares[t.share_count] = Share{.strategy = unattributed};
    return t.share_count++;
  };

  std::array<i128, shares_per_instrument> lacks{};
  i128 sum = 0;
  for (std::uint8_t c = 0; c < fill.contribution_count; ++c) lacks[slot_of(fill.contributions[c].strategy)] += fill.contributions[c].quantity.raw;
  if (fill.contribution_count > 0)
    for (std::uint8_t i = 0; i < t.share_count; ++i)
      if (t.shares[i].strategy != unattributed) sum += lacks[i] -= t.shares[i].holding.quantity.raw;

  const bool planned = fill.contribution_count > 0 && sum != 0 && (sum > 0) == change.is_positive();
  if (!planned) {  // by what they hold, when it closes
    sum = 0;
    lacks.fill(0);
    for (std::uint8_t i = 0; i < t.share_count; ++i) {
      const auto held = t.shares[i].holding.quantity;
      if (held.sign() * change.sign() < 0) sum += lacks[i] = -i128{held.raw};
    }
    const bool closes = sum != 0 && (sum > 0 ? sum : -sum) >= change.abs().raw;
    if (!closes) {
      lacks.fill(0);
      lacks[slot_of(unattributed)] = sum = change.raw;
    }
  }

  std::uint8_t largest = 0;
  for (std::uint8_t i = 1; i < t.share_count; ++i)
    if ((lacks[i] < 0 ? -lacks[i] : lacks[i]) > (lacks[largest] < 0 ? -lacks[largest] : lacks[largest])) largest = i;
  Quantity rest = change;
  Money rest_value = value;
  for (std::uint8_t i = 0; i < t.share_count; ++i) {
    if (i == largest || lacks[i] == 0) continue;
    const auto part = Quantity::from_raw(narrow(divide_rounded(i128{change.raw} * lacks[i], sum)));
    if (part.is_zero()) continue;
    const auto part_value = notional(fill.price, part, positions_[instrument.value].multiplier);
    t.shares[i].holding.apply(part, part_value, settlement);
    rest -= part;
    rest_value -= part_value;
  }
  if (!rest.is_zero() || !rest_value.is_zero()) t.shares[largest].holding.apply(rest, rest_value, settlement);
}

BookedCommission Portfolio::book(const Commission& commission) {
  const auto id = without_revision(commission.execution);
  const auto revision = revision_of(commission.execution);
  const auto* place = by_execution_.find(id);
  if (place == nullptr) {
    if (waiting_.full() && waiting_.find(id) == nullptr) return {};
    waiting_.put(id, commission);
    return {.waiting = true};
  }
  auto& fill = fills_[*place];
  for (auto& purse : purses_) purse.told = false;
  BookedCommission booked{.instrument = fill.instrument, .key = fill.key, .before = fill.commission};
  const auto purse_index = purse_of(!stands(Defence::CurrencyLedger)      ? base_
                                     : commission.currency.empty() ? purses_[terms(fill.instrument).purse].currency
                                                                   : commission.currency);
  const bool repeat = fill.commission_purse == purse_index && fill.commission == commission.amount;
  if (fill.opening || revision < fill.commission_revision || repeat) return booked;
  fill.commission_revision = revision;

  auto& t = terms(fill.instrument);
  auto& own_purse = purses_[t.purse];
  const auto in_own = [&](const Purse& from, Money amount) {
    if (&from == &own_purse || own_purse.rate.is_zero() || from.rate.is_zero()) return amount;
    return Money::from_raw(narrow(divide_rounded(i128{amount.raw} * from.rate.raw, own_purse.rate.raw)));
  };
  totals_fresh_ = false;
  if (fill.commission_purse != UINT8_MAX) purses_[fill.commission_purse].cash += fill.commission;
  purses_[purse_index].cash -= commission.amount;
  const auto own = in_own(purses_[purse_index], commission.amount);
  const auto more = own - fill.commission_own;
  positions_[fill.instrument.value].commissions += more;
  own_purse.commissions += more;
  fill.commission = commission.amount;
  fill.commission_purse = purse_index;
  fill.commission_own = own;

  // Shared as the fill's contributions are, by size; the last takes the rest.
  i128 sum = 0;
  for (std::uint8_t c = 0; c < fill.contribution_count; ++c) sum += fill.contributions[c].quantity.abs().raw;
  Money rest = more;
  Share* nobody = nullptr;
  Share* last = nullptr;
  for (std::uint8_t i = 0; i < t.share_count; ++i) {
    if (t.shares[i].strategy == unattributed) nobody = &t.shares[i];
    for (std::uint8_t c = 0; sum != 0 && c < fill.contribution_count; ++c) {
      if (fill.contributions[c].strategy != t.shares[i].strategy || fill.contributions[c].quantity.is_zero()) continue;
      const auto part = Money::from_raw(narrow(divide_rounded(i128{more.raw} * fill.contributions[c].quantity.abs().raw, sum)));
      t.shares[i].commissions += part;
      rest -= part;
      last = &t.shares[i];
    }
  }
  if (last == nullptr) last = nobody != nullptr ? nobody : t.share_count > 0 ? &t.shares[0] : nullptr;
  if (last != nullptr) last->commissions += rest;
  note_peak();
  booked.counted = true;
  return booked;
}

}  // namespace robo::portfolio
