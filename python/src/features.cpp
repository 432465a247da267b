#include "features.hpp"

#include <fmt/core.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "column_views.hpp"
#include "edge/store/shipped.hpp"
#include "errors.hpp"
#include "kernel/features/batch.hpp"
#include "kernel/features/features.hpp"
#include "kernel/market/market.hpp"
#include "spec_text.hpp"
#include "struct_columns.hpp"
#include "time.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

using features::Spec;

/// A spec in Python's hands.
struct Feature {
  Spec spec{};
  [[nodiscard]] const features::Description& about() const { return features::describe(spec.kind); }
};

Feature feature_from(const std::string& text, Duration timeframe) {
  auto spec = spec_from(text, timeframe);
  if (!spec) throw nb::value_error(spec.error().text.c_str());
  return {*spec};
}

Feature feature_of(const std::string& text, const nb::kwargs& members) {
  auto spec = spec_from(text, minutes(1));
  if (!spec) throw nb::value_error(spec.error().text.c_str());
  if (members.size() == 0) return feature_from(text, {});
  // The text's own words first, then the members: what neither says takes the default.
  auto bare = spec_from(text, {});
  Spec out = bare ? *bare : *spec;
  if (!bare) out.timeframe = {};
  for (const auto [key, value] : members) {
    const auto name = nb::cast<std::string>(key);
    if (name == "timeframe" || name == "horizon") {
      const auto word = nb::isinstance<nb::str>(value) && nb::cast<std::string>(value) == "tick" ? std::optional(Duration{}) : duration_from(value, name);
      (name == "timeframe" ? out.timeframe : out.horizon) = word.value_or(Duration{});
    } else if (!set_member(out, name, nb::cast<std::string>(nb::str(value)))) {
      throw nb::value_error(fmt::format("feature '{}': {}={} is not understood; there are period, timeframe, slow, signal, width, levels, horizon, quantile, floor, bucket", text, name,
                                        nb::cast<std::string>(nb::repr(value))).c_str());
    }
  }
  const auto complete = features::completed(out);
  if (!complete) throw nb::value_error(complete.error().text.c_str());
  return {*complete};
}

/// "rsi(14) 1m", Feature(...), or a list of both.
std::vector<Spec> specs_from(nb::handle wanted, Duration timeframe) {
  std::vector<Spec> specs;
  const auto add = [&](nb::handle one) {
    if (nb::isinstance<Feature>(one)) specs.push_back(nb::cast<const Feature&>(one).spec);
    else if (nb::isinstance<nb::str>(one)) specs.push_back(feature_from(nb::cast<std::string>(one), timeframe).spec);
    else throw nb::type_error("features: text like \"rsi(14) 1m\" or robotrader.Feature is expected, one or a list");
  };
  if (nb::isinstance<nb::str>(wanted) || nb::isinstance<Feature>(wanted)) add(wanted);
  else if (nb::hasattr(wanted, "__iter__"))
    for (const nb::handle one : nb::iter(wanted)) add(one);
  else add(wanted);
  if (specs.empty()) throw nb::value_error("features: name at least one");
  return specs;
}

/// Rows of one symbol, in the table's order.
using Group = std::vector<std::size_t>;

std::vector<Group> groups_of(const arrow::Table& table, const std::optional<std::string>& by, std::size_t rows) {
  Group all(rows);
  for (std::size_t i = 0; i < rows; ++i) all[i] = i;
  if (!by) return {all};
  const auto names = texts_in(table, *by, "table");
  std::map<std::string_view, Group> groups;
  for (std::size_t i = 0; i < rows; ++i) groups[names[i]].push_back(i);
  std::vector<Group> out;
  for (auto& [name, group] : groups) out.push_back(std::move(group));
  return out;
}

template <class T>
std::vector<T> picked(std::span<const T> values, const Group& group) {
  std::vector<T> out;
  out.reserve(group.size());
  for (const auto i : group) out.push_back(values[i]);
  return out;
}

