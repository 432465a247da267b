#pragma once
// TWS itself, without sockets: answers requests, plays the market to subscribers, keeps orders. One thread.

#include <map>
#include <memory>
#include <random>
#include <set>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "edge/ib/wire/decode.hpp"
#include "edge/sim/exchange/price_bands.hpp"
#include "edge/sim/names.hpp"
#include "edge/sim/server/client.hpp"
#include "edge/sim/server/contracts.hpp"
#include "edge/sim/server/kept_request.hpp"
#include "edge/sim/server/order_file.hpp"

namespace robo::sim {

struct OptionTerms;

/// An order as the API shows it: what was sent, and the slot that lives it.
struct ServedOrder {
  std::int32_t client{}, id{}, parent_id{};
  Slot slot{no_slot};
  InstrumentId instrument{};
  Side side{};
  Quantity quantity{};
  std::string order_ref{}, oca_group{}, account{}, tif{"DAY"}, order_type{};
  wire::Number limit{wire::Number::unset()};      // of an order typed into TWS
  std::shared_ptr<const TicketTerms> ticket{};   // in our words
  std::shared_ptr<const KeptRequest> asked{};    // in the client's
  bool sent{}, from_manual{};
  std::string_view told_as{};                    // the status in TWS's words where it says another one
  // As TWS last heard from IB; behind what is true while the two are cut off.
  OrderState state{OrderState::PendingSubmit};
  Hold hold{};
  PermId perm_id{};
  Quantity filled{};
  Price average{}, trigger{};
  [[nodiscard]] bool open() const { return sent && !is_final(state); }
  Money commission{};
  CurrencyCode commission_currency{};
  bool commission_known{};
  Timestamp completed_at{};
  std::string completed_status{};
  std::int32_t reject_code{};
};

struct ServedExecution {
  std::size_t order{};                       // index of the served order
  InstrumentId instrument{};                 // of a combination's leg: the leg
  std::string id{}, time{}, venue{};
  Timestamp at{};
  Side side{};
  Quantity quantity{}, cumulative{};
  Price price{}, average{};
  std::uint8_t liquidity{};
  Money commission{}, realized{};
  CurrencyCode currency{};
  bool has_realized{};
  std::int32_t liquidation{};
};

/// Who holds the sockets and the clock: what a station cannot do by itself.
class House {
 public:
  virtual ~House() = default;
  /// Closes every connection and the door, for so long (wall seconds); then `how` for `login_seconds` more.
  virtual void restart(double seconds, double login_seconds, fault::DoorState how) = 0;
  virtual void shut(fault::DoorState how, double seconds) = 0;
  /// Connections still to come: frozen or not.
  virtual void freeze_newcomers(bool frozen) = 0;
  virtual void set_speed(double factor) = 0;
  /// The market has been played to `now` out of turn.
  virtual void clock_moved(Timestamp now) = 0;
};

class Station {
 public:
  Station(runtime::MarketSource& source, const ServerSettings& settings, FeeTable fees, OrderIds ids);

  // ---- time ------------------------------------------------------------------------------------------------------------
  /// Plays the market up to `now`; `wall_ns` drives what IB does by the clock on the wall.
  void play_to(Timestamp now, std::int64_t wall_ns);
  [[nodiscard]] const Event* upcoming() { return replay_.peek(); }
  [[nodiscard]] Timestamp now() const { return now_; }
  [[nodiscard]] Timestamp first_at() { return replay_.first_at(); }
  [[nodiscard]] std::uint64_t played() const { return replay_.played(); }

  // ---- clients ---------------------------------------------------------------------------------------------------------
  void join(Client& client) { clients_.push_back(&client); }
  void leave(Client& client);
  /// What was set off since the last call, by messages or by time.
  void strike(std::int64_t wall_ns);
  /// One frame of a client. False: the stream cannot be trusted, close it.
  [[nodiscard]] bool handle(Client& client, wire::Frame frame, std::int64_t wall_ns);
  [[nodiscard]] std::string greeting_time() const { return login_.connection_time(now_); }

  // ---- faults (station_faults.cpp) -------------------------------------------------------------------------------------
  void live_in(House& house) { house_ = &house; }
  /// Now, or when its moment comes. What was done, or what is wrong with it.
  Result<std::string, Problem> inject(const Injection& injection);
  Result<std::string, Problem> apply(const Fault& fault);
  [[nodiscard]] Tampering& tampering() { return tampering_; }
  [[nodiscard]] const ServerLimits& limits() const { return settings_.limits; }
  /// Everything that is true here, as JSON, for people and tests.
  [[nodiscard]] std::string dump() const;
  [[nodiscard]] const InstrumentId* by_symbol(std::string_view symbol) const;

