#include "kernel/features/features.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/invariant.hpp"
#include "kernel/features/detail/plan.hpp"

namespace robo::features {

Features::Features(std::size_t max_instruments, Settings settings) : plan_(std::make_unique<Plan>()) {
  plan_->settings = std::move(settings);
  rows_.resize(max_instruments);
  plan_->rows.resize(max_instruments);
  plan_->tables.resize(max_instruments);
}
Features::~Features() = default;

Handle Features::declare(const Spec& wanted, std::span<const InstrumentId> instruments) {
  INVARIANT(!plan_->started);
  const auto spec = completed(wanted);
  if (!spec) throw std::invalid_argument(spec.error().text);
  const bool pair = describe(spec->kind).input == Input::Pair;
  auto& columns = plan_->columns;
  auto found = std::ranges::find(columns, *spec, &Plan::Column::spec);
  if (found == columns.end()) {
    INVARIANT(columns.size() < std::numeric_limits<std::uint16_t>::max() - 1);
    found = columns.insert(columns.end(), Plan::Column{.spec = *spec});
  }
  for (const auto id : instruments) {
    INVARIANT(id.value < rows_.size());
    if (pair && (id == spec->other || spec->other.value >= rows_.size()))
      throw std::invalid_argument("feature " + to_text(*spec) + ": the other leg must be another, known instrument");
    if (std::ranges::find(found->instruments, id) == found->instruments.end()) found->instruments.push_back(id);
  }
  return Handle{static_cast<std::uint16_t>(found - columns.begin())};
}

void Features::start(market::Market& market) {
  auto& plan = *plan_;
  INVARIANT(!plan.started);
  plan.started = true;
  const auto need_row = [&](InstrumentId id) {
    INVARIANT(market.known(id));
    if (plan.rows[id.value]) return;
    plan.rows[id.value] = std::make_unique<Row>();
    plan.rows[id.value]->id = id;
  };
  for (const auto& column : plan.columns) {
    for (const auto id : column.instruments) need_row(id);
    if (describe(column.spec.kind).input == Input::Pair) need_row(column.spec.other);
  }
  for (auto& row : plan.rows)
    if (row) plan.lay_out(*row, plan.columns.size(), market), rows_[row->id.value] = row->values;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    const auto& column = plan.columns[c];
    if (describe(column.spec.kind).input != Input::Pair) continue;
    for (const auto id : column.instruments) {
      plan.lay_out_pair(column.spec, c, id);
      market.want_bars(column.spec.timeframe, id);
      market.want_bars(column.spec.timeframe, column.spec.other);
    }
  }
}

void Features::set_microprice(InstrumentId instrument, const MicropriceTable& table) {
  INVARIANT(!plan_->started && instrument.value < plan_->tables.size());
  plan_->tables[instrument.value] = table;
}

const Spec& Features::spec(Handle handle) const { return plan_->columns[handle.value].spec; }
std::size_t Features::size() const { return plan_->columns.size(); }

std::string_view Features::source(Handle handle, InstrumentId instrument) const {
  const auto kind = spec(handle).kind;
  const auto* const row = plan_->find(instrument);
  if (row != nullptr && kind == Kind::Microprice)
    for (const auto& step : row->on_quote)
      if (step.op == Op::Microprice) return static_cast<const MicropriceState*>(step.state)->table ? "stoikov table" : "weighted mid";
  if (row == nullptr) return describe(kind).source;
  switch (kind) {
    case Kind::QuoteLag: return flow::source_of(*row);
    case Kind::SignedFlow: case Kind::Cvd: case Kind::TradeSide: case Kind::CvdDivergence: case Kind::EffectiveSpread: case Kind::RealizedSpread:
    case Kind::PriceImpact: case Kind::Markout: case Kind::KyleLambda: case Kind::VpinSigned: case Kind::WhaleFlow: case Kind::RunLength:
    case Kind::Metaorder: case Kind::SweepFlow: return row->flagged ? "aggressor flag" : flow::source_of(*row);
    default: return describe(kind).source;
  }
}

std::span<const LagPoint> Features::lag_curve(InstrumentId instrument) const {
  const auto* const row = plan_->find(instrument);
  return row != nullptr && row->judge.calibrator != nullptr ? row->judge.calibrator->curve() : std::span<const LagPoint>{};
}

const PriceRing* Features::prices(InstrumentId instrument) const {
  const auto* const row = plan_->find(instrument);
  return row != nullptr ? &row->ring : nullptr;
}

std::size_t Features::memory_bytes() const {
  std::size_t sum = plan_->arena_bytes + rows_.capacity() * sizeof(double*);
  for (const auto& row : plan_->rows) {
    if (!row) continue;
    sum += sizeof(Row) + (row->on_tick.capacity() + row->on_trade.capacity() + row->on_quote.capacity() + row->on_depth.capacity()) * sizeof(Step);
    sum += (row->context.on_bar.capacity() + row->context.on_trade.capacity()) * sizeof(ContextStep);
    for (const auto& series : row->series) sum += sizeof(Series) + series.steps.capacity() * sizeof(Step);
  }
  return sum;
}

}  // namespace robo::features
