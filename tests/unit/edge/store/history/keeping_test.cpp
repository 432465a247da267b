// Backup and restore, days that leave, ceilings.

#include <fstream>

#include "edge/store/history/backup.hpp"
#include "edge/store/history/retention.hpp"
#include "unit/edge/store/history/support.hpp"

namespace robo::store::history {
namespace {

using namespace test;
namespace fs = std::filesystem;

class Keeping : public InAStore {
 protected:
  void SetUp() override {
    InAStore::SetUp();
    store_ = root_ / "store";
    StoreWriter writer(store_, WriterKind::Import, "test");
    for (int d = 11; d < 16; ++d)
      for (const auto& bar : minutes_of(date_of(2019, 2, static_cast<unsigned>(d)))) writer.bar(d % 2 == 0 ? "BRK/B" : "ABC", date_of(2019, 2, static_cast<unsigned>(d)), bar);
    writer.trade("ABC", date_of(2019, 2, 11), {.at = {1}, .price = price(1), .size = shares(1)});
    ASSERT_TRUE(writer.finish());
  }
  static std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && entry.path().filename() != "robotrader-backup.csv") {
        std::ifstream in(entry.path(), std::ios::binary);
        out[fs::relative(entry.path(), folder).string()] = std::string(std::istreambuf_iterator<char>(in), {});
      }
    return out;
  }
  fs::path store_;
};

TEST_F(Keeping, what_is_restored_is_what_was_backed_up_byte_for_byte) {
  const auto made = backup(store_, root_ / "backup");
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->files, 6U);
  EXPECT_EQ(made->copied, 6U);
  ASSERT_TRUE(verify_backup(root_ / "backup"));
  const auto done = restore(root_ / "backup", root_ / "again");
  ASSERT_TRUE(done) << done.error().text;
  EXPECT_EQ(contents(root_ / "again"), contents(store_));
  EXPECT_EQ(catalogue(root_ / "again", {}, calendars()).holdings.size(), 3U);
}

TEST_F(Keeping, a_second_backup_copies_what_is_new_and_forgets_what_is_gone) {
  ASSERT_TRUE(backup(store_, root_ / "backup"));
  EXPECT_EQ(backup(store_, root_ / "backup")->copied, 0U);
  fs::remove_all(path_of(store_, {"bars", date_of(2019, 2, 11), "ABC"}));
  StoreWriter writer(store_, WriterKind::Import, "later");
  writer.trade("ABC", date_of(2019, 2, 12), {.at = {1}, .price = price(1), .size = shares(1)});
  ASSERT_TRUE(writer.finish());
  const auto second = backup(store_, root_ / "backup");
  EXPECT_EQ(second->copied, 1U);
  EXPECT_EQ(second->removed, 1U);
  ASSERT_TRUE(restore(root_ / "backup", root_ / "again"));
  EXPECT_EQ(contents(root_ / "again"), contents(store_));
}

TEST_F(Keeping, a_backup_that_was_damaged_restores_nothing_and_names_the_file) {
  ASSERT_TRUE(backup(store_, root_ / "backup"));
  fs::path victim;
  for (const auto& entry : fs::recursive_directory_iterator(root_ / "backup"))
    if (entry.path().extension() == ".parquet") victim = entry.path();
  {
    std::fstream file(victim, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(100);
    file.put('\xFF');
    file.put('\x00');
  }
  const auto wrong = verify_backup(root_ / "backup");
  ASSERT_FALSE(wrong);
  EXPECT_NE(wrong.error().text.find(victim.filename().string()), std::string::npos);
  EXPECT_FALSE(restore(root_ / "backup", root_ / "again"));
  EXPECT_FALSE(fs::exists(root_ / "again"));
  fs::remove(victim);
  EXPECT_FALSE(restore(root_ / "backup", root_ / "again"));
  for (const auto& entry : fs::directory_iterator(root_)) EXPECT_EQ(entry.path().string().find("restoring"), std::string::npos) << "nothing half is left";
}

TEST_F(Keeping, a_backup_goes_to_a_place_of_its_own_and_a_restore_into_an_empty_one) {
  EXPECT_FALSE(backup(store_, store_ / "backup"));
  fs::create_directories(root_ / "other");
  std::ofstream(root_ / "other" / "letter.txt") << "dear";
  EXPECT_FALSE(backup(store_, root_ / "other"));
  EXPECT_TRUE(fs::exists(root_ / "other" / "letter.txt"));
  EXPECT_FALSE(backup(root_ / "nowhere", root_ / "backup"));
  EXPECT_FALSE(restore(root_ / "other", root_ / "again"));
  ASSERT_TRUE(backup(store_, root_ / "backup"));
  EXPECT_FALSE(restore(root_ / "backup", store_)) << "a store that is there is never written over";
  fs::create_directories(root_ / "empty");
  EXPECT_TRUE(restore(root_ / "backup", root_ / "empty"));
}

TEST_F(Keeping, days_older_than_their_kind_may_be_leave_and_the_newest_stays) {
  EXPECT_TRUE(to_prune(store_, {}, 0).empty());
  const auto two = to_prune(store_, {{"bars", 3}}, 0);
  ASSERT_EQ(two.size(), 2U);  // the 15th is the newest: 13, 14, 15 stay
  EXPECT_EQ(two[0].partition.day, date_of(2019, 2, 11));
  EXPECT_EQ(two[1].partition.day, date_of(2019, 2, 12));
  const auto freed = prune(store_, two);
  ASSERT_TRUE(freed);
  EXPECT_EQ(*freed, two[0].bytes + two[1].bytes);
  EXPECT_EQ(partitions(store_, "bars").size(), 3U);
  EXPECT_EQ(partitions(store_, "trades").size(), 1U) << "another kind, kept for ever";
  EXPECT_FALSE(fs::exists(store_ / "bars" / "date=2019-02-11"));
}

TEST_F(Keeping, a_ceiling_takes_the_oldest_days_until_there_is_room_and_is_warned_of_before) {
  const auto used = disk_use(store_).total;
  EXPECT_EQ(used, disk_use(store_).by_kind["bars"] + disk_use(store_).by_kind["trades"]);
  EXPECT_TRUE(to_prune(store_, {}, used).empty());
  const auto one = to_prune(store_, {}, used - 1);
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].partition.day, date_of(2019, 2, 11));
  EXPECT_EQ(to_prune(store_, {}, 1).size(), 6U);
  const double gb = static_cast<double>(used) / 1e9;
  EXPECT_FALSE(warning(store_, 0));
  EXPECT_FALSE(warning(store_, gb / 0.79));
  ASSERT_TRUE(warning(store_, gb / 0.81));
  EXPECT_NE(warning(store_, gb / 0.81)->find("history.disk_max_gb"), std::string::npos);
}

}  // namespace
}  // namespace robo::store::history
