#include "store.hpp"

#include <arrow/compute/api.h>
#include <arrow/io/api.h>
#include <fmt/format.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>
#include <parquet/arrow/reader.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "edge/store/store.hpp"
#include "errors.hpp"
#include "numbers.hpp"
#include "struct_columns.hpp"
#include "time.hpp"

namespace nb = nanobind;

namespace robo::python {

namespace {

constexpr std::array<std::string_view, 8> kinds{"quotes", "trades", "depth", "bars", "daily_bars", "orders", "executions", "facts"};

constexpr std::string_view time_column(std::string_view kind) { return kind == "bars" || kind == store::daily_kind ? "start" : "at"; }

using Range = std::pair<std::optional<Timestamp>, std::optional<Timestamp>>;

/// One part, only the columns that are wanted. An error names the file.
std::shared_ptr<arrow::Table> read_part(const std::filesystem::path& path, const std::vector<std::string>& wanted) {
  try {
    const auto file = ok(arrow::io::ReadableFile::Open(path.string()));
    const auto reader = ok(parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
    std::shared_ptr<arrow::Schema> schema;
    ok(reader->GetSchema(&schema));
    std::vector<int> columns;
    for (int i = 0; i < schema->num_fields(); ++i)
      if (wanted.empty() || std::find(wanted.begin(), wanted.end(), schema->field(i)->name()) != wanted.end()) columns.push_back(i);
    for (const auto& name : wanted)
      if (schema->GetFieldIndex(name) < 0) no_such("column", name, fmt::format("{}", fmt::join(schema->field_names(), ", ")));
    return ok(ok(reader->ReadTable(columns))->CombineChunks());
  } catch (const DataError& error) {
    throw DataError(fmt::format("{}: {}", path.string(), error.what()));
  } catch (const parquet::ParquetException& error) {
    throw DataError(fmt::format("{}: {}", path.string(), error.what()));
  }
}

std::span<const std::int64_t> times_of(const arrow::Table& table, std::string_view name) {
  const auto column = table.GetColumnByName(std::string(name));
  if (column == nullptr || column->type()->id() != arrow::Type::TIMESTAMP) throw DataError(fmt::format("column {} is missing or no time", name));
  if (column->num_chunks() == 0) return {};
  const auto& chunk = *column->chunk(0);
  return {chunk.data()->GetValues<std::int64_t>(1), static_cast<std::size_t>(chunk.length())};
}

/// Rows of [from, until), in order of time. A part is in order by itself; several may overlap.
std::shared_ptr<arrow::Table> cut_and_ordered(std::vector<std::shared_ptr<arrow::Table>> parts, std::string_view time, const Range& range) {
  auto all = parts.size() == 1 ? parts.front() : ok(ok(arrow::ConcatenateTables(parts))->CombineChunks());
  auto times = times_of(*all, time);
  if (!std::is_sorted(times.begin(), times.end())) {
    std::vector<std::int64_t> order(times.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) { return times[static_cast<std::size_t>(a)] < times[static_cast<std::size_t>(b)]; });
    arrow::Int64Builder builder;
    ok(builder.AppendValues(order));
    const auto indices = ok(builder.Finish());
    all = ok(ok(arrow::compute::Take(arrow::Datum(all), arrow::Datum(indices))).table()->CombineChunks());
    times = times_of(*all, time);
  }
  const auto place = [&](const std::optional<Timestamp>& at, std::ptrdiff_t otherwise) {
    return at ? std::lower_bound(times.begin(), times.end(), at->ns) - times.begin() : otherwise;
  };
  const auto from = place(range.first, 0), until = place(range.second, std::ssize(times));
  return all->Slice(from, std::max<std::ptrdiff_t>(until - from, 0));
}

struct PartitionRow {
  std::string kind{};
  Date day{};
  std::string symbol{};
  std::uint64_t parts{};
  using fields = Fields<&PartitionRow::kind, &PartitionRow::day, &PartitionRow::symbol, &PartitionRow::parts>;
};

std::vector<std::string> words_of(nb::handle value, std::string_view what) {
  if (value.is_none()) return {};
  if (nb::isinstance<nb::str>(value)) return {nb::cast<std::string>(value)};
  try {
    return nb::cast<std::vector<std::string>>(value);
  } catch (const nb::cast_error&) {
    throw nb::type_error(fmt::format("{}: text or a list of texts is expected", what).c_str());
  }
}

class Store {
 public:
  explicit Store(std::filesystem::path root) : root_(std::move(root)) { need(root_, "a store's folder"); }

