#pragma once
// Back-tests from a file of settings, and their reports as tables.

#include <nanobind/nanobind.h>

namespace robo::python {

void bind_backtest(nanobind::module_& module);

}  // namespace robo::python
