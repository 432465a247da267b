#pragma once
// The store of Parquet files: market data, orders, executions and facts by symbol and range.

#include <nanobind/nanobind.h>

namespace robo::python {

void bind_store(nanobind::module_& module);

}  // namespace robo::python
