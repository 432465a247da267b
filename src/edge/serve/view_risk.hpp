#pragma once
// What the book is exposed to and what the market's mood is, as REST shows them. A figure that is not known is null, never zero.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/decimal.hpp"
#include "base/fields.hpp"
#include "base/time.hpp"
#include "edge/serve/view_enums.hpp"

namespace robo::serve::view {

/// A slice of the book: all of it, an instrument, a sector or a currency. Account currency.
struct Exposure {
  ExposureKind kind{};
  std::string name{};                       // symbol, sector, currency; "account"
  std::optional<std::uint32_t> instrument{};
  Money gross{};
  Money net{};
  std::optional<double> percent{};          // gross of equity
  std::optional<Money> beta_exposure{};     // net times beta to the benchmark
  std::optional<double> beta{};             // of the slice
  std::optional<Timestamp> at{};
  using fields = Fields<&Exposure::kind, &Exposure::name, &Exposure::instrument, &Exposure::gross, &Exposure::net, &Exposure::percent,
                        &Exposure::beta_exposure, &Exposure::beta, &Exposure::at>;
};
static_assert(Complete<Exposure>);

/// Risk of the book for one day, in percent of equity.
struct BookRisk {
  std::string method{};                     // student_t, filtered_history; empty: nothing was measured yet
  std::uint32_t positions{};
  std::uint32_t bars{};
  std::optional<double> volatility_percent{};
  std::optional<double> value_at_risk_95_percent{};
  std::optional<double> value_at_risk_99_percent{};
  std::optional<double> expected_shortfall_percent{};  // beyond the 97.5 % quantile
  std::optional<double> beta{};
  std::optional<double> correlation_average{};
  std::optional<double> effective_bets{};
  std::optional<double> shrinkage{};
  std::optional<Timestamp> at{};
  using fields = Fields<&BookRisk::method, &BookRisk::positions, &BookRisk::bars, &BookRisk::volatility_percent, &BookRisk::value_at_risk_95_percent,
                        &BookRisk::value_at_risk_99_percent, &BookRisk::expected_shortfall_percent, &BookRisk::beta, &BookRisk::correlation_average,
                        &BookRisk::effective_bets, &BookRisk::shrinkage, &BookRisk::at>;
};
static_assert(Complete<BookRisk>);

/// One member of the rotation set.
struct Leadership {
  std::uint32_t instrument{};
  std::string symbol{};
  std::optional<std::uint32_t> rank{};      // 1: the leader
  Quadrant quadrant{};
  std::optional<double> strength{};         // standard deviations against the set's mean
  std::optional<double> momentum{};
  std::optional<Timestamp> at{};
  using fields = Fields<&Leadership::instrument, &Leadership::symbol, &Leadership::rank, &Leadership::quadrant, &Leadership::strength,
                        &Leadership::momentum, &Leadership::at>;
};
static_assert(Complete<Leadership>);

struct Appetite {
  AppetiteKind held{};
  std::optional<double> score{};            // -1 risk off .. 1 risk on
  std::uint32_t pairs{};
  std::uint32_t pairs_known{};
  std::optional<double> hedge_correlation{};
  std::optional<double> breadth{};
  std::optional<double> dispersion{};
  std::optional<double> turnover{};
  std::string leader{};                     // symbol; empty: not known
  std::optional<Timestamp> at{};
  using fields = Fields<&Appetite::held, &Appetite::score, &Appetite::pairs, &Appetite::pairs_known, &Appetite::hedge_correlation,
                        &Appetite::breadth, &Appetite::dispersion, &Appetite::turnover, &Appetite::leader, &Appetite::at>;
};
static_assert(Complete<Appetite>);

/// Members by rank, those whose rank is not known last, and the risk appetite.
struct Rotation {
  Appetite appetite{};
  std::vector<Leadership> members{};
  using fields = Fields<&Rotation::appetite, &Rotation::members>;
};
static_assert(Complete<Rotation>);

}  // namespace robo::serve::view
