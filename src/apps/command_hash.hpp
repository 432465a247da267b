#pragma once
// A fingerprint of everything a run wanted from the world: equal runs have equal fingerprints.

#include "edge/journal/encode.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

class CommandHash : public runtime::Tap {
 public:
  void on_event(const Event&) override {}
  void on_fact(const Fact&) override {}
  void on_command(Timestamp at, const Command& command) override {
    std::array<std::byte, journal::payload_size_max> bytes;
    const std::size_t size = journal::encode(command, bytes.data());
    mix(static_cast<std::uint64_t>(at.ns));
    mix(command.index());
    for (std::size_t i = 0; i < size; ++i) mix(static_cast<std::uint64_t>(bytes[i]));
    ++count_;
  }
  [[nodiscard]] std::uint64_t value() const { return hash_; }
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void mix(std::uint64_t word) { hash_ = (hash_ ^ word) * 1099511628211u; }  // FNV-1a over words
  std::uint64_t hash_ = 14695981039346656037u;
  std::uint64_t count_ = 0;
};

}  // namespace robo::apps
