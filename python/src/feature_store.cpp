#include "feature_store.hpp"

#include <fmt/core.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "apps/feature_tap.hpp"
#include "edge/store/features/point_in_time.hpp"
#include "edge/store/store.hpp"
#include "column_views.hpp"
#include "errors.hpp"
#include "table.hpp"
#include "time.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

namespace fs = std::filesystem;
using store::features::Rows;

/// Memory that somebody else owns and that stays while anybody looks at it.
class BorrowedBuffer final : public arrow::Buffer {
 public:
  BorrowedBuffer(const void* data, std::size_t bytes, std::shared_ptr<const void> owner)
      : arrow::Buffer(static_cast<const std::uint8_t*>(data), static_cast<std::int64_t>(bytes)), owner_(std::move(owner)) {}

 private:
  std::shared_ptr<const void> owner_;
};

std::shared_ptr<arrow::Array> array_of(const std::shared_ptr<arrow::DataType>& type, const void* data, std::size_t rows, const std::shared_ptr<const void>& owner) {
  return arrow::MakeArray(arrow::ArrayData::Make(type, static_cast<std::int64_t>(rows), {nullptr, std::make_shared<BorrowedBuffer>(data, rows * 8, owner)}, 0));
}

/// The rows where they lie. `features`: in this order; what the rows do not have is NaN.
std::shared_ptr<arrow::Table> table_of(const Rows& rows, const std::vector<std::string>& features) {
  const auto time = arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
  arrow::FieldVector fields{arrow::field("at", time, false), arrow::field("known_at", time, false)};
  arrow::ArrayVector columns{array_of(time, rows.at.data(), rows.size(), rows.owner), array_of(time, rows.known_at.data(), rows.size(), rows.owner)};
  for (const auto& feature : features) {
    fields.push_back(arrow::field(feature, arrow::float64(), false));
    const auto found = std::find(rows.name.features.begin(), rows.name.features.end(), feature);
    if (found != rows.name.features.end()) {
      columns.push_back(array_of(arrow::float64(), rows.values[static_cast<std::size_t>(found - rows.name.features.begin())].data(), rows.size(), rows.owner));
    } else {
      columns.push_back(ok(arrow::MakeArrayFromScalar(arrow::DoubleScalar(std::nan("")), static_cast<std::int64_t>(rows.size()))));
    }
  }
  return arrow::Table::Make(arrow::schema(fields), columns, static_cast<std::int64_t>(rows.size()));
}

/// A batch that a running session fills, mapped.
class LiveBatch {
 public:
  LiveBatch(fs::path path, Rows rows) : path_(std::move(path)), rows_(std::move(rows)) {}
  static LiveBatch open(const fs::path& path) {
    need(path, "a batch of features");
    return {path, value_or_throw(store::features::map_batch(path))};
  }
  std::size_t refresh() {
    store::features::refresh(rows_);
    return rows_.size();
  }
  [[nodiscard]] Table table() const { return {table_of(rows_, rows_.name.features)}; }
  [[nodiscard]] const Rows& rows() const { return rows_; }
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  Rows rows_;
};

/// All rows of one set and symbol.
class FeatureSeries {
 public:
  FeatureSeries(store::features::Series series, std::optional<Timestamp> from, std::optional<Timestamp> until) : series_(std::move(series)), from_(from), until_(until) {
    std::set<std::string> known;
    for (const auto& part : series_.parts())
      for (const auto& name : part.name.features)
        if (known.insert(name).second) features_.push_back(name);
  }
  /// One chunk a batch or file, not copied.
  [[nodiscard]] Table table() const {
    std::vector<std::shared_ptr<arrow::Table>> tables;
    for (const auto& part : series_.parts()) {
      const auto place = [&](const std::optional<Timestamp>& at, std::ptrdiff_t otherwise) {
        return at ? std::lower_bound(part.at.begin(), part.at.end(), at->ns) - part.at.begin() : otherwise;
      };
      const auto from = place(from_, 0), until = place(until_, std::ssize(part.at));
      if (until > from) tables.push_back(table_of(part, features_)->Slice(from, until - from));
    }
    if (tables.empty()) tables.push_back(table_of({}, features_));
    return {ok(arrow::ConcatenateTables(tables))};
  }
  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(table().columns->num_rows()); }
  [[nodiscard]] nb::object as_known_at(nb::handle moment, nb::handle age_max) const {
    const auto at = time_from(moment, "moment");
    if (!at) throw nb::type_error("moment: a time is expected");
    const auto place = series_.as_known_at(*at, duration_from(age_max, "age_max"));
    if (!place) return nb::none();
    nb::dict out;
    out["at"] = place.rows->at[place.row];
    out["known_at"] = place.rows->known_at[place.row];
    for (std::size_t i = 0; i < place.rows->name.features.size(); ++i) out[place.rows->name.features[i].c_str()] = place.rows->values[i][place.row];
    return out;
  }
  [[nodiscard]] const std::vector<std::string>& features() const { return features_; }
  [[nodiscard]] const store::features::Series& series() const { return series_; }

 private:
  store::features::Series series_;
  std::optional<Timestamp> from_, until_;
  std::vector<std::string> features_;
};

