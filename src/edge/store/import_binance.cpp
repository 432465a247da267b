#include "edge/store/import_binance.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <fmt/core.h>
#include <optional>
#include <vector>

#include "edge/store/detail/reading.hpp"

namespace robo::store {

namespace {

namespace bj = boost::json;

enum class Kind : std::uint8_t { Depth, Snapshot, Best, Trade };

/// One line, its levels in a common list.
struct Message {
  std::uint64_t line{};
  Kind kind{};
  Aggressor aggressor{};
  bool perpetual{};
  std::int64_t recorded_ns{}, exchange_ms{};          // exchange_ms 0: the message carries no time
  std::int64_t first_update{}, last_update{}, previous_update{};
  std::size_t first_level{}, bids{}, asks{};
};
struct Level {
  Price price{};
  Quantity size{};
};

std::string_view text_of(const bj::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string_view(value->get_string()) : std::string_view{};
}
std::int64_t number_of(const bj::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

/// A file's messages in memory. The skew of the recorder's clock is known only when all have been seen.
class Parser {
 public:
  explicit Parser(ImportReport& report) : report_(report) {}

  void line(std::uint64_t number, std::string_view row) {
    const auto refuse = [&](std::string_view why) {
      levels_.resize(kept_levels_);
      report_.refuse(why, number, row);
    };
    const auto blank = row.find(' ');
    const auto recorded = blank == std::string_view::npos ? std::nullopt : detail::read_integer(row.substr(0, blank));
    if (!recorded || *recorded < 0 || *recorded > 7'000'000'000'000'000'000) return refuse("no recorder time at the start of the line");
    bj::monotonic_resource memory(buffer_.data(), buffer_.size());
    bj::error_code error;
    const auto json = bj::parse(row.substr(blank + 1), error, &memory);
    if (error || !json.is_object()) return refuse("not a JSON object");
    Message message{.line = number, .recorded_ns = *recorded, .first_level = levels_.size()};
    const auto& outer = json.get_object();
    const auto* inner = outer.if_contains("data");
    const auto& data = inner != nullptr && inner->is_object() ? inner->get_object() : outer;
    const auto why = read(outer, data, message);
    if (!why.empty()) return refuse(why);
    if (!symbol_.empty() && !message_symbol_.empty() && symbol_ != message_symbol_) return refuse("another symbol than the file's");
    if (symbol_.empty()) symbol_ = message_symbol_;
    perpetual_ = perpetual_ || message.perpetual;
    if (message.exchange_ms > 0) {
      behind_ns_ = std::max(behind_ns_, message.exchange_ms * 1'000'000 - message.recorded_ns);
      timed_ = true;
    }
    kept_levels_ = levels_.size();
    messages_.push_back(message);
  }

  std::vector<Message> messages_;
  std::vector<Level> levels_;
  std::string symbol_;
  bool perpetual_{}, timed_{};
  std::int64_t behind_ns_{INT64_MIN};

 private:
  std::string_view read(const bj::object& outer, const bj::object& data, Message& message) {
    const auto stream = text_of(outer, "stream");
    message_symbol_ = std::string(text_of(data, "s"));
    const auto transaction = number_of(data, "T");
    message.exchange_ms = transaction != 0 ? transaction : number_of(data, "E");
    // 2001 to 2100: everything else is not a time in milliseconds.
    if (message.exchange_ms != 0 && (message.exchange_ms < 1'000'000'000'000 || message.exchange_ms > 4'102'444'800'000))
      return "the exchange's time is not one";
    if (data.contains("lastUpdateId")) {
      message.kind = Kind::Snapshot;
      message.last_update = number_of(data, "lastUpdateId");
      return read_levels(data, "bids", "asks", message);
    }
    if (message_symbol_.empty() || message_symbol_.size() > 18) return "no symbol";
    if (text_of(data, "e") == "depthUpdate") {
      message.kind = Kind::Depth;
      message.first_update = number_of(data, "U");
      message.last_update = number_of(data, "u");
      message.perpetual = data.contains("pu");
      message.previous_update = number_of(data, "pu");
      if (message.first_update <= 0 || message.last_update < message.first_update) return "depth without proper update ids";
      if (message.exchange_ms == 0) return "depth without a time";
      return read_levels(data, "b", "a", message);
    }
    if (stream.ends_with("@bookTicker") || text_of(data, "e") == "bookTicker") {
      message.kind = Kind::Best;
      const auto why = add_level(text_of(data, "b"), text_of(data, "B"));
      return why.empty() ? add_level(text_of(data, "a"), text_of(data, "A")) : why;
    }
    if (text_of(data, "e") == "trade" || text_of(data, "e") == "aggTrade") {
      message.kind = Kind::Trade;
      const auto* maker = data.if_contains("m");
      if (maker == nullptr || !maker->is_bool()) return "a trade without its side";
      message.aggressor = maker->get_bool() ? Aggressor::Seller : Aggressor::Buyer;
      const auto how = text_of(data, "X");
      if (!how.empty() && how != "MARKET") return "not a market trade (insurance fund, liquidation transfer)";
      if (message.exchange_ms == 0) return "a trade without a time";
      const auto why = add_level(text_of(data, "p"), text_of(data, "q"));
      if (!why.empty()) return why;
      return levels_.back().size.is_positive() && levels_.back().price.is_positive() ? std::string_view{} : "a trade without price or size";
    }
    return "not a depth, best-price or trade message";
  }

  std::string_view add_level(std::string_view price, std::string_view size) {
    const auto p = parse_decimal<Price>(price);
    const auto q = parse_decimal<Quantity>(size);
    if (!p || !q || p->is_negative() || q->is_negative()) return "a price or size is not a number";
    levels_.push_back({*p, *q});
    return {};
  }

  std::string_view read_levels(const bj::object& data, std::string_view bids, std::string_view asks, Message& message) {
    for (const bool bid : {true, false}) {
      const auto* list = data.if_contains(bid ? bids : asks);
      if (list == nullptr || !list->is_array()) return "levels are missing";
      for (const auto& level : list->get_array()) {
        const auto* pair = level.if_array();
        if (pair == nullptr || pair->size() < 2 || !(*pair)[0].is_string() || !(*pair)[1].is_string()) return "a level is not a pair";
        if (const auto why = add_level((*pair)[0].get_string(), (*pair)[1].get_string()); !why.empty()) return why;
      }
      (bid ? message.bids : message.asks) = list->get_array().size();
    }
    return {};
  }

  ImportReport& report_;
  std::string message_symbol_;
  std::size_t kept_levels_ = 0;
  std::array<unsigned char, 1 << 16> buffer_{};
};

}  // namespace

ImportReport BinanceReader::read(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                                 const Progress& progress) {
  ImportReport report;
  report.file = std::string(file);
  report.listener = options.listener;
  Parser parser(report);
  Lines lines(text);
  const auto bytes = static_cast<double>(std::max<std::size_t>(text.size(), 1));
  for (std::string_view row; lines.next(row);) {
    if (detail::trimmed(row).empty()) continue;
    ++report.rows;
    parser.line(lines.number(), row);
    if (report.rows % 1024 == 0 && progress && !progress(1.0 - static_cast<double>(lines.bytes_left()) / bytes)) {
      report.notes.push_back(fmt::format("stopped on request at line {}", lines.number()));
      break;
    }
  }
  const auto& messages = parser.messages_;
  if (messages.empty()) {
    report.format = "Binance streams";
    report.notes.push_back("nothing was read: no line holds a Binance message");
    report.listener = nullptr;
    return report;
  }

  std::string symbol = options.symbol;
  if (symbol.empty()) symbol = parser.symbol_.empty() ? "UNKNOWN" : parser.symbol_ + (parser.perpetual_ ? "_PERP" : "");
  report.format = fmt::format("Binance {} streams: depth, best prices, trades", parser.perpetual_ ? "perpetual" : "spot");
  report.symbols = {symbol};

  // The exchange's times have milliseconds, so a right clock can seem up to one behind.
  std::int64_t skew_ns = 0;
  if (parser.timed_ && parser.behind_ns_ > 1'000'000) {
    skew_ns = parser.behind_ns_ + 1'000'000;
    report.notes.push_back(fmt::format("the recorder's clock ran at least {:.3f} s behind the exchange: all receive times moved by it",
                                       static_cast<double>(parser.behind_ns_) * 1e-9));
  }

  auto& book = books_[symbol];
  const bool continues = book.whole;
  bool ever_whole = book.whole;
  Timestamp first{INT64_MAX}, last{INT64_MIN}, depth_at{INT64_MIN};
  std::vector<std::size_t> waiting;  // diffs that came before the snapshot they build on
  const auto received = [&](const Message& m) { return Timestamp{m.recorded_ns + skew_ns}; };
  const auto happened = [&](const Message& m) { return m.exchange_ms > 0 ? Timestamp{m.exchange_ms * 1'000'000} : received(m); };
  const auto day = [](Timestamp at) { return Date{static_cast<std::int32_t>(at.ns / hours(24).ns)}; };
  const auto keep = [&](Timestamp at) {
    ++report.kept;
    first = std::min(first, at);
    last = std::max(last, at);
  };

  const auto emit_depth = [&](const Message& m) {
    const bool snapshot = m.kind == Kind::Snapshot;
    depth_at = std::max(depth_at, happened(m));  // diffs are numbered; their clock may stutter
    const std::size_t count = m.bids + m.asks;
    for (std::size_t i = 0; i < count; ++i) {
      const auto& level = parser.levels_[m.first_level + i];
      sink.depth(symbol, day(depth_at),
                 {.at = depth_at, .received_at = received(m), .snapshot = snapshot, .last_of_batch = i + 1 == count,
                  .side = i < m.bids ? BookSide::Bid : BookSide::Ask, .price = level.price, .size = level.size, .update_id = m.last_update});
    }
    book.last_update = m.last_update;
    keep(depth_at);
  };
  const auto take_diff = [&](const Message& m, bool first_after_snapshot) {
    if (m.last_update <= book.last_update) {
      report.refuse("depth older than the snapshot", m.line, {});
      return;
    }
    const bool follows = first_after_snapshot ? m.first_update <= book.last_update + 1
                         : m.perpetual        ? m.previous_update == book.last_update
                                              : m.first_update == book.last_update + 1;
    if (!follows) {
      book.whole = false;
      sink.depth(symbol, day(happened(m)), {.at = std::max(depth_at, happened(m)), .received_at = received(m), .snapshot = true,
                                            .last_of_batch = true, .side = BookSide::Bid, .update_id = m.last_update});
      report.flag(fmt::format("gap: updates {} to {} are missing; the book is void until a snapshot", book.last_update + 1, m.first_update - 1),
                  m.line, {});
      report.refuse("depth after a gap, before the next snapshot", m.line, {});
      return;
    }
    emit_depth(m);
  };

  bool fresh = false;  // the next diff is the first after a snapshot
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& m = messages[i];
    switch (m.kind) {
      case Kind::Snapshot: {
        book.whole = ever_whole = fresh = true;
        emit_depth(m);
        for (const auto index : waiting) {
          const auto before = book.last_update;
          take_diff(messages[index], fresh);
          if (book.last_update != before) fresh = false;
        }
        waiting.clear();
        break;
      }
      case Kind::Depth:
        if (!book.whole && !ever_whole) {
          waiting.push_back(i);
        } else if (!book.whole) {
          report.refuse("depth after a gap, before the next snapshot", m.line, {});
        } else {
          const auto before = book.last_update;
          take_diff(m, fresh);
          if (book.last_update != before) fresh = false;
        }
        break;
      case Kind::Best: {
        const auto& bid = parser.levels_[m.first_level];
        const auto& ask = parser.levels_[m.first_level + 1];
        if (bid.size.is_positive() && ask.size.is_positive() && bid.price > ask.price) {
          report.refuse("best bid above best ask", m.line, {});
          break;
        }
        const auto at = happened(m);
        sink.quote(symbol, day(at), {.at = at, .received_at = received(m), .bid = bid.price, .ask = ask.price, .bid_size = bid.size, .ask_size = ask.size});
        keep(at);
        break;
      }
      case Kind::Trade: {
        const auto& traded = parser.levels_[m.first_level];
        const auto at = happened(m);
        sink.trade(symbol, day(at), {.at = at, .received_at = received(m), .aggressor = m.aggressor, .price = traded.price, .size = traded.size});
        keep(at);
        break;
      }
    }
  }
  for (const auto index : waiting)
    report.refuse("depth without a snapshot: read the file that it continues first", messages[index].line, {});
  if (continues && ever_whole) report.notes.push_back("continues the book of the file before it");
  if (first <= last) {
    report.first = to_text(first);
    report.last = to_text(last);
  }
  if (progress) (void)progress(1.0);
  report.listener = nullptr;
  return report;
}

}  // namespace robo::store
