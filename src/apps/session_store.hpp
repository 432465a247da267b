#pragma once
// A running session's market data, orders, executions and facts in the store. A thread of its own follows the journal as it is
// written: the hot thread does not know of it, and what a crash cut off is made up for at the next start.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "edge/store/settings.hpp"
#include "edge/store/shipped.hpp"
#include "edge/store/store.hpp"

namespace robo::apps {

struct SessionStoreSettings {
  std::filesystem::path root{};            // of the store
  std::filesystem::path journal{};         // of this session; has begun
  std::uint64_t session{};
  store::Calendars calendars{};
  Duration flush_every{minutes(5)};        // of wall time: how old the store may be
  store::HistorySettings keep{};           // days that are too old leave when the session begins; a disk nearly used up is told
};

struct SessionStored {
  std::uint64_t market_rows{}, facts{};
  store::WriteSummary written{};
  std::string problem{};                   // why the store is not whole; it can be made again: `robotrader import JOURNAL`
};

/// Thread: the constructor's for everything but the work.
class SessionStore {
 public:
  explicit SessionStore(SessionStoreSettings settings);
  ~SessionStore();
  SessionStore(const SessionStore&) = delete;
  SessionStore& operator=(const SessionStore&) = delete;

  /// After the journal is closed: takes what is left and ends.
  [[nodiscard]] SessionStored finish();

 private:
  void work();
  void make_up_for_crashes();
  void keep_room();
  [[nodiscard]] bool wait(Duration at_most);

  SessionStoreSettings settings_;
  SessionStored stored_;
  std::atomic<bool> ending_{false};
  std::mutex lock_;
  std::condition_variable wake_;
  std::thread thread_;
};

/// Sessions whose storing began and did not end, by their journals' folders. Errors are no reason to stop: none then.
[[nodiscard]] std::vector<std::filesystem::path> unfinished_sessions(const std::filesystem::path& root);

}  // namespace robo::apps
