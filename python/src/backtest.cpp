#include "backtest.hpp"

#include <fmt/core.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "apps/heard_run.hpp"
#include "apps/heat_map.hpp"
#include "edge/config/config.hpp"
#include "errors.hpp"
#include "struct_columns.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

/// Lets Ctrl-C end a run, and tells how far it is.
class Watch final : public runtime::Tap {
 public:
  Watch(const apps::RecordedMarket& market, nb::object progress) : start_(market.start()), end_(market.end()), progress_(std::move(progress)) {}
  void on_event(const Event& event) override {
    if (++events_ % 65'536 != 0) return;
    const nb::gil_scoped_acquire interpreter;
    if (PyErr_CheckSignals() != 0) throw nb::python_error();
    if (progress_.is_none()) return;
    const double whole = static_cast<double>((end_ - start_).ns);
    progress_(whole > 0 ? std::clamp(static_cast<double>((event.at - start_).ns) / whole, 0.0, 1.0) : 1.0);
  }
  void on_command(Timestamp, const Command&) override {}
  void on_fact(const Fact&) override {}

 private:
  Timestamp start_, end_;
  nb::object progress_;
  std::uint64_t events_ = 0;
};

apps::Override override_of(nb::handle key, nb::handle value) {
  const auto name = nb::cast<std::string>(key);
  if (nb::isinstance<nb::bool_>(value)) return {name, nb::cast<bool>(value)};
  if (nb::isinstance<nb::int_>(value)) return {name, nb::cast<std::int64_t>(value)};
  if (nb::isinstance<nb::float_>(value)) return {name, nb::cast<double>(value)};
  if (nb::isinstance<nb::str>(value)) return {name, nb::cast<std::string>(value)};
  throw nb::type_error(fmt::format("settings['{}']: text, a number or a truth value is expected", name).c_str());
}

std::string words_of(nb::handle value) {
  if (nb::isinstance<nb::str>(value) || nb::isinstance<nb::int_>(value) || nb::isinstance<nb::float_>(value)) return nb::cast<std::string>(nb::str(value));
  std::string all;
  for (const nb::handle one : nb::iter(value)) all += (all.empty() ? "" : ",") + nb::cast<std::string>(nb::str(one));
  return all;
}

/// {"momentum.lookback": [10, 15]} as the words of --grid, which knows strategies and parameters.
std::vector<apps::GridAxis> axes_of(const apps::LoadedSettings& loaded, const nb::dict& values) {
  std::vector<std::string> words;
  for (const auto [key, value] : values) words.push_back(fmt::format("{}={}", nb::cast<std::string>(key), words_of(value)));
  auto axes = apps::parse_grid(words, loaded.settings);
  if (!axes) throw config::ConfigError(axes.error());
  return std::move(*axes);
}

template <class T>
Table table_of(const std::vector<T>& rows) {
  StructColumns<T> columns;
  for (const auto& row : rows) columns.append(row);
  return {columns.finish()};
}

struct EquityRow {
  Timestamp at{};
  Date date{};
  double equity{}, commissions{}, traded{}, gross{}, drawdown{};
  using fields = Fields<&EquityRow::at, &EquityRow::date, &EquityRow::equity, &EquityRow::commissions, &EquityRow::traded, &EquityRow::gross, &EquityRow::drawdown>;
};

struct FillOut {
  Timestamp at{};
  std::string_view symbol{};
  Side side{};
  OrderPurpose purpose{};
  std::string_view strategy{};
  double quantity{}, price{}, notional{};
  std::optional<double> arrival{}, slippage_bp{};
  double realized{}, position_after{};
  using fields = Fields<&FillOut::at, &FillOut::symbol, &FillOut::side, &FillOut::purpose, &FillOut::strategy, &FillOut::quantity, &FillOut::price,
                        &FillOut::notional, &FillOut::arrival, &FillOut::slippage_bp, &FillOut::realized, &FillOut::position_after>;
};

struct TradeOut {
  std::string_view symbol{}, side{};
  Timestamp from{}, to{};
  double quantity{}, entry{}, exit{}, realized{};
  std::uint32_t fills{};
  using fields = Fields<&TradeOut::symbol, &TradeOut::side, &TradeOut::from, &TradeOut::to, &TradeOut::quantity, &TradeOut::entry, &TradeOut::exit,
                        &TradeOut::realized, &TradeOut::fills>;
};

struct GridRow {
  std::string name{};
  double sharpe{}, total{}, drawdown{};
  std::uint64_t n{};
  using fields = Fields<&GridRow::name, &GridRow::sharpe, &GridRow::total, &GridRow::drawdown, &GridRow::n>;
};

using Members = nb::typed<nb::dict, nb::str, nb::any>;

struct Report {
  apps::LoadedSettings settings{};
  apps::HeardRun heard{};
  research::Report report{};
  std::vector<GridRow> grid{};

