#include "edge/ib/wire/handshake.hpp"

#include <cstring>

#include <gtest/gtest.h>

namespace robo::ib::wire {
namespace {

void feed(FrameBuffer& buffer, std::string_view bytes) {
  const auto space = buffer.space();
  ASSERT_LE(bytes.size(), space.size());
  std::memcpy(space.data(), bytes.data(), bytes.size());
  buffer.received(bytes.size());
}

TEST(Handshake, client_sends_the_bytes_a_gateway_expects) {
  OutBuffer out;
  encode_hello(out, {.version_min = 100, .version_max = 200});
  EXPECT_EQ(out.view(), std::string_view("API\0\0\0\0\x09v100..200", 17));
}

TEST(Handshake, server_reads_a_hello_that_arrives_byte_by_byte) {
  OutBuffer out;
  encode_hello(out, {.version_min = 157, .version_max = 178, .options = "+PACEAPI"});
  out.append("next");
  FrameBuffer buffer;
  const std::string_view bytes = out.view();
  const std::size_t whole = bytes.size() - 4;
  for (std::size_t i = 0; i < whole; ++i) {
    const auto hello = take_hello(buffer);
    ASSERT_TRUE(hello);
    EXPECT_FALSE(*hello) << "after " << i << " bytes";
    feed(buffer, bytes.substr(i, 1));
  }
  feed(buffer, bytes.substr(whole));
  const auto hello = take_hello(buffer);
  ASSERT_TRUE(hello && *hello);
  EXPECT_EQ((*hello)->version_min, 157);
  EXPECT_EQ((*hello)->version_max, 178);
  EXPECT_EQ((*hello)->options, "+PACEAPI");
  EXPECT_EQ(buffer.pending(), "next");
}

TEST(Handshake, server_turns_other_protocols_away) {
  FrameBuffer http;
  feed(http, "GET / HTTP/1.1\r\n");
  EXPECT_EQ(take_hello(http).error(), HandshakeError::NotAnApiClient);
  FrameBuffer old;
  feed(old, std::string_view("63\0", 3));
  EXPECT_EQ(take_hello(old).error(), HandshakeError::NotAnApiClient);
  FrameBuffer dots;
  feed(dots, std::string_view("API\0\0\0\0\x08v100.200", 16));
  EXPECT_EQ(take_hello(dots).error(), HandshakeError::BadVersionRange);
}

TEST(Handshake, the_lower_of_both_maxima_is_spoken_or_nothing) {
  EXPECT_EQ(negotiate({.version_min = 100, .version_max = 193}, 200), 193);
  EXPECT_EQ(negotiate({.version_min = 100, .version_max = 226}, 200), 200);
  EXPECT_EQ(negotiate({.version_min = 213, .version_max = 226}, 200), std::nullopt);
}

TEST(Handshake, client_reads_the_greeting_and_refuses_a_version_it_did_not_offer) {
  const Hello offered{.version_min = 100, .version_max = 200};
  OutBuffer out;
  encode_greeting(out, 200, "20260405 23:49:26 EST");
  const OwnedFrame frame(out.view().substr(4));
  const auto greeting = parse_greeting(frame.frame(), offered);
  ASSERT_TRUE(greeting && *greeting);
  EXPECT_EQ((*greeting)->version, 200);
  EXPECT_EQ((*greeting)->time, "20260405 23:49:26 EST");

  const OwnedFrame newer(std::string_view("201\0x\0", 6));
  EXPECT_EQ(parse_greeting(newer.frame(), offered).error(), HandshakeError::VersionOutOfRange);
  const OwnedFrame text(std::string_view("abc\0x\0", 6));
  EXPECT_EQ(parse_greeting(text.frame(), offered).error(), HandshakeError::BadGreeting);
  const OwnedFrame elsewhere(std::string_view("-1\0gw2:4001\0", 12));
  EXPECT_EQ((*parse_greeting(elsewhere.frame(), offered))->redirect, "gw2:4001");
  const OwnedFrame other_shape(std::string_view("4\0002\000-1\0002104\0ok\0", 16));
  EXPECT_FALSE(*parse_greeting(other_shape.frame(), offered));
}

}  // namespace
}  // namespace robo::ib::wire
