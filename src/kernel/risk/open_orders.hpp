#pragma once
// What our working orders may still do, per instrument and in all: the gate counts them as if they were filled.

#include <cstdint>
#include <vector>

#include "model/order.hpp"

namespace robo::risk {

/// One working order as the gate sees it. Taken back exactly as it was put in.
struct Claim {
  InstrumentId instrument{};
  Side side{};
  OrderPurpose purpose{};
  Quantity remaining{};
  Money notional{};   // of what remains, base currency
  bool unknown{};     // nobody has told us its fate
  bool active{};      // put in
};

struct Working {
  Quantity entry_buy{}, entry_sell{};  // remaining of entries
  Quantity exit_buy{}, exit_sell{};    // remaining of exits and flattens; protective orders are not counted, they exclude each other
  std::int32_t count{};
  std::int32_t unknown_buy{}, unknown_sell{};
};

class OpenOrders {
 public:
  explicit OpenOrders(std::size_t instruments_max) : working_(instruments_max) {}

  void add(Claim& claim) { apply(claim, 1), claim.active = true; }
  void remove(Claim& claim) {
    if (claim.active) apply(claim, -1), claim.active = false;
  }
  [[nodiscard]] const Working& of(InstrumentId instrument) const { return working_[instrument.value]; }
  [[nodiscard]] std::int32_t count() const { return count_; }
  /// Notional of working entries by side, base currency.
  [[nodiscard]] Money entries_buy() const { return entries_buy_; }
  [[nodiscard]] Money entries_sell() const { return entries_sell_; }

 private:
  void apply(const Claim& claim, std::int32_t factor) {
    auto& w = working_[claim.instrument.value];
    const auto quantity = claim.remaining * factor;
    const bool buy = claim.side == Side::Buy;
    if (claim.purpose == OrderPurpose::Entry) {
      (buy ? w.entry_buy : w.entry_sell) += quantity;
      (buy ? entries_buy_ : entries_sell_) += claim.notional * factor;
    } else if (claim.purpose == OrderPurpose::Exit || claim.purpose == OrderPurpose::Flatten) {
      (buy ? w.exit_buy : w.exit_sell) += quantity;
    }
    if (claim.unknown) (buy ? w.unknown_buy : w.unknown_sell) += factor;
    w.count += factor;
    count_ += factor;
  }
  std::vector<Working> working_;
  std::int32_t count_ = 0;
  Money entries_buy_{}, entries_sell_{};
};

}  // namespace robo::risk
