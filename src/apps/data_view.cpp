#include "apps/data_view.hpp"

#include <fmt/core.h>

#include "apps/terminal.hpp"

namespace robo::apps {

namespace {

std::string bytes_text(std::uint64_t bytes) {
  const auto size = static_cast<double>(bytes);
  return size >= 1e9 ? fmt::format("{:.2f} GB", size / 1e9) : size >= 1e6 ? fmt::format("{:.1f} MB", size / 1e6) : fmt::format("{:.1f} kB", size / 1e3);
}

std::string day_text(const store::history::Holding& h, Timestamp at) {
  // A daily bar starts at midnight of its market.
  const auto text = to_text(h.kind == store::daily_kind ? at + hours(12) : at);
  return h.kind == store::daily_kind ? text.substr(0, 10) : text.substr(0, 16);
}

}  // namespace

void print_catalogue(const store::history::Catalogue& catalogue) {
  if (catalogue.holdings.empty()) terminal::print("  nothing is stored; robotrader import and robotrader data fetch bring something in");
  else
    terminal::print(terminal::paint(terminal::Tone::Dim, fmt::format("  {:<12} {:<10} {:<16} {:<16}  {:<16} {:>7} {:>8} {:>12} {:>9} {:>9}  {}", "symbol", "kind", "size", "first (UTC)", "last", "days",
                                                                    "missing", "rows", "repaired", "disk", "prices; source")));
  std::uint64_t rows = 0, bytes = 0;
  for (const auto& h : catalogue.holdings) {
    std::string sources;
    for (std::size_t i = 0; i < h.sources.size() && i < 2; ++i) sources += (i > 0 ? ", " : "") + h.sources[i];
    if (h.sources.size() > 2) sources += fmt::format(" and {} more", h.sources.size() - 2);
    terminal::print(fmt::format("  {:<12} {:<10} {:<16} {:<16}  {:<16} {:>7} {:>8} {:>12} {:>9} {:>9}  {}; {}", h.symbol, h.kind, h.size, h.rows > 0 ? day_text(h, h.first) : "", h.rows > 0 ? day_text(h, h.last) : "",
                                h.days, h.days_missing, h.rows, h.rows_repaired, bytes_text(h.bytes), h.adjusted, sources));
    rows += h.rows;
    bytes += h.bytes;
  }
  if (catalogue.holdings.size() > 1) terminal::print(fmt::format("\n  {} series, {} rows, {}", catalogue.holdings.size(), rows, bytes_text(bytes)));
  for (const auto& damaged : catalogue.damaged) terminal::complain(damaged);
}

void print_findings(const std::vector<store::history::Finding>& findings) {
  std::string before;
  for (const auto& f : findings) {
    const auto head = fmt::format("{}  {} {}", f.symbol, f.kind, f.size);
    if (head != before) terminal::print("\n  " + terminal::paint(terminal::Tone::Strong, head));
    before = head;
    const auto mark = f.problem ? terminal::paint(terminal::Tone::Bad, "✗") : terminal::paint(terminal::Tone::Dim, "·");
    terminal::print(fmt::format("    {} {:<18} {:>9}  {}", mark, robo::to_text(f.fault), f.count, f.text));
    for (std::size_t i = 0; i < f.examples.size() && i < 3; ++i) terminal::print(terminal::paint(terminal::Tone::Dim, "                                   " + f.examples[i]));
  }
}

}  // namespace robo::apps
