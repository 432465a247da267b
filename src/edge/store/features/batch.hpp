#pragma once
// A batch of feature rows as a file that is mapped: an Arrow IPC file with one record batch of fixed room. It is a whole Arrow
// file from its first moment, so other programs map it and read without copying while it fills.
//
//   columns   at, known_at: timestamp[ns, UTC]; one double a feature, NaN where it is not known (missing or not yet warm)
//   metadata  set, symbol, source
//   rows      those whose `at` is not 0: a row's `at` is written last

#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::store::features {

/// What a series of rows is: the features of a set for one symbol, told by one source (a session).
struct SeriesName {
  std::string set{}, symbol{}, source{};
  std::vector<std::string> features{};
};

/// The bytes of an empty batch around its columns, and where the columns begin.
struct BatchLayout {
  std::string head{}, tail{};
  std::uint64_t at{}, known_at{};
  std::vector<std::uint64_t> values{};
  std::uint64_t tail_at{}, size{};
  std::uint32_t rows{};
};
[[nodiscard]] BatchLayout layout_of(const SeriesName& name, std::uint32_t rows);

/// A batch that is being filled. Thread: one; readers map the file.
class Batch {
 public:
  Batch() = default;
  Batch(Batch&& other) noexcept { *this = std::move(other); }
  Batch& operator=(Batch&& other) noexcept;
  ~Batch() { unmap(); }

  /// Reserves the bytes first: a full disk is an error here and no fault later.
  [[nodiscard]] static Result<Batch, Problem> create(const std::filesystem::path& path, const BatchLayout& layout);
  [[nodiscard]] bool full() const { return used_ + staged_ == rows_; }
  [[nodiscard]] std::uint32_t used() const { return used_ + staged_; }
  [[nodiscard]] bool is_open() const { return base_ != nullptr; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Expects room and as many values as the layout has features. Rows are seen in eights, or after publish(): whole cache lines
  /// of a column are written instead of one word in each.
  void append(std::int64_t at, std::int64_t known_at, const double* values) {
    at_stage_[staged_] = at;
    known_at_stage_[staged_] = known_at;
    std::memcpy(stage_.get() + staged_ * features_, values, features_ * sizeof(double));
    if (++staged_ == stage_rows || full()) publish();
  }
  void publish();

 private:
  void unmap();
  std::byte* base_ = nullptr;
  double* values_ = nullptr;
  std::int64_t *at_ = nullptr, *known_at_ = nullptr;
  std::size_t stride_ = 0, features_ = 0;
  static constexpr std::uint32_t stage_rows = 8;
  std::unique_ptr<double[]> stage_;   // row by row
  std::array<std::int64_t, stage_rows> at_stage_{}, known_at_stage_{};
  std::uint32_t used_ = 0, rows_ = 0, staged_ = 0;
  std::uint64_t size_ = 0;
  std::filesystem::path path_;
};

/// Rows to read, where they lie: in a mapped batch, or as a Parquet file held them.
struct Rows {
  SeriesName name{};
  std::span<const std::int64_t> at{}, known_at{};
  std::vector<std::span<const double>> values{};
  std::shared_ptr<const void> owner{};
  [[nodiscard]] std::size_t size() const { return at.size(); }
};

/// Maps a batch, without copying a row; what is filled later is seen by mapping again, or through refresh(). Errors: not a batch.
[[nodiscard]] Result<Rows, Problem> map_batch(const std::filesystem::path& path);
/// The rows that have been filled since.
void refresh(Rows& rows);

/// A sealed file of rows; appears whole or not at all. Errors: the disk's, with the path.
[[nodiscard]] Result<std::uint64_t, Problem> write_rows(const std::filesystem::path& path, std::span<const Rows> parts);
/// Errors: a file that is no Parquet, or half of one (named).
[[nodiscard]] Result<Rows, Problem> read_rows(const std::filesystem::path& path);

}  // namespace robo::store::features
