#pragma once
// Questions with one answer: history, the first time there is data for, contract details, market rules. Each has a deadline,
// and calls back exactly once with the answer or with why there is none.

#include <functional>
#include <map>
#include <vector>

#include "edge/ib/desk.hpp"

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

template <class T>
using Answer = std::function<void(const Result<T, Failure>&)>;

class Questions {
 public:
  explicit Questions(Desk& desk) : desk_(desk) {}

  void bars(const HistoryRequest& request, Answer<std::vector<Bar>> answer);
  /// The first moment there is data for.
  void head(InstrumentId instrument, std::string_view what, Answer<Timestamp> answer);
  /// All contracts that match.
  void contracts(const ContractSpec& spec, Answer<std::vector<KnownContract>> answer);
  void market_rule(std::int32_t rule, Answer<TickTable> answer);

  void on(const wire::HistoricalData& data);
  void on(const wire::HistoricalDataEnd& end);
  void on(const wire::HeadTimestamp& head);
  void on(const wire::ContractDetails& details);
  void on(const wire::ContractDetailsEnd& end);
  void on(const wire::MarketRule& rule);

 private:
  struct History {
    HistoryRequest request{};
    std::vector<Bar> bars{};
    Answer<std::vector<Bar>> answer{};
  };
  struct Search {
    ContractSpec spec{};
    std::vector<KnownContract> found{};
    std::string trouble{};
    Answer<std::vector<KnownContract>> answer{};
  };

  Desk& desk_;
  std::map<std::int32_t, History> histories_;
  std::map<std::int32_t, Answer<Timestamp>> heads_;
  std::map<std::int32_t, Search> searches_;
  std::multimap<std::int32_t, Answer<TickTable>> rules_;
};

}  // namespace robo::ib
