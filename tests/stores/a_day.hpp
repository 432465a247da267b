#pragma once
// A small day in a journal: instruments, quotes, trades, depth, bars, an order with its fills, marks. Written as the engine does.

#include <filesystem>

#include "edge/journal/writer.hpp"
#include "kernel/kernel.hpp"

namespace robo::test {

inline Timestamp day_start() { return Timestamp{1'514'903'400'000'000'000}; }  // 2018-01-02T14:30Z

/// Appends to a journal; knows how many rows of each table it meant.
class Day {
 public:
  explicit Day(const std::filesystem::path& folder, std::uint64_t session = 7, std::size_t segment = 1u << 20) {
    auto opened = journal::Writer::open({.folder = folder, .session = session, .segment_size = segment, .sync_every = milliseconds(5), .patient = true});
    writer_ = std::move(opened.value());
  }
  void begin() {
    EngineStarted started{.session = 7, .mode = TradingMode::Paper, .account = "DU1"};
    event(Boxed<EngineStarted>{&started});
    instrument(0, "XXX");
    instrument(1, "BRK/B");
  }
  void instrument(std::uint32_t id, std::string_view symbol) {
    Instrument made{.id = InstrumentId{id}, .symbol = symbol, .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
    event(Boxed<Instrument>{&made});
  }
  void quote(std::int64_t i, std::uint32_t id = 0) {
    event(Quote{.instrument = InstrumentId{id}, .bid = Price::from_raw(100'000'000'001 + i), .ask = price(100, 2), .bid_size = shares(100), .ask_size = shares(200)});
    ++quotes;
  }
  void trade(Price at, std::int64_t size, std::uint16_t conditions = 0, std::uint32_t id = 0) {
    event(Trade{.instrument = InstrumentId{id}, .aggressor = Aggressor::Buyer, .venue = 'P', .conditions = conditions, .price = at, .size = shares(size)});
    ++trades;
  }
  void depth() {
    event(DepthRow{.instrument = InstrumentId{1}, .side = BookSide::Bid, .operation = RowOperation::Insert, .position = 2, .price = price(5), .size = shares(3), .maker = "ARCA"});
    event(DepthLevel{.instrument = InstrumentId{0}, .side = BookSide::Ask, .last_of_batch = true, .price = price(6), .size = shares(4)});
  }
  void fill(std::uint64_t number, std::string_view text = "") {
    const OrderIntent intent{.key = {7, number}, .instrument = InstrumentId{0}, .side = Side::Buy, .quantity = shares(10), .kind = Limit{price(101)}};
    fact(OrderChanged{.intent = intent, .state = OrderState::Filled, .filled = shares(10), .average_price = price(100), .text = text});
    fact(OrderFilled{.execution = {.id = FixedText<40>(std::string_view("e." + std::to_string(number))), .key = intent.key, .instrument = InstrumentId{0}, .side = Side::Buy, .quantity = shares(10),
                                   .price = price(100), .executed_at = now_},
                     .intent = intent, .position_after = shares(10), .realized = Money::from_raw(-1'234'567)});
    ++orders;
    ++executions;
  }
  void mark() { fact(EquityMarked{.equity = Money::whole(1'000'000)}); }

  void event(const EventPayload& payload) {
    now_ = now_ + nanoseconds(1'000'001);
    writer_->on_event({.at = now_, .received_at = now_ + microseconds(3), .payload = payload});
  }
  template <class T>
  void fact(const T& payload) {
    writer_->on_fact({.at = now_, .payload = payload});
    ++facts;
  }
  void later(Duration d) { now_ = now_ + d; }
  void close() { writer_.reset(); }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] std::uint64_t records() const { return writer_->records(); }

  std::uint64_t quotes = 0, trades = 0, facts = 0, orders = 0, executions = 0;

 private:
  std::unique_ptr<journal::Writer> writer_;
  Timestamp now_ = day_start();
};

}  // namespace robo::test
