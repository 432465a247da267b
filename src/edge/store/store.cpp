#include "edge/store/store.hpp"

#include <algorithm>
#include <fcntl.h>
#include <fmt/core.h>
#include <set>
#include <unistd.h>

#include "base/crc32c.hpp"
#include "edge/store/parquet_file.hpp"
#include "model/calendar.hpp"

namespace robo::store {

namespace {

namespace fs = std::filesystem;

template <class R>
Timestamp time_of(const R& record) {
  if constexpr (requires { record.at; }) return record.at;
  else return record.start;
}

template <class R>
void sort_by_time(std::vector<R>& rows) {
  std::stable_sort(rows.begin(), rows.end(), [](const R& a, const R& b) { return time_of(a) < time_of(b); });
}

bool is_part(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with("part-") && name.ends_with(".parquet");
}

bool is_leftover(const fs::path& path) {
  const auto name = path.filename().string();
  return name.starts_with(".part-") && name.ends_with(".tmp");
}

std::vector<fs::path> list(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) found.push_back(at->path());
  std::sort(found.begin(), found.end());
  return found;
}

constexpr std::string_view session_stem = "part-session-", compact_stem = "part-compact-";
constexpr std::string_view merged_word = "merged-";            // in the name, after the source's stem
constexpr std::uint64_t merge_bytes_max = 1u << 20;            // of parts that are joined: their rows are held at once
constexpr std::string_view replaces_key = "replaces";
constexpr std::string_view source_key = "source";

/// Parts in force: those that no compacted part has replaced. A crash may have left both.
Result<std::vector<fs::path>, Problem> parts_in_force(const fs::path& folder) {
  std::vector<fs::path> parts;
  std::set<std::string> replaced;
  for (const auto& path : list(folder)) {
    if (!is_part(path)) continue;
    parts.push_back(path);
    if (const auto name = path.filename().string(); !name.starts_with(compact_stem) && name.find(merged_word) == std::string::npos) continue;
    const auto notes = read_notes(path);
    if (!notes) return fail(notes.error());
    const auto found = notes->find(std::string(replaces_key));
    if (found == notes->end()) continue;
    for (std::string_view rest = found->second; !rest.empty();) {
      const auto comma = rest.find(',');
      replaced.emplace(rest.substr(0, comma));
      rest.remove_prefix(comma == std::string_view::npos ? rest.size() : comma + 1);
    }
  }
  std::erase_if(parts, [&](const fs::path& path) { return replaced.contains(path.filename().string()); });
  return parts;
}

template <class R>
Result<std::vector<R>, Problem> read_parts(const std::vector<fs::path>& parts) {
  std::vector<R> all;
  for (const auto& part : parts) {
    auto rows = read_parquet<R>(part);
    if (!rows) return fail(rows.error());
    if (all.empty()) all = std::move(*rows);
    else all.insert(all.end(), std::make_move_iterator(rows->begin()), std::make_move_iterator(rows->end()));
  }
  if (parts.size() > 1) sort_by_time(all);
  return all;
}

template <class R>
std::optional<Problem> compact_kind(const fs::path& root, CompactionSummary& summary, std::string_view kind = kind_of<R>) {
  for (const auto& date : list(root / kind)) {
    for (const auto& folder : list(date)) {
      std::error_code ignored;
      for (const auto& path : list(folder))
        if (is_leftover(path) && fs::remove(path, ignored)) ++summary.leftovers_removed;
      auto parts = parts_in_force(folder);
      if (!parts) return parts.error();
      std::erase_if(*parts, [](const fs::path& path) {
        const auto name = path.filename().string();
        return !name.starts_with(session_stem) && !name.starts_with(compact_stem);
      });
      if (parts->empty()) continue;
      ++summary.partitions;
      summary.parts_before += parts->size();
      ++summary.parts_after;
      if (parts->size() > 1) {
        auto rows = read_parts<R>(*parts);
        if (!rows) return rows.error();
        std::string replaces;
        for (const auto& part : *parts) replaces += (replaces.empty() ? "" : ",") + part.filename().string();
        // Named after what it replaces, so that a second compaction never meets its own name.
        const auto name = fmt::format("{}{:08x}.parquet", compact_stem, crc32c(std::as_bytes(std::span(replaces))));
        const auto written = write_parquet<R>(folder / name, *rows, {{std::string(replaces_key), replaces}});
        if (!written) return written.error();
        for (const auto& part : *parts) fs::remove(part, ignored);
      }
      // What an interrupted compaction replaced and did not remove.
      const auto in_force = parts_in_force(folder);
      if (!in_force) return in_force.error();
      for (const auto& path : list(folder))
        if (is_part(path) && std::find(in_force->begin(), in_force->end(), path) == in_force->end() && fs::remove(path, ignored)) ++summary.leftovers_removed;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string folder_of(std::string_view symbol) {
  std::string folder;
  for (const char c : symbol) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' || c == '-' || (c == '.' && !folder.empty());
    if (plain) folder += c;
    else folder += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return folder.empty() ? "%" : folder;
}

std::string symbol_of_folder(std::string_view folder) {
  std::string symbol;
  const auto digit = [](char c) { return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1; };
  for (std::size_t i = 0; i < folder.size(); ++i) {
    if (folder[i] != '%') symbol += folder[i];
    else if (i + 2 < folder.size() && digit(folder[i + 1]) >= 0 && digit(folder[i + 2]) >= 0) {
      symbol += static_cast<char>(digit(folder[i + 1]) * 16 + digit(folder[i + 2]));
      i += 2;
    }
  }
  return symbol;
}

fs::path path_of(const fs::path& root, const Partition& partition) {
  return root / partition.kind / ("date=" + robo::to_text(partition.day)) / ("symbol=" + folder_of(partition.symbol));
}

std::vector<Partition> partitions(const fs::path& root, std::string_view kind, std::string_view symbol, std::optional<Date> from,
                                  std::optional<Date> until) {
  std::vector<Partition> found;
  for (const auto& date : list(root / kind)) {
    const auto name = date.filename().string();
    if (!name.starts_with("date=")) continue;
    const auto day = parse_date(std::string_view(name).substr(5));
    if (!day || (from && *day < *from) || (until && *day >= *until)) continue;
    // One symbol is looked for by its name: a day may hold thousands of others.
    for (const auto& folder : symbol.empty() ? list(date) : std::vector<fs::path>{date / ("symbol=" + folder_of(symbol))}) {
      const auto inner = folder.filename().string();
      if (!inner.starts_with("symbol=")) continue;
      const auto its = symbol_of_folder(std::string_view(inner).substr(7));
      if (!symbol.empty() && its != symbol) continue;
      const auto parts = list(folder);
      if (std::any_of(parts.begin(), parts.end(), is_part)) found.push_back({std::string(kind), *day, its});
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

Result<std::vector<fs::path>, Problem> parts_of(const fs::path& root, const Partition& partition) { return parts_in_force(path_of(root, partition)); }

template <class R>
Result<std::vector<R>, Problem> read_partition(const fs::path& root, const Partition& partition) {
  const auto parts = parts_in_force(path_of(root, partition));
  if (!parts) return fail(parts.error());
  return read_parts<R>(*parts);
}

template Result<std::vector<QuoteRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<TradeRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<DepthRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<BarRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<OrderRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<ExecutionRecord>, Problem> read_partition(const fs::path&, const Partition&);
template Result<std::vector<FactRecord>, Problem> read_partition(const fs::path&, const Partition&);

Result<CompactionSummary, Problem> compact(const fs::path& root) {
  CompactionSummary summary;
  std::optional<Problem> wrong;
  [&]<class... R>(std::type_identity<R>...) {
    ((wrong = wrong ? wrong : compact_kind<R>(root, summary)), ...);
  }(std::type_identity<QuoteRecord>{}, std::type_identity<TradeRecord>{}, std::type_identity<DepthRecord>{}, std::type_identity<BarRecord>{},
    std::type_identity<OrderRecord>{}, std::type_identity<ExecutionRecord>{}, std::type_identity<FactRecord>{});
  if (!wrong) wrong = compact_kind<BarRecord>(root, summary, daily_kind);
  if (wrong) return fail(*wrong);
  return summary;
}

Date first_of_year(Date day) {
  const auto text = robo::to_text(day);
  return parse_date(text.substr(0, 4) + "-01-01").value_or(day);
}

Result<std::vector<BarRecord>, Problem> read_daily_bars(const fs::path& root, std::string_view symbol, Date from, Date until) {
  std::vector<BarRecord> bars;
  for (const auto& partition : partitions(root, daily_kind, symbol, first_of_year(from), until)) {
    auto rows = read_partition<BarRecord>(root, partition);
    if (!rows) return fail(rows.error());
    // A bar starts at midnight of its market: within 14 hours of midnight UTC.
    for (const auto& bar : *rows) {
      const Date day{static_cast<std::int32_t>((bar.start + hours(12)).ns / hours(24).ns)};
      if (day >= from && day < until) bars.push_back(bar);
    }
  }
  return bars;
}

StoreWriter::StoreWriter(fs::path root, WriterKind kind, std::string_view source, std::size_t rows_max)
    : root_(std::move(root)), source_(source),
      stem_(fmt::format("{}{:08x}-", kind == WriterKind::Session ? session_stem : "part-", crc32c(std::as_bytes(std::span(source.data(), source.size()))))),
      durably_(kind != WriterKind::Following), rows_max_(rows_max) {}

template <class R>
std::optional<Problem> StoreWriter::write(Rows<R>& all, std::size_t at_least) {
  for (auto next = all.begin(); next != all.end();) {
    const auto found = next++;
    auto& rows = found->second;
    if (rows.size() < at_least) continue;
    sort_by_time(rows);
    auto& number = next_part_[found->first];
    const auto path = path_of(root_, found->first) / fmt::format("{}{:05}.parquet", stem_, number);
    auto notes = notes_;
    notes[std::string(source_key)] = source_;
    const auto written = write_parquet<R>(path, rows, notes, durably_);
    if (!written) return written.error();
    ++number;
    summary_.rows += rows.size();
    ++summary_.parts;
    summary_.bytes += *written;
    held_ -= rows.size();
    all.erase(found);
  }
  return std::nullopt;
}

Result<WriteSummary, Problem> StoreWriter::flush() {
  std::optional<Problem> wrong;
  std::apply([&](auto&... rows) { ((wrong = wrong ? wrong : write(rows, 0)), ...); }, rows_);
  last_.reset();
  if (wrong) return fail(*wrong);
  failed_.reset();  // what could not be written then is written now
  return summary_;
}

template <class R>
std::optional<Problem> StoreWriter::merge_partition(const Partition& partition, std::size_t parts_min) {
  const auto folder = path_of(root_, partition);
  std::vector<fs::path> small;
  std::uint64_t bytes = 0;
  for (const auto& path : list(folder)) {
    const auto name = path.filename().string();
    if (!is_part(path) || !name.starts_with(stem_) || name.find(merged_word) != std::string::npos) continue;
    std::error_code error;
    bytes += fs::file_size(path, error);
    if (bytes > merge_bytes_max && small.size() > 1) break;
    small.push_back(path);
  }
  if (small.size() < std::max<std::size_t>(parts_min, 2)) return std::nullopt;
  const auto rows = read_parts<R>(small);
  if (!rows) return rows.error();
  std::string replaces;
  for (const auto& part : small) replaces += (replaces.empty() ? "" : ",") + part.filename().string();
  const auto number = small.front().filename().string().substr(stem_.size());
  auto notes = notes_;
  notes[std::string(source_key)] = source_;
  notes[std::string(replaces_key)] = replaces;
  const auto written = write_parquet<R>(folder / fmt::format("{}{}{}", stem_, merged_word, number), *rows, notes, durably_);
  if (!written) return written.error();
  std::error_code ignored;
  for (const auto& part : small) fs::remove(part, ignored);
  summary_.parts -= small.size() - 1;
  summary_.bytes += *written - bytes;
  return std::nullopt;
}

Result<WriteSummary, Problem> StoreWriter::merge(std::size_t parts_min) {
  std::optional<Problem> wrong;
  const auto one = [&]<class R>(std::type_identity<R>, const Partition& partition) {
    const bool daily = std::is_same_v<R, BarRecord> && partition.kind == daily_kind;
    if (!wrong && (partition.kind == kind_of<R> || daily)) wrong = merge_partition<R>(partition, parts_min);
  };
  for (const auto& [partition, count] : next_part_)
    [&]<class... R>(std::type_identity<R>... types) { (one(types, partition), ...); }(
        std::type_identity<QuoteRecord>{}, std::type_identity<TradeRecord>{}, std::type_identity<DepthRecord>{}, std::type_identity<BarRecord>{},
        std::type_identity<OrderRecord>{}, std::type_identity<ExecutionRecord>{}, std::type_identity<FactRecord>{});
  if (wrong) return fail(*wrong);
  return summary_;
}

Result<WriteSummary, Problem> StoreWriter::finish() {
  const auto flushed = flush();
  if (!flushed) return flushed;
  if (failed_) return fail(*failed_);
  for (const auto& [partition, count] : next_part_)
    for (const auto& path : list(path_of(root_, partition))) {
      const auto name = path.filename().string();
      std::error_code ignored;
      if (name.starts_with(stem_) && is_part(path) && name >= fmt::format("{}{:05}.parquet", stem_, count)) fs::remove(path, ignored);
    }
  return flushed;
}

Result<bool, Problem> StoreWriter::sync() const {
  const int folder = ::open(root_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = folder >= 0 && ::syncfs(folder) == 0;
  if (folder >= 0) ::close(folder);
  if (!synced) return fail(Problem{fmt::format("{}: could not be brought to disk", root_.string())});
  return true;
}

void StoreWriter::write_by_itself() {
  // The large ones make room; the small ones would become many small files.
  if (!failed_) {
    const auto before = held_;
    std::optional<Problem> wrong;
    std::apply([&](auto&... rows) { ((wrong = wrong ? wrong : write(rows, rows_max_ / 16)), ...); }, rows_);
    last_.reset();
    if (!wrong && held_ < before) return;
  }
  if (const auto result = flush(); !result && !failed_) failed_ = result.error();
}

}  // namespace robo::store
