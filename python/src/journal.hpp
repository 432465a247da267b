#pragma once
// Journals: events, commands and facts as records, rows and tables.

#include <nanobind/nanobind.h>

namespace robo::python {

void bind_journal(nanobind::module_& module);

}  // namespace robo::python
