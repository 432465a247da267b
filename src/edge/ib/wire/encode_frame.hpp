#pragma once
// The frame around a layout. Only for encode_*.cpp.

#include "edge/ib/wire/close_frame.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/version.hpp"

namespace robo::ib::wire::detail {

/// Length, id, fields. Inlined whole into the two that are sent in a hurry; called for all others.
template <class M>
[[gnu::always_inline]] inline WireResult<> encode_here(OutBuffer& out, Side side, int server_version, const M& message) {
  const std::size_t mark = out.mark();
  out.room(4);
  out.advance(4);
  if (server_version > version_newest_text) [[unlikely]] {
    const std::uint32_t raw = __builtin_bswap32(static_cast<std::uint32_t>(M::message_id));
    out.append({reinterpret_cast<const char*>(&raw), sizeof raw});
  }
  Writer writer(out, side, server_version);
  if (server_version <= version_newest_text) [[likely]] writer.integer("id", M::message_id);
  layout(writer, message);
  writer.finish();
  return close_frame<M>(out, mark, writer);
}

template <class M>
WireResult<> encode_frame(OutBuffer& out, Side side, int server_version, const M& message) {
  return encode_here(out, side, server_version, message);
}

/// One piece of code, the cursor in a register.
template <class M>
[[gnu::flatten]] WireResult<> encode_frame_fast(OutBuffer& out, Side side, int server_version, const M& message) {
  return encode_here(out, side, server_version, message);
}

}  // namespace robo::ib::wire::detail
