#pragma once
// Price-time matching of our orders against a recorded market. The recorded market does not react to us, so every rule here
// is chosen to flatter nobody; each has a name in FillRules and can be read back from a report.

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "edge/sim/exchange/level_book.hpp"
#include "edge/sim/exchange/order.hpp"
#include "edge/sim/exchange/queue.hpp"
#include "model/event.hpp"
#include "model/instrument.hpp"

namespace robo::sim {

/// The conservative rules of filling.
struct FillRules {
  QueueModel queue{QueueModel::RiskAverse};
  /// A marketable order takes what is shown, level by level; what it took stays gone until that level is shown anew.
  bool displayed_size_only{true};
  /// A resting order filled by a print gets no more than the print.
  bool printed_size_only{true};
  /// Odd lots, off-exchange, late and re-reported prints neither fill nor trigger.
  bool eligible_prints_only{true};
  /// A stop fills at the market it meets, never at its own price.
  static constexpr bool stop_fills_at_market = true;
  /// A limit for an auction fills when the auction's price is better than it; at the very price others come first.
  static constexpr bool auction_fills_at_its_limit = false;
  /// Where the data has no print of the closing auction, the last price of the session stands for it after this long.
  static constexpr Duration auction_print_patience = minutes(10);
};

enum class MatchKind : std::uint8_t { Filled, Elected, Resumed, Killed, Expired, AuctionMissed, LegFilled };

/// What happened to an order.
struct Match {
  MatchKind kind{};
  FeeLiquidity liquidity{};
  std::uint8_t venue{};          // TAQ letter of the venue, 0 not known
  std::uint8_t leg{};            // LegFilled: which, after the Filled of its combination
  Slot slot{};
  Quantity quantity{};
  Price price{};
};

/// A leg of a combination that is traded here.
struct LegOf {
  InstrumentId instrument{};
  std::int64_t ratio{};          // negative: sold by who buys the combination
};

/// One market per instrument. Thread: one. Allocates when an instrument is added and when a list outgrows its reserve.
class Matcher {
 public:
  Matcher(OrderPool& orders, FillRules rules);

  void add(const Instrument& instrument);
  /// Makes an instrument that was added a combination of others that were: it trades against their markets, all legs at once.
  void combine(InstrumentId combo, std::span<const LegOf> legs);
  [[nodiscard]] std::span<const LegOf> legs(InstrumentId combo) const { return lane(combo).legs; }
  [[nodiscard]] bool has_combos() const { return has_combos_; }
  /// Nothing executes beyond these (zero: no bands).
  void set_bands(InstrumentId instrument, Price low, Price high) { lane(instrument).low_band = low, lane(instrument).high_band = high; }
  /// The market of an instrument moved or turned: combinations it is in follow.
  void leg_moved(InstrumentId leg);
  /// The close of the session before the first one of the data: base of the short-sale rule.
  void set_prior_close(InstrumentId instrument, Price close);

  // The market. Each may append to matches().
  void on_quote(const Quote& quote);
  void on_trade(const Trade& trade);
  void on_level(const DepthLevel& level);
  void on_reset(const DepthReset& reset);
  void on_phase(const PhaseChange& change);

  /// The time of what is told next.
  void set_now(Timestamp at) { now_ = at; }
  /// Time passes without the market saying anything.
  void on_time(Timestamp at);

  // Orders. The caller has checked price grid, size and price limits.
  void enter(Slot slot);
  void remove(Slot slot);
  /// After the caller changed price or quantity: loses its place in the queue unless only the quantity got smaller.
  void replaced(Slot slot, bool keeps_place);

  [[nodiscard]] std::span<const Match> matches() const { return matches_; }
  void clear_matches() { matches_.clear(), blocked_.clear(); }

  struct Touch {
    Price bid{}, ask{};
    Quantity bid_size{}, ask_size{};
  };
  [[nodiscard]] Touch touch(InstrumentId instrument) const;
  [[nodiscard]] Price last(InstrumentId instrument) const { return lane(instrument).last; }
  /// The price-keyed book; null where the data has none.
  [[nodiscard]] const LevelBook* book(InstrumentId instrument) const { return lane(instrument).book.get(); }
  [[nodiscard]] TradingPhase phase(InstrumentId instrument) const { return lane(instrument).phase; }
  [[nodiscard]] Timestamp phase_until(InstrumentId instrument) const { return lane(instrument).until; }
  [[nodiscard]] bool short_sale_restricted(InstrumentId instrument) const { return lane(instrument).restricted; }
  /// Traded in this session.
  [[nodiscard]] Quantity volume(InstrumentId instrument) const { return lane(instrument).volume; }
  [[nodiscard]] Price prior_close(InstrumentId instrument) const { return lane(instrument).prior_close; }
  /// When the regular hours that are on began; zero outside them.
  [[nodiscard]] Timestamp regular_since(InstrumentId instrument) const { return lane(instrument).regular_since; }
  /// The price a trigger of `method` looks at, for an order (or a condition) that waits for it to rise (or to fall).
  [[nodiscard]] Price seen(InstrumentId instrument, TriggerMethod method, bool rising) const;
  /// A pegged order's price after the market moved. True: it changed.
  void repeg(Slot slot);
  /// Quantity that could be taken now at `limit` or better (0: any price).
  [[nodiscard]] Quantity available(const Order& order) const;

