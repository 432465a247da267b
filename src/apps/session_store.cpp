#include "apps/session_store.hpp"

#include <chrono>
#include <fmt/core.h>
#include <fstream>
#include <sys/resource.h>
#include <unistd.h>

#include "apps/journal_rows.hpp"
#include "apps/journal_to_store.hpp"
#include "base/crc32c.hpp"
#include "base/log.hpp"
#include "edge/store/history/retention.hpp"
#include "edge/journal/follower.hpp"

namespace robo::apps {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t rows_held_max = 20'000;    // some megabytes
constexpr std::size_t merge_at = 16;             // parts of one partition
constexpr int politeness = 10;                   // the trading thread goes first where cores are few

/// A file per session that has begun to store: it holds the journal's folder and goes when the session is whole.
fs::path mark_of(const fs::path& root, std::string_view source) {
  return root / "unfinished" / fmt::format("{:08x}.txt", crc32c(std::as_bytes(std::span(source))));
}

bool set_mark(const fs::path& root, std::string_view source, const fs::path& journal) {
  std::error_code error;
  fs::create_directories(root / "unfinished", error);
  std::ofstream out(mark_of(root, source), std::ios::trunc);
  out << fs::absolute(journal, error).string() << '\n';
  out.close();
  return static_cast<bool>(out);
}

void clear_mark(const fs::path& root, std::string_view source) {
  std::error_code ignored;
  fs::remove(mark_of(root, source), ignored);
}

}  // namespace

std::vector<fs::path> unfinished_sessions(const fs::path& root) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::directory_iterator at(root / "unfinished", error), end; !error && at != end; at.increment(error)) {
    std::string journal;
    std::ifstream in(at->path());
    if (std::getline(in, journal) && !journal.empty()) found.emplace_back(journal);
  }
  return found;
}

SessionStore::SessionStore(SessionStoreSettings settings) : settings_(std::move(settings)) {
  thread_ = std::thread([this] { work(); });
}

SessionStore::~SessionStore() { (void)finish(); }

SessionStored SessionStore::finish() {
  if (thread_.joinable()) {
    {
      const std::lock_guard hold(lock_);
      ending_.store(true);
    }
    wake_.notify_one();
    thread_.join();
  }
  return stored_;
}

bool SessionStore::wait(Duration at_most) {
  std::unique_lock hold(lock_);
  return wake_.wait_for(hold, std::chrono::nanoseconds(at_most.ns), [this] { return ending_.load(); });
}

void SessionStore::make_up_for_crashes() {
  for (const auto& journal : unfinished_sessions(settings_.root)) {
    if (ending_.load()) return;
    std::error_code error;
    if (fs::weakly_canonical(journal, error) == fs::weakly_canonical(settings_.journal, error)) continue;
    const auto stored = store_journal(journal, settings_.root, settings_.calendars);
    if (stored) log::info("store", "session {} had not ended: {} market rows and {} facts stored from its journal", stored->session, stored->market_rows, stored->facts);
    else if (fs::exists(journal, error)) log::warn("store", "{}", stored.error().text);
    // A journal that is gone or cannot be read will not be better next time.
    for (fs::directory_iterator at(settings_.root / "unfinished", error), end; !error && at != end; at.increment(error)) {
      std::string line;
      if (std::ifstream in(at->path()); !std::getline(in, line) || fs::path(line) != journal) continue;
      fs::remove(at->path(), error);
      break;
    }
  }
}

void SessionStore::keep_room() {
  const auto old = store::history::to_prune(settings_.root, settings_.keep.keep_days, 0);
  if (const auto freed = store::history::prune(settings_.root, old); !freed) log::warn("store", "{}", freed.error().text);
  else if (!old.empty()) log::info("store", "{} days of symbols older than history.keep_days have left, {:.2f} GB", old.size(), static_cast<double>(*freed) / 1e9);
  if (const auto told = store::history::warning(settings_.root, settings_.keep.disk_max_gb)) log::warn("store", "{}", *told);
}

void SessionStore::work() {
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), politeness);
  const auto trouble = [this](const std::string& text) {
    if (stored_.problem.empty()) log::warn("store", "{}; trading goes on, the journal has everything", text);
    stored_.problem = text;
  };
  const auto source = source_of(settings_.session, settings_.journal);
  auto follower = journal::Follower::open(settings_.journal);
  if (!follower) return trouble(follower.error().text);
  if (!set_mark(settings_.root, source, settings_.journal)) return trouble(fmt::format("{}: cannot be written", settings_.root.string()));
  make_up_for_crashes();
  keep_room();

  store::StoreWriter writer(settings_.root, store::WriterKind::Following, source, rows_held_max);
  JournalRows rows(writer, settings_.calendars);
  journal::Record record;
  auto flushed = std::chrono::steady_clock::now();
  const auto flush = [&] {
    auto written = writer.flush();
    if (written) written = writer.merge(merge_at);
    if (!written) trouble(written.error().text);
    else stored_.written = *written, stored_.problem.clear();
    flushed = std::chrono::steady_clock::now();
  };
  for (bool last_round = false;;) {
    // A full disk: the rows stay held and the journal keeps the rest; nothing is lost, and nothing grows.
    if (writer.failed()) flush();
    auto got = journal::Follow::Record;
    while (!writer.failed() && (got = follower->next(record)) == journal::Follow::Record) rows.take(record);
    if (writer.failed()) trouble(writer.failed()->text);
    if (got == journal::Follow::Damaged) {
      trouble(follower->damage());
      break;
    }
    if (last_round) break;
    if (wait(writer.failed() ? seconds(5) : milliseconds(250))) last_round = true;  // what was written before the end is read once more
    else if (std::chrono::steady_clock::now() - flushed >= std::chrono::nanoseconds(settings_.flush_every.ns)) flush();
  }
  stored_.market_rows = rows.market_rows();
  stored_.facts = rows.facts();
  auto written = writer.finish();
  if (written) written = writer.merge(2);
  if (!written) return trouble(written.error().text);
  stored_.written = *written;
  if (const auto synced = writer.sync(); !synced) return trouble(synced.error().text);
  if (follower->damage().empty()) {
    stored_.problem.clear();
    clear_mark(settings_.root, source);
  }
}

}  // namespace robo::apps
