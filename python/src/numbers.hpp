#pragma once
// How prices, sizes and money appear in a table: they are whole numbers of a scale everywhere else.

#include <arrow/type_fwd.h>

#include <memory>
#include <string_view>

namespace robo::python {

enum class Numbers { Float, Decimal, Raw };
/// "float", "decimal" or "raw". Throws ValueError for another word.
[[nodiscard]] Numbers numbers_named(std::string_view word);

/// The table with its scaled columns (whole numbers with their scale in the field's metadata) as doubles, as exact decimals, or as
/// they are. Columns without a scale are handed on, not copied.
[[nodiscard]] std::shared_ptr<arrow::Table> with_numbers(const std::shared_ptr<arrow::Table>& table, Numbers numbers);

}  // namespace robo::python
