#pragma once
// The engine's journal into PostgreSQL: batches by binary COPY, one transaction each, with the number of the next record.

#include <memory>

#include "edge/store/settings.hpp"
#include "edge/store/sink.hpp"

namespace robo::store::postgres {

/// `dsn` is the connection's text itself, from the environment.
class PostgresSink final : public Sink {
 public:
  PostgresSink(const PostgresSettings& settings, std::string dsn);
  ~PostgresSink() override;

  [[nodiscard]] Result<std::uint64_t, Problem> open(const JournalName& journal) override;
  void event(std::uint64_t record, const Event& event) override;
  void fact(std::uint64_t record, const Fact& fact) override;
  [[nodiscard]] std::uint64_t held_rows() const override;
  [[nodiscard]] std::uint64_t held_bytes() const override;
  [[nodiscard]] Result<Committed, Problem> commit(std::uint64_t next) override;
  [[nodiscard]] std::string keep_house() override;
  void close() override;
  void interrupt() override;

  /// After open(): "native daily partitions at host:port/database".
  [[nodiscard]] const std::string& told() const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace robo::store::postgres