/// Times must not go back within a symbol: what is computed would be of a past that never was.
void check_order(std::span<const std::int64_t> times, const Group& group, const std::string& name) {
  for (std::size_t i = 1; i < group.size(); ++i)
    if (times[group[i]] < times[group[i - 1]])
      throw DataError(fmt::format("table: column '{}' goes back in time at row {}: {} after {}; sort it first", name, group[i], to_text(Timestamp{times[group[i]]}),
                                  to_text(Timestamp{times[group[i - 1]]})));
}

/// The columns of a table that features are made of; spans into it, or into what was converted.
struct Inputs {
  std::string time_name{};
  ColumnView<std::int64_t> times{}, opens{};
  std::map<std::string, ColumnView<double>> numbers{};
  std::size_t rows = 0;

  void take(const arrow::Table& table, const std::string& as, const std::optional<std::string>& name) {
    if (name) numbers[as] = numbers_in(table, *name, "table");
  }
  [[nodiscard]] std::span<const double> operator[](const std::string& name) const {
    const auto found = numbers.find(name);
    return found == numbers.end() ? std::span<const double>{} : found->second.values;
  }
};

using Results = std::vector<std::vector<double>>;

Results over_columns(const std::vector<Spec>& specs, const Inputs& in, const std::vector<Group>& groups) {
  const auto run = [&](const features::Columns& columns) {
    auto values = features::batch(specs, columns);
    if (!values) throw DataError(values.error().text);
    return std::move(*values);
  };
  if (groups.size() == 1)
    return run({.times = in.times.values, .open = in["open"], .high = in["high"], .low = in["low"], .close = in["close"], .volume = in["volume"], .other = in["other"], .opens = in.opens.values});
  Results out(specs.size(), std::vector<double>(in.rows));
  for (const auto& group : groups) {
    std::map<std::string, std::vector<double>> own;
    for (const auto& [name, view] : in.numbers) own[name] = picked(view.values, group);
    const auto times = picked(in.times.values, group), opens = in.opens.values.empty() ? std::vector<std::int64_t>{} : picked(in.opens.values, group);
    const auto values = run({.times = times, .open = own["open"], .high = own["high"], .low = own["low"], .close = own["close"], .volume = own["volume"], .other = own["other"], .opens = opens});
    for (std::size_t f = 0; f < specs.size(); ++f)
      for (std::size_t i = 0; i < group.size(); ++i) out[f][group[i]] = values[f][i];
  }
  return out;
}

Price price_at(double value, std::size_t row, std::string_view column) {
  if (!(std::fabs(value) < 9e9)) throw DataError(fmt::format("table: column '{}', row {}: {} is no price", column, row, value));
  return Price::nearest(value);
}
Quantity size_at(double value, std::size_t row, std::string_view column) {
  if (!(value >= 0 && value < 9e10)) throw DataError(fmt::format("table: column '{}', row {}: {} is no size", column, row, value));
  return Quantity::nearest(value);
}

