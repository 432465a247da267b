#include <fmt/core.h>
#include <map>

#include "apps/terminal.hpp"
#include "apps/verbs.hpp"
#include "edge/journal/replay.hpp"

namespace robo::apps {

namespace {

std::string_view class_name(journal::RecordClass class_of) {
  switch (class_of) {
    case journal::RecordClass::Event: return "event";
    case journal::RecordClass::Command: return "command";
    case journal::RecordClass::Fact: return "fact";
    default: return "?";
  }
}

bool wanted(const JournalOptions& options, std::string_view class_of, std::string_view line) {
  if (options.only.empty()) return true;
  if (options.only == std::string(class_of) + "s" || options.only == class_of) return true;
  return line.substr(0, line.find(' ')) == options.only;
}

int list(const JournalOptions& options) {
  const auto found = journal::journals_under(options.folder);
  for (const auto& folder : found) {
    auto reader = journal::Reader::open(folder);
    terminal::print(fmt::format("  {}  {}", terminal::padded(folder.string(), 48),
                                reader ? fmt::format("session {}, {} segments", reader->session(), reader->segments()) : reader.error().text));
  }
  if (found.empty()) terminal::print(fmt::format("  no journal under {}; `robotrader demo` or `trade` make one", options.folder));
  return 0;
}

}  // namespace

int run(const JournalOptions& options) {
  if (options.action == "list") return list(options);
  auto reader = journal::Reader::open(options.folder);
  if (!reader) {
    terminal::complain(reader.error().text);
    return 2;
  }
  journal::Record record;
  std::uint64_t shown = 0;
  struct Count {
    std::uint64_t records{}, bytes{};
  };
  std::map<std::string, Count> counts;
  Timestamp first{}, last{};
  const bool stats = options.action == "stats";
  while (reader->next(record)) {
    if (first.ns == 0) first = record.at;
    last = record.at;
    const std::string line = journal::describe(record);
    const auto class_of = class_name(record.kind_of);
    if (!wanted(options, class_of, line)) continue;
    if (stats) {
      auto& count = counts[fmt::format("{:<8} {}", class_of, line.substr(0, line.find(' ')))];
      ++count.records;
      count.bytes += journal::record_header_size + record.payload.size();
      continue;
    }
    fmt::print("{:>9}  {:<30} {:<8}{}\n", record.number, to_text(record.at), class_of, line);
    if (options.limit != 0 && ++shown == options.limit) return 0;
  }
  if (stats) {
    terminal::heading(fmt::format("journal {}  session {}", options.folder, reader->session()));
    for (const auto& [name, count] : counts)
      terminal::print(fmt::format("  {:<36} {:>12} records {:>14} bytes", name, terminal::grouped(static_cast<double>(count.records), 0),
                                  terminal::grouped(static_cast<double>(count.bytes), 0)));
    terminal::print(fmt::format("\n  from {} to {}, {} segments", to_text(first), to_text(last), reader->segments()));
    if (reader->lost() > 0) terminal::print(fmt::format("  {} records were lost while the disk was full", reader->lost()));
  }
  if (reader->ending() != journal::Ending::Clean) terminal::complain(fmt::format("end of journal: {}", reader->ending_text()));
  return reader->ending() == journal::Ending::Damaged ? 1 : 0;
}

}  // namespace robo::apps
