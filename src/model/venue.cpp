#include "model/venue.hpp"

#include <algorithm>
#include <array>

namespace robo {

namespace {

struct Venue {
  char letter{};
  std::string_view name{};
};
// Of two letters with one name the first is the one the name stands for.
constexpr std::array venues{Venue{'N', "NYSE"}, Venue{'P', "ARCA"}, Venue{'Q', "ISLAND"}, Venue{'T', "ISLAND"}, Venue{'Z', "BATS"}, Venue{'A', "AMEX"},
                            Venue{'K', "EDGX"}, Venue{'J', "EDGA"}, Venue{'Y', "BYX"}, Venue{'V', "IEX"}, Venue{'B', "BEX"}, Venue{'X', "PSX"},
                            Venue{'M', "CHX"}, Venue{'C', "NYSENAT"}, Venue{'U', "MEMX"}, Venue{'H', "PEARL"}, Venue{'L', "LTSE"}, Venue{'D', "FINRA"},
                            // other words for them
                            Venue{'Q', "NASDAQ"}, Venue{'K', "DRCTEDGE"}, Venue{'J', "EDGEA"}};

}  // namespace

std::string_view venue_name(std::uint8_t letter) {
  const auto found = std::ranges::find(venues, static_cast<char>(letter), &Venue::letter);
  return found == venues.end() ? std::string_view{} : found->name;
}

std::uint8_t venue_letter(std::string_view name) {
  const auto found = std::ranges::find(venues, name, &Venue::name);
  return found == venues.end() ? std::uint8_t{} : static_cast<std::uint8_t>(found->letter);
}

}  // namespace robo
