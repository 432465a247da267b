#pragma once
// What can be wrong with a message. Every error names the message and the field.

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace robo::ib::wire {

struct WireError {
  enum class Kind : std::uint8_t {
    UnknownMessage,   // an id we have no layout for: skip the frame
    NoMessageId,      // payload does not begin with a number
    NotTerminated,    // payload does not end with NUL
    FieldMissing,     // payload ends before the layout does
    FieldsLeft,       // the layout ends before the payload does
    NotANumber,       // text where a number belongs
    NumberTooLarge,
    CountTooLarge,    // a list longer than its payload could hold
    NotAllowed,       // a value that cannot stand on the wire (NUL, control character)
    BrokenProtobuf,   // cut off, or no protobuf at all
    VersionTooOld,    // the server version does not know this request or field
  };
  Kind kind{};
  std::string_view message{};  // layout name, a literal
  std::string_view field{};    // field name, a literal
  std::int32_t id{};           // message id, 0 when it could not be read
  std::int32_t needs{};        // VersionTooOld: the server version that is needed
};

/// "openOrder (5): field permId is not a number".
[[nodiscard]] std::string to_text(const WireError& error);

template <class T = void>
using WireResult = Result<T, WireError>;

}  // namespace robo::ib::wire
