#pragma once
// One instrument as the desk shows it: quote, book, tape, candles, volume by price. Thread: server.

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/view.hpp"
#include "model/event.hpp"

namespace robo::serve {

/// Candle lengths the desk offers.
struct BarLength {
  std::string_view name{};
  std::int64_t seconds{};
  std::size_t keep{};
};
inline constexpr std::array<BarLength, 6> bar_lengths{{{"5s", 5, 1440}, {"1m", 60, 2000}, {"5m", 300, 1000}, {"15m", 900, 1000}, {"1h", 3600, 1000}, {"1d", 86400, 600}}};

/// Places of bar_lengths; nothing for a name that is not offered.
[[nodiscard]] std::optional<std::size_t> bar_length(std::string_view name);

/// Names of venues, each with a number the trades stream uses.
class Venues {
 public:
  /// The number of the venue a TAQ letter stands for.
  [[nodiscard]] std::int32_t of_letter(std::uint8_t letter);
  [[nodiscard]] std::string_view name(std::int32_t venue) const;
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::array<std::int32_t, 256> letters_ = [] {
    std::array<std::int32_t, 256> none{};
    none.fill(-1);
    return none;
  }();
};

struct ShownPrint {
  std::uint64_t id{};
  Timestamp at{};
  Price price{};
  Quantity size{};
  view::Aggressor side{};
  std::int32_t venue{-1};
  std::uint32_t flags{};  // frames.hpp, trade_*
};

struct ShownCandle {
  std::uint64_t version{};
  Timestamp at{};
  Price open{}, high{}, low{}, close{};
  Quantity volume{};
  double price_volume{};  // for the vwap
  bool of_mid{};          // made of the middle of bid and ask, until there are trades
};

class MarketView {
 public:
  static constexpr std::size_t prints_kept = 1000;
  static constexpr std::size_t levels_shown = 40;

  explicit MarketView(std::uint32_t instrument) : instrument_(instrument) {}

  /// `version` is the read model's market version this change gets; `seen` a steady clock in seconds.
  void apply(const Quote& quote, Timestamp at, std::uint64_t version, double seen);
  void apply(const Trade& trade, Timestamp at, std::uint64_t version, double seen, Venues& venues);
  void apply(const DepthRow& row, Timestamp at, std::uint64_t version, double seen);
  void apply(const DepthLevel& level, Timestamp at, std::uint64_t version, double seen);
  void apply(const DepthReset&, std::uint64_t version);
  void apply(const PhaseChange& phase, Timestamp at, std::uint64_t version);
  /// A bar of history, or the kernel's own. Minutes also make the longer candles, and before the first live trade the day's figures.
  void apply(const Bar& bar, std::uint64_t version);
  void set_broken(bool broken, std::string_view cause, Timestamp at, std::uint64_t version);
  /// Marks the quote stale when nothing came for `stale_after` seconds. True when that changed.
  bool check_age(double now, double stale_after, std::uint64_t version);

  [[nodiscard]] std::uint32_t instrument() const { return instrument_; }
  [[nodiscard]] std::uint64_t quote_version() const { return quote_version_; }
  [[nodiscard]] std::uint64_t book_version() const { return book_version_; }
  [[nodiscard]] bool book_consistent() const { return consistent_; }
  [[nodiscard]] const view::Quote& quote() const { return quote_; }
  /// What a position is marked at: the mid of a two-sided quote, else the last trade.
  [[nodiscard]] std::optional<Price> mark() const;
  [[nodiscard]] std::optional<Price> previous_close() const { return previous_close_; }
  [[nodiscard]] const std::deque<ShownPrint>& prints() const { return prints_; }
  [[nodiscard]] std::uint64_t prints_count() const { return print_id_; }
  [[nodiscard]] const std::deque<ShownCandle>& candles(std::size_t length) const { return candles_[length]; }
  [[nodiscard]] bool from_trades() const { return has_trades_; }
  [[nodiscard]] bool has_depth() const { return has_depth_; }
  [[nodiscard]] bool broken() const { return broken_; }
  [[nodiscard]] TradingPhase phase() const { return phase_; }
  [[nodiscard]] const std::vector<view::Gap>& gaps() const { return gaps_; }
  [[nodiscard]] double seen() const { return seen_; }
  /// Volume since midnight UTC against the average of earlier days at the same time of day; nothing before there is one.
  [[nodiscard]] std::optional<double> relative_volume(Timestamp now) const;
  void set_relative_volume(std::optional<double> value, std::uint64_t version);
  /// Shown size at a price of a side; nothing where the price is not among the levels that are known.
  [[nodiscard]] std::optional<Quantity> size_at(view::Side side, Price price) const;
  /// Levels best first, at most levels_shown a side, with session volume; own sizes are the caller's.
  [[nodiscard]] view::Depth depth() const;

 private:
  struct Traded {
    Quantity bought{}, sold{};
  };
  void touch_quote(Timestamp at, std::uint64_t version, double seen);
  void touch_book(Timestamp at, std::uint64_t version, double seen);
  void state_of_quote();
  void candle(Price price, Quantity size, Timestamp at, std::uint64_t version, bool of_mid);
  void lengthen(const Bar& minute, std::uint64_t version);
  void day_figures(const Bar& minute);
  void close_gap(Timestamp at, std::string_view cause);
  [[nodiscard]] view::Aggressor aggressor(const Trade& trade) const;

  std::uint32_t instrument_;
  view::Quote quote_{};
  std::uint64_t quote_version_ = 0, book_version_ = 0;
  double seen_ = -1e18;
  bool stale_ = false, broken_ = false, live_ = true;
  TradingPhase phase_{TradingPhase::Regular};
  Date trade_date_{};
  std::optional<Price> previous_close_;
  double price_volume_ = 0;

  std::map<Price, Quantity, std::greater<>> bids_;  // price-keyed feeds
  std::map<Price, Quantity> asks_;
  std::array<std::vector<std::pair<Price, Quantity>>, 2> rows_;  // IB's rows, by BookSide
  bool by_rows_ = false, consistent_ = true, has_depth_ = false;
  std::optional<Timestamp> book_at_;
  std::map<Price, Traded> traded_;

  std::deque<ShownPrint> prints_;
  std::uint64_t print_id_ = 0;
  std::array<std::deque<ShownCandle>, bar_lengths.size()> candles_;
  bool has_trades_ = false, has_live_trades_ = false;
  std::vector<view::Gap> gaps_;
};

}  // namespace robo::serve
