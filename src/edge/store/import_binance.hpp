#pragma once
// Recorded Binance streams, spot and perpetual: depth diffs and snapshots, best bid and offer, trades. One line is the
// recorder's clock in nanoseconds, a blank, and the exchange's JSON.
//
// What is done with each trap: docs/import.md.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "edge/store/import_options.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/records.hpp"

namespace robo::store {

/// Reads files in the order they were recorded: a file without a snapshot goes on where the one before it stopped.
class BinanceReader {
 public:
  /// Prices and sizes as they are, times of the exchange; received_at is the recorder's clock, set right.
  [[nodiscard]] ImportReport read(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                                  const Progress& progress = {});

 private:
  struct Book {
    bool whole{};                // a snapshot was seen and nothing is missing since
    std::int64_t last_update{};
  };
  std::map<std::string, Book, std::less<>> books_;
};

}  // namespace robo::store
