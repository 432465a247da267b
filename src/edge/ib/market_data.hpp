#pragma once
// Streams of the market: asked for, turned into Quote, Trade, DepthRow and Bar, and asked for again when they were lost.

#include <vector>

#include "edge/ib/codes.hpp"
#include "edge/ib/desk.hpp"

namespace robo::ib {

class MarketData {
 public:
  explicit MarketData(Desk& desk) : desk_(desk) {}

  /// Wanted from now on; asked for when the instrument is known and the connection is there.
  void want(InstrumentId instrument, const Streams& streams);
  void unwant(InstrumentId instrument);
  /// Connected (again), or subscriptions were lost: everything under fresh ids.
  void subscribe_all();
  void subscribe(InstrumentId instrument, bool again = false);
  void connection_lost();
  /// Lines of the account that are in use.
  [[nodiscard]] std::uint32_t lines() const { return open(&Feed::quotes); }
  [[nodiscard]] std::uint32_t books() const { return open(&Feed::depth); }
  [[nodiscard]] std::uint32_t tick_streams() const { return open(&Feed::trades) + open(&Feed::tick_quotes); }
  /// A data farm came back: what does not stream soon is asked for again, whatever the farm says.
  void farm_back();
  /// Looks after streams that fell silent or were taken away. Call about once a second.
  void watch();
  /// An error of one of our streams.
  void on_failure(std::int32_t request, RequestEffect effect, const Failure& failure);

  void on(const wire::TickPrice& tick);
  void on(const wire::TickSize& tick);
  void on(const wire::TickString& tick);
  void on(const wire::TickGeneric& tick);
  void on(const wire::TickByTickLast& tick);
  void on(const wire::TickByTickBidAsk& tick);
  void on(const wire::UpdateMktDepth& row);
  void on(const wire::UpdateMktDepthL2& row);
  void on(const wire::RealtimeBar& bar);
  void on(const wire::MarketDataType& type);

 private:
  struct Feed {
    bool wanted{}, halted{};
    bool has_rt_volume{};           // trades come from RTVolume strings
    Streams streams{};
    Quote top{};
    Price last{};
    Quantity last_size{};
    Timestamp heard_at{};           // the last word of its quotes
    Timestamp asked_at{};
    Timestamp again_at{INT64_MAX};  // refused for a reason that passes: asked for again then
    Duration patience{};            // silence is borne for so long; grows while asking brings nothing
    bool silent{};                  // told that it is interrupted
    bool doubted{};                 // asked for again: what IB repeats then may be old, only a change is news
    std::int32_t quotes{}, trades{}, tick_quotes{}, depth{}, bars{};  // request ids in force, 0: none
  };

  [[nodiscard]] std::uint32_t open(std::int32_t Feed::*line) const {
    std::uint32_t n = 0;
    for (const Feed& feed : feeds_) n += feed.*line != 0;
    return n;
  }
  /// One more stream of a kind; says what IB would say when the account has no line left for it.
  [[nodiscard]] bool has_line(InstrumentId instrument, std::uint32_t used, std::uint32_t limit, std::int32_t code, std::string_view what);
  /// False: a repetition of what was known before the stream was asked for again.
  bool heard(Feed& feed, const Quote& before);
  Feed* feed_of(std::int32_t request, Route::Kind kind);
  void cancel(Feed& feed);
  void tell_trade(Feed& feed, Price price, Quantity size, std::uint16_t conditions, std::uint8_t venue = 0);
  void on_row(std::int32_t request, std::int32_t position, std::int32_t operation, std::int32_t side, const wire::Number& price,
              const wire::Number& size, std::string_view maker);
  void strange() { ++desk_.counters.strange_values; }

  Desk& desk_;
  std::vector<Feed> feeds_;  // by instrument
};

}  // namespace robo::ib
