#pragma once
// A thread that follows journals into one store. The journal is the queue: the engine never waits, and what a store missed while
// it was away is read again from where the store says it stands.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/time.hpp"
#include "edge/store/sink.hpp"

namespace robo::apps {

struct PumpSettings {
  std::string name{};                           // "postgres"
  std::uint64_t batch_rows = 20'000;
  std::uint64_t batch_bytes = 32u << 20;
  Duration batch_time = milliseconds(500);
  Duration retry_first = milliseconds(250), retry_max = seconds(15);
  Duration house_every = minutes(5);
  bool from_start = false;                      // the sink folds the whole journal; what it has is filtered by itself
};

/// How a store is doing; a moment's view.
struct PumpStatus {
  std::string name{};
  bool connected{};
  bool caught_up{};                             // everything in the journal is in the store
  std::uint64_t rows{}, bytes{}, batches{};     // committed since the start
  std::uint64_t held_rows{};                    // read and not yet committed
  std::uint64_t next_record{};
  std::uint64_t outages{};
  double lag_seconds{};                         // since it was last caught up
  std::string trouble{};                        // the sentence of now; empty: none
};

class StorePump {
 public:
  /// `tell` hears one sentence when trouble begins and one when it ends; on the pump's thread.
  StorePump(PumpSettings settings, std::unique_ptr<store::Sink> sink, std::function<void(bool good, const std::string&)> tell);
  ~StorePump();
  StorePump(const StorePump&) = delete;
  StorePump& operator=(const StorePump&) = delete;

  /// Follows a journal that is being written until stop(); made with or without it yet being there.
  void follow(const std::filesystem::path& journal);
  /// Brings in these journals, one after the other, to the end of each.
  void bring(std::vector<std::filesystem::path> journals);
  /// Waits for bring() to be done; false: not within `at_most`.
  [[nodiscard]] bool wait(Duration at_most);
  /// Brings what is in the journal by now, for at most `grace`, then ends. What is missing comes at the next start.
  void stop(Duration grace);

  [[nodiscard]] PumpStatus status() const;

 private:
  void run(const std::vector<std::filesystem::path>& journals, bool live);
  bool follow_one(const std::filesystem::path& journal, bool live);
  void pause(Duration at_most);
  void trouble(const std::string& text);
  void well();
  [[nodiscard]] bool over() const;

  PumpSettings settings_;
  std::unique_ptr<store::Sink> sink_;
  std::function<void(bool, const std::string&)> tell_;
  std::thread thread_;
  mutable std::mutex lock_;
  std::condition_variable wake_;
  PumpStatus status_{};
  std::int64_t caught_up_at_ = 0;
  bool stopping_ = false, done_ = false, cut_ = false;
};

/// The name under which a store keeps a journal.
[[nodiscard]] store::JournalName name_of(const std::filesystem::path& journal, std::uint64_t session, Timestamp begins_at);

}  // namespace robo::apps
