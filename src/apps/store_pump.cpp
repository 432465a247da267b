#include "apps/store_pump.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <optional>

#include "edge/journal/follower.hpp"
#include "edge/journal/reader.hpp"
#include "model/boxed.hpp"
#include "runtime/clock.hpp"

namespace robo::apps {

namespace {

constexpr Duration nap = milliseconds(20);

bool is_introduction(const journal::Record& record) {
  return record.kind_of == journal::RecordClass::Event &&
         (record.kind == variant_index<EventPayload, Boxed<Instrument>>() || record.kind == variant_index<EventPayload, Boxed<EngineStarted>>());
}

}  // namespace

store::JournalName name_of(const std::filesystem::path& journal, std::uint64_t session, Timestamp begins_at) {
  const auto folder = std::filesystem::weakly_canonical(journal);
  return {.name = fmt::format("{}@{}", folder.filename().string(), begins_at.ns), .session = session, .begins_at = begins_at};
}

StorePump::StorePump(PumpSettings settings, std::unique_ptr<store::Sink> sink, std::function<void(bool, const std::string&)> tell)
    : settings_(std::move(settings)), sink_(std::move(sink)), tell_(std::move(tell)), caught_up_at_(runtime::steady_ns()) {
  status_.name = settings_.name;
}

StorePump::~StorePump() { stop({}); }

void StorePump::follow(const std::filesystem::path& journal) {
  thread_ = std::thread([this, journals = std::vector{journal}] { run(journals, true); });
}
void StorePump::bring(std::vector<std::filesystem::path> journals) {
  thread_ = std::thread([this, all = std::move(journals)] { run(all, false); });
}

bool StorePump::wait(Duration at_most) {
  std::unique_lock hold(lock_);
  return wake_.wait_for(hold, std::chrono::nanoseconds(at_most.ns), [this] { return done_; });
}

void StorePump::stop(Duration grace) {
  if (!thread_.joinable()) return;
  {
    std::unique_lock hold(lock_);
    stopping_ = true;
    wake_.notify_all();
    if (!wake_.wait_for(hold, std::chrono::nanoseconds(grace.ns), [this] { return done_; })) cut_ = true;
    wake_.notify_all();
  }
  // A call may wait for the network at this moment, or begin to in the next.
  std::unique_lock hold(lock_);
  while (!done_) {
    hold.unlock();
    sink_->interrupt();
    hold.lock();
    wake_.wait_for(hold, std::chrono::milliseconds(20), [this] { return done_; });
  }
  hold.unlock();
  thread_.join();
}

PumpStatus StorePump::status() const {
  const std::lock_guard hold(lock_);
  auto out = status_;
  if (!out.caught_up) out.lag_seconds = static_cast<double>(runtime::steady_ns() - caught_up_at_) / 1e9;
  return out;
}

bool StorePump::over() const {
  const std::lock_guard hold(lock_);
  return cut_;
}

void StorePump::pause(Duration at_most) {
  std::unique_lock hold(lock_);
  const bool before = stopping_;
  wake_.wait_for(hold, std::chrono::nanoseconds(at_most.ns), [&] { return cut_ || stopping_ != before; });
}

void StorePump::trouble(const std::string& text) {
  bool news = false;
  {
    const std::lock_guard hold(lock_);
    news = status_.trouble.empty();
    status_.outages += news;
    status_.trouble = text;
    status_.connected = false;
    status_.caught_up = false;
  }
  if (news && tell_) tell_(false, text + "; trading goes on, the journal keeps what is missing");
}

void StorePump::well() {
  bool news = false;
  {
    const std::lock_guard hold(lock_);
    news = !status_.trouble.empty();
    status_.trouble.clear();
  }
  if (news && tell_) tell_(true, fmt::format("{}: it is back, and what was missing is stored", settings_.name));
}

void StorePump::run(const std::vector<std::filesystem::path>& journals, bool live) {
  for (const auto& journal : journals)
    if (!follow_one(journal, live)) break;
  sink_->close();
  const std::lock_guard hold(lock_);
  done_ = true;
  wake_.notify_all();
}

bool StorePump::follow_one(const std::filesystem::path& path, bool live) {
  std::optional<journal::Follower> follower;
  const auto stopping = [this] {
    const std::lock_guard hold(lock_);
    return stopping_;
  };
  while (!follower) {
    auto opened = journal::Follower::open(path);
    if (opened) {
      follower.emplace(std::move(*opened));
    } else {
      trouble(opened.error().text);
      if (!live || stopping()) return !over();
      pause(seconds(1));
    }
  }
  const auto name = name_of(path, follower->session(), follower->begins_at());
  journal::EventDecoder decoder;
  journal::Record record;
  Event event;
  Fact fact;
  bool open = false;
  auto retry = settings_.retry_first;
  std::uint64_t committed = 0;
  auto committed_at = runtime::steady_ns(), house_at = std::int64_t{0};
  const auto take = [&] {
    if (record.kind_of == journal::RecordClass::Event && decoder.decode(record, event)) sink_->event(record.number, event);
    else if (record.kind_of == journal::RecordClass::Fact && journal::decode(record, fact)) sink_->fact(record.number, fact);
  };
  const auto away = [&](const std::string& text) {
    open = false;
    sink_->close();
    trouble(text);
    pause(retry);
    retry = std::min(Duration{retry.ns * 2}, settings_.retry_max);
  };
  while (!over()) {
    if (!open) {
      const auto next = sink_->open(name);
      if (!next) {
        if (stopping()) return false;  // it is away and we are leaving: the next start goes on here
        away(next.error().text);
        continue;
      }
      // What introduces instruments stands in front; the store has the rest up to `next`.
      if (auto at = follower->seek(0); !at) {
        trouble(at.error().text);
        return true;
      }
      while (follower->number() < *next && !over()) {
        if (follower->next(record) != journal::Follow::Record) break;
        if (settings_.from_start || is_introduction(record)) take();
      }
      open = true;
      committed = *next;
      committed_at = runtime::steady_ns();
      const std::lock_guard hold(lock_);
      status_.connected = true;
      status_.next_record = *next;
    }
    const bool last_look = stopping();
    auto got = journal::Follow::Record;
    while (sink_->held_rows() < settings_.batch_rows && sink_->held_bytes() < settings_.batch_bytes && (got = follower->next(record)) == journal::Follow::Record)
      take();
    const bool at_tip = got != journal::Follow::Record;
    const auto now = runtime::steady_ns();
    const bool due = !at_tip || now - committed_at >= settings_.batch_time.ns || !live || last_look;
    if (due && (sink_->held_rows() > 0 || ((!live || last_look) && follower->number() > committed))) {
      const auto rows = sink_->held_rows();
      {
        const std::lock_guard hold(lock_);
        status_.held_rows = rows;
      }
      const auto done = sink_->commit(follower->number());
      if (!done) {
        away(done.error().text);
        continue;
      }
      retry = settings_.retry_first;
      committed = follower->number();
      committed_at = now;
      const std::lock_guard hold(lock_);
      status_.rows += done->rows;
      status_.bytes += done->bytes;
      ++status_.batches;
      status_.next_record = committed;
    }
    if (sink_->held_rows() == 0 && at_tip) {
      {
        const std::lock_guard hold(lock_);
        status_.caught_up = true;
        status_.held_rows = 0;
        caught_up_at_ = runtime::steady_ns();
      }
      well();
    } else if (!at_tip) {
      const std::lock_guard hold(lock_);
      status_.caught_up = false;
    }
    if (got == journal::Follow::Damaged) {
      trouble(follower->damage());
      return true;
    }
    if (at_tip && (!live || last_look)) return true;
    if (now - house_at >= settings_.house_every.ns) {
      house_at = now;
      if (const auto text = sink_->keep_house(); !text.empty() && tell_) tell_(false, text);
    }
    if (at_tip) pause(nap);
  }
  return false;
}

}  // namespace robo::apps
