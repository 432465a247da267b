#include "apps/stores.hpp"

#include <fmt/core.h>

#include "apps/terminal.hpp"
#include "base/log.hpp"
#include "edge/config/config.hpp"
#include "edge/journal/reader.hpp"
#include "edge/store/postgres/sink.hpp"

namespace robo::apps {

namespace {

constexpr Duration grace = seconds(5);

void tell(const std::string& store, bool good, const std::string& text) {
  if (good) log::info(store, "{}", text);
  else log::warn(store, "{}", text);
}

}  // namespace

struct Stores::One {
  std::unique_ptr<StorePump> live{}, backlog{};
};

Stores::Stores(const RunSettings& settings) : settings_(settings) {
  std::vector<Problem> wrong;
  if (settings.postgres.on) {
    if (auto dsn = store::connection_of("postgres", settings.postgres.connection)) postgres_ = std::move(*dsn);
    else wrong.push_back(dsn.error());
  }
  if (settings.redis.on) {
    const auto url = store::connection_of("redis", settings.redis.connection);
    if (!url) {
      wrong.push_back(url.error());
    } else {
      auto address = store::redis::parse_address(*url);
      if (address) redis_ = std::move(*address);
      else wrong.push_back(address.error());
    }
  }
  if (!wrong.empty()) throw config::ConfigError(std::move(wrong));
}

Stores::~Stores() { stop(); }

std::optional<store::redis::LastKnown> Stores::last_known() const {
  if (!redis_ || !settings_.redis.warm_start) return {};
  auto known = store::redis::last_known(settings_.redis, *redis_, milliseconds(500));
  if (!known) return {};
  return std::move(*known);
}

namespace {

store::redis::Beginning beginning_of(const RunSettings& settings, const Kernel& kernel) {
  store::redis::Beginning out;
  if (const auto* host = kernel.host())
    for (std::size_t i = 0; i < host->count(); ++i) {
      const StrategyId id{static_cast<std::uint16_t>(i)};
      auto& strategy = out.strategies.emplace_back();
      strategy.name = host->name(id);
      const auto declared = host->parameters(id);
      const auto values = host->values(id);
      for (std::size_t p = 0; p < declared.size(); ++p) strategy.parameters.emplace_back(std::string(declared[p].name), values[p]);
    }
  each_field<risk::Limits>([&](auto field) {
    if (const auto value = risk::limit_value(settings.limits, field.name)) out.limits.emplace_back(std::string(field.name), *value);
  });
  return out;
}

}  // namespace

void Stores::follow(const std::filesystem::path& journal, const Kernel& kernel) {
  if (!postgres_.empty()) {
    const auto& s = settings_.postgres;
    const auto pump = [&](bool live) {
      return std::make_unique<StorePump>(PumpSettings{.name = live ? "postgres" : "postgres_backlog", .batch_rows = s.batch_rows, .batch_time = s.batch_time},
                                         std::make_unique<store::postgres::PostgresSink>(s, postgres_),
                                         [](bool good, const std::string& text) { tell("postgres", good, text); });
    };
    auto one = std::make_unique<One>();
    one->live = pump(true);
    one->live->follow(journal);
    auto before = journal::journals_under(journal.parent_path());
    std::erase_if(before, [&](const auto& folder) { return folder.filename() == journal.filename(); });
    if (s.backlog && !before.empty()) {
      one->backlog = pump(false);
      one->backlog->bring(std::move(before));
    }
    stores_.push_back(std::move(one));
  }
  if (redis_) {
    const auto& s = settings_.redis;
    auto one = std::make_unique<One>();
    one->live = std::make_unique<StorePump>(PumpSettings{.name = "redis", .batch_rows = s.batch_rows, .batch_time = s.batch_time},
                                            std::make_unique<store::redis::RedisSink>(s, *redis_, beginning_of(settings_, kernel)),
                                            [](bool good, const std::string& text) { tell("redis", good, text); });
    one->live->follow(journal);
    stores_.push_back(std::move(one));
  }
}

void Stores::stop() {
  for (auto& one : stores_) {
    one->live->stop(grace);
    if (one->backlog) one->backlog->stop({});
  }
}

std::vector<PumpStatus> Stores::status() const {
  std::vector<PumpStatus> out;
  for (const auto& one : stores_) {
    out.push_back(one->live->status());
    if (one->backlog) out.push_back(one->backlog->status());
  }
  return out;
}

std::string metrics_of(const std::vector<PumpStatus>& stores) {
  std::string text;
  const auto family = [&](std::string_view name, std::string_view kind, std::string_view help, auto&& value) {
    if (stores.empty()) return;
    text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kind);
    for (const auto& store : stores) text += fmt::format("{}{{store=\"{}\"}} {}\n", name, store.name, value(store));
  };
  family("robotrader_store_rows_total", "counter", "Rows stored since the start", [](const PumpStatus& s) { return s.rows; });
  family("robotrader_store_bytes_total", "counter", "Bytes sent since the start", [](const PumpStatus& s) { return s.bytes; });
  family("robotrader_store_connected", "gauge", "1 while the store answers", [](const PumpStatus& s) { return s.connected ? 1 : 0; });
  family("robotrader_store_lag_seconds", "gauge", "Time since everything in the journal was in the store", [](const PumpStatus& s) { return s.lag_seconds; });
  family("robotrader_store_queue_rows", "gauge", "Rows read and not yet stored", [](const PumpStatus& s) { return s.held_rows; });
  family("robotrader_store_outages_total", "counter", "Times the store went away", [](const PumpStatus& s) { return s.outages; });
  return text;
}

}  // namespace robo::apps
