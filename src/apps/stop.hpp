#pragma once
// When a verb that runs for long ends: Ctrl C, a time limit, or somebody's wish.

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace robo::apps {

/// Takes SIGINT and SIGTERM while it lives; the second one ends the program at once. flag() turns true once and stays.
class Stop {
 public:
  /// `seconds` of wall time; 0: no limit.
  explicit Stop(double seconds);
  ~Stop();
  Stop(const Stop&) = delete;
  Stop& operator=(const Stop&) = delete;

  [[nodiscard]] const std::atomic<bool>& flag() const { return flag_; }
  void ask(const std::string& reason);
  /// "time is up", "interrupted", ...; empty while running.
  [[nodiscard]] std::string reason() const;

 private:
  std::atomic<bool> flag_{false};
  mutable std::mutex lock_;
  std::condition_variable wake_;
  bool leaving_ = false;
  std::string reason_;
  std::thread watch_;
};

}  // namespace robo::apps
