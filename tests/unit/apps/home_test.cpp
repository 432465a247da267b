#include "apps/home.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace robo::apps {
namespace {

namespace fs = std::filesystem;

class Home : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("robo-home-" + std::to_string(::getpid()));
    fs::create_directories(root_ / "usr/bin");
    fs::create_directories(root_ / "clone/build/release/bin");
  }
  void TearDown() override { fs::remove_all(root_); }
  void put(const fs::path& folder) {
    fs::create_directories(root_ / folder / "data/calendars");
    std::ofstream(root_ / folder / "data/calendars/OURS.csv") << "x";
  }
  fs::path root_;
};

TEST_F(Home, an_installed_program_finds_the_share_beside_it) {
  put("usr/share/robotrader");
  const auto found = homes_of(root_ / "usr/bin/robotrader", "");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], root_ / "usr/share/robotrader");
  EXPECT_EQ(find_own("data/calendars/OURS.csv", found), (root_ / "usr/share/robotrader/data/calendars/OURS.csv").string());
}

TEST_F(Home, a_built_program_finds_the_clone_above_it_and_nothing_where_there_is_none) {
  EXPECT_TRUE(homes_of(root_ / "clone/build/release/bin/robotrader", "").empty());
  put("clone");
  const auto found = homes_of(root_ / "clone/build/release/bin/robotrader", "");
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0], root_ / "clone");
}

TEST_F(Home, what_the_user_names_comes_before_what_is_found) {
  put("usr/share/robotrader");
  put("mine");
  const auto found = homes_of(root_ / "usr/bin/robotrader", (root_ / "mine").string());
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(find_own("data/calendars/OURS.csv", found), (root_ / "mine/data/calendars/OURS.csv").string());
}

TEST_F(Home, a_path_that_exists_an_absolute_one_and_one_found_nowhere_stay_as_they_are) {
  put("mine");
  const std::vector<fs::path> homes{root_ / "mine"};
  const auto here = (root_ / "usr/bin").string();
  EXPECT_EQ(find_own(here, homes), here);
  EXPECT_EQ(find_own("/nowhere/data/calendars", homes), "/nowhere/data/calendars");
  EXPECT_EQ(find_own("data/none", homes), "data/none");
}

}  // namespace
}  // namespace robo::apps
