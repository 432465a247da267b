#pragma once
// Structs with fields<> as columns of Arrow, member by member: nested structs become "outer.inner", arrays become lists. Prices,
// sizes and money stay whole numbers with their scale in the field's metadata (numbers.hpp makes of them what is wanted).

#include <arrow/api.h>
#include <arrow/util/key_value_metadata.h>

#include <array>
#include <optional>
#include <string>
#include <variant>

#include "model/json/kinds.hpp"
#include "model/order.hpp"
#include "table.hpp"

namespace robo::python {

/// An order's kind as one row: what does not belong to the kind is null.
struct OrderKindRow {
  std::string_view kind{};
  std::optional<Price> limit{}, trigger{}, distance{};
  using fields = Fields<&OrderKindRow::kind, &OrderKindRow::limit, &OrderKindRow::trigger, &OrderKindRow::distance>;
};

inline OrderKindRow row_of(const OrderKind& kind) {
  return std::visit([]<class K>(const K& one) {
    OrderKindRow row{.kind = json::type_name<K>()};
    if constexpr (requires { one.price; }) row.limit = one.price;
    if constexpr (requires { one.trigger; }) row.trigger = one.trigger;
    if constexpr (requires { one.distance; }) row.distance = one.distance;
    return row;
  }, kind);
}

template <class T> inline constexpr bool is_array = false;
template <class T, std::size_t N> inline constexpr bool is_array<std::array<T, N>> = true;

template <class T>
std::shared_ptr<arrow::DataType> arrow_type_of();

template <class T>
std::shared_ptr<arrow::Field> arrow_field_of(std::string_view name) {
  if constexpr (json::is_optional<T>) return arrow_field_of<typename T::value_type>(name);
  else if constexpr (json::is_decimal<T>) return arrow::field(std::string(name), arrow::int64(), true, arrow::key_value_metadata({"scale"}, {std::to_string(T::scale)}));
  else return arrow::field(std::string(name), arrow_type_of<T>());
}

template <class T>
std::shared_ptr<arrow::DataType> arrow_type_of() {
  if constexpr (std::is_same_v<T, Timestamp>) return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
  else if constexpr (std::is_same_v<T, Date>) return arrow::date32();
  else if constexpr (std::is_same_v<T, Duration>) return arrow::duration(arrow::TimeUnit::NANO);
  else if constexpr (json::is_text<T> || NamedEnum<T> || std::is_same_v<T, std::string_view>) return arrow::utf8();
  else if constexpr (json::is_strong<T>) return arrow_type_of<typename T::Representation>();
  else if constexpr (std::is_same_v<T, OrderKind>) return arrow_type_of<OrderKindRow>();
  else if constexpr (is_array<T>) return arrow::list(arrow_field_of<typename T::value_type>("item"));
  else if constexpr (HasFields<T>) {
    arrow::FieldVector members;
    each_field<T>([&](auto field) { members.push_back(arrow_field_of<typename decltype(field)::Type>(field.name)); });
    return arrow::struct_(std::move(members));
  } else return arrow::CTypeTraits<T>::type_singleton();
}

template <class T>
void append_to(arrow::ArrayBuilder& any, const T& value) {
  if constexpr (json::is_optional<T>) {
    if (value) append_to(any, *value);
    else ok(any.AppendNull());
  } else if constexpr (std::is_same_v<T, Timestamp>) ok(static_cast<arrow::TimestampBuilder&>(any).Append(value.ns));
  else if constexpr (std::is_same_v<T, Duration>) ok(static_cast<arrow::DurationBuilder&>(any).Append(value.ns));
  else if constexpr (std::is_same_v<T, Date>) ok(static_cast<arrow::Date32Builder&>(any).Append(value.days));
  else if constexpr (json::is_decimal<T>) ok(static_cast<arrow::Int64Builder&>(any).Append(value.raw));
  else if constexpr (std::is_same_v<T, std::string_view>) ok(static_cast<arrow::StringBuilder&>(any).Append(value));
  else if constexpr (json::is_text<T>) ok(static_cast<arrow::StringBuilder&>(any).Append(json::text_of(value)));
  else if constexpr (NamedEnum<T>) ok(static_cast<arrow::StringBuilder&>(any).Append(robo::to_text(value)));
  else if constexpr (json::is_strong<T>) append_to(any, value.value);
  else if constexpr (std::is_same_v<T, OrderKind>) append_to(any, row_of(value));
  else if constexpr (is_array<T>) {
    auto& list = static_cast<arrow::ListBuilder&>(any);
    ok(list.Append());
    for (const auto& item : value) append_to(*list.value_builder(), item);
  } else if constexpr (HasFields<T>) {
    auto& row = static_cast<arrow::StructBuilder&>(any);
    ok(row.Append());
    int i = 0;
    each_field<T>([&](auto field) { append_to(*row.field_builder(i++), value.*field.member); });
  } else {
    ok(static_cast<typename arrow::TypeTraits<typename arrow::CTypeTraits<T>::ArrowType>::BuilderType&>(any).Append(value));
  }
}

/// Structs in, columns out.
template <class T>
class StructColumns {
 public:
  StructColumns() { builder_ = ok(arrow::MakeBuilder(arrow_type_of<T>())); }
  void append(const T& row) { append_to(*builder_, row); }
  [[nodiscard]] std::shared_ptr<arrow::Table> finish() {
    const auto rows = ok(builder_->Finish());
    auto table = ok(arrow::Table::FromRecordBatches({ok(arrow::RecordBatch::FromStructArray(rows))}));
    const auto nested = [&] {
      for (const auto& field : table->fields())
        if (field->type()->id() == arrow::Type::STRUCT) return true;
      return false;
    };
    while (nested()) table = ok(table->Flatten());
    return table;
  }

 private:
  std::unique_ptr<arrow::ArrayBuilder> builder_;
};

}  // namespace robo::python
