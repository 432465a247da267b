#pragma once
// Binary market frames: what goes over the WebSocket 10 to 60 times a second. Layout version 1.
//
// Everything is little-endian and everything after a header is a row of float64, so a page reads a block with one
// Float64Array and no parsing. (float64 instead of integer ticks costs bytes on a loopback, not time: 1.2 against 1.0 ms
// per 10,000 books in Chromium; it needs no per-instrument scale and is exact to 15 digits.)
//
//   frame   0 u32 magic 'RTMF' (0x464d5452)   4 u16 version   6 u16 header bytes (40)
//           8 u32 blocks                     12 u32 frame number of this connection, from 1
//          16 f64 sent at, ms since 1970 UTC (wall)
//          24 f64 engine time, ms since 1970 UTC
//          32 u32 trades this client missed since the last frame   36 u32 zero
//   block   0 u16 type   2 u16 columns   4 u32 rows   8 u32 instrument (all ones: the rows say it)   12 u32 extra
//          16 f64[rows * columns]
//
// A page skips a type it does not know by 16 + rows * columns * 8 bytes, and ignores columns beyond those it knows.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/time.hpp"

namespace robo::serve::frames {

inline constexpr std::uint32_t magic = 0x464d5452;
inline constexpr std::uint16_t version = 1;
inline constexpr std::size_t frame_header_bytes = 40;
inline constexpr std::size_t block_header_bytes = 16;
inline constexpr std::uint32_t every_instrument = 0xffffffff;

enum class BlockType : std::uint16_t { None, Quotes, Depth, Trades, Bars };

/// Flags of QuoteRow.
inline constexpr double quote_stale = 1, quote_crossed = 2, quote_halted = 4;

/// One row per subscribed instrument whose quote changed. NaN where there is no value.
struct QuoteRow {
  double instrument{};
  double bid{};
  double bid_size{};
  double ask{};
  double ask_size{};
  double last{};
  double last_size{};
  double volume{};
  double at_ms{};
  double flags{};
  double vwap{};             // of the session
  double relative_volume{};  // today's volume against the average of earlier days at this time
  using fields = Fields<&QuoteRow::instrument, &QuoteRow::bid, &QuoteRow::bid_size, &QuoteRow::ask, &QuoteRow::ask_size,
                        &QuoteRow::last, &QuoteRow::last_size, &QuoteRow::volume, &QuoteRow::at_ms, &QuoteRow::flags,
                        &QuoteRow::vwap, &QuoteRow::relative_volume>;
};
static_assert(Complete<QuoteRow>);

/// The whole book, bids then asks, best first. The block's instrument is in its header, its time in no row: see the frame.
struct DepthRow {
  double side{};  // 0 bid, 1 ask
  double price{};
  double size{};
  double own{};
  double queue_percent{};  // NaN where nothing of ours rests
  double bought{};
  double sold{};
  using fields = Fields<&DepthRow::side, &DepthRow::price, &DepthRow::size, &DepthRow::own, &DepthRow::queue_percent,
                        &DepthRow::bought, &DepthRow::sold>;
};
static_assert(Complete<DepthRow>);

/// Flags of TradeRow.
inline constexpr double trade_off_exchange = 1, trade_sweep = 2, trade_block = 4, trade_odd_lot = 8, trade_cancelled = 16;

/// Every trade since the last frame, oldest first.
struct TradeRow {
  double id{};
  double at_ms{};
  double price{};
  double size{};
  double side{};   // 1 the buyer was the aggressor, -1 the seller, 0 unknown
  double venue{};  // place in `venues` of the snapshot; -1 unknown
  double flags{};
  using fields = Fields<&TradeRow::id, &TradeRow::at_ms, &TradeRow::price, &TradeRow::size, &TradeRow::side,
                        &TradeRow::venue, &TradeRow::flags>;
};
static_assert(Complete<TradeRow>);

/// Bars that are new or changed, oldest first; `extra` of the block is the bar's length in seconds.
struct BarRow {
  double at_ms{};  // start
  double open{};
  double high{};
  double low{};
  double close{};
  double volume{};
  double vwap{};
  using fields = Fields<&BarRow::at_ms, &BarRow::open, &BarRow::high, &BarRow::low, &BarRow::close, &BarRow::volume, &BarRow::vwap>;
};
static_assert(Complete<BarRow>);

template <class Row>
inline constexpr std::size_t columns = Row::fields::count;

/// Collects blocks into one frame.
class FrameWriter {
 public:
  template <class Row>
  void block(BlockType type, std::uint32_t instrument, std::uint32_t extra, const std::vector<Row>& rows) {
    static_assert(sizeof(Row) == columns<Row> * sizeof(double), "a row is nothing but float64 columns");
    if (!rows.empty()) append(type, columns<Row>, rows.size(), instrument, extra, rows.data());
  }
  [[nodiscard]] bool empty() const { return blocks_ == 0; }
  /// The finished frame; the writer is empty again.
  [[nodiscard]] std::string finish(std::uint32_t number, Timestamp sent, Timestamp engine, std::uint32_t conflated);

 private:
  void append(BlockType type, std::size_t width, std::size_t rows, std::uint32_t instrument, std::uint32_t extra, const void* data);

  std::string bytes_ = std::string(frame_header_bytes, '\0');
  std::uint32_t blocks_ = 0;
};

}  // namespace robo::serve::frames
