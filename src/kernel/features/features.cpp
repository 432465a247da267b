#include "kernel/features/features.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "base/invariant.hpp"

namespace robo::features {

struct Features::Plan {
  struct Column {
    Spec spec{};
    std::vector<InstrumentId> instruments{};
  };
  struct Place {  // where a quote or trade of one instrument writes
    Kind kind{};
    std::uint16_t column{};
  };
  std::vector<Column> columns{};
  std::vector<double> values{};
  std::vector<std::vector<Place>> on_quote{}, on_trade{};
  std::vector<std::unique_ptr<PriceRing>> rings{};
  bool started = false;
};

Features::Features(std::size_t max_instruments) : plan_(std::make_unique<Plan>()) {
  rows_.resize(max_instruments);
  plan_->on_quote.resize(max_instruments);
  plan_->on_trade.resize(max_instruments);
  plan_->rings.resize(max_instruments);
}
Features::~Features() = default;

Handle Features::declare(const Spec& wanted, std::span<const InstrumentId> instruments) {
  INVARIANT(!plan_->started);
  const auto spec = completed(wanted);
  if (!spec) throw std::invalid_argument(spec.error().text);
  auto& columns = plan_->columns;
  auto found = std::ranges::find(columns, *spec, &Plan::Column::spec);
  if (found == columns.end()) {
    INVARIANT(columns.size() < std::numeric_limits<std::uint16_t>::max());
    found = columns.insert(columns.end(), Plan::Column{.spec = *spec});
  }
  for (const auto id : instruments) {
    INVARIANT(id.value < rows_.size());
    if (std::ranges::find(found->instruments, id) == found->instruments.end()) found->instruments.push_back(id);
  }
  return Handle{static_cast<std::uint16_t>(found - columns.begin())};
}

void Features::start(market::Market& market) {
  INVARIANT(!plan_->started);
  plan_->started = true;
  const auto width = plan_->columns.size();
  plan_->values.assign(width * rows_.size(), not_a_number);
  for (std::size_t c = 0; c < width; ++c) {
    const auto& column = plan_->columns[c];
    for (const auto id : column.instruments) {
      rows_[id.value] = plan_->values.data() + id.value * width;
      if (column.spec.timeframe.ns > 0) market.want_bars(column.spec.timeframe, id);
      auto& list = describe(column.spec.kind).input == Input::Quotes ? plan_->on_quote : plan_->on_trade;
      list[id.value].push_back({column.spec.kind, static_cast<std::uint16_t>(c)});
      if (!plan_->rings[id.value]) plan_->rings[id.value] = std::make_unique<PriceRing>();
    }
  }
}

void Features::set_microprice(InstrumentId, const MicropriceTable&) {}
void Features::close_bars(const market::Market&) {}

void Features::apply(const Quote& quote, const market::Market&) {
  if (quote.instrument.value >= rows_.size() || rows_[quote.instrument.value] == nullptr) return;
  const double bid = quote.bid.to_double(), ask = quote.ask.to_double();
  const bool whole = quote.bid_size.is_positive() && quote.ask_size.is_positive() && bid <= ask;
  const double qb = quote.bid_size.to_double(), qa = quote.ask_size.to_double();
  for (const auto place : plan_->on_quote[quote.instrument.value]) {
    double& out = rows_[quote.instrument.value][place.column];
    switch (place.kind) {
      case Kind::Mid: out = whole ? (bid + ask) / 2 : not_a_number; break;
      case Kind::SpreadBp: out = whole ? 20'000 * (ask - bid) / (bid + ask) : not_a_number; break;
      case Kind::WeightedMid: out = whole ? (bid * qa + ask * qb) / (qa + qb) : not_a_number; break;
      case Kind::ImbalanceL1: out = qa + qb > 0 ? (qb - qa) / (qb + qa) : not_a_number; break;
      default: break;
    }
  }
}

void Features::apply(const Trade& trade, const market::Market&, Timestamp) {
  const auto id = trade.instrument.value;
  if (id >= rows_.size() || rows_[id] == nullptr) return;
  if ((trade.conditions & (trade_condition::not_last | trade_condition::late)) != 0) return;
  plan_->rings[id]->push(trade.price.to_double());
  for (const auto place : plan_->on_trade[id])
    if (place.kind == Kind::LastPrice) rows_[id][place.column] = trade.price.to_double();
}

void Features::apply(const DepthRow&, const market::Market&) {}
void Features::apply(const DepthLevel&, const market::Market&) {}
void Features::apply(const DepthReset&, const market::Market&) {}
void Features::apply(const PhaseChange&, const market::Market&) {}

const Spec& Features::spec(Handle handle) const { return plan_->columns[handle.value].spec; }
std::size_t Features::size() const { return plan_->columns.size(); }
std::string_view Features::source(Handle handle, InstrumentId) const { return describe(spec(handle).kind).source; }
const PriceRing* Features::prices(InstrumentId instrument) const {
  return instrument.value < plan_->rings.size() ? plan_->rings[instrument.value].get() : nullptr;
}
std::size_t Features::memory_bytes() const { return plan_->values.capacity() * sizeof(double); }

}  // namespace robo::features
