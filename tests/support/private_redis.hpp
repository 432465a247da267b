#pragma once
// A Redis server of the test's own: temporary folder, Unix socket, no TCP.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace robo::test {

class PrivateRedis {
 public:
  explicit PrivateRedis(std::vector<std::string> options = {}) : options_(std::move(options)) {
    std::string name = "/tmp/robo-redis-XXXXXX";
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    start();
  }
  ~PrivateRedis() {
    kill();
    std::filesystem::remove_all(folder_);
  }
  PrivateRedis(const PrivateRedis&) = delete;
  PrivateRedis& operator=(const PrivateRedis&) = delete;

  void start() {
    std::vector<std::string> words{"redis-server", "--port", "0", "--unixsocket", socket(), "--dir", folder_.string(), "--save", "", "--daemonize", "no"};
    words.insert(words.end(), options_.begin(), options_.end());
    server_ = ::fork();
    if (server_ == 0) {
      const int nothing = ::open("/dev/null", O_WRONLY);
      ::dup2(nothing, 1);
      ::dup2(nothing, 2);
      std::vector<char*> arguments;
      for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    for (int i = 0; i < 2000 && !answers(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!answers()) std::abort();
  }
  /// Everything it held is gone.
  void kill() {
    if (server_ <= 0) return;
    ::kill(server_, SIGCONT);
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
  }
  void freeze() const { ::kill(server_, SIGSTOP); }
  void thaw() const { ::kill(server_, SIGCONT); }
  [[nodiscard]] std::string socket() const { return (folder_ / "s").string(); }
  [[nodiscard]] std::string url() const { return "unix://" + socket(); }

 private:
  [[nodiscard]] bool answers() const {
    const int file = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket().copy(address.sun_path, sizeof address.sun_path - 1);
    const bool good = ::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(file);
    return good;
  }
  std::filesystem::path folder_;
  std::vector<std::string> options_;
  pid_t server_ = 0;
};

}  // namespace robo::test
