#pragma once
// Brings a file of market data into the store: sees what it is, reads it by that format's rules, writes partitions.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "edge/store/import_binance.hpp"
#include "edge/store/import_options.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"

namespace robo::store {

enum class FileFormat : std::uint8_t { Unknown, TaqQuotes, TaqTrades, Bars, Binance };

/// By the header, or the first line of JSON; never by the file's name.
[[nodiscard]] FileFormat format_of(std::string_view text);

struct ImportRequest {
  std::filesystem::path file{};
  std::string symbol{};                 // the rest as in ImportOptions, in words
  std::string zone{};
  std::string calendar{};               // NYSE, CME, ...; empty: by the file (a Chicago clock: CME, Binance and UTC clocks: 24x7, else NYSE)
  std::string stamp{};                  // start, end; empty: detect
  std::string dates{};                  // month-first, day-first; empty: detect
  std::optional<Duration> period{};
  bool allow_pseudo_dates{};
  std::string adjusted_until{};         // the day until which the prices are adjusted for splits; empty: as traded
  RowListener listener{};               // told of every row that is repaired, refused or flagged
  bool consolidate{true};               // TAQ quotes: store the best of all venues too (venue 0)
};

struct ImportOutcome {
  ImportReport report{};
  WriteSummary written{};
};

/// Reads files one after the other; keep one Importer for files that continue each other (recorded depth). Thread: one.
class Importer {
 public:
  Importer(std::filesystem::path root, const Calendars& calendars) : root_(std::move(root)), calendars_(calendars) {}

  /// Errors: the file cannot be read or is of no known format, an option is wrong, the store cannot be written. Bad rows are
  /// no error: they are in the report.
  [[nodiscard]] Result<ImportOutcome, Problem> import(const ImportRequest& request, const Progress& progress = {});

 private:
  std::filesystem::path root_;
  const Calendars& calendars_;
  BinanceReader binance_;
};

/// Reads a file by its format's rules into `sink`, and writes nothing: what an import would say. Errors as Importer::import's.
[[nodiscard]] Result<ImportReport, Problem> examine(const ImportRequest& request, const Calendars& calendars, RecordSink& sink, const Progress& progress = {});

/// The outcome for people: the report, and what was written where.
[[nodiscard]] std::string to_text(const ImportOutcome& outcome, const std::filesystem::path& root);

}  // namespace robo::store
