#include "edge/store/parquet_file.hpp"

#include <arrow/api.h>
#include <arrow/io/api.h>
#include <arrow/util/key_value_metadata.h>
#include <fcntl.h>
#include <fmt/core.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <parquet/exception.h>
#include <parquet/metadata.h>
#include <parquet/schema.h>
#include <parquet/statistics.h>
#include <type_traits>
#include <unistd.h>

#include "base/strong.hpp"

namespace robo::store {

namespace {

template <class T> inline constexpr bool is_decimal = false;
template <class Tag, std::int64_t S> inline constexpr bool is_decimal<Decimal<Tag, S>> = true;
template <class T> inline constexpr bool is_text = std::is_same_v<T, std::string>;
template <std::size_t N> inline constexpr bool is_text<FixedText<N>> = true;

std::string_view view_of(const std::string& text) { return text; }
template <std::size_t N>
std::string_view view_of(const FixedText<N>& text) { return text.view(); }

template <class T>
auto arrow_type_of() {
  if constexpr (std::is_same_v<T, Timestamp>) return std::type_identity<arrow::TimestampType>{};
  else if constexpr (std::is_same_v<T, Date>) return std::type_identity<arrow::Date32Type>{};
  else if constexpr (std::is_same_v<T, Duration> || is_decimal<T>) return std::type_identity<arrow::Int64Type>{};
  else if constexpr (is_text<T> || NamedEnum<T>) return std::type_identity<arrow::StringType>{};
  else if constexpr (std::is_same_v<T, bool>) return std::type_identity<arrow::BooleanType>{};
  else if constexpr (std::is_same_v<T, double>) return std::type_identity<arrow::DoubleType>{};
  else return std::type_identity<typename arrow::CTypeTraits<T>::ArrowType>{};
}

/// How a member type lies in a column: Arrow's type, and the number or text it becomes and comes from.
template <class T>
struct Column {
  using ArrowType = typename decltype(arrow_type_of<T>())::type;
  static std::shared_ptr<arrow::DataType> type() {
    if constexpr (std::is_same_v<T, Timestamp>) return arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
    else return arrow::TypeTraits<ArrowType>::type_singleton();
  }
  static std::shared_ptr<arrow::KeyValueMetadata> metadata() {
    if constexpr (is_decimal<T>) return arrow::key_value_metadata({"scale"}, {std::to_string(T::scale)});
    else if constexpr (std::is_same_v<T, Duration>) return arrow::key_value_metadata({"unit"}, {"ns"});
    else return nullptr;
  }
};

template <class T>
auto stored(const T& value) {
  if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>) return value.ns;
  else if constexpr (std::is_same_v<T, Date>) return value.days;
  else if constexpr (is_decimal<T>) return value.raw;
  else if constexpr (is_text<T>) return view_of(value);
  else if constexpr (NamedEnum<T>) return robo::to_text(value);
  else return value;
}

/// False: an enum's text is not one of its names.
template <class T, class V>
bool restore(const V& value, T& out) {
  if constexpr (std::is_same_v<T, Timestamp> || std::is_same_v<T, Duration>) out.ns = value;
  else if constexpr (std::is_same_v<T, Date>) out.days = value;
  else if constexpr (is_decimal<T>) out = T::from_raw(value);
  else if constexpr (is_text<T>) out = T(value);
  else if constexpr (NamedEnum<T>) {
    for (std::size_t i = 0; i < EnumNames<T>::names.size(); ++i) {
      if (EnumNames<T>::names[i] != value) continue;
      out = static_cast<T>(i);
      return true;
    }
    return false;
  } else {
    out = value;
  }
  return true;
}

/// malloc: an arena of Arrow's own keeps tens of megabytes that a trading engine has better uses for.
arrow::MemoryPool* pool() { return arrow::system_memory_pool(); }

template <class R>
std::shared_ptr<arrow::Schema> schema_of(const FileNotes& notes) {
  arrow::FieldVector fields;
  each_field<R>([&](auto field) {
    using T = typename decltype(field)::Type;
    fields.push_back(arrow::field(std::string(field.name), Column<T>::type(), false, Column<T>::metadata()));
  });
  auto metadata = std::make_shared<arrow::KeyValueMetadata>();
  for (const auto& [key, value] : notes) metadata->Append("robotrader." + key, value);
  return arrow::schema(std::move(fields), std::move(metadata));
}

template <class R>
arrow::Result<std::shared_ptr<arrow::Table>> table_of(std::span<const R> rows, const FileNotes& notes) {
  arrow::ArrayVector columns;
  arrow::Status status;
  each_field<R>([&](auto field) {
    using T = typename decltype(field)::Type;
    if (!status.ok()) return;
    typename arrow::TypeTraits<typename Column<T>::ArrowType>::BuilderType builder(Column<T>::type(), pool());
    status = builder.Reserve(static_cast<std::int64_t>(rows.size()));
    for (const R& row : rows) {
      if (!status.ok()) return;
      status = builder.Append(stored(row.*field.member));
    }
    std::shared_ptr<arrow::Array> column;
    if (status.ok()) status = builder.Finish(&column);
    columns.push_back(std::move(column));
  });
  ARROW_RETURN_NOT_OK(status);
  return arrow::Table::Make(schema_of<R>(notes), std::move(columns), static_cast<std::int64_t>(rows.size()));
}

constexpr std::int64_t rows_in_group = 1 << 17;

arrow::Status write_table(const arrow::Table& table, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::FileOutputStream::Open(path));
  const auto properties = parquet::WriterProperties::Builder()
                              .compression(arrow::Compression::ZSTD)
                              ->memory_pool(pool())
                              ->version(parquet::ParquetVersion::PARQUET_2_6)
                              ->build();
  const auto arrow_properties = parquet::ArrowWriterProperties::Builder().store_schema()->build();
  ARROW_RETURN_NOT_OK(parquet::arrow::WriteTable(table, pool(), out, rows_in_group, properties, arrow_properties));
  return out->Close();
}

