#include "edge/ib/wire/handshake.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace robo::ib::wire {

namespace {

constexpr std::string_view prefix{"API\0", 4};
constexpr std::size_t hello_size_max = 4096;  // far above any connect option seen

std::optional<int> parse_version(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return value;
}

void append_length(OutBuffer& out, std::size_t size) {
  const std::uint32_t big = __builtin_bswap32(static_cast<std::uint32_t>(size));
  char bytes[4];
  std::memcpy(bytes, &big, sizeof big);
  out.append({bytes, sizeof bytes});
}

}  // namespace

std::string_view to_text(HandshakeError error) {
  switch (error) {
    case HandshakeError::NotAnApiClient: return "the connection does not begin with API and NUL: not an API client";
    case HandshakeError::BadVersionRange: return "the version range is not of the form v100..200";
    case HandshakeError::BadGreeting: return "the server's greeting is not a version and a time";
    case HandshakeError::VersionOutOfRange: return "the server answered a version that was not offered";
  }
  return "?";
}

void encode_hello(OutBuffer& out, const Hello& hello) {
  std::string text = "v" + std::to_string(hello.version_min);
  if (hello.version_max != hello.version_min) text += ".." + std::to_string(hello.version_max);
  if (!hello.options.empty()) text += " " + hello.options;
  out.append(prefix);
  append_length(out, text.size());
  out.append(text);
}

Result<std::optional<Hello>, HandshakeError> take_hello(FrameBuffer& bytes) {
  const std::string_view pending = bytes.pending();
  const std::size_t seen = std::min(pending.size(), prefix.size());
  if (pending.substr(0, seen) != prefix.substr(0, seen)) return fail(HandshakeError::NotAnApiClient);
  if (pending.size() < prefix.size() + 4) return std::optional<Hello>{};
  std::uint32_t big = 0;
  std::memcpy(&big, pending.data() + prefix.size(), sizeof big);
  const std::size_t size = __builtin_bswap32(big);
  if (size == 0 || size > hello_size_max) return fail(HandshakeError::BadVersionRange);
  if (pending.size() < prefix.size() + 4 + size) return std::optional<Hello>{};

  std::string_view text = pending.substr(prefix.size() + 4, size);
  Hello hello;
  if (const std::size_t space = text.find(' '); space != text.npos) {
    hello.options = std::string(text.substr(space + 1));
    text = text.substr(0, space);
  }
  if (text.empty() || text.front() != 'v') return fail(HandshakeError::BadVersionRange);
  text.remove_prefix(1);
  const std::size_t dots = text.find("..");
  const auto low = parse_version(text.substr(0, dots));
  const auto high = dots == text.npos ? low : parse_version(text.substr(dots + 2));
  if (!low || !high || *low > *high || *low <= 0) return fail(HandshakeError::BadVersionRange);
  hello.version_min = *low;
  hello.version_max = *high;
  bytes.skip(prefix.size() + 4 + size);
  return std::optional<Hello>{std::move(hello)};
}

void encode_greeting(OutBuffer& out, int version, std::string_view time) {
  const std::string text = std::to_string(version);
  append_length(out, text.size() + time.size() + 2);
  out.append(text);
  out.append({"\0", 1});
  out.append(time);
  out.append({"\0", 1});
}

Result<std::optional<Greeting>, HandshakeError> parse_greeting(Frame frame, const Hello& offered) {
  const std::string_view text = frame.view();
  if (text.empty() || text.back() != '\0') return fail(HandshakeError::BadGreeting);
  if (std::count(text.begin(), text.end(), '\0') != 2) return std::optional<Greeting>{};
  const std::size_t end = text.find('\0');
  const auto version = parse_version(text.substr(0, end));
  const std::string_view rest = text.substr(end + 1, text.size() - end - 2);
  if (!version) return fail(HandshakeError::BadGreeting);
  Greeting greeting{.version = *version};
  if (*version < 0) {
    greeting.redirect = std::string(rest);
    return std::optional<Greeting>{std::move(greeting)};
  }
  if (*version < offered.version_min || *version > offered.version_max) return fail(HandshakeError::VersionOutOfRange);
  greeting.time = std::string(rest);
  return std::optional<Greeting>{std::move(greeting)};
}

std::optional<int> negotiate(const Hello& hello, int server_max) {
  const int version = std::min(hello.version_max, server_max);
  if (version < hello.version_min || version < version_oldest) return std::nullopt;
  return version;
}

}  // namespace robo::ib::wire
