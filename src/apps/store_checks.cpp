#include "apps/store_checks.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/core.h>

#include "apps/feature_tap.hpp"
#include "edge/store/history/retention.hpp"
#include "edge/store/postgres/schema.hpp"
#include "edge/store/redis/connection.hpp"

namespace robo::apps {

namespace {

using Kind = StoreFinding::Kind;
constexpr std::string_view kept_kinds[] = {"quotes", "trades", "depth", "bars", "daily_bars", "orders", "executions", "facts"};

/// "text; the way out" as two.
StoreFinding bad(std::string store, const std::string& sentence) {
  const auto at = sentence.find("; ");
  return {Kind::Bad, std::move(store), sentence.substr(0, at), at == std::string::npos ? "trading goes on without it; the journal keeps what is missing" : sentence.substr(at + 2)};
}

void check_postgres(const store::PostgresSettings& settings, std::vector<StoreFinding>& out) {
  const auto dsn = store::connection_of("postgres", settings.connection);
  if (!dsn) return out.push_back(bad("postgres", dsn.error().text));
  store::postgres::Connection connection;
  if (const auto wrong = connection.open(*dsn, seconds(5))) return out.push_back(bad("postgres", wrong->text));
  const auto made = connection.run("SELECT to_regclass('robo.migrations') IS NOT NULL");
  if (!made) return out.push_back(bad("postgres", made.error().text));
  if (made->at(0, 0) != "t") {
    const auto may = connection.run("SELECT has_database_privilege(current_database(), 'CREATE')");
    if (may && may->at(0, 0) == "t") out.push_back({Kind::Good, "postgres", fmt::format("{}: the tables are made at the first start", connection.where()), ""});
    else out.push_back({Kind::Bad, "postgres", fmt::format("{}: this user may not make tables", connection.where()), "GRANT CREATE ON DATABASE ... TO the user"});
    return;
  }
  const auto schema = store::postgres::look(connection);
  if (!schema) return out.push_back(bad("postgres", schema.error().text));
  const auto used = connection.run("SELECT coalesce(sum(bytes), 0) FROM robo.disk()");
  const double gigabytes = used ? static_cast<double>(used->integer(0, 0)) / 1e9 : 0;
  const auto text = fmt::format("{}: schema {}, {}, {:.2f} GB", connection.where(), schema->version, schema->told, gigabytes);
  if (settings.disk_max_gb > 0 && gigabytes >= 0.8 * settings.disk_max_gb)
    out.push_back({Kind::Warn, "postgres", text, fmt::format("{:.2f} GB are allowed (postgres.disk_max_gb): shorten postgres.keep_days, or allow more", settings.disk_max_gb)});
  else out.push_back({Kind::Good, "postgres", text, ""});
}

void check_redis(const store::RedisSettings& settings, std::vector<StoreFinding>& out) {
  const auto url = store::connection_of("redis", settings.connection);
  if (!url) return out.push_back(bad("redis", url.error().text));
  const auto address = store::redis::parse_address(*url);
  if (!address) return out.push_back(bad("redis", address.error().text));
  store::redis::Connection connection;
  if (const auto wrong = connection.open(*address, seconds(2))) return out.push_back(bad("redis", wrong->text));
  store::redis::Commands ask;
  ask.add("DBSIZE");
  const auto keys = connection.text(ask);
  if (!keys) return out.push_back(bad("redis", keys.error().text));
  out.push_back({Kind::Good, "redis", fmt::format("{}: {} keys, ours begin with {}:", address->socket.empty() ? fmt::format("{}:{}", address->host, address->port) : address->socket,
                                                  keys->value_or("0"), settings.prefix), ""});
}

void check_features(const store::FeatureSettings& settings, std::vector<StoreFinding>& out) {
  std::error_code error;
  const auto live = live_folder(settings);
  std::filesystem::create_directories(live, error);
  if (!error) std::filesystem::create_directories(settings.folder, error);
  if (error) return out.push_back({Kind::Bad, "features", fmt::format("{} or {}: {}", settings.folder, live.string(), error.message()), "give features.folder and features.live folders this user may write"});
  const auto room = static_cast<double>(std::filesystem::space(live, error).available);
  const double wanted = settings.memory_max_mb * 1e6, used = static_cast<double>(bytes_under(settings.folder)) / 1e9;
  const auto text = fmt::format("{:.2f} GB in {}, live batches in {}", used, settings.folder, live.string());
  if (room < wanted) out.push_back({Kind::Warn, "features", text, fmt::format("{} has room for {:.0f} MB of {:.0f} (features.memory_max_mb)", live.string(), room / 1e6, wanted / 1e6)});
  else if (settings.disk_max_gb > 0 && used >= 0.8 * settings.disk_max_gb)
    out.push_back({Kind::Warn, "features", text, fmt::format("{:.2f} GB are allowed (features.disk_max_gb): move old days away, or allow more", settings.disk_max_gb)});
  else out.push_back({Kind::Good, "features", text, ""});
}

/// The Parquet tables: their size, the ceiling, the room on the disk.
void check_tables(const RunSettings& settings, std::vector<StoreFinding>& out) {
  if (settings.store.empty()) return;
  const std::filesystem::path root = settings.store;
  for (const auto& [kind, days] : settings.history.keep_days)
    if (std::ranges::find(kept_kinds, kind) == std::end(kept_kinds))
      out.push_back({Kind::Bad, "store", fmt::format("history.keep_days names '{}', which is no kind", kind), "quotes, trades, depth, bars, daily_bars, orders, executions, facts"});
  std::error_code error;
  if (!std::filesystem::exists(root, error)) return out.push_back({Kind::Good, "store", fmt::format("{}: made by the first session or import", root.string()), ""});
  const auto used = store::history::disk_use(root);
  const auto room = static_cast<double>(std::filesystem::space(root, error).available);
  const auto text = fmt::format("{:.2f} GB in {}, {:.1f} GB free", static_cast<double>(used.total) / 1e9, root.string(), room / 1e9);
  if (const auto near = store::history::warning(root, settings.history.disk_max_gb)) out.push_back({Kind::Warn, "store", text, *near});
  else if (room < 1e9) out.push_back({Kind::Warn, "store", text, "make room: below 1 GB a day's ticks may not fit"});
  else out.push_back({Kind::Good, "store", text, ""});
}

}  // namespace

std::uint64_t bytes_under(const std::filesystem::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (auto it = std::filesystem::recursive_directory_iterator(folder, error); !error && it != std::filesystem::recursive_directory_iterator(); it.increment(error)) {
    std::error_code ignored;
    if (it->is_regular_file(ignored)) bytes += it->file_size(ignored);
  }
  return bytes;
}

std::vector<StoreFinding> check_stores(const RunSettings& settings) {
  std::vector<StoreFinding> out;
  check_tables(settings, out);
  if (settings.postgres.on) check_postgres(settings.postgres, out);
  if (settings.redis.on) check_redis(settings.redis, out);
  if (settings.features.on) check_features(settings.features, out);
  return out;
}

}  // namespace robo::apps