std::string rename_over(const std::filesystem::path& from, const std::filesystem::path& to, bool durably) {
  std::error_code error;
  if (!durably) {
    std::filesystem::rename(from, to, error);
    return error ? error.message() : std::string{};
  }
  const int file = ::open(from.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) return "could not be brought to disk";
  std::filesystem::rename(from, to, error);
  if (error) return error.message();
  if (const int folder = ::open(to.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); folder >= 0) {
    (void)::fsync(folder);
    ::close(folder);
  }
  return {};
}

arrow::Result<std::unique_ptr<parquet::arrow::FileReader>> open_reader(const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto in, arrow::io::ReadableFile::Open(path));
  parquet::arrow::FileReaderBuilder builder;
  ARROW_RETURN_NOT_OK(builder.Open(std::move(in)));
  builder.memory_pool(pool())->properties(parquet::ArrowReaderProperties(false));
  std::unique_ptr<parquet::arrow::FileReader> reader;
  ARROW_RETURN_NOT_OK(builder.Build(&reader));
  return reader;
}

/// Fills one member of all rows from its column; says what is wrong with it.
template <class R, class F>
std::string fill(const arrow::Table& table, std::vector<R>& rows, F field) {
  using T = typename F::Type;
  using Array = typename arrow::TypeTraits<typename Column<T>::ArrowType>::ArrayType;
  const auto column = table.GetColumnByName(std::string(F::name));
  if (column == nullptr) return fmt::format("column {} is missing", F::name);
  if (!column->type()->Equals(*Column<T>::type()))
    return fmt::format("column {} is of type {}, {} is expected", F::name, column->type()->ToString(), Column<T>::type()->ToString());
  if (column->null_count() != 0) return fmt::format("column {} has empty cells", F::name);
  std::size_t at = 0;
  for (const auto& chunk : column->chunks()) {
    const auto& array = static_cast<const Array&>(*chunk);
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (!restore(array.GetView(i), rows[at++].*field.member)) return fmt::format("column {}: a value is not one of its names", F::name);
    }
  }
  return {};
}

FileNotes notes_of(const parquet::FileMetaData& file) {
  FileNotes notes;
  const auto metadata = file.key_value_metadata();
  constexpr std::string_view prefix = "robotrader.";
  if (metadata != nullptr)
    for (std::int64_t i = 0; i < metadata->size(); ++i)
      if (metadata->key(i).starts_with(prefix)) notes[metadata->key(i).substr(prefix.size())] = metadata->value(i);
  return notes;
}

Problem problem(const std::filesystem::path& path, std::string_view what) { return {fmt::format("{}: {}", path.string(), what)}; }

}  // namespace

