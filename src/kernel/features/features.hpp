#pragma once
// Numbers from market state: each declared once, computed once per instrument, O(1) per event. The same code feeds
// research, training and trading. docs/features.md lists them.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "kernel/features/settings.hpp"
#include "kernel/features/spec.hpp"
#include "kernel/market/market.hpp"

namespace robo::features {

class MicropriceTable;
struct LagPoint;

/// Last prices of an instrument, newest last. Positions before the first trade do not exist.
class PriceRing {
 public:
  static constexpr std::size_t capacity = 1000;
  [[nodiscard]] std::size_t size() const { return size_; }
  /// 0: the newest.
  [[nodiscard]] double back(std::size_t age) const { return prices_[(next_ + capacity - 1 - age) % capacity]; }
  void push(double price) {
    prices_[next_] = price;
    next_ = next_ + 1 == capacity ? 0 : next_ + 1;
    size_ += size_ < capacity;
  }

 private:
  std::array<double, capacity> prices_{};
  std::uint32_t next_ = 0, size_ = 0;
};

class Features {
 public:
  explicit Features(std::size_t max_instruments, Settings settings = {});
  ~Features();
  Features(const Features&) = delete;
  Features& operator=(const Features&) = delete;

  // ---- before start ------------------------------------------------------------------------------------------------------

  /// Asks for a feature on these instruments (a pair feature also reads spec.other). Same spec, same handle; instruments add up.
  /// Throws std::invalid_argument, with the fix, for a spec that cannot be computed.
  Handle declare(const Spec& spec, std::span<const InstrumentId> instruments);
  /// Lays out the memory and asks `market` for the bars. After it nothing allocates and declare() is a bug.
  void start(market::Market& market);
  /// Stoikov's table for an instrument, estimated elsewhere; without one Microprice is the weighted mid and source() says so.
  void set_microprice(InstrumentId instrument, const MicropriceTable& table);

  // ---- events: after market.apply() of the same event ---------------------------------------------------------------------

  /// Takes in market.closed_bars(). Call for every event, first.
  void close_bars(const market::Market& market);
  void apply(const Quote& quote, const market::Market& market);
  void apply(const Trade& trade, const market::Market& market);
  void apply(const DepthRow& row, const market::Market& market);
  void apply(const DepthLevel& level, const market::Market& market);
  void apply(const DepthReset& reset, const market::Market& market);
  void apply(const PhaseChange& change, const market::Market& market);
  void apply(const DataFarmChanged& change, const market::Market& market);

  // ---- reading ------------------------------------------------------------------------------------------------------------

  /// NaN until warm, where the input is missing (an empty book), and for instruments the feature was not declared on.
  [[nodiscard]] double value(Handle handle, InstrumentId instrument) const {
    const auto* const row = instrument.value < rows_.size() ? rows_[instrument.value] : nullptr;
    return row != nullptr ? row[handle.value] : not_a_number;
  }
  [[nodiscard]] const Spec& spec(Handle handle) const;
  [[nodiscard]] std::size_t size() const;  // number of handles
  /// How the value is computed here and now: "stoikov table" or "weighted mid", "aggressor flag" or "emo rule", with the lag of its quotes.
  [[nodiscard]] std::string_view source(Handle handle, InstrumentId instrument) const;
  /// Agreement of quote rule and tick rule by the age of the quotes, where the lag is calibrated; empty elsewhere.
  [[nodiscard]] std::span<const LagPoint> lag_curve(InstrumentId instrument) const;
  /// The last 1000 eligible trade prices (mids for FX); nullptr for instruments with nothing declared.
  [[nodiscard]] const PriceRing* prices(InstrumentId instrument) const;
  [[nodiscard]] std::size_t memory_bytes() const;

 private:
  struct Plan;
  friend class BatchPlan;  // batch.cpp: the same calculations over columns
  static constexpr double not_a_number = __builtin_nan("");
  std::vector<double*> rows_;  // one row of values per instrument, a column per handle
  std::unique_ptr<Plan> plan_;
};

}  // namespace robo::features
