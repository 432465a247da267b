#include "edge/journal/follower.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>

#include "edge/journal/writer.hpp"

namespace robo::journal {

namespace {

class FollowerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-follower-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::unique_ptr<Writer> writer(std::size_t segment) const {
    return Writer::open({.folder = folder_, .session = 7, .segment_size = segment, .sync_every = milliseconds(1), .patient = true}).value();
  }
  static Event event(std::int64_t i) { return {.at = {i}, .received_at = {i + 5}, .payload = TimerFired{TimerId{static_cast<std::uint64_t>(i)}}}; }
  std::filesystem::path folder_;
};

}  // namespace

TEST_F(FollowerTest, reads_every_record_once_while_the_writer_writes_over_many_segments) {
  constexpr std::int64_t total = 60'000;
  auto written = writer(256u << 10);
  written->on_event(event(0));
  auto follower = Follower::open(folder_).value();
  EXPECT_EQ(follower.begins_at().ns, 0);
  std::thread writing([&] {
    for (std::int64_t i = 1; i < total; ++i) written->on_event(event(i));
    written.reset();
  });
  std::int64_t seen = 0;
  Record record;
  while (seen < total) {
    const auto got = follower.next(record);
    ASSERT_NE(got, Follow::Damaged) << follower.damage();
    if (got == Follow::Nothing) {
      std::this_thread::yield();
      continue;
    }
    ASSERT_EQ(record.number, static_cast<std::uint64_t>(seen));
    ASSERT_EQ(record.at.ns, seen);
    ++seen;
  }
  writing.join();
  EXPECT_EQ(follower.next(record), Follow::Nothing);
}

TEST_F(FollowerTest, goes_on_at_any_record_and_says_when_there_are_fewer) {
  {
    auto written = writer(256u << 10);
    for (std::int64_t i = 0; i < 20'000; ++i) written->on_event(event(i));
  }
  auto follower = Follower::open(folder_).value();
  Record record;
  for (const std::uint64_t from : {0u, 1u, 12'345u, 19'999u}) {
    ASSERT_TRUE(follower.seek(from).value());
    ASSERT_EQ(follower.next(record), Follow::Record);
    EXPECT_EQ(record.number, from);
  }
  EXPECT_TRUE(follower.seek(20'000).value());
  EXPECT_FALSE(follower.seek(20'001).value());
  EXPECT_EQ(follower.number(), 20'000u);
}

TEST_F(FollowerTest, waits_at_a_record_that_is_half_written_and_takes_it_when_it_is_whole) {
  auto written = writer(256u << 10);
  written->on_event(event(0));
  auto follower = Follower::open(folder_).value();
  Record record;
  ASSERT_EQ(follower.next(record), Follow::Record);
  const auto at = static_cast<off_t>(segment_header_size + follower.bytes_read() / 2);  // open() read it once, to know when it begins
  written->on_event(event(1));
  const int file = ::open((folder_ / "segment-000000.rtj").c_str(), O_RDWR);
  std::uint32_t crc = 0, none = 0;
  ASSERT_EQ(::pread(file, &crc, sizeof crc, at), 4);
  ASSERT_EQ(::pwrite(file, &none, sizeof none, at), 4);
  EXPECT_EQ(follower.next(record), Follow::Nothing);
  EXPECT_EQ(follower.next(record), Follow::Nothing);
  ASSERT_EQ(::pwrite(file, &crc, sizeof crc, at), 4);
  ::close(file);
  ASSERT_EQ(follower.next(record), Follow::Record);
  EXPECT_EQ(record.number, 1u);
}

TEST_F(FollowerTest, names_a_segment_that_is_missing_in_between) {
  {
    auto written = writer(256u << 10);
    for (std::int64_t i = 0; i < 30'000; ++i) written->on_event(event(i));
  }
  ASSERT_TRUE(std::filesystem::exists(folder_ / "segment-000003.rtj"));
  std::filesystem::rename(folder_ / "segment-000002.rtj", folder_ / "segment-000001.rtj");
  auto follower = Follower::open(folder_).value();
  Record record;
  auto got = Follow::Record;
  while (got == Follow::Record) got = follower.next(record);
  EXPECT_EQ(got, Follow::Damaged);
  EXPECT_NE(follower.damage().find("segment-000000.rtj"), std::string::npos) << follower.damage();
}

}  // namespace robo::journal
