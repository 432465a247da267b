// What strategies made, and what the broker says of the account.

#include "kernel/portfolio/detail/books.hpp"

namespace robo::portfolio {

// ---- strategies --------------------------------------------------------------------------------------------------------

Quantity Portfolio::share(InstrumentId instrument, StrategyId strategy) const {
  const auto& t = terms_[instrument.value];
  for (std::uint8_t i = 0; i < t.share_count; ++i)
    if (t.shares[i].strategy == strategy) return t.shares[i].holding.quantity;
  return {};
}

StrategyAccount Portfolio::account(StrategyId strategy) const {
  StrategyAccount account{.strategy = strategy};
  for (std::size_t n = 0; n < size_; ++n) {
    const auto& t = terms_[n];
    const auto& p = positions_[n];
    if (t.share_count == 0) continue;
    // Values are rounded one by one; the largest holder takes the rest so that the parts make the whole.
    std::uint8_t largest = 0;
    Money others{};
    for (std::uint8_t i = 1; i < t.share_count; ++i)
      if (t.shares[i].holding.quantity.abs() > t.shares[largest].holding.quantity.abs()) largest = i;
    const auto value_of = [&](std::uint8_t i) {
      return p.marked ? notional(p.mark, t.shares[i].holding.quantity, p.multiplier) : t.shares[i].holding.cost;
    };
    for (std::uint8_t i = 0; i < t.share_count; ++i)
      if (i != largest) others += value_of(i);
    for (std::uint8_t i = 0; i < t.share_count; ++i) {
      const auto& share = t.shares[i];
      if (share.strategy != strategy) continue;
      const auto value = i == largest ? p.value - others : value_of(i);
      const auto id = p.instrument;
      account.realized += to_base(id, share.holding.realized);
      account.unrealized += to_base(id, p.marked ? value - share.holding.cost : Money{});
      account.commissions += to_base(id, share.commissions);
    }
  }
  return account;
}

// ---- the broker's word -------------------------------------------------------------------------------------------------

void Portfolio::hear(const AccountValue& value) {
  const auto base = value.currency.empty() || value.currency == base_ || value.currency.view() == "BASE";
  const auto tag = static_cast<std::size_t>(value.tag);
  if (base && tag < broker_.size()) {
    broker_[tag] = value.value;
    broker_heard_[tag] = true;
  }
  if (value.tag != AccountTag::TotalCash || own_cash_ || value.currency.view() == "BASE") return;
  auto& told = purses_[purse_of(value.currency.empty() ? base_ : value.currency)];
  told.theirs = value.value;
  told.told = true;
  if (!reconciling_) return;
  if (moved_while_reconciling_) return;  // its cash may be older than our fills
  purses_[purse_of(value.currency.empty() ? base_ : value.currency)].cash = value.value;
}

void Portfolio::hear(const PositionReport& report) {
  INVARIANT(report.instrument.value < size_);
  auto& t = terms(report.instrument);
  t.theirs = report.quantity;
  t.their_average = report.average_cost;
  t.heard = true;
  t.heard_now = t.heard_now || reconciling_;
}

bool Portfolio::cash_disagrees() const {
  constexpr Money cent = Money::from_raw(Money::scale / 100);
  for (const auto& purse : purses_)
    if (purse.told && (purse.theirs - purse.cash).abs() > cent) return true;
  return false;
}

bool Portfolio::disagrees(InstrumentId instrument) const {
  const auto& t = terms_[instrument.value];
  return t.heard && t.theirs != t.holding.quantity;
}

Quantity Portfolio::theirs(InstrumentId instrument) const { return terms_[instrument.value].theirs; }

void Portfolio::begin_reconciliation() {
  reconciling_ = true;
  moved_while_reconciling_ = false;
  fills_missed_ = 0;
  equity_at_begin_ = equity();
  for (std::size_t i = 0; i < size_; ++i) terms_[i].heard_now = terms_[i].live_fill_now = false;
}

std::span<const Difference> Portfolio::end_reconciliation(bool adopt_differences) {
  reconciling_ = false;
  differences_.clear();
  if (!adopt_differences) return differences_;
  for (std::size_t i = 0; i < size_; ++i) {
    auto& t = terms_[i];
    if (!t.heard_now) t.theirs = {};  // a position that is not reported does not exist
    t.heard = true;
    if (t.theirs == t.holding.quantity) continue;
    const auto id = positions_[i].instrument;
    differences_.push_back({.instrument = id, .ours = t.holding.quantity, .theirs = t.theirs});
    if (t.live_fill_now) continue;  // their report may be older than the fill: the next reconciliation decides
    adopt(id, PositionReport{.instrument = id, .quantity = t.theirs, .average_cost = t.their_average});
  }
  // What was taken over is not a profit of today.
  const auto taken_over = equity() - equity_at_begin_;
  if (!reconciled_once_) {
    day_start_ = equity();
    peak_ = equity();
  } else if (!differences_.empty()) {
    day_start_ += taken_over;
    peak_ += taken_over;
  }
  reconciled_once_ = true;
  note_peak();
  return differences_;
}

void Portfolio::adopt(InstrumentId instrument, const PositionReport& report) {
  auto& t = terms(instrument);
  count(instrument, -1);
  for (auto i = t.first; i != none; i = fills_[i].next) fills_[i].folded = true;
  t.first = t.last = none;
  const auto change = report.quantity - t.holding.quantity;
  const auto cost = Money::from_raw(narrow(divide_rounded(i128{report.average_cost.raw} * report.quantity.raw, Quantity::scale)));
  // The difference belongs to nobody of ours; strategies keep what they hold.
  auto& shares = t.shares;
  std::uint8_t nobody = UINT8_MAX;
  for (std::uint8_t i = 0; i < t.share_count; ++i)
    if (shares[i].strategy == unattributed) nobody = i;
  if (nobody == UINT8_MAX) {
    nobody = t.share_count++;
    shares[nobody] = Share{};
  }
  shares[nobody].holding.quantity += change;
  shares[nobody].holding.cost += cost - t.holding.cost;
  t.holding.quantity = report.quantity;
  t.holding.cost = cost;
  auto& p = positions_[instrument.value];
  if (!p.marked && !report.quantity.is_zero()) p.mark = average_price(t.holding, p.multiplier), p.marked = true;
  revalue(instrument);
  count(instrument, 1);
}

}  // namespace robo::portfolio