  [[nodiscard]] const Broker& broker() const { return broker_; }
  /// Every order ever taken, as the API shows it; entries are added, never moved.
  [[nodiscard]] std::span<const ServedOrder> served() const { return served_; }
  [[nodiscard]] const Contracts& contracts() const { return contracts_; }
  /// Market-data lines all clients use together.
  [[nodiscard]] std::size_t lines() const { return lines_in_use(); }

  // ---- requests (the wire's decoder calls these) -----------------------------------------------------------------------
  void on(Client&, const wire::StartApi&);
  void on(Client&, const wire::ReqIds&);
  void on(Client&, const wire::ReqManagedAccts&);
  void on(Client&, const wire::ReqCurrentTime&);
  void on(Client&, const wire::ReqCurrentTimeInMillis&);
  void on(Client&, const wire::SetServerLogLevel&) {}
  void on(Client&, const wire::ReqContractDetails&);
  void on(Client&, const wire::ReqMarketRule&);
  void on(Client&, const wire::ReqMatchingSymbols&);
  void on(Client&, const wire::ReqSecDefOptParams&);
  void on(Client&, const wire::ReqMktData&);
  void on(Client&, const wire::CancelMktData&);
  void on(Client&, const wire::ReqMarketDataType&);
  void on(Client&, const wire::ReqTickByTickData&);
  void on(Client&, const wire::CancelTickByTickData&);
  void on(Client&, const wire::ReqMktDepth&);
  void on(Client&, const wire::CancelMktDepth&);
  void on(Client&, const wire::ReqMktDepthExchanges&);
  void on(Client&, const wire::ReqSmartComponents&);
  void on(Client&, const wire::ReqRealTimeBars&);
  void on(Client&, const wire::CancelRealTimeBars&);
  void on(Client&, const wire::ReqHistoricalData&);
  void on(Client&, const wire::CancelHistoricalData&);
  void on(Client&, const wire::ReqHeadTimeStamp&);
  void on(Client&, const wire::CancelHeadTimeStamp&) {}
  void on(Client&, const wire::ReqHistoricalTicks&);
  void on(Client&, const wire::ReqHistogramData&);
  void on(Client&, const wire::CancelHistogramData&) {}
  void on(Client&, const wire::PlaceOrder&);
  void on(Client&, const wire::CancelOrder&);
  void on(Client&, const wire::ReqGlobalCancel&);
  void on(Client&, const wire::ReqOpenOrders&);
  void on(Client&, const wire::ReqAllOpenOrders&);
  void on(Client&, const wire::ReqAutoOpenOrders&);
  void on(Client&, const wire::ReqExecutions&);
  void on(Client&, const wire::ReqCompletedOrders&);
  void on(Client&, const wire::ExerciseOptions&);
  void on(Client&, const wire::ReqAccountUpdates&);
  void on(Client&, const wire::ReqAccountSummary&);
  void on(Client&, const wire::CancelAccountSummary&);
  void on(Client&, const wire::ReqAccountUpdatesMulti&);
  void on(Client&, const wire::CancelAccountUpdatesMulti&);
  void on(Client&, const wire::ReqPositions&);
  void on(Client&, const wire::CancelPositions&);
  void on(Client&, const wire::ReqPositionsMulti&);
  void on(Client&, const wire::CancelPositionsMulti&);
  void on(Client&, const wire::ReqPnL&);
  void on(Client&, const wire::CancelPnL&);
  void on(Client&, const wire::ReqPnLSingle&);
  void on(Client&, const wire::CancelPnLSingle&);
  void on(Client&, const wire::ReqNewsProviders&);
  void on(Client&, const wire::ReqNewsBulletins&);
  void on(Client&, const wire::CancelNewsBulletins&);
  void on(Client&, const wire::ReqNewsArticle&);
  void on(Client&, const wire::ReqHistoricalNews&);
  void on(Client&, const wire::ReqScannerParameters&);
  void on(Client&, const wire::ReqScannerSubscription&);
  void on(Client&, const wire::CancelScannerSubscription&);
  void on(Client&, const wire::RequestFA&);
  void on(Client&, const wire::ReplaceFA&);
  void on(Client&, const wire::CalculateImpliedVolatility&);
  void on(Client&, const wire::CalculateOptionPrice&);
  void on(Client&, const wire::CancelCalcImpliedVolatility&) {}
  void on(Client&, const wire::CancelCalcOptionPrice&) {}
  void on(Client&, const wire::ReqSoftDollarTiers&);
  void on(Client&, const wire::ReqFamilyCodes&);
  void on(Client&, const wire::ReqWshMetaData&);
  void on(Client&, const wire::CancelWshMetaData&) {}
  void on(Client&, const wire::ReqWshEventData&);
  void on(Client&, const wire::CancelWshEventData&) {}
  void on(Client&, const wire::ReqUserInfo&);
  void on(Client&, const wire::VerifyRequest&);
  void on(Client&, const wire::VerifyMessage&);
  void on(Client&, const wire::QueryDisplayGroups&);
  void on(Client&, const wire::SubscribeToGroupEvents&);
  void on(Client&, const wire::UpdateDisplayGroup&);
  void on(Client&, const wire::UnsubscribeFromGroupEvents&);
  void on(Client&, const wire::CancelContractData&) {}     // every answer is given at once: nothing is left to cancel
  void on(Client&, const wire::CancelHistoricalTicks&) {}
  void on(Client&, const wire::ReqConfig&);
  void on(Client&, const wire::UpdateConfig&);

