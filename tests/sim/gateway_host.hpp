#pragma once
// The gateway's process in virtual time: the simulator's Station behind lines instead of sockets, and what goes wrong between
// its mouth and its clients' ears.

#include <deque>
#include <memory>
#include <vector>

#include "edge/sim/server/station.hpp"
#include "sim/line.hpp"

namespace robo::simulation {

/// Oddities of single messages about orders; chances a message.
struct Manners {
  double twice{}, late{}, status_lost{};
};

class GatewayHost {
 public:
  GatewayHost(runtime::MarketSource& market, const sim::ServerSettings& settings, sim::FeeTable fees, Network& network, std::uint64_t seed);

  /// Everything due at `now`: the market, what clients sent, what is on its way to them.
  void turn(Timestamp now);
  /// When something happens here next without a client: market event or arrival of bytes.
  [[nodiscard]] Timestamp next_due();

  void set_manners(const Manners& manners) { manners_ = manners; }
  /// The process ends and is not there until `until`. Working orders live on at IB; order ids may go back.
  void restart(Timestamp until, std::int32_t roll_back);
  /// The newest client's connection looks open and carries nothing; given up by the gateway at `until`.
  void fall_silent(Timestamp until);
  [[nodiscard]] bool connected() const { return !visitors_.empty(); }
  [[nodiscard]] sim::Station& station() { return station_; }
  [[nodiscard]] const sim::Station& station() const { return station_; }
  /// Times a client talked faster than IB allows.
  [[nodiscard]] std::uint64_t strikes() const { return strikes_; }
  [[nodiscard]] std::uint64_t troubles() const { return troubles_; }

 private:
  struct Held {
    Timestamp until{};
    std::string frame{};
  };
  struct Visitor {
    std::shared_ptr<Connection> line{};
    std::unique_ptr<sim::Client> client{};
    std::deque<Held> held{};
    Timestamp gone_at{INT64_MAX};           // the gateway gives the connection up
    bool closing{};
  };
  void read(Visitor& visitor, std::int64_t wall);
  void say(Visitor& visitor, Timestamp now);

  sim::ServerSettings settings_;
  sim::Station station_;
  Network& network_;
  Dice dice_;
  Manners manners_{};
  std::vector<std::unique_ptr<Visitor>> visitors_;
  Timestamp down_until_{};
  std::uint64_t troubles_ = 0, strikes_ = 0;
};

}  // namespace robo::simulation
