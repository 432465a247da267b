// The whole demo as a process: peak memory of engine, desk, gateway simulator and the recorded markets together.
#include <filesystem>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/report.hpp"

using namespace robo::bench;

int main(int argc, char** argv) {
  Report report(argc, argv, 3);
  Samples memory;
  for (int round = 0; round < report.rounds(); ++round) {
    const auto journal = std::filesystem::temp_directory_path() / fmt::format("robo-demo-bench-{}", ::getpid());
    std::filesystem::remove_all(journal);
    const pid_t child = ::fork();
    if (child == 0) {
      if (::chdir(ROBO_SOURCE_DIR) != 0) ::_exit(1);
      if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(1);
      const std::string folder = journal.string();
      ::execl(ROBO_BINARY, "robotrader", "demo", "--headless", "--seconds", "15", "--speed", "40", "--port", "0", "--journal", folder.c_str(), nullptr);
      ::_exit(127);
    }
    int status = 0;
    rusage used{};
    ::wait4(child, &status, 0, &used);
    std::filesystem::remove_all(journal);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return std::fprintf(stderr, "the demo did not end well\n"), 1;
    memory.add(static_cast<double>(used.ru_maxrss) / 1024);
  }
  report.row({.name = "demo/memory", .unit = "MB", .samples = memory, .bars = {at_most(Of::Max, 300)},
              .note = "peak of the whole process: engine, desk, simulator, recorded markets, mapped journal"});
  return report.exit_code();
}
