#include <csignal>
#include <exception>
#include <fmt/core.h>

#include "apps/terminal.hpp"
#include "apps/verbs.hpp"

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on file size is met as an error, like a full disk
  int code = 0;
  const auto options = robo::apps::parse(argc, argv, code);
  if (!options) return code;
  try {
    return std::visit([](const auto& verb) { return robo::apps::run(verb); }, *options);
  } catch (const std::exception& error) {
    // Start-up and configuration: everything that is wrong, at once.
    robo::apps::terminal::complain(error.what());
    return 2;
  }
}
