#include "edge/store/history/findings.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace robo::store::history {

namespace {

std::string_view usual_text(Fault fault) {
  switch (fault) {
    case Fault::Unreadable: return "files that cannot be read";
    case Fault::MissingDay: return "days with a session of which nothing is stored";
    case Fault::Hole: return "bars missing in a row inside the regular hours, more than quiet trading explains";
    case Fault::OutOfOrder: return "rows older than the row before them in their file";
    case Fault::Duplicate: return "the same row twice";
    case Fault::Conflict: return "the same bar twice, with different numbers";
    case Fault::Outlier: return "prices that leave their neighbours and come back";
    case Fault::Jump: return "prices that leave by 40 % or more and stay: a split nobody told, or a crash";
    case Fault::Inconsistent: return "high and low do not span the prices, bid above ask, or a negative size";
    case Fault::ZeroMeansUnknown: return "a price of 0, or a volume of 0 that is said to be known: zero means unknown";
    case Fault::TimeZone: return "rows at hours when the market is shut";
    case Fault::PseudoDate: return "days on which the calendar has no session";
    case Fault::Clock: return "rows received before they happened: the recorder's clock ran behind";
    case Fault::EqualPrices: return "bars of four equal prices: perhaps only a close was known";
    case Fault::Negative: return "negative prices: logarithms and ratios fail on them";
    case Fault::UnknownVolume: return "bars whose volume is not known";
  }
  return "";
}

void take(Finding& into, Finding&& one) {
  into.count += one.count;
  into.problem |= one.problem;
  for (auto& example : one.examples)
    if (into.examples.size() < examples_max) into.examples.push_back(std::move(example));
  for (const Date day : one.days)
    if (std::ranges::find(into.days, day) == into.days.end()) into.days.push_back(day);
}

}  // namespace

void Findings::add(Fault fault, bool problem, std::string example, std::optional<Date> day, std::uint64_t count) {
  Finding& finding = found_[fault];
  finding.problem |= problem;
  finding.count += count;
  if (finding.examples.size() < examples_max) finding.examples.push_back(std::move(example));
  if (day && (finding.days.empty() || std::ranges::find(finding.days, *day) == finding.days.end())) finding.days.push_back(*day);
}

Findings::~Findings() {
  for (auto& [fault, finding] : found_) {
    finding.fault = fault;
    finding.symbol = symbol_;
    finding.kind = kind_;
    finding.size = size_;
    const auto text = texts_.find(fault);
    finding.text = text == texts_.end() ? std::string(usual_text(fault)) : text->second;
    out_.push_back(std::move(finding));
  }
}

std::vector<Finding> merged(std::vector<Finding> findings) {
  std::vector<Finding> out;
  for (auto& one : findings) {
    const auto same = std::ranges::find_if(out, [&](const Finding& f) { return f.fault == one.fault && f.symbol == one.symbol && f.kind == one.kind && f.size == one.size && f.text == one.text; });
    if (same == out.end()) out.push_back(std::move(one));
    else take(*same, std::move(one));
  }
  std::ranges::stable_sort(out, [](const Finding& a, const Finding& b) { return std::tie(a.symbol, a.kind, a.size, a.fault) < std::tie(b.symbol, b.kind, b.size, b.fault); });
  return out;
}

bool CheckReport::clean() const {
  return std::ranges::none_of(findings, [](const Finding& finding) { return finding.problem; });
}

std::vector<Finding> findings_of(const ImportReport& report) {
  std::vector<Finding> out;
  const auto fault_of = [](std::string_view reason) {
    const auto has = [&](std::string_view word) { return reason.find(word) != std::string_view::npos; };
    if (has("twice") || has("same time")) return Fault::Duplicate;
    if (has("negative")) return Fault::Negative;
    if (has("unknown") || has("zero") || has("is 0")) return Fault::ZeroMeansUnknown;
    if (has("equal")) return Fault::EqualPrices;
    if (has("jump") || has("40 %")) return Fault::Jump;
    if (has("session") || has("date")) return Fault::PseudoDate;
    if (has("hours") || has("zone")) return Fault::TimeZone;
    if (has("order")) return Fault::OutOfOrder;
    return Fault::Inconsistent;
  };
  const auto symbol = report.symbols.size() == 1 ? report.symbols.front() : report.symbols.empty() ? std::string("?") : fmt::format("{} symbols", report.symbols.size());
  const auto group = [&](const std::map<std::string, RowGroup>& groups, bool problem, std::string_view what) {
    for (const auto& [reason, rows] : groups) {
      Finding finding{.fault = fault_of(reason), .problem = problem, .symbol = symbol, .kind = report.format, .count = rows.rows, .text = fmt::format("{}: {}", what, reason)};
      for (const auto line : rows.lines) finding.examples.push_back(fmt::format("{}:{}", report.file, line));
      out.push_back(std::move(finding));
    }
  };
  group(report.refusals, true, "would be refused");
  group(report.repairs, false, "would be repaired");
  group(report.flags, false, "would be kept");
  for (const auto& note : report.notes)
    out.push_back({.fault = fault_of(note), .problem = report.kept == 0, .symbol = symbol, .kind = report.format, .count = 1, .text = note, .examples = {report.file}});
  return out;
}

}  // namespace robo::store::history
