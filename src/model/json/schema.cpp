#include "model/json/schema.hpp"

#include <boost/json.hpp>
#include <set>

namespace robo::json {
namespace {

namespace bj = boost::json;

/// Structs and enums below `schema`, those that others need first.
void collect(const SchemaPtr& schema, std::set<std::string_view>& seen, std::vector<SchemaPtr>& out) {
  const bool named = schema->kind == Kind::Struct || schema->kind == Kind::Enum;
  if (named && !seen.insert(schema->name).second) return;
  for (const auto& member : schema->members) collect(member.schema, seen, out);
  for (const auto& element : schema->elements) collect(element, seen, out);
  if (named) out.push_back(schema);
}

std::vector<SchemaPtr> named_types(const std::vector<SchemaPtr>& roots) {
  std::set<std::string_view> seen;
  std::vector<SchemaPtr> out;
  for (const auto& root : roots) collect(root, seen, out);
  return out;
}

std::string typescript_type(const Schema& schema) {
  switch (schema.kind) {
    case Kind::Boolean: return "boolean";
    case Kind::Integer:
    case Kind::Number: return "number";
    case Kind::Text: return "string";
    case Kind::Decimal: return "Decimal";
    case Kind::Time: return "Timestamp";
    case Kind::Date: return "CalendarDate";
    case Kind::Nanoseconds: return "Nanoseconds";
    case Kind::Enum:
    case Kind::Struct: return std::string(schema.name);
    case Kind::List: {
      const auto element = typescript_type(*schema.elements[0]);
      return element.find(' ') == std::string::npos ? element + "[]" : "(" + element + ")[]";
    }
    case Kind::Map: return "Record<string, " + typescript_type(*schema.elements[0]) + ">";
    case Kind::Optional: return typescript_type(*schema.elements[0]) + " | null";
    case Kind::Variant: {
      std::string all;
      for (const auto& one : schema.elements) {
        all += (all.empty() ? "" : " | ");
        all += "({ kind: \"" + std::string(one->name) + "\" } & " + std::string(one->name) + ")";
      }
      return all;
    }
  }
  return "unknown";
}

bj::value json_schema(const Schema& schema, std::string_view prefix) {
  const auto typed = [](std::string_view type) { return bj::object{{"type", type}}; };
  switch (schema.kind) {
    case Kind::Boolean: return typed("boolean");
    case Kind::Integer:
    case Kind::Nanoseconds: return typed("integer");
    case Kind::Number: return typed("number");
    case Kind::Text: return typed("string");
    case Kind::Decimal: return bj::object{{"type", "string"}, {"format", "decimal"}, {"pattern", "^-?[0-9]+(\\.[0-9]+)?$"}};
    case Kind::Time: return bj::object{{"type", "string"}, {"format", "date-time"}};
    case Kind::Date: return bj::object{{"type", "string"}, {"format", "date"}};
    case Kind::Enum:
    case Kind::Struct: return bj::object{{"$ref", std::string(prefix) + std::string(schema.name)}};
    case Kind::List: return bj::object{{"type", "array"}, {"items", json_schema(*schema.elements[0], prefix)}};
    case Kind::Map: return bj::object{{"type", "object"}, {"additionalProperties", json_schema(*schema.elements[0], prefix)}};
    case Kind::Optional: return bj::object{{"anyOf", bj::array{json_schema(*schema.elements[0], prefix), typed("null")}}};
    case Kind::Variant: {
      bj::array all;
      for (const auto& one : schema.elements) all.push_back(json_schema(*one, prefix));
      return bj::object{{"anyOf", std::move(all)}};
    }
  }
  return nullptr;
}

}  // namespace

std::string to_typescript(const std::vector<SchemaPtr>& roots) {
  std::string out =
      "/** An exact decimal as text: \"105.26\", \"-0.05\". */\n"
      "export type Decimal = string;\n"
      "/** UTC, ISO 8601, up to nine digits of a second: \"2019-02-15T14:30:00.123456789Z\". */\n"
      "export type Timestamp = string;\n"
      "/** \"2019-02-15\" */\n"
      "export type CalendarDate = string;\n"
      "export type Nanoseconds = number;\n";
  for (const auto& type : named_types(roots)) {
    out += "\n";
    if (type->kind == Kind::Enum) {
      out += "export type " + std::string(type->name) + " =";
      for (const auto name : type->names) out += "\n  | \"" + std::string(name) + "\"";
      out += ";\n";
      continue;
    }
    out += "export interface " + std::string(type->name) + " {\n";
    for (const auto& member : type->members) out += "  " + std::string(member.name) + ": " + typescript_type(*member.schema) + ";\n";
    out += "}\n";
  }
  return out;
}

std::string to_json_schemas(const std::vector<SchemaPtr>& roots, std::string_view prefix) {
  bj::object all;
  for (const auto& type : named_types(roots)) {
    if (type->kind == Kind::Enum) {
      bj::array names;
      for (const auto name : type->names) names.emplace_back(bj::string(name));
      all.emplace(type->name, bj::object{{"type", "string"}, {"enum", std::move(names)}});
      continue;
    }
    bj::object properties;
    bj::array required;
    for (const auto& member : type->members) {
      properties.emplace(member.name, json_schema(*member.schema, prefix));
      if (member.schema->kind != Kind::Optional) required.emplace_back(bj::string(member.name));
    }
    bj::object schema{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty()) schema.emplace("required", std::move(required));
    all.emplace(type->name, std::move(schema));
  }
  return bj::serialize(all);
}

std::string to_json_schema(const SchemaPtr& schema, std::string_view prefix) { return bj::serialize(json_schema(*schema, prefix)); }

}  // namespace robo::json
