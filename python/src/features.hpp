#pragma once
// Features of the kernel over somebody's table.

#include <nanobind/nanobind.h>

namespace robo::python {

void bind_features(nanobind::module_& module);

}  // namespace robo::python
