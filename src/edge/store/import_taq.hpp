#pragma once
// Consolidated-tape files: quotes of every venue, and trades with their sale conditions and corrections.
//
//   DT,EX,SYMBOL,BID,BIDSIZ,OFR,OFRSIZ       DT,EX,SYMBOL,PRICE,SIZE[,COND,CORR]       DT,SYMBOL,PRICE,SIZE,NUMTRADES
//
// What is done with each trap: docs/import.md.

#include <string_view>

#include "edge/store/import_options.hpp"
#include "edge/store/import_report.hpp"
#include "edge/store/records.hpp"

namespace robo::store {

/// Sizes become shares (the file counts round lots of 100), times become UTC.
[[nodiscard]] ImportReport import_taq_quotes(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                                             const Progress& progress = {});
[[nodiscard]] ImportReport import_taq_trades(std::string_view file, std::string_view text, const ImportOptions& options, RecordSink& sink,
                                             const Progress& progress = {});

}  // namespace robo::store
