#pragma once
// The shape of a struct with fields<> as plain data, so that TypeScript and OpenAPI are written by code without templates.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "model/json/kinds.hpp"

namespace robo::json {

enum class Kind : std::uint8_t { Boolean, Integer, Number, Text, Decimal, Time, Date, Nanoseconds, Enum, Struct, List, Map, Optional, Variant };

struct Schema;
using SchemaPtr = std::shared_ptr<const Schema>;

struct SchemaMember {
  std::string_view name{};
  SchemaPtr schema{};
};

struct Schema {
  Kind kind{};
  std::string_view name{};                // struct and enum
  std::vector<std::string_view> names{};  // of an enum's values
  std::vector<SchemaMember> members{};    // of a struct
  std::vector<SchemaPtr> elements{};      // one of list, map and optional; all of a variant
};

template <class T>
SchemaPtr schema_of() {
  const auto plain = [](Kind kind) { return std::make_shared<const Schema>(Schema{.kind = kind}); };
  if constexpr (std::same_as<T, bool>) return plain(Kind::Boolean);
  else if constexpr (NamedEnum<T>) {
    return std::make_shared<const Schema>(Schema{.kind = Kind::Enum, .name = type_name<T>(), .names = {EnumNames<T>::names.begin(), EnumNames<T>::names.end()}});
  } else if constexpr (std::integral<T> || std::is_enum_v<T>) return plain(Kind::Integer);
  else if constexpr (std::floating_point<T>) return plain(Kind::Number);
  else if constexpr (IsDecimal<T>) return plain(Kind::Decimal);
  else if constexpr (std::same_as<T, Timestamp>) return plain(Kind::Time);
  else if constexpr (std::same_as<T, Date>) return plain(Kind::Date);
  else if constexpr (std::same_as<T, Duration>) return plain(Kind::Nanoseconds);
  else if constexpr (IsStrong<T>) return schema_of<typename T::Representation>();
  else if constexpr (IsText<T>) return plain(Kind::Text);
  else if constexpr (IsOptional<T>) return std::make_shared<const Schema>(Schema{.kind = Kind::Optional, .elements = {schema_of<typename T::value_type>()}});
  else if constexpr (IsVariant<T>) {
    return []<class... One>(std::type_identity<std::variant<One...>>) {
      return std::make_shared<const Schema>(Schema{.kind = Kind::Variant, .elements = {schema_of<One>()...}});
    }(std::type_identity<T>{});
  } else if constexpr (HasFields<T>) {
    Schema schema{.kind = Kind::Struct, .name = type_name<T>()};
    each_field<T>([&](auto field) {
      schema.members.push_back({field.name, schema_of<std::remove_cvref_t<decltype(std::declval<T&>().*field.member)>>()});
    });
    return std::make_shared<const Schema>(std::move(schema));
  } else if constexpr (IsMap<T>) return std::make_shared<const Schema>(Schema{.kind = Kind::Map, .elements = {schema_of<typename T::mapped_type>()}});
  else if constexpr (IsList<T>) return std::make_shared<const Schema>(Schema{.kind = Kind::List, .elements = {schema_of<std::remove_cvref_t<decltype(*std::declval<T&>().begin())>>()}});
  else if constexpr (std::is_empty_v<T>) return std::make_shared<const Schema>(Schema{.kind = Kind::Struct, .name = type_name<T>()});
  else static_assert(sizeof(T) == 0, "this type has no schema: give it fields<>, or EnumNames<> if it is an enum");
}

/// TypeScript declarations of all structs and enums reachable from `roots`, each once, in the order they are needed.
[[nodiscard]] std::string to_typescript(const std::vector<SchemaPtr>& roots);

/// JSON Schema (2020-12, as OpenAPI 3.1 has it) of every struct and enum reachable from `roots`, as the text of one JSON
/// object keyed by name; references point below `prefix`, for example "#/components/schemas/".
[[nodiscard]] std::string to_json_schemas(const std::vector<SchemaPtr>& roots, std::string_view prefix);
/// The JSON Schema of one use of a type: a reference when it is a struct or an enum.
[[nodiscard]] std::string to_json_schema(const SchemaPtr& schema, std::string_view prefix);

}  // namespace robo::json
