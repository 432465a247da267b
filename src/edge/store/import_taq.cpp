#include "edge/store/import_taq.hpp"

#include <fmt/core.h>
#include <optional>

#include "edge/store/detail/reading.hpp"
#include "edge/store/nbbo.hpp"
#include "model/sale_conditions.hpp"

namespace robo::store {

using detail::read_decimal;
using detail::read_integer;
using detail::Reading;
using detail::trimmed;

namespace {

/// Columns, clock and checks that quotes and trades share.
class Tape {
 public:
  Tape(std::string_view file, std::string_view text, const ImportOptions& options, const Progress& progress)
      : reading(file, text, options, progress), text_(text) {}

  /// Why nothing can be read; empty when all is well.
  std::string open(std::initializer_list<std::pair<int, std::string_view>> needed) {
    time_ = reading.column({"DT", "datetime", "timestamp", "time"});
    symbol_ = reading.column({"SYMBOL", "SYM_ROOT", "ticker"});
    venue_ = reading.column({"EX", "exchange"});
    if (time_ < 0) return "the header has no DT column";
    for (const auto& [column, name] : needed)
      if (column < 0) return fmt::format("the header has no {} column", name);
    auto zone = detail::zone_of(reading.options, {});
    if (!zone) return zone.error().text;
    clock_.emplace(*zone);
    fallback_ = reading.options.symbol.empty() ? detail::symbol_of_file(reading.report.file) : reading.options.symbol;
    const auto pseudo = detail::pseudo_dates(text_, time_, detail::DateOrder::YearFirst, reading.options);
    if (pseudo.whole_file())
      return fmt::format("{} of its {} dates are not trading days of {} ({} for one): these are pseudo-dates, made up to hide the real "
                         "ones. Take it with --allow-pseudo-dates, and never join it on a calendar",
                         pseudo.closed, pseudo.days, reading.options.calendar->name(), pseudo.example);
    return {};
  }

  /// Reads time, day, symbol and venue of the row; refuses it when they are wrong.
  bool stamp() {
    const auto wall = detail::read_wall_time(reading.cell(time_), detail::DateOrder::YearFirst);
    if (!wall || !wall->has_time) return refuse("the time cannot be read");
    day = wall->local.date;
    if (!reading.trades_on(day)) return refuse("not a trading day of the calendar");
    at = clock_->to_utc(*wall);
    symbol = symbol_ < 0 ? std::string_view(fallback_) : trimmed(reading.cell(symbol_));
    if (symbol.empty() || symbol.size() > 24) return refuse("the symbol is empty or longer than 24 characters");
    const auto letter = venue_ < 0 ? std::string_view{} : trimmed(reading.cell(venue_));
    if (letter.size() > 1 || (letter.size() == 1 && (letter[0] < 'A' || letter[0] > 'Z'))) return refuse("the exchange is not a letter");
    venue = letter.empty() ? std::uint8_t{} : static_cast<std::uint8_t>(letter[0]);
    if (at < last_) reading.flag("earlier than the row before it (sorted by time when stored)");
    last_ = at;
    return true;
  }

  bool refuse(std::string_view reason) {
    reading.refuse(reason);
    return false;
  }

  Reading reading;
  Timestamp at{};
  Date day{};
  std::string_view symbol{};
  std::uint8_t venue{};

