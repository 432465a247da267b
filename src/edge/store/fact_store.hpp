#pragma once
// What happened inside, to disk: orders, executions and all facts, in batches. The journal is the record; this is its table
// for people and programs that ask questions, and can be made again from it.

#include <string>
#include <string_view>
#include <vector>

#include "edge/store/fact_rows.hpp"
#include "edge/store/store.hpp"
#include "model/fact.hpp"

namespace robo::store {

class FactStore {
 public:
  /// The writer's flush() every few seconds makes one small part per day and symbol, which compact() joins later.
  explicit FactStore(StoreWriter& writer) : writer_(writer) {}

  /// Names the symbol of the facts to come.
  void know(const Instrument& instrument);
  /// Days are UTC.
  void take(const Fact& fact);
  /// Empty: not known.
  [[nodiscard]] std::string_view symbol(InstrumentId instrument) const;

 private:
  StoreWriter& writer_;
  std::vector<std::string> symbols_;
  std::uint64_t sequence_ = 0;
};

}  // namespace robo::store
