#pragma once
// Backup and restore of our schemas with PostgreSQL's own tools, which know every type and version.

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace robo::store::postgres {

/// pg_dump of the schemas robo and robo_read into `file`, which appears whole or not at all. One moment of the database: sessions
/// may go on meanwhile. The password never stands in a command line.
[[nodiscard]] std::optional<Problem> backup(const std::string& dsn, const std::filesystem::path& file);
/// Into a database that has no such schemas yet; all of it or nothing.
[[nodiscard]] std::optional<Problem> restore(const std::string& dsn, const std::filesystem::path& file);

}  // namespace robo::store::postgres
