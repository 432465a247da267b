#pragma once
// The feature store: rows of numbers by set and symbol, first in mapped batches that other programs read as they fill, then in
// Parquet. Memory has a ceiling; the writer never waits for the disk.
//
//   <live>/<set>/<SYMBOL>/<source>.<number>.arrow                                   batches (docs/database.md)
//   <folder>/set=<set>/date=2018-01-02/symbol=<SYMBOL>/<source>.<number>.parquet    sealed

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "edge/store/features/batch.hpp"

namespace robo::store::features {

struct StoreOptions {
  std::filesystem::path folder{};                // Parquet
  std::filesystem::path live{};                  // batches
  std::string source{};                          // "0000000007-20180102-DU1"
  std::uint32_t batch_rows = 4096;
  std::uint64_t memory_max = 256u << 20;
  bool spill = true;                             // false: memory only, the oldest batches are let go
};

struct StoreFigures {
  std::uint64_t rows{};                          // taken in
  std::uint64_t dropped{};                       // refused: the ceiling is reached and the disk does not keep up
  std::uint64_t let_go{};                        // rows of batches that left memory unwritten (spill = false)
  std::uint64_t spilled{};                       // rows in Parquet
  std::uint64_t spilled_bytes{};
  std::uint64_t memory{};                        // bytes of live batches
  std::uint64_t waiting{};                       // sealed batches that are not in Parquet yet
  std::string trouble{};                         // of the disk that takes Parquet, one sentence; empty: none
  std::string refused{};                         // why the last row found no room, until one does
};

class FeatureStore {
 public:
  using Series = std::uint32_t;

  /// Takes up batches that a killed program left in `live`: they go to Parquet. Errors: a folder that cannot be made.
  [[nodiscard]] static Result<std::unique_ptr<FeatureStore>, Problem> open(const StoreOptions& options);
  ~FeatureStore();
  FeatureStore(const FeatureStore&) = delete;
  FeatureStore& operator=(const FeatureStore&) = delete;

  /// A series to append to; the same set and symbol are one. Thread: the writer's, as append().
  [[nodiscard]] Series series(std::string_view set, std::string_view symbol, const std::vector<std::string>& features);
  /// False: no room under the ceiling (counted). `known_at` never goes back within a series: a clock that does is held.
  bool append(Series series, Timestamp at, Timestamp known_at, std::span<const double> values) {
    auto& one = *series_[series];
    if (one.batch.full() || !one.batch.is_open()) [[unlikely]]
      if (!next_batch(one)) return false;
    if (known_at.ns > one.known_at) one.known_at = known_at.ns;
    one.batch.append(at.ns, one.known_at, values.data());
    ++rows_;
    return true;
  }
  /// Lets readers see the rows of now: without it a row may wait for seven others.
  void flush() {
    for (auto& one : series_)
      if (one->batch.is_open()) one->batch.publish();
  }
  /// Seals everything and waits until it is in Parquet, or the disk refuses. True: all of it is.
  bool finish();

  /// Any thread.
  [[nodiscard]] StoreFigures figures() const;
  [[nodiscard]] const StoreOptions& options() const { return options_; }

 private:
  struct One {
    SeriesName name{};
    BatchLayout layout{};
    Batch batch{};
    std::int64_t known_at = INT64_MIN;
    std::uint32_t number = 0;
  };
  struct Sealed {
    std::filesystem::path path{};
    std::uint64_t bytes{};
    std::uint32_t rows{};
    std::uint32_t series{};
    bool spilled{}, busy{};
  };
  explicit FeatureStore(const StoreOptions& options) : options_(options) {}
  bool next_batch(One& one);
  bool make_room(std::uint64_t bytes);
  void seal(One& one);
  void spill();
  void take_up();
  [[nodiscard]] std::filesystem::path live_folder(const SeriesName& name) const;

  StoreOptions options_;
  std::vector<std::unique_ptr<One>> series_;
  std::map<std::pair<std::string, std::string>, Series> known_;
  std::atomic<std::uint64_t> rows_shown_{0};
  std::uint64_t rows_ = 0;

  mutable std::mutex lock_;
  std::condition_variable wake_, idle_;
  std::deque<Sealed> sealed_;
  StoreFigures figures_{};
  std::chrono::steady_clock::time_point tell_again_{};
  bool stopping_ = false;
  std::thread spiller_;
};

/// Where sealed files of a row of this day lie.
[[nodiscard]] std::filesystem::path parquet_folder(const std::filesystem::path& folder, std::string_view set, Date day, std::string_view symbol);

}  // namespace robo::store::features
