#pragma once
// History on a terminal: the catalogue as a table, findings as sentences with their examples.

#include "apps/cli.hpp"
#include "edge/store/history/catalogue.hpp"
#include "edge/store/history/check.hpp"

namespace robo::apps {

/// What the verbs of `data` share. Both throw with a sentence when a word is wrong.
[[nodiscard]] store::Calendars own_calendars();
[[nodiscard]] store::history::Selection selection_of(const DataOptions& options);
/// data fetch, data repair.
int fetch_or_repair(const DataOptions& options);
/// data backup, data restore, data prune.
int keep(const DataOptions& options);

void print_catalogue(const store::history::Catalogue& catalogue);
void print_findings(const std::vector<store::history::Finding>& findings);

}  // namespace robo::apps
