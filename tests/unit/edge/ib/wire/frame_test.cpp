#include "edge/ib/wire/frame.hpp"

#include <cstring>
#include <string>

#include <gtest/gtest.h>

namespace robo::ib::wire {
namespace {

std::string framed(std::string_view payload) {
  const std::uint32_t big = __builtin_bswap32(static_cast<std::uint32_t>(payload.size()));
  std::string out(4, '\0');
  std::memcpy(out.data(), &big, 4);
  return out.append(payload);
}

void feed(FrameBuffer& buffer, std::string_view bytes) {
  while (!bytes.empty()) {
    const auto space = buffer.space();
    const std::size_t count = std::min(space.size(), bytes.size());
    std::memcpy(space.data(), bytes.data(), count);
    buffer.received(count);
    bytes.remove_prefix(count);
  }
}

TEST(FrameBuffer, hands_out_frames_however_the_bytes_are_cut) {
  const std::string stream = framed("first") + framed(std::string(9000, 'x')) + framed("last");
  for (const std::size_t portion : {1UL, 3UL, 4UL, 5UL, 100UL, 8191UL, stream.size()}) {
    FrameBuffer buffer(8192);
    std::vector<std::string> frames;
    for (std::size_t at = 0; at < stream.size(); at += portion) {
      feed(buffer, std::string_view(stream).substr(at, portion));
      for (auto next = buffer.next(); next && *next; next = buffer.next()) frames.emplace_back((*next)->view());
    }
    ASSERT_EQ(frames.size(), 3u) << "portions of " << portion;
    EXPECT_EQ(frames[0], "first");
    EXPECT_EQ(frames[1], std::string(9000, 'x'));
    EXPECT_EQ(frames[2], "last");
  }
}

TEST(FrameBuffer, takes_a_frame_of_the_largest_size_and_refuses_one_byte_more) {
  FrameBuffer buffer;
  feed(buffer, framed(std::string(frame_size_max, 'y')));
  const auto largest = buffer.next();
  ASSERT_TRUE(largest && *largest);
  EXPECT_EQ((*largest)->size, frame_size_max);
  const std::string too_long{"\x01\x00\x00\x00", 4};
  feed(buffer, too_long);
  EXPECT_EQ(buffer.next().error(), FrameError::Oversized);
}

TEST(FrameBuffer, gives_the_room_of_a_large_answer_back) {
  FrameBuffer buffer(8192);
  feed(buffer, framed(std::string(3'000'000, 'z')));
  ASSERT_TRUE(buffer.next().value());
  EXPECT_GE(buffer.capacity(), 3'000'000u);
  (void)buffer.space();
  EXPECT_EQ(buffer.capacity(), 8192u);
}

TEST(FrameBuffer, calls_a_frame_without_content_an_error) {
  FrameBuffer buffer;
  feed(buffer, std::string(4, '\0'));
  EXPECT_EQ(buffer.next().error(), FrameError::Empty);
}

TEST(FrameBuffer, asks_for_the_rest_of_a_frame_without_reserving_what_a_liar_announces_twice) {
  FrameBuffer buffer;
  const std::string announced{"\x00\xff\xff\xff", 4};
  feed(buffer, announced);
  EXPECT_FALSE(buffer.next().value());
  (void)buffer.space();
  EXPECT_LE(buffer.capacity(), frame_size_max + 16 * 1024u);
}

}  // namespace
}  // namespace robo::ib::wire
