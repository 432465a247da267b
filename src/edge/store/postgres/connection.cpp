#include "edge/store/postgres/connection.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/core.h>
#include <libpq-fe.h>
#include <sys/socket.h>

namespace robo::store::postgres {

namespace {

/// libpq's words as one sentence: its first line, and what to do when that can be told.
std::string sentence(std::string_view words) {
  std::string text(words.substr(0, words.find('\n')));
  for (const std::string_view noise : {"ERROR:  ", "FATAL:  "})
    if (const auto at = text.find(noise); at != std::string::npos) text.erase(at, noise.size());
  const auto has = [&](std::string_view part) { return words.find(part) != std::string_view::npos; };
  if (has("password authentication failed") || has("no password supplied")) text += "; set the right password in the connection's environment variable";
  else if (has("Connection refused") || has("No such file or directory")) text += "; start the server, or correct the connection's environment variable";
  else if (has("could not extend file") || has("No space left on device")) text += "; the server's disk is full";
  else if (has("does not exist") && has("database")) text += "; create it: createdb";
  return "PostgreSQL: " + text;
}

}  // namespace

Answer::~Answer() { PQclear(result_); }
int Answer::rows() const { return PQntuples(result_); }
int Answer::columns() const { return PQnfields(result_); }
std::string_view Answer::at(int row, int column) const {
  return {PQgetvalue(result_, row, column), static_cast<std::size_t>(PQgetlength(result_, row, column))};
}
bool Answer::null(int row, int column) const { return PQgetisnull(result_, row, column) != 0; }
std::int64_t Answer::integer(int row, int column) const {
  const auto text = at(row, column);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}
std::string_view Answer::column_name(int column) const { return PQfname(result_, column); }
std::int64_t Answer::changed() const {
  const std::string_view text = PQcmdTuples(result_);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::optional<Problem> Connection::open(const std::string& dsn, Duration timeout) {
  close();
  const auto seconds_whole = std::to_string(std::max<std::int64_t>(2, timeout.ns / 1'000'000'000));
  const auto milliseconds_whole = std::to_string(timeout.ns / 1'000'000);
  // What the connection string says comes last and wins.
  const char* const names[] = {"application_name", "connect_timeout", "tcp_user_timeout", "client_encoding", "dbname", nullptr};
  const char* const values[] = {"robotrader", seconds_whole.c_str(), milliseconds_whole.c_str(), "UTF8", dsn.c_str(), nullptr};
  auto* connection = PQconnectdbParams(names, values, 1);
  if (PQstatus(connection) != CONNECTION_OK) {
    Problem problem{sentence(PQerrorMessage(connection))};
    PQfinish(connection);
    return problem;
  }
  PQsetNoticeProcessor(connection, [](void*, const char*) {}, nullptr);
  {
    const std::lock_guard hold(interrupting_);
    connection_ = connection;
    socket_ = PQsocket(connection);
  }
  auto set = run(fmt::format("SET timezone = 'UTC'; SET statement_timeout = {}; SET synchronous_commit = on; SET DateStyle = ISO", timeout.ns / 1'000'000));
  if (!set) {
    close();
    return set.error();
  }
  return {};
}

void Connection::close() {
  pg_conn* going = nullptr;
  {
    const std::lock_guard hold(interrupting_);
    going = std::exchange(connection_, nullptr);
    socket_ = -1;
  }
  if (going) PQfinish(going);
}

void Connection::interrupt() {
  const std::lock_guard hold(interrupting_);
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

Problem Connection::problem() const { return {sentence(PQerrorMessage(connection_))}; }

Result<Answer, Problem> Connection::run(const std::string& sql) {
  if (!connection_) return fail(Problem{"PostgreSQL: not connected"});
  auto* result = PQexec(connection_, sql.c_str());
  Answer answer(result);
  const auto status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return fail(problem());
  return answer;
}

Result<Answer, Problem> Connection::run(const std::string& sql, std::span<const std::string> parameters) {
  if (!connection_) return fail(Problem{"PostgreSQL: not connected"});
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter.c_str());
  auto* result = PQexecParams(connection_, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0);
  Answer answer(result);
  const auto status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) return fail(problem());
  return answer;
}

std::optional<Problem> Connection::copy_begin(const std::string& sql) {
  if (!connection_) return Problem{"PostgreSQL: not connected"};
  auto* result = PQexec(connection_, sql.c_str());
  const Answer answer(result);
  if (PQresultStatus(result) != PGRES_COPY_IN) return problem();
  return {};
}

std::optional<Problem> Connection::copy_bytes(std::span<const char> bytes) {
  constexpr std::size_t piece = 1u << 20;
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    if (PQputCopyData(connection_, bytes.data() + at, static_cast<int>(std::min(piece, bytes.size() - at))) != 1) return problem();
  return {};
}

Result<std::int64_t, Problem> Connection::copy_end() {
  if (PQputCopyEnd(connection_, nullptr) != 1) return fail(problem());
  std::optional<Problem> wrong;
  std::int64_t rows = 0;
  while (auto* result = PQgetResult(connection_)) {
    const Answer answer(result);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) {
      if (!wrong) wrong = problem();
      if (PQstatus(connection_) != CONNECTION_OK) break;
    } else rows = answer.changed();
  }
  if (wrong) return fail(*wrong);
  return rows;
}

std::string Connection::where() const {
  if (!connection_) return "nowhere";
  const std::string_view host = PQhost(connection_) ? PQhost(connection_) : "";
  return fmt::format("{}:{}/{}", host, PQport(connection_), PQdb(connection_));
}

int Connection::server_version() const { return connection_ ? PQserverVersion(connection_) : 0; }

}  // namespace robo::store::postgres