/// Row by row through the kernel's own market and features, as a session does it.
Results through_the_kernel(const std::vector<Spec>& specs, const Inputs& in, const std::vector<Group>& groups, bool quotes, const std::vector<std::string>& sides, const std::vector<double>& conditions) {
  Results out(specs.size(), std::vector<double>(in.rows, std::numeric_limits<double>::quiet_NaN()));
  for (const auto& group : groups) {
    market::Market market({.quote_age_max = hours(24), .bars_outside_regular = true}, 1);
    auto instrument = store::instrument_named("XXX");
    instrument.id = InstrumentId{0};
    market.define(instrument);
    features::Features kernel(1);
    std::vector<features::Handle> handles;
    for (const auto& spec : specs) {
      try {
        handles.push_back(kernel.declare(spec, std::span(&instrument.id, 1)));
      } catch (const std::invalid_argument& error) {
        throw DataError(error.what());
      }
    }
    kernel.start(market);
    for (const auto row : group) {
      const Timestamp at{in.times.values[row]};
      if (quotes) {
        const Quote quote{.instrument = instrument.id, .bid = price_at(in["bid"][row], row, "bid"), .ask = price_at(in["ask"][row], row, "ask"),
                          .bid_size = size_at(in["bid_size"][row], row, "bid_size"), .ask_size = size_at(in["ask_size"][row], row, "ask_size")};
        market.apply(quote, at);
        kernel.close_bars(market);
        kernel.apply(quote, market);
      } else {
        Trade trade{.instrument = instrument.id, .price = price_at(in["close"][row], row, "price"), .size = size_at(in["volume"][row], row, "size")};
        if (!sides.empty()) trade.aggressor = sides[row] == "buyer" ? Aggressor::Buyer : sides[row] == "seller" ? Aggressor::Seller : Aggressor::Unknown;
        if (!conditions.empty()) trade.conditions = static_cast<std::uint16_t>(conditions[row]);
        market.apply(trade, at);
        kernel.close_bars(market);
        kernel.apply(trade, market);
      }
      for (std::size_t f = 0; f < handles.size(); ++f) out[f][row] = kernel.value(handles[f], instrument.id);
    }
  }
  return out;
}

