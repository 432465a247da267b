#pragma once
// Before the first frame (protocol: docs/ib.md, Handshake):
//
//   client:  'A' 'P' 'I' 00 | 00 00 00 09 | v100..200            the text is not ended by NUL
//   server:  frame "200\0" "20260405 23:49:26 EST\0"             the version both will speak, and its time

#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "edge/ib/wire/frame.hpp"
#include "edge/ib/wire/version.hpp"
#include "edge/ib/wire/writer.hpp"

namespace robo::ib::wire {




struct Hello {
  int version_min{};
  int version_max{};
  std::string options{};  // "+PACEAPI"
};

struct Greeting {
  int version{};
  std::string time{};      // "20260405 23:49:26 Central European Standard Time": not for strict parsing
  std::string redirect{};  // host[:port] when the server sends clients elsewhere (a negative version)
};

enum class HandshakeError : std::uint8_t { NotAnApiClient, BadVersionRange, BadGreeting, VersionOutOfRange };
std::string_view to_text(HandshakeError error);

/// Client's first bytes.
void encode_hello(OutBuffer& out, const Hello& hello);
/// Server: the client's first bytes, nothing while they are incomplete. Consumes them from `bytes`.
[[nodiscard]] Result<std::optional<Hello>, HandshakeError> take_hello(FrameBuffer& bytes);

/// Server's answer.
void encode_greeting(OutBuffer& out, int version, std::string_view time);
/// Client: the first frame. Frames of another shape may slip in before it: nothing then, ask with the next frame.
[[nodiscard]] Result<std::optional<Greeting>, HandshakeError> parse_greeting(Frame frame, const Hello& offered);

/// What a server of at most `server_max` answers to `hello`; nothing when the ranges do not meet.
[[nodiscard]] std::optional<int> negotiate(const Hello& hello, int server_max);

}  // namespace robo::ib::wire
