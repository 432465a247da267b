#pragma once
// What the market said. All of it passes by value; sizes in units (shares, contracts, coins), never in lots.

#include <array>
#include <cstdint>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo {

/// Best bid and offer. A side that does not exist has size 0. `live` false: delayed or frozen data.
struct Quote {
  InstrumentId instrument{};
  bool live{true};
  std::uint8_t bid_venue{}, ask_venue{};  // TAQ exchange letter where known
  Price bid{}, ask{};
  Quantity bid_size{}, ask_size{};
  using fields = Fields<&Quote::instrument, &Quote::live, &Quote::bid_venue, &Quote::ask_venue, &Quote::bid, &Quote::ask,
                        &Quote::bid_size, &Quote::ask_size>;
};

enum class Aggressor : std::uint8_t { Unknown, Buyer, Seller };
template <>
struct EnumNames<Aggressor> {
  static constexpr std::array<std::string_view, 3> names{"unknown", "buyer", "seller"};
};

/// Bits of Trade::conditions.
namespace trade_condition {
inline constexpr std::uint16_t odd_lot = 1, sweep = 2, off_exchange = 4, auction = 8, extended_hours = 16, late = 32,
                               not_last = 64,     // does not update the last price
                               not_volume = 128;  // does not count as volume (a re-report)
}

struct Trade {
  InstrumentId instrument{};
  Aggressor aggressor{};
  std::uint8_t venue{};
  std::uint16_t conditions{};
  Price price{};
  Quantity size{};
  using fields = Fields<&Trade::instrument, &Trade::aggressor, &Trade::venue, &Trade::conditions, &Trade::price, &Trade::size>;
};

enum class BookSide : std::uint8_t { Ask, Bid };  // IB's numbering
template <>
struct EnumNames<BookSide> {
  static constexpr std::array<std::string_view, 2> names{"ask", "bid"};
};
enum class RowOperation : std::uint8_t { Insert, Update, Delete };  // IB's numbering
template <>
struct EnumNames<RowOperation> {
  static constexpr std::array<std::string_view, 3> names{"insert", "update", "delete"};
};

/// One row of depth as IB sends it: by position from the touch.
struct DepthRow {
  InstrumentId instrument{};
  BookSide side{};
  RowOperation operation{};
  std::uint16_t position{};
  Price price{};
  Quantity size{};
  FixedText<6> maker{};
  using fields = Fields<&DepthRow::instrument, &DepthRow::side, &DepthRow::operation, &DepthRow::position, &DepthRow::price,
                        &DepthRow::size, &DepthRow::maker>;
};

/// One price level with its new total size (0 removes it): the form of crypto exchanges.
struct DepthLevel {
  InstrumentId instrument{};
  BookSide side{};
  bool last_of_batch{};  // the book is consistent after this one
  Price price{};
  Quantity size{};
  using fields = Fields<&DepthLevel::instrument, &DepthLevel::side, &DepthLevel::last_of_batch, &DepthLevel::price, &DepthLevel::size>;
};

/// The book of the instrument is void; rows follow anew (IB codes 316, 317; a gap in a feed).
struct DepthReset {
  InstrumentId instrument{};
  using fields = Fields<&DepthReset::instrument>;
};

struct Bar {
  InstrumentId instrument{};
  std::uint32_t trades{};
  Timestamp start{};
  Duration period{};
  Price open{}, high{}, low{}, close{};
  Quantity volume{};
  Price vwap{};
  using fields = Fields<&Bar::instrument, &Bar::trades, &Bar::start, &Bar::period, &Bar::open, &Bar::high, &Bar::low, &Bar::close,
                        &Bar::volume, &Bar::vwap>;
};

enum class TradingPhase : std::uint8_t { Closed, PreMarket, Regular, PostMarket, Halted };
template <>
struct EnumNames<TradingPhase> {
  static constexpr std::array<std::string_view, 5> names{"closed", "pre_market", "regular", "post_market", "halted"};
};

/// The instrument's session turned. `until` is when this phase ends by the calendar (0: not known, as in a halt).
struct PhaseChange {
  InstrumentId instrument{};
  TradingPhase phase{};
  Date trade_date{};
  Timestamp until{};
  using fields = Fields<&PhaseChange::instrument, &PhaseChange::phase, &PhaseChange::trade_date, &PhaseChange::until>;
};

}  // namespace robo
