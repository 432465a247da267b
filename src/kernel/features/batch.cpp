#include "kernel/features/batch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "kernel/features/detail/price_steps.hpp"

namespace robo::features {

namespace {

constexpr bool reads_range(Op op) { return op == Op::Atr || op == Op::Adx || op == Op::Donchian; }
constexpr bool reads_volume(Op op) { return op == Op::VolumeZ || op == Op::RelativeVolume; }
constexpr bool reads_log(Op op) { return op == Op::RealizedVolatility || op == Op::Return; }
constexpr bool reads_day(Op op) { return op == Op::RelativeVolume; }

constexpr std::size_t slots_max = 6;

double log_of(double price) { return price > 0 ? std::log(price) : nan; }

/// One calculation and the columns that are read off it.
struct Work {
  Spec key{};  // without its kind
  Place place{};
  ContextOp context{};
  std::uint8_t asked{};
  std::array<double*, slots_max> out{};
  // between one stretch of rows and the next
  void* state{};
  std::array<double, slots_max> values{nan, nan, nan, nan, nan, nan};
  Timestamp last_end{};
  Date date{INT32_MIN};
};

/// Rows that one calculation after the other goes through while they are in the cache.
constexpr std::size_t stretch = 2048;
struct Rows {
  std::size_t from{}, to{};
};

/// Where every row stands in its session; rows of one session follow each other.
class Places {
 public:
  Places(const Columns& columns, Duration timeframe) : columns_(columns), length_(std::max<std::int64_t>(timeframe.ns, 1)) {}
  BarPlace operator[](std::size_t i) const {
    const auto at = columns_.times[i], day = hours(24).ns;
    const auto floor = [](std::int64_t ns, std::int64_t step) { return ns - (ns % step + step) % step; };
    const auto open = columns_.opens.empty() ? floor(at, day) : floor(columns_.opens[i], length_);
    return {{at - open}, Date{static_cast<std::int32_t>(floor(columns_.opens.empty() ? at : columns_.opens[i], day) / day)}};
  }

 private:
  const Columns& columns_;
  std::int64_t length_;
};

}  // namespace

class BatchPlan {
 public:
  explicit BatchPlan(const Columns& columns) : columns_(columns), rows_(columns.close.size()) {}

  std::optional<Problem> run(std::span<const Spec> specs, std::span<const std::span<double>> results) {
    std::vector<Work> works;
    for (std::size_t k = 0; k < specs.size(); ++k) {
      const auto spec = completed(specs[k]);
      if (!spec) return spec.error();
      if (auto problem = missing(*spec)) return problem;
      if (results[k].size() != rows_) return Problem{fmt::format("feature {}: the result has room for {} rows, close has {}", to_text(*spec), results[k].size(), rows_)};
      Work work{.key = *spec, .place = place_of(*spec)};
      if (work.place.op == Op::Context) {
        ContextPlace place;
        place_of_context(*spec, place);
        work.context = place.op, work.place.slot = place.slot;
      }
      work.key.kind = {};
      auto found = std::ranges::find_if(works, [&](const Work& w) { return w.place.op == work.place.op && w.context == work.context && w.key == work.key; });
      if (found == works.end()) found = works.insert(found, work);
      // The same figure twice: the second is a copy.
      if (auto& place = found->out[work.place.slot]; place == nullptr) place = results[k].data();
      else copies_.push_back({place, results[k].data()});
      found->asked = static_cast<std::uint8_t>(found->asked | 1u << work.place.slot);
    }
    for (auto& work : works) begin(work);
    const bool logs = std::ranges::any_of(works, [](const Work& w) { return reads_log(w.place.op) || w.place.op == Op::Pair; });
    for (Rows rows; rows.from < rows_; rows.from = rows.to) {
      rows.to = std::min(rows.from + stretch, rows_);
      if (logs)
        for (auto i = rows.from; i < rows.to; ++i) logs_[i - rows.from] = log_of(columns_.close[i]);
      for (auto& work : works) calculate(work, rows);
    }
    for (const auto& [from, to] : copies_) std::copy_n(from, rows_, to);
    return std::nullopt;
  }