std::set<std::string> folders_in(const fs::path& folder, std::string_view prefix) {
  std::set<std::string> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const auto name = at->path().filename().string();
    std::error_code ignored;
    if (name.starts_with(prefix) && at->is_directory(ignored)) out.insert(store::symbol_of_folder(name.substr(prefix.size())));
  }
  return out;
}

std::optional<Date> day_of(const std::optional<Timestamp>& at, int beyond) {
  if (!at) return std::nullopt;
  return Date{static_cast<std::int32_t>(at->ns / hours(24).ns) + beyond};
}

class FeatureStore {
 public:
  FeatureStore(fs::path folder, const std::optional<fs::path>& live) : folder_(std::move(folder)) {
    store::FeatureSettings settings;
    settings.folder = folder_.string();
    live_ = live ? *live : apps::live_folder(settings);
    std::error_code error;
    if (!fs::exists(folder_, error) && !fs::exists(live_, error)) need(folder_, "a feature store's folder");
  }

  [[nodiscard]] std::vector<std::string> sets() const {
    auto all = folders_in(folder_, "set=");
    all.merge(folders_in(live_, ""));
    return {all.begin(), all.end()};
  }
  [[nodiscard]] std::vector<std::string> symbols(const std::string& set) const {
    auto all = folders_in(live_ / store::folder_of(set), "");
    const auto sealed = folder_ / ("set=" + store::folder_of(set));
    for (const auto& day : folders_in(sealed, "date=")) all.merge(folders_in(sealed / ("date=" + day), "symbol="));
    if (all.empty()) check_set(set);
    return {all.begin(), all.end()};
  }

  [[nodiscard]] FeatureSeries series(const std::string& symbol, const std::string& set, const std::string& source, nb::handle start, nb::handle until) const {
    const auto from = time_from(start, "start"), to = time_from(until, "until");
    const nb::gil_scoped_release others;
    return {store::features::Series::load(folder_, live_, set, symbol, source, day_of(from, 0), day_of(to, 1)), from, to};
  }

  [[nodiscard]] std::vector<LiveBatch> live(const std::string& symbol, const std::string& set) const {
    std::vector<fs::path> paths;
    std::error_code error;
    for (fs::directory_iterator at(live_ / store::folder_of(set) / store::folder_of(symbol), error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".arrow") paths.push_back(at->path());
    std::sort(paths.begin(), paths.end());
    std::vector<LiveBatch> out;
    for (const auto& path : paths) {
      // One may be sealed and gone between listing and mapping.
      if (auto rows = store::features::map_batch(path)) out.emplace_back(path, std::move(*rows));
      else if (fs::exists(path, error)) throw DataError(rows.error().text);
    }
    return out;
  }

  [[nodiscard]] Table join(nb::handle moments, const std::vector<std::string>& features, const std::string& set, const std::string& at, const std::string& symbol_column,
                           const std::optional<std::string>& symbol, nb::handle age_max) const {
    const auto table = table_from(moments);
    const auto age = duration_from(age_max, "age_max");
    const nb::gil_scoped_release others;
    if (features.empty()) throw DataError("features: name at least one");
    const auto view = times_in(*table, at, "moments");
    const auto times = view.values;
    const auto symbols = symbol ? std::vector<std::string>(times.size(), *symbol) : texts_in(*table, symbol_column, "moments");
    std::vector<store::features::Moment> wanted;
    for (std::size_t i = 0; i < times.size(); ++i) wanted.push_back({symbols[i], {times[i]}});
    const auto joined = std::make_shared<store::features::Joined>(store::features::join_as_known(folder_, live_, set, wanted, features, age));
    if (!joined->damaged.empty()) throw DataError(joined->damaged.front());
    auto out = table;
    const auto add = [&](const std::string& name, const std::shared_ptr<arrow::Array>& column) {
      if (out->GetColumnByName(name) != nullptr) throw DataError(fmt::format("the moments have a column '{}' already", name));
      out = ok(out->AddColumn(out->num_columns(), arrow::field(name, column->type()), std::make_shared<arrow::ChunkedArray>(column)));
    };
    arrow::TimestampBuilder known(arrow::timestamp(arrow::TimeUnit::NANO, "UTC"), arrow::default_memory_pool());
    for (const auto value : joined->known_at) ok(value == 0 ? known.AppendNull() : known.Append(value));
    add("known_at", ok(known.Finish()));
    for (std::size_t i = 0; i < features.size(); ++i) add(features[i], array_of(arrow::float64(), joined->values[i].data(), joined->values[i].size(), joined));
    return {out};
  }

  [[nodiscard]] const fs::path& folder() const { return folder_; }
  [[nodiscard]] const fs::path& live_folder() const { return live_; }

 private:
  void check_set(const std::string& set) const {
    const auto all = sets();
    if (std::find(all.begin(), all.end(), set) != all.end()) return;
    std::string text;
    for (const auto& one : all) text += (text.empty() ? "" : ", ") + one;
    no_such(fmt::format("set in {} of name", folder_.string()), set, text.empty() ? "none" : text);
  }

  fs::path folder_, live_;
};

}  // namespace

