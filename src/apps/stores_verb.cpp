#include <array>
#include <cstdlib>
#include <filesystem>
#include <fmt/core.h>

#include "apps/stores.hpp"
#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/config/config.hpp"
#include "edge/journal/reader.hpp"
#include "edge/store/postgres/dump.hpp"
#include "edge/store/postgres/schema.hpp"
#include "edge/store/postgres/sink.hpp"

namespace robo::apps {

namespace {

using store::postgres::Connection;

int complain(const Problem& problem) {
  terminal::complain(problem.text);
  return 1;
}

int migrate(Connection& connection, const store::PostgresSettings& settings) {
  const auto schema = store::postgres::migrate(connection, settings.timescale);
  if (!schema) return complain(schema.error());
  terminal::print(fmt::format("  schema version {}, {}{}", schema->version, schema->told, schema->applied > 0 ? fmt::format("; {} migrations made", schema->applied) : ""));
  return 0;
}

int status(Connection& connection) {
  const auto schema = store::postgres::look(connection);
  if (!schema) return complain(schema.error());
  terminal::print(fmt::format("  {}   schema version {}, {}\n", connection.where(), schema->version, schema->told));
  const auto tables = connection.run("SELECT d.name, d.bytes, d.parts, t.keep FROM robo.disk() d JOIN robo.tables t USING (name) ORDER BY d.bytes DESC");
  if (!tables) return complain(tables.error());
  for (int i = 0; i < tables->rows(); ++i)
    terminal::print(fmt::format("  {:<12} {:>10.1f} MB {:>6} parts   kept {}", tables->at(i, 0), static_cast<double>(tables->integer(i, 1)) / 1e6, tables->at(i, 2),
                                tables->null(i, 3) ? std::string_view("for ever") : tables->at(i, 3)));
  const auto journals = connection.run("SELECT name, mode, next_record, stored_at FROM robo.journals ORDER BY stored_at DESC LIMIT 10");
  if (!journals) return complain(journals.error());
  terminal::print("");
  for (int i = 0; i < journals->rows(); ++i)
    terminal::print(fmt::format("  {}  {}  {} records, stored {}", journals->at(i, 0), journals->at(i, 1), journals->at(i, 2), journals->at(i, 3)));
  return 0;
}

int load(const RunSettings& settings, const std::string& dsn, const std::vector<std::string>& paths) {
  std::vector<std::filesystem::path> journals;
  for (const auto& path : paths) {
    if (std::filesystem::exists(std::filesystem::path(path) / "segment-000000.rtj")) journals.emplace_back(path);
    else for (auto& found : journal::journals_under(path)) journals.push_back(std::move(found));
  }
  if (journals.empty()) return complain({"name a journal's folder, or a folder of journals"});
  StorePump pump({.name = "postgres", .batch_rows = settings.postgres.batch_rows}, std::make_unique<store::postgres::PostgresSink>(settings.postgres, dsn),
                 [](bool, const std::string& text) { terminal::complain(text); });
  pump.bring(journals);
  while (!pump.wait(milliseconds(500))) terminal::progress("load", 0, fmt::format("{} rows", pump.status().rows));
  const auto done = pump.status();
  pump.stop({});
  terminal::print(fmt::format("  {} journals, {} new rows", journals.size(), done.rows));
  return done.trouble.empty() ? 0 : 1;
}

}  // namespace

int run(const StoresOptions& options) {
  terminal::heading(fmt::format("stores {}", options.action));
  const auto settings = load_settings(options.config).settings;
  const auto dsn = store::connection_of("postgres", settings.postgres.connection);
  if (!dsn) return complain(dsn.error()), 2;
  if (options.action == "backup" || options.action == "restore") {
    if (options.paths.size() != 1) return complain({fmt::format("stores {} FILE: name one file", options.action)}), 2;
    if (const auto wrong = options.action == "backup" ? store::postgres::backup(*dsn, options.paths[0]) : store::postgres::restore(*dsn, options.paths[0]))
      return complain(*wrong);
    std::error_code error;
    terminal::print(fmt::format("  {} {}, {:.1f} MB", options.action == "backup" ? "written:" : "restored from", options.paths[0],
                                static_cast<double>(std::filesystem::file_size(options.paths[0], error)) / 1e6));
    return 0;
  }
  if (options.action == "load") return load(settings, *dsn, options.paths);
  Connection connection;
  if (const auto wrong = connection.open(*dsn, settings.postgres.timeout)) return complain(*wrong);
  return options.action == "migrate" ? migrate(connection, settings.postgres) : status(connection);
}

}  // namespace robo::apps
