#pragma once
// The end of every frame that is written, whatever stands in it. Only for encode_*.cpp.

#include <cstring>

#include "edge/ib/wire/encode.hpp"

namespace robo::ib::wire::detail {

/// Puts the length in front of what was written since `mark`, or takes it back and says what cannot be said.
template <class M, class Writer>
[[gnu::always_inline]] inline WireResult<> close_frame(OutBuffer& out, std::size_t mark, const Writer& writer) {
  const std::size_t size = out.mark() - mark - 4;
  if (!writer.ok() || size > frame_size_max) [[unlikely]] {
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