Table compute(nb::handle object, nb::handle wanted, nb::handle timeframe, const std::optional<std::string>& by, const std::optional<std::string>& other, const std::optional<std::string>& opens) {
  const auto table = table_from(object);
  const bool bars = first_of(*table, {"open"}) && first_of(*table, {"high"}) && first_of(*table, {"low"}) && first_of(*table, {"close"});
  const bool quotes = !bars && first_of(*table, {"bid"}) && first_of(*table, {"ask"});
  const auto price = first_of(*table, {"price", "close"});
  if (!quotes && !price) {
    std::string there;
    for (const auto& name : table->ColumnNames()) there += (there.empty() ? "" : ", ") + name;
    throw DataError(fmt::format("table: bars (open, high, low, close, volume), trades (price, size) or quotes (bid, ask, bid_size, ask_size) are expected; there are {}", there));
  }
  auto length = duration_from(timeframe, "timeframe").value_or(Duration{});
  const auto period = first_of(*table, {"period"});
  if (bars && length.ns == 0 && period && table->num_rows() > 0) {
    const auto column = table->GetColumnByName(*period);
    if (column->type()->id() == arrow::Type::INT64 || column->type()->id() == arrow::Type::DURATION) {
      const auto first = ok(column->GetScalar(0));
      // A duration's scalar prints with its unit: nanoseconds are what the store writes.
      if (column->type()->id() == arrow::Type::INT64) length = {static_cast<const arrow::Int64Scalar&>(*first).value};
      else if (static_cast<const arrow::DurationType&>(*column->type()).unit() == arrow::TimeUnit::NANO) length = {static_cast<const arrow::DurationScalar&>(*first).value};
    }
  }
  const auto specs = specs_from(wanted, bars ? length : Duration{});
  const bool grouped = by.has_value() ? true : first_of(*table, {"symbol"}).has_value();
  const auto group_by = by ? by : grouped ? first_of(*table, {"symbol"}) : std::nullopt;

  const nb::gil_scoped_release others;
  Inputs in;
  in.rows = static_cast<std::size_t>(table->num_rows());
  in.time_name = first_of(*table, {"start", "at", "time", "timestamp", "date"}).value_or("at");
  in.times = times_in(*table, in.time_name, "table");
  if (opens) in.opens = times_in(*table, *opens, "table");
  if (quotes)
    for (const auto* name : {"bid", "ask", "bid_size", "ask_size"}) in.take(*table, name, std::string(name));
  for (const auto* name : {"open", "high", "low"}) in.take(*table, name, first_of(*table, {name}));
  if (!quotes) in.take(*table, "close", price);
  in.take(*table, "volume", first_of(*table, {"volume", "size"}));
  if (other) in.take(*table, "other", other);
  const auto groups = groups_of(*table, group_by, in.rows);
  for (const auto& group : groups) check_order(in.times.values, group, in.time_name);
  if (bars) {
    for (const auto& spec : specs) {
      if (spec.timeframe.ns == 0) throw DataError(fmt::format("feature {}: is computed per tick, and the table holds bars", features::to_text(spec)));
      if (length.ns != 0 && spec.timeframe != length)
        throw DataError(fmt::format("feature {}: the table's bars are of {} s; make them as long as the feature's timeframe first", features::to_text(spec), static_cast<double>(length.ns) / 1e9));
    }
    for (const auto& group : groups)
      for (std::size_t i = 1; i < group.size(); ++i)
        if (const auto gap = in.times.values[group[i]] - in.times.values[group[i - 1]]; gap < specs.front().timeframe.ns && specs.front().timeframe < hours(24))
          throw DataError(fmt::format("feature {}: rows {} and {} are {} s apart, bars of that length cannot be", features::to_text(specs.front()), group[i - 1], group[i],
                                      static_cast<double>(gap) / 1e9));
  }
  const bool columnar = !quotes && std::all_of(specs.begin(), specs.end(), [&](const Spec& spec) { return features::batchable(spec.kind) && (bars || spec.timeframe.ns == 0); });
  Results values;
  if (columnar) {
    values = over_columns(specs, in, groups);
  } else {
    if (bars) {
      for (const auto& spec : specs)
        if (!features::batchable(spec.kind)) throw DataError(fmt::format("feature {}: is made of quotes, depth or trades, and the table holds bars", features::to_text(spec)));
    }
    const auto side = first_of(*table, {"aggressor"});
    const auto bits = first_of(*table, {"conditions"});
    std::vector<double> conditions;
    if (bits) {
      const auto view = numbers_in(*table, *bits, "table");
      conditions.assign(view.values.begin(), view.values.end());
    }
    values = through_the_kernel(specs, in, groups, quotes, side ? texts_in(*table, *side, "table") : std::vector<std::string>{}, conditions);
  }
  auto out = table;
  for (std::size_t f = 0; f < specs.size(); ++f) {
    const auto name = features::to_text(specs[f]);
    if (out->GetColumnByName(name) != nullptr) throw DataError(fmt::format("the table has a column '{}' already", name));
    const auto column = std::make_shared<std::vector<double>>(std::move(values[f]));
    // The result's own memory, not a copy of it.
    const auto buffer = std::shared_ptr<arrow::Buffer>(new arrow::Buffer(reinterpret_cast<const std::uint8_t*>(column->data()), static_cast<std::int64_t>(column->size() * 8)),
                                                       [column](arrow::Buffer* own) { delete own; });
    const auto array = arrow::MakeArray(arrow::ArrayData::Make(arrow::float64(), static_cast<std::int64_t>(column->size()), {nullptr, buffer}, 0));
    out = ok(out->AddColumn(out->num_columns(), arrow::field(name, arrow::float64(), false), std::make_shared<arrow::ChunkedArray>(array)));
  }
  return {out};
}

struct FeatureRow {
  std::string_view name{}, unit{}, formula{}, warm_up{}, source{};
  features::Input input{};
  bool per_tick{}, per_bar{}, over_columns{};
  int period{}, slow{}, signal{};
  double width{};
  using fields = Fields<&FeatureRow::name, &FeatureRow::unit, &FeatureRow::formula, &FeatureRow::warm_up, &FeatureRow::source, &FeatureRow::input, &FeatureRow::per_tick,
                        &FeatureRow::per_bar, &FeatureRow::over_columns, &FeatureRow::period, &FeatureRow::slow, &FeatureRow::signal, &FeatureRow::width>;
};

