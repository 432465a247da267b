#include "edge/journal/replay.hpp"

#include <fmt/core.h>

namespace robo::journal {

namespace {

Record record_of(RecordClass class_of, std::size_t kind, std::span<const std::byte> payload, Timestamp at) {
  return {.number = 0, .kind_of = class_of, .kind = static_cast<std::uint8_t>(kind), .at = at, .received_at = at, .payload = payload};
}

}  // namespace

Replay::Replay(Reader reader, bool compare_facts) : reader_(std::move(reader)), compare_facts_(compare_facts) { look_ahead(); }

void Replay::look_ahead() {
  Record record;
  while (reader_.next(record)) {
    if (record.kind_of == RecordClass::Fact && !compare_facts_) continue;
    ahead_ = record;
    return;
  }
  ahead_.reset();
}

void Replay::differ(const Record* recorded, std::string replayed) {
  if (difference_) return;
  difference_ = Difference{.record = recorded ? recorded->number : 0, .at = recorded ? recorded->at : Timestamp{},
                           .recorded = recorded ? describe(*recorded) : "nothing more", .replayed = std::move(replayed)};
}

bool Replay::next(Event& out) {
  while (ahead_ && ahead_->kind_of != RecordClass::Event && !difference_) differ(&*ahead_, "nothing");
  if (difference_ || !ahead_) {
    finished_ = true;
    return false;
  }
  if (!decoder_.decode(*ahead_, out)) {
    differ(&*ahead_, "an event that cannot be read");
    finished_ = true;
    return false;
  }
  ++events_;
  look_ahead();
  return true;
}

void Replay::compare(RecordClass class_of, std::size_t kind, std::span<const std::byte> payload, Timestamp at) {
  if (difference_) return;
  const bool equal = ahead_ && ahead_->kind_of == class_of && ahead_->kind == kind && ahead_->at == at &&
                     std::equal(payload.begin(), payload.end(), ahead_->payload.begin(), ahead_->payload.end());
  if (!equal) {
    differ(ahead_ ? &*ahead_ : nullptr, describe(record_of(class_of, kind, payload, at)));
    return;
  }
  ++(class_of == RecordClass::Command ? commands_equal_ : facts_equal_);
  look_ahead();
}

void Replay::on_command(Timestamp at, const Command& command) {
  std::array<std::byte, payload_size_max> bytes;
  const std::size_t size = encode(command, bytes.data());
  compare(RecordClass::Command, command.index(), {bytes.data(), size}, at);
}

void Replay::on_fact(const Fact& fact) {
  if (!compare_facts_) return;
  std::array<std::byte, payload_size_max> bytes;
  const std::size_t size = encode(fact, bytes.data());
  compare(RecordClass::Fact, fact.payload.index(), {bytes.data(), size}, fact.at);
}

void Replay::finish() {
  if (ahead_ && !difference_) differ(&*ahead_, "nothing");
}

std::vector<Instrument> instruments_of(Reader reader) {
  std::vector<Instrument> instruments;
  Record record;
  EventDecoder decoder;
  Event event;
  while (reader.next(record)) {
    if (record.kind_of != RecordClass::Event || !decoder.decode(record, event)) continue;
    if (const auto* instrument = std::get_if<Boxed<Instrument>>(&event.payload)) instruments.push_back(**instrument);
    else if (!std::holds_alternative<Boxed<EngineStarted>>(event.payload)) break;
  }
  return instruments;
}

}  // namespace robo::journal
