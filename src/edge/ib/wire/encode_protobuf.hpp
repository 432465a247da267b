#pragma once
// The frame around a protobuf message, or around text behind a raw id. Only for encode_*.cpp.

#include "edge/ib/wire/close_frame.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/protobuf_writer.hpp"

namespace robo::ib::wire::detail {

template <class M>
WireResult<> encode_protobuf(OutBuffer& out, Side side, int server_version, const M& message) {
  const std::size_t mark = out.mark();
  const std::uint32_t id = __builtin_bswap32(static_cast<std::uint32_t>(M::message_id + 200));
  std::memcpy(out.room(8) + 4, &id, sizeof id);
  out.advance(8);
  ProtobufWriter writer(out, side, server_version);
  write_protobuf(writer, message);
  return close_frame<M>(out, mark, writer);
}

}  // namespace robo::ib::wire::detail
