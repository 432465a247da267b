#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/read_protobuf.hpp"

namespace robo::ib::wire {

#define ROBO_IB_READ(M) template WireResult<> protobuf_by_call<M>(std::string_view, ProtobufReader&, M&);
ROBO_IB_PROTOBUF_COLD_EVENTS(ROBO_IB_READ)
#undef ROBO_IB_READ

namespace detail {

WireError describe(const ProtobufReader& reader, std::int32_t id, std::string_view name) {
  return {.kind = reader.error_kind(), .message = name, .field = reader.error_field(), .id = id};
}

WireError broken(std::int32_t id, std::string_view name) {
  return {.kind = WireError::Kind::BrokenProtobuf, .message = name, .id = id};
}

}  // namespace detail

}  // namespace robo::ib::wire