  [[nodiscard]] std::string_view symbol(InstrumentId id) const {
    return id.value < heard.record.instruments.size() ? heard.record.instruments[id.value].symbol.view() : std::string_view("_unknown");
  }
  [[nodiscard]] Table equity() const {
    const auto& r = heard.record;
    StructColumns<EquityRow> columns;
    double peak = 0;
    for (std::size_t i = 0; i < r.times.size(); ++i) {
      peak = std::max(peak, r.equity[i]);
      columns.append({r.times[i], r.dates[i], r.equity[i], r.commissions[i], r.traded[i], r.gross[i], peak > 0 ? r.equity[i] / peak - 1 : 0});
    }
    return {columns.finish()};
  }
  [[nodiscard]] Table fills() const {
    StructColumns<FillOut> columns;
    for (const auto& fill : heard.record.fills) {
      const auto& strategies = heard.record.strategies;
      FillOut out{.at = fill.at, .symbol = symbol(fill.instrument), .side = fill.side, .purpose = fill.purpose,
                  .strategy = fill.lead.value < strategies.size() ? std::string_view(strategies[fill.lead.value].name) : std::string_view{},
                  .quantity = fill.quantity, .price = fill.price, .notional = fill.notional, .realized = fill.realized, .position_after = fill.position_after};
      if (fill.arrival > 0) {
        out.arrival = fill.arrival;
        out.slippage_bp = 1e4 * sign(fill.side) * (fill.price - fill.arrival) / fill.arrival;
      }
      columns.append(out);
    }
    return {columns.finish()};
  }
  [[nodiscard]] Table trades() const {
    StructColumns<TradeOut> columns;
    for (const auto& trip : research::round_trips(heard.record))
      columns.append({symbol(trip.instrument), trip.side == Side::Buy ? "long" : "short", trip.from, trip.to, trip.quantity, trip.entry, trip.exit, trip.realized, trip.fills});
    return {columns.finish()};
  }
  /// A column a symbol, a row a sample.
  [[nodiscard]] Table by_symbol(const std::vector<std::vector<double>>& values) const {
    const auto& r = heard.record;
    arrow::TimestampBuilder at(arrow::timestamp(arrow::TimeUnit::NANO, "UTC"), arrow::default_memory_pool());
    for (const auto time : r.times) ok(at.Append(time.ns));
    arrow::FieldVector fields{arrow::field("at", arrow::timestamp(arrow::TimeUnit::NANO, "UTC"))};
    arrow::ArrayVector columns{ok(at.Finish())};
    for (std::size_t i = 0; i < values.size(); ++i) {
      arrow::DoubleBuilder builder;
      ok(builder.AppendValues(values[i]));
      fields.push_back(arrow::field(std::string(r.instruments[i].symbol.view()), arrow::float64()));
      columns.push_back(ok(builder.Finish()));
    }
    return {arrow::Table::Make(arrow::schema(fields), columns)};
  }
  [[nodiscard]] nb::object values() const { return nb::module_::import_("json").attr("loads")(research::to_json(report)); }
};

Report backtest(const std::string& config, const nb::dict& changes, const nb::dict& parameters, const nb::dict& grid, const std::optional<std::filesystem::path>& journal,
                const nb::object& progress) {
  std::vector<apps::Override> overrides{{"mode", std::string("backtest")}};
  for (const auto [key, value] : changes) overrides.push_back(override_of(key, value));
  Report out;
  out.settings = apps::load_settings(config, overrides);
  if (parameters.size() != 0) {
    auto cells = apps::cells_of(out.settings, axes_of(out.settings, parameters));
    if (cells.size() != 1) throw nb::value_error("parameters: one value each; `grid` takes many");
    out.settings = std::move(cells.front().settings);
  }
  const auto axes = axes_of(out.settings, grid);
  const auto cells = axes.empty() ? std::vector<apps::GridCell>{} : apps::cells_of(out.settings, axes);
  if (journal && std::filesystem::exists(*journal)) {
    PyErr_SetString(PyExc_FileExistsError, fmt::format("{}: is there already; a journal is never written over", journal->string()).c_str());
    throw nb::python_error();
  }
  std::unique_ptr<Watch> watch;
  const nb::gil_scoped_release others;
  try {
    const auto market = apps::open_market(out.settings.settings.data);
    {
      const nb::gil_scoped_acquire interpreter;
      watch = std::make_unique<Watch>(*market, progress);
    }
    const apps::BacktestSetup setup{.journal = journal.value_or(std::filesystem::path{}), .taps = {watch.get()}};
    out.heard = apps::hear_backtest(out.settings, *market, setup);
    (void)apps::keep_trial(out.heard, out.settings.settings);
    std::vector<apps::GridResult> tried;
    for (const auto& cell : cells) {
      const auto trial = apps::keep_trial(apps::hear_backtest(cell.settings, *market, {.journal = {}, .taps = {watch.get()}}, cell.name), out.settings.settings);
      out.grid.push_back({cell.name, apps::annual(trial), trial.total, trial.drawdown, trial.n});
      tried.push_back({cell.name, cell.values, trial});
    }
    out.report = apps::report_of(out.heard, out.settings.settings);
    out.report.grid = apps::heat_map(axes, tried, out.settings.settings);
  } catch (const config::ConfigError&) {
    throw;
  } catch (const std::system_error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw DataError(error.what());
  }
  const nb::gil_scoped_acquire interpreter;
  watch.reset();
  return out;
}

/// Settings as the program would use them: every value with its place in the file checked.
std::string checked_settings(const std::string& config, const nb::dict& changes) {
  std::vector<apps::Override> overrides;
  for (const auto [key, value] : changes) overrides.push_back(override_of(key, value));
  return apps::load_settings(config, overrides).text;
}

}  // namespace