 private:
  // faults
  Result<std::string, Problem> act(const fault::Disconnect&);
  Result<std::string, Problem> act(const fault::CutBytes&);
  Result<std::string, Problem> act(const fault::Freeze&);
  Result<std::string, Problem> act(const fault::Thaw&);
  Result<std::string, Problem> act(const fault::Trickle&);
  Result<std::string, Problem> act(const fault::Door&);
  Result<std::string, Problem> act(const fault::Restart&);
  Result<std::string, Problem> act(const fault::Release&);
  Result<std::string, Problem> act(const fault::Clear&);
  Result<std::string, Problem> act(const fault::Say&);
  Result<std::string, Problem> act(const fault::LoseIb&);
  Result<std::string, Problem> act(const fault::RestoreIb&);
  Result<std::string, Problem> act(const fault::Farm&);
  Result<std::string, Problem> act(const fault::Silence&);
  Result<std::string, Problem> act(const fault::Competing&);
  Result<std::string, Problem> act(const fault::ReadOnly&);
  Result<std::string, Problem> act(const fault::ClockOffset&);
  Result<std::string, Problem> act(const fault::RollBackIds&);
  Result<std::string, Problem> act(const fault::Lines&);
  Result<std::string, Problem> act(const fault::Entitlement&);
  Result<std::string, Problem> act(const fault::Advance&);
  Result<std::string, Problem> act(const fault::Speed&);
  Result<std::string, Problem> act(const fault::SetPrice&);
  Result<std::string, Problem> act(const fault::Unpin&);
  Result<std::string, Problem> act(const fault::Halt&);
  Result<std::string, Problem> act(const fault::Resume&);
  Result<std::string, Problem> act(const fault::RejectOrders&);
  Result<std::string, Problem> act(const fault::CancelOrders&);
  Result<std::string, Problem> act(const fault::Locate&);
  Result<std::string, Problem> act(const fault::CorrectExecution&);
  Result<std::string, Problem> act(const fault::ManualOrder&);
  Result<std::string, Problem> act(const fault::ManualTrade&);
  Result<std::string, Problem> act(const fault::SplitOrder&);
  Result<std::string, Problem> act(const fault::Deposit&);
  Result<std::string, Problem> act(const fault::Liquidate&);
  Result<std::string, Problem> act(const fault::BorrowFee&);
  Result<std::string, Problem> act(const fault::Expire&);
  Result<std::string, Problem> act(const fault::Bulletin&);
  Result<std::string, Problem> act(const fault::News&);
  [[nodiscard]] bool refused_fundamentals(Client& client, wire::Frame frame, std::int32_t id);
  void scan(Client& client, std::int32_t request, Scanner& scanner);
  void tell_all(std::int32_t code, std::string_view text);
  template <class F>
  std::size_t each_client(std::int32_t wanted, F&& f);
  void strike_due(bool early);               // what a message or a moment has set off
  void market_moves(const EventPayload& payload);
  /// A trade that no order of the API made: booked at `price`, told to those who see everything.
  void book_outside(InstrumentId instrument, Side side, Quantity quantity, Price price, std::int32_t liquidation, std::string_view order_type);
  void day_turns(InstrumentId instrument);
  void daily_restart();
  /// True: refused, and said so.
  [[nodiscard]] bool refused_on_command(Client& client, ServedOrder refused);
  void bind_order(std::size_t place);
  [[nodiscard]] bool streams(InstrumentId instrument) const;
  [[nodiscard]] std::int64_t halt_code(InstrumentId instrument) const;
  [[nodiscard]] fault::DataRight right_to(InstrumentId instrument) const;
  [[nodiscard]] Timestamp told_now() const { return now_ + clock_offset_; }
  void liquidate_deficit();
  // account
  struct AccountRow {
    std::string key, value, currency;
  };
  [[nodiscard]] std::vector<AccountRow> account_rows();
  [[nodiscard]] std::string summary_value(std::string_view tag);
  void send_account(Client& client, bool with_end);
  void send_portfolio(Client& client, InstrumentId instrument);
  void send_position(Client& client, InstrumentId instrument);
  void send_pnl(Client& client);
  void by_the_clock(std::int64_t wall_ns);
  // market
  void fan_out(const Event& event);
  void flush_level1(Client& client, std::int32_t request, Level1& line);
  void flush_depth(Client& client, std::int32_t request, DepthLine& line);
  void turn_bars(Client& client, std::int32_t request, BarLine& line, Timestamp at);
  void send_bar_update(Client& client, std::int32_t request, const BarLine& line);
  [[nodiscard]] std::size_t lines_in_use() const;
  [[nodiscard]] std::size_t depth_in_use() const;
  [[nodiscard]] std::size_t ticks_in_use() const;
  /// The one contract meant; says code 200 or 322 itself when there is none or the request id is taken.
  [[nodiscard]] const InstrumentId* subject(Client& client, std::int32_t request, const wire::Contract& contract);
  [[nodiscard]] bool counts_as_regular(InstrumentId instrument, Timestamp at) const;
  [[nodiscard]] std::string bar_time(Timestamp at, Duration length, std::int32_t format) const;
  [[nodiscard]] bool history_paced(Client& client, const wire::ReqHistoricalData& request, Duration length, std::int64_t wall_ns);
  /// The instrument of any contract, a combination's too; else what TWS says to it.
  struct Wanted {
    const InstrumentId* id{};
    std::int32_t code{};
    std::string text{};
  };
  // options (station_options.cpp)
  struct Chain {
    std::vector<Date> expirations{};
    std::vector<Price> strikes{};
  };
  /// Null: none are listed on it, or nothing is known of its price yet.
  const Chain* chain_of(InstrumentId under);
  void make_options(const wire::Contract& wanted);
  void make_option(InstrumentId under, Date expiry, OptionRight right, Price strike, std::string_view name);
  [[nodiscard]] const InstrumentId* underlying_of(InstrumentId option) const;
  [[nodiscard]] Timestamp expires_at(InstrumentId option) const;
  [[nodiscard]] OptionTerms terms_of_option(InstrumentId option) const;
  /// From now on it is quoted.
  void wake(InstrumentId option);
  void quote_option(InstrumentId option, const Quote& under, Timestamp at);
  void follow_phase(InstrumentId option, const PhaseChange& under);
  void options_follow(Timestamp at, const EventPayload& payload);
  void say_computations(Client& client, std::int32_t request, InstrumentId option, bool delayed);
  void say_computation(Client& client, std::int32_t request, std::int32_t type, InstrumentId option, double spot, double price, std::optional<double> volatility);
  void exercise(InstrumentId option, Quantity quantity);
  std::string expire(InstrumentId id, Price settle);
  void expire_before(Date day);
  /// The market of one instrument moved: what is made of it moves too.
  void derived_follow(Timestamp at, const EventPayload& payload);
  // price bands (station_bands.cpp)
  void watch_bands(Timestamp at, const EventPayload& payload);
  void bands_by_time();
  void stop_for_bands(InstrumentId instrument);
  // orders that take their time (station_waiting.cpp)
  Result<std::string, Problem> act(const fault::Hesitate&);
  Result<std::string, Problem> act(const fault::Precaution&);
  struct Waiting {
    enum class Stage : std::uint8_t { AtTws, AtIb, Cancelling };
    Stage stage{};
    Timestamp due{};
    std::size_t place{};
    Terms terms{};
    bool cancel_wanted{};
  };
  void turn_waiting();
  void make_wait(std::size_t place, const Terms& terms);
  /// True: the cancel is dealt with here.
  bool cancel_waits(std::size_t place);
  void tell_status(std::size_t place, std::string_view word);
  /// IB's objection by the precautionary settings; code 0: none.
  [[nodiscard]] Wanted precaution_against(const wire::PlaceOrder& request, const Terms& terms) const;
  // combinations (station_combos.cpp)
  [[nodiscard]] Wanted wanted(const wire::Contract& contract);
  void combos_follow(Timestamp at, InstrumentId leg);
  // orders
  void deliver_reports();
  template <class F>
  void to_watchers(const ServedOrder& order, F&& f);
  void open_order(Client& client, const ServedOrder& order, const Broker::WhatIf* what_if = nullptr);
  void order_status(Client& client, const ServedOrder& order, Price last_price);
  void exec_details(Client& client, std::int32_t request, const ServedExecution& execution);
  void commission_report(Client& client, const ServedExecution& execution);
  void completed_order(Client& client, const ServedOrder& order);
  void fill_order(const ServedOrder& served, wire::Contract& contract, wire::Order& order) const;
  [[nodiscard]] bool read_terms(Client& client, const wire::PlaceOrder& request, Terms& terms, ServedOrder& served);
  [[nodiscard]] std::size_t served_index(std::int32_t client, std::int32_t id) const;
  [[nodiscard]] bool refuses_read_only(Client& client, std::int32_t id);
  [[nodiscard]] bool chance(double probability);
  void report(const Report& report);
  [[nodiscard]] bool sees(const Client& client, const ServedOrder& order) const;

