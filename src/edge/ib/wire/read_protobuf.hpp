#pragma once
// One whole protobuf message of the long ones. Only for decode_*_protobuf.cpp.

#include "edge/ib/wire/decode_binary.hpp"

namespace robo::ib::wire {

template <class M>
WireResult<> protobuf_by_call(std::string_view payload, ProtobufReader& reader, M& message) {
  try {
    prepare(message);
    read_protobuf(Pbf(payload.data(), payload.size()), reader, message);
    settle(message);
  } catch (const protozero::exception&) {
    return fail(detail::broken(M::message_id, M::message_name));
  }
  if (!reader.ok()) return fail(detail::describe(reader, M::message_id, M::message_name));
  return {};
}

}  // namespace robo::ib::wire