void bind_backtest(nb::module_& module) {
  nb::class_<Report>(module, "Report", "What a back-test came to, with everything that speaks against believing it.")
      .def_prop_ro("title", [](const Report& report) { return report.report.title; })
      .def_prop_ro("verdict", [](const Report& report) { return std::string(to_text(report.report.verdict)); }, "MET, NOT MET or NOT ENOUGH DATA.")
      .def_prop_ro("verdict_line", [](const Report& report) { return report.report.verdict_line; })
      .def_prop_ro("sentence", [](const Report& report) { return report.report.sentence; }, "The verdict for a reader in a hurry.")
      .def_prop_ro("commands", [](const Report& report) { return report.report.commands; }, "Digest of everything the run ordered: equal runs have equal ones.")
      .def_prop_ro("settings", [](const Report& report) { return report.settings.text; }, "The settings it ran on, as TOML.")
      .def("equity", &Report::equity, "A row a sample: at, date, equity, commissions and traded so far, gross exposure, drawdown.")
      .def("trades", &Report::trades, "Round trips: symbol, side, from, to, quantity, entry, exit, realized (before commissions), fills.")
      .def("fills", &Report::fills, "Every fill, with the mid when it was decided (arrival) and the slippage against it.")
      .def("statistics", [](const Report& report) { return table_of(report.report.series); },
           "Return, volatility, Sharpe, drawdown, ...: the run in the first row, then its baselines.")
      .def("targets", [](const Report& report) { return table_of(report.report.targets); }, "What was to be reached, what was, with intervals, and whether.")
      .def("cost_ladder", [](const Report& report) { return table_of(report.report.cost_ladder); }, "The same run had every side cost so many basis points.")
      .def("lag_test", [](const Report& report) { return table_of(report.report.lag_test); }, "The same positions taken so many samples later, before costs.")
      .def("daily", [](const Report& report) { return table_of(report.report.daily); }, "Worst days first.")
      .def("months", [](const Report& report) { return table_of(report.report.months); }, "Month 0 is the year.")
      .def("strategies", [](const Report& report) { return table_of(report.report.strategies); })
      .def("denials", [](const Report& report) { return table_of(report.report.denials); }, "Orders the gate did not let through, by reason.")
      .def("prices", [](const Report& report) { return report.by_symbol(report.heard.record.prices); }, "A column a symbol, a row a sample; NaN before the first.")
      .def("positions", [](const Report& report) { return report.by_symbol(report.heard.record.positions); }, "A column a symbol, a row a sample.")
      .def("grid", [](const Report& report) { return table_of(report.grid); }, "What else was tried; every row was counted as a trial against the run.")
      .def_prop_ro("costs", [](const Report& report) -> Members { return nb::cast<Members>(report.values()["costs"]); }, "Commissions, slippage, turnover, exposure, before and after.")
      .def_prop_ro("evidence", [](const Report& report) -> Members { return nb::cast<Members>(report.values()["evidence"]); },
                   "Interval of the Sharpe ratio, trials, deflated Sharpe, probability of overfitting.")
      .def_prop_ro("values", [](const Report& report) -> Members { return nb::cast<Members>(report.values()); }, "Everything, as report.json has it.")
      .def("json", [](const Report& report) { return research::to_json(report.report); })
      .def("text", [](const Report& report) { return research::to_text(report.report, false); }, "As on the terminal.")
      .def("html", [](const Report& report) { return research::to_html(report.report); }, "One page with charts, that asks nothing of any server.")
      .def("save", [](const Report& report, const std::filesystem::path& folder) { (void)value_or_throw(research::write_report(report.report, folder)); }, nb::arg("folder"),
           "report.txt, report.json and report.html.")
      .def("__repr__", [](const Report& report) { return fmt::format("robotrader.Report('{}'): {}", report.report.title, report.report.verdict_line); });

  module.def("backtest", &backtest, nb::arg("config"), nb::kw_only(), nb::arg("settings") = nb::dict(), nb::arg("parameters") = nb::dict(), nb::arg("grid") = nb::dict(),
             nb::arg("journal") = nb::none(), nb::arg("progress") = nb::none(),
             nb::sig("def backtest(config: str, *, settings: dict[str, typing.Any] = {}, parameters: dict[str, typing.Any] = {}, "
                     "grid: dict[str, typing.Any] = {}, journal: str | os.PathLike[str] | None = None, "
                     "progress: collections.abc.Callable[[float], object] | None = None) -> Report"),
             "Runs the settings of a TOML file over recorded data, as `robotrader backtest` does, and reports.\n\n"
             "settings: values put over the file's, {\"data.market\": \"taq\", \"starting_cash\": 500000}\n"
             "parameters: of strategies, {\"momentum.lookback\": 20}\n"
             "grid: many values each, {\"momentum.lookback\": [10, 15, 20]}: every combination is run and counted as a trial\n"
             "journal: a folder that gets the run's journal\n"
             "progress: is called with the share done, 0 to 1\n\n"
             "Every run enters the trial ledger in the settings' state folder. Other threads go on meanwhile; Ctrl-C ends it.\n"
             "Raises ConfigError with everything wrong in the settings, DataError for market data that cannot be read.");
  module.def("check_settings", &checked_settings, nb::arg("config"), nb::kw_only(), nb::arg("settings") = nb::dict(),
             nb::sig("def check_settings(config: str, *, settings: dict[str, typing.Any] = {}) -> str"),
             "The settings a run would have, as TOML. Raises ConfigError with everything that is wrong, each with file, line and key.");
}

}  // namespace robo::python
