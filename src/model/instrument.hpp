#pragma once
// What can be traded: identity at IB, money terms, price grid, where its data comes from.

#include <array>
#include <cstdint>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/fixed_vector.hpp"
#include "base/time.hpp"
#include "model/ids.hpp"

namespace robo {

enum class AssetClass : std::uint8_t { Stock, Etf, Future, Forex, Crypto, Option, Combo, Index };
template <>
struct EnumNames<AssetClass> {
  static constexpr std::array<std::string_view, 8> names{"stock", "etf", "future", "forex", "crypto", "option", "combo", "index"};
};

enum class OptionRight : std::uint8_t { None, Call, Put };
template <>
struct EnumNames<OptionRight> {
  static constexpr std::array<std::string_view, 3> names{"none", "call", "put"};
};

/// Where the market data of an instrument comes from; shown beside every number made of it. Repaired: asked for again later,
/// because what had been recorded was missing or wrong.
enum class DataOrigin : std::uint8_t { Live, Recorded, ReconstructedFromBars, Repaired };
template <>
struct EnumNames<DataOrigin> {
  static constexpr std::array<std::string_view, 4> names{"live", "recorded", "reconstructed_from_1_minute_bars", "repaired"};
};

/// Prices from low_edge up move in steps of increment (IB market rule).
struct TickBand {
  Price low_edge{};
  Price increment{};
  using fields = Fields<&TickBand::low_edge, &TickBand::increment>;
};

struct TickTable {
  std::array<TickBand, 6> bands{};
  std::uint32_t count{};

  /// One step for every price.
  static constexpr TickTable flat(Price increment) {
    TickTable table;
    table.bands[0] = {Price{}, increment};
    table.count = 1;
    return table;
  }
  /// Increment in force at `price` (its absolute value). 1e-9 when the table is empty.
  [[nodiscard]] constexpr Price increment_at(Price price) const {
    Price step = count == 0 ? Price::from_raw(1) : bands[0].increment;
    for (std::uint32_t i = 0; i < count; ++i)
      if (price.abs() >= bands[i].low_edge) step = bands[i].increment;
    return step;
  }
  [[nodiscard]] constexpr bool on_grid(Price price) const { return price.raw % increment_at(price).raw == 0; }
  /// Largest grid price <= price.
  [[nodiscard]] constexpr Price floor(Price price) const {
    const auto step = increment_at(price).raw;
    const auto rest = price.raw % step;
    return Price::from_raw(price.raw - (rest < 0 ? rest + step : rest));
  }
  /// Smallest grid price >= price.
  [[nodiscard]] constexpr Price ceil(Price price) const {
    const auto below = floor(price);
    return below == price ? price : Price::from_raw(below.raw + increment_at(price).raw);
  }
  using fields = Fields<&TickTable::bands, &TickTable::count>;
};

struct ComboLeg {
  ContractId contract{};
  std::int32_t ratio{};  // negative: sold
  using fields = Fields<&ComboLeg::contract, &ComboLeg::ratio>;
};

struct Instrument {
  InstrumentId id{};
  ContractId contract{};
  AssetClass asset_class{};
  OptionRight right{};
  DataOrigin origin{};
  FixedText<24> symbol{};
  FixedText<12> exchange{};
  FixedText<12> primary_exchange{};
  FixedText<24> local_symbol{};
  FixedText<16> trading_class{};
  CurrencyCode currency{};
  FixedText<12> calendar{};       // NYSE, NASDAQ, CME, FX, 24x7
  std::int64_t multiplier{1};     // money per point and unit: 1 share, 50 for ES, 100 for US options
  TickTable ticks{};
  Quantity size_increment{};      // smallest step of an order's quantity
  Quantity lot{};                 // round lot; 0: no such notion
  Date expiry{};                  // futures, options
  Price strike{};
  std::array<ComboLeg, 4> legs{};
  std::uint32_t leg_count{};
  FixedText<32> sector{};         // of the settings, else IB's industry; empty: not known
  using fields = Fields<&Instrument::id, &Instrument::contract, &Instrument::asset_class, &Instrument::right,
                        &Instrument::origin, &Instrument::symbol, &Instrument::exchange,
                        &Instrument::primary_exchange, &Instrument::local_symbol, &Instrument::trading_class,
                        &Instrument::currency, &Instrument::calendar, &Instrument::multiplier, &Instrument::ticks,
                        &Instrument::size_increment, &Instrument::lot, &Instrument::expiry, &Instrument::strike,
                        &Instrument::legs, &Instrument::leg_count, &Instrument::sector>;
};

}  // namespace robo
