// kill -9 at each durable step of an order's life, then a restart against the gateway that went on without us: nothing lost, nothing
// doubled, and the note says what happened.
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include "apps/rehearsal/street.hpp"
#include "base/step.hpp"
#include "edge/sim/server/server.hpp"
#include "edge/sim/server/station.hpp"
#include "runtime/clock.hpp"

extern char** environ;

namespace robo {
namespace {

const std::string data = ROBO_SOURCE_DIR "/data";

struct Ended {
  int status{};
  std::string said{};
};

class Killed : public testing::TestWithParam<Step> {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() / fmt::format("robotrader-kill-{}-{}", ::getpid(), to_text(GetParam()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    runtime::WallClock clock;
    sim::ServerSettings settings;
    settings.port = 0;
    settings.skip_gaps = false;
    settings.level1_interval = milliseconds(20);
    settings.state_dir = folder_ / "gateway";
    server_ = std::make_unique<sim::GatewayServer>(std::make_unique<apps::rehearsal::Street>(clock.now() - seconds(2)), settings, sim::FeeTable::load(data + "/fees/ib.csv").value());
    ASSERT_TRUE(server_->start().has_value());
  }
  void TearDown() override {
    server_->stop();
    std::filesystem::remove_all(folder_);
  }

  Ended engine(std::string_view step, std::string what) {
    const std::string out = (folder_ / ("said-" + what)).string();
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    std::string words[] = {ROBO_FAULTS_ENGINE, std::to_string(server_->port()), folder_.string(), data, std::string(step), std::move(what)};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(), words[4].data(), words[5].data(), nullptr};
    pid_t child = 0;
    Ended ended;
    if (::posix_spawn(&child, words[0].c_str(), &files, nullptr, argv, environ) != 0) return {.status = -1};
    ::waitpid(child, &ended.status, 0);
    posix_spawn_file_actions_destroy(&files);
    std::ostringstream said;
    said << std::ifstream(out).rdbuf();
    ended.said = said.str();
    return ended;
  }

  std::filesystem::path folder_;
  std::unique_ptr<sim::GatewayServer> server_;
};

TEST_P(Killed, loses_nothing_and_doubles_nothing) {
  const bool cancels = GetParam() == Step::CancelJournaled || GetParam() == Step::CancelSent;
  const auto first = engine(to_text(GetParam()), cancels ? "cancel" : "order");
  ASSERT_TRUE(WIFSIGNALED(first.status) && WTERMSIG(first.status) == SIGKILL) << "the step was never reached\n" << first.said;

  const auto second = engine("none", "look");
  ASSERT_TRUE(WIFEXITED(second.status) && WEXITSTATUS(second.status) == 0) << second.said;
  server_->stop();
  const auto& broker = server_->station()->broker();
  std::size_t working = 0;
  for (std::size_t slot = 0; slot < broker.orders(); ++slot) working += !is_final(broker.order(static_cast<sim::Slot>(slot)).state);
  EXPECT_LE(broker.orders(), 1u) << "an order was sent twice\n" << second.said;
  EXPECT_NE(second.said.find(fmt::format("position {}\n", to_text(broker.account().holding(InstrumentId{0}).quantity))), std::string::npos) << second.said;
  EXPECT_NE(second.said.find(fmt::format("working {}\n", working)), std::string::npos) << working << " work at IB\n" << second.said;
  EXPECT_NE(second.said.find("ready true"), std::string::npos) << second.said;
  EXPECT_NE(second.said.find("note Reconciled"), std::string::npos) << second.said;
  // What was sent is at IB, what was not sent is not.
  const bool sent = GetParam() >= Step::OrderSent && GetParam() < Step::ReconciliationBegan;
  EXPECT_EQ(broker.orders(), sent ? 1u : 0u) << second.said;
}

std::string name_of(const testing::TestParamInfo<Step>& step) { return std::string(to_text(step.param)); }

INSTANTIATE_TEST_SUITE_P(Steps, Killed,
                         testing::Values(Step::IdReserved, Step::CommandJournaled, Step::OrderTracked, Step::OrderSent, Step::Acknowledged, Step::FillRead,
                                         Step::FillJournaled, Step::CommissionRead, Step::CancelJournaled, Step::CancelSent, Step::ReconciliationBegan,
                                         Step::ReconciliationEnded),
                         name_of);

}  // namespace
}  // namespace robo