void bind_feature_store(nb::module_& module) {
  nb::class_<LiveBatch>(module, "LiveBatch", "A batch that a running session fills, mapped into memory: nothing is copied, and rows appear as they are written.")
      .def(nb::new_([](const fs::path& path) { return LiveBatch::open(path); }), nb::arg("path"))
      .def("refresh", &LiveBatch::refresh, "Looks for rows that have been filled since; returns how many there are.")
      .def("table", &LiveBatch::table, "The rows of the last refresh, where they lie. They stay readable when the batch is sealed and its file is gone.")
      .def("__arrow_c_stream__", [](const LiveBatch& batch, nb::handle) { return nb::cast(batch.table()).attr("__arrow_c_stream__")(); }, nb::arg("requested_schema") = nb::none(),
           nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> typing.Any"))
      .def("__len__", [](const LiveBatch& batch) { return batch.rows().size(); })
      .def_prop_ro("path", &LiveBatch::path)
      .def_prop_ro("set", [](const LiveBatch& batch) { return batch.rows().name.set; })
      .def_prop_ro("symbol", [](const LiveBatch& batch) { return batch.rows().name.symbol; })
      .def_prop_ro("source", [](const LiveBatch& batch) { return batch.rows().name.source; }, "The session that fills it.")
      .def_prop_ro("features", [](const LiveBatch& batch) { return batch.rows().name.features; })
      .def("__repr__", [](const LiveBatch& batch) { return fmt::format("robotrader.LiveBatch('{}'): {} rows", batch.path().string(), batch.rows().size()); });

  nb::class_<FeatureSeries>(module, "FeatureSeries", "All rows of one set and symbol, sealed and live, in order.")
      .def("table", &FeatureSeries::table, "at, known_at and a column a feature: one chunk a batch or file, not copied.")
      .def("__arrow_c_stream__", [](const FeatureSeries& series, nb::handle) { return nb::cast(series.table()).attr("__arrow_c_stream__")(); }, nb::arg("requested_schema") = nb::none(),
           nb::sig("def __arrow_c_stream__(self, requested_schema: object | None = None) -> typing.Any"))
      .def("__len__", &FeatureSeries::size)
      .def_prop_ro("features", &FeatureSeries::features)
      .def_prop_ro("damaged", [](const FeatureSeries& series) { return series.series().damaged(); }, "Files that could not be read, a sentence each; their rows are missing.")
      .def("as_known_at", &FeatureSeries::as_known_at, nb::arg("moment"), nb::arg("age_max") = nb::none(),
           nb::sig("def as_known_at(self, moment: datetime.date | str | int, age_max: datetime.timedelta | str | int | None = None) -> dict[str, typing.Any] | None"),
           "The newest row that was known at a moment (known_at <= moment), not older than age_max when given; None: nothing was.");

  nb::class_<FeatureStore>(module, "FeatureStore", "What sessions decided on, number by number, with when it was known.")
      .def(nb::init<fs::path, std::optional<fs::path>>(), nb::arg("folder"), nb::arg("live") = nb::none(),
           "folder: the sealed Parquet ([features] folder of the settings); live: where running sessions keep their batches, if not the usual place.")
      .def_prop_ro("folder", &FeatureStore::folder)
      .def_prop_ro("live_folder", &FeatureStore::live_folder)
      .def("sets", &FeatureStore::sets)
      .def("symbols", &FeatureStore::symbols, nb::arg("set") = "decision")
      .def("series", &FeatureStore::series, nb::arg("symbol"), nb::kw_only(), nb::arg("set") = "decision", nb::arg("source") = "", nb::arg("start") = nb::none(), nb::arg("until") = nb::none(),
           nb::sig("def series(self, symbol: str, *, set: str = 'decision', source: str = '', start: datetime.date | str | int | None = None, until: datetime.date | str | int | None = None) -> FeatureSeries"),
           "Rows of [start, until) of one session (source), or of all.")
      .def("live", &FeatureStore::live, nb::arg("symbol"), nb::kw_only(), nb::arg("set") = "decision", "Batches that are in memory now, oldest first.")
      .def("join", &FeatureStore::join, nb::arg("moments"), nb::arg("features"), nb::kw_only(), nb::arg("set") = "decision", nb::arg("at") = "at", nb::arg("symbol_column") = "symbol",
           nb::arg("symbol") = nb::none(), nb::arg("age_max") = nb::none(),
           nb::sig("def join(self, moments: typing.Any, features: collections.abc.Sequence[str], *, set: str = 'decision', at: str = 'at', symbol_column: str = 'symbol', "
                   "symbol: str | None = None, age_max: datetime.timedelta | str | int | None = None) -> Table"),
           "The moments' own columns, and what was known at each: known_at and a column a feature, null and NaN where nothing was.\n"
           "Never looks ahead: a row counts from its known_at on, not from its at.")
      .def("__repr__", [](const FeatureStore& store) { return fmt::format("robotrader.FeatureStore('{}', live='{}')", store.folder().string(), store.live_folder().string()); });
}

}  // namespace robo::python
