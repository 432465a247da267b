#pragma once
// The engine's state in Redis: what is now as hashes, what changed as streams, alarms by publish. docs/redis.md lists the keys.

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "edge/store/redis/connection.hpp"
#include "edge/store/settings.hpp"
#include "edge/store/sink.hpp"

namespace robo::store::redis {

/// What no fact tells: how a run began.
struct Beginning {
  struct Strategy {
    std::string name{};
    std::vector<std::pair<std::string, double>> parameters{};
  };
  std::vector<Strategy> strategies{};   // by number
  std::vector<std::pair<std::string, double>> limits{};
};

class RedisSink final : public Sink {
 public:
  RedisSink(const RedisSettings& settings, Address address, Beginning beginning);
  ~RedisSink() override;

  [[nodiscard]] Result<std::uint64_t, Problem> open(const JournalName& journal) override;
  void event(std::uint64_t record, const Event& event) override;
  void fact(std::uint64_t record, const Fact& fact) override;
  [[nodiscard]] std::uint64_t held_rows() const override;
  [[nodiscard]] std::uint64_t held_bytes() const override;
  [[nodiscard]] Result<Committed, Problem> commit(std::uint64_t next) override;
  [[nodiscard]] std::string keep_house() override;
  void close() override;
  void interrupt() override;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

/// What was known last, by symbol.
struct LastKnown {
  std::string journal{};
  Timestamp at{};
  struct Position {
    std::string symbol{};
    PositionChanged position{};
  };
  struct Price {
    std::string symbol{};
    Quote quote{};
    Timestamp at{};
  };
  std::vector<Position> positions{};
  std::vector<Price> quotes{};
  std::optional<EquityMarked> equity{};
};
/// Reads it for the desk's warm start. Errors: the server is away.
[[nodiscard]] Result<LastKnown, Problem> last_known(const RedisSettings& settings, const Address& address, Duration timeout);

}  // namespace robo::store::redis
