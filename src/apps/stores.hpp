#pragma once
// The stores of one run: each its own thread behind the journal, each off or on by its block in the settings.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/settings.hpp"
#include "apps/store_pump.hpp"
#include "edge/store/redis/sink.hpp"

namespace robo::apps {

class Stores {
 public:
  /// Throws config::ConfigError when a block is on and its environment variable is not set.
  explicit Stores(const RunSettings& settings);
  ~Stores();

  /// What Redis knew last, for the desk's first picture; nothing when it is off or away.
  [[nodiscard]] std::optional<store::redis::LastKnown> last_known() const;
  /// Follows the journal of this run, whose strategies are those of `kernel`, and brings in the journals before it.
  void follow(const std::filesystem::path& journal, const Kernel& kernel);
  /// Gives every store a moment to take the rest, and ends.
  void stop();
  [[nodiscard]] std::vector<PumpStatus> status() const;

 private:
  struct One;
  RunSettings settings_;
  std::string postgres_{};                            // how to connect; empty: off
  std::optional<store::redis::Address> redis_{};
  std::vector<std::unique_ptr<One>> stores_;
};

/// Metrics of the stores in Prometheus' text format.
[[nodiscard]] std::string metrics_of(const std::vector<PumpStatus>& stores);

}  // namespace robo::apps
