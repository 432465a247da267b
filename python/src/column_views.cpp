#include "column_views.hpp"

#include <arrow/compute/api.h>
#include <fmt/core.h>

#include <cmath>

#include "errors.hpp"
#include "table.hpp"

namespace robo::python {

namespace {

std::shared_ptr<arrow::ChunkedArray> column_of(const arrow::Table& table, const std::string& name, std::string_view what) {
  auto column = table.GetColumnByName(name);
  if (column != nullptr) return column;
  std::string there;
  for (const auto& one : table.ColumnNames()) there += (there.empty() ? "" : ", ") + one;
  throw DataError(fmt::format("{}: there is no column '{}'; there are {}", what, name, there));
}

template <class T>
ColumnView<T> view_of(std::shared_ptr<arrow::ChunkedArray> column, T empty) {
  ColumnView<T> view;
  if (column->num_chunks() == 1 && column->null_count() == 0) {
    const auto& chunk = *column->chunk(0);
    view.values = {chunk.data()->GetValues<T>(1), static_cast<std::size_t>(chunk.length())};
    view.owner = std::move(column);
    return view;
  }
  view.own.reserve(static_cast<std::size_t>(column->length()));
  for (const auto& chunk : column->chunks()) {
    const auto* values = chunk->data()->GetValues<T>(1);
    for (std::int64_t i = 0; i < chunk->length(); ++i) view.own.push_back(chunk->IsNull(i) ? empty : values[i]);
  }
  view.values = view.own;
  return view;
}

}  // namespace

ColumnView<double> numbers_in(const arrow::Table& table, const std::string& name, std::string_view what) {
  auto column = column_of(table, name, what);
  if (column->type()->id() != arrow::Type::DOUBLE) {
    auto cast = arrow::is_numeric(column->type()->id()) || arrow::is_decimal(column->type()->id()) ? arrow::compute::Cast(arrow::Datum(column), arrow::float64(), arrow::compute::CastOptions::Unsafe())
                                                                                             : arrow::Result<arrow::Datum>(arrow::Status::TypeError("no number"));
    if (!cast.ok()) throw DataError(fmt::format("{}: column '{}' is of type {}, numbers are expected", what, name, column->type()->ToString()));
    column = cast->chunked_array();
  }
  return view_of<double>(std::move(column), std::nan(""));
}

ColumnView<std::int64_t> times_in(const arrow::Table& table, const std::string& name, std::string_view what) {
  auto column = column_of(table, name, what);
  const auto type = column->type()->id();
  if (type != arrow::Type::TIMESTAMP && type != arrow::Type::INT64 && type != arrow::Type::DATE32)
    throw DataError(fmt::format("{}: column '{}' is of type {}, times are expected", what, name, column->type()->ToString()));
  if (column->null_count() != 0) throw DataError(fmt::format("{}: column '{}' has empty cells, every row needs a time", what, name));
  if (type != arrow::Type::INT64) {
    const auto zone = type == arrow::Type::TIMESTAMP ? static_cast<const arrow::TimestampType&>(*column->type()).timezone() : std::string{};
    column = ok(arrow::compute::Cast(arrow::Datum(column), arrow::timestamp(arrow::TimeUnit::NANO, zone))).chunked_array();
  }
  return view_of<std::int64_t>(std::move(column), 0);
}

std::vector<std::string> texts_in(const arrow::Table& table, const std::string& name, std::string_view what) {
  const auto column = column_of(table, name, what);
  const auto cast = arrow::compute::Cast(arrow::Datum(column), arrow::utf8());
  if (!cast.ok() || arrow::is_numeric(column->type()->id())) throw DataError(fmt::format("{}: column '{}' is of type {}, texts are expected", what, name, column->type()->ToString()));
  std::vector<std::string> out;
  out.reserve(static_cast<std::size_t>(column->length()));
  for (const auto& chunk : cast->chunked_array()->chunks())
    for (std::int64_t i = 0; i < chunk->length(); ++i) out.emplace_back(static_cast<const arrow::StringArray&>(*chunk).GetView(i));
  return out;
}

std::optional<std::string> first_of(const arrow::Table& table, std::initializer_list<std::string_view> names) {
  for (const auto name : names)
    if (table.schema()->GetFieldIndex(std::string(name)) >= 0) return std::string(name);
  return std::nullopt;
}

}  // namespace robo::python
