#include "edge/journal/writer.hpp"

#include <cstring>
#include <fmt/core.h>
#include <sys/mman.h>

#include "base/crc32c.hpp"
#include "base/log.hpp"

namespace robo::journal {

namespace {
constexpr std::size_t room_needed = record_header_size + payload_size_max + sizeof(std::uint64_t);
// From here on the next segment is taken as soon as it can be had: the house keeper may hold the lock for a moment.
constexpr std::size_t room_wanted = 16 * room_needed;
// The segment is larger than the caches: its lines are asked for some records before they are written.
constexpr std::size_t lines_ahead = 256;
}

std::filesystem::path Writer::path_of(unsigned index) const {
  return settings_.folder / fmt::format("segment-{:06}.rtj", index);
}

Result<std::unique_ptr<Writer>, Problem> Writer::open(const WriterSettings& settings) {
  std::error_code error;
  std::filesystem::create_directories(settings.folder, error);
  if (error) return fail(Problem{fmt::format("{}: cannot create the journal folder: {}", settings.folder.string(), error.message())});
  std::unique_ptr<Writer> writer(new Writer(settings));
  auto first = MappedFile::create(writer->path_of(0), settings.segment_size);
  if (!first) return fail(first.error());
  writer->current_ = std::move(*first);
  writer->begin_segment();
  writer->finished_.reserve(64);
  writer->keeper_ = std::thread([w = writer.get()] { w->keep_house(); });
  return writer;
}

Writer::~Writer() {
  {
    const std::lock_guard hold(lock_);
    stopping_ = true;
  }
  wake_.notify_one();
  if (keeper_.joinable()) keeper_.join();
  data_now_.store(nullptr);
  if (current_.is_open()) {
    (void)current_.sync(used_);
    current_.close_at(used_);
  }
  for (auto& [file, used] : finished_) {
    (void)file.sync(used);
    file.close_at(used);
  }
  if (ahead_.is_open()) {
    ahead_.close();
    std::error_code ignored;
    std::filesystem::remove(path_of(ahead_index_), ignored);
  }
}

void Writer::begin_segment() {
  std::byte* at = current_.data();
  ByteWriter header(at);
  for (const char c : {'R', 'O', 'B', 'O', 'J', 'R', 'N', 'L'}) header.put(c);
  header.put(format_version);
  header.put(static_cast<std::uint32_t>(segment_header_size));
  header.put(schema_fingerprint());
  header.put(settings_.session);
  header.put(number_);
  header.put(std::int64_t{0});
  header.put(crc32c({at, header.size()}));
  header.put(std::uint32_t{0});
  used_ = segment_header_size;
  used_now_.store(used_, std::memory_order_relaxed);
  data_now_.store(current_.data(), std::memory_order_release);
}

bool Writer::next_segment() {
  if (!ahead_ready_.load(std::memory_order_acquire)) return false;
  const std::unique_lock hold(lock_, std::try_to_lock);
  if (!hold.owns_lock() || finished_.size() == finished_.capacity()) return false;
  finished_.push_back({std::move(current_), used_});
  current_ = std::move(ahead_);
  current_index_ = ahead_index_++;
  ahead_ready_.store(false, std::memory_order_relaxed);
  begin_segment();
  wake_.notify_one();
  return true;
}

bool Writer::room_for_record() {
  if (current_.is_open() && used_ + room_wanted <= current_.size()) [[likely]] return true;
  if (next_segment()) return true;
  if (current_.is_open() && used_ + room_needed <= current_.size()) return true;
  while (settings_.patient && !ahead_failed_.load(std::memory_order_relaxed)) {
    if (next_segment()) return true;
    std::this_thread::yield();
  }
  return false;
}

template <class Payload>
void Writer::append(RecordClass class_of, std::size_t kind, Timestamp at, Timestamp received_at, const Payload& payload) {
  if (!room_for_record()) [[unlikely]] {
    ++lost_;
    ++lost_total_;
    healthy_ = false;
    return;
  }
  if (lost_ > 0) [[unlikely]] write_gap();
  // Trouble is told before the current segment is full: entries stop while exits can still be recorded.
  healthy_ = !ahead_failed_.load(std::memory_order_relaxed);
  ByteCounter counter;
  counter.put(payload);
  const std::size_t length = counter.size();
  std::byte* const record = current_.data() + used_;
  __builtin_prefetch(record + record_header_size + length + lines_ahead, 1);
  SealingWriter writer(record + sizeof(std::uint32_t));
  writer.put(static_cast<std::uint16_t>(length));
  writer.put(class_of);
  writer.put(static_cast<std::uint8_t>(kind));
  writer.put(at);
  writer.put(received_at);
  writer.put(payload);
  const std::uint32_t sum = writer.seal();
  std::memcpy(record, &sum, sizeof sum);
  used_ += record_header_size + length;
  used_now_.store(used_, std::memory_order_release);
  bytes_ += record_header_size + length;
  ++number_;
}

/// In one piece: where every field goes is then known to the compiler. For what comes with every tick.
template <class Payload>
[[gnu::flatten]] void Writer::append_in_place(RecordClass class_of, std::size_t kind, Timestamp at, Timestamp received_at, const Payload& payload) {
  append(class_of, kind, at, received_at, payload);
}

void Writer::on_event(const Event& event) {
  const auto write = [&](const auto& payload) {
    append(RecordClass::Event, event.payload.index(), event.at, event.received_at, payload);
  };
  const auto write_in_place = [&](const auto* payload) {
    if (payload != nullptr) append_in_place(RecordClass::Event, event.payload.index(), event.at, event.received_at, *payload);
    return payload != nullptr;
  };
  if (write_in_place(std::get_if<Quote>(&event.payload)) || write_in_place(std::get_if<Trade>(&event.payload)) ||
      write_in_place(std::get_if<DepthRow>(&event.payload)) || write_in_place(std::get_if<DepthLevel>(&event.payload)))
    return;
  std::visit(
      [&](const auto& payload) {
        if constexpr (requires { *payload; }) write(*payload);
        else write(payload);
      },
      event.payload);
}
void Writer::on_command(Timestamp at, const Command& command) {
  const auto write = [&](const auto& payload) { append(RecordClass::Command, command.index(), at, at, payload); };
  std::visit(overload{[&](const SubmitOrder& submit) { write(submit.order.intent()); }, [&](const ModifyOrder& modify) { write(modify.order.intent()); },
                      [&](const auto& other) { write(other); }},
             command);
}
void Writer::on_fact(const Fact& fact) {
  // Every second while a position is open.
  if (const auto* equity = std::get_if<EquityMarked>(&fact.payload))
    return append_in_place(RecordClass::Fact, fact.payload.index(), fact.at, fact.at, *equity);
  if (const auto* limit = std::get_if<LimitUsed>(&fact.payload))
    return append_in_place(RecordClass::Fact, fact.payload.index(), fact.at, fact.at, *limit);
  std::visit([&](const auto& payload) { append(RecordClass::Fact, fact.payload.index(), fact.at, fact.at, payload); }, fact.payload);
}

void Writer::write_gap() {
  std::byte* const record = current_.data() + used_;
  ByteWriter body(record + sizeof(std::uint32_t));
  body.put(static_cast<std::uint16_t>(sizeof lost_));
  body.put(RecordClass::Gap);
  body.put(std::uint8_t{0});
  body.put(std::int64_t{0});
  body.put(std::int64_t{0});
  body.put(lost_);
  const std::uint32_t crc = crc32c({record + sizeof(std::uint32_t), body.size()});
  std::memcpy(record, &crc, sizeof crc);
  used_ += sizeof(std::uint32_t) + body.size();
  lost_ = 0;
}

bool Writer::prepare(unsigned index) {
  auto made = MappedFile::create(path_of(index), settings_.segment_size);
  if (!made) {
    if (!ahead_failed_.exchange(true)) log::error("journal", "{}; entries stop until there is room", made.error().text);
    return false;
  }
  const std::lock_guard hold(lock_);
  ahead_ = std::move(*made);
  if (ahead_failed_.exchange(false)) log::warn("journal", "writing again");
  ahead_ready_.store(true, std::memory_order_release);
  return true;
}

void Writer::keep_house() {
  std::unique_lock hold(lock_);
  while (!stopping_) {
    if (!ahead_ready_.load()) {
      const unsigned index = ahead_index_;
      hold.unlock();
      (void)prepare(index);
      hold.lock();
    }
    std::vector<Finished> done;
    done.swap(finished_);
    finished_.reserve(64);
    hold.unlock();
    for (auto& [file, used] : done) {
      if (!file.sync(used)) log::error("journal", "the disk refused to write a finished segment");
      file.close_at(used);
    }
    if (std::byte* data = data_now_.load(std::memory_order_acquire))
      // MS_ASYNC keeps the pages writable without a fault on the hot thread; the kernel writes them out.
      (void)::msync(data, (used_now_.load(std::memory_order_acquire) + 4095) & ~std::size_t{4095}, MS_ASYNC);
    hold.lock();
    if (stopping_) break;
    if (ahead_ready_.load() || ahead_failed_.load())
      wake_.wait_for(hold, std::chrono::nanoseconds(settings_.sync_every.ns));
  }
}

}  // namespace robo::journal
