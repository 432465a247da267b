#pragma once
// Questions with one answer: history, the first time there is data for, contract details, market rules. Each has a deadline,
// and calls back exactly once with the answer or with why there is none.

#include <deque>
#include <functional>
#include <map>
#include <variant>
#include <vector>

#include "edge/ib/desk.hpp"
#include "edge/ib/history_pacing.hpp"

namespace robo::ib {

struct HistoryRequest {
  InstrumentId instrument{};
  std::string end{};              // 20261120-21:00:00 (UTC); empty: now
  std::string duration{"1 D"};
  std::string bar_size{"1 min"};
  Duration period{minutes(1)};    // of bar_size, for the answer
  std::string what{"TRADES"};
  bool regular_hours{true};
};

/// Trades or quotes of former days, a thousand and what else belongs to the last second.
struct TickRequest {
  InstrumentId instrument{};
  Timestamp from{};               // whole seconds, as IB keeps them
  std::string what{"TRADES"};     // or BID_ASK
  std::int32_t count{1000};
  bool regular_hours{true};
};
struct PastTick {
  Timestamp at{};
  std::variant<Trade, Quote> tick{};
  FixedText<8> sale_conditions{};
};

template <class T>
using Answer = std::function<void(const Result<T, Failure>&)>;

class Questions {
 public:
  explicit Questions(Desk& desk) : desk_(desk), pacing_(desk.settings.limits) {}

  /// Kept back until IB's limits allow it; one that is asked already is not asked twice.
  void bars(const HistoryRequest& request, Answer<std::vector<Bar>> answer);
  /// The ticks from a moment on; they count as small requests (IB: "similarly").
  void ticks(const TickRequest& request, Answer<std::vector<PastTick>> answer);
  /// The first moment there is data for.
  void head(InstrumentId instrument, std::string_view what, Answer<Timestamp> answer);
  /// All contracts that match.
  void contracts(const ContractSpec& spec, Answer<std::vector<KnownContract>> answer);
  void market_rule(std::int32_t rule, Answer<TickTable> answer);

  /// Sends what may go now.
  void work();
  void connection_lost();
  [[nodiscard]] const HistoryPacing& pacing() const { return pacing_; }
  /// Questions kept back.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  void on(const wire::HistoricalData& data);
  void on(const wire::HistoricalDataEnd& end);
  void on(const wire::HistoricalTicksLast& page);
  void on(const wire::HistoricalTicksBidAsk& page);
  void on(const wire::HeadTimestamp& head);
  void on(const wire::ContractDetails& details);
  void on(const wire::ContractDetailsEnd& end);
  void on(const wire::MarketRule& rule);

 private:
  struct History {
    HistoryRequest request{};
    std::vector<Bar> bars{};
    std::vector<Answer<std::vector<Bar>>> answers{};  // everybody who asked for the same
    HistoryPacing::Ask ask{};
  };
  /// A question that waits for its turn.
  struct Waiting {
    HistoryPacing::Ask ask{};
    History history{};                                // bars, or
    InstrumentId head_of{};                           // the first moment
    std::string head_what{};
    std::vector<Answer<Timestamp>> heads{};
    TickRequest tick{};                               // or ticks
    Answer<std::vector<PastTick>> ticks{};
    Timestamp deadline{};
  };
  struct Ticks {
    TickRequest request{};
    std::vector<PastTick> found{};
    Answer<std::vector<PastTick>> answer{};
  };
  struct Search {
    ContractSpec spec{};
    std::vector<KnownContract> found{};
    std::string trouble{};
    Answer<std::vector<KnownContract>> answer{};
  };

  void send(History history);
  void send_head(Waiting waiting);
  void send_ticks(Waiting waiting);
  void finish_ticks(std::int32_t id);
  void finish_history(std::int32_t id);

  Desk& desk_;
  HistoryPacing pacing_;
  std::deque<Waiting> waiting_;
  std::map<std::int32_t, History> histories_;
  struct Head {
    HistoryPacing::Ask ask{};
    std::vector<Answer<Timestamp>> answers{};
  };
  std::map<std::int32_t, Head> heads_;
  std::map<std::int32_t, Ticks> ticks_;
  std::map<std::int32_t, Search> searches_;
  std::multimap<std::int32_t, Answer<TickTable>> rules_;
};

}  // namespace robo::ib