 private:
  [[nodiscard]] std::optional<Problem> missing(const Spec& spec) const {
    const auto refuse = [&](std::string what) { return Problem{fmt::format("feature {}: {}", to_text(spec), what)}; };
    if (!batchable(spec.kind)) return refuse("needs quotes, depth or the sides of trades: batch computes features of bars and ticks (docs/features.md, Over columns)");
    const auto op = place_of(spec).op;
    const bool context = op == Op::Context;
    const auto check = [&](std::string_view name, std::size_t size, bool needed) -> std::optional<Problem> {
      if (size == 0 && needed && rows_ != 0) return refuse(fmt::format("the column {} is missing", name));
      if (size != 0 && size != rows_) return refuse(fmt::format("the column {} has {} rows, close has {}", name, size, rows_));
      return std::nullopt;
    };
    const bool bars = spec.timeframe.ns != 0;
    if (columns_.close.empty() && (!columns_.times.empty() || !columns_.volume.empty())) return refuse("the column close is missing");
    if (auto p = check("times", columns_.times.size(), context || reads_day(op) || op == Op::Vwap)) return p;
    if (auto p = check("high", columns_.high.size(), bars && (reads_range(op) || context))) return p;
    if (auto p = check("low", columns_.low.size(), bars && (reads_range(op) || context))) return p;
    if (auto p = check("volume", columns_.volume.size(), reads_volume(op) || context || op == Op::Vwap)) return p;
    if (auto p = check("other", columns_.other.size(), op == Op::Pair)) return p;
    return check("opens", columns_.opens.size(), false);
  }

  void begin(Work& work) {
    const auto n = static_cast<std::size_t>(work.key.period);
    switch (work.place.op) {
      case Op::Pair: {
        auto* const pair = plan_.make<PairState>();
        pair->prices = RollingPair{plan_.room<RollingPair::Point>(n)};
        pair->returns = RollingPair{plan_.room<RollingPair::Point>(n)};
        pair->asked = work.asked;
        for (std::size_t k = 0; k < pair->out.size(); ++k) pair->out[k] = &work.values[k];
        work.state = pair;
        break;
      }
      case Op::Vwap: work.state = plan_.make<VwapState>(VwapState{.width = work.key.width}); break;
      case Op::Context: work.state = plan_.make_context(work.context, work.key, row_, 0); break;
      default: work.state = plan_.make_state(work.place.op, work.key, InstrumentId{}); break;
    }
  }

  void calculate(Work& work, Rows rows) {
    switch (work.place.op) {
      case Op::Pair: return pair(work, *static_cast<PairState*>(work.state), rows);
      case Op::Vwap: return vwap(work, *static_cast<VwapState*>(work.state), rows);
      case Op::Context:
        if (work.context == ContextOp::SupportResistance) return context(work, *static_cast<SupportResistance*>(work.state), rows);
        return context(work, *static_cast<UnusualActivityState*>(work.state), rows);
      default: break;
    }
    for_price_op(work.place.op, [&]<Op op>() { column<op>(work, *static_cast<typename StateOf<op>::type*>(work.state), rows); });
  }

  [[nodiscard]] bool after_pause(std::size_t i, Timestamp& last_end, Duration timeframe) const {
    if (columns_.times.empty()) return false;
    const Timestamp at{columns_.times[i]};
    const bool pause = is_pause(at - last_end, timeframe);
    last_end = at + timeframe;
    return pause;
  }
  static void write(const Work& work, std::size_t i) {
    for (std::size_t k = 0; k < slots_max; ++k)
      if (work.out[k] != nullptr) work.out[k][i] = work.values[k];
  }
  void write_unknown(const Work& work, std::size_t i) const {
    for (auto* const out : work.out)
      if (out != nullptr) out[i] = nan;
  }

