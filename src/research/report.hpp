#pragma once
// What a back-test came to, with everything that speaks against believing it. One struct for text, JSON and page.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "research/collector.hpp"
#include "research/ledger.hpp"

namespace robo::research {

enum class Verdict : std::uint8_t { Met, NotMet, NotEnoughData };

struct ReportTarget {
  std::string name{};          // "Sharpe"
  std::string result{};        // "0.89"
  std::string detail{};        // "0.50 to 1.27 at 95 %"
  std::string target{};        // "> 2.0"
  Verdict status{};
  using fields = Fields<&ReportTarget::name, &ReportTarget::result, &ReportTarget::detail, &ReportTarget::target, &ReportTarget::status>;
};

struct ReportSeries {          // one line of the table against baselines
  std::string name{};
  double total{}, growth{}, volatility{}, sharpe{}, sortino{}, calmar{}, drawdown{}, worst{}, best{}, winning{};
  double var95{}, es95{}, skew{}, kurtosis{}, ulcer{};
  using fields = Fields<&ReportSeries::name, &ReportSeries::total, &ReportSeries::growth, &ReportSeries::volatility, &ReportSeries::sharpe,
                        &ReportSeries::sortino, &ReportSeries::calmar, &ReportSeries::drawdown, &ReportSeries::worst, &ReportSeries::best,
                        &ReportSeries::winning, &ReportSeries::var95, &ReportSeries::es95, &ReportSeries::skew, &ReportSeries::kurtosis,
                        &ReportSeries::ulcer>;
};

struct ReportEvidence {
  double sharpe{}, sharpe_low{}, sharpe_high{};          // annual, block bootstrap
  double sharpe_lo_low{}, sharpe_lo_high{};              // Lo's standard error, independent returns
  double sharpe_autocorrelation{};                       // Lo's correction applied
  double drawdown_low{}, drawdown_high{};
  double reach_sharpe{}, reach_drawdown{};               // share of resampled histories that meet the target
  std::uint64_t histories{};
  double probabilistic{};                                // P(true Sharpe > 0)
  double deflated{};                                     // against the best of as many worthless trials
  double best_by_luck{};                                 // annual Sharpe the best worthless trial would show
  std::uint64_t trials{}, trial{};
  double trials_effective{};
  std::optional<double> periods_needed{};                // minimum track record above 0 at 95 %; none: Sharpe is not above 0
  std::optional<double> years_needed{};
  std::optional<double> overfitting{};                   // probability, over the configurations tried on this data
  std::uint64_t overfitting_splits{};
  using fields =
      Fields<&ReportEvidence::sharpe, &ReportEvidence::sharpe_low, &ReportEvidence::sharpe_high, &ReportEvidence::sharpe_lo_low,
             &ReportEvidence::sharpe_lo_high, &ReportEvidence::sharpe_autocorrelation, &ReportEvidence::drawdown_low,
             &ReportEvidence::drawdown_high, &ReportEvidence::reach_sharpe, &ReportEvidence::reach_drawdown, &ReportEvidence::histories,
             &ReportEvidence::probabilistic, &ReportEvidence::deflated, &ReportEvidence::best_by_luck, &ReportEvidence::trials,
             &ReportEvidence::trial, &ReportEvidence::trials_effective, &ReportEvidence::periods_needed, &ReportEvidence::years_needed,
             &ReportEvidence::overfitting, &ReportEvidence::overfitting_splits>;
};

struct ReportCosts {
  double commissions{};
  double traded{};             // notional, all sides
  double commission_bp{};      // of traded
  double slippage{};           // fills against the mid when it was decided; > 0 is a cost
  double slippage_bp{};
  double gross_profit{}, net_profit{};   // before and after commissions
  double turnover_year{};      // traded / mean equity a year
  double exposure{};           // mean gross exposure / equity
  double in_market{};          // share of samples with a position
  using fields = Fields<&ReportCosts::commissions, &ReportCosts::traded, &ReportCosts::commission_bp, &ReportCosts::slippage,
                        &ReportCosts::slippage_bp, &ReportCosts::gross_profit, &ReportCosts::net_profit, &ReportCosts::turnover_year,
                        &ReportCosts::exposure, &ReportCosts::in_market>;
};

struct ReportTrades {
  std::uint64_t orders{}, modifications{}, cancellations{}, rejections{}, fills{};
  std::uint64_t round_trips{};                 // from flat to flat (or through it), net of nothing but price
  double hit_rate{};
  double profit_factor{};                      // gains / losses; 0 when nothing was lost or nothing traded
  double average_win{}, average_loss{}, best{}, worst{};
  double hold_s{};                             // mean
  using fields = Fields<&ReportTrades::orders, &ReportTrades::modifications, &ReportTrades::cancellations, &ReportTrades::rejections,
                        &ReportTrades::fills, &ReportTrades::round_trips, &ReportTrades::hit_rate, &ReportTrades::profit_factor,
                        &ReportTrades::average_win, &ReportTrades::average_loss, &ReportTrades::best, &ReportTrades::worst,
                        &ReportTrades::hold_s>;
};

struct ReportStep {            // one step of a ladder
  double at{};                 // bp, or bars
  double sharpe{}, total{};
  using fields = Fields<&ReportStep::at, &ReportStep::sharpe, &ReportStep::total>;
};

/// Every fill moved at random within the spread it was made in: what is left of the result was not luck of the tick.
struct ReportNoise {
  std::uint64_t draws{};       // 0: no fill had a quote beside it
  double sharpe_low{}, sharpe_high{};   // 5 % and 95 % of the draws
  double total_low{}, total_high{};
  double losing{};             // share of the draws that end below their start
  using fields = Fields<&ReportNoise::draws, &ReportNoise::sharpe_low, &ReportNoise::sharpe_high, &ReportNoise::total_low,
                        &ReportNoise::total_high, &ReportNoise::losing>;
};

struct ReportCell {
  double x{}, y{};
  double sharpe{}, total{};    // means where more than two parameters were varied
  bool chosen{};               // the settings this report is about
  using fields = Fields<&ReportCell::x, &ReportCell::y, &ReportCell::sharpe, &ReportCell::total, &ReportCell::chosen>;
};
/// The parameters that were varied: a plateau is worth more than a peak.
struct ReportGrid {
  std::string x{}, y{};        // "momentum.lookback"; y empty: one parameter only
  std::vector<std::string> others{};  // varied, too: each cell is the mean over them
  std::vector<ReportCell> cells{};    // row by row, both axes rising; empty: nothing was varied
  using fields = Fields<&ReportGrid::x, &ReportGrid::y, &ReportGrid::others, &ReportGrid::cells>;
};

struct ReportDay {
  std::string date{};
  double profit{}, share{};    // share: of equity at its start
  double drawdown{};           // deepest within the day, from the day's running peak
  double commissions{};
  std::uint64_t fills{};
  using fields = Fields<&ReportDay::date, &ReportDay::profit, &ReportDay::share, &ReportDay::drawdown, &ReportDay::commissions, &ReportDay::fills>;
};

struct ReportMonth {
  int year{}, month{};         // month 0: the whole year
  double share{};
  using fields = Fields<&ReportMonth::year, &ReportMonth::month, &ReportMonth::share>;
};

struct ReportStrategy {
  std::string name{};
  std::string state{};
  double profit{}, realized{}, unrealized{}, commissions{}, weight{};
  std::uint64_t signals{}, fills{};
  using fields = Fields<&ReportStrategy::name, &ReportStrategy::state, &ReportStrategy::profit, &ReportStrategy::realized,
                        &ReportStrategy::unrealized, &ReportStrategy::commissions, &ReportStrategy::weight, &ReportStrategy::signals,
                        &ReportStrategy::fills>;
};

struct ReportDenial {
  std::string reason{};
  std::uint64_t count{};
  using fields = Fields<&ReportDenial::reason, &ReportDenial::count>;
};

struct ReportFill {
  std::string at{}, symbol{}, side{}, purpose{}, strategy{};
  double quantity{}, price{}, slippage_bp{}, realized{};
  using fields = Fields<&ReportFill::at, &ReportFill::symbol, &ReportFill::side, &ReportFill::purpose, &ReportFill::strategy,
                        &ReportFill::quantity, &ReportFill::price, &ReportFill::slippage_bp, &ReportFill::realized>;
};

struct ReportCurve {
  std::string name{};
  std::vector<double> growth{};
  using fields = Fields<&ReportCurve::name, &ReportCurve::growth>;
};

struct ReportCurves {          // thinned to at most 2,000 points, the last one included
  std::vector<double> times{}; // seconds since 1970 UTC
  std::vector<double> growth{}, drawdown{};
  std::vector<ReportCurve> baselines{};
  std::vector<double> band_times{}, p05{}, p25{}, p75{}, p95{};
  using fields = Fields<&ReportCurves::times, &ReportCurves::growth, &ReportCurves::drawdown, &ReportCurves::baselines,
                        &ReportCurves::band_times, &ReportCurves::p05, &ReportCurves::p25, &ReportCurves::p75, &ReportCurves::p95>;
};

struct Report {
  std::string title{};
  Verdict verdict{};
  std::string verdict_line{};  // "NOT ENOUGH DATA: ..."
  std::string sentence{};      // for a reader in a hurry
  std::string from{}, to{};
  std::uint64_t days{};        // trade dates
  double years{};
  std::string period{};        // "day" or "60 s": what a return is
  std::uint64_t n{};           // returns
  double periods_per_year{};
  std::vector<std::string> symbols{};
  std::string data_note{};     // where the prices come from
  std::string config{}, data{}, commands{};
  std::uint64_t events{};
  double start_equity{}, end_equity{};
  std::vector<ReportTarget> targets{};
  std::vector<ReportSeries> series{};          // the first is the run itself, then baselines
  ReportEvidence evidence{};
  ReportCosts costs{};
  ReportTrades trades{};
  std::vector<ReportStep> cost_ladder{};       // commission replaced by so many bp a side
  std::vector<ReportStep> lag_test{};          // the same positions, taken so many samples later, before costs
  ReportNoise noise{};
  ReportGrid grid{};                           // set by who varied something
  std::vector<ReportDay> daily{};              // worst first, at most 260
  std::vector<ReportMonth> months{};
  std::vector<ReportStrategy> strategies{};
  std::vector<ReportDenial> denials{};
  std::vector<ReportFill> fills{};             // the last 500
  std::uint64_t fills_total{};
  std::vector<double> trial_sharpes{};         // annual, of every configuration tried on this data
  ReportCurves curves{};
  std::vector<std::string> caveats{};
  using fields =
      Fields<&Report::title, &Report::verdict, &Report::verdict_line, &Report::sentence, &Report::from, &Report::to, &Report::days,
             &Report::years, &Report::period, &Report::n, &Report::periods_per_year, &Report::symbols, &Report::data_note, &Report::config,
             &Report::data, &Report::commands, &Report::events, &Report::start_equity, &Report::end_equity, &Report::targets,
             &Report::series, &Report::evidence, &Report::costs, &Report::trades, &Report::cost_ladder, &Report::lag_test, &Report::noise, &Report::grid, &Report::daily,
             &Report::months, &Report::strategies, &Report::denials, &Report::fills, &Report::fills_total, &Report::trial_sharpes,
             &Report::curves, &Report::caveats>;
};

struct ReportSettings {
  std::string title{};
  std::string config{}, data{};        // digests
  std::string data_note{};
  double sharpe_target = 2.0;
  double drawdown_target = 0.10;
  double winning_target = 0.55;
  double cost_bp = 0;                  // of baselines; 0: the run's own commission per traded value
  std::uint64_t histories = 1000;
  std::uint64_t noise_draws = 200;
  std::uint64_t seed = 20260101;
};

/// The returns a report is made of: by trade date when there are at least 60 of them, else by sample.
struct Sampled {
  std::vector<std::size_t> at{};       // indices into record.times, the start first
  std::vector<double> returns{};       // net, of equity
  bool daily{};
  double periods_per_year{};
};
[[nodiscard]] Sampled sampled(const Record& record);

/// A position from flat to flat, or until it turned round.
struct RoundTrip {
  InstrumentId instrument{};
  Side side{};                         // buy: it was long
  Timestamp from{}, to{};
  double quantity{};                   // everything bought on the way when it was long, sold when short
  double entry{}, exit{};              // average prices
  double realized{};                   // before commissions
  std::uint32_t fills{};
};
/// In the order they ended.
[[nodiscard]] std::vector<RoundTrip> round_trips(const Record& record);

/// The ledger's line for this run. `at`: wall clock, UTC.
[[nodiscard]] Trial trial_of(const Record& record, const ReportSettings& settings, std::string_view at);

/// `ledger` should hold this run's trial already. Deterministic for equal input.
[[nodiscard]] Report report(const Record& record, const ReportSettings& settings, const LedgerContents& ledger);

/// As on the terminal, with colours when `colour`.
[[nodiscard]] std::string to_text(const Report& report, bool colour);
[[nodiscard]] std::string to_json(const Report& report);
/// One file, no request to anywhere: data, charts and styles inside.
[[nodiscard]] std::string to_html(const Report& report);
/// report.txt, report.json and report.html in `folder`, each whole or not at all. Errors: a file cannot be written.
[[nodiscard]] Result<bool, Problem> write_report(const Report& report, const std::filesystem::path& folder);

}  // namespace robo::research

template <>
struct robo::EnumNames<robo::research::Verdict> {
  static constexpr std::array<std::string_view, 3> names{"MET", "NOT MET", "NOT ENOUGH DATA"};
};
