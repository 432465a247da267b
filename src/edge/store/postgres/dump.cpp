#include "edge/store/postgres/dump.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

extern char** environ;

namespace robo::store::postgres {

namespace {

/// The connection's parts as libpq's environment variables: PGHOST=..., PGPASSWORD=...
Result<std::vector<std::string>, Problem> environment_of(const std::string& dsn) {
  char* wrong = nullptr;
  auto* parts = PQconninfoParse(dsn.c_str(), &wrong);
  if (parts == nullptr) {
    const Problem problem{fmt::format("PostgreSQL: the connection cannot be read: {}", wrong ? wrong : "no memory")};
    PQfreemem(wrong);
    return fail(problem);
  }
  std::vector<std::string> out;
  for (const auto* part = parts; part->keyword != nullptr; ++part)
    if (part->val != nullptr && part->envvar != nullptr) out.push_back(fmt::format("{}={}", part->envvar, part->val));
  PQconninfoFree(parts);
  for (char** one = environ; *one != nullptr; ++one) {
    const std::string_view text = *one;
    const auto name = text.substr(0, text.find('=') + 1);
    bool ours = false;
    for (const auto& mine : out) ours = ours || mine.starts_with(name);
    if (!ours) out.emplace_back(text);
  }
  return out;
}

/// Runs a program of PostgreSQL's; its last line of complaint when it fails.
std::optional<Problem> run_tool(std::vector<std::string> words, const std::vector<std::string>& environment) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return Problem{std::strerror(errno)};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], 2);
  std::vector<char*> arguments, variables;
  for (auto& word : words) arguments.push_back(word.data());
  for (const auto& one : environment) variables.push_back(const_cast<char*>(one.c_str()));
  arguments.push_back(nullptr);
  variables.push_back(nullptr);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  std::string said;
  char buffer[4096];
  for (ssize_t got; error == 0 && (got = ::read(pipe[0], buffer, sizeof buffer)) > 0;) said.append(buffer, static_cast<std::size_t>(got));
  ::close(pipe[0]);
  if (error != 0) return Problem{fmt::format("{}: {}; install PostgreSQL's client programs (Debian: postgresql-client)", words[0], std::strerror(error))};
  int status = 0;
  ::waitpid(child, &status, 0);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return Problem{fmt::format("{}: {}", words[0], said.empty() ? "it failed" : said.substr(0, said.find('\n')))};
}

}  // namespace

std::optional<Problem> backup(const std::string& dsn, const std::filesystem::path& file) {
  const auto environment = environment_of(dsn);
  if (!environment) return environment.error();
  const auto part = file.string() + ".part";
  std::error_code error;
  if (auto wrong = run_tool({"pg_dump", "--format=custom", "--schema=robo", "--schema=robo_read", "--no-owner", "--no-privileges", "--file=" + part}, *environment)) {
    std::filesystem::remove(part, error);
    return wrong;
  }
  std::filesystem::rename(part, file, error);
  if (error) return Problem{fmt::format("{}: {}", file.string(), error.message())};
  return {};
}

std::optional<Problem> restore(const std::string& dsn, const std::filesystem::path& file) {
  auto environment = environment_of(dsn);
  if (!environment) return environment.error();
  std::string database;
  for (const auto& one : *environment)
    if (one.starts_with("PGDATABASE=")) database = one.substr(11);
  if (database.empty()) return Problem{"PostgreSQL: the connection names no database to restore into"};
  return run_tool({"pg_restore", "--single-transaction", "--no-owner", "--no-privileges", "--exit-on-error", "--dbname=" + database, file.string()}, *environment);
}

}  // namespace robo::store::postgres
