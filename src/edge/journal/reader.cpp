#include "edge/journal/reader.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "base/crc32c.hpp"
#include "edge/journal/record_head.hpp"

namespace robo::journal {

namespace {

struct SegmentHeader {
  std::uint32_t version{}, header_size{};
  std::uint64_t schema{}, session{}, first{};
  bool valid{};
};

SegmentHeader read_header(std::span<const std::byte> bytes) {
  SegmentHeader header;
  if (bytes.size() < segment_header_size || std::memcmp(bytes.data(), "ROBOJRNL", 8) != 0) return header;
  ByteReader reader(bytes.subspan(8));
  std::int64_t created = 0;
  std::uint32_t crc = 0;
  reader.get(header.version);
  reader.get(header.header_size);
  reader.get(header.schema);
  reader.get(header.session);
  reader.get(header.first);
  reader.get(created);
  reader.get(crc);
  header.valid = reader.ok() && crc == crc32c(bytes.first(48));
  return header;
}

bool all_zero(std::span<const std::byte> bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{0}; });
}

}  // namespace

Result<Reader, Problem> Reader::open(const std::filesystem::path& folder) {
  Reader reader;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".rtj") reader.segments_.push_back(entry.path());
  if (error) return fail(Problem{fmt::format("{}: cannot be read: {}", folder.string(), error.message())});
  if (reader.segments_.empty())
    return fail(Problem{fmt::format("{}: holds no journal (no segment-*.rtj); `robotrader journal list` shows where journals are", folder.string())});
  std::sort(reader.segments_.begin(), reader.segments_.end());
  auto first = MappedFile::open(reader.segments_.front());
  if (!first) return fail(first.error());
  const auto header = read_header(first->bytes());
  if (!header.valid) return fail(Problem{fmt::format("{}: is not a journal segment, or its header is damaged", reader.segments_.front().string())});
  if (header.version != format_version)
    return fail(Problem{fmt::format("{}: has format version {}, this program reads {}", reader.segments_.front().string(), header.version, format_version)});
  if (header.schema != schema_fingerprint())
    return fail(Problem{fmt::format("{}: was written by a robotrader with other message layouts; read it with that version", reader.segments_.front().string())});
  reader.session_ = header.session;
  (void)reader.enter_segment();
  return reader;
}

void Reader::end(Ending ending, std::string text) {
  ending_ = ending;
  ending_text_ = std::move(text);
}

bool Reader::enter_segment() {
  const auto& path = segments_[segment_];
  auto file = MappedFile::open(path);
  if (!file) {
    std::error_code error;
    const bool never_begun = segment_ + 1 == segments_.size() && std::filesystem::file_size(path, error) == 0 && !error;
    end(never_begun ? Ending::Cut : Ending::Damaged,
        never_begun ? fmt::format("the writer died after record {}; nothing before it is missing", number_) : file.error().text);
    return false;
  }
  file_ = std::move(*file);
  const auto header = read_header(file_.bytes());
  if (!header.valid) {
    // A segment prepared ahead and never begun is all zero: its writer died between two segments.
    const bool never_begun = all_zero(file_.bytes().first(std::min(file_.size(), segment_header_size)));
    end(never_begun ? Ending::Cut : Ending::Damaged,
        never_begun ? fmt::format("the writer died after record {}; nothing before it is missing", number_)
                    : fmt::format("{}: its header is damaged; read to record {}", path.string(), number_));
    return false;
  }
  if (header.first != number_ || header.session != session_) {
    end(Ending::Damaged, fmt::format("{}: begins with record {} of session {}, expected {} of {}: a segment is missing", path.string(),
                                     header.first, header.session, number_, session_));
    return false;
  }
  at_ = header.header_size;
  return true;
}

