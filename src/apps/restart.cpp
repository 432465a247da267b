#include "apps/restart.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fmt/core.h>
#include <fstream>
#include <map>
#include <sys/file.h>
#include <unistd.h>

#include "edge/journal/reader.hpp"

namespace robo::apps {

namespace {

struct SessionEnd {
  Money day_loss_before{};
  Money day_pnl{};
  bool has_pnl{};
  std::map<OrderKey, OrderIntent> open{};
  std::map<InstrumentId, OrderIntent> stops{};     // the last one sent, or handed on by the session before
  std::map<InstrumentId, Quantity> held{};
  std::map<std::uint32_t, std::string> symbols{};
  bool reconciled{};

  void saw(const OrderIntent& intent) {
    open[intent.key] = intent;
    if (intent.purpose == OrderPurpose::ProtectiveStop) stops[intent.instrument] = intent;
  }
};

/// What makes an instrument the same in two configurations.
std::string name_of(const Instrument& instrument) {
  return fmt::format("{} {} {} {} {}", instrument.symbol.view(), to_text(instrument.asset_class), instrument.currency.view(),
                     instrument.expiry.days, instrument.strike.raw);
}

/// Folds one journal. Commands that left and facts about them say which orders may still live at the broker.
SessionEnd fold(journal::Reader& reader, Timestamp day_start) {
  SessionEnd end;
  journal::Record record;
  journal::EventDecoder decoder;
  Event event;
  Fact fact;
  journal::CommandView command;
  constexpr auto started = variant_index<EventPayload, Boxed<EngineStarted>>();
  constexpr auto defined = variant_index<EventPayload, Boxed<Instrument>>();
  constexpr auto remembered = variant_index<EventPayload, Boxed<OrderIntent>>();
  while (reader.next(record)) {
    if (record.kind_of == journal::RecordClass::Event && (record.kind == started || record.kind == remembered || record.kind == defined)) {
      if (!decoder.decode(record, event)) continue;
      if (const auto* start = std::get_if<Boxed<EngineStarted>>(&event.payload)) end.day_loss_before = record.at >= day_start ? (*start)->day_loss : Money{};
      if (const auto* intent = std::get_if<Boxed<OrderIntent>>(&event.payload)) end.saw(**intent);
      if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) end.symbols[(*instrument)->id.value] = name_of(**instrument);
    } else if (record.kind_of == journal::RecordClass::Command) {
      if (journal::decode(record, command) && command.intent.key) end.saw(command.intent);
    } else if (record.kind_of == journal::RecordClass::Fact && journal::decode(record, fact)) {
      if (const auto* changed = std::get_if<OrderChanged>(&fact.payload); changed && is_final(changed->state)) end.open.erase(changed->intent.key);
      if (const auto* position = std::get_if<PositionChanged>(&fact.payload)) end.held[position->instrument] = position->quantity;
      if (const auto* noted = std::get_if<ReconciliationNoted>(&fact.payload)) end.reconciled |= noted->complete;
      if (const auto* marked = std::get_if<EquityMarked>(&fact.payload); marked && record.at >= day_start) end.day_pnl = marked->day_pnl, end.has_pnl = true;
    }
  }
  return end;
}

}  // namespace

Memory remember(const std::filesystem::path& root, std::string_view account, Timestamp day_start) {
  Memory memory;
  for (const auto& folder : journal::journals_under(root)) {
    const std::string name = folder.filename().string();
    std::uint64_t session = 0;
    std::from_chars(name.data(), name.data() + name.size(), session);
    memory.session_last = std::max(memory.session_last, session);
  }
  for (const auto& folder : journal::journals_under(root)) {
    if (!folder.filename().string().ends_with(fmt::format("-{}", account))) continue;
    auto reader = journal::Reader::open(folder);
    if (!reader) {
      memory.notes.push_back(reader.error().text);
      continue;
    }
    const auto end = fold(*reader, day_start);
    if (reader->ending() == journal::Ending::Damaged) memory.notes.push_back(reader->ending_text());
    for (const auto& [key, intent] : end.open) memory.working.push_back(intent);
    for (const auto& [instrument, stop] : end.stops) {
      const auto held = end.held.find(instrument);
      const bool flat = held == end.held.end() ? end.reconciled : held->second.is_zero();
      if (!flat && !end.open.contains(stop.key)) memory.working.push_back(stop);
    }
    memory.symbols = end.symbols;
    const Money loss = end.has_pnl ? -end.day_pnl : end.day_loss_before;
    memory.day_loss = std::max(loss, Money{});
    break;  // each session hands on what it was told, so the newest readable one knows all
  }
  return memory;
}

std::vector<OrderIntent> working_in(const Memory& memory, std::span<const Instrument> instruments) {
  std::vector<OrderIntent> out;
  for (auto intent : memory.working) {
    const auto symbol = memory.symbols.find(intent.instrument.value);
    const auto here = std::ranges::find_if(instruments, [&](const Instrument& i) { return symbol != memory.symbols.end() && name_of(i) == symbol->second; });
    if (here == instruments.end()) continue;
    intent.instrument = here->id;
    out.push_back(intent);
  }
  return out;
}

Result<std::uint64_t, Problem> take_session(const std::filesystem::path& state, std::uint64_t at_least) {
  std::error_code error;
  std::filesystem::create_directories(state, error);
  const auto path = state / "session";
  const auto problem = [&](std::string_view doing) {
    return fail(Problem{fmt::format("{}: {}: {}", path.string(), doing, std::strerror(errno))});
  };
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return problem("cannot keep the session number");
  if (::flock(file, LOCK_EX) != 0) return ::close(file), problem("cannot lock");
  char text[32] = {};
  const auto got = ::pread(file, text, sizeof text - 1, 0);
  std::uint64_t last = 0;
  if (got > 0) std::from_chars(text, text + got, last);
  const std::uint64_t session = std::max(last, at_least) + 1;
  const std::string out = fmt::format("{:<20}\n", session);
  const bool kept = ::pwrite(file, out.data(), out.size(), 0) == static_cast<ssize_t>(out.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!kept) return problem("cannot write the session number; nothing was started");
  return session;
}

Result<Alone, Problem> Alone::take(const std::filesystem::path& folder, std::string_view account) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const auto path = folder / fmt::format(".running-{}", account);
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return fail(Problem{fmt::format("{}: cannot be written: {}; give `journal` and `state` folders that this user may write", path.string(), std::strerror(errno))});
  if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
    char text[32] = {};
    const auto got = ::pread(file, text, sizeof text - 1, 0);
    ::close(file);
    return fail(Problem{fmt::format("{}: a robotrader for account {} runs already (process {}); end it first, or give this one its own `journal` and `state`", folder.string(), account,
                                    got > 0 ? std::string_view(text).substr(0, std::string_view(text).find_first_of(" \n")) : "unknown")});
  }
  const std::string pid = fmt::format("{:<10}\n", ::getpid());
  (void)!::pwrite(file, pid.data(), pid.size(), 0);
  return Alone(file);
}

Alone::~Alone() {
  if (file_ >= 0) ::close(file_);  // and the lock with it
}

std::filesystem::path journal_folder(const std::filesystem::path& root, std::uint64_t session, Timestamp at, std::string_view account) {
  std::string day = to_text(at).substr(0, 10);
  std::erase(day, '-');
  return root / fmt::format("{:010}-{}-{}", session, day, account);
}

}  // namespace robo::apps
