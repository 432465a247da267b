#include "edge/sim/server/order_file.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <string>

#include <fmt/format.h>

namespace robo::sim {

Result<OrderIds, Problem> OrderIds::open(const std::filesystem::path& dir) {
  OrderIds ids;
  if (dir.empty()) return ids;
  std::error_code error;
  std::filesystem::create_directories(dir, error);
  if (error) return fail(Problem{fmt::format("{}: cannot be made ({}); give a folder that can be written", dir.string(), error.message())});
  ids.file_ = dir / "order_ids.csv";
  std::ifstream in(ids.file_);
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line.starts_with("client,")) continue;
    std::int32_t client = 0, next = 0;
    const auto comma = line.find(',');
    const auto end = line.data() + line.size();
    if (comma == std::string::npos || std::from_chars(line.data(), line.data() + comma, client).ec != std::errc{} ||
        std::from_chars(line.data() + comma + 1, end, next).ec != std::errc{})
      return fail(Problem{fmt::format("{}:{}: '{}' is not client,next order id; remove the line", ids.file_.string(), number, line)});
    ids.next_[client] = next;
  }
  return ids;
}

std::int32_t OrderIds::next(std::int32_t client) const {
  const auto found = next_.find(client);
  return found == next_.end() ? 1 : found->second;
}

void OrderIds::used(std::int32_t client, std::int32_t order) {
  auto& next = next_.try_emplace(client, 1).first->second;
  if (order < next) return;
  next = order + 1;
  save();
}

void OrderIds::roll_back(std::int32_t count) {
  for (auto& [client, next] : next_) next = std::max(1, next - count);
  save();
}

void OrderIds::save() const {
  if (file_.empty()) return;
  const auto fresh = std::filesystem::path(file_.string() + ".new");
  {
    std::ofstream out(fresh, std::ios::trunc);
    out << "client,next\n";
    for (const auto& [client, next] : next_) out << client << ',' << next << '\n';
  }
  std::error_code error;
  std::filesystem::rename(fresh, file_, error);
}

}  // namespace robo::sim
