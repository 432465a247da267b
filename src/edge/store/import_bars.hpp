#pragma once
// Bars and price series in CSV: columns by their names in any order, one symbol or many, daily or intraday, oldest or newest
// first, stamped at their start or end.
//
//   symbol,datetime,open,high,low,close,volume     Date,Open,Close,High,Low,Volume     date,close     Date,EEM,EWG,TIP,...
//
// What is done with each trap: docs/import.md.

#include <string_view>

#include "edge/store/import_options.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/records.hpp"

namespace robo::store {

/// Rows come to the sink by symbol and time, whatever their order in the file. A bar's `start` is where it begins.
[[nodiscard]] ImportReport import_bars(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                                       const Progress& progress = {});

/// The zone a time column's name speaks of: "time_chicago" -> America/Chicago, "created_at_utc" -> Etc/UTC; else empty.
[[nodiscard]] std::string_view zone_named_by(std::string_view column);

}  // namespace robo::store
