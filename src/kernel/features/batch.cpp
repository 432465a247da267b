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

/// One calculation and the columns that are read off it.
struct Work {
  Spec key{};  // without its kind
  Place place{};
  ContextOp context{};
  std::uint8_t asked{};
  std::array<double*, slots_max> out{};
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

  Result<std::vector<std::vector<double>>, Problem> run(std::span<const Spec> specs) {
    std::vector<std::vector<double>> results;
    results.reserve(specs.size());
    std::vector<Work> works;
    for (const auto& wanted : specs) {
      const auto spec = completed(wanted);
      if (!spec) return fail(spec.error());
      if (auto problem = missing(*spec)) return fail(*problem);
      auto& result = results.emplace_back(rows_);
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
      if (auto& place = found->out[work.place.slot]; place == nullptr) place = result.data();
      else copies_.push_back({place, result.data()});
      found->asked = static_cast<std::uint8_t>(found->asked | 1u << work.place.slot);
    }
    for (const auto& work : works) calculate(work);
    for (const auto& [from, to] : copies_) std::copy_n(from, rows_, to);
    return results;
  }

 private:
  [[nodiscard]] std::optional<Problem> missing(const Spec& spec) const {
    const auto refuse = [&](std::string what) { return Problem{fmt::format("feature {}: {}", to_text(spec), what)}; };
    if (!batchable(spec.kind)) return refuse("needs quotes, depth or the sides of trades: batch computes features of bars and ticks (docs/features.md, Batch)");
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

  void calculate(const Work& work) {
    if (work.place.op == Op::Pair) return pair(work);
    if (work.place.op == Op::Vwap) return vwap(work);
    if (work.place.op == Op::Context) {
      void* const state = plan_.make_context(work.context, work.key, row_, 0);
      if (work.context == ContextOp::SupportResistance) context(work, *static_cast<SupportResistance*>(state));
      else context(work, *static_cast<UnusualActivityState*>(state));
      return;
    }
    void* const state = plan_.make_state(work.place.op, work.key, InstrumentId{});
    for_price_op(work.place.op, [&]<Op op>() { column<op>(work, *static_cast<const typename StateOf<op>::type*>(state)); });
  }

  [[nodiscard]] bool after_pause(std::size_t i, Timestamp& last_end, Duration timeframe) const {
    if (columns_.times.empty()) return false;
    const Timestamp at{columns_.times[i]};
    const bool pause = is_pause(at - last_end, timeframe);
    last_end = at + timeframe;
    return pause;
  }
  static void write(const Work& work, std::size_t i, const double* values, std::size_t slots) {
    for (std::size_t k = 0; k < slots; ++k)
      if (work.out[k] != nullptr) work.out[k][i] = values[k];
  }
  void write_unknown(const Work& work, std::size_t i) const {
    for (auto* const out : work.out)
      if (out != nullptr) out[i] = nan;
  }

  template <Op op>
  void column(const Work& work, typename StateOf<op>::type state) {  // a copy: it lives in registers for the length of the loop
    constexpr std::size_t slots = op == Op::Bollinger ? 4 : op == Op::Macd || op == Op::Adx || op == Op::Donchian ? 3 : op == Op::RelativeVolume ? 2 : 1;
    const auto timeframe = work.key.timeframe;
    const auto* const close = columns_.close.data();
    const auto* const high = timeframe.ns == 0 ? close : columns_.high.data();
    const auto* const low = timeframe.ns == 0 ? close : columns_.low.data();
    const Places places(columns_, timeframe);
    double values[slots];
    std::fill_n(values, slots, nan);
    Timestamp last_end{};
    const auto asked = work.asked;
    for (std::size_t i = 0; i < rows_; ++i) {
      const double price = close[i];
      if (price != price) [[unlikely]] {
        write_unknown(work, i);
        continue;
      }
      Sample in{.price = price, .log = nan};
      if constexpr (reads_range(op)) in.high = high[i], in.low = low[i];
      if constexpr (reads_volume(op)) in.volume = columns_.volume[i];
      if constexpr (reads_log(op)) in.log = price > 0 ? std::log(price) : nan;
      if constexpr (op == Op::RealizedVolatility) in.after_pause = after_pause(i, last_end, timeframe);
      BarPlace place;
      if constexpr (reads_day(op)) place = places[i];
      advance<op>(state, asked, in, place, [&](std::size_t slot) -> double& { return values[slot]; });
      write(work, i, values, slots);
    }
  }

  template <class State>
  void context(const Work& work, State& state) {
    const Places places(columns_, work.key.timeframe);
    double values[slots_max]{nan, nan, nan, nan, nan, nan};
    for (std::size_t i = 0; i < rows_; ++i) {
      const double close = columns_.close[i];
      if (close != close) {
        write_unknown(work, i);
        continue;
      }
      advance_context(state, {close, columns_.high[i], columns_.low[i], columns_.volume[i], nan, false}, places[i], [&](std::size_t slot) -> double& { return values[slot]; });
      write(work, i, values, slots_max);
    }
  }

  void vwap(const Work& work) {
    VwapState state{.width = work.key.width};
    const Places places(columns_, {});
    double values[3]{nan, nan, nan};
    Date date{INT32_MIN};
    for (std::size_t i = 0; i < rows_; ++i) {
      if (const auto today = places[i].date; today != date) {
        state.vwap.clear();
        std::fill_n(values, 3, nan);
        date = today;
      }
      const double price = columns_.close[i];
      if (price != price) {
        write_unknown(work, i);
        continue;
      }
      if (columns_.volume[i] > 0) advance_vwap(state, price, columns_.volume[i], [&](std::size_t slot) -> double& { return values[slot]; });
      write(work, i, values, 3);
    }
  }

  void pair(const Work& work) {
    const auto n = static_cast<std::size_t>(work.key.period);
    PairState state;
    state.prices = RollingPair{plan_.room<RollingPair::Point>(n)};
    state.returns = RollingPair{plan_.room<RollingPair::Point>(n)};
    double values[3]{nan, nan, nan};
    for (std::size_t k = 0; k < 3; ++k) state.out[k] = &values[k];
    for (std::size_t i = 0; i < rows_; ++i) {
      const double first = columns_.close[i], second = columns_.other[i];
      if (first != first || second != second) {
        write_unknown(work, i);
        continue;
      }
      state.first_start = state.second_start = Timestamp{static_cast<std::int64_t>(i)};
      state.first = first > 0 ? std::log(first) : nan;
      state.second = second > 0 ? std::log(second) : nan;
      state.step();
      write(work, i, values, 3);
    }
  }

  const Columns& columns_;
  std::size_t rows_;
  Features::Plan plan_{};
  Row row_{};
  std::vector<std::pair<const double*, double*>> copies_{};
};

bool batchable(Kind kind) {
  const auto op = place_of({.kind = kind}).op;
  if (op == Op::Context) {
    ContextPlace place;
    return place_of_context({.kind = kind}, place) && (place.op == ContextOp::SupportResistance || place.op == ContextOp::UnusualActivity);
  }
  return op <= Op::RelativeVolume || op == Op::Vwap || op == Op::Pair;
}

Result<std::vector<std::vector<double>>, Problem> batch(std::span<const Spec> specs, const Columns& columns) { return BatchPlan(columns).run(specs); }

Result<std::vector<double>, Problem> batch(const Spec& spec, const Columns& columns) {
  auto all = batch(std::span(&spec, 1), columns);
  if (!all) return fail(all.error());
  return std::move(all->front());
}

}  // namespace robo::features
