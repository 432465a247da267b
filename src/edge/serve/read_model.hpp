#pragma once
// What the desk shows, folded from Facts and market events. Every change has a version, so any client's patch is "what is
// newer than what I have". Thread: server.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "edge/serve/detail/table.hpp"
#include "edge/serve/feed.hpp"
#include "edge/serve/market_view.hpp"
#include "edge/serve/messages.hpp"
#include "edge/serve/view_risk.hpp"

namespace robo::serve {

/// What the engine is before its first fact: its strategies in the order of their StrategyId, and its limits.
struct Catalogue {
  view::Status status{};  // mode, account, market, time_zone, version, gateway.endpoint
  std::string currency{"USD"};
  std::vector<view::Instrument> instruments{};
  std::vector<view::Strategy> strategies{};
  std::vector<view::Limit> limits{};
};

/// What only the gateway and the clock know; asked a few times a second, from the server's thread.
struct Figures {
  std::uint32_t lines_used{}, lines_max{};
  std::uint32_t messages_per_second{}, messages_per_second_max{};
  double speed{1};
  std::string metrics{};  // of parts the server does not know, in Prometheus' text format
};

class ReadModel {
 public:
  /// Rows kept; older ones leave, and a page trims its lists alike.
  static constexpr std::size_t orders_kept = 500, fills_kept = 1000, denials_kept = 300, signals_kept = 300, log_kept = 1000, equity_kept = 2000;

  explicit ReadModel(Catalogue catalogue);
  ~ReadModel();

  /// The steady clock, in seconds, of what is applied next.
  void set_time(double now) { steady_ = now; }
  void apply(const Word& word);
  void apply(const Event& market_event);
  /// Ages, marks and figures; `now` is a steady clock in seconds. Call at most every frame.
  void tick(double now, const Figures& figures, std::uint64_t dropped);
  /// A line of the server's own: a refusal, a dropped client.
  void note(view::LogLevel level, view::LogTopic topic, std::string text);

  [[nodiscard]] std::uint64_t seq() const { return seq_; }
  [[nodiscard]] std::uint64_t market_version() const { return market_version_; }
  [[nodiscard]] Timestamp engine_now() const { return engine_now_; }

  [[nodiscard]] view::Desk desk() const;
  /// False: too much was forgotten since `seq`, a snapshot is needed.
  [[nodiscard]] bool knows(std::uint64_t seq) const { return seq <= seq_ && orders_.knows(seq); }
  [[nodiscard]] view::Changes changes_since(std::uint64_t seq) const;
  [[nodiscard]] std::vector<std::string> orders_removed_since(std::uint64_t seq) const { return orders_.removed_since(seq); }

  [[nodiscard]] const runtime::Health& health() const { return health_; }
  [[nodiscard]] const view::Status& status() const { return status_; }
  [[nodiscard]] const view::Account& account() const { return account_; }
  [[nodiscard]] std::vector<view::Instrument> instruments() const { return instruments_.rows(); }
  [[nodiscard]] std::vector<view::Quote> quotes() const;
  [[nodiscard]] std::vector<view::Position> positions() const { return positions_.rows(); }
  [[nodiscard]] std::vector<view::Order> orders() const { return orders_.rows(); }
  [[nodiscard]] std::vector<view::Fill> fills() const { return fills_.rows(); }
  [[nodiscard]] std::vector<view::Denial> denials() const { return denials_.rows(); }
  [[nodiscard]] std::vector<view::Strategy> strategies() const { return strategies_.rows(); }
  [[nodiscard]] std::vector<view::Limit> limits() const { return limits_.rows(); }
  [[nodiscard]] std::vector<view::EquityPoint> equity() const;
  [[nodiscard]] std::vector<view::Regime> regimes() const { return regimes_.rows(); }
  [[nodiscard]] std::vector<view::Exposure> exposures() const;  // the account, then instruments, sectors, currencies; nothing held: no row
  [[nodiscard]] const view::BookRisk& risk() const { return risk_; }
  [[nodiscard]] view::Rotation rotation() const;
  [[nodiscard]] std::vector<view::Signal> signals() const { return signals_.rows(); }
  [[nodiscard]] std::vector<view::LogLine> log() const { return log_.rows(); }
  [[nodiscard]] const std::vector<std::string>& venues() const { return venues_.names(); }