Table all_features() {
  StructColumns<FeatureRow> columns;
  for (const auto& about : features::descriptions())
    columns.append({about.name, about.unit, about.formula, about.warm_up, about.source, about.input, about.per_tick, about.per_bar, features::batchable(about.kind), about.period, about.slow,
                    about.signal, about.width});
  return {columns.finish()};
}

std::string text(std::string_view view) { return std::string(view); }

}  // namespace

void bind_features(nb::module_& module) {
  nb::class_<Feature>(module, "Feature", "Which number is wanted: Feature(\"rsi(14) 1m\"), or by members, Feature(\"rsi\", period=14, timeframe=\"1m\").")
      .def(nb::new_(&feature_of), nb::arg("text"), nb::arg("members"),
           "Members: period, timeframe, slow, signal, width, levels, horizon, quantile, floor, bucket. Raises ValueError with what would be right.")
      .def("__str__", [](const Feature& feature) { return features::to_text(feature.spec); })
      .def("__repr__", [](const Feature& feature) { return fmt::format("robotrader.Feature('{}')", features::to_text(feature.spec)); })
      .def("__eq__", [](const Feature& a, nb::handle b) { return nb::isinstance<Feature>(b) && a.spec == nb::cast<const Feature&>(b).spec; },
           nb::sig("def __eq__(self, other: object, /) -> bool"))
      .def("__hash__", [](const Feature& feature) { return nb::hash(nb::str(features::to_text(feature.spec).c_str())); })
      .def_prop_ro("name", [](const Feature& feature) { return text(feature.about().name); })
      .def_prop_ro("unit", [](const Feature& feature) { return text(feature.about().unit); })
      .def_prop_ro("formula", [](const Feature& feature) { return text(feature.about().formula); })
      .def_prop_ro("source", [](const Feature& feature) { return text(feature.about().source); })
      .def_prop_ro("warm_up", [](const Feature& feature) { return features::warm_up(feature.spec); }, "Bars or ticks before the first value.")
      .def_prop_ro("period", [](const Feature& feature) { return feature.spec.period; })
      .def_prop_ro("timeframe", [](const Feature& feature) { return feature.spec.timeframe.ns; }, "In nanoseconds; 0: per tick.");

  module.def("features", &all_features, "Every feature there is, as a table: name, unit, formula, warm-up, source, what it is made of, defaults. docs/features.md explains them.");
  module.def("compute", &compute, nb::arg("table"), nb::arg("features"), nb::kw_only(), nb::arg("timeframe") = nb::none(), nb::arg("by") = nb::none(), nb::arg("other") = nb::none(),
             nb::arg("opens") = nb::none(),
             nb::sig("def compute(table: typing.Any, features: str | Feature | collections.abc.Iterable[str | Feature], *, timeframe: datetime.timedelta | str | int | None = None, "
                     "by: str | None = None, other: str | None = None, opens: str | None = None) -> Table"),
             "The table's own columns and one for every feature: after each row, what a session would have said. The kernel's own code computes it.\n\n"
             "table: bars (start, open, high, low, close, volume), trades (at, price, size; aggressor and conditions where known) or quotes (at, bid, ask,\n"
             "    bid_size, ask_size), oldest first: pyarrow, polars, pandas, robotrader.Table, or a dict of columns\n"
             "features: \"rsi(14) 1m\", robotrader.Feature, or a list of them\n"
             "timeframe: length of the table's bars, where no column `period` tells it; features without a timeframe take it\n"
             "by: column that says whose row it is; `symbol` where there is one. Every symbol is computed on its own\n"
             "other: column with the closes of the other leg, for pair features\n"
             "opens: column with the time each row's session opened; without it days are those of UTC\n\n"
             "NaN is \"not known\": before the warm-up, where the input is missing, where a figure would be 0/0.\n"
             "Raises ValueError for a feature that is not understood, DataError for a table that does not fit, with column and row.");
}

}  // namespace robo::python
