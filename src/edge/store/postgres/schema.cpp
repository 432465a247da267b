#include "edge/store/postgres/schema.hpp"

#include <fmt/core.h>

#include "base/crc32c.hpp"

namespace robo::store::postgres {

namespace sql {
extern const std::string_view tables_0001;
extern const std::string_view native_0001;
extern const std::string_view timescale_0001;
}  // namespace sql

namespace {

constexpr int known_version = 1;
constexpr std::string_view lock = "SELECT pg_advisory_xact_lock(hashtext('robotrader schema'))";

std::string checksum(const Migration& m) {
  std::string text(m.tables);
  text += m.native;
  text += m.timescale;
  return fmt::format("{:08x}", crc32c({reinterpret_cast<const std::byte*>(text.data()), text.size()}));
}

std::string with_partitions(std::string_view tables) {
  std::string text(tables);
  const auto replace = [&](std::string_view mark, std::string_view by) {
    for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size())) text.replace(at, mark.size(), by);
  };
  replace(") /*daily*/", ") PARTITION BY RANGE (at)");
  replace(") /*monthly*/", ") PARTITION BY RANGE (start)");
  return text;
}

/// "2.14.2" when the extension is in this database, else empty.
Result<std::string, Problem> timescale_version(Connection& connection) {
  auto answer = connection.run("SELECT extversion FROM pg_extension WHERE extname = 'timescaledb'");
  if (!answer) return fail(answer.error());
  return answer->rows() == 0 ? std::string{} : std::string(answer->at(0, 0));
}

std::string told(Flavour flavour, const std::string& version) {
  return flavour == Flavour::Timescale ? "TimescaleDB " + version : std::string("native daily partitions");
}

struct Standing {
  bool any{};
  int version{};
  Flavour flavour{};
};

Result<Standing, Problem> standing(Connection& connection) {
  auto there = connection.run("SELECT to_regclass('robo.migrations') IS NOT NULL");
  if (!there) return fail(there.error());
  if (there->at(0, 0) != "t") return Standing{};
  auto rows = connection.run("SELECT version, checksum, flavour FROM robo.migrations ORDER BY version");
  if (!rows) return fail(rows.error());
  Standing out{.any = rows->rows() > 0};
  const auto known = migrations();
  for (int i = 0; i < rows->rows(); ++i) {
    out.version = static_cast<int>(rows->integer(i, 0));
    out.flavour = rows->at(i, 2) == "timescale" ? Flavour::Timescale : Flavour::Native;
    if (out.version > known_version) continue;
    if (rows->at(i, 1) != checksum(known[static_cast<std::size_t>(out.version) - 1]))
      return fail(Problem{fmt::format("PostgreSQL: {}: migration {} in the database is not the one of this program; it was made by another build: "
                                      "back it up (robotrader stores backup), drop the schemas robo and robo_read, and load the journals again",
                                      connection.where(), out.version)});
  }
  if (out.version > known_version)
    return fail(Problem{fmt::format("PostgreSQL: {}: the schema has version {}, this program knows {}: update the program", connection.where(), out.version,
                                    known_version)});
  return out;
}

}  // namespace

std::vector<Migration> migrations() { return {{1, "tables", sql::tables_0001, sql::native_0001, sql::timescale_0001}}; }

Result<Schema, Problem> look(Connection& connection) {
  const auto there = standing(connection);
  if (!there) return fail(there.error());
  if (!there->any || there->version < known_version)
    return fail(Problem{fmt::format("PostgreSQL: {}: the schema has version {}, this program needs {}: it is made at the next start, or by robotrader stores migrate",
                                    connection.where(), there->version, known_version)});
  const auto version = timescale_version(connection);
  if (!version) return fail(version.error());
  return Schema{.flavour = there->flavour, .version = there->version, .told = told(there->flavour, *version)};
}

Result<Schema, Problem> migrate(Connection& connection, std::string_view timescale) {
  const auto extension = timescale_version(connection);
  if (!extension) return fail(extension.error());
  if (timescale == "on" && extension->empty())
    return fail(Problem{fmt::format("PostgreSQL: {}: timescale = \"on\", but the extension is not in this database: CREATE EXTENSION timescaledb, or set \"auto\"",
                                    connection.where())});
  if (auto begun = connection.run("BEGIN"); !begun) return fail(begun.error());
  const auto undo = [&](const Problem& problem) {
    (void)connection.run("ROLLBACK");
    return fail(problem);
  };
  if (auto locked = connection.run(std::string(lock)); !locked) return undo(locked.error());
  auto there = standing(connection);
  if (!there) return undo(there.error());
  if (there->any && there->version == known_version) {
    (void)connection.run("COMMIT");
    return Schema{.flavour = there->flavour, .version = there->version, .told = told(there->flavour, *extension)};
  }
  auto flavour = there->flavour;
  if (!there->any) {
    flavour = !extension->empty() && timescale != "off" ? Flavour::Timescale : Flavour::Native;
    auto made = connection.run(
        "CREATE SCHEMA IF NOT EXISTS robo; CREATE TABLE robo.migrations (version integer PRIMARY KEY, name text NOT NULL, flavour text NOT NULL, "
        "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())");
    if (!made) return undo(made.error());
  }
  int applied = 0;
  for (const auto& m : migrations()) {
    if (m.version <= there->version) continue;
    const bool native = flavour == Flavour::Native;
    auto tables = connection.run(native ? with_partitions(m.tables) : std::string(m.tables));
    if (!tables) return undo(tables.error());
    auto special = connection.run(std::string(native ? m.native : m.timescale));
    if (!special) return undo(special.error());
    auto noted = connection.run(fmt::format("INSERT INTO robo.migrations (version, name, flavour, checksum) VALUES ({}, '{}', '{}', '{}')", m.version, m.name,
                                            native ? "native" : "timescale", checksum(m)));
    if (!noted) return undo(noted.error());
    ++applied;
  }
  if (auto done = connection.run("COMMIT"); !done) return undo(done.error());
  return Schema{.flavour = flavour, .version = known_version, .applied = applied, .told = told(flavour, *extension)};
}

}  // namespace robo::store::postgres