  [[nodiscard]] std::vector<std::string> symbols(const std::string& kind) const {
    check(kind);
    std::set<std::string> out;
    for (const auto& partition : store::partitions(root_, kind)) out.insert(partition.symbol);
    return {out.begin(), out.end()};
  }

  [[nodiscard]] Table partitions(const std::string& kind, const std::string& symbol) const {
    check(kind);
    StructColumns<PartitionRow> columns;
    for (const auto& partition : store::partitions(root_, kind, symbol))
      columns.append({partition.kind, partition.day, partition.symbol, value_or_throw(store::parts_of(root_, partition)).size()});
    return {columns.finish()};
  }

  [[nodiscard]] Table read(const std::string& kind, nb::handle symbol, nb::handle start, nb::handle until, nb::handle columns, const std::string& numbers) const {
    check(kind);
    const auto form = numbers_named(numbers);
    const auto symbols = words_of(symbol, "symbol");
    auto wanted = words_of(columns, "columns");
    const Range range{time_from(start, "start"), time_from(until, "until")};
    if (range.first && range.second && *range.second < *range.first) throw nb::value_error("until is before start");
    const nb::gil_scoped_release others;
    return {with_numbers(rows(kind, symbols, range, wanted), form)};
  }

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }

 private:
  static void check(const std::string& kind) {
    if (std::find(kinds.begin(), kinds.end(), kind) != kinds.end()) return;
    std::string all;
    for (const auto one : kinds) all += (all.empty() ? "" : ", ") + std::string(one);
    no_such("kind", kind, all);
  }

  [[nodiscard]] std::shared_ptr<arrow::Table> rows(const std::string& kind, const std::vector<std::string>& symbols, const Range& range, std::vector<std::string> wanted) const {
    const std::string time(time_column(kind));
    const bool names_symbol = wanted.empty() || std::erase(wanted, "symbol") > 0;
    const bool time_only_here = !wanted.empty() && std::find(wanted.begin(), wanted.end(), time) == wanted.end();
    if (time_only_here) wanted.push_back(time);
    // A partition's day is of its market's zone: within a day of UTC's. Daily bars lie by the year.
    const auto day = [](const std::optional<Timestamp>& at, int beyond) -> std::optional<Date> {
      if (!at) return std::nullopt;
      return Date{static_cast<std::int32_t>(at->ns / hours(24).ns) + beyond};
    };
    auto from = day(range.first, -1);
    if (from && kind == store::daily_kind) from = store::first_of_year(*from);
    const auto until = day(range.second, 2);
    std::vector<std::shared_ptr<arrow::Table>> tables;
    for (const auto& symbol : symbols.empty() ? std::vector<std::string>{""} : symbols) {
      const auto all = store::partitions(root_, kind, symbol);
      if (all.empty() && !symbol.empty()) {
        std::set<std::string> there;
        for (const auto& partition : store::partitions(root_, kind)) there.insert(partition.symbol);
        std::string text;
        for (const auto& one : there) text += (text.empty() ? "" : ", ") + one;
        const nb::gil_scoped_acquire interpreter;
        no_such(fmt::format("{} in {} of symbol", kind, root_.string()), symbol, text.empty() ? "none at all" : text);
      }
      bool any = false;
      for (const auto& partition : store::partitions(root_, kind, symbol, from, until)) {
        add(tables, partition, time, range, wanted, names_symbol);
        any = true;
      }
      // Nothing in the range is an empty table, and an empty table has columns.
      if (!any && !all.empty()) {
        add(tables, all.front(), time, range, wanted, names_symbol);
        tables.back() = tables.back()->Slice(0, 0);
      }
    }
    if (tables.empty()) throw DataError(fmt::format("{}: holds no {}", root_.string(), kind));
    auto out = ok(arrow::ConcatenateTables(tables));
    if (time_only_here) out = ok(out->RemoveColumn(out->schema()->GetFieldIndex(time)));
    return out;
  }

