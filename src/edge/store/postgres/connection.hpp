#pragma once
// One line to a PostgreSQL server. Knows no tables.

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

struct pg_conn;
struct pg_result;

namespace robo::store::postgres {

/// What a statement answered. Cells are text.
class Answer {
 public:
  explicit Answer(pg_result* result) : result_(result) {}
  Answer(Answer&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
  Answer& operator=(Answer&& other) noexcept {
    std::swap(result_, other.result_);
    return *this;
  }
  ~Answer();
  [[nodiscard]] int rows() const;
  [[nodiscard]] int columns() const;
  [[nodiscard]] std::string_view at(int row, int column) const;
  [[nodiscard]] bool null(int row, int column) const;
  [[nodiscard]] std::int64_t integer(int row, int column) const;
  [[nodiscard]] std::string_view column_name(int column) const;
  /// Rows changed by INSERT, UPDATE, DELETE or COPY.
  [[nodiscard]] std::int64_t changed() const;

 private:
  pg_result* result_;
};

/// Thread: one; interrupt() from any.
class Connection {
 public:
  Connection() = default;
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `dsn`: a libpq connection string or URI; what it leaves out comes from PGHOST, PGUSER, ... Errors: one sentence with the way out.
  [[nodiscard]] std::optional<Problem> open(const std::string& dsn, Duration timeout);
  [[nodiscard]] bool is_open() const { return connection_ != nullptr; }
  void close();
  void interrupt();

  /// One or several statements, without parameters.
  [[nodiscard]] Result<Answer, Problem> run(const std::string& sql);
  /// One statement with $1, $2, ...
  [[nodiscard]] Result<Answer, Problem> run(const std::string& sql, std::span<const std::string> parameters);

  /// COPY ... FROM STDIN: begin, bytes, end. An error at any step ends it.
  [[nodiscard]] std::optional<Problem> copy_begin(const std::string& sql);
  [[nodiscard]] std::optional<Problem> copy_bytes(std::span<const char> bytes);
  [[nodiscard]] Result<std::int64_t, Problem> copy_end();

  /// "host:port/database" as connected, without user and password.
  [[nodiscard]] std::string where() const;
  [[nodiscard]] int server_version() const;
  [[nodiscard]] pg_conn* raw() const { return connection_; }

 private:
  [[nodiscard]] Problem problem() const;
  pg_conn* connection_ = nullptr;
  std::mutex interrupting_;
  int socket_ = -1;
};

}  // namespace robo::store::postgres
