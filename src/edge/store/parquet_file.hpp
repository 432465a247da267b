#pragma once
// One Parquet file of records. Columns are the members by name: times as UTC nanoseconds, prices, sizes and money as 64-bit
// integers with their scale in the column's metadata, enums by name. Whoever reads Parquet reads these.

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/store/records.hpp"

namespace robo::store {

/// Key and value texts kept in the file's footer.
using FileNotes = std::map<std::string, std::string>;

/// Writes beside `path` and renames: a reader sees the old file, the new one, or none, never a part of one; the same after a
/// crash, and after a power cut when it is written `durably`. Makes the folders. Errors: the disk's, with the path.
template <class R>
[[nodiscard]] Result<std::uint64_t, Problem> write_parquet(const std::filesystem::path& path, std::span<const R> rows, const FileNotes& notes = {},
                                                           bool durably = true);

/// Errors: not a Parquet file; a column of R is missing or of another type. Columns that R does not have are passed over.
/// `notes`, where given, gets the footer's.
template <class R>
[[nodiscard]] Result<std::vector<R>, Problem> read_parquet(const std::filesystem::path& path, FileNotes* notes = nullptr);

[[nodiscard]] Result<FileNotes, Problem> read_notes(const std::filesystem::path& path);

/// What a file's footer tells without reading its rows.
struct PartSummary {
  std::filesystem::path path{};
  std::uint64_t rows{}, bytes{};
  Timestamp first{INT64_MAX}, last{INT64_MIN};     // of `at` or `start`; as here: no rows, or no such column
  Duration shortest{}, longest{};                  // of bars: their periods
  FileNotes notes{};
};
/// Errors: not a Parquet file.
[[nodiscard]] Result<PartSummary, Problem> summary_of(const std::filesystem::path& path);

#define ROBO_PARQUET_EXTERN(R)                                                                                                              \
  extern template Result<std::uint64_t, Problem> write_parquet<R>(const std::filesystem::path&, std::span<const R>, const FileNotes&, bool); \
  extern template Result<std::vector<R>, Problem> read_parquet<R>(const std::filesystem::path&, FileNotes*)
ROBO_PARQUET_EXTERN(QuoteRecord);
ROBO_PARQUET_EXTERN(TradeRecord);
ROBO_PARQUET_EXTERN(DepthRecord);
ROBO_PARQUET_EXTERN(BarRecord);
ROBO_PARQUET_EXTERN(OrderRecord);
ROBO_PARQUET_EXTERN(ExecutionRecord);
ROBO_PARQUET_EXTERN(FactRecord);
#undef ROBO_PARQUET_EXTERN

}  // namespace robo::store
