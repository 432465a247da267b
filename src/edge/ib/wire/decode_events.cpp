#include "edge/ib/wire/decode.hpp"

namespace robo::ib::wire {

template <class M>
bool read_by_call(Reader& reader, M& message) {
  layout(reader, message);
  return reader.ok() && reader.finished();
}

#define ROBO_IB_READ(M) template bool read_by_call<M>(Reader&, M&);
ROBO_IB_COLD_EVENTS(ROBO_IB_READ)
#undef ROBO_IB_READ

namespace detail {

WireError describe(const ReaderBase& reader, std::int32_t id, std::string_view name) {
  WireError error{.kind = WireError::Kind::UnknownMessage, .message = name, .field = reader.error_field(), .id = id};
  if (!reader.ok()) {
    error.kind = reader.error_kind();
    // A payload whose very first field is no number has no message id.
    if (name.empty() && error.kind != WireError::Kind::NotTerminated) error.kind = WireError::Kind::NoMessageId;
  } else if (!name.empty()) {
    error.kind = WireError::Kind::FieldsLeft;
  }
  return error;
}

}  // namespace detail

}  // namespace robo::ib::wire
