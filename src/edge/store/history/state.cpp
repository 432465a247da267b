#include "edge/store/history/state.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "edge/store/history/files.hpp"
#include "edge/store/store.hpp"
#include "edge/store/text_file.hpp"
#include "model/json/json.hpp"

namespace robo::store::history {

StateFile StateFile::load(const std::filesystem::path& root, std::string_view symbol, std::string_view series) {
  StateFile out;
  std::string name(series);
  std::ranges::replace(name, ' ', '-');
  out.path_ = root / "history" / ("symbol=" + folder_of(symbol)) / (name + ".jsonl");
  std::error_code error;
  if (!std::filesystem::exists(out.path_, error)) return out;
  const auto file = read_text_file(out.path_);
  if (!file) {
    out.damaged_.push_back(file.error().text);
    return out;
  }
  Lines lines(file->text);
  for (std::string_view line; lines.next(line);) {
    if (line.empty()) continue;
    auto state = json::from_json<DayState>(line);
    if (state) out.days_[state->day] = std::move(*state);
    else out.damaged_.push_back(fmt::format("{}:{}: {}", out.path_.string(), lines.number(), state.error().empty() ? "cannot be read" : state.error().front().text));
  }
  return out;
}

const DayState* StateFile::find(Date day) const {
  const auto found = days_.find(day);
  return found == days_.end() ? nullptr : &found->second;
}

std::optional<Problem> StateFile::put(DayState state) {
  if (auto wrong = append_line(path_, json::to_json(state))) return wrong;
  days_[state.day] = std::move(state);
  return std::nullopt;
}

}  // namespace robo::store::history
