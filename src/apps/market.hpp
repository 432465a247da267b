#pragma once
// The recorded markets this program ships, as one stream: what demo, back-test and gateway simulator play.

#include <memory>
#include <string>
#include <vector>

#include "apps/settings.hpp"
#include "edge/store/shipped.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

/// Several recordings played together. Recordings of different days are put on one day, which is said in note(): session hours
/// stay session hours, and a recording of minutes begins again when it is over, with its book reset.
class RecordedMarket : public runtime::MarketSource {
 public:
  [[nodiscard]] std::span<const Instrument> instruments() const override { return instruments_; }
  [[nodiscard]] std::span<const Event> next() override;
  void rewind() override;

  /// Time of the first event.
  [[nodiscard]] Timestamp start() const;
  [[nodiscard]] Timestamp end() const;
  /// Where the data comes from, a sentence a recording.
  [[nodiscard]] const std::vector<std::string>& notes() const { return notes_; }
  [[nodiscard]] const store::Calendars& calendars() const { return calendars_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::uint64_t rows_refused() const { return refused_; }

 private:
  friend std::unique_ptr<RecordedMarket> open_market(const DataSettings&);
  struct Strip {
    std::unique_ptr<store::MarketTape> tape{};
    std::vector<Event> own{};            // of a store; else the tape's
    std::uint32_t instruments{};
    std::span<const Event> events{};
    std::uint32_t first_instrument{};
    Duration shift{};
    bool repeat{};
    std::size_t at{};
    Duration lap{};      // added to `shift` each time round
    std::uint64_t laps{};
  };
  void add(std::unique_ptr<store::MarketTape> tape, Duration shift, bool repeat, std::string note);
  void add(Strip strip, std::span<const Instrument> instruments, std::string note);
  [[nodiscard]] Timestamp time_of(const Strip& strip) const;

  store::Calendars calendars_;
  std::vector<Instrument> instruments_;
  std::vector<Strip> strips_;
  std::vector<std::string> notes_;
  std::vector<Event> buffer_;
  std::uint64_t rows_ = 0, refused_ = 0;
};

/// settings.market: "us24", "taq", "crypto" or "all"; symbols narrow it. Throws std::runtime_error with file and fix.
[[nodiscard]] std::unique_ptr<RecordedMarket> open_market(const DataSettings& settings);

}  // namespace robo::apps
