#include "edge/serve/market_view.hpp"

#include <algorithm>
#include <cmath>

#include "edge/serve/frames.hpp"

namespace robo::serve {
namespace {

constexpr std::size_t traded_prices_max = 20'000;
constexpr std::size_t gaps_max = 100;
constexpr double block_notional = 200'000;  // the exchanges' definition of a block: 10,000 shares or 200,000 dollars
constexpr double block_shares = 10'000;

std::string_view name_of_letter(std::uint8_t letter) {
  switch (letter) {  // participant ids of the US consolidated tapes
    case 'A': return "AMEX";
    case 'B': return "BX";
    case 'C': return "NSX";
    case 'D': return "TRF";
    case 'I': return "ISE";
    case 'J': return "EDGA";
    case 'K': return "EDGX";
    case 'L': return "LTSE";
    case 'M': return "CHX";
    case 'N': return "NYSE";
    case 'P': return "ARCA";
    case 'Q':
    case 'T': return "NSDQ";
    case 'U': return "MEMX";
    case 'V': return "IEX";
    case 'W': return "CBOE";
    case 'X': return "PSX";
    case 'Y': return "BYX";
    case 'Z': return "BATS";
    default: return {};
  }
}

double vwap_of(const Bar& bar) { return bar.vwap.is_positive() ? bar.vwap.to_double() : bar.close.to_double(); }

Timestamp start_of_bar(Timestamp at, std::int64_t length_s) {
  const auto length = seconds(length_s).ns;
  return Timestamp{at.ns - ((at.ns % length) + length) % length};
}

}  // namespace

std::optional<std::size_t> bar_length(std::string_view name) {
  for (std::size_t i = 0; i < bar_lengths.size(); ++i)
    if (bar_lengths[i].name == name) return i;
  return std::nullopt;
}

std::int32_t Venues::of_letter(std::uint8_t letter) {
  if (letter == 0) return -1;
  auto& place = letters_[letter];
  if (place >= 0) return place;
  const auto known = name_of_letter(letter);
  const auto name = known.empty() ? std::string(1, static_cast<char>(letter)) : std::string(known);
  const auto found = std::find(names_.begin(), names_.end(), name);
  place = static_cast<std::int32_t>(found - names_.begin());
  if (found == names_.end()) names_.push_back(name);
  return place;
}

std::string_view Venues::name(std::int32_t venue) const {
  return venue < 0 ? std::string_view() : std::string_view(names_[static_cast<std::size_t>(venue)]);
}

void MarketView::touch_quote(Timestamp at, std::uint64_t version, double seen) {
  quote_.instrument = instrument_;
  quote_.at = at;
  quote_version_ = version;
  if (!has_depth_) book_version_ = version;
  seen_ = seen;
  stale_ = false;
  state_of_quote();
}

void MarketView::touch_book(Timestamp at, std::uint64_t version, double seen) {
  has_depth_ = true;
  book_at_ = at;
  book_version_ = version;
  seen_ = seen;
}

void MarketView::state_of_quote() {
  if (phase_ == TradingPhase::Halted) quote_.state = view::QuoteState::Halted;
  else if (!quote_.bid && !quote_.ask && !quote_.last) quote_.state = view::QuoteState::Missing;
  else if (stale_ || broken_ || !live_) quote_.state = view::QuoteState::Stale;
  else if (quote_.bid && quote_.ask && *quote_.bid >= *quote_.ask) quote_.state = view::QuoteState::Crossed;
  else quote_.state = view::QuoteState::Live;
}

void MarketView::apply(const Quote& quote, Timestamp at, std::uint64_t version, double seen) {
  quote_.bid = quote.bid_size.is_positive() ? std::optional(quote.bid) : std::nullopt;
  quote_.ask = quote.ask_size.is_positive() ? std::optional(quote.ask) : std::nullopt;
  quote_.bid_size = quote.bid_size;
  quote_.ask_size = quote.ask_size;
  live_ = quote.live;
  touch_quote(at, version, seen);
  if (!has_trades_ && quote_.bid && quote_.ask) candle(Price::from_raw(quote.bid.raw + (quote.ask.raw - quote.bid.raw) / 2), Quantity{}, at, version, true);
}

view::Aggressor MarketView::aggressor(const Trade& trade) const {
  if (trade.aggressor == Aggressor::Buyer) return view::Aggressor::Buyer;
  if (trade.aggressor == Aggressor::Seller) return view::Aggressor::Seller;
  if (quote_.ask && trade.price >= *quote_.ask) return view::Aggressor::Buyer;  // the quote rule, for display
  if (quote_.bid && trade.price <= *quote_.bid) return view::Aggressor::Seller;
  return view::Aggressor::Unknown;
}

void MarketView::apply(const Trade& trade, Timestamp at, std::uint64_t version, double seen, Venues& venues) {
  using namespace trade_condition;
  const auto side = aggressor(trade);
  const double size = trade.size.to_double();
  std::uint32_t flags = 0;
  const auto flag = [&](bool on, double bit) { flags |= on ? static_cast<std::uint32_t>(bit) : 0u; };
  flag((trade.conditions & off_exchange) != 0, frames::trade_off_exchange);
  flag((trade.conditions & sweep) != 0, frames::trade_sweep);
  flag((trade.conditions & odd_lot) != 0, frames::trade_odd_lot);
  flag(size >= block_shares || size * trade.price.to_double() >= block_notional, frames::trade_block);
  prints_.push_back({.id = ++print_id_, .at = at, .price = trade.price, .size = trade.size, .side = side, .venue = venues.of_letter(trade.venue), .flags = flags});
  if (prints_.size() > prints_kept) prints_.pop_front();

  if ((trade.conditions & not_volume) == 0) {
    quote_.volume += trade.size;
    price_volume_ += size * trade.price.to_double();
    if (quote_.volume.is_positive()) quote_.vwap = Price::nearest(price_volume_ / quote_.volume.to_double());
    if (side != view::Aggressor::Unknown && (traded_.size() < traded_prices_max || traded_.contains(trade.price))) {
      auto& traded = traded_[trade.price];
      (side == view::Aggressor::Buyer ? traded.bought : traded.sold) += trade.size;
    }
  }
  if ((trade.conditions & (not_last | late)) == 0) {
    quote_.last = trade.price;
    quote_.last_size = trade.size;
    if (!quote_.open) quote_.open = trade.price;
    quote_.high = std::max(quote_.high.value_or(trade.price), trade.price);
    quote_.low = std::min(quote_.low.value_or(trade.price), trade.price);
    if (!has_trades_) {
      has_trades_ = true;
      for (auto& series : candles_) std::erase_if(series, [](const ShownCandle& c) { return c.of_mid; });
    }
    has_live_trades_ = true;
    candle(trade.price, (trade.conditions & not_volume) == 0 ? trade.size : Quantity{}, at, version, false);
  }
  touch_quote(at, version, seen);
}

void MarketView::apply(const DepthRow& row, Timestamp at, std::uint64_t version, double seen) {
  by_rows_ = true;
  auto& side = rows_[static_cast<std::size_t>(row.side)];
  const auto place = static_cast<std::ptrdiff_t>(row.position);
  const auto size = static_cast<std::ptrdiff_t>(side.size());
  switch (row.operation) {
    case RowOperation::Insert:
      if (place <= size && size < 1000) side.insert(side.begin() + place, {row.price, row.size});
      break;
    case RowOperation::Update:
      if (place < size) side[static_cast<std::size_t>(place)] = {row.price, row.size};
      else if (place == size && size < 1000) side.emplace_back(row.price, row.size);
      break;
    case RowOperation::Delete:
      if (place < size) side.erase(side.begin() + place);
      break;
  }
  touch_book(at, version, seen);
}

void MarketView::apply(const DepthLevel& level, Timestamp at, std::uint64_t version, double seen) {
  const auto put = [&](auto& side) {
    if (level.size.is_positive()) side[level.price] = level.size;
    else side.erase(level.price);
  };
  if (level.side == BookSide::Bid) put(bids_);
  else put(asks_);
  consistent_ = level.last_of_batch;
  touch_book(at, version, seen);
}

void MarketView::apply(const DepthReset&, std::uint64_t version) {
  bids_.clear();
  asks_.clear();
  for (auto& side : rows_) side.clear();
  consistent_ = true;
  book_version_ = version;
}

void MarketView::apply(const PhaseChange& phase, Timestamp at, std::uint64_t version) {
  if (phase.trade_date != trade_date_ && trade_date_.days != 0) {
    previous_close_ = quote_.last ? quote_.last : mark();
    if (!previous_close_ && !candles_[1].empty()) previous_close_ = candles_[1].back().close;  // a day known from its one-minute bars only
    quote_.open = quote_.high = quote_.low = quote_.vwap = std::nullopt;
    quote_.volume = {};
    price_volume_ = 0;
    traded_.clear();
  }
  trade_date_ = phase.trade_date;
  if (phase.phase == TradingPhase::Halted && phase_ != TradingPhase::Halted && gaps_.size() < gaps_max) gaps_.push_back({.from = at, .to = {}, .cause = "halted"});
  if (phase.phase != TradingPhase::Halted && phase_ == TradingPhase::Halted) close_gap(at, "halted");
  phase_ = phase.phase;
  quote_version_ = version;
  state_of_quote();
}

void MarketView::set_broken(bool broken, std::string_view cause, Timestamp at, std::uint64_t version) {
  if (broken && !broken_ && gaps_.size() < gaps_max) gaps_.push_back({.from = at, .to = {}, .cause = std::string(cause)});
  if (!broken && broken_) close_gap(at, {});
  broken_ = broken;
  quote_version_ = version;
  state_of_quote();
}

void MarketView::close_gap(Timestamp at, std::string_view cause) {
  for (auto gap = gaps_.rbegin(); gap != gaps_.rend(); ++gap) {
    if (gap->to || (cause.empty() ? gap->cause == "halted" : gap->cause != cause)) continue;
    gap->to = at;
    return;
  }
}

bool MarketView::check_age(double now, double stale_after, std::uint64_t version) {
  const bool stale = now - seen_ > stale_after && phase_ != TradingPhase::Closed;
  if (stale == stale_ || !quote_.at) return false;
  stale_ = stale;
  quote_version_ = version;
  state_of_quote();
  return true;
}

void MarketView::apply(const Bar& bar, std::uint64_t version) {
  for (std::size_t i = 0; i < bar_lengths.size(); ++i) {
    if (bar.period != seconds(bar_lengths[i].seconds)) continue;
    auto& series = candles_[i];
    const auto later = std::lower_bound(series.begin(), series.end(), bar.start, [](const ShownCandle& c, Timestamp at) { return c.at < at; });
    if (later != series.end() && later->at == bar.start) return;  // ours, made of trades, is finer
    if (bar.volume.is_positive()) has_trades_ = true;
    series.insert(later, {.version = version, .at = bar.start, .open = bar.open, .high = bar.high, .low = bar.low, .close = bar.close, .volume = bar.volume,
                          .price_volume = bar.volume.to_double() * vwap_of(bar), .of_mid = false});
    if (series.size() > bar_lengths[i].keep) series.pop_front();
    if (bar.period != minutes(1)) continue;
    lengthen(bar, version);
    if (!has_live_trades_) day_figures(bar);
  }
}

/// The longer candles a minute belongs to. Minutes come in order, so each only ever grows at its end.
void MarketView::lengthen(const Bar& minute, std::uint64_t version) {
  for (std::size_t i = 0; i < bar_lengths.size(); ++i) {
    if (bar_lengths[i].seconds <= 60) continue;
    const auto start = start_of_bar(minute.start, bar_lengths[i].seconds);
    auto& series = candles_[i];
    if (!series.empty() && series.back().at > start) continue;
    if (series.empty() || series.back().at < start) {
      series.push_back({.version = version, .at = start, .open = minute.open, .high = minute.high, .low = minute.low, .close = minute.close, .volume = {}, .price_volume = 0, .of_mid = false});
      if (series.size() > bar_lengths[i].keep) series.pop_front();
    }
    auto& bar = series.back();
    bar.high = std::max(bar.high, minute.high);
    bar.low = std::min(bar.low, minute.low);
    bar.close = minute.close;
    bar.volume += minute.volume;
    bar.price_volume += minute.volume.to_double() * vwap_of(minute);
    bar.version = version;
  }
}

/// The session's figures, from its part before the engine started.
void MarketView::day_figures(const Bar& minute) {
  if (phase_ == TradingPhase::Closed) return;
  quote_.volume += minute.volume;
  price_volume_ += minute.volume.to_double() * vwap_of(minute);
  if (quote_.volume.is_positive()) quote_.vwap = Price::nearest(price_volume_ / quote_.volume.to_double());
  if (!quote_.open) quote_.open = minute.open;
  quote_.high = std::max(quote_.high.value_or(minute.high), minute.high);
  quote_.low = std::min(quote_.low.value_or(minute.low), minute.low);
}

std::optional<double> MarketView::relative_volume(Timestamp now) const {
  constexpr auto day = hours(24).ns;
  constexpr std::int64_t days_max = 20;
  const auto today = now.ns - ((now.ns % day) + day) % day;
  const auto& minute = candles_[1];
  std::array<double, days_max + 1> sums{};
  std::int64_t oldest = 0;
  for (auto bar = minute.rbegin(); bar != minute.rend(); ++bar) {
    const auto ago = bar->at.ns >= today ? 0 : (today - bar->at.ns + day - 1) / day;
    if (ago > days_max) break;
    // Days without a bar, weekends, do not count; a day that is only partly kept cannot be compared.
    if (bar->at.ns + ago * day <= now.ns) sums[static_cast<std::size_t>(ago)] += bar->volume.to_double();
    oldest = ago;
  }
  if (minute.size() >= bar_lengths[1].keep) --oldest;
  double sum = 0;
  int days = 0;
  for (std::int64_t ago = 1; ago <= oldest; ++ago) {
    if (sums[static_cast<std::size_t>(ago)] <= 0) continue;
    sum += sums[static_cast<std::size_t>(ago)];
    ++days;
  }
  if (days == 0) return std::nullopt;
  return sums[0] / (sum / days);
}

void MarketView::set_relative_volume(std::optional<double> value, std::uint64_t version) {
  quote_.relative_volume = value;
  quote_version_ = version;
}

std::optional<Quantity> MarketView::size_at(view::Side side, Price price) const {
  const bool buy = side == view::Side::Buy;
  if (!has_depth_) {
    const auto& touch = buy ? quote_.bid : quote_.ask;
    if (!touch) return std::nullopt;
    if (*touch == price) return buy ? quote_.bid_size : quote_.ask_size;
    const bool inside = buy ? price > *touch : price < *touch;
    return inside ? std::optional(Quantity{}) : std::nullopt;
  }
  const auto find = [&](const auto& levels) -> std::optional<Quantity> {
    Quantity size;
    bool beyond = false;  // a level behind the price is known: what is not shown at it is not there
    for (const auto& [at, shown] : levels) {
      if (at == price) size += shown;
      beyond = beyond || (buy ? at < price : at > price);
    }
    return size.is_positive() || beyond ? std::optional(size) : std::nullopt;
  };
  if (by_rows_) return find(rows_[static_cast<std::size_t>(buy ? BookSide::Bid : BookSide::Ask)]);
  return buy ? find(bids_) : find(asks_);
}

void MarketView::candle(Price price, Quantity size, Timestamp at, std::uint64_t version, bool of_mid) {
  for (std::size_t i = 0; i < bar_lengths.size(); ++i) {
    const auto start = start_of_bar(at, bar_lengths[i].seconds);
    auto& series = candles_[i];
    if (series.empty() || series.back().at < start) {
      series.push_back({.version = version, .at = start, .open = price, .high = price, .low = price, .close = price, .volume = {}, .price_volume = 0, .of_mid = of_mid});
      if (series.size() > bar_lengths[i].keep) series.pop_front();
    }
    auto& bar = series.back();
    bar.high = std::max(bar.high, price);
    bar.low = std::min(bar.low, price);
    bar.close = price;
    bar.volume += size;
    bar.price_volume += size.to_double() * price.to_double();
    bar.version = version;
  }
}

std::optional<Price> MarketView::mark() const {
  if (quote_.bid && quote_.ask && *quote_.bid <= *quote_.ask) return Price::from_raw(quote_.bid->raw + (quote_.ask->raw - quote_.bid->raw) / 2);
  return quote_.last;
}

view::Depth MarketView::depth() const {
  view::Depth depth{.instrument = instrument_, .bids = {}, .asks = {}, .at = book_at_};
  const auto put = [&](std::vector<view::DepthLevel>& side, Price price, Quantity size) {
    if (!side.empty() && side.back().price == price) {  // IB shows one row per market maker
      side.back().size += size;
      return true;
    }
    if (side.size() == levels_shown) return false;
    view::DepthLevel level{.price = price, .size = size, .own = {}, .queue_percent = {}, .bought = {}, .sold = {}};
    if (const auto traded = traded_.find(price); traded != traded_.end()) {
      level.bought = traded->second.bought;
      level.sold = traded->second.sold;
    }
    side.push_back(level);
    return true;
  };
  const auto all = [&](std::vector<view::DepthLevel>& side, const auto& levels) {
    for (const auto& [price, size] : levels)
      if (!put(side, price, size)) break;
  };
  if (by_rows_) {
    all(depth.bids, rows_[static_cast<std::size_t>(BookSide::Bid)]);
    all(depth.asks, rows_[static_cast<std::size_t>(BookSide::Ask)]);
  } else {
    all(depth.bids, bids_);
    all(depth.asks, asks_);
  }
  if (!has_depth_) {  // level 1 only: the touch is the book
    if (quote_.bid) put(depth.bids, *quote_.bid, quote_.bid_size);
    if (quote_.ask) put(depth.asks, *quote_.ask, quote_.ask_size);
    depth.at = quote_.at;
  }
  return depth;
}

}  // namespace robo::serve