 private:
  struct Taken {
    Price price{};
    Quantity size{};
  };
  struct Lane {
    Instrument instrument{};
    bool known{};
    bool restricted{};           // Rule 201 in force
    bool restricted_tomorrow{};
    bool trigger_by_quote{};
    bool aggressive{};           // some resting order still crosses
    TradingPhase phase{TradingPhase::Regular};
    TradingPhase before_halt{TradingPhase::Regular};
    Timestamp until{};
    std::uint8_t bid_venue{}, ask_venue{};
    Touch top{};
    Price last{};
    Price prior_close{};
    Price low_band{}, high_band{};
    std::unique_ptr<LevelBook> book;
    std::vector<Taken> taken[2];  // by BookSide: what we took of what is shown
    std::vector<Slot> resting[2]; // by Side, price-time priority
    std::vector<Slot> stops;
    std::vector<Slot> parked;     // waiting for their session
    std::vector<Slot> auction[2]; // waiting for the opening, the closing auction
    bool opening{}, closing{};    // that auction is due
    bool special_stops{};         // some stop looks at more than the last price
    Timestamp closing_since{}, regular_since{};
    Quantity volume{};
    Price own_high[2], own_low[2];
    std::uint32_t orders{};
    std::vector<LegOf> legs;      // of a combination
    std::vector<InstrumentId> in_combos;
  };

  Lane& lane(InstrumentId id) { return lanes_[id.value]; }
  const Lane& lane(InstrumentId id) const { return lanes_[id.value]; }
  [[nodiscard]] static bool open_for(const Lane& lane, const Order& order);
  [[nodiscard]] Touch touch(const Lane& lane) const;
  [[nodiscard]] Quantity taken(const Lane& lane, BookSide side, Price price) const;
  void take_note(Lane& lane, BookSide side, Price price, Quantity size);
  static void clamp_taken(Lane& lane, BookSide side, Price price, Quantity shown);
  void start(Lane& lane, Slot slot);
  void rest(Lane& lane, Slot slot);
  void take(Lane& lane, Slot slot);
  void fill(Slot slot, Quantity quantity, Price price, FeeLiquidity liquidity, std::uint8_t venue);
  void unlist(Lane& lane, Slot slot);
  void bounds(Lane& lane, Side side);
  void cross_resting(Lane& lane);
  void trigger(Lane& lane);
  void elect(Lane& lane, Slot slot);
  void size_changed(Lane& lane, BookSide side, Price price, Quantity before, Quantity now);
  void expire_day_orders(Lane& lane, bool regular_only);
  // combinations (combos.cpp)
  struct Part {                  // what the legs' markets give at one price each
    std::int64_t units{};
    Price net{};
    std::array<Price, 4> prices{};
  };
  template <class F>
  void shown(const Lane& leg, BookSide side, F&& f) const;
  [[nodiscard]] Part part_of(const Lane& combo, const Order& order, const std::array<std::int64_t, 4>& used) const;
  [[nodiscard]] Quantity available_combo(const Lane& combo, const Order& order) const;
  [[nodiscard]] Touch touch_of_legs(const Lane& combo) const;
  void take_combo(Lane& combo, Slot slot);
  void cross_combo(Lane& combo);
  // auctions
  void auction_phase(Lane& lane, const PhaseChange& change, TradingPhase was, bool regular_ended);
  void uncross(Lane& lane, bool close, Price price, std::uint8_t venue);
  // what is special
  [[nodiscard]] Quantity most(const Lane& lane, const Order& order, Price price) const;
  [[nodiscard]] Price reach(const Order& order) const;
  [[nodiscard]] bool holds_back(const Order& order, Quantity available) const;
  [[nodiscard]] bool blocked(const Order& order) const;
  [[nodiscard]] Price peg(const Lane& lane, const Order& order, const TicketTerms& terms) const;
  bool follow(Lane& lane, Order& order, Special& special);
  void after_taking(Lane& lane, Order& order);
  [[nodiscard]] std::int64_t special_share(const Lane& lane, Order& order, const Trade& trade, bool hits_us, std::int64_t print_left, std::int64_t ours) const;
  void after_resting_fill(const Lane& lane, Order& order, Quantity quantity);

  OrderPool& orders_;
  FillRules rules_;
  std::vector<Lane> lanes_;
  std::vector<Match> matches_;
  std::vector<Slot> scratch_;
  std::vector<std::uint64_t> blocked_;  // groups that filled since the last settlement and let no other fill
  Timestamp now_{};
  bool print_turn_ = false;             // a trigger is being looked at because of a print
  std::uint32_t auction_orders_ = 0;
  bool has_combos_ = false;
};

}  // namespace robo::sim
