#include <fmt/core.h>

#include "edge/journal/replay.hpp"
#include "model/json/json_of.hpp"

namespace robo::journal {

namespace {

namespace bj = boost::json;

/// Members that hold nothing (zero, empty, false) only make a line longer.
bool says_nothing(const bj::value& value) {
  if (value.is_null() || (value.is_bool() && !value.get_bool())) return true;
  if (value.is_int64()) return value.get_int64() == 0;
  if (value.is_uint64()) return value.get_uint64() == 0;
  if (value.is_double()) return value.get_double() == 0;
  if (value.is_string()) return value.get_string().empty() || value.get_string() == "0";
  if (const auto* object = value.if_object()) {
    for (const auto& member : *object)
      if (!says_nothing(member.value())) return false;
    return true;
  }
  if (const auto* array = value.if_array()) {
    for (const auto& item : *array)
      if (!says_nothing(item)) return false;
    return true;
  }
  return false;
}

bj::value pruned(const bj::value& value) {
  if (const auto* object = value.if_object()) {
    bj::object kept;
    for (const auto& member : *object)
      if (!says_nothing(member.value())) kept.emplace(member.key(), pruned(member.value()));
    return kept;
  }
  if (const auto* array = value.if_array()) {
    bj::array kept;
    for (const auto& item : *array)
      if (!says_nothing(item)) kept.push_back(pruned(item));
    return kept;
  }
  return value;
}

template <class T>
std::string line_of(std::string_view name, const T& payload) {
  return std::string(name) + " " + bj::serialize(pruned(json::value_of(payload, bj::storage_ptr{})));
}

template <class Variant>
std::string line_of_variant(const Variant& variant) {
  return std::visit(
      [](const auto& payload) {
        if constexpr (requires { payload.value; *payload; }) return line_of(json::type_name<std::decay_t<decltype(*payload)>>(), *payload);
        else return line_of(json::type_name<std::decay_t<decltype(payload)>>(), payload);
      },
      variant);
}

}  // namespace

std::string describe(const Record& record) {
  if (record.kind_of == RecordClass::Event) {
    EventDecoder decoder;
    Event event;
    if (decoder.decode(record, event)) return line_of_variant(event.payload);
  } else if (record.kind_of == RecordClass::Fact) {
    Fact fact;
    if (decode(record, fact)) return line_of_variant(fact.payload);
  } else if (record.kind_of == RecordClass::Command) {
    CommandView view;
    if (decode(record, view)) {
      if (view.intent.key) return line_of(view.name, view.intent);
      if (view.name == "start_timer") return fmt::format("start_timer {{\"timer\":{},\"due\":\"{}\"}}", view.timer, to_text(view.due));
      return view.key ? fmt::format("{} {{\"key\":\"{}\"}}", view.name, to_text(view.key)) : std::string(view.name);
    }
  }
  return fmt::format("a record of class {} and kind {} that cannot be read", static_cast<int>(record.kind_of), record.kind);
}

}  // namespace robo::journal
