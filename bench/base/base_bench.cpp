// The base room's hot pieces: fixed-point notional against a double product, ring push+pop, decimal text.
#include <array>
#include <string_view>

#include "base/decimal.hpp"
#include "base/spsc_ring.hpp"
#include "support/report.hpp"

using namespace robo;
using namespace robo::bench;

int main(int argc, char** argv) {
  Report report(argc, argv);

  Samples fixed, plain;
  std::array<Price, 64> prices{};
  for (std::size_t i = 0; i < prices.size(); ++i) prices[i] = price(100 + static_cast<std::int64_t>(i), 37);
  std::size_t at = 0;
  interleave(
      report.rounds(),
      [&] { fixed.add(ns_per_call(500'000, [&] { keep(notional(prices[++at & 63], shares(300)).raw); })); },
      [&] { plain.add(ns_per_call(500'000, [&] { keep(prices[++at & 63].to_double() * 300.0); })); });
  report.row({.name = "base/notional", .unit = "ns", .samples = fixed, .rival = "double product", .rival_version = "g++",
              .rival_samples = plain, .paired = true, .note = "128-bit product, rounded to 1e-6"});

  Samples ring;
  SpscRing<std::array<std::byte, 64>> queue(1024);
  const std::array<std::byte, 64> item{};
  for (int round = 0; round < report.rounds(); ++round)
    ring.add(ns_per_call(1'000'000, [&] {
      if (queue.push(item)) keep(queue.front()), queue.pop();
    }));
  report.row({.name = "base/ring_push_pop_64B", .unit = "ns", .samples = ring});

  Samples parse;
  const std::array<std::string_view, 4> texts{"187.21", "0.00001234", "61234.5", "412"};
  for (int round = 0; round < report.rounds(); ++round)
    parse.add(ns_per_call(1'000'000, [&] { keep(parse_decimal<Price>(texts[++at & 3]).has_value()); }));
  report.row({.name = "base/parse_price", .unit = "ns", .samples = parse});
  return report.exit_code();
}
