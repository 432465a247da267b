#pragma once
// Rows of a source into a partition, without losing what was there: rows that a repair changes are kept under replaced/, whole
// files as they were, readable like any store.

#include <span>

#include "edge/store/history/actions.hpp"
#include "edge/store/history/catalogue.hpp"

namespace robo::store::history {

struct Origin {
  std::string source{};      // "IB TRADES 1 min regular hours, 127.0.0.1:4002 DU1234567"
  Basis adjusted{};          // until when the source has adjusted for splits
  bool repair{};             // what is added or changed is marked as repaired
  Timestamp at{};            // of the answer
};

struct Put {
  std::uint64_t rows{};      // of the series in the partition, after it
  std::uint64_t added{}, changed{}, dropped{};  // dropped: second bars of one time
  std::vector<std::string> replaced{};          // files kept, below replaced/
};

/// Bars of one length into a partition. What is there and says the same stays as it is; what differs is replaced. The prices come
/// into the basis of what is there. Errors: the disk's, a file that cannot be read (a repair moves it away and goes on).
[[nodiscard]] Result<Put, Problem> put_bars(const std::filesystem::path& root, const Partition& partition, Duration period, std::span<const BarRecord> fetched, const Origin& origin,
                                            const Actions& actions);

/// A whole day of ticks from a source: what this source brought before is replaced, and kept when it differs.
template <class R>
[[nodiscard]] Result<Put, Problem> put_ticks(const std::filesystem::path& root, const Partition& partition, std::span<const R> fetched, const Origin& origin);
extern template Result<Put, Problem> put_ticks(const std::filesystem::path&, const Partition&, std::span<const TradeRecord>, const Origin&);
extern template Result<Put, Problem> put_ticks(const std::filesystem::path&, const Partition&, std::span<const QuoteRecord>, const Origin&);

}  // namespace robo::store::history
