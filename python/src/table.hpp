#pragma once
// Table: columns of Arrow, given to and taken from any library that speaks the Arrow C interface.

#include <arrow/api.h>
#include <nanobind/nanobind.h>

#include <memory>
#include <utility>

#include "errors.hpp"

namespace robo::python {

inline void ok(const arrow::Status& status) {
  if (!status.ok()) throw DataError(status.message());
}
template <class T>
T ok(arrow::Result<T>&& result) {
  ok(result.status());
  return result.MoveValueUnsafe();
}

struct Table {
  std::shared_ptr<arrow::Table> columns{};
};

/// Anything with __arrow_c_stream__ or __arrow_c_array__, else what pyarrow.table() takes (a dict of arrays). Throws TypeError, DataError.
[[nodiscard]] std::shared_ptr<arrow::Table> table_from(nanobind::handle object);

void bind_table(nanobind::module_& module);

}  // namespace robo::python
