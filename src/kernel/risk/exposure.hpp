#pragma once
// What the account is exposed to, and what that may cost in a day: by instrument, sector and currency, beta to a benchmark, the
// correlation matrix of all instruments and the risk of the book made of it. Told as facts; no order waits for it.

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/fields.hpp"
#include "base/fixed_vector.hpp"
#include "base/time.hpp"
#include "kernel/market/market.hpp"
#include "kernel/portfolio/portfolio.hpp"
#include "kernel/risk/correlation.hpp"
#include "model/fact.hpp"

namespace robo::risk {

struct ExposureSettings {
  bool on = true;
  Duration timeframe{};              // bars the matrix learns from; 0: those of [ensemble] volatility_timeframe_s
  double hours_per_day = 6.5;        // of trading: a day has that many bars shorter than a day
  FixedText<24> benchmark{};         // symbol that beta is measured against; empty: beta is not known
  std::int64_t history = 1'000;      // bars kept for filtered history
  CorrelationSettings correlation{};
  using fields = Fields<&ExposureSettings::on, &ExposureSettings::timeframe, &ExposureSettings::hours_per_day, &ExposureSettings::benchmark,
                        &ExposureSettings::history, &ExposureSettings::correlation>;
  static constexpr bool defaults = true;
  static constexpr auto ranges = std::to_array<Range>({{"timeframe", 0, 1e7}, {"hours_per_day", 0.01, 24}, {"history", 0, 100'000}});
};
static_assert(Complete<ExposureSettings>);

/// Of a slice of the book, in base currency.
struct Exposure {
  Money gross{}, net{};
  double beta_exposure{};  // NaN: the beta of something in it is not known
};

/// Thread: hot. Allocates in declare() only.
class Exposures {
 public:
  Exposures(const ExposureSettings& settings, std::size_t instruments_max);
  ~Exposures();
  Exposures(const Exposures&) = delete;
  Exposures& operator=(const Exposures&) = delete;

  /// Once, before the first event of the market: the matrix is of these. Asks `market` for their bars.
  void declare(std::span<const Instrument> instruments, Duration timeframe, market::Market& market);
  /// Sector and symbol of an instrument; those that are not declared have exposure and no part in the matrix.
  void define(const Instrument& instrument);

  /// After market.apply() of any event. Tells RiskMarked when a bar of all instruments is whole.
  void close_bars(const market::Market& market, const portfolio::Portfolio& portfolio, Facts& facts);
  /// Tells the exposures that changed since they were told last.
  void mark(const portfolio::Portfolio& portfolio, Facts& facts);

  [[nodiscard]] const ExposureSettings& settings() const { return settings_; }
  [[nodiscard]] const CorrelationMatrix* matrix() const;  // null before declare() or when off
  [[nodiscard]] const RiskMarked& risk() const;
  /// Of one instrument; NaN: not known.
  [[nodiscard]] double beta(InstrumentId instrument) const;
  /// As of the last mark().
  [[nodiscard]] Exposure account() const;
  [[nodiscard]] Exposure instrument(InstrumentId instrument) const;
  [[nodiscard]] Exposure sector(std::string_view name) const;

  static constexpr std::string_view unclassified = "unclassified";
  static constexpr std::size_t sectors_max = 64;  // more of them share the last

 private:
  struct Plan;
  void row(const portfolio::Portfolio& portfolio, Facts& facts);
  void measure(const portfolio::Portfolio& portfolio);
  ExposureSettings settings_;
  std::unique_ptr<Plan> plan_;
};

}  // namespace robo::risk
