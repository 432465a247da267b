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

/// Members whose column is an array of plain numbers.
template <class T> inline constexpr bool is_plain = !is_text<T> && !NamedEnum<T> && !std::is_same_v<T, bool>;

template <class R, class F>
arrow::Result<std::shared_ptr<arrow::Array>> column_of(std::span<const R> rows, F field) {
  using T = typename F::Type;
  const auto count = static_cast<std::int64_t>(rows.size());
  if constexpr (is_plain<T>) {
    using C = typename Column<T>::ArrowType::c_type;
    ARROW_ASSIGN_OR_RAISE(std::shared_ptr<arrow::Buffer> buffer, arrow::AllocateBuffer(count * static_cast<std::int64_t>(sizeof(C)), pool()));
    C* to = reinterpret_cast<C*>(buffer->mutable_data());
    for (const R& row : rows) *to++ = static_cast<C>(stored(row.*field.member));
    return arrow::MakeArray(arrow::ArrayData::Make(Column<T>::type(), count, {nullptr, std::move(buffer)}, 0));
  } else {
    typename arrow::TypeTraits<typename Column<T>::ArrowType>::BuilderType builder(Column<T>::type(), pool());
    ARROW_RETURN_NOT_OK(builder.Reserve(count));
    for (const R& row : rows) ARROW_RETURN_NOT_OK(builder.Append(stored(row.*field.member)));
    return builder.Finish();
  }
}

template <class R>
arrow::Result<std::shared_ptr<arrow::Table>> table_of(std::span<const R> rows, const std::shared_ptr<arrow::Schema>& schema) {
  arrow::ArrayVector columns;
  arrow::Status status;
  each_field<R>([&](auto field) {
    if (!status.ok()) return;
    auto column = column_of(rows, field);
    if (column.ok()) columns.push_back(std::move(*column));
    else status = column.status();
  });
  ARROW_RETURN_NOT_OK(status);
  return arrow::Table::Make(schema, std::move(columns), static_cast<std::int64_t>(rows.size()));
}

constexpr std::int64_t rows_in_group = 1 << 17;

/// One group of rows after the other: their columns stay small enough to be used again, and are never all there at once.
template <class R>
arrow::Status write_rows(std::span<const R> rows, const FileNotes& notes, const std::string& path) {
  ARROW_ASSIGN_OR_RAISE(auto out, arrow::io::FileOutputStream::Open(path));
  parquet::WriterProperties::Builder properties;
  properties.compression(arrow::Compression::ZSTD)->memory_pool(pool())->version(parquet::ParquetVersion::PARQUET_2_6);
  // Times hardly repeat and hardly move: their differences are a few bits, a dictionary of them is all of them again.
  each_field<R>([&](auto field) {
    if constexpr (std::is_same_v<typename decltype(field)::Type, Timestamp>)
      properties.disable_dictionary(std::string(field.name))->encoding(std::string(field.name), parquet::Encoding::DELTA_BINARY_PACKED);
  });
  const auto schema = schema_of<R>(notes);
  ARROW_ASSIGN_OR_RAISE(auto writer, parquet::arrow::FileWriter::Open(*schema, pool(), out, properties.build(), parquet::ArrowWriterProperties::Builder().store_schema()->build()));
  std::size_t at = 0;
  do {
    const auto part = rows.subspan(at, std::min<std::size_t>(rows.size() - at, rows_in_group));
    ARROW_ASSIGN_OR_RAISE(const auto table, table_of<R>(part, schema));
    ARROW_RETURN_NOT_OK(writer->WriteTable(*table, rows_in_group));
    at += part.size();
  } while (at < rows.size());
  ARROW_RETURN_NOT_OK(writer->Close());
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

/// What is wrong with a column for a member; nothing when it fits.
template <class F>
std::string misfit(const arrow::Table& table, F) {
  using T = typename F::Type;
  const auto column = table.GetColumnByName(std::string(F::name));
  if (column == nullptr) return fmt::format("column {} is missing", F::name);
  if (!column->type()->Equals(*Column<T>::type()))
    return fmt::format("column {} is of type {}, {} is expected", F::name, column->type()->ToString(), Column<T>::type()->ToString());
  if (column->null_count() != 0) return fmt::format("column {} has empty cells", F::name);
  return {};
}

/// Fills one member of rows from `count` cells of its column, the first of them at `from`. False: a value is not one of its names.
template <class R, class F>
bool fill(const arrow::Array& column, std::int64_t from, std::int64_t count, R* rows, F field) {
  using T = typename F::Type;
  const auto& array = static_cast<const typename arrow::TypeTraits<typename Column<T>::ArrowType>::ArrayType&>(column);
  if constexpr (is_plain<T>) {
    const auto* values = array.raw_values() + from;
    for (std::int64_t i = 0; i < count; ++i) (void)restore(values[i], rows[i].*field.member);
  } else {
    for (std::int64_t i = 0; i < count; ++i)
      if (!restore(array.GetView(from + i), rows[i].*field.member)) return false;
  }
  return true;
}

constexpr std::int64_t rows_in_block = 2048;  // of all members: they stay near while every column passes over them

/// Appends the rows of a table; says what is wrong with it.
template <class R>
std::string append(const arrow::Table& read, std::vector<R>& rows) {
  std::string wrong;
  each_field<R>([&](auto field) {
    if (wrong.empty()) wrong = misfit(read, field);
  });
  if (!wrong.empty()) return wrong;
  arrow::TableBatchReader batches(read);
  std::shared_ptr<arrow::RecordBatch> batch;
  while (wrong.empty() && batches.ReadNext(&batch).ok() && batch != nullptr) {
    std::vector<std::shared_ptr<arrow::Array>> columns;
    each_field<R>([&](auto field) { columns.push_back(batch->GetColumnByName(std::string(field.name))); });
    for (std::int64_t from = 0; from < batch->num_rows() && wrong.empty(); from += rows_in_block) {
      const auto count = std::min(rows_in_block, batch->num_rows() - from);
      const auto at = rows.size();
      rows.resize(at + static_cast<std::size_t>(count));
      std::size_t index = 0;
      each_field<R>([&](auto field) {
        if (!fill(*columns[index++], from, count, rows.data() + at, field) && wrong.empty()) wrong = fmt::format("column {}: a value is not one of its names", field.name);
      });
    }
  }
  return wrong;
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
    if (const auto status = write_rows<R>(rows, notes, beside.string()); !status.ok()) return give_up(status.ToString());
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
    std::vector<R> rows;
    const auto metadata = (*reader)->parquet_reader()->metadata();
    rows.reserve(static_cast<std::size_t>(metadata->num_rows()));
    for (int group = 0; group < std::max(1, metadata->num_row_groups()); ++group) {
      const auto read = metadata->num_row_groups() == 0 ? (*reader)->ReadTable() : (*reader)->ReadRowGroup(group);
      if (!read.ok()) return fail(problem(path, read.status().ToString()));
      if (const auto wrong = append(**read, rows); !wrong.empty()) return fail(problem(path, wrong));
    }
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
