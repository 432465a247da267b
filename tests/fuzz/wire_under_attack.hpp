#pragma once
// One run of everything that reads bytes from a peer, on hostile bytes. Shared by the libFuzzer target and the seeded
// mutation test. Reading must end, stay inside its bytes and either hand on a whole message or name an error.

#include <cstring>

#include "edge/ib/wire/decode.hpp"
#include "edge/ib/wire/encode.hpp"
#include "edge/ib/wire/handshake.hpp"

namespace robo::ib::wire {

/// First byte: server version 100..226, so text, both mixed and protobuf; second: direction; the rest arrives on the stream in portions.
inline std::size_t attack(const unsigned char* data, std::size_t size) {
  if (size < 2) return 0;
  const int version = 100 + data[0] % 127;
  const bool server_side = (data[1] & 1) != 0;
  const std::size_t portion = 1 + (data[1] >> 1);
  FrameBuffer buffer(8192);
  std::size_t messages = 0;
  OutBuffer out;
  const auto on_message = [&](const auto& message) {
    ++messages;
    // What was understood can be said again.
    out.clear();
    if constexpr (requires { message.since; }) (void)encode_request(out, version, message);
    else (void)encode_event(out, version, message);
  };
  for (std::size_t at = 2; at < size;) {
    const auto space = buffer.space();
    const std::size_t count = std::min({space.size(), portion, size - at});
    std::memcpy(space.data(), data + at, count);
    buffer.received(count);
    at += count;
    if (server_side && messages == 0) {
      const auto hello = take_hello(buffer);
      if (hello && *hello) (void)negotiate(**hello, version_newest);
    }
    for (;;) {
      const auto next = buffer.next();
      if (!next) return messages;  // the session would be dropped here
      if (!*next) break;
      (void)parse_greeting(**next, {.version_min = 100, .version_max = version_newest});
      const auto result = server_side ? decode_request(**next, version, on_message) : decode_event(**next, version, on_message);
      if (!result && to_text(result.error()).empty()) __builtin_trap();
    }
  }
  return messages;
}

}  // namespace robo::ib::wire
