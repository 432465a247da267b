#pragma once
// The feature store: batches as they are filled, mapped and not copied; sealed rows; joins by what was known when.

#include <nanobind/nanobind.h>

namespace robo::python {

void bind_feature_store(nanobind::module_& module);

}  // namespace robo::python
