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
    const auto dsn = store::postgres::connection_of("postgres", settings.postgres.connection);
    if (!dsn) {
      wrong.push_back(dsn.error());
    } else {
      const auto pump = [&](bool live) {
        return std::make_unique<StorePump>(PumpSettings{.name = live ? "postgres" : "postgres_backlog", .batch_rows = settings.postgres.batch_rows,
                                                        .batch_time = settings.postgres.batch_time},
                                           std::make_unique<store::postgres::PostgresSink>(settings.postgres, *dsn),
                                           [](bool good, const std::string& text) { tell("postgres", good, text); });
      };
      auto one = std::make_unique<One>();
      one->live = pump(true);
      if (settings.postgres.backlog) one->backlog = pump(false);
      stores_.push_back(std::move(one));
    }
  }
  if (!wrong.empty()) throw config::ConfigError(std::move(wrong));
}

Stores::~Stores() { stop(); }

void Stores::follow(const std::filesystem::path& journal) {
  if (stores_.empty()) return;
  auto before = journal::journals_under(journal.parent_path());
  std::erase_if(before, [&](const auto& folder) { return folder.filename() == journal.filename(); });
  for (auto& one : stores_) {
    one->live->follow(journal);
    if (one->backlog && !before.empty()) one->backlog->bring(before);
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
  family("robo_store_rows_total", "counter", "Rows stored since the start", [](const PumpStatus& s) { return s.rows; });
  family("robo_store_bytes_total", "counter", "Bytes sent since the start", [](const PumpStatus& s) { return s.bytes; });
  family("robo_store_connected", "gauge", "1 while the store answers", [](const PumpStatus& s) { return s.connected ? 1 : 0; });
  family("robo_store_lag_seconds", "gauge", "Time since everything in the journal was in the store", [](const PumpStatus& s) { return s.lag_seconds; });
  family("robo_store_queue_rows", "gauge", "Rows read and not yet stored", [](const PumpStatus& s) { return s.held_rows; });
  family("robo_store_outages_total", "counter", "Times the store went away", [](const PumpStatus& s) { return s.outages; });
  return text;
}

}  // namespace robo::apps
