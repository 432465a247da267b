#pragma once
// The frame around a protobuf message, or around text behind a raw id. Only for encode_*.cpp.

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
  const std::size_t size = out.mark() - mark - 4;
  if (!writer.ok() || size > frame_size_max) {
    out.back_to(mark);
    return fail(WireError{.kind = writer.ok() ? WireError::Kind::NumberTooLarge : writer.error_kind(),
                          .message = M::message_name,
                          .field = writer.ok() ? "length" : writer.error_field(),
                          .id = M::message_id});
  }
  const std::uint32_t big = __builtin_bswap32(static_cast<std::uint32_t>(size));
  std::memcpy(out.at(mark), &big, sizeof big);
  return {};
}

}  // namespace robo::ib::wire::detail
