#pragma once
// One engine: kernel, drive loop, journal and taps wired together. The verbs differ in the gateway and clock they bring.

#include <atomic>
#include <functional>
#include <memory>

#include "apps/restart.hpp"
#include "apps/settings.hpp"
#include "apps/summary.hpp"
#include "edge/journal/writer.hpp"
#include "runtime/drive.hpp"

namespace robo::apps {

/// What the kernel is made of, as settings say it, for these instruments.
/// Throws config::ConfigError with everything that is wrong: unknown strategies, symbols, parameters.
[[nodiscard]] std::vector<Enlisted> enlist(const RunSettings& settings, std::span<const Instrument> instruments);
[[nodiscard]] KernelConfig kernel_config(const RunSettings& settings, std::size_t instruments);

/// Makes the strategies of a run that are not in the catalogue.
using StrategyMaker = std::function<std::vector<Enlisted>(std::span<const Instrument>)>;

struct EngineOptions {
  TradingMode mode{};
  std::string account{};
  bool armed = false;
  std::uint64_t session = 0;
  bool measure = true;
  bool keep_timers = true;          // false in replay
  std::filesystem::path journal{};  // empty: none
  Money day_loss{};
  StrategyMaker strategies{};       // empty: those of the settings
};

class Engine {
 public:
  /// Throws config::ConfigError or std::runtime_error with a sentence.
  Engine(const LoadedSettings& loaded, const EngineOptions& options, std::span<const Instrument> instruments, runtime::Gateway& gateway,
         runtime::Clock& clock);

  /// Tells the kernel who it is: EngineStarted, the instruments, orders of before the restart. Then the gateway may speak.
  /// `at` is now, or the time of the first bar of the past that follows.
  void start(Timestamp at, std::span<const OrderIntent> remembered = {});
  void run(const std::atomic<bool>& stop) { drive_.run(stop); }

  [[nodiscard]] EngineStarted started() const;
  [[nodiscard]] Kernel& kernel() { return *kernel_; }
  [[nodiscard]] runtime::Drive& drive() { return drive_; }
  [[nodiscard]] SummaryTap& summary() { return summary_; }
  /// Everything the run came to, with journal figures.
  [[nodiscard]] Summary finish(std::string_view exit_reason);

 private:
  RunSettings settings_;
  EngineOptions options_;
  std::vector<Instrument> instruments_;
  std::unique_ptr<Kernel> kernel_;
  std::unique_ptr<journal::Writer> journal_;
  runtime::Drive drive_;
  SummaryTap summary_;
  std::chrono::steady_clock::time_point started_;
};

}  // namespace robo::apps
