#include <cmath>

#include "research/report.hpp"

namespace robo::research {

std::vector<RoundTrip> round_trips(const Record& r) {
  std::vector<RoundTrip> trips;
  struct Open {
    RoundTrip trip{};
    double position = 0, bought = 0, sold = 0, spent = 0, earned = 0;
  };
  std::vector<Open> open(r.instruments.size());
  for (const FillRow& fill : r.fills) {
    if (fill.instrument.value >= open.size()) continue;
    Open& o = open[fill.instrument.value];
    if (o.position == 0) o = {.trip = {.from = fill.at}};
    o.trip.realized += fill.realized;
    ++o.trip.fills;
    const bool over = fill.position_after == 0 || (o.position != 0 && (o.position > 0) != (fill.position_after > 0));
    // A fill that turns a position round belongs to the old one with the part that closed it, and opens the next with the rest.
    const double rest = over ? std::fabs(fill.position_after) : 0, mine = fill.quantity - rest;
    (fill.side == Side::Buy ? o.bought : o.sold) += mine;
    (fill.side == Side::Buy ? o.spent : o.earned) += mine * fill.price;
    if (over && o.position != 0) {
      auto& trip = o.trip;
      const bool was_long = o.position > 0;
      trip.instrument = fill.instrument;
      trip.side = was_long ? Side::Buy : Side::Sell;
      trip.to = fill.at;
      trip.quantity = was_long ? o.bought : o.sold;
      const double bought_at = o.bought > 0 ? o.spent / o.bought : 0, sold_at = o.sold > 0 ? o.earned / o.sold : 0;
      trip.entry = was_long ? bought_at : sold_at;
      trip.exit = was_long ? sold_at : bought_at;
      trips.push_back(trip);
      o = {.trip = {.from = fill.at, .fills = rest > 0 ? 1u : 0u}};
      (fill.side == Side::Buy ? o.bought : o.sold) = rest;
      (fill.side == Side::Buy ? o.spent : o.earned) = rest * fill.price;
    }
    o.position = fill.position_after;
  }
  return trips;
}

}  // namespace robo::research
