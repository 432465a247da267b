#pragma once
// A segment file: mapped, allocated and faulted in before the hot thread touches it.

#include <cstddef>
#include <filesystem>
#include <span>
#include <utility>

#include "base/result.hpp"

namespace robo::journal {

class MappedFile {
 public:
  MappedFile() = default;
  MappedFile(MappedFile&& other) noexcept { *this = std::move(other); }
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile() { close(); }

  /// Creates the file, reserves `size` bytes on disk and faults its pages in. Errors: disk full, not writable.
  [[nodiscard]] static Result<MappedFile, Problem> create(const std::filesystem::path& path, std::size_t size);
  /// Maps an existing file for reading. Errors: missing, unreadable.
  [[nodiscard]] static Result<MappedFile, Problem> open(const std::filesystem::path& path);

  [[nodiscard]] std::byte* data() const { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::span<const std::byte> bytes() const { return {data_, size_}; }
  [[nodiscard]] bool is_open() const { return data_ != nullptr; }

  /// Asks the kernel to write [0, size) to the disk now. False: the disk refused.
  [[nodiscard]] bool sync(std::size_t size) const;
  /// Cuts the file to what was used and unmaps it.
  void close_at(std::size_t used);
  void close();

 private:
  int file_ = -1;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace robo::journal
