#pragma once
// Any bytes through every reader of market-data files. What comes out must be sane; that it comes out at all is not asked.

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "edge/store/import_bars.hpp"
#include "edge/store/import_binance.hpp"
#include "edge/store/import_taq.hpp"
#include "model/calendar.hpp"

namespace robo::store::test {

/// Stops the program when a reader lets something through that nobody downstream may see.
class Strict final : public RecordSink {
 public:
  std::uint64_t rows = 0;
  void quote(std::string_view symbol, Date, const QuoteRecord& record) override {
    check(symbol, record.at);
    must(!record.bid.is_negative() && !record.ask.is_negative() && !record.bid_size.is_negative() && !record.ask_size.is_negative());
    if (record.bid_size.is_positive() && record.ask_size.is_positive()) must(record.bid <= record.ask);
  }
  void trade(std::string_view symbol, Date, const TradeRecord& record) override {
    check(symbol, record.at);
    must(record.price.is_positive() && record.size.is_positive());
  }
  void depth(std::string_view symbol, Date, const DepthRecord& record) override {
    check(symbol, record.at);
    must(!record.price.is_negative() && !record.size.is_negative());
  }
  void bar(std::string_view symbol, Date, const BarRecord& record) override {
    check(symbol, record.start);
    must(record.period.ns > 0 && record.low <= record.open && record.open <= record.high && record.low <= record.close && record.close <= record.high);
    must(!record.volume.is_negative() && (record.volume_known || record.volume.is_zero()));
  }

  static void must(bool sane, int line = __builtin_LINE()) {
    if (sane) return;
    std::fprintf(stderr, "a reader let nonsense through: line %d of this header\n", line);
    std::abort();
  }

 private:
  void check(std::string_view symbol, Timestamp at) {
    ++rows;
    must(!symbol.empty() && symbol.size() <= 24);
    must(at > Timestamp{-2'300'000'000'000'000'000} && at < Timestamp{7'300'000'000'000'000'000});  // 1897 to 2201
  }
};

inline std::uint64_t attack(std::string_view bytes, const Calendar& calendar) {
  Strict sink;
  const auto balanced = [](const ImportReport& report) {
    // A row of a table of prices counts each of them.
    Strict::must(report.refused <= report.rows * 256 && to_text(report).size() < 1'000'000);
  };
  for (const bool strict : {true, false}) {
    ImportOptions options{.consolidate = strict};
    if (strict) options.calendar = &calendar;
    balanced(import_taq_quotes("q.csv", bytes, options, sink));
    balanced(import_taq_trades("t.csv", bytes, options, sink));
    balanced(import_bars("b.csv", bytes, options, sink));
  }
  BinanceReader reader;
  balanced(reader.read("x.jsonl", bytes, {}, sink));
  balanced(reader.read("y.jsonl", bytes, {}, sink));
  (void)Calendar::parse(bytes);
  return sink.rows;
}

}  // namespace robo::store::test
