#pragma once
// Columns of somebody's table as plain numbers: where they lie when they can be, converted when they must.

#include <arrow/api.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace robo::python {

template <class T>
struct ColumnView {
  std::span<const T> values{};
  std::vector<T> own{};                               // when it had to be converted
  std::shared_ptr<arrow::ChunkedArray> owner{};       // when it had not
};

/// Throw DataError: no such column (`what` names the table), a type that is no number, an empty cell where none may be.
/// Empty cells of numbers are NaN.
[[nodiscard]] ColumnView<double> numbers_in(const arrow::Table& table, const std::string& name, std::string_view what);
/// As nanoseconds since 1970, whatever the column's unit.
[[nodiscard]] ColumnView<std::int64_t> times_in(const arrow::Table& table, const std::string& name, std::string_view what);
[[nodiscard]] std::vector<std::string> texts_in(const arrow::Table& table, const std::string& name, std::string_view what);
/// The first of the names that the table has.
[[nodiscard]] std::optional<std::string> first_of(const arrow::Table& table, std::initializer_list<std::string_view> names);

}  // namespace robo::python
