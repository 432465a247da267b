#include "edge/ib/wire/error.hpp"

#include <fmt/format.h>

namespace robo::ib::wire {

std::string to_text(const WireError& error) {
  using enum WireError::Kind;
  const std::string where = fmt::format("{} ({})", error.message.empty() ? "message" : error.message, error.id);
  switch (error.kind) {
    case UnknownMessage: return fmt::format("message id {} is not known", error.id);
    case NoMessageId: return "the payload does not begin with a message id";
    case NotTerminated: return fmt::format("{}: the payload does not end with NUL", where);
    case FieldMissing: return fmt::format("{}: the payload ends before field {}", where, error.field);
    case FieldsLeft: return fmt::format("{}: bytes are left after the last field", where);
    case NotANumber: return fmt::format("{}: field {} is not a number", where, error.field);
    case NumberTooLarge: return fmt::format("{}: field {} is out of range", where, error.field);
    case CountTooLarge: return fmt::format("{}: field {} counts more items than the payload holds", where, error.field);
    case NotAllowed: return fmt::format("{}: field {} holds a character that cannot be sent", where, error.field);
    case BrokenProtobuf: return fmt::format("{}: the protobuf message is cut off or malformed", where);
    case VersionTooOld:
      return error.field.empty() ? fmt::format("{}: the server is too old, version {} is needed", where, error.needs)
                                 : fmt::format("{}: field {} needs server version {}", where, error.field, error.needs);
  }
  return where;
}

}  // namespace robo::ib::wire
