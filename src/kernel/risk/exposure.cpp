#include "kernel/risk/exposure.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "base/invariant.hpp"
#include "kernel/risk/filtered_history.hpp"

namespace robo::risk {

namespace {

constexpr double nan = __builtin_nan("");
constexpr Duration pause_min = hours(1);  // more than that without a bar lies between sessions

bool finite(double x) { return x - x == 0; }
bool same(double a, double b) { return a == b || (a != a && b != b); }

// Of a Student t with 5 degrees of freedom and variance 1: the 5 % and 1 % quantiles, and the mean beyond the 2.5 % one.
constexpr double t5_scale = 0.77459666924148337704;  // sqrt(3/5)
constexpr double t5_95 = 2.01504837333302 * t5_scale, t5_99 = 3.36492999890722 * t5_scale, t5_shortfall_975 = 3.52157733142 * t5_scale;

struct Slice {
  FixedText<32> name{};
  Exposure now{};
  Exposure told{};
  double share = nan, share_told = nan;
};

}  // namespace

struct Exposures::Plan {
  explicit Plan(std::size_t instruments_max)
      : sector_of(instruments_max), symbols(instruments_max), instruments(instruments_max) {
    sectors.reserve(sectors_max);
    sectors.push_back({.name = unclassified});
  }
  std::vector<std::uint8_t> sector_of;
  std::vector<FixedText<24>> symbols;
  std::vector<Slice> sectors, instruments;
  std::vector<Slice> currencies;
  Slice account{};

