#pragma once
// The features a session decided on, as they stood at the end of every event, on their way to the feature store. The hot thread
// compares and copies; it never waits.

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "edge/store/features/feature_store.hpp"
#include "edge/store/settings.hpp"
#include "kernel/features/features.hpp"
#include "kernel/kernel.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

inline constexpr std::string_view decision_set = "decision";

/// The names of all declared features, in the order of their columns.
[[nodiscard]] std::vector<std::string> feature_names(const features::Features& features);

/// Gives a row to `take` when an event or a closed bar changed a feature of its instrument. Thread: hot (or replay's).
class FeatureRows final : public runtime::Tap {
 public:
  using Take = std::function<void(InstrumentId, Timestamp at, Timestamp known_at, std::span<const double>)>;
  FeatureRows(const Kernel& kernel, Take take) : kernel_(kernel), take_(std::move(take)) {}
  void on_event(const Event& event) override;
  void on_command(Timestamp, const Command&) override {}
  void on_fact(const Fact& fact) override;

 private:
  void look(InstrumentId instrument);
  const Kernel& kernel_;
  Take take_;
  std::vector<double> last_{}, row_{};   // last_: a row per instrument
  std::vector<bool> seen_{};
  std::size_t width_ = 0;
  Timestamp at_{}, known_at_{};
};

struct FeatureFeedFigures {
  std::uint64_t queue{}, dropped{};
  store::features::StoreFigures store{};
};

/// Prometheus' text format.
[[nodiscard]] std::string metrics_of(const FeatureFeedFigures& figures);

/// FeatureRows -> ring -> a thread -> FeatureStore.
class FeatureFeed {
 public:
  /// Throws std::runtime_error when the folders cannot be made.
  FeatureFeed(const store::FeatureSettings& settings, std::string source, const Kernel& kernel, std::span<const Instrument> instruments);
  ~FeatureFeed();
  FeatureFeed(const FeatureFeed&) = delete;
  FeatureFeed& operator=(const FeatureFeed&) = delete;

  [[nodiscard]] runtime::Tap& tap() { return rows_; }
  /// Everything that is in the queue goes to Parquet.
  void stop();
  [[nodiscard]] FeatureFeedFigures figures() const;

 private:
  void push(InstrumentId instrument, Timestamp at, Timestamp known_at, std::span<const double> values);
  void run();
  [[nodiscard]] std::size_t drain();
  void keep_house();

  store::FeatureSettings settings_;

  std::size_t width_ = 0;
  std::vector<std::string> names_;
  std::vector<std::string> symbols_;
  std::vector<std::int64_t> series_;          // by instrument; -1: not yet
  std::unique_ptr<store::features::FeatureStore> store_;
  // One producer, one consumer: slots of 3 + width_ words.
  std::size_t mask_ = 0, stride_ = 0;
  std::unique_ptr<std::uint64_t[]> slots_;
  alignas(64) std::atomic<std::uint64_t> head_{0};
  alignas(64) std::atomic<std::uint64_t> tail_{0};
  alignas(64) std::atomic<std::uint64_t> dropped_{0};
  std::atomic<bool> stopping_{false};
  FeatureRows rows_;
  std::thread thread_;
};

/// Where live batches lie: the settings' word, else shared memory, else beside the Parquet.
[[nodiscard]] std::filesystem::path live_folder(const store::FeatureSettings& settings);

}  // namespace robo::apps
