#pragma once
// One message as a record's class, kind and payload bytes. Used by the writer and by replay, which compares bytes.

#include "edge/journal/codec.hpp"
#include "edge/journal/record.hpp"

namespace robo::journal {

/// Writes the payload of `event` to `to` (payload_size_max bytes) and returns its length.
inline std::size_t encode(const Event& event, std::byte* to) {
  ByteWriter writer(to);
  std::visit(
      [&](const auto& payload) {
        if constexpr (requires { *payload; }) writer.put(*payload);
        else writer.put(payload);
      },
      event.payload);
  return writer.size();
}

inline std::size_t encode(const Command& command, std::byte* to) {
  ByteWriter writer(to);
  std::visit(overload{[&](const SubmitOrder& submit) { writer.put(submit.order.intent()); },
                      [&](const ModifyOrder& modify) { writer.put(modify.order.intent()); },
                      [&](const auto& other) { writer.put(other); }},
             command);
  return writer.size();
}

inline std::size_t encode(const Fact& fact, std::byte* to) {
  ByteWriter writer(to);
  std::visit([&](const auto& payload) { writer.put(payload); }, fact.payload);
  return writer.size();
}

}  // namespace robo::journal
