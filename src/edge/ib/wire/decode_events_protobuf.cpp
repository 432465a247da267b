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

std::int32_t take_raw_id(std::string_view& payload) {
  if (payload.size() < 4) {
    payload = {};
    return 0;
  }
  std::uint32_t big = 0;
  std::memcpy(&big, payload.data(), sizeof big);
  payload.remove_prefix(4);
  const std::uint32_t id = __builtin_bswap32(big);
  return id > 0x7fffffff ? 0 : static_cast<std::int32_t>(id);
}

}  // namespace detail

}  // namespace robo::ib::wire
