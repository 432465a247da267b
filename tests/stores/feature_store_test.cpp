#include "edge/store/features/feature_store.hpp"

#include <atomic>
#include <cmath>
#include <csignal>
#include <fcntl.h>
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "edge/store/features/point_in_time.hpp"

namespace robo::store::features {

namespace {

constexpr std::int64_t midnight = 1'514'937'600'000'000'000;  // 2018-01-03T00:00Z

class FeatureStoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "robo-features-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }
  [[nodiscard]] StoreOptions options(std::uint32_t rows = 64, std::uint64_t memory = 64u << 20) const {
    return {.folder = root_ / "parquet", .live = root_ / "live", .source = "0000000007-20180102-DU1", .batch_rows = rows, .memory_max = memory};
  }
  [[nodiscard]] std::unique_ptr<FeatureStore> open(const StoreOptions& how) const { return FeatureStore::open(how).value(); }
  [[nodiscard]] Series load(std::string_view symbol = "XXX") const { return Series::load(root_ / "parquet", root_ / "live", "decision", symbol); }
  static void fill(FeatureStore& store, FeatureStore::Series series, std::int64_t count, std::int64_t from = 0, std::int64_t begin = midnight) {
    for (std::int64_t i = from; i < from + count; ++i)
      ASSERT_TRUE(store.append(series, {begin + i * 1'000}, {begin + i * 1'000 + 500}, std::array{static_cast<double>(i), i % 3 == 0 ? std::nan("") : -0.5 * static_cast<double>(i)}));
    store.flush();
  }
  static void expect(const Series& series, std::int64_t count) {
    ASSERT_EQ(series.size(), static_cast<std::size_t>(count));
    EXPECT_TRUE(series.damaged().empty());
    std::int64_t i = 0;
    for (const auto& part : series.parts())
      for (std::size_t row = 0; row < part.size(); ++row, ++i) {
        ASSERT_EQ(part.at[row], midnight + i * 1'000);
        ASSERT_EQ(part.values[0][row], static_cast<double>(i));
        if (i % 3 == 0) ASSERT_TRUE(std::isnan(part.values[1][row]));
        else ASSERT_EQ(part.values[1][row], -0.5 * static_cast<double>(i));
      }
  }
  std::filesystem::path root_;
  const std::vector<std::string> names_{"mid", "rsi(14) 1m"};
};

}  // namespace

TEST_F(FeatureStoreTest, gives_back_every_row_while_it_fills_and_when_it_is_sealed) {
  auto store = open(options());
  const auto series = store->series("decision", "XXX", names_);
  fill(*store, series, 1'000);
  const auto live = load();
  expect(live, 1'000);
  EXPECT_EQ(live.parts()[0].name.features, names_);
  ASSERT_TRUE(store->finish());
  store.reset();
  expect(load(), 1'000);
  EXPECT_TRUE(std::filesystem::is_empty(root_ / "live" / "decision" / "XXX"));
}

TEST_F(FeatureStoreTest, another_process_sees_rows_as_they_come_and_copies_nothing) {
  auto store = open(options(4096));
  const auto series = store->series("decision", "XXX", names_);
  fill(*store, series, 10);
  auto mapped = map_batch(root_ / "live" / "decision" / "XXX" / "0000000007-20180102-DU1.00000000.arrow").value();
  EXPECT_EQ(mapped.size(), 10u);
  const auto* before = mapped.values[0].data();
  fill(*store, series, 5, 10);
  refresh(mapped);
  ASSERT_EQ(mapped.size(), 15u);
  EXPECT_EQ(mapped.values[0].data(), before) << "the same memory";
  EXPECT_EQ(mapped.values[0][14], 14.0);
}

TEST_F(FeatureStoreTest, a_reader_never_sees_half_a_row) {
  auto store = open(options(65'536));
  const auto series = store->series("decision", "XXX", names_);
  fill(*store, series, 1);
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> looked{0};
  std::uint64_t wrong = 0;
  std::thread reader([&] {
    auto mapped = map_batch(root_ / "live" / "decision" / "XXX" / "0000000007-20180102-DU1.00000000.arrow").value();
    while (!stop) {
      refresh(mapped);
      const auto last = mapped.size() - 1;
      wrong += mapped.values[0][last] != static_cast<double>(last) || mapped.at[last] != midnight + static_cast<std::int64_t>(last) * 1'000;
      ++looked;
    }
  });
  while (looked == 0) std::this_thread::yield();
  fill(*store, series, 60'000, 1);
  stop = true;
  reader.join();
  EXPECT_EQ(wrong, 0u);
}

TEST_F(FeatureStoreTest, holds_the_ceiling_and_loses_nothing_that_fits_the_disk) {
  auto how = options(256);
  const auto size = layout_of({.set = "decision", .symbol = "XXX", .source = how.source, .features = names_}, 256).size;
  how.memory_max = 4 * size;
  auto store = open(how);
  const auto series = store->series("decision", "XXX", names_);
  std::int64_t i = 0;
  std::uint64_t most = 0;
  while (i < 20'000) {
    if (!store->append(series, {midnight + i * 1'000}, {midnight + i * 1'000 + 500}, std::array{static_cast<double>(i), i % 3 == 0 ? std::nan("") : -0.5 * static_cast<double>(i)})) {
      std::this_thread::yield();  // this test waits for the disk; the engine's thread does not
      continue;
    }
    ++i;
    if (i % 128 == 0) most = std::max(most, store->figures().memory);
  }
  EXPECT_LE(most, how.memory_max);
  ASSERT_TRUE(store->finish());
  expect(load(), 20'000);
}

TEST_F(FeatureStoreTest, without_a_disk_the_oldest_leave_and_are_counted) {
  auto how = options(64);
  how.spill = false;
  how.memory_max = 3 * layout_of({.set = "decision", .symbol = "XXX", .source = how.source, .features = names_}, 64).size;
  auto store = open(how);
  const auto series = store->series("decision", "XXX", names_);
  fill(*store, series, 64 * 10);
  const auto figures = store->figures();
  EXPECT_EQ(figures.dropped, 0u);
  EXPECT_EQ(figures.let_go, 64u * 7);
  EXPECT_LE(figures.memory, how.memory_max);
  EXPECT_EQ(load().size(), 64u * 3);
}

TEST_F(FeatureStoreTest, a_killed_program_loses_no_row_it_had_taken) {
  const pid_t child = ::fork();
  if (child == 0) {
    auto store = open(options(64));
    const auto series = store->series("decision", "XXX", names_);
    fill(*store, series, 1'000);
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  expect(load(), 1'000);
  auto next = options(64);
  next.source = "0000000008-20180103-DU1";
  open(next).reset();
  expect(Series::load(root_ / "parquet", root_ / "nowhere", "decision", "XXX"), 1'000);
  open(next).reset();
  expect(load(), 1'000);
}

TEST_F(FeatureStoreTest, a_disk_that_is_full_stops_nothing_and_is_told_once_it_has_room_again) {
  auto how = options(64);
  auto store = open(how);
  const auto series = store->series("decision", "XXX", names_);
  rlimit before{};
  ::getrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, SIG_IGN);
  // Files may not grow beyond 3 kB: a batch is larger than that, so its room is refused as a full disk refuses it.
  const rlimit small{.rlim_cur = 3'000, .rlim_max = before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  EXPECT_FALSE(store->append(series, {midnight}, {midnight}, std::array{1.0, 2.0}));
  ::setrlimit(RLIMIT_FSIZE, &before);
  EXPECT_NE(store->figures().refused.find(".arrow: "), std::string::npos) << store->figures().refused;
  EXPECT_EQ(store->figures().dropped, 1u);
  fill(*store, series, 10);
  EXPECT_TRUE(store->figures().refused.empty());
  EXPECT_TRUE(store->finish()) << store->figures().trouble;
  expect(load(), 10);
}

TEST_F(FeatureStoreTest, half_a_parquet_file_is_named_and_the_others_are_read) {
  {
    auto store = open(options(64));
    const auto series = store->series("decision", "XXX", names_);
    fill(*store, series, 640);
    ASSERT_TRUE(store->finish());
    fill(*store, series, 64, 640);
    ASSERT_TRUE(store->finish());
  }
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / "parquet"))
    if (entry.path().extension() == ".parquet") files.push_back(entry.path());
  ASSERT_GE(files.size(), 2u);
  std::sort(files.begin(), files.end());
  std::filesystem::resize_file(files.back(), std::filesystem::file_size(files.back()) / 2);
  const auto series = load();
  EXPECT_GT(series.size(), 0u);
  EXPECT_LT(series.size(), 704u);
  ASSERT_EQ(series.damaged().size(), 1u);
  EXPECT_NE(series.damaged()[0].find(files.back().filename().string()), std::string::npos);
  std::ofstream(files.front().string() + ".part") << "half";
  open(options(64)).reset();
  EXPECT_FALSE(std::filesystem::exists(files.front().string() + ".part"));
}

TEST_F(FeatureStoreTest, joins_what_was_known_at_a_moment_and_nothing_later) {
  auto store = open(options(4));
  const auto xxx = store->series("decision", "XXX", names_), brk = store->series("decision", "BRK/B", names_);
  fill(*store, xxx, 10);
  fill(*store, brk, 2);
  // Known half a microsecond after it happened.
  const std::vector<Moment> moments{{"XXX", {midnight + 499}}, {"XXX", {midnight + 500}}, {"XXX", {midnight + 4'499}}, {"XXX", {midnight + 4'500}}, {"BRK/B", {midnight + 1'000'000}}, {"NONE", {midnight}}};
  const auto joined = join_as_known(root_ / "parquet", root_ / "live", "decision", moments, {"mid", "no_such"});
  EXPECT_TRUE(std::isnan(joined.values[0][0]));
  EXPECT_EQ(joined.known_at[0], 0);
  EXPECT_EQ(joined.values[0][1], 0.0);
  EXPECT_EQ(joined.values[0][2], 3.0);
  EXPECT_EQ(joined.values[0][3], 4.0);
  EXPECT_EQ(joined.values[0][4], 1.0);
  EXPECT_TRUE(std::isnan(joined.values[0][5]));
  EXPECT_TRUE(std::isnan(joined.values[1][1]));
  const auto young = join_as_known(root_ / "parquet", root_ / "live", "decision", moments, {"mid"}, microseconds(100));
  EXPECT_TRUE(std::isnan(young.values[0][4])) << "too old";
}

TEST_F(FeatureStoreTest, a_clock_that_goes_back_never_makes_a_row_known_earlier) {
  auto store = open(options(16));
  const auto series = store->series("decision", "XXX", {"mid"});
  ASSERT_TRUE(store->append(series, {midnight}, {midnight + 5'000}, std::array{1.0}));
  ASSERT_TRUE(store->append(series, {midnight + 1}, {midnight - 1'000'000}, std::array{2.0}));
  EXPECT_EQ(load().size(), 0u) << "not shown yet";
  store->flush();
  const auto rows = load();
  EXPECT_EQ(rows.parts()[0].known_at[1], midnight + 5'000);
  EXPECT_FALSE(rows.as_known_at({midnight + 4'999}));
  EXPECT_EQ(rows.as_known_at({midnight + 5'000}).row, 1u);
}

TEST_F(FeatureStoreTest, a_batch_over_midnight_is_two_files) {
  auto store = open(options(64));
  const auto series = store->series("decision", "XXX", names_);
  fill(*store, series, 32, 0, midnight - 16'000);
  ASSERT_TRUE(store->finish());
  const auto first = parquet_folder(root_ / "parquet", "decision", date_of(2018, 1, 2), "XXX"), second = parquet_folder(root_ / "parquet", "decision", date_of(2018, 1, 3), "XXX");
  EXPECT_FALSE(std::filesystem::is_empty(first));
  EXPECT_FALSE(std::filesystem::is_empty(second));
  EXPECT_EQ(load().size(), 32u);
  EXPECT_EQ(Series::load(root_ / "parquet", {}, "decision", "XXX", {}, date_of(2018, 1, 3)).size(), 16u);
}

}  // namespace robo::store::features
