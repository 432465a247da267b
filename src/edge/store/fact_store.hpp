#pragma once
// What happened inside, to disk: orders, executions and all facts, in batches. The journal is the record; this is its table
// for people and programs that ask questions, and can be made again from it.

#include <span>
#include <string>
#include <string_view>

#include "edge/store/store.hpp"
#include "model/fact.hpp"

namespace robo::store {

class FactStore {
 public:
  /// `session` as in EngineStarted; `instruments` names the symbols.
  FactStore(std::filesystem::path root, std::uint64_t session, std::span<const Instrument> instruments);

  /// Thread: the store's own (never the hot one). Days are UTC.
  void take(const Fact& fact);
  /// Call every few seconds or so; each call that has rows makes one small part per day and symbol (compact() joins them).
  [[nodiscard]] Result<WriteSummary, Problem> flush() { return writer_.flush(); }

 private:
  [[nodiscard]] std::string_view symbol(InstrumentId instrument) const;
  StoreWriter writer_;
  std::vector<std::string> symbols_;
  std::uint64_t sequence_ = 0;
};

/// The fact's name on the wire ("OrderFilled"), its instrument if it has one, and its JSON.
[[nodiscard]] std::string_view kind_name(const FactPayload& payload);

}  // namespace robo::store
