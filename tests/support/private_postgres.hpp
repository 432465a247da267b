#pragma once
// A PostgreSQL server of the test's own: temporary folder, Unix socket, no TCP. PostgreSQL refuses to run as root, so under root
// it is run as `nobody`.

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <pwd.h>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace robo::test {

class PrivatePostgres {
 public:
  PrivatePostgres() {
    std::string name = "/tmp/robo-pg-XXXXXX";  // short: a socket's path has 107 characters
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    if (::geteuid() == 0) {
      const auto* user = ::getpwnam("nobody");
      user_ = user->pw_uid;
      group_ = user->pw_gid;
      (void)!::chown(name.c_str(), user_, group_);
    }
    if (run({program("initdb"), "-D", data(), "-U", "robo", "-A", "trust", "-N", "--locale=C", "-E", "UTF8"}) != 0) std::abort();
    start();
  }
  ~PrivatePostgres() {
    kill();
    std::filesystem::remove_all(folder_);
  }
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;

  void start() {
    server_ = spawn({program("postgres"), "-D", data(), "-k", folder_.string(), "-c", "listen_addresses=", "-c", "fsync=off", "-c", "shared_buffers=64MB",
                     "-c", "max_wal_size=256MB", "-c", "log_min_messages=fatal", "-c", "max_connections=20"});
    for (int i = 0; i < 3000; ++i) {
      if (run({program("pg_isready"), "-q", "-h", folder_.string(), "-d", "postgres"}) == 0) return;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::abort();
  }
  /// Immediate shutdown: as a crash, every connection breaks in the middle of what it does.
  void kill() {
    if (server_ <= 0) return;
    ::kill(server_, SIGQUIT);
    ::waitpid(server_, nullptr, 0);
    server_ = 0;
  }
  void restart() {
    kill();
    start();
  }
  [[nodiscard]] bool running() const { return server_ > 0; }

  [[nodiscard]] std::string dsn(const std::string& database = "postgres", const std::string& user = "robo") const {
    return "host=" + folder_.string() + " dbname=" + database + " user=" + user;
  }
  void create(const std::string& database) {
    if (run({program("createdb"), "-h", folder_.string(), "-U", "robo", database}) != 0) std::abort();
  }
  /// Everybody but `robo` must bring a password from now on.
  void ask_for_passwords() {
    std::ofstream(folder_ / "data" / "pg_hba.conf") << "local all robo trust\nlocal all all scram-sha-256\n";
    ::kill(server_, SIGHUP);
  }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

  [[nodiscard]] static std::string program(const std::string& name) {
    for (const auto* version : {"17", "16", "15", "14"}) {
      const auto path = std::string("/usr/lib/postgresql/") + version + "/bin/" + name;
      if (std::filesystem::exists(path)) return path;
    }
    return name;
  }

 private:
  [[nodiscard]] std::string data() const { return (folder_ / "data").string(); }
  [[nodiscard]] pid_t spawn(const std::vector<std::string>& words) const {
    const pid_t child = ::fork();
    if (child != 0) {
      ::setpgid(child, child);
      return child;
    }
    ::setpgid(0, 0);
    if (user_ != 0 && (::setgid(group_) != 0 || ::setuid(user_) != 0)) ::_exit(126);
    (void)!::chdir("/");
    ::dup2(::fileno(::fopen("/dev/null", "w")), 1);
    ::dup2(1, 2);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    ::_exit(127);
  }
  [[nodiscard]] int run(const std::vector<std::string>& words) const {
    int status = 0;
    ::waitpid(spawn(words), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  std::filesystem::path folder_;
  uid_t user_ = 0;
  gid_t group_ = 0;
  pid_t server_ = 0;
};

}  // namespace robo::test
