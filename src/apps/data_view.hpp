#pragma once
// History on a terminal: the catalogue as a table, findings as sentences with their examples.

#include "edge/store/history/catalogue.hpp"
#include "edge/store/history/check.hpp"

namespace robo::apps {

void print_catalogue(const store::history::Catalogue& catalogue);
void print_findings(const std::vector<store::history::Finding>& findings);

}  // namespace robo::apps