 private:
  std::string_view text_;
  std::optional<detail::ZoneReader> clock_;
  std::string fallback_;
  int time_ = -1, symbol_ = -1, venue_ = -1;
  Timestamp last_{INT64_MIN};
};

constexpr std::int64_t round_lot = 100;
constexpr Quantity size_max = shares(10'000'000'000);

}  // namespace

ImportReport import_taq_quotes(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                               const Progress& progress) {
  Tape tape(file, text, options, progress);
  auto& reading = tape.reading;
  reading.report.format = "TAQ quotes, sizes in round lots of 100";
  const int bid = reading.column({"BID"}), bid_size = reading.column({"BIDSIZ", "BID_SIZE"});
  const int ask = reading.column({"OFR", "ASK"}), ask_size = reading.column({"OFRSIZ", "ASKSIZ", "ASK_SIZE"});
  if (const auto why = tape.open({{bid, "BID"}, {bid_size, "BIDSIZ"}, {ask, "OFR"}, {ask_size, "OFRSIZ"}}); !why.empty())
    return reading.refused_whole(why);

  Nbbo nbbo;
  std::string nbbo_symbol;
  Date nbbo_day{};
  while (reading.next()) {
    if (!tape.stamp()) continue;
    const auto b = read_decimal<Price>(reading.cell(bid)), a = read_decimal<Price>(reading.cell(ask));
    const auto bs = read_decimal<Quantity>(reading.cell(bid_size)), as = read_decimal<Quantity>(reading.cell(ask_size));
    if (!b || !a || !bs || !as) {
      reading.refuse("a price or size is not a number");
      continue;
    }
    if (b->value.is_negative() || a->value.is_negative() || bs->value.is_negative() || as->value.is_negative()) {
      reading.refuse("a price or size is negative");
      continue;
    }
    if (bs->value > size_max || as->value > size_max) {
      reading.refuse("a size is impossibly large");
      continue;
    }
    QuoteRecord quote{.at = tape.at, .received_at = tape.at, .venue = tape.venue, .bid = b->value, .ask = a->value,
                      .bid_size = bs->value * round_lot, .ask_size = as->value * round_lot};
    // A side is there when it has a price and a size; the tape writes 0 for a side that is not.
    const bool no_bid = quote.bid.is_zero() || quote.bid_size.is_zero(), no_ask = quote.ask.is_zero() || quote.ask_size.is_zero();
    if (no_bid) quote.bid = Price{}, quote.bid_size = Quantity{};
    if (no_ask) quote.ask = Price{}, quote.ask_size = Quantity{};
    if (no_bid && no_ask) reading.flag("the venue withdrew both sides (written as 0)");
    else if (no_bid || no_ask) reading.flag("one-sided: the other side is written as 0");
    else if (quote.bid > quote.ask) {
      reading.refuse("bid above ask of the same venue");
      continue;
    } else if (quote.bid == quote.ask) {
      reading.flag("locked: bid equals ask of the same venue");
    }
    if (b->rounded || a->rounded) reading.repaired("a price has more digits than 1e-9: rounded");
    sink.quote(tape.symbol, tape.day, quote);
    reading.kept(tape.symbol, tape.at);
    if (!options.consolidate) continue;
    if (tape.symbol != nbbo_symbol || tape.day != nbbo_day) {
      nbbo.clear();
      nbbo_symbol = std::string(tape.symbol);
      nbbo_day = tape.day;
    }
    nbbo.apply(quote.venue, quote.bid, quote.bid_size, quote.ask, quote.ask_size);
    const auto& best = nbbo.best();
    sink.quote(tape.symbol, tape.day, {.at = quote.at, .received_at = quote.at, .venue = 0, .bid = best.bid, .ask = best.ask,
                                       .bid_size = best.bid_size, .ask_size = best.ask_size});
  }
  return reading.finish();
}

ImportReport import_taq_trades(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                               const Progress& progress) {
  Tape tape(file, text, options, progress);
  auto& reading = tape.reading;
  reading.report.format = "TAQ trades";
  const int price = reading.column({"PRICE"}), size = reading.column({"SIZE"}), letters = reading.column({"COND", "TR_SCOND"});
  const int correction = reading.column({"CORR", "TR_CORR"});
  if (const auto why = tape.open({{price, "PRICE"}, {size, "SIZE"}}); !why.empty()) return reading.refused_whole(why);
  if (letters < 0) reading.report.notes.push_back("no sale conditions in this file: auctions, late and odd-lot prints cannot be told apart");

  while (reading.next()) {
    if (!tape.stamp()) continue;
    const auto p = read_decimal<Price>(reading.cell(price));
    const auto s = read_decimal<Quantity>(reading.cell(size));
    if (!p || !s) {
      reading.refuse("price or size is not a number");
      continue;
    }
    if (!p->value.is_positive() || !s->value.is_positive() || s->value > size_max) {
      reading.refuse("price or size is not positive, or impossibly large");
      continue;
    }
    if (correction >= 0) {
      const auto code = read_integer(reading.cell(correction));
      // 0 good, 1 corrected (the row holds the corrected data), 2 symbol corrected; the others never counted in the end.
      if (!code || *code < 0 || *code > 12) {
        reading.refuse("the correction code is not known");
        continue;
      }
      if (*code == 8 || *code == 7) {
        reading.refuse("cancelled later (correction code 7 or 8)");
        continue;
      }
      if (*code >= 10) {
        reading.refuse("the record of a cancel, error or correction, not a trade (code 10 to 12)");
        continue;
      }
      if (*code == 1 || *code == 2) reading.flag("corrected on the tape (code 1 or 2): the row holds the corrected data");
    }
    TradeRecord trade{.at = tape.at, .received_at = tape.at, .venue = tape.venue, .price = p->value, .size = s->value};
    if (letters >= 0) trade.sale_conditions = FixedText<8>(trimmed(reading.cell(letters)));
    trade.conditions = conditions_of(trade.sale_conditions.view(), trade.venue);
    if ((trade.conditions & trade_condition::not_volume) != 0)
      reading.flag("official open or close (Q, M, 9): repeats a print, does not count as volume");
    if ((trade.conditions & trade_condition::late) != 0) reading.flag("reported late or out of sequence: does not set the last price");
    if (p->rounded) reading.repaired("a price has more digits than 1e-9: rounded");
    sink.trade(tape.symbol, tape.day, trade);
    reading.kept(tape.symbol, tape.at);
  }
  return reading.finish();
}

}  // namespace robo::store
