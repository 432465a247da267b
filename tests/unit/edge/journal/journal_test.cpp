#include <fcntl.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <csignal>
#include <unistd.h>

#include "edge/journal/reader.hpp"
#include "edge/journal/writer.hpp"

namespace robo::journal {

namespace {

class JournalTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-journal-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  WriterSettings settings(std::size_t segment = 1u << 20) const {
    return {.folder = folder_, .session = 7, .segment_size = segment, .sync_every = milliseconds(1)};
  }
  static Event quote_event(std::int64_t i) {
    return {.at = {i}, .received_at = {i + 5},
            .payload = Quote{.instrument = InstrumentId{3}, .bid = Price::from_raw(i), .ask = Price::from_raw(i + 1),
                             .bid_size = shares(100), .ask_size = shares(200)}};
  }
  void write(std::int64_t count, std::size_t segment = 1u << 20) const {
    auto how = settings(segment);
    how.patient = true;  // faster than a disk can be prepared, as a back-test is
    auto writer = Writer::open(how).value();
    for (std::int64_t i = 0; i < count; ++i) writer->on_event(quote_event(i));
    EXPECT_EQ(writer->lost(), 0u);
  }
  std::uint64_t count(Reader& reader) const {
    Record record;
    EventDecoder decoder;
    Event event;
    std::uint64_t n = 0;
    while (reader.next(record)) {
      EXPECT_TRUE(decoder.decode(record, event));
      EXPECT_EQ(std::get<Quote>(event.payload).bid.raw, static_cast<std::int64_t>(n));
      EXPECT_EQ(event.received_at.ns, static_cast<std::int64_t>(n) + 5);
      ++n;
    }
    return n;
  }
  std::filesystem::path folder_;
};

}  // namespace

