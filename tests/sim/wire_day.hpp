#pragma once
// One seed of trouble over the wire: the real kernel, journal and IB client against the gateway of this project, in virtual time.
// Connections break at any byte, messages come twice, late or never, the gateway restarts, IB goes away, the engine is killed in
// the middle of a send and started again.

#include <filesystem>
#include <map>
#include <memory>
#include <string>

#include "apps/command_hash.hpp"
#include "apps/engine.hpp"
#include "apps/market.hpp"
#include "apps/sessions.hpp"
#include "edge/ib/client.hpp"
#include "runtime/clock.hpp"
#include "sim/checkers.hpp"
#include "sim/gateway_host.hpp"

namespace robo::simulation {

enum class Fault : std::uint8_t {
  CutDown, CutUp, HalfOpen, Stall, GatewayRestart, IbAway, Farm, Reject, Halt, KillAnywhere, KillInSend, EngineSleeps,
  CorrectExecution, ManualTrade, ManualOrder, IbCancels, SilentFeed, Locate, LateCommission, OperatorKills
};
inline constexpr std::size_t fault_kinds = 20;

struct DaySettings {
  std::uint64_t seed{1};
  Duration market{hours(1)};                // of the recording, at a place the seed chooses
  std::filesystem::path folder{};           // journals and high-water marks; emptied
};

struct DayOutcome {
  std::string broken{};
  std::uint64_t hash{}, events{}, faults{}, troubles{}, kills{};
  std::size_t orders{}, filled{}, stops{};
  Duration simulated{};
};

/// The market between two moments, told from its beginning.
class MarketWindow final : public runtime::MarketSource {
 public:
  MarketWindow(apps::RecordedMarket& market, Timestamp from, Timestamp until) : market_(market), from_(from), until_(until) { market_.rewind(); }
  [[nodiscard]] std::span<const Instrument> instruments() const override { return market_.instruments(); }
  [[nodiscard]] std::span<const Event> next() override;
  void rewind() override { market_.rewind(); }

 private:
  apps::RecordedMarket& market_;
  Timestamp from_, until_;
};

class WireDay {
 public:
  WireDay(const DaySettings& settings, const apps::LoadedSettings& loaded, apps::RecordedMarket& market, const sim::FeeTable& fees);
  ~WireDay();
  [[nodiscard]] DayOutcome run();

 private:
  struct Life;
  void start_engine();
  void kill_engine();
  void turn();
  void turn_engine();
  void advance();
  void do_faults();
  void strike(Fault fault);
  void look_at_the_exchange();
  void look_at_the_engine();
  void compare_with_the_exchange();
  void verify_journals();

  DaySettings settings_;
  const apps::LoadedSettings& loaded_;
  apps::RecordedMarket& market_;
  std::vector<Calendar> calendars_;
  runtime::DataClock clock_;
  Dice dice_;
  Timestamp from_{}, until_{};
  Network network_;
  MarketWindow window_;
  GatewayHost gateway_;
  std::unique_ptr<Life> life_;
  Checkers checkers_;
  apps::CommandHash hash_;
  std::filesystem::path journals_, state_;
  std::vector<std::filesystem::path> written_;
  Timestamp next_fault_[fault_kinds]{};
  Duration mean_[fault_kinds]{};
  Timestamp restored_at_{INT64_MAX}, engine_back_at_{INT64_MAX}, resumed_at_{INT64_MAX}, heard_again_at_{INT64_MAX}, reset_at_{INT64_MAX}, halted_since_{INT64_MAX}, awake_at_{};
  bool restored_kept_ = false;
  std::size_t seen_at_exchange_ = 0;
  std::map<std::string, std::size_t> references_;
  DayOutcome out_{};
};

/// Replays a journal of the day; the first difference, or nothing.
[[nodiscard]] std::string replay_difference(const std::filesystem::path& journal, const apps::LoadedSettings& loaded, std::span<const Instrument> instruments);

}  // namespace robo::simulation
