#include "apps/stop.hpp"

#include <chrono>
#include <csignal>
#include <unistd.h>

namespace robo::apps {

namespace {
volatile std::sig_atomic_t interrupted = 0;  // the only thing a signal handler may touch
void on_signal(int number) {
  if (interrupted != 0) {  // asked twice: now. The journal is whole at any moment; working orders stay at the broker.
    constexpr char text[] = "\nended at once; working orders stay at the broker\n";
    (void)!::write(STDERR_FILENO, text, sizeof text - 1);
    ::_exit(128 + number);
  }
  interrupted = number;
}
}  // namespace

Stop::Stop(double seconds) {
  interrupted = 0;
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  watch_ = std::thread([this, seconds] {
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
    std::unique_lock hold(lock_);
    while (!leaving_ && !flag_) {
      wake_.wait_for(hold, std::chrono::milliseconds(50));
      if (interrupted != 0 && reason_.empty()) reason_ = interrupted == SIGTERM ? "terminated" : "interrupted";
      else if (seconds > 0 && std::chrono::steady_clock::now() >= end && reason_.empty()) reason_ = "time is up";
      if (!reason_.empty()) flag_.store(true);
    }
  });
}

Stop::~Stop() {
  {
    const std::lock_guard hold(lock_);
    leaving_ = true;
  }
  wake_.notify_one();
  watch_.join();
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

void Stop::ask(const std::string& reason) {
  {
    const std::lock_guard hold(lock_);
    if (reason_.empty()) reason_ = reason;
    flag_.store(true);
  }
  wake_.notify_one();
}

std::string Stop::reason() const {
  const std::lock_guard hold(lock_);
  return reason_;
}

}  // namespace robo::apps