template <class R>
Result<std::uint64_t, Problem> write_parquet(const std::filesystem::path& path, std::span<const R> rows, const FileNotes& notes, bool durably) {
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return fail(problem(path.parent_path(), "cannot be made: " + error.message()));
  const auto beside = path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
  const auto give_up = [&](std::string_view what) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return fail(problem(path, what));
  };
  try {
    const auto table = table_of<R>(rows, notes);
    if (!table.ok()) return give_up(table.status().ToString());
    if (const auto status = write_table(**table, beside.string()); !status.ok()) return give_up(status.ToString());
  } catch (const std::exception& exception) {
    return give_up(exception.what());
  }
  if (const auto wrong = rename_over(beside, path, durably); !wrong.empty()) return give_up(wrong);
  const auto bytes = std::filesystem::file_size(path, error);
  return error ? std::uint64_t{} : static_cast<std::uint64_t>(bytes);
}

template <class R>
Result<std::vector<R>, Problem> read_parquet(const std::filesystem::path& path, FileNotes* notes) {
  try {
    auto reader = open_reader(path.string());
    if (!reader.ok()) return fail(problem(path, reader.status().ToString()));
    if (notes != nullptr) *notes = notes_of(*(*reader)->parquet_reader()->metadata());
    const auto read = (*reader)->ReadTable();
    if (!read.ok()) return fail(problem(path, read.status().ToString()));
    const auto& table = *read;
    std::vector<R> rows(static_cast<std::size_t>(table->num_rows()));
    std::string wrong;
    each_field<R>([&](auto field) {
      if (wrong.empty()) wrong = fill(*table, rows, field);
    });
    if (!wrong.empty()) return fail(problem(path, wrong));
    return rows;
  } catch (const std::exception& exception) {
    return fail(problem(path, exception.what()));
  }
}

Result<FileNotes, Problem> read_notes(const std::filesystem::path& path) {
  try {
    auto reader = open_reader(path.string());
    if (!reader.ok()) return fail(problem(path, reader.status().ToString()));
    return notes_of(*(*reader)->parquet_reader()->metadata());
  } catch (const std::exception& exception) {
    return fail(problem(path, exception.what()));
  }
}

namespace {

/// Smallest and largest of a column of 64-bit integers, by the footer's statistics.
bool span_of(const parquet::FileMetaData& metadata, std::string_view column, std::int64_t& least, std::int64_t& most) {
  const int index = metadata.schema()->ColumnIndex(std::string(column));
  if (index < 0 || metadata.schema()->Column(index)->physical_type() != parquet::Type::INT64) return false;
  bool any = false;
  for (int group = 0; group < metadata.num_row_groups(); ++group) {
    const auto statistics = metadata.RowGroup(group)->ColumnChunk(index)->statistics();
    if (statistics == nullptr || !statistics->HasMinMax()) continue;
    const auto& typed = static_cast<const parquet::Int64Statistics&>(*statistics);
    least = any ? std::min(least, typed.min()) : typed.min();
    most = any ? std::max(most, typed.max()) : typed.max();
    any = true;
  }
  return any;
}

}  // namespace

Result<PartSummary, Problem> summary_of(const std::filesystem::path& path) {
  try {
    auto reader = open_reader(path.string());
    if (!reader.ok()) return fail(problem(path, reader.status().ToString()));
    const auto metadata = (*reader)->parquet_reader()->metadata();
    PartSummary out{.path = path, .rows = static_cast<std::uint64_t>(metadata->num_rows())};
    std::error_code ignored;
    out.bytes = std::filesystem::file_size(path, ignored);
    if (!span_of(*metadata, "at", out.first.ns, out.last.ns)) (void)span_of(*metadata, "start", out.first.ns, out.last.ns);
    (void)span_of(*metadata, "period", out.shortest.ns, out.longest.ns);
    out.notes = notes_of(*metadata);
    return out;
  } catch (const std::exception& exception) {
    return fail(problem(path, exception.what()));
  }
}

#define ROBO_PARQUET(R)                                                                                                        \
  template Result<std::uint64_t, Problem> write_parquet<R>(const std::filesystem::path&, std::span<const R>, const FileNotes&, bool); \
  template Result<std::vector<R>, Problem> read_parquet<R>(const std::filesystem::path&, FileNotes*)
ROBO_PARQUET(QuoteRecord);
ROBO_PARQUET(TradeRecord);
ROBO_PARQUET(DepthRecord);
ROBO_PARQUET(BarRecord);
ROBO_PARQUET(OrderRecord);
ROBO_PARQUET(ExecutionRecord);
ROBO_PARQUET(FactRecord);

}  // namespace robo::store
