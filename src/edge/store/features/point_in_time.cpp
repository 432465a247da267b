#include "edge/store/features/point_in_time.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "edge/store/features/feature_store.hpp"
#include "edge/store/store.hpp"

namespace robo::store::features {

namespace {

std::vector<std::filesystem::path> files_in(const std::filesystem::path& folder, std::string_view extension, std::string_view source) {
  std::vector<std::filesystem::path> out;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    const auto name = entry.path().filename().string();
    if (entry.path().extension() == extension && (source.empty() || (name.starts_with(source) && name.size() > source.size() && name[source.size()] == '.')))
      out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

bool covers(const Rows& outer, const Rows& inner) {
  return outer.name.source == inner.name.source && outer.size() > 0 && inner.size() > 0 && outer.at.front() <= inner.at.front() &&
         outer.at.back() >= inner.at.back() && std::binary_search(outer.at.begin(), outer.at.end(), inner.at.front());
}

Series Series::load(const std::filesystem::path& folder, const std::filesystem::path& live, std::string_view set, std::string_view symbol, std::string_view source,
                    std::optional<Date> from, std::optional<Date> until) {
  Series out;
  std::vector<std::filesystem::path> days;
  std::error_code error;
  for (const auto& day : std::filesystem::directory_iterator(folder / ("set=" + folder_of(set)), error)) {
    const auto name = day.path().filename().string();
    const auto within = [&](Date bound, bool least) { return least ? name.substr(5) >= to_text(bound) : name.substr(5) < to_text(bound); };
    if (!name.starts_with("date=") || (from && !within(*from, true)) || (until && !within(*until, false))) continue;
    days.push_back(day.path());
  }
  std::sort(days.begin(), days.end());
  std::set<std::string> sealed;
  // A batch may be sealed while we look: live ones are mapped first, and those that are in Parquet by then are taken from there.
  std::vector<std::pair<std::string, Rows>> batches;
  for (const auto& path : files_in(live / folder_of(set) / folder_of(symbol), ".arrow", source))
    if (auto rows = map_batch(path); rows && rows->size() > 0) batches.emplace_back(path.stem().string(), std::move(*rows));
  for (const auto& day : days)
    for (const auto& path : files_in(day / ("symbol=" + folder_of(symbol)), ".parquet", source)) {
      auto rows = read_rows(path);
      if (rows) out.parts_.push_back(std::move(*rows));
      else out.damaged_.push_back(rows.error().text);
    }
  for (auto& [stem, rows] : batches) {
    const bool there = std::any_of(out.parts_.begin(), out.parts_.end(), [&](const Rows& part) { return covers(part, rows); });
    if (!there) out.parts_.push_back(std::move(rows));
  }
  std::stable_sort(out.parts_.begin(), out.parts_.end(), [](const Rows& a, const Rows& b) { return a.known_at.front() < b.known_at.front(); });
  return out;
}

std::size_t Series::size() const {
  std::size_t n = 0;
  for (const auto& part : parts_) n += part.size();
  return n;
}

Series::Place Series::as_known_at(Timestamp moment, std::optional<Duration> age_max) const {
  auto part = std::upper_bound(parts_.begin(), parts_.end(), moment.ns, [](std::int64_t at, const Rows& rows) { return at < rows.known_at.front(); });
  if (part == parts_.begin()) return {};
  --part;
  const auto row = std::upper_bound(part->known_at.begin(), part->known_at.end(), moment.ns) - part->known_at.begin() - 1;
  const Place place{&*part, static_cast<std::size_t>(row)};
  if (age_max && moment.ns - part->known_at[place.row] > age_max->ns) return {};
  return place;
}

Joined join_as_known(const std::filesystem::path& folder, const std::filesystem::path& live, std::string_view set, std::span<const Moment> moments,
                     const std::vector<std::string>& features, std::optional<Duration> age_max) {
  Joined out{.features = features, .known_at = std::vector<std::int64_t>(moments.size()), .values = {}};
  out.values.assign(features.size(), std::vector<double>(moments.size(), std::numeric_limits<double>::quiet_NaN()));
  std::map<std::string, std::vector<std::size_t>> by_symbol;
  for (std::size_t i = 0; i < moments.size(); ++i) by_symbol[moments[i].symbol].push_back(i);
  for (const auto& [symbol, rows] : by_symbol) {
    const auto series = Series::load(folder, live, set, symbol);
    out.damaged.insert(out.damaged.end(), series.damaged().begin(), series.damaged().end());
    for (const auto i : rows) {
      const auto place = series.as_known_at(moments[i].at, age_max);
      if (!place) continue;
      out.known_at[i] = place.rows->known_at[place.row];
      for (std::size_t f = 0; f < features.size(); ++f) {
        const auto& names = place.rows->name.features;
        const auto found = std::find(names.begin(), names.end(), features[f]);
        if (found != names.end()) out.values[f][i] = place.rows->values[static_cast<std::size_t>(found - names.begin())][place.row];
      }
    }
  }
  return out;
}

}  // namespace robo::store::features
