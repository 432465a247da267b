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
  void subscribe(InstrumentId instrument);
  void connection_lost();
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
    std::int32_t quotes{}, trades{}, tick_quotes{}, depth{}, bars{};  // request ids in force, 0: none
  };

  Feed* feed_of(std::int32_t request, Route::Kind kind);
  void cancel(Feed& feed);
  void tell_trade(Feed& feed, Price price, Quantity size, std::uint16_t conditions);
  void on_row(std::int32_t request, std::int32_t position, std::int32_t operation, std::int32_t side, const wire::Number& price,
              const wire::Number& size, std::string_view maker);
  void strange() { ++desk_.counters.strange_values; }

  Desk& desk_;
  std::vector<Feed> feeds_;  // by instrument
};

}  // namespace robo::ib
