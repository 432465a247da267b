#pragma once
// One block of the TOML a store, off or on. Where the server is and how we log in never stands in a file: the block names the
// environment variable that says it.

#include <array>
#include <map>
#include <string>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::store {

struct PostgresSettings {
  bool on = false;
  std::string connection = "ROBO_POSTGRES_DSN";   // environment variable: postgresql://user:password@host/database
  std::string timescale = "auto";                 // auto: where the extension is in the database; on; off
  std::uint32_t batch_rows = 20'000;
  Duration batch_time = milliseconds(500);        // a row is in the table at most so long after it happened
  Duration timeout = seconds(20);                 // of one statement
  bool backlog = true;                            // former sessions' journals are brought in as well
  std::map<std::string, double> keep_days{};      // by table; what is not named is kept for ever
  double disk_max_gb = 0;                         // of all tables; 0: no ceiling. Warned from 80 % on
  using fields = Fields<&PostgresSettings::on, &PostgresSettings::connection, &PostgresSettings::timescale, &PostgresSettings::batch_rows,
                        &PostgresSettings::batch_time, &PostgresSettings::timeout, &PostgresSettings::backlog, &PostgresSettings::keep_days,
                        &PostgresSettings::disk_max_gb>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"batch_rows", 1, 1'000'000}, {"disk_max_gb", 0, 1e6}});
};
static_assert(Complete<PostgresSettings>);

struct RedisSettings {
  bool on = false;
  std::string connection = "ROBO_REDIS_URL";      // environment variable: redis://:password@host:6379/0, unix:///path?password=...
  std::string prefix = "robo";                    // of every key: two engines on one server need two
  std::uint32_t stream_length = 10'000;           // about so many entries a stream
  std::uint32_t batch_rows = 2'000;
  Duration batch_time = milliseconds(50);
  Duration timeout = seconds(5);
  bool warm_start = true;                         // the desk begins with what was known last
  using fields = Fields<&RedisSettings::on, &RedisSettings::connection, &RedisSettings::prefix, &RedisSettings::stream_length, &RedisSettings::batch_rows,
                        &RedisSettings::batch_time, &RedisSettings::timeout, &RedisSettings::warm_start>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"batch_rows", 1, 100'000}, {"stream_length", 1, 100'000'000}});
};
static_assert(Complete<RedisSettings>);

struct FeatureSettings {
  bool on = false;
  std::string folder = "features";                // Parquet, by set, day and symbol
  std::string live{};                             // batches other programs map; empty: /dev/shm/robotrader-<user>, else <folder>/live
  std::uint32_t batch_rows = 4096;
  double memory_max_mb = 256;                     // of all live batches: the oldest that are in Parquet leave first
  std::uint32_t queue_rows = 16'384;              // between the engine and the store's thread; a full one drops rows, which is counted
  double disk_max_gb = 0;                         // of `folder`; 0: no ceiling. Warned from 80 % on
  double keep_days = 0;                           // 0: for ever
  using fields = Fields<&FeatureSettings::on, &FeatureSettings::folder, &FeatureSettings::live, &FeatureSettings::batch_rows, &FeatureSettings::memory_max_mb,
                        &FeatureSettings::queue_rows, &FeatureSettings::disk_max_gb, &FeatureSettings::keep_days>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"batch_rows", 16, 1'048'576}, {"memory_max_mb", 1, 1e6}, {"queue_rows", 64, 16'777'216}});
};
static_assert(Complete<FeatureSettings>);

/// The folder of Parquet tables itself (`store = "..."`).
struct HistorySettings {
  std::map<std::string, double> keep_days{};      // by kind: quotes, trades, depth, bars, daily_bars, orders, executions, facts; what is not named is kept for ever
  double disk_max_gb = 0;                         // 0: no ceiling. Warned from 80 % on; `data prune` brings it below
  using fields = Fields<&HistorySettings::keep_days, &HistorySettings::disk_max_gb>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"disk_max_gb", 0, 1e6}});
};
static_assert(Complete<HistorySettings>);

/// The value of the environment variable a block names. Errors: it is not set.
[[nodiscard]] Result<std::string, Problem> connection_of(std::string_view block, const std::string& variable);

}  // namespace robo::store
