#pragma once
// What a store is to the engine: a follower of its journal. It is told every record by its number and keeps, together with
// the rows, which record it wants next. So nothing waits for it, nothing is lost while it is away, and nothing comes twice.

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "model/event.hpp"
#include "model/fact.hpp"

namespace robo::store {

/// A journal's name for good: its folder's name and the time it begins, because each state folder counts sessions for itself.
struct JournalName {
  std::string name{};
  std::uint64_t session{};
  Timestamp begins_at{};
};

struct Committed {
  std::uint64_t rows{}, bytes{};
};

/// Thread: one, the store's own; interrupt() from any.
class Sink {
 public:
  virtual ~Sink() = default;
  /// The number of the record it wants next. Errors: the store is away, refuses us, or has another schema; one sentence.
  [[nodiscard]] virtual Result<std::uint64_t, Problem> open(const JournalName& journal) = 0;
  virtual void event(std::uint64_t record, const Event& event) = 0;
  virtual void fact(std::uint64_t record, const Fact& fact) = 0;
  /// Rows taken in and not yet committed.
  [[nodiscard]] virtual std::uint64_t held_rows() const = 0;
  [[nodiscard]] virtual std::uint64_t held_bytes() const = 0;
  /// Brings what is held and `next` into the store, both or neither. On an error nothing is held any more: open() again says
  /// where to go on.
  [[nodiscard]] virtual Result<Committed, Problem> commit(std::uint64_t next) = 0;
  /// Seldom, between commits: retention, disk ceilings. The sentence to tell the operator, or none.
  [[nodiscard]] virtual std::string keep_house() { return {}; }
  virtual void close() = 0;
  /// Ends a call that waits for the network.
  virtual void interrupt() {}
};

}  // namespace robo::store
