#pragma once
// One engine at a gateway, real or simulated: what `trade` and `demo` share.

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "apps/engine.hpp"
#include "apps/history.hpp"
#include "apps/session_store.hpp"
#include "apps/sessions.hpp"
#include "apps/feature_tap.hpp"
#include "apps/stores.hpp"
#include "apps/warm_desk.hpp"
#include "edge/ib/client.hpp"
#include "runtime/clock.hpp"
#include "runtime/threaded_gateway.hpp"

namespace robo::serve {
class Server;
}

namespace robo::apps {

struct LiveSetup {
  TradingMode mode{TradingMode::Paper};
  bool armed = false;
  std::string host{};
  std::uint16_t port{};
  double speed = 1;                         // how much faster than the wall the gateway's time runs; 1 but in the demo
  int history_days = 2;                     // of one-minute bars before the start, and what features of hours and days need; 0: no history
  std::filesystem::path journal{};          // empty: <settings.journal>/<session>-<day>-<account>
  std::vector<Calendar> calendars{};
  std::vector<Instrument> instruments{};    // skeletons, dense ids; what IB says of them replaces them
  std::vector<ContractSettings> contracts{};  // same order
  std::string data_note{};                  // where the market comes from, for the desk
  bool quiet = false;                       // prints nothing
  bool alone = true;                        // refuses to start beside another engine of this account and these folders
  StrategyMaker strategies{};               // empty: those of the settings
};

/// Thread: run() on the caller's; the desk on its own.
class LiveRun {
 public:
  /// Everything up to the first connection: session number, memory of former sessions, history, kernel, journal, desk.
  /// Prints its steps. Throws config::ConfigError or std::runtime_error with a sentence.
  LiveRun(const LoadedSettings& settings, const LiveSetup& setup, runtime::Clock& clock);
  ~LiveRun();

  /// Turns the crank until `stop` is set or the gateway is finished for good.
  void run(const std::atomic<bool>& stop);
  /// Ends connections and threads in order and says what it came to. Working orders stay at the broker.
  [[nodiscard]] Summary finish(std::string_view exit_reason);

  [[nodiscard]] Engine& engine() { return *engine_; }
  [[nodiscard]] const ib::Client& client() const { return *client_; }
  /// Address with the token in its fragment; empty without a desk.
  [[nodiscard]] std::string desk_link() const;
  [[nodiscard]] std::uint64_t session() const { return session_; }

 private:
  [[nodiscard]] ib::ClientSettings client_settings(const LiveSetup& setup) const;
  void open_desk(const LiveSetup& setup, const std::optional<store::redis::LastKnown>& known);

  LoadedSettings loaded_;
  runtime::Clock& clock_;
  std::uint64_t session_ = 0;
  std::vector<Alone> alone_;
  runtime::WallClock io_clock_;                      // the client's own when it has a thread of its own
  std::unique_ptr<ib::Client> client_;
  std::unique_ptr<runtime::ThreadedGateway> threaded_;  // threads = "split"
  std::unique_ptr<SessionGateway> gateway_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<SessionStore> store_;
  std::unique_ptr<Stores> stores_;
  std::unique_ptr<FeatureFeed> features_;
  std::unique_ptr<serve::Server> desk_;  // asks the stores for their metrics, so it goes first
  std::unique_ptr<WarmDesk> warm_desk_;  // null without a Redis to know it from
  double speed_ = 1;
};

/// An instrument as it can be known before IB has spoken.
[[nodiscard]] Instrument skeleton_of(const ContractSettings& contract, InstrumentId id);
[[nodiscard]] ContractSettings contract_of(const Instrument& instrument);

}  // namespace robo::apps
