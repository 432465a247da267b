#pragma once
// Appends events, commands and facts to the journal of one engine session.

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <thread>

#include "edge/journal/encode.hpp"
#include "edge/journal/segment.hpp"
#include "runtime/ports.hpp"

namespace robo::journal {

struct WriterSettings {
  std::filesystem::path folder{};             // created; must not hold a journal yet
  std::uint64_t session{};
  std::size_t segment_size = 16u << 20;
  Duration sync_every = milliseconds(200);    // how much a power cut may cost; kill -9 costs nothing
  bool patient = false;                       // back-tests: wait for the next segment instead of losing records
};

/// Thread: on_* and healthy() on the hot thread; a thread of its own prepares segments ahead and syncs. When the disk is full
/// the writer turns unhealthy, counts what it could not write, keeps trying, and leaves a Gap record when it can write again.
class Writer : public runtime::Recorder {
 public:
  /// Errors: folder not writable, already a journal, disk full.
  [[nodiscard]] static Result<std::unique_ptr<Writer>, Problem> open(const WriterSettings& settings);
  ~Writer() override;
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void on_event(const Event& event) override;
  void on_command(Timestamp at, const Command& command) override;
  void on_fact(const Fact& fact) override;
  [[nodiscard]] bool healthy() const override { return healthy_; }
  [[nodiscard]] std::uint64_t lost() const override { return lost_total_; }

  [[nodiscard]] std::uint64_t records() const { return number_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return settings_.folder; }

 private:
  explicit Writer(const WriterSettings& settings) : settings_(settings) {}
  [[nodiscard]] std::filesystem::path path_of(unsigned index) const;
  bool prepare(unsigned index);
  template <class Payload>
  void append(RecordClass class_of, std::size_t kind, Timestamp at, Timestamp received_at, const Payload& payload);
  template <class Payload>
  void append_in_place(RecordClass class_of, std::size_t kind, Timestamp at, Timestamp received_at, const Payload& payload);
  bool room_for_record();
  bool next_segment();
  void begin_segment();
  void write_gap();
  void keep_house();

  WriterSettings settings_;
  MappedFile current_;
  unsigned current_index_ = 0;
  std::size_t used_ = 0;
  std::uint64_t number_ = 0, bytes_ = 0, lost_ = 0, lost_total_ = 0;
  bool healthy_ = true;

  // Between the hot thread and the house keeper. The hot thread only ever tries the lock.
  std::mutex lock_;
  std::condition_variable wake_;
  MappedFile ahead_;
  unsigned ahead_index_ = 1;
  std::atomic<bool> ahead_ready_{false}, ahead_failed_{false};
  struct Finished {
    MappedFile file{};
    std::size_t used{};
  };
  std::vector<Finished> finished_;
  std::atomic<std::size_t> used_now_{0};
  std::atomic<std::byte*> data_now_{nullptr};
  bool stopping_ = false;
  std::thread keeper_;
};

}  // namespace robo::journal
