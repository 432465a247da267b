#pragma once
// What the portfolio writes down: fills, shares of strategies, instruments and purses.

#include "kernel/portfolio/portfolio.hpp"

namespace robo::portfolio {

inline constexpr std::uint32_t none = UINT32_MAX;

/// One execution as counted.
struct Portfolio::Fill {
  ExecutionId id{};  // without its revision
  std::uint32_t revision{};
  std::uint32_t commission_revision{};
  OrderKey key{};
  InstrumentId instrument{};
  Quantity change{};  // signed
  Price price{};
  Money commission{};           // in commission_currency
  Money commission_own{};       // in the instrument's currency, at the rate of the moment it was booked
  std::uint8_t commission_purse{UINT8_MAX};
  std::uint8_t contribution_count{};
  bool folded{};                // its position was taken over from the broker, or it is too old to be undone in place
  bool opening{};               // not counted at all: inside the first positions the broker reported
  std::array<Contribution, 8> contributions{};
  std::uint32_t next{none};     // of the same instrument, in order of booking
};

struct Portfolio::Share {
  StrategyId strategy{unattributed};
  Holding holding{};
  Money commissions{};
};

struct Portfolio::Terms {
  bool defined{};
  std::uint8_t purse{}, base_purse{UINT8_MAX};
  Holding holding{};
  std::uint8_t share_count{};
  std::array<Share, shares_per_instrument> shares{};
  // State before the first fill of the chain: a correction starts again from here.
  Holding opening{};
  std::uint8_t opening_share_count{};
  std::array<Share, shares_per_instrument> opening_shares{};
  std::uint32_t first{none}, last{none};
  Quantity theirs{};
  Money their_average{};
  bool heard{};             // since the broker began to speak of positions
  bool heard_now{};         // in this reconciliation
  bool live_fill_now{};     // a live fill came in this reconciliation
};

struct Portfolio::Purse {
  CurrencyCode currency{};
  Price rate{};             // one unit in base currency; 0: not known
  Money cash{}, realized{}, unrealized{}, commissions{}, worth{}, gross{}, net{};
  Money theirs{};           // the broker's word on our cash
  bool told{};              // it is newer than our last fill
};

}  // namespace robo::portfolio
