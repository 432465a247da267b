#pragma once
// A session's journal as tables: its market data, orders, executions and facts, by day and symbol.

#include <filesystem>

#include "edge/store/import_report.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"

namespace robo::apps {

struct StoredJournal {
  std::uint64_t session{};
  std::uint64_t market_rows{}, facts{};
  std::uint64_t passed_over{};          // events that are not rows of a table: timers, states of the gateway
  std::string ending{};                 // how the journal ended, when not cleanly
  store::WriteSummary written{};
};

/// Again: replaces what the same session brought before. Errors: no journal there; the store cannot be written.
[[nodiscard]] Result<StoredJournal, Problem> store_journal(const std::filesystem::path& journal, const std::filesystem::path& root,
                                                           const store::Calendars& calendars);

}  // namespace robo::apps
