// What the broker says of cash, positions and dates against what we count, while nothing is being compared.

#include "base/defence.hpp"
#include "kernel/execution/pursuit.hpp"
#include "kernel/execution/words.hpp"

namespace robo::execution {

namespace {

constexpr std::int64_t day_ns = 86'400'000'000'000;

Date today(Timestamp now) { return Date{static_cast<std::int32_t>(now.ns / day_ns)}; }

}  // namespace

void Dealer::on(const AccountValue& value, Turn& turn) {
  portfolio_.hear(value);
  if (value.tag != AccountTag::TotalCash || portfolio_.reconciling()) return;
  if (!portfolio_.cash_disagrees()) {
    cash_differs_since_ = Timestamp{INT64_MAX};
  } else if (cash_differs_since_.ns == INT64_MAX) {
    cash_differs_since_ = turn.now;
    want(turn.now + of_seconds(policy_.position_grace_s), turn);
  }
}

// Deposits, interest, fees and dividends have no fill: the broker's figure is taken after it has stood for a while.
Timestamp Dealer::watch_cash(Turn& turn) {
  constexpr Timestamp never{INT64_MAX};
  if (backtest_ || cash_differs_since_.ns == INT64_MAX || !stands(Defence::WatchCash)) return never;
  if (!portfolio_.cash_disagrees()) {
    cash_differs_since_ = never;
    return never;
  }
  const auto due = cash_differs_since_ + of_seconds(policy_.position_grace_s);
  if (turn.now < due) return due;
  cash_differs_since_ = never;
  note(NoteKind::Alarm, {}, {}, "cash at IB is not what our fills and commissions come to: taking IB's figure", turn);
  reconcile(turn);
  return never;
}

/// Once a day and contract: what we hold and what ends within days.
Timestamp Dealer::watch_expiries(Turn& turn) {
  const Date date = today(turn.now);
  Timestamp again{INT64_MAX};
  if (backtest_ || !stands(Defence::ExpiryCalendar)) return again;
  for (std::size_t i = 0; i < size_; ++i) {
    auto& p = pursuits_[i];
    if (!p.defined || p.expiry.days == 0) continue;
    const auto held = portfolio_.position(p.instrument).quantity;
    const std::int64_t left = p.expiry.days - date.days;
    if (held.is_zero()) continue;
    again = Timestamp{(std::int64_t{date.days} + 1) * day_ns};
    if (left > policy_.expiry_warning_days || p.expiry_told == date) continue;
    p.expiry_told = date;
    Words words;
    if (left < 0) words << "the contract has ended and " << held << " are still held";
    else words << "the contract ends in " << left << " days and " << held << " are held: roll or close them";
    note(NoteKind::Alarm, p.instrument, {}, words.view(), turn);
  }
  if (again.ns != INT64_MAX) want(again, turn);
  return again;
}

bool Dealer::ends_soon(Pursuit& p, Turn& turn) {
  if (p.expiry.days == 0 || backtest_ || p.expiry.days - today(turn.now).days > policy_.expiry_last_entry_days || !stands(Defence::ExpiryCalendar)) return false;
  note(NoteKind::Alarm, p.instrument, {}, "no entry: the contract ends within its last days (expiry_last_entry_days)", turn);
  p.retry_at = turn.now + hours(1);
  return true;
}

/// A position that changed without a fill of anybody: people are told what it was, as far as can be known.
void Dealer::explain(const portfolio::Difference& difference, Turn& turn) {
  if (difference.instrument.value >= size_ || !stands(Defence::UnexplainedChanges)) return;
  const auto& p = pursuits_[difference.instrument.value];
  Words words;
  words << difference.ours << " became " << difference.theirs << " without a fill: ";
  if (p.expiry.days != 0 && p.expiry.days <= today(turn.now).days) words << "the contract has expired and was settled at IB";
  else if (difference.theirs.is_zero()) words << "closed elsewhere, transferred or called away";
  else words << "a split, an assignment, a transfer, or a trade elsewhere";
  note(NoteKind::ExternalOrder, difference.instrument, {}, words.view(), turn);
}

}  // namespace robo::execution
