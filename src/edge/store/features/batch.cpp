#include "edge/store/features/batch.hpp"

#include <algorithm>
#include <arrow/api.h>
#include <arrow/io/api.h>
#include <arrow/ipc/api.h>
#include <arrow/util/key_value_metadata.h>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <parquet/arrow/reader.h>
#include <parquet/arrow/writer.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/invariant.hpp"

namespace robo::store::features {

namespace {

std::shared_ptr<arrow::Schema> schema_of(const SeriesName& name) {
  const auto time = arrow::timestamp(arrow::TimeUnit::NANO, "UTC");
  arrow::FieldVector fields{arrow::field("at", time, false), arrow::field("known_at", time, false)};
  for (const auto& feature : name.features) fields.push_back(arrow::field(feature, arrow::float64(), false));
  return arrow::schema(fields, arrow::key_value_metadata({"set", "symbol", "source"}, {name.set, name.symbol, name.source}));
}

SeriesName name_in(const arrow::Schema& schema) {
  SeriesName name;
  if (const auto metadata = schema.metadata()) {
    name.set = metadata->Get("set").ValueOr("");
    name.symbol = metadata->Get("symbol").ValueOr("");
    name.source = metadata->Get("source").ValueOr("");
  }
  for (int i = 2; i < schema.num_fields(); ++i) name.features.push_back(schema.field(i)->name());
  return name;
}

bool is_ours(const arrow::Schema& schema) {
  if (schema.num_fields() < 2 || schema.field(0)->name() != "at" || schema.field(1)->name() != "known_at") return false;
  for (int i = 0; i < schema.num_fields(); ++i)
    if (schema.field(i)->type()->id() != (i < 2 ? arrow::Type::TIMESTAMP : arrow::Type::DOUBLE)) return false;
  return true;
}

template <class T>
std::span<const T> values_in(const arrow::Array& array) {
  const auto& data = *array.data();
  return {data.GetValues<T>(1), static_cast<std::size_t>(data.length)};
}

Rows rows_of(std::shared_ptr<arrow::RecordBatch> batch) {
  Rows rows{.name = name_in(*batch->schema())};
  rows.at = values_in<std::int64_t>(*batch->column(0));
  rows.known_at = values_in<std::int64_t>(*batch->column(1));
  for (int i = 2; i < batch->num_columns(); ++i) rows.values.push_back(values_in<double>(*batch->column(i)));
  rows.owner = std::move(batch);
  return rows;
}

/// Rows are filled from the front: the first `at` of 0 ends them.
std::size_t filled(const std::int64_t* at, std::size_t from, std::size_t most) {
  std::size_t low = from, high = most;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (std::atomic_ref<std::int64_t>(const_cast<std::int64_t&>(at[middle])).load(std::memory_order_acquire) != 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

struct Mapped {
  std::shared_ptr<arrow::RecordBatch> batch{};
  std::size_t room{};
};

template <class T>
std::span<const T> column_of(const Mapped& mapped, int column, std::size_t size) {
  return {mapped.batch->column(column)->data()->GetValues<T>(1), size};
}

void cut(Rows& rows, std::size_t size) {
  const auto& mapped = *static_cast<const Mapped*>(rows.owner.get());
  rows.at = column_of<std::int64_t>(mapped, 0, size);
  rows.known_at = column_of<std::int64_t>(mapped, 1, size);
  for (std::size_t i = 0; i < rows.values.size(); ++i) rows.values[i] = column_of<double>(mapped, static_cast<int>(i) + 2, size);
}

}  // namespace

BatchLayout layout_of(const SeriesName& name, std::uint32_t rows) {
  const auto schema = schema_of(name);
  const std::int64_t bytes = std::int64_t{rows} * 8;
  const std::shared_ptr<arrow::Buffer> nothing = arrow::AllocateBuffer(bytes).ValueOrDie();
  std::memset(nothing->mutable_data(), 0, static_cast<std::size_t>(bytes));
  arrow::ArrayVector columns;
  for (const auto& field : schema->fields())
    columns.push_back(arrow::MakeArray(arrow::ArrayData::Make(field->type(), rows, {nullptr, nothing}, 0)));
  auto options = arrow::ipc::IpcWriteOptions::Defaults();
  options.alignment = 64;
  const auto out = arrow::io::BufferOutputStream::Create(bytes * schema->num_fields() + 65536).ValueOrDie();
  const auto writer = arrow::ipc::MakeFileWriter(out, schema, options).ValueOrDie();
  const auto written = writer->WriteRecordBatch(*arrow::RecordBatch::Make(schema, rows, columns));
  INVARIANT(written.ok() && writer->Close().ok());  // into memory
  const auto image = out->Finish().ValueOrDie();
  const auto reader = arrow::ipc::RecordBatchFileReader::Open(std::make_shared<arrow::io::BufferReader>(image)).ValueOrDie();
  const auto batch = reader->ReadRecordBatch(0).ValueOrDie();
  const auto offset = [&](int column) { return static_cast<std::uint64_t>(batch->column(column)->data()->buffers[1]->data() - image->data()); };
  BatchLayout layout{.at = offset(0), .known_at = offset(1), .size = static_cast<std::uint64_t>(image->size()), .rows = rows};
  for (int i = 2; i < batch->num_columns(); ++i) layout.values.push_back(offset(i));
  layout.tail_at = offset(batch->num_columns() - 1) + static_cast<std::uint64_t>(bytes);
  const std::string_view all(reinterpret_cast<const char*>(image->data()), static_cast<std::size_t>(image->size()));
  layout.head = all.substr(0, layout.at);
  layout.tail = all.substr(layout.tail_at);
  return layout;
}

Batch& Batch::operator=(Batch&& other) noexcept {
  if (this == &other) return *this;
  unmap();
  base_ = std::exchange(other.base_, nullptr);
  values_ = other.values_;
  at_ = other.at_;
  known_at_ = other.known_at_;
  stride_ = other.stride_;
  features_ = other.features_;
  stage_ = std::move(other.stage_);
  at_stage_ = other.at_stage_;
  known_at_stage_ = other.known_at_stage_;
  used_ = other.used_;
  staged_ = other.staged_;
  rows_ = other.rows_;
  size_ = other.size_;
  path_ = std::move(other.path_);
  return *this;
}

void Batch::publish() {
  const std::size_t row = used_, n = features_, rows = staged_;
  const double* const stage = stage_.get();
  if (rows == stage_rows) {
    for (std::size_t i = 0; i < n; ++i) {
      double* const column = values_ + i * stride_ + row;
      for (std::size_t k = 0; k < stage_rows; ++k) column[k] = stage[k * n + i];
    }
  } else {
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t k = 0; k < rows; ++k) values_[i * stride_ + row + k] = stage[k * n + i];
  }
  std::memcpy(known_at_ + row, known_at_stage_.data(), rows * sizeof(std::int64_t));
  for (std::size_t k = 0; k < rows; ++k) std::atomic_ref<std::int64_t>(at_[row + k]).store(at_stage_[k], std::memory_order_release);
  used_ += staged_;
  staged_ = 0;
}

void Batch::unmap() {
  if (base_ != nullptr) ::munmap(base_, size_);
  base_ = nullptr;
}

Result<Batch, Problem> Batch::create(const std::filesystem::path& path, const BatchLayout& layout) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const auto give_up = [&](int error) {
    if (file >= 0) ::close(file);
    ::unlink(path.c_str());
    return fail(Problem{fmt::format("{}: {}{}", path.string(), std::strerror(error),
                                    error == ENOSPC ? "; give features.live a folder with room, or lower features.memory_max_mb" : "")});
  };
  if (file < 0) return give_up(errno);
  if (const int error = ::posix_fallocate(file, 0, static_cast<off_t>(layout.size)); error != 0) return give_up(error);
  auto* base = ::mmap(nullptr, layout.size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, file, 0);
  if (base == MAP_FAILED) return give_up(errno);
  ::close(file);
  Batch batch;
  batch.base_ = static_cast<std::byte*>(base);
  batch.size_ = layout.size;
  batch.path_ = path;
  batch.rows_ = layout.rows;
  batch.features_ = layout.values.size();
  batch.stage_ = std::make_unique_for_overwrite<double[]>(stage_rows * batch.features_);
  batch.at_ = reinterpret_cast<std::int64_t*>(batch.base_ + layout.at);
  batch.known_at_ = reinterpret_cast<std::int64_t*>(batch.base_ + layout.known_at);
  if (!layout.values.empty()) batch.values_ = reinterpret_cast<double*>(batch.base_ + layout.values[0]);
  if (layout.values.size() > 1) batch.stride_ = (layout.values[1] - layout.values[0]) / 8;
  std::memcpy(batch.base_ + layout.tail_at, layout.tail.data(), layout.tail.size());
  std::memcpy(batch.base_, layout.head.data(), layout.head.size());
  return batch;
}

Result<Rows, Problem> map_batch(const std::filesystem::path& path) {
  const auto wrong = [&](std::string_view what) { return fail(Problem{fmt::format("{}: is no batch of features: {}", path.string(), what)}); };
  auto file = arrow::io::MemoryMappedFile::Open(path.string(), arrow::io::FileMode::READ);
  if (!file.ok()) return wrong(file.status().message());
  auto reader = arrow::ipc::RecordBatchFileReader::Open(*file);
  if (!reader.ok()) return wrong(reader.status().message());
  if ((*reader)->num_record_batches() != 1 || !is_ours(*(*reader)->schema())) return wrong("other columns");
  auto batch = (*reader)->ReadRecordBatch(0);
  if (!batch.ok()) return wrong(batch.status().message());
  auto rows = rows_of(*batch);
  rows.owner = std::make_shared<const Mapped>(Mapped{*batch, rows.at.size()});
  cut(rows, filled(rows.at.data(), 0, rows.at.size()));
  return rows;
}

void refresh(Rows& rows) {
  const auto* mapped = static_cast<const Mapped*>(rows.owner.get());
  cut(rows, filled(rows.at.data(), rows.size(), mapped->room));
}

Result<std::uint64_t, Problem> write_rows(const std::filesystem::path& path, std::span<const Rows> parts) {
  const auto beside = std::filesystem::path(path.string() + ".part");
  const auto give_up = [&](const std::string& what) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return fail(Problem{fmt::format("{}: {}", path.string(), what)});
  };
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) return give_up(error.message());
  if (parts.empty()) return give_up("nothing to write");
  const auto schema = schema_of(parts[0].name);
  std::vector<std::shared_ptr<arrow::RecordBatch>> batches;
  for (const auto& part : parts) {
    arrow::ArrayVector columns;
    const auto rows = static_cast<std::int64_t>(part.size());
    const auto add = [&](const std::shared_ptr<arrow::DataType>& type, const void* data) {
      columns.push_back(arrow::MakeArray(arrow::ArrayData::Make(type, rows, {nullptr, std::make_shared<arrow::Buffer>(static_cast<const std::uint8_t*>(data), rows * 8)}, 0)));
    };
    add(schema->field(0)->type(), part.at.data());
    add(schema->field(1)->type(), part.known_at.data());
    for (const auto& values : part.values) add(arrow::float64(), values.data());
    batches.push_back(arrow::RecordBatch::Make(schema, rows, columns));
  }
  const auto table = arrow::Table::FromRecordBatches(schema, batches);
  if (!table.ok()) return give_up(table.status().message());
  auto out = arrow::io::FileOutputStream::Open(beside.string());
  if (!out.ok()) return give_up(out.status().message());
  // Doubles of one series are alike in their high bytes: split byte by byte they compress.
  parquet::WriterProperties::Builder properties;
  properties.compression(parquet::Compression::ZSTD)->compression_level(1)->disable_dictionary()->encoding(parquet::Encoding::BYTE_STREAM_SPLIT);
  properties.encoding("at", parquet::Encoding::DELTA_BINARY_PACKED)->encoding("known_at", parquet::Encoding::DELTA_BINARY_PACKED);
  std::string what;
  try {
    const auto status = parquet::arrow::WriteTable(**table, arrow::default_memory_pool(), *out, 1 << 20, properties.build(),
                                                   parquet::ArrowWriterProperties::Builder().store_schema()->build());
    if (!status.ok()) what = status.message();
    if (what.empty())
      if (const auto closed = (*out)->Close(); !closed.ok()) what = closed.message();
  } catch (const std::exception& caught) {
    what = caught.what();
  }
  if (!what.empty()) return give_up(what);
  const auto bytes = std::filesystem::file_size(beside, error);
  const int file = ::open(beside.c_str(), O_RDONLY | O_CLOEXEC);
  const bool synced = file >= 0 && ::fsync(file) == 0;
  if (file >= 0) ::close(file);
  if (!synced) return give_up("could not be brought to disk");
  std::filesystem::rename(beside, path, error);
  if (error) return give_up(error.message());
  return bytes;
}

Result<Rows, Problem> read_rows(const std::filesystem::path& path) {
  const auto wrong = [&](std::string_view what) { return fail(Problem{fmt::format("{}: cannot be read: {}", path.string(), what)}); };
  try {
    auto file = arrow::io::ReadableFile::Open(path.string());
    if (!file.ok()) return wrong(file.status().message());
    auto reader = parquet::arrow::OpenFile(*file, arrow::default_memory_pool());
    if (!reader.ok()) return wrong(reader.status().message());
    auto table = (*reader)->ReadTable();
    if (!table.ok()) return wrong(table.status().message());
    if (!is_ours(*(*table)->schema())) return wrong("it has other columns than a set of features");
    auto batch = (*table)->CombineChunksToBatch();
    if (!batch.ok()) return wrong(batch.status().message());
    return rows_of(*batch);
  } catch (const std::exception& caught) {
    return wrong(caught.what());
  }
}

}  // namespace robo::store::features