TEST_F(JournalTest, gives_back_every_event_in_order_over_many_segments) {
  write(30'000, 256u << 10);
  auto reader = Reader::open(folder_).value();
  EXPECT_EQ(count(reader), 30'000u);
  EXPECT_GT(reader.segments(), 5u);
  EXPECT_EQ(reader.ending(), Ending::Clean);
  EXPECT_EQ(reader.session(), 7u);
}

TEST_F(JournalTest, keeps_long_payloads_commands_and_facts) {
  {
    auto writer = Writer::open(settings()).value();
    const OrderUpdate update{.key = {7, 1}, .state = OrderState::Rejected, .code = 201, .text = "Order rejected - reason: margin"};
    writer->on_event({.at = {1}, .received_at = {1}, .payload = Boxed<OrderUpdate>{&update}});
    writer->on_command({2}, CancelOrder{.key = {7, 1}});
    writer->on_fact({.at = {3}, .payload = OrderDenied{.intent = {.key = {7, 2}, .quantity = shares(5), .kind = Limit{price(10)}},
                                                       .reason = Denial::TooLarge, .measured = 5, .limit = 4}});
  }
  auto reader = Reader::open(folder_).value();
  Record record;
  EventDecoder decoder;
  Event event;
  ASSERT_TRUE(reader.next(record));
  ASSERT_TRUE(decoder.decode(record, event));
  EXPECT_EQ(std::get<Boxed<OrderUpdate>>(event.payload)->text.view(), "Order rejected - reason: margin");
  ASSERT_TRUE(reader.next(record));
  CommandView command;
  ASSERT_TRUE(decode(record, command));
  EXPECT_EQ(command.name, "cancel_order");
  EXPECT_EQ(command.key, (OrderKey{7, 1}));
  ASSERT_TRUE(reader.next(record));
  Fact fact;
  ASSERT_TRUE(decode(record, fact));
  const auto& denied = std::get<OrderDenied>(fact.payload);
  EXPECT_EQ(denied.reason, Denial::TooLarge);
  EXPECT_EQ(std::get<Limit>(denied.intent.kind).price, price(10));
  EXPECT_FALSE(reader.next(record));
}

TEST_F(JournalTest, a_killed_writer_loses_no_record_it_had_appended) {
  int told[2];
  ASSERT_EQ(::pipe(told), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    auto writer = Writer::open(settings()).value();
    for (std::int64_t i = 0; i < 1'000; ++i) writer->on_event(quote_event(i));
    (void)!::write(told[1], "x", 1);
    ::pause();
  }
  char byte = 0;
  ASSERT_EQ(::read(told[0], &byte, 1), 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(told[0]);
  ::close(told[1]);
  auto reader = Reader::open(folder_).value();
  EXPECT_EQ(count(reader), 1'000u);
  EXPECT_EQ(reader.ending(), Ending::Cut);
  EXPECT_NE(reader.ending_text().find("record 1000"), std::string::npos) << reader.ending_text();
}

TEST_F(JournalTest, a_damaged_byte_costs_what_follows_it_and_is_said) {
  write(1'000);
  {
    std::fstream file(folder_ / "segment-000000.rtj", std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(64 + 500 * (24 + 39) + 30);
    file.put('\x55');
  }
  auto reader = Reader::open(folder_).value();
  EXPECT_EQ(count(reader), 500u);
  EXPECT_EQ(reader.ending(), Ending::Damaged);
  EXPECT_NE(reader.ending_text().find("last good record, 500"), std::string::npos) << reader.ending_text();
}

TEST_F(JournalTest, a_file_cut_anywhere_is_read_to_its_last_whole_record) {
  write(20);
  const auto path = folder_ / "segment-000000.rtj";
  const auto size = std::filesystem::file_size(path);
  for (auto length = size; length >= 64; length -= 7) {
    std::filesystem::resize_file(path, length);
    auto reader = Reader::open(folder_).value();
    EXPECT_EQ(count(reader), (length - 64) / (24 + 39)) << length;
  }
}

TEST_F(JournalTest, refuses_what_is_not_a_journal_with_a_sentence) {
  const auto missing = Reader::open(folder_ / "nowhere");
  ASSERT_FALSE(missing.has_value());
  std::ofstream(folder_ / "segment-000000.rtj") << std::string(200, 'x');
  const auto garbage = Reader::open(folder_);
  ASSERT_FALSE(garbage.has_value());
  EXPECT_NE(garbage.error().text.find("segment-000000.rtj"), std::string::npos);
}

TEST_F(JournalTest, never_overwrites_an_existing_journal) {
  write(10);
  const auto second = Writer::open(settings());
  ASSERT_FALSE(second.has_value());
  auto reader = Reader::open(folder_).value();
  EXPECT_EQ(count(reader), 10u);
}

TEST_F(JournalTest, a_full_disk_turns_it_unhealthy_before_anything_is_lost_and_it_recovers) {
  // RLIMIT_FSIZE stands in for a full disk: reserving the second segment fails, as it does with ENOSPC.
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_IGN);
    auto tight = settings(128u << 10);
    auto writer = Writer::open(tight).value();
    ::usleep(20'000);  // segment 1 is prepared by now
    const rlimit none{.rlim_cur = 64u << 10, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &none);
    std::int64_t i = 0;
    while (writer->healthy() && i < 10'000) {
      writer->on_event(quote_event(i++));
      if (i % 200 == 0) ::usleep(2'000);
    }
    if (writer->lost() != 0) ::_exit(1);          // told before the first loss
    if (i >= 10'000) ::_exit(2);
    const auto before = i;
    while (writer->lost() < 100 && i < before + 10'000) writer->on_event(quote_event(i++));
    if (writer->lost() != 100) ::_exit(3);
    const rlimit enough{.rlim_cur = RLIM_INFINITY, .rlim_max = RLIM_INFINITY};
    ::setrlimit(RLIMIT_FSIZE, &enough);
    ::usleep(30'000);
    writer->on_event(quote_event(i++));
    ::_exit(writer->healthy() ? 0 : 4);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
  auto reader = Reader::open(folder_).value();
  Record record;
  while (reader.next(record)) {
  }
  EXPECT_EQ(reader.lost(), 100u);
}

TEST_F(JournalTest, any_mutated_bytes_are_refused_or_read_but_never_crash) {
  write(200);
  const auto path = folder_ / "segment-000000.rtj";
  std::string original;
  {
    std::ifstream in(path, std::ios::binary);
    original.assign(std::istreambuf_iterator<char>(in), {});
  }
  std::uint64_t state = 11;
  const auto random = [&] { return state = state * 6364136223846793005u + 1442695040888963407u, state >> 33; };
  for (int round = 0; round < 300; ++round) {
    auto bytes = original;
    for (int k = 0; k < 3; ++k) bytes[random() % bytes.size()] = static_cast<char>(random());
    if (round % 3 == 0) bytes.resize(random() % bytes.size());
    std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    auto reader = Reader::open(folder_);
    if (!reader) continue;
    Record record;
    EventDecoder decoder;
    Event event;
    std::uint64_t n = 0;
    while (reader->next(record)) {
      EXPECT_TRUE(decoder.decode(record, event));  // what the checksum lets through is whole
      ++n;
    }
    EXPECT_LE(n, 200u);
  }
}

}  // namespace robo::journal
