#include "kernel/market/market.hpp"

#include <algorithm>
#include <numeric>

#include "base/defence.hpp"
#include "base/invariant.hpp"
#include "kernel/market/saturate.hpp"

namespace robo::market {

struct Market::State {
  explicit State(const Instrument& terms)
      : quote{}, instrument(terms), book(terms.ticks.count == 0 ? Price::from_raw(1) : finest(terms.ticks)) {}

  static Price finest(const TickTable& ticks) {
    Price least = ticks.bands[0].increment;
    for (std::uint32_t i = 1; i < ticks.count; ++i) least = std::min(least, ticks.bands[i].increment);
    return least.raw > 0 ? least : Price::from_raw(1);
  }

  Quote quote;  // hot things first
  Timestamp quote_at{};
  bool has_quote = false, has_trade = false, broken = false;
  bool bars_from_quotes = false;  // FX: nobody reports trades
  Price last_mid{};
  LastTrade trade{};
  Session session{};
  Price session_last{};           // last regular price of this trade date
  std::vector<BarBuilder> builders{};
  Instrument instrument;
  Book book;
};

Market::Market(Settings settings, std::size_t max_instruments) : settings_(settings), max_instruments_(max_instruments) {
  states_.reserve(max_instruments);
}
Market::~Market() = default;

Market::State* Market::find(InstrumentId id) {
  if (known(id)) [[likely]] return states_[id.value].get();
  ++refused_;
  return nullptr;
}

const Market::State& Market::at(InstrumentId id) const {
  INVARIANT(known(id));
  return *states_[id.value];
}

// ---- before the first event -----------------------------------------------------------------------------------------------

void Market::define(const Instrument& instrument) {
  INVARIANT(instrument.id.value < max_instruments_);
  if (instrument.id.value >= states_.size()) states_.resize(instrument.id.value + 1);
  auto& state = states_[instrument.id.value];
  if (state) {
    state->instrument = instrument;
    return;
  }
  state = std::make_unique<State>(instrument);
  state->quote.instrument = instrument.id;
  state->bars_from_quotes = instrument.asset_class == AssetClass::Forex;
}

void Market::want_bars(BarRule rule, InstrumentId instrument) {
  INVARIANT(known(instrument) && rule.amount > 0);
  auto& builders = states_[instrument.value]->builders;
  if (std::ranges::any_of(builders, [&](const BarBuilder& b) { return b.rule() == rule; })) return;
  builders.emplace_back(rule, instrument);
  std::ranges::sort(builders, {}, &BarBuilder::rule);
  // One event ends at most two bars of a rule: the one that was over and the one it fills.
  closed_.reserve(2 * ++builders_);
}

void Market::expect_levels(InstrumentId instrument, Price around) {
  INVARIANT(known(instrument));
  states_[instrument.value]->book.expect_levels(around);
}

void Market::set_prior_close(InstrumentId instrument, Price price) {
  INVARIANT(known(instrument));
  states_[instrument.value]->session.prior_close = price;
}

// ---- time -----------------------------------------------------------------------------------------------------------------

void Market::advance(Timestamp now) {
  now_ = now;
  closed_.clear();
  if (now >= next_due_) [[unlikely]] close_due(now);
}

void Market::close_due(Timestamp now) {
  next_due_ = BarBuilder::never;
  for (auto& state : states_) {
    if (!state) continue;
    for (auto& builder : state->builders) {
      if (builder.due() <= now) close(builder, now);
      next_due_ = std::min(next_due_, builder.due());
    }
  }
}

void Market::close(BarBuilder& builder, Timestamp now) {
  if (ClosedBar bar; builder.close(now, bar)) closed_.push_back(bar);
}

void Market::close_sessions(State& state, Timestamp now) {
  for (auto& builder : state.builders)
    if (builder.rule().session() && builder.open()) close(builder, now);
}

void Market::feed(State& state, Price price, Quantity size, Timestamp at, const TradeUse& use) {
  for (auto& builder : state.builders) {
    if (at >= builder.end()) close(builder, at);
    builder.add(price, size, at, use);
    next_due_ = std::min(next_due_, builder.due());
    if (builder.full()) close(builder, at);
  }
}

// ---- events ---------------------------------------------------------------------------------------------------------------

void Market::apply(const Quote& quote, Timestamp at) {
  advance(at);
  auto* const state = find(quote.instrument);
  if (!state) return;
  state->quote = quote;
  state->quote_at = at;
  state->has_quote = true;
  if (!state->bars_from_quotes || quote.bid >= quote.ask || quote.bid_size.is_zero() || quote.ask_size.is_zero()) return;
  const auto mid = Price::from_raw(std::midpoint(quote.bid.raw, quote.ask.raw));
  if (mid == state->last_mid) return;
  state->last_mid = mid;
  feed(*state, mid, {}, at, TradeUse{.regular = true, .sets_last = true});
}

void Market::apply(const Trade& trade, Timestamp at) {
  advance(at);
  auto* const state = find(trade.instrument);
  if (!state) return;
  auto& session = state->session;
  const auto use = use_of(trade, session.phase, session.known);

  if (use.counts) session.volume = add_saturated(session.volume, trade.size);
  if (use.sets_last) {
    state->trade = {trade, at};
    state->has_trade = true;
  }
  if (use.regular && use.sets_last) {
    if (session.trades++ == 0) session.open = session.high = session.low = trade.price;
    session.high = std::max(session.high, trade.price);
    session.low = std::min(session.low, trade.price);
    state->session_last = trade.price;
  }
  // A late report belongs to a bar that may have ended: it counts for the day, not for the running bar.
  if (use.late || state->bars_from_quotes) return;
  if (use.regular || settings_.bars_outside_regular) feed(*state, trade.price, trade.size, at, use);
}

void Market::apply(const DepthRow& row, Timestamp at) {
  advance(at);
  if (auto* const state = find(row.instrument)) state->book.apply(row, at);
}

void Market::apply(const DepthLevel& level, Timestamp at) {
  advance(at);
  if (auto* const state = find(level.instrument)) state->book.apply(level, at);
}

void Market::apply(const DepthReset& reset, Timestamp at) {
  advance(at);
  if (auto* const state = find(reset.instrument)) state->book.reset(at);
}

void Market::apply(const Bar& bar, Timestamp at) {
  advance(at);
  auto* const state = find(bar.instrument);
  if (!state) return;
  if (bar.start + bar.period > at || bar.period.ns <= 0) {  // it has not ended yet: nobody can know it
    ++refused_;
    return;
  }
  for (auto& builder : state->builders) {
    const auto rule = builder.rule();
    if (rule.unit != BarUnit::Time || bar.start < builder.covered_until()) continue;
    if (rule.session() ? bar.period.ns > rule.amount : rule.amount % bar.period.ns != 0) continue;
    if (builder.end() <= bar.start) close(builder, at);
    builder.add(bar);
    if (builder.full() || (rule.session() && bar.period.ns == rule.amount)) close(builder, at);
    next_due_ = std::min(next_due_, builder.due());
  }
  if (bar.period >= hours(20) && !state->session.known) state->session.prior_close = bar.close;
}

void Market::roll_date(State& state, Date date, Timestamp at) {
  close_sessions(state, at);
  auto& session = state.session;
  if (!state.session_last.is_zero()) session.prior_close = state.session_last;
  session.open = session.high = session.low = state.session_last = {};
  session.volume = {};
  session.trades = 0;
  session.opened_at = {};
  session.trade_date = date;
}

void Market::apply(const PhaseChange& change, Timestamp at) {
  advance(at);
  auto* const state = find(change.instrument);
  if (!state) return;
  auto& session = state->session;
  if (session.known ? session.trade_date != change.trade_date : session.trades != 0) roll_date(*state, change.trade_date, at);
  if (change.phase == TradingPhase::Closed) close_sessions(*state, at);
  session.known = true;
  session.trade_date = change.trade_date;
  session.phase = change.phase;
  session.phase_since = at;
  session.phase_until = change.until;
  if (change.phase == TradingPhase::Regular && session.opened_at.ns == 0) session.opened_at = at;
}

void Market::apply(const DataFarmChanged& change, Timestamp at) {
  advance(at);
  // What was quoted before a break is history: after it the quote is missing until a new one comes.
  const auto turn = [&](State& state) {
    if (change.broken) state.has_quote = false;
    state.broken = change.broken;
  };
  if (change.all) {
    for (auto& state : states_)
      if (state) turn(*state);
  } else if (auto* const state = find(change.instrument)) {
    turn(*state);
  }
}

// ---- reading --------------------------------------------------------------------------------------------------------------

const Instrument& Market::instrument(InstrumentId id) const { return at(id).instrument; }
const Book& Market::book(InstrumentId id) const { return at(id).book; }
const Session& Market::session(InstrumentId id) const { return at(id).session; }
bool Market::broken(InstrumentId id) const { return at(id).broken; }

Result<UsableQuote, QuoteProblem> Market::quote(InstrumentId id, Timestamp now) const {
  if (!known(id)) return fail(QuoteProblem::Missing);
  const auto& state = *states_[id.value];
  const auto& quote = state.quote;
  if (state.broken) return fail(QuoteProblem::Broken);
  if (!state.has_quote) return fail(QuoteProblem::Missing);
  if (!quote.live) return fail(QuoteProblem::Delayed);
  if (quote.bid_size.raw <= 0 || quote.ask_size.raw <= 0) return fail(QuoteProblem::OneSided);
  if (quote.bid > quote.ask) return fail(QuoteProblem::Crossed);
  if (quote.bid == quote.ask) return fail(QuoteProblem::Locked);
  const auto age = now - state.quote_at;
  if (age > settings_.quote_age_max && stands(Defence::StaleQuotes)) return fail(QuoteProblem::Stale);
  return UsableQuote{quote, age};
}

std::optional<LastQuote> Market::last_quote(InstrumentId id) const {
  const auto& state = at(id);
  if (state.quote_at.ns == 0 && !state.has_quote) return std::nullopt;
  return LastQuote{state.quote, state.quote_at};
}

std::optional<LastTrade> Market::last_trade(InstrumentId id) const {
  const auto& state = at(id);
  if (!state.has_trade) return std::nullopt;
  return state.trade;
}

std::optional<Price> Market::mark(InstrumentId id) const {
  const auto& state = at(id);
  const auto& quote = state.quote;
  if (state.has_quote && quote.bid_size.raw > 0 && quote.ask_size.raw > 0 && quote.bid <= quote.ask)
    return Price::from_raw(std::midpoint(quote.bid.raw, quote.ask.raw));
  if (state.has_trade) return state.trade.trade.price;
  if (!state.session.prior_close.is_zero()) return state.session.prior_close;
  return std::nullopt;
}

const Bar* Market::forming(InstrumentId id, BarRule rule) const {
  for (const auto& builder : at(id).builders)
    if (builder.rule() == rule) return builder.open() ? &builder.forming() : nullptr;
  return nullptr;
}

std::size_t Market::memory_bytes() const {
  std::size_t sum = sizeof(Market) + states_.capacity() * sizeof(states_[0]) + closed_.capacity() * sizeof(ClosedBar);
  for (const auto& state : states_)
    if (state) sum += sizeof(State) - sizeof(Book) + state->book.memory_bytes() + state->builders.capacity() * sizeof(BarBuilder);
  return sum;
}

}  // namespace robo::market
