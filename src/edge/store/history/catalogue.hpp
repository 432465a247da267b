#pragma once
// What a store holds, by symbol, kind and bar size: told from the files' footers, without reading rows.

#include <filesystem>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"

namespace robo::store::history {

struct Holding {
  std::string symbol{};
  std::string kind{};                    // quotes trades depth bars daily_bars
  std::string size{};                    // of bars: "1 min"; several lengths in one file: "1 min to 15 mins"
  Timestamp first{}, last{};
  std::uint64_t days{};                  // with at least one row; of daily bars: bars
  std::uint64_t days_missing{};          // between first and last, by the calendar
  std::uint64_t rows{}, rows_repaired{}; // repaired: as the files tell it
  std::uint64_t parts{}, bytes{};
  std::vector<std::string> sources{};
  std::string adjusted{};                // "as traded", "splits until 2026-11-23", or both
  using fields = Fields<&Holding::symbol, &Holding::kind, &Holding::size, &Holding::first, &Holding::last, &Holding::days, &Holding::days_missing,
                        &Holding::rows, &Holding::rows_repaired, &Holding::parts, &Holding::bytes, &Holding::sources, &Holding::adjusted>;
};
static_assert(Complete<Holding>);

struct Catalogue {
  std::vector<Holding> holdings{};       // by symbol, kind, size
  std::vector<std::string> damaged{};    // files that could not be read, with the reason
  using fields = Fields<&Catalogue::holdings, &Catalogue::damaged>;
};
static_assert(Complete<Catalogue>);

struct Selection {
  std::vector<std::string> symbols{};    // empty: all
  std::vector<std::string> kinds{};      // empty: all market data
  std::optional<Date> from{}, until{};   // [from, until)
  [[nodiscard]] bool wants(std::string_view symbol) const;
  [[nodiscard]] bool wants_kind(std::string_view kind) const;
};

inline constexpr std::string_view market_kinds[] = {"quotes", "trades", "depth", "bars", "daily_bars"};
/// Where what a repair replaced is kept: a store of its own, with the same folders.
inline constexpr std::string_view replaced_folder = "replaced";
/// Notes in a part's footer.
inline constexpr std::string_view source_note = "source", adjusted_note = "adjusted_until", repaired_note = "repaired_rows";

[[nodiscard]] Catalogue catalogue(const std::filesystem::path& root, const Selection& selection, const Calendars& calendars);

/// "1 min", "5 secs", "2 hours", "1 day", "1 week": IB's words for the lengths it has, else seconds.
[[nodiscard]] std::string words_of(Duration period);

/// The calendar of a symbol; null when there is none of its name.
[[nodiscard]] const Calendar* calendar_of(std::string_view symbol, const Calendars& calendars);

}  // namespace robo::store::history
