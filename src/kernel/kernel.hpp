#pragma once
// The corridor: walks one event through the rooms, market -> features -> regime -> strategies -> ensemble -> execution -> risk,
// and collects what the engine wants from the world (commands) and what happened inside (facts).
// Same events in, same commands out, bit for bit.

#include <memory>
#include <string>
#include <vector>

#include "kernel/ensemble/ensemble.hpp"
#include "kernel/execution/dealer.hpp"
#include "kernel/features/settings.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/regime/regime.hpp"
#include "kernel/risk/exposure.hpp"
#include "kernel/risk/gate.hpp"
#include "kernel/strategy/host.hpp"
#include "model/command.hpp"

namespace robo {

/// Everything a person may set about the kernel; each part has fields<>.
struct KernelConfig {
  risk::Limits limits{};
  execution::Policy execution{};
  ensemble::Settings ensemble{};
  portfolio::Settings portfolio{};
  market::Settings market{};
  strategy::HostLimits host{};
  regime::Settings regime{};
  risk::ExposureSettings exposure{};
  std::size_t instruments_max = 512;
  features::Settings features{};
};

struct Enlisted {
  std::unique_ptr<strategy::Strategy> strategy{};
  strategy::Enlistment terms{};
};

/// Thread: hot. Once the strategies are taken in nothing allocates.
class Kernel {
 public:
  Kernel(const KernelConfig& config, std::vector<Enlisted> strategies);
  ~Kernel();
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;

  /// The only entrance. Appends to `out` and `facts`. event.at never goes backwards.
  void on(const Event& event, Commands& out, Facts& facts);

  /// Takes the strategies in, unless the first event of the market has done so: all instruments must be known by now. Returns
  /// what was wrong with their terms; such a strategy does not run.
  [[nodiscard]] const std::vector<Problem>& problems();

  // ---- reading, for tests and reports; on the hot thread only --------------------------------------------------------
  [[nodiscard]] Timestamp now() const;
  [[nodiscard]] const market::Market& market() const;
  [[nodiscard]] const portfolio::Portfolio& portfolio() const;
  [[nodiscard]] const risk::Gate& gate() const;
  [[nodiscard]] const execution::Dealer& dealer() const;
  [[nodiscard]] const features::Features& features() const;
  [[nodiscard]] const regime::Regimes& regimes() const;
  [[nodiscard]] const risk::Exposures& exposures() const;
  [[nodiscard]] const strategy::Host* host() const;           // null before the strategies are taken in
  [[nodiscard]] const ensemble::Ensemble* ensemble() const;   // null before the strategies are taken in

 private:
  struct Rooms;
  std::unique_ptr<Rooms> rooms_;
};

}  // namespace robo
