#pragma once
// An option chain as the exchange's page writes it: calls left, puts right, what an option is inside a cell of text.
//
//   SPX (S&P 500 INDEX),2750.79,-16.34
//   Oct 15 2018 @ 20:00 ET
//   Calls,Last Sale,Net,Bid,Ask,Vol,Open Int,Puts,Last Sale,Net,Bid,Ask,Vol,Open Int
//   2018 Oct 15 1700.00 (SPXW1815J1700),0.0,0.0,1039.30,1063.00,0,0,2018 Oct 15 1700.00 (SPXW1815V1700),0.15,0.0, ,0.05,0,16

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "model/instrument.hpp"

namespace robo::store::history {

struct ChainOption {
  std::string root{};                // SPX, SPXW
  Date expiry{};
  OptionRight right{};
  Price strike{};
  bool settles_at_open{};            // SPX: by the opening prices of its day; SPXW and others: at the close
  bool expired{};                    // its page still shows it after its last trade
  std::optional<Price> bid{}, ask{}, last{};   // none: no such price, which is no zero
  std::int64_t volume{}, open_interest{};
};

struct OptionChain {
  std::string underlying{};
  Price spot{};
  Timestamp at{};
  std::vector<ChainOption> options{};
  std::vector<std::string> refused{};   // "file:line: why"
};

/// Errors: not such a page. Rows that cannot be read are refused and named.
[[nodiscard]] Result<OptionChain, Problem> parse_chain(std::string_view text, std::string_view file);

}  // namespace robo::store::history