  template <Op op>
  void column(Work& work, typename StateOf<op>::type& kept, Rows rows) {
    constexpr std::size_t slots = op == Op::Bollinger ? 4 : op == Op::Macd || op == Op::Adx || op == Op::Donchian ? 3 : op == Op::RelativeVolume ? 2 : 1;
    auto state = kept;  // a copy lives in registers for the length of the loop
    const auto timeframe = work.key.timeframe;
    const auto* const close = columns_.close.data();
    const auto* const high = timeframe.ns == 0 ? close : columns_.high.data();
    const auto* const low = timeframe.ns == 0 ? close : columns_.low.data();
    const Places places(columns_, timeframe);
    double values[slots];
    std::copy_n(work.values.data(), slots, values);
    const auto asked = work.asked;
    const auto out = work.out;
    for (auto i = rows.from; i < rows.to; ++i) {
      const double price = close[i];
      if (price != price) [[unlikely]] {
        write_unknown(work, i);
        continue;
      }
      Sample in{.price = price, .log = nan};
      if constexpr (reads_range(op)) in.high = high[i], in.low = low[i];
      if constexpr (reads_volume(op)) in.volume = columns_.volume[i];
      if constexpr (reads_log(op)) in.log = logs_[i - rows.from];
      if constexpr (op == Op::RealizedVolatility) in.after_pause = after_pause(i, work.last_end, timeframe);
      BarPlace place;
      if constexpr (reads_day(op)) place = places[i];
      advance<op>(state, asked, in, place, [&](std::size_t slot) -> double& { return values[slot]; });
      for (std::size_t k = 0; k < slots; ++k)
        if (out[k] != nullptr) out[k][i] = values[k];
    }
    std::copy_n(values, slots, work.values.data());
    kept = state;
  }

  template <class State>
  void context(Work& work, State& state, Rows rows) {
    const Places places(columns_, work.key.timeframe);
    for (auto i = rows.from; i < rows.to; ++i) {
      const double close = columns_.close[i];
      if (close != close) {
        write_unknown(work, i);
        continue;
      }
      advance_context(state, {close, columns_.high[i], columns_.low[i], columns_.volume[i], nan, false}, places[i], [&](std::size_t slot) -> double& { return work.values[slot]; });
      write(work, i);
    }
  }

  void vwap(Work& work, VwapState& state, Rows rows) {
    const Places places(columns_, {});
    for (auto i = rows.from; i < rows.to; ++i) {
      if (const auto today = places[i].date; today != work.date) {
        state.vwap.clear();
        work.values.fill(nan);
        work.date = today;
      }
      const double price = columns_.close[i];
      if (price != price) {
        write_unknown(work, i);
        continue;
      }
      if (columns_.volume[i] > 0) advance_vwap(state, price, columns_.volume[i], [&](std::size_t slot) -> double& { return work.values[slot]; });
      write(work, i);
    }
  }

  void pair(Work& work, PairState& kept, Rows rows) {
    auto state = kept;
    for (auto i = rows.from; i < rows.to; ++i) {
      const double second = columns_.other[i];
      if (columns_.close[i] != columns_.close[i] || second != second) {
        write_unknown(work, i);
        continue;
      }
      state.first_start = state.second_start = Timestamp{static_cast<std::int64_t>(i)};
      state.first = logs_[i - rows.from];
      state.second = log_of(second);
      state.step();
      write(work, i);
    }
    kept = state;
  }

  const Columns& columns_;
  std::size_t rows_;
  Features::Plan plan_{};
  Row row_{};
  std::vector<std::pair<const double*, double*>> copies_{};
  std::array<double, stretch> logs_{};  // of close in this stretch, where somebody reads them
};

bool batchable(Kind kind) {
  const auto op = place_of({.kind = kind}).op;
  if (op == Op::Context) {
    ContextPlace place;
    return place_of_context({.kind = kind}, place) && (place.op == ContextOp::SupportResistance || place.op == ContextOp::UnusualActivity);
  }
  return op <= Op::RelativeVolume || op == Op::Vwap || op == Op::Pair;
}

std::optional<Problem> batch(std::span<const Spec> specs, const Columns& columns, std::span<const std::span<double>> out) {
  if (out.size() != specs.size()) return Problem{fmt::format("batch: {} specs and {} columns to write to", specs.size(), out.size())};
  return BatchPlan(columns).run(specs, out);
}

Result<std::vector<std::vector<double>>, Problem> batch(std::span<const Spec> specs, const Columns& columns) {
  std::vector<std::vector<double>> results(specs.size(), std::vector<double>(columns.close.size()));
  const std::vector<std::span<double>> out(results.begin(), results.end());
  if (auto problem = batch(specs, columns, out)) return fail(*problem);
  return results;
}

Result<std::vector<double>, Problem> batch(const Spec& spec, const Columns& columns) {
  auto all = batch(std::span(&spec, 1), columns);
  if (!all) return fail(all.error());
  return std::move(all->front());
}

}  // namespace robo::features
