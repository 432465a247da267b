#include "edge/store/import_report.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace robo::store {

namespace {

/// Text from a file, safe to print: control bytes and bytes above ASCII become '?'.
std::string printable(std::string_view row) {
  std::string text(row.substr(0, 100));
  for (char& c : text)
    if (c < ' ' || c > '~') c = '?';
  return text;
}

void note(std::map<std::string, RowGroup>& groups, std::string_view reason, std::uint64_t line, std::string_view row) {
  auto found = groups.find(std::string(reason));
  if (found == groups.end()) {
    found = groups.emplace(std::string(reason), RowGroup{}).first;
    found->second.example = printable(row);
  }
  auto& group = found->second;
  ++group.rows;
  if (group.lines.size() < RowGroup::examples_max) group.lines.push_back(line);
}

void print(std::string& out, std::string_view title, const std::map<std::string, RowGroup>& groups, std::string_view mark) {
  std::vector<std::pair<std::string_view, const RowGroup*>> sorted;
  for (const auto& [reason, group] : groups) sorted.emplace_back(reason, &group);
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second->rows > b.second->rows; });
  bool first = true;
  for (const auto& [reason, group] : sorted) {
    std::string lines;
    for (const auto line : group->lines) lines += (lines.empty() ? "" : ", ") + std::to_string(line);
    if (group->rows > group->lines.size()) lines += ", ...";
    out += fmt::format("  {:<10} {:>9}  {} {}\n  {:<10} {:>9}    line{} {}\n", first ? title : "", group->rows, mark, reason, "", "",
                       group->rows == 1 ? "" : "s", lines);
    first = false;
  }
}

}  // namespace

void ImportReport::repaired(std::string_view reason, std::uint64_t line, std::string_view row) {
  note(repairs, reason, line, row);
  if (listener) listener("repaired", reason, line, row);
}
void ImportReport::flag(std::string_view reason, std::uint64_t line, std::string_view row) {
  note(flags, reason, line, row);
  if (listener) listener("flagged", reason, line, row);
}
void ImportReport::refuse(std::string_view reason, std::uint64_t line, std::string_view row) {
  ++refused;
  note(refusals, reason, line, row);
  if (listener) listener("refused", reason, line, row);
}

std::uint64_t ImportReport::repaired_rows() const {
  std::uint64_t sum = 0;
  for (const auto& [reason, group] : repairs) sum += group.rows;
  return sum;
}

std::string to_text(const ImportReport& report) {
  std::string out = fmt::format("{}\n", report.file);
  out += fmt::format("  {:<10} {}\n", "format", report.format);
  if (!report.first.empty()) out += fmt::format("  {:<10} {} to {}\n", "span", report.first, report.last);
  std::string symbols;
  for (std::size_t i = 0; i < report.symbols.size() && i < 12; ++i) symbols += (i == 0 ? "" : " ") + report.symbols[i];
  if (report.symbols.size() > 12) symbols += fmt::format(" and {} more", report.symbols.size() - 12);
  out += fmt::format("  {:<10} {}\n", "symbols", symbols);
  out += fmt::format("  {:<10} {:>9}\n  {:<10} {:>9}\n", "rows", report.rows, "kept", report.kept);
  print(out, "repaired", report.repairs, "·");
  print(out, "refused", report.refusals, "✗");
  if (report.refusals.empty()) out += fmt::format("  {:<10} {:>9}\n", "refused", 0);
  print(out, "flagged", report.flags, "·");
  for (const auto& text : report.notes) out += fmt::format("  ▲ {}\n", text);
  return out;
}

}  // namespace robo::store
