#include "edge/ib/order_ids.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include "base/defence.hpp"

namespace robo::ib {

namespace {
constexpr std::int32_t block = 256;
}

Result<OrderIds, Problem> OrderIds::open(const std::filesystem::path& folder, std::int32_t client_id) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return fail(Problem{"cannot make " + folder.string() + ": " + error.message()});
  OrderIds ids;
  ids.file_ = folder / ("order_id_high_water." + std::to_string(client_id));
  if (!std::filesystem::exists(ids.file_, error)) return ids;
  std::ifstream in(ids.file_);
  std::string text;
  std::getline(in, text);
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), ids.reserved_);
  if (!in || wrong != std::errc{} || end != text.data() + text.size() || ids.reserved_ < 0) {
    return fail(Problem{ids.file_.string() + ": holds no order id: write the highest order id ever used by client " +
                        std::to_string(client_id) + " into it"});
  }
  ids.next_ = ids.reserved_ + 1;
  return ids;
}

void OrderIds::server_says(std::int32_t next_valid) {
  next_ = stands(Defence::OrderIdHighWater) ? std::max(next_, next_valid) : next_valid;
}

void OrderIds::seen(std::int32_t id) {
  if (id < INT32_MAX && stands(Defence::OrderIdHighWater)) next_ = std::max(next_, id + 1);
}

Result<std::int32_t, Problem> OrderIds::take() {
  if (next_ > reserved_) {
    if (auto done = reserve(next_ + block - 1); !done) return fail(done.error());
  }
  return next_++;
}

Result<void, Problem> OrderIds::reserve(std::int32_t up_to) {
  const std::string fresh = file_.string() + ".new";
  const auto refuse = [&](const char* what) {
    return fail(Problem{std::string("cannot ") + what + " " + fresh + ": " + std::strerror(errno)});
  };
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return refuse("open");
  const std::string text = std::to_string(up_to) + "\n";
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(fd) == 0;
  ::close(fd);
  if (!written) return refuse("write");
  if (::rename(fresh.c_str(), file_.c_str()) != 0) return refuse("rename");
  reserved_ = up_to;
  return {};
}

}  // namespace robo::ib
