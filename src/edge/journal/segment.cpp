#include "edge/journal/segment.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace robo::journal {

namespace {

Problem system_problem(std::string_view doing, const std::filesystem::path& path, int error) {
  return {fmt::format("{}: {}: {}", path.string(), doing, std::strerror(error))};
}

}  // namespace

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  if (this != &other) {
    close();
    file_ = std::exchange(other.file_, -1);
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Result<MappedFile, Problem> MappedFile::create(const std::filesystem::path& path, std::size_t size) {
  MappedFile made;
  made.file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (made.file_ < 0) return fail(system_problem("cannot create the journal segment", path, errno));
  // posix_fallocate and not ftruncate: a full disk must be met here, not as SIGBUS on the hot thread.
  if (const int error = ::posix_fallocate(made.file_, 0, static_cast<off_t>(size))) {
    made.close();
    ::unlink(path.c_str());
    return fail(system_problem(fmt::format("cannot reserve {} MiB for the journal", size >> 20), path, error));
  }
  void* mapped = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, made.file_, 0);
  if (mapped == MAP_FAILED) {
    const int error = errno;
    made.close();
    ::unlink(path.c_str());
    return fail(system_problem("cannot map the journal segment", path, error));
  }
  made.data_ = static_cast<std::byte*>(mapped);
  made.size_ = size;
#ifdef MADV_POPULATE_WRITE
  (void)::madvise(mapped, size, MADV_POPULATE_WRITE);  // page faults belong to this thread, not to the hot one
#else
  for (std::size_t page = 0; page < size; page += 4096) made.data_[page] = std::byte{0};
#endif
  return made;
}

Result<MappedFile, Problem> MappedFile::open(const std::filesystem::path& path) {
  MappedFile made;
  made.file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (made.file_ < 0) return fail(system_problem("cannot open", path, errno));
  struct stat info {};
  if (::fstat(made.file_, &info) != 0) return fail(system_problem("cannot read its size", path, errno));
  if (info.st_size == 0) return fail(Problem{fmt::format("{}: is empty", path.string())});
  void* mapped = ::mmap(nullptr, static_cast<std::size_t>(info.st_size), PROT_READ, MAP_PRIVATE, made.file_, 0);
  if (mapped == MAP_FAILED) return fail(system_problem("cannot map", path, errno));
  made.data_ = static_cast<std::byte*>(mapped);
  made.size_ = static_cast<std::size_t>(info.st_size);
  return made;
}

bool MappedFile::sync(std::size_t size) const {
  return !data_ || ::msync(data_, (size + 4095) & ~std::size_t{4095}, MS_SYNC) == 0;
}

void MappedFile::close_at(std::size_t used) {
  if (file_ >= 0) (void)!::ftruncate(file_, static_cast<off_t>(used));
  close();
}

void MappedFile::close() {
  if (data_) ::munmap(data_, size_);
  if (file_ >= 0) ::close(file_);
  data_ = nullptr;
  file_ = -1;
  size_ = 0;
}

}  // namespace robo::journal
