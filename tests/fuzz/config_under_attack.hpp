#pragma once
// Any bytes as a configuration file. It is read or refused with sentences that name file and line; a range that was promised holds.

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string_view>

#include "edge/config/config_of.hpp"
#include "edge/serve/settings.hpp"

namespace robo::config::test {

struct Part {
  FixedText<8> symbol{};
  Price price{};
  std::optional<Quantity> size{};
  using fields = Fields<&Part::symbol, &Part::price, &Part::size>;
};
struct Everything {
  bool on{};
  std::int16_t small{};
  double ratio{};
  Duration pause{};
  Date day{};
  std::optional<Timestamp> at{};
  std::vector<Part> parts{};
  std::map<std::string, double> numbers{};
  serve::Settings serve{};
  using fields = Fields<&Everything::on, &Everything::small, &Everything::ratio, &Everything::pause, &Everything::day, &Everything::at,
                        &Everything::parts, &Everything::numbers, &Everything::serve>;
  static constexpr bool defaults = true;
  static constexpr auto required = std::to_array<std::string_view>({"on"});
  static constexpr auto ranges = std::to_array<Range>({{"small", -5, 5}, {"ratio", 0, 1}, {"pause", 0, 60}});
};

inline void must(bool sane, int line = __builtin_LINE()) {
  if (sane) return;
  std::fprintf(stderr, "the configuration reader let nonsense through: line %d of this header\n", line);
  std::abort();
}

/// True when the text was taken.
inline bool attack(std::string_view bytes) {
  const auto read = config::read<Everything>(bytes, "f.toml");
  if (!read) {
    must(!read.error().empty());
    for (const auto& problem : read.error()) must(problem.text.starts_with("f.toml:") && problem.text.size() > 12);
    return false;
  }
  must(read->small >= -5 && read->small <= 5);
  must(read->ratio >= 0 && read->ratio <= 1);
  must(read->pause.ns >= 0 && read->pause <= seconds(60));
  must(read->serve.clients_max >= 1 && read->serve.clients_max <= 10'000);
  return true;
}

}  // namespace robo::config::test

ROBO_CONFIG(robo::config::test::Everything);