  [[nodiscard]] const view::Instrument* instrument(std::uint32_t id) const { return instruments_.find(id); }
  [[nodiscard]] const view::Order* order(const std::string& key) const { return orders_.find(key); }
  [[nodiscard]] const view::Position* position(std::uint32_t instrument) const { return positions_.find(instrument); }
  [[nodiscard]] const view::Strategy* strategy(const std::string& name) const { return strategies_.find(name); }
  [[nodiscard]] std::optional<StrategyId> strategy_id(std::string_view name) const;
  [[nodiscard]] const view::Limit* limit(const std::string& name) const { return limits_.find(name); }
  [[nodiscard]] const MarketView* market(std::uint32_t instrument) const;
  [[nodiscard]] const std::map<std::uint32_t, MarketView>& markets() const { return markets_; }

  /// The newest `limit` candles of bar_lengths[length], and what is ours on them.
  [[nodiscard]] view::Chart chart(std::uint32_t instrument, std::size_t length, std::size_t limit) const;
  [[nodiscard]] view::Depth depth(std::uint32_t instrument) const;
  [[nodiscard]] view::Tape tape(std::uint32_t instrument, std::size_t limit) const;
  [[nodiscard]] const view::Why* why(const std::string& order) const;
  [[nodiscard]] view::FlattenPreview flatten_preview() const;

 private:
  struct Line {
    view::LogLevel level{};
    view::LogTopic topic{};
    std::string text{};
    std::optional<std::uint32_t> instrument{};
    std::string order{};
    std::string strategy{};
  };
  void log(Line line);
  std::uint64_t next() { return ++seq_; }
  MarketView& market_of(InstrumentId instrument);
  [[nodiscard]] std::string symbol(InstrumentId instrument) const;
  [[nodiscard]] std::string strategy_name(StrategyId strategy) const;
  [[nodiscard]] std::string price_text(InstrumentId instrument, Price price) const;

  // events and facts, one function each: fold_*.cpp
  void fold(const EngineStarted&);
  void fold(const Instrument&);
  void fold(const GatewayChanged&);
  void fold(const GatewayNoted& noted) { fold(noted.change); }
  void fold(const AccountValue&);
  void fold(const OperatorInput&);
  void fold(const RuntimeAlarm&);
  void fold(const DataFarmChanged&);
  void fold(const PhaseChange&);
  void fold(const Bar&);
  void fold(const BarClosed& closed) { fold(closed.bar); }
  void fold(const Noted&);
  void fold(const OrderDenied&);
  void fold(const OrderChanged&);
  void fold(const OrderFilled&);
  void fold(const CommissionBooked&);
  void fold(const PositionChanged&);
  void fold(const EquityMarked&);
  void fold(const SignalRaised&);
  void fold(const TargetSet&);
  void fold(const StrategyChanged&);
  void fold(const ParameterChanged&);
  void fold(const StrategyMarked&);
  void fold(const RegimeChanged&);
  void fold(const ExposureMarked&);
  void fold(const RiskMarked&);
  void fold(const LeadershipMarked&);
  void fold(const AppetiteMarked&);
  void fold(const LimitChanged&);
  void fold(const LimitUsed&);
  void fold(const KillChanged&);
  void fold(const ReconciliationNoted&);
  void fold(const PositionDiffered&);
  void fold(const OrderTimed& timed);
  void fold(const runtime::Health& health) { health_ = health; }

  void remember_why(const OrderChanged& changed);
  void mark_traded(const OrderIntent& intent);
  void keep_finished_bounded();
  [[nodiscard]] bool in_base(std::string_view currency) const;
  /// What an order of ours is measured at against the limits of one order.
  void measure_order(const OrderIntent& intent);
  /// How much of each limit is used, as far as the desk knows it; the others are the kernel's word (LimitUsed).
  void measure_limits();
  void use_limit(std::string_view name, double used);
  /// Our place in the queue of a resting limit order, by the trades and sizes seen since.
  void follow_queue(const view::Order& order);
  void advance_queues(const Trade& trade);
  void tell_queues();
  void tell_relative_volumes();
  void mark_positions();
  void mark_position(view::Position& position);
  void totals();
  void touch_limit(view::Limit& limit) const;
  void entries();
  [[nodiscard]] std::string without_account(std::string_view text) const;
  void update_kill();
  [[nodiscard]] const view::Limit* limit_of(Denial denial) const;

