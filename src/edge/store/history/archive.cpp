#include "edge/store/history/archive.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/core.h>
#include <map>

#include "base/crc32c.hpp"
#include "edge/store/parquet_file.hpp"

namespace robo::store::history {

namespace {

namespace fs = std::filesystem;

constexpr Duration day_length = hours(24);
constexpr Date always{INT32_MAX};

std::string compact_time(Timestamp at) {
  std::string out;
  for (const char c : to_text(at).substr(0, 19))
    if (c != '-' && c != ':') out += c;
  return out + "Z";
}

/// A second name below replaced/, on the same disk: nothing is copied. Errors: the disk's.
Result<std::string, Problem> keep(const fs::path& root, const Partition& partition, const fs::path& part, Timestamp at) {
  const auto folder = path_of(root / replaced_folder, partition);
  std::error_code error;
  fs::create_directories(folder, error);
  auto name = part.filename().string();
  for (int n = 0; n < 1000; ++n) {
    const auto kept = folder / fmt::format("part-{}{}-{}", compact_time(at), n == 0 ? std::string{} : fmt::format(".{}", n), name.starts_with("part-") ? name.substr(5) : name);
    if (fs::exists(kept, error)) continue;
    fs::create_hard_link(part, kept, error);
    if (error) fs::copy_file(part, kept, error);  // a disk that knows no links
    if (error) return fail(Problem{fmt::format("{}: cannot be kept: {}", kept.string(), error.message())});
    return fs::relative(kept, root / replaced_folder, error).string();
  }
  return fail(Problem{fmt::format("{}: was replaced too often within one second", part.string())});
}

bool same_price(Price a, Price b) { return std::abs(a.to_double() - b.to_double()) <= 1e-6 * std::abs(a.to_double()); }
/// Volumes of two sources never agree; a price does.
bool agrees(const BarRecord& a, const BarRecord& b) {
  return same_price(a.open, b.open) && same_price(a.high, b.high) && same_price(a.low, b.low) && same_price(a.close, b.close) && (a.volume_known || !b.volume_known);
}

Date day_of(const BarRecord& bar) { return {static_cast<std::int32_t>((bar.start + hours(12)).ns / day_length.ns)}; }

Basis basis_of(const FileNotes& notes) {
  const auto found = notes.find(std::string(adjusted_note));
  if (found == notes.end()) return std::nullopt;
  const auto day = parse_date(found->second);
  return day ? Basis(*day) : std::nullopt;
}

struct There {
  std::vector<fs::path> parts{};         // that hold bars of this length
  std::vector<BarRecord> rows{};         // all of theirs, other lengths too
  FileNotes notes{};                     // of the first
  std::vector<std::string> sources{};
  std::uint64_t repaired{};
};

Result<There, Problem> look(const fs::path& root, const Partition& partition, Duration period, bool repair, Put& put, Timestamp at) {
  There out;
  const auto parts = parts_of(root, partition);
  if (!parts) return fail(parts.error());
  for (const auto& path : *parts) {
    const auto part = summary_of(path);
    auto rows = part ? read_parquet<BarRecord>(path) : Result<std::vector<BarRecord>, Problem>(fail(part.error()));
    if (!rows) {
      if (!repair) return fail(rows.error());
      const auto kept = keep(root, partition, path, at);
      if (!kept) return fail(kept.error());
      put.replaced.push_back(*kept);
      std::error_code error;
      fs::remove(path, error);
      continue;
    }
    if (std::ranges::none_of(*rows, [&](const BarRecord& bar) { return bar.period == period; })) continue;
    if (out.parts.empty()) out.notes = part->notes;
    out.parts.push_back(path);
    out.rows.insert(out.rows.end(), rows->begin(), rows->end());
    if (const auto found = part->notes.find(std::string(source_note)); found != part->notes.end()) out.sources.push_back(found->second);
  }
  return out;
}

}  // namespace

Result<Put, Problem> put_bars(const fs::path& root, const Partition& partition, Duration period, std::span<const BarRecord> fetched, const Origin& origin, const Actions& actions) {
  Put put;
  auto there = look(root, partition, period, origin.repair, put, origin.at);
  if (!there) return fail(there.error());
  const Basis basis = there->parts.empty() ? origin.adjusted : basis_of(there->notes);

  std::vector<BarRecord> rows;
  std::map<Timestamp, std::size_t> at;
  for (const BarRecord& bar : there->rows) {
    if (bar.period == period && at.contains(bar.start)) {
      ++put.dropped;
      continue;
    }
    if (bar.period == period) at[bar.start] = rows.size();
    rows.push_back(bar);
  }
  for (BarRecord bar : fetched) {
    if (basis != origin.adjusted) actions.rebase(bar, partition.symbol, day_of(bar), origin.adjusted, basis, always);
    const auto found = at.find(bar.start);
    if (found != at.end() && agrees(rows[found->second], bar)) continue;
    bar.origin = origin.repair ? DataOrigin::Repaired : DataOrigin::Recorded;
    if (found == at.end()) {
      at[bar.start] = rows.size();
      rows.push_back(bar);
      ++put.added;
    } else {
      bar.origin = DataOrigin::Repaired;  // what stood there is changed, whoever asked
      rows[found->second] = bar;
      ++put.changed;
    }
  }
  put.rows = at.size();
  if (put.added + put.changed + put.dropped == 0) return put;
  std::ranges::stable_sort(rows, {}, &BarRecord::start);

  FileNotes notes{{std::string(source_note), origin.source}};
  if (basis) notes[std::string(adjusted_note)] = to_text(*basis);
  if (!there->parts.empty()) {
    auto& sources = notes[std::string(source_note)];
    std::string before;
    for (const auto& one : there->sources)
      if (one != origin.source && before.find(one) == std::string::npos) before += one + "; ";
    sources = before + sources;
  }
  const auto repaired = std::ranges::count(rows, DataOrigin::Repaired, &BarRecord::origin);
  if (repaired > 0) {
    notes[std::string(repaired_note)] = std::to_string(repaired);
    notes["repaired_at"] = to_text(origin.at);
    notes["repaired_from"] = origin.source;
  }
  const bool loses = put.changed + put.dropped > 0;
  if (loses || there->parts.size() > 1)
    for (const auto& part : there->parts) {
      const auto kept = keep(root, partition, part, origin.at);
      if (!kept) return fail(kept.error());
      put.replaced.push_back(*kept);
    }
  // Over the first of the old files: the rename makes it one step. The others' rows are in it, and leave after it; a crash in
  // between leaves rows twice, which check tells and the next repair mends.
  const auto path = there->parts.empty()
                        ? path_of(root, partition) / fmt::format("part-{:08x}-00000.parquet", crc32c(std::as_bytes(std::span(origin.source)), static_cast<std::uint32_t>(period.ns / 1'000'000)))
                        : there->parts.front();
  const auto written = write_parquet<BarRecord>(path, rows, notes);
  if (!written) return fail(written.error());
  std::error_code error;
  for (std::size_t i = 1; i < there->parts.size(); ++i) fs::remove(there->parts[i], error);
  return put;
}

template <class R>
Result<Put, Problem> put_ticks(const fs::path& root, const Partition& partition, std::span<const R> fetched, const Origin& origin) {
  Put put{.rows = fetched.size(), .added = fetched.size()};
  const auto path = path_of(root, partition) / fmt::format("part-{:08x}-00000.parquet", crc32c(std::as_bytes(std::span(origin.source))));
  std::error_code error;
  if (fs::exists(path, error)) {
    const auto before = read_parquet<R>(path);
    if (before && before->size() == fetched.size() && std::ranges::equal(*before, fetched, [](const R& a, const R& b) {
          bool same = true;
          each_field<R>([&](auto field) {
            if constexpr (field.name != std::string_view("received_at")) same = same && a.*field.member == b.*field.member;
          });
          return same;
        })) {
      put.added = 0;
      return put;
    }
    const auto kept = keep(root, partition, path, origin.at);
    if (!kept) return fail(kept.error());
    put.replaced.push_back(*kept);
    put.changed = before ? before->size() : 0;
  }
  FileNotes notes{{std::string(source_note), origin.source}};
  if (!put.replaced.empty()) notes["repaired_at"] = to_text(origin.at);
  const auto written = write_parquet<R>(path, fetched, notes);
  if (!written) return fail(written.error());
  return put;
}

template Result<Put, Problem> put_ticks(const fs::path&, const Partition&, std::span<const TradeRecord>, const Origin&);
template Result<Put, Problem> put_ticks(const fs::path&, const Partition&, std::span<const QuoteRecord>, const Origin&);

}  // namespace robo::store::history
