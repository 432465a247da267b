#pragma once
// The tables in the database: made and changed by versions that are part of the program (deploy/migrations/postgres).

#include <string>
#include <string_view>
#include <vector>

#include "edge/store/postgres/connection.hpp"

namespace robo::store::postgres {

enum class Flavour : std::uint8_t { Native, Timescale };

struct Migration {
  int version{};
  std::string_view name{};
  std::string_view tables{};     // both flavours; /*daily*/ and /*monthly*/ become partitions on a native server
  std::string_view native{};
  std::string_view timescale{};
};
[[nodiscard]] std::vector<Migration> migrations();

struct Schema {
  Flavour flavour{};
  int version{};
  int applied{};                 // migrations applied by this call
  /// "native daily partitions" or "TimescaleDB 2.14".
  std::string told{};
};

/// Brings the database to this program's version; safe with several programs at once. `timescale`: auto, on, off.
/// Errors: the database is ahead of this program, was made by another history, or this user may not create.
[[nodiscard]] Result<Schema, Problem> migrate(Connection& connection, std::string_view timescale);
/// The same without changing anything: what stands there. Errors: another version than this program's.
[[nodiscard]] Result<Schema, Problem> look(Connection& connection);

}  // namespace robo::store::postgres
