#pragma once
// What has been asked of a source, by symbol and day: why a fetch that was killed goes on where it stood, and a repair does not
// ask for ever. One line of JSON a day asked, appended after its rows are on disk: <store>/history/symbol=SPY/1-min.jsonl

#include <array>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/fields.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace robo::store::history {

enum class DayStatus : std::uint8_t {
  Complete,
  Partial,    // the source had the day's beginning only: asked again
  Empty,      // the source answered and had nothing of that day
  Confirmed,  // asked again for a suspicion, and the source says the same
};

struct DayState {
  Date day{};                            // the partition: of daily bars the first of January
  Date from{}, until{};                  // what was asked for, [from, until)
  DayStatus status{};
  std::uint64_t rows{}, added{}, repaired{};
  std::uint32_t asked{};                 // so many times by now
  Timestamp at{};                        // when the answer was stored
  std::string source{};
  std::string reason{};                  // of a repair: "hole, outlier"
  std::vector<std::string> replaced{};   // files that are kept under replaced/
  using fields = Fields<&DayState::day, &DayState::from, &DayState::until, &DayState::status, &DayState::rows, &DayState::added, &DayState::repaired, &DayState::asked, &DayState::at,
                        &DayState::source, &DayState::reason, &DayState::replaced>;
};
static_assert(Complete<DayState>);

class StateFile {
 public:
  /// `series`: words_of(period), "trades", "quotes". A line that cannot be read counts as not asked, and is told in damaged().
  [[nodiscard]] static StateFile load(const std::filesystem::path& root, std::string_view symbol, std::string_view series);
  /// The last word on a day; null: never asked.
  [[nodiscard]] const DayState* find(Date day) const;
  [[nodiscard]] std::optional<Problem> put(DayState state);
  [[nodiscard]] const std::map<Date, DayState>& days() const { return days_; }
  [[nodiscard]] const std::vector<std::string>& damaged() const { return damaged_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::map<Date, DayState> days_;
  std::vector<std::string> damaged_;
};

}  // namespace robo::store::history

template <>
struct robo::EnumNames<robo::store::history::DayStatus> {
  static constexpr std::array<std::string_view, 4> names{"complete", "partial", "empty", "confirmed"};
};