  ServerSettings settings_;
  Login login_;
  Contracts contracts_;
  Broker broker_;
  Replay replay_;
  OrderIds ids_;
  std::vector<Client*> clients_;
  Timestamp now_{};
  std::int64_t wall_ns_ = 0, level1_at_ = 0, second_at_ = 0, account_at_ = 0;
  bool connected_ = true;                    // TWS to IB
  House* house_ = nullptr;
  Tampering tampering_;
  std::map<std::int32_t, std::string> display_groups_;   // what each shows
  struct Timed {
    Fault fault{};
    std::int64_t wall_ns{};                  // 0: by the market's clock
    Timestamp at{};
  };
  std::vector<Timed> timed_;
  std::vector<fault::RejectOrders> rejections_;
  std::map<InstrumentId, double> borrow_fees_;
  std::set<InstrumentId> pinned_, silenced_;
  std::map<InstrumentId, fault::HaltReason> halts_;
  std::map<std::string, fault::DataRight, std::less<>> rights_;
  bool market_farm_up_ = true, history_farm_up_ = true, contract_farm_up_ = true, all_silent_ = false, competing_ = false;
  Duration clock_offset_{};
  Timestamp next_restart_{};
  struct Article {
    InstrumentId instrument{};
    Timestamp at{};
    std::string provider{}, id{}, headline{}, text{};
  };
  std::vector<Article> news_;
  std::int32_t bulletins_ = 0, last_bound_ = 0;
  std::uint64_t outside_executions_ = 0;
  double day_start_equity_ = 0;
  std::map<InstrumentId, Chain> chains_;
  std::map<std::string, InstrumentId, std::less<>> option_names_;
  std::map<InstrumentId, std::vector<InstrumentId>> awake_;    // options that are quoted, by their stock
  std::set<InstrumentId> expired_;
  std::map<InstrumentId, Quantity> lapses_;  // options their owner does not want exercised
  std::map<InstrumentId, PriceBands> bands_;
  Duration hesitates_with_orders_{}, hesitates_with_cancels_{};
  std::vector<Waiting> waiting_;
  std::minstd_rand dice_;
  std::vector<ServedOrder> served_;
  std::unordered_map<std::uint64_t, std::size_t> by_api_id_;   // client << 32 | id
  std::vector<ServedExecution> executions_;
  std::vector<Report> held_;                 // while TWS is cut off from IB
  struct Asked {
    std::int64_t wall_ns{};
    std::string what{};
  };
  std::deque<Asked> history_asked_;
  std::map<std::pair<std::int32_t, std::uint32_t>, std::int64_t> tick_by_tick_asked_;
};

}  // namespace robo::sim