  Catalogue catalogue_;
  std::uint64_t seq_ = 0, market_version_ = 0;
  Timestamp now_{};            // of the word being folded
  Timestamp engine_now_{};     // of the newest word or event; the banner's copy follows five times a second
  double steady_ = 0;
  double last_data_ = -1e18, last_slow_tick_ = -1e18;
  bool marks_moved_ = false;

  runtime::Health health_{};
  view::Status status_{};
  std::uint64_t status_version_ = 0;
  view::Account account_{};
  std::uint64_t account_version_ = 0;
  Money equity_base_{}, day_base_{};  // the kernel's, without unrealized P&L: ours is added as prices move
  Money equity_peak_{};
  bool foreign_ = false;
  Money foreign_unrealized_{}, foreign_gross_{}, foreign_net_{};
  Timestamp farm_at_{};
  detail::Table<view::Instrument, std::uint32_t> instruments_{100'000};
  detail::Table<view::Position, std::uint32_t> positions_{100'000};
  detail::Table<view::Order, std::string> orders_{100'000};
  detail::Table<view::Fill, std::string> fills_{fills_kept};
  detail::Table<view::Denial, std::uint64_t> denials_{denials_kept};
  detail::Table<view::Strategy, std::string> strategies_{1000};
  detail::Table<view::Limit, std::string> limits_{1000};
  detail::Table<view::Regime, std::uint32_t> regimes_{100'000};
  std::map<std::pair<view::ExposureKind, std::string>, view::Exposure> exposures_;
  view::BookRisk risk_{};
  std::map<std::uint32_t, view::Leadership> leadership_;
  view::Appetite appetite_{};
  detail::Table<view::Signal, std::uint64_t> signals_{signals_kept};
  detail::Table<view::LogLine, std::uint64_t> log_{log_kept};
  struct VersionedPoint {
    std::uint64_t version{};
    view::EquityPoint point{};
  };
  std::vector<VersionedPoint> equity_;
  Duration equity_every_{seconds(1)};
  struct Commissioned {
    Money amount{};
    std::optional<Money> realized{};
  };
  std::map<std::string, Commissioned> commissions_;   // IB may report it before its execution
  std::deque<std::string> finished_;                  // keys of finished orders, oldest first
  std::map<std::string, view::Why> whys_;
  std::map<std::string, double> strategy_weights_;
  struct LastSignal {
    std::uint64_t id{};
    view::Signal signal{};
  };
  std::map<std::pair<std::uint16_t, std::uint32_t>, LastSignal> last_signals_;
  struct LastDenial {
    std::uint64_t id{};
    Denial reason{};
    Side side{};
  };
  std::map<std::uint32_t, LastDenial> last_denials_;
  struct LineThinning {
    std::uint64_t skip{}, every{1};
  };
  std::map<std::string, LineThinning> lines_;            // of the strategies' sparklines
  std::map<std::string, std::uint64_t> signal_counts_;
  std::string account_number_;
  std::vector<std::string> kill_orders_;
  std::vector<std::uint32_t> kill_positions_;
  Quantity order_quantity_most_{};
  double order_notional_most_ = 0, past_middle_most_ = 0;
  struct Queue {
    std::uint32_t instrument{};
    view::Side side{};
    Price price{};
    std::optional<Quantity> ahead{};  // nothing: the level is not among those shown
  };
  std::map<std::string, Queue> queues_;                  // of working limit orders, by order key
  std::int64_t volumes_minute_ = 0;
  bool journal_down_ = false, session_from_exchange_ = false;
  std::uint64_t denial_id_ = 0, signal_id_ = 0, log_id_ = 0;
  std::map<std::uint32_t, MarketView> markets_;
  Venues venues_;
};

}  // namespace robo::serve