  void add(std::vector<std::shared_ptr<arrow::Table>>& tables, const store::Partition& partition, const std::string& time, const Range& range,
           const std::vector<std::string>& wanted, bool names_symbol) const {
    std::vector<std::shared_ptr<arrow::Table>> parts;
    for (const auto& part : value_or_throw(store::parts_of(root_, partition))) parts.push_back(read_part(part, wanted));
    if (parts.empty()) return;
    auto table = cut_and_ordered(std::move(parts), time, range)->ReplaceSchemaMetadata(nullptr);
    // The path says whose rows they are; orders, executions and facts say it themselves, too.
    if (names_symbol && table->GetColumnByName("symbol") == nullptr) {
      const auto symbol = ok(arrow::MakeArrayFromScalar(arrow::StringScalar(partition.symbol), table->num_rows()));
      table = ok(table->AddColumn(1, arrow::field("symbol", arrow::utf8(), false), std::make_shared<arrow::ChunkedArray>(symbol)));
    }
    tables.push_back(std::move(table));
  }

  std::filesystem::path root_;
};

}  // namespace

void bind_store(nb::module_& module) {
  nb::class_<Store>(module, "Store", "The store: Parquet files by kind, day and symbol, as imports and sessions write them. Reads beside a running session.")
      .def(nb::init<std::filesystem::path>(), nb::arg("root"))
      .def_prop_ro("root", &Store::root)
      .def_prop_ro_static("kinds", [](nb::handle) { return std::vector<std::string>(kinds.begin(), kinds.end()); })
      .def("symbols", &Store::symbols, nb::arg("kind"), "Symbols with at least one row of a kind.")
      .def("partitions", &Store::partitions, nb::arg("kind"), nb::arg("symbol") = "", "kind, day, symbol and number of files.")
      .def("read", &Store::read, nb::arg("kind"), nb::arg("symbol") = nb::none(), nb::kw_only(), nb::arg("start") = nb::none(), nb::arg("until") = nb::none(),
           nb::arg("columns") = nb::none(), nb::arg("numbers") = "float",
           nb::sig("def read(self, kind: str, symbol: str | collections.abc.Sequence[str] | None = None, *, start: datetime.date | str | int | None = None, "
                   "until: datetime.date | str | int | None = None, columns: str | collections.abc.Sequence[str] | None = None, "
                   "numbers: typing.Literal['float', 'decimal', 'raw'] = 'float') -> Table"),
           "Rows of [start, until) in order of time, one symbol after the other.\n\n"
           "kind: quotes, trades, depth, bars, daily_bars, orders, executions, facts\n"
           "symbol: one, a list, or None for all\n"
           "start, until: datetime (naive: UTC), date, \"2018-01-02\", \"2018-01-02T14:30:00Z\", nanoseconds since 1970\n"
           "columns: only these\n"
           "numbers: prices, sizes and money as \"float\", exact \"decimal\", or \"raw\" whole numbers of their scale, as they lie on disk\n\n"
           "Raises ValueError for a kind, symbol or column that is not there, DataError with the file's name for one that cannot be read.")
      .def("__repr__", [](const Store& store) { return fmt::format("robotrader.Store('{}')", store.root().string()); });
}

}  // namespace robo::python