  // ---- the matrix and its rows
  std::optional<CorrelationMatrix> matrix;
  std::optional<FilteredHistory> tail;
  market::BarRule rule{};
  Duration timeframe{};
  std::size_t declared = 0;
  std::optional<std::size_t> benchmark;
  std::vector<double> last, returns, loads, book;  // per instrument; per row
  std::vector<Timestamp> last_end;
  std::vector<float> past;                         // instrument by instrument, `history` places each
  std::size_t rows = 0, next_row = 0;
  Timestamp start{INT64_MIN};
  std::size_t spoken = 0;
  RiskMarked risk{.volatility = nan, .value_at_risk_95 = nan, .value_at_risk_99 = nan, .expected_shortfall_975 = nan, .beta = nan,
                  .correlation_average = nan, .effective_bets = nan, .shrinkage = nan};
};

Exposures::Exposures(const ExposureSettings& settings, std::size_t instruments_max)
    : settings_(settings), plan_(std::make_unique<Plan>(instruments_max)) {
  INVARIANT(settings.hours_per_day > 0 && settings.history >= 0);
  plan_->currencies.resize(portfolio::Portfolio::currencies_max);
}
Exposures::~Exposures() = default;

void Exposures::define(const Instrument& instrument) {
  auto& plan = *plan_;
  INVARIANT(instrument.id.value < plan.sector_of.size());
  auto& symbol = plan.symbols[instrument.id.value];
  // The settings speak before the broker describes the contract: the first sector that is known stands.
  if (symbol == instrument.symbol && plan.sector_of[instrument.id.value] != 0) return;
  symbol = instrument.symbol;
  const auto name = instrument.sector.empty() ? unclassified : instrument.sector.view();
  auto found = std::find_if(plan.sectors.begin(), plan.sectors.end(), [&](const Slice& sector) { return sector.name.view() == name; });
  if (found == plan.sectors.end()) {
    if (plan.sectors.size() < sectors_max) plan.sectors.push_back({.name = name});
    found = plan.sectors.end() - 1;
  }
  plan.sector_of[instrument.id.value] = static_cast<std::uint8_t>(found - plan.sectors.begin());
}

void Exposures::declare(std::span<const Instrument> instruments, Duration timeframe, market::Market& market) {
  auto& plan = *plan_;
  if (!settings_.on || instruments.empty() || plan.matrix) return;
  plan.timeframe = settings_.timeframe.ns > 0 ? settings_.timeframe : timeframe;
  plan.rule = market::BarRule::time(plan.timeframe);
  plan.declared = instruments.size();
  plan.matrix.emplace(settings_.correlation, plan.declared);
  plan.last.assign(plan.declared, nan);
  plan.returns.assign(plan.declared, nan);
  plan.loads.assign(plan.declared, 0);
  plan.last_end.resize(plan.declared);
  const auto history = static_cast<std::size_t>(settings_.history);
  if (history >= FilteredHistory::returns_min) {
    plan.tail.emplace(history);
    plan.past.assign(plan.declared * history, static_cast<float>(nan));
    plan.book.assign(history, 0);
  }
  for (const auto& instrument : instruments) {
    market.want_bars(plan.timeframe, instrument.id);
    if (!settings_.benchmark.empty() && instrument.symbol.view() == settings_.benchmark.view()) plan.benchmark = instrument.id.value;
  }
}

void Exposures::close_bars(const market::Market& market, const portfolio::Portfolio& portfolio, Facts& facts) {
  auto& plan = *plan_;
  if (!plan.matrix) return;
  for (const auto& closed : market.closed_bars()) {
    const auto& bar = closed.bar;
    const std::size_t i = bar.instrument.value;
    if (closed.rule != plan.rule || i >= plan.declared) continue;
    if (bar.start > plan.start) {
      row(portfolio, facts);  // stragglers of the bar before will not come any more
      plan.start = bar.start;
    }
    const double close = bar.close.to_double(), before = plan.last[i];
    // A price at or below zero has no return, before and after; a night is not a bar.
    const bool pause = plan.timeframe < hours(20) && bar.start - plan.last_end[i] > std::max(pause_min, plan.timeframe);
    plan.last[i] = close > 0 ? close : nan;
    plan.last_end[i] = bar.start + bar.period;
    if (bar.start < plan.start) continue;
    plan.returns[i] = pause || !(close > 0) ? nan : close / before - 1;
    ++plan.spoken;
  }
  if (plan.spoken >= plan.declared) row(portfolio, facts);
}

void Exposures::row(const portfolio::Portfolio& portfolio, Facts& facts) {
  auto& plan = *plan_;
  if (plan.spoken == 0) return;
  plan.spoken = 0;
  plan.matrix->update(plan.returns);
  if (plan.tail) {
    const auto history = static_cast<std::size_t>(settings_.history);
    for (std::size_t i = 0; i < plan.declared; ++i) plan.past[i * history + plan.next_row] = static_cast<float>(plan.returns[i]);
    plan.next_row = plan.next_row + 1 == history ? 0 : plan.next_row + 1;
    plan.rows = std::min(plan.rows + 1, history);
  }
  std::fill(plan.returns.begin(), plan.returns.end(), nan);
  measure(portfolio);
  facts.add(plan.risk);
}

double Exposures::beta(InstrumentId instrument) const {
  const auto& plan = *plan_;
  if (!plan.matrix || !plan.benchmark || instrument.value >= plan.declared) return nan;
  return instrument.value == *plan.benchmark ? 1 : plan.matrix->beta(instrument.value, *plan.benchmark);
}

void Exposures::measure(const portfolio::Portfolio& portfolio) {
  auto& plan = *plan_;
  const auto& matrix = *plan.matrix;
  const double equity = portfolio.equity().to_double();
  const double bars_per_day = plan.timeframe >= hours(20) ? 1 : settings_.hours_per_day * 3'600 / plan.timeframe.seconds();
  const double day = std::sqrt(bars_per_day);
  RiskMarked risk{.bars = matrix.bars(), .volatility = nan, .value_at_risk_95 = nan, .value_at_risk_99 = nan, .expected_shortfall_975 = nan,
                  .beta = nan, .correlation_average = matrix.average(), .effective_bets = nan, .shrinkage = matrix.shrinkage()};
  // Weights of equity, and with the volatilities on them.
  bool measurable = equity > 0;
  double beta = 0;
  for (const auto& position : portfolio.positions()) {
    const std::size_t i = position.instrument.value;
    if (i < plan.declared) plan.loads[i] = 0;
    if (position.quantity.is_zero()) continue;
    ++risk.positions;
    const double weight = portfolio.to_base(position.instrument, position.value).to_double() / equity;
    if (i >= plan.declared || !position.marked) measurable = false;
    else plan.loads[i] = weight;
    beta += weight * this->beta(position.instrument);
  }
  if (risk.positions == 0) {  // nothing held, nothing at risk: that is known
    risk.volatility = risk.value_at_risk_95 = risk.value_at_risk_99 = risk.expected_shortfall_975 = risk.beta = risk.effective_bets = 0;
    plan.risk = risk;
    return;
  }
  risk.beta = equity > 0 ? beta : nan;
  if (measurable) {
    double variance = 0, own = 0, squares = 0;
    for (std::size_t i = 0; i < plan.declared; ++i) {
      if (plan.loads[i] == 0) continue;
      const double x = plan.loads[i] * matrix.volatility(i);
      variance += x * x;
      own += x * x;
      squares += x * x * x * x;
      for (std::size_t j = 0; j < i; ++j) {
        if (plan.loads[j] == 0) continue;
        const double cross = x * plan.loads[j] * matrix.volatility(j) * matrix.correlation(i, j);
        variance += 2 * cross;
        squares += 2 * cross * cross;
      }
    }
    risk.volatility = finite(variance) ? std::sqrt(std::max(0.0, variance)) * day : nan;
    risk.effective_bets = squares > 0 ? own * own / squares : nan;
    risk.value_at_risk_95 = risk.volatility * t5_95;
    risk.value_at_risk_99 = risk.volatility * t5_99;
    risk.expected_shortfall_975 = risk.volatility * t5_shortfall_975;
  }
  if (measurable && plan.tail) {
    // What this book would have made in each bar of the past; bars in which a part of it is missing say nothing.
    const auto history = static_cast<std::size_t>(settings_.history);
    const auto book = std::span(plan.book).first(plan.rows);
    std::fill(book.begin(), book.end(), 0.0);
    for (std::size_t i = 0; i < plan.declared; ++i) {
      if (plan.loads[i] == 0) continue;
      const float* const past = plan.past.data() + i * history;
      const std::size_t oldest = plan.rows < history ? 0 : plan.next_row;
      for (std::size_t t = 0; t < plan.rows; ++t) book[t] += plan.loads[i] * static_cast<double>(past[oldest + t < history ? oldest + t : oldest + t - history]);
    }
    const auto whole = static_cast<std::size_t>(std::remove_if(book.begin(), book.end(), [](double r) { return r != r; }) - book.begin());
    if (const auto tail = plan.tail->measure(book.first(whole)); finite(tail.value_at_risk_99)) {
      risk.method = RiskMethod::FilteredHistory;
      risk.value_at_risk_95 = tail.value_at_risk_95 * day;
      risk.value_at_risk_99 = tail.value_at_risk_99 * day;
      risk.expected_shortfall_975 = tail.expected_shortfall_975 * day;
    }
  }
  plan.risk = risk;
}

void Exposures::mark(const portfolio::Portfolio& portfolio, Facts& facts) {
  auto& plan = *plan_;
  if (!settings_.on) return;
  const double equity = portfolio.equity().to_double();
  const auto share = [&](Money gross) { return equity > 0 ? gross.to_double() / equity : nan; };
  const auto tell = [&](Slice& slice, ExposureKind kind, InstrumentId instrument) {
    // To a cent: what lies below it is no news.
    const auto cents = [](Money money) { return money.raw / (Money::scale / 100); };
    if (cents(slice.now.gross) == cents(slice.told.gross) && cents(slice.now.net) == cents(slice.told.net) &&
        (slice.now.gross.is_zero() || (same(slice.now.beta_exposure, slice.told.beta_exposure) && finite(slice.share) == finite(slice.share_told))))
      return;
    slice.told = slice.now;
    slice.share_told = slice.share;
    facts.add(ExposureMarked{.kind = kind, .instrument = instrument, .name = slice.name, .gross = slice.now.gross, .net = slice.now.net,
                             .share = slice.share, .beta_exposure = slice.now.beta_exposure});
  };
  plan.account.now = {};
  for (auto& sector : plan.sectors) sector.now = {};
  for (const auto& position : portfolio.positions()) {
    auto& slice = plan.instruments[position.instrument.value];
    const bool held = !position.quantity.is_zero();
    if (!held && slice.now.gross.is_zero() && slice.told.gross.is_zero()) continue;
    slice.now = {};
    if (held) {
      slice.now.net = portfolio.to_base(position.instrument, position.marked ? position.value : position.cost);
      slice.now.gross = slice.now.net.abs();
      slice.now.beta_exposure = slice.now.net.to_double() * beta(position.instrument);
    }
    slice.share = share(slice.now.gross);
    const auto add = [&](Exposure& to) {
      to.gross += slice.now.gross;
      to.net += slice.now.net;
      to.beta_exposure += slice.now.beta_exposure;
    };
    add(plan.account.now);
    add(plan.sectors[plan.sector_of[position.instrument.value]].now);
    tell(slice, ExposureKind::Instrument, position.instrument);
  }
  plan.account.share = share(plan.account.now.gross);
  tell(plan.account, ExposureKind::Account, {});
  for (auto& sector : plan.sectors) {
    sector.share = share(sector.now.gross);
    tell(sector, ExposureKind::Sector, {});
  }
  for (std::size_t i = 0; i < portfolio.currencies(); ++i) {
    const auto part = portfolio.currency(i);
    auto& slice = plan.currencies[i];
    slice.name = part.currency.view();
    slice.now = {.gross = part.gross, .net = part.net, .beta_exposure = nan};
    slice.share = part.converted ? share(part.net.abs()) : nan;
    tell(slice, ExposureKind::Currency, {});
  }
}

const CorrelationMatrix* Exposures::matrix() const { return plan_->matrix ? &*plan_->matrix : nullptr; }
const RiskMarked& Exposures::risk() const { return plan_->risk; }
Exposure Exposures::account() const { return plan_->account.now; }
Exposure Exposures::instrument(InstrumentId instrument) const { return plan_->instruments[instrument.value].now; }
Exposure Exposures::sector(std::string_view name) const {
  for (const auto& sector : plan_->sectors)
    if (sector.name.view() == name) return sector.now;
  return {};
}

}  // namespace robo::risk
