#include "edge/ib/order_ids.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

namespace robo::ib {
namespace {

class OrderIdsOnDisk : public testing::Test {
 protected:
  OrderIdsOnDisk()
      : folder_(std::filesystem::temp_directory_path() /
                ("robo-order-ids-" + std::to_string(::getpid()) + "-" +
                 testing::UnitTest::GetInstance()->current_test_info()->name())) {
    std::filesystem::remove_all(folder_);
  }
  ~OrderIdsOnDisk() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path folder_;
};

TEST_F(OrderIdsOnDisk, take_the_higher_of_the_servers_word_and_ours) {
  auto ids = OrderIds::open(folder_, 7).value();
  ids.server_says(501);
  EXPECT_EQ(ids.take().value(), 501);
  ids.server_says(400);  // its counter went back after a restart
  EXPECT_EQ(ids.take().value(), 502);
  ids.server_says(600);
  EXPECT_EQ(ids.take().value(), 600);
}

TEST_F(OrderIdsOnDisk, are_never_used_twice_after_a_crash) {
  std::int32_t last = 0;
  {
    auto ids = OrderIds::open(folder_, 7).value();
    ids.server_says(501);
    for (int i = 0; i < 700; ++i) last = ids.take().value();
  }
  auto ids = OrderIds::open(folder_, 7).value();
  ids.server_says(1);
  EXPECT_GT(ids.take().value(), last);
}

TEST_F(OrderIdsOnDisk, step_over_ids_seen_at_the_broker) {
  auto ids = OrderIds::open(folder_, 7).value();
  ids.server_says(501);
  ids.seen(620);
  EXPECT_EQ(ids.take().value(), 621);
}

TEST_F(OrderIdsOnDisk, belong_to_one_client_id_each) {
  OrderIds::open(folder_, 7).value().take().value();
  EXPECT_EQ(OrderIds::open(folder_, 8).value().next(), 1);
  EXPECT_GT(OrderIds::open(folder_, 7).value().next(), 1);
}

TEST_F(OrderIdsOnDisk, refuse_a_file_that_is_no_number_and_say_what_to_do) {
  std::filesystem::create_directories(folder_);
  std::ofstream(folder_ / "order_id_high_water.7") << "many\n";
  const auto ids = OrderIds::open(folder_, 7);
  ASSERT_FALSE(ids);
  EXPECT_NE(ids.error().text.find("write the highest order id ever used by client 7 into it"), std::string::npos);
}

TEST_F(OrderIdsOnDisk, do_not_hand_out_an_id_the_disk_did_not_keep) {
  auto ids = OrderIds::open(folder_, 7).value();
  std::filesystem::remove_all(folder_);
  EXPECT_FALSE(ids.take());
}

}  // namespace
}  // namespace robo::ib
