#pragma once
// The markets that come with the program (data/README.md): what their symbols are, and all of them as one source.

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "edge/store/market_tape.hpp"

namespace robo::store {

using Calendars = std::map<std::string, Calendar, std::less<>>;

/// All *.csv of a folder of calendars, by name. Errors: every file that cannot be read, in one text.
[[nodiscard]] Result<Calendars, Problem> read_calendars(const std::filesystem::path& folder);

/// Asset class, exchange, price and size steps of a symbol that ships; a US stock with cents and round lots of 100 otherwise.
[[nodiscard]] Instrument instrument_named(std::string_view symbol);

enum class ShippedMarket : std::uint8_t {
  Us24,    // 24 US names, 2019-02-11 to 15, ticks reconstructed from 1-minute bars
  Taq,     // XXX, 2018-01-02 and 03, every quote and trade
  Crypto,  // BTCUSDT spot, 2024-08-08 23:54 to 2024-08-09 00:06 UTC, depth and trades
  Perpetual,  // BTCUSDT_PERP, 2024-08-08 23:54 to 24:00 UTC
  Sectors, // US sector ETFs, SPY and AGG, daily bars 2000 to 2025 as four ticks a session
  All,     // Us24 in its own time, with Taq moved to 2019-02-14 and 15 and Crypto to the opening bell of 2019-02-14
};
/// us24, taq, crypto, perpetual, sectors, all. Errors: another word.
[[nodiscard]] Result<ShippedMarket, Problem> shipped_market_named(std::string_view name);

/// `folder` is the data folder. `calendars` must outlive the tape.
[[nodiscard]] Result<std::unique_ptr<MarketTape>, Problem> open_shipped_market(const std::filesystem::path& folder, ShippedMarket market,
                                                                               const Calendars& calendars, TapeOptions options = {});

}  // namespace robo::store
