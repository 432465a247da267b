#pragma once
// The run on a terminal: a line of figures every so often, and a sentence for what a person must know at once.

#include "apps/settings.hpp"
#include "base/time_zone.hpp"
#include "runtime/ports.hpp"

namespace robo::apps {

/// Thread: hot; prints at most a few lines a minute.
class Ticker : public runtime::Tap {
 public:
  /// `every` of engine time between lines of figures.
  Ticker(const TimeZone& zone, Duration every) : zone_(zone), every_(every) {}
  void on_event(const Event& event) override;
  void on_command(Timestamp, const Command& command) override;
  void on_fact(const Fact& fact) override;
  void on_health(const runtime::Health& health) override { health_ = health; }
  static void print_header();

 private:
  void line(const EquityMarked& marked, Timestamp at);
  [[nodiscard]] std::string clock(Timestamp at, bool seconds) const;
  [[nodiscard]] std::string symbol(InstrumentId id) const;

  TimeZone zone_;
  Duration every_;
  Timestamp next_{INT64_MIN};
  std::uint64_t orders_ = 0, fills_ = 0;
  std::vector<std::string> symbols_;
  runtime::Health health_{};
};

}  // namespace robo::apps