bool Reader::next(Record& out) {
  while (ending_ == Ending::Open) {
    const auto bytes = file_.bytes();
    if (at_ == bytes.size()) {
      if (++segment_ == segments_.size()) {
        end(Ending::Clean, "closed");
        return false;
      }
      if (!enter_segment()) return false;
      continue;
    }
    const auto rest = bytes.subspan(at_);
    const bool unwritten = all_zero(rest.first(std::min<std::size_t>(rest.size(), record_header_size)));
    if (unwritten && segment_ + 1 < segments_.size()) {
      // The writer had moved on and died before it could cut this segment to size. The next one's first number proves that
      // nothing is missing; a segment that was only prepared ahead says so in enter_segment().
      ++segment_;
      if (!enter_segment()) return false;
      continue;
    }
    if (unwritten) {
      end(Ending::Cut, fmt::format("the writer died after record {}; nothing before it is missing", number_));
      return false;
    }
    const auto bad = [&](std::string_view what) {
      end(Ending::Damaged, fmt::format("{}: {} at byte {}; recovered to the last good record, {}; {} bytes after it were not read",
                                       segments_[segment_].string(), what, at_, number_, rest.size()));
      return false;
    };
    if (rest.size() < record_header_size) return bad("the last record is cut");
    const auto head = head_of(rest, out);
    if (head.length > payload_size_max || record_header_size + head.length > rest.size()) return bad("a record's length is impossible");
    if (!head.vouches_for(rest)) return bad("a record's checksum is wrong");
    out.kind_of = static_cast<RecordClass>(head.class_of);
    out.payload = rest.subspan(record_header_size, head.length);
    at_ += record_header_size + head.length;
    if (out.kind_of == RecordClass::Gap) {
      std::uint64_t lost = 0;
      ByteReader(out.payload).get(lost);
      lost_ += lost;
      continue;
    }
    out.number = number_++;
    return true;
  }
  return false;
}

namespace {

template <class Variant, std::size_t I = 0, class F>
bool with_alternative(std::size_t kind, F&& f) {
  if constexpr (I < std::variant_size_v<Variant>) {
    if (kind == I) return f(std::type_identity<std::variant_alternative_t<I, Variant>>{});
    return with_alternative<Variant, I + 1>(kind, std::forward<F>(f));
  } else {
    return false;
  }
}

}  // namespace

bool EventDecoder::decode(const Record& record, Event& out) {
  if (record.kind_of != RecordClass::Event) return false;
  out.at = record.at;
  out.received_at = record.received_at;
  ByteReader reader(record.payload);
  return with_alternative<EventPayload>(record.kind, [&]<class T>(std::type_identity<T>) {
    using Inner = typename Unboxed<T>::type;
    if constexpr (std::is_same_v<T, Inner>) {
      T payload{};
      reader.get(payload);
      out.payload = payload;
    } else {
      auto& stored = std::get<Inner>(storage_);
      stored = Inner{};
      reader.get(stored);
      out.payload = T{&stored};
    }
    return reader.done();
  });
}

bool decode(const Record& record, Fact& out) {
  if (record.kind_of != RecordClass::Fact) return false;
  out.at = record.at;
  ByteReader reader(record.payload);
  return with_alternative<FactPayload>(record.kind, [&]<class T>(std::type_identity<T>) {
    T payload{};
    reader.get(payload);
    out.payload = payload;
    return reader.done();
  });
}

bool decode(const Record& record, CommandView& out) {
  if (record.kind_of != RecordClass::Command) return false;
  ByteReader reader(record.payload);
  out = CommandView{};
  return with_alternative<Command>(record.kind, [&]<class T>(std::type_identity<T>) {
    if constexpr (std::is_same_v<T, SubmitOrder> || std::is_same_v<T, ModifyOrder>) {
      out.name = std::is_same_v<T, SubmitOrder> ? "submit_order" : "modify_order";
      reader.get(out.intent);
      out.key = out.intent.key;
    } else {
      T command{};
      reader.get(command);
      if constexpr (std::is_same_v<T, CancelOrder>) out.name = "cancel_order", out.key = command.key;
      if constexpr (std::is_same_v<T, QueryOrder>) out.name = "query_order", out.key = command.key;
      if constexpr (std::is_same_v<T, StartTimer>) out.name = "start_timer", out.due = command.due, out.timer = command.timer.value;
      if constexpr (std::is_same_v<T, CancelExternal>) out.name = "cancel_external";
      if constexpr (std::is_same_v<T, CancelAllOrders>) out.name = "cancel_all_orders";
      if constexpr (std::is_same_v<T, Reconcile>) out.name = "reconcile";
    }
    return reader.done();
  });
}

std::vector<std::filesystem::path> journals_under(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> found;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(root, error))
    if (entry.is_directory() && std::filesystem::exists(entry.path() / "segment-000000.rtj")) found.push_back(entry.path());
  std::sort(found.begin(), found.end(), std::greater<>{});
  return found;
}

}  // namespace robo::journal
