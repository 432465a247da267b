#include "numbers.hpp"

#include <arrow/api.h>
#include <arrow/util/key_value_metadata.h>

#include <cstdlib>

#include "errors.hpp"
#include "table.hpp"

namespace robo::python {

namespace {

std::int64_t scale_of(const arrow::Field& field) {
  if (!field.HasMetadata() || field.type()->id() != arrow::Type::INT64) return 0;
  const auto text = field.metadata()->Get("scale");
  return text.ok() ? std::strtoll(text->c_str(), nullptr, 10) : 0;
}

int digits_of(std::int64_t scale) {
  int digits = 0;
  for (; scale > 1; scale /= 10) ++digits;
  return digits;
}

template <class Builder, class Convert>
std::shared_ptr<arrow::ChunkedArray> converted(const arrow::ChunkedArray& column, const std::shared_ptr<arrow::DataType>& type, Convert&& convert) {
  Builder builder(type, arrow::default_memory_pool());
  ok(builder.Reserve(column.length()));
  for (const auto& chunk : column.chunks()) {
    const auto& values = static_cast<const arrow::Int64Array&>(*chunk);
    for (std::int64_t i = 0; i < values.length(); ++i) {
      if (values.IsNull(i)) builder.UnsafeAppendNull();
      else builder.UnsafeAppend(convert(values.Value(i)));
    }
  }
  return std::make_shared<arrow::ChunkedArray>(ok(builder.Finish()));
}

}  // namespace

Numbers numbers_named(std::string_view word) {
  if (word == "float") return Numbers::Float;
  if (word == "decimal") return Numbers::Decimal;
  if (word == "raw") return Numbers::Raw;
  no_such("form of numbers", word, "float, decimal and raw");
}

std::shared_ptr<arrow::Table> with_numbers(const std::shared_ptr<arrow::Table>& table, Numbers numbers) {
  if (numbers == Numbers::Raw) return table;
  auto out = table;
  for (int i = 0; i < table->num_columns(); ++i) {
    const auto& field = table->field(i);
    const auto scale = scale_of(*field);
    if (scale == 0) continue;
    const auto& column = *table->column(i);
    if (numbers == Numbers::Float) {
      const auto by = static_cast<double>(scale);
      out = ok(out->SetColumn(i, arrow::field(field->name(), arrow::float64(), field->nullable()),
                              converted<arrow::DoubleBuilder>(column, arrow::float64(), [by](std::int64_t raw) { return static_cast<double>(raw) / by; })));
    } else {
      const auto type = arrow::decimal128(19, digits_of(scale));
      out = ok(out->SetColumn(i, arrow::field(field->name(), type, field->nullable()),
                              converted<arrow::Decimal128Builder>(column, type, [](std::int64_t raw) { return arrow::Decimal128(raw); })));
    }
  }
  return out;
}

}  // namespace robo::python
