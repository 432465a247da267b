#pragma once
// Rows as they lie on disk: market data of one symbol and day, what was ordered, executed and told. Flat structs, so that
// the columns are the members. Prices, sizes and money are whole numbers of their scale, times UTC nanoseconds.

#include <cstdint>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "model/instrument.hpp"
#include "model/market.hpp"
#include "model/order.hpp"

namespace robo::store {

/// Best prices of one venue (its letter), or of all (venue 0). A side that does not exist has size 0.
struct QuoteRecord {
  Timestamp at{};
  Timestamp received_at{};
  std::uint8_t venue{};
  Price bid{}, ask{};
  Quantity bid_size{}, ask_size{};
  using fields = Fields<&QuoteRecord::at, &QuoteRecord::received_at, &QuoteRecord::venue, &QuoteRecord::bid, &QuoteRecord::ask,
                        &QuoteRecord::bid_size, &QuoteRecord::ask_size>;
};
static_assert(Complete<QuoteRecord>);

struct TradeRecord {
  Timestamp at{};
  Timestamp received_at{};
  std::uint8_t venue{};
  Aggressor aggressor{};
  std::uint16_t conditions{};     // bits of robo::trade_condition
  FixedText<8> sale_conditions{}; // as the tape wrote them
  Price price{};
  Quantity size{};
  using fields = Fields<&TradeRecord::at, &TradeRecord::received_at, &TradeRecord::venue, &TradeRecord::aggressor,
                        &TradeRecord::conditions, &TradeRecord::sale_conditions, &TradeRecord::price, &TradeRecord::size>;
};
static_assert(Complete<TradeRecord>);

struct DepthRecord {
  Timestamp at{};
  Timestamp received_at{};
  bool snapshot{};                // of a full book: the first of one voids what was there
  bool last_of_batch{};
  BookSide side{};
  Price price{};
  Quantity size{};                // new total at the price, 0 removes it
  std::int64_t update_id{};
  using fields = Fields<&DepthRecord::at, &DepthRecord::received_at, &DepthRecord::snapshot, &DepthRecord::last_of_batch,
                        &DepthRecord::side, &DepthRecord::price, &DepthRecord::size, &DepthRecord::update_id>;
};
static_assert(Complete<DepthRecord>);

/// A row of the book by its position from the touch, as IB sends depth.
struct DepthRowRecord {
  Timestamp at{};
  Timestamp received_at{};
  BookSide side{};
  RowOperation operation{};
  std::uint16_t position{};
  Price price{};
  Quantity size{};
  FixedText<6> maker{};
  using fields = Fields<&DepthRowRecord::at, &DepthRowRecord::received_at, &DepthRowRecord::side, &DepthRowRecord::operation,
                        &DepthRowRecord::position, &DepthRowRecord::price, &DepthRowRecord::size, &DepthRowRecord::maker>;
};
static_assert(Complete<DepthRowRecord>);

struct BarRecord {
  Timestamp start{};
  Duration period{};
  Price open{}, high{}, low{}, close{};
  Quantity volume{};
  bool volume_known{};
  DataOrigin origin{DataOrigin::Recorded};
  using fields = Fields<&BarRecord::start, &BarRecord::period, &BarRecord::open, &BarRecord::high, &BarRecord::low, &BarRecord::close,
                        &BarRecord::volume, &BarRecord::volume_known, &BarRecord::origin>;
};
static_assert(Complete<BarRecord>);

/// One step of an order's life.
struct OrderRecord {
  Timestamp at{};
  std::uint64_t session{}, number{};  // the order key
  std::int64_t perm_id{};
  std::int32_t client_id{}, order_id{};
  FixedText<24> symbol{};
  Side side{};
  FixedText<12> kind{};
  TimeInForce time_in_force{};
  OrderPurpose purpose{};
  Quantity quantity{};
  Price limit{}, trigger{};
  OrderState state{}, previous{};
  Quantity filled{};
  Price average_price{};
  std::int32_t code{};
  FixedText<120> text{};
  using fields = Fields<&OrderRecord::at, &OrderRecord::session, &OrderRecord::number, &OrderRecord::perm_id, &OrderRecord::client_id,
                        &OrderRecord::order_id, &OrderRecord::symbol, &OrderRecord::side, &OrderRecord::kind,
                        &OrderRecord::time_in_force, &OrderRecord::purpose, &OrderRecord::quantity, &OrderRecord::limit,
                        &OrderRecord::trigger, &OrderRecord::state, &OrderRecord::previous, &OrderRecord::filled,
                        &OrderRecord::average_price, &OrderRecord::code, &OrderRecord::text>;
};
static_assert(Complete<OrderRecord>);

struct ExecutionRecord {
  Timestamp at{};                     // when we booked it
  Timestamp executed_at{};            // the exchange's time
  ExecutionId execution{};
  std::uint64_t session{}, number{};
  std::int64_t perm_id{};
  FixedText<24> symbol{};
  Side side{};
  bool external{}, correction{};
  std::uint8_t liquidity{};
  Quantity quantity{};
  Price price{};
  FixedText<12> venue{};
  Quantity position_after{};
  Money realized{};
  Price arrival_price{};
  using fields = Fields<&ExecutionRecord::at, &ExecutionRecord::executed_at, &ExecutionRecord::execution, &ExecutionRecord::session,
                        &ExecutionRecord::number, &ExecutionRecord::perm_id, &ExecutionRecord::symbol, &ExecutionRecord::side,
                        &ExecutionRecord::external, &ExecutionRecord::correction, &ExecutionRecord::liquidity,
                        &ExecutionRecord::quantity, &ExecutionRecord::price, &ExecutionRecord::venue,
                        &ExecutionRecord::position_after, &ExecutionRecord::realized, &ExecutionRecord::arrival_price>;
};
static_assert(Complete<ExecutionRecord>);

/// Any fact, in the words of the wire (docs/api.md).
struct FactRecord {
  Timestamp at{};
  std::uint64_t sequence{};
  FixedText<24> kind{};
  FixedText<24> symbol{};
  std::string json{};
  using fields = Fields<&FactRecord::at, &FactRecord::sequence, &FactRecord::kind, &FactRecord::symbol, &FactRecord::json>;
};
static_assert(Complete<FactRecord>);

/// Takes rows as a file yields them; `day` is the date in the market's own zone.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  virtual void quote(std::string_view symbol, Date day, const QuoteRecord& record) = 0;
  virtual void trade(std::string_view symbol, Date day, const TradeRecord& record) = 0;
  virtual void depth(std::string_view symbol, Date day, const DepthRecord& record) = 0;
  virtual void bar(std::string_view symbol, Date day, const BarRecord& record) = 0;
};

}  // namespace robo::store
