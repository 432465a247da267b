#pragma once
// From what a person writes ("AAPL, stock, SMART, USD") to the one contract IB means, and back onto the wire. Answers are kept
// on disk: a contract asked for once is known at the next start, and an ambiguous one fails alone.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "edge/ib/wire/generated/market_events.hpp"
#include "edge/ib/wire/generated/other_events.hpp"
#include "model/instrument.hpp"

namespace robo::ib {

/// What is wanted, in IB's words. `con_id`, when known, decides.
struct ContractSpec {
  std::string symbol{};
  std::string type{"STK"};  // STK, FUT, CASH, CRYPTO, OPT, IND
  std::string exchange{"SMART"};
  std::string primary_exchange{};
  std::string currency{"USD"};
  std::string expiry{};     // 202612, 20261218
  std::string right{};      // C, P
  std::string strike{};
  std::string local_symbol{};
  std::int64_t con_id{};
  using fields = Fields<&ContractSpec::symbol, &ContractSpec::type, &ContractSpec::exchange, &ContractSpec::primary_exchange,
                        &ContractSpec::currency, &ContractSpec::expiry, &ContractSpec::right, &ContractSpec::strike,
                        &ContractSpec::local_symbol, &ContractSpec::con_id>;
};
/// "STK AAPL SMART NASDAQ USD": names it in messages, and in the cache.
[[nodiscard]] std::string to_text(const ContractSpec& spec);

/// One answer of IB, with what we read out of it.
struct KnownContract {
  std::string key{};            // to_text of the spec it answers
  Timestamp resolved_at{};
  Instrument instrument{};      // id is the engine's own and not part of the answer
  std::string long_name{};
  std::string stock_type{};
  std::string time_zone{};
  std::string trading_hours{};
  std::string liquid_hours{};
  std::int32_t market_rule{};   // of the exchange asked for; 0: none
  using fields = Fields<&KnownContract::key, &KnownContract::resolved_at, &KnownContract::instrument, &KnownContract::long_name,
                        &KnownContract::stock_type, &KnownContract::time_zone, &KnownContract::trading_hours,
                        &KnownContract::liquid_hours, &KnownContract::market_rule>;
};

/// Text members of the wire's contract are views into `instrument`: it must outlive the request.
[[nodiscard]] wire::Contract contract_of(const Instrument& instrument);
[[nodiscard]] wire::Contract contract_of(const ContractSpec& spec);
[[nodiscard]] std::string_view security_type(AssetClass asset_class);

/// Errors: a field the model cannot hold (named).
[[nodiscard]] Result<KnownContract, Problem> known_contract(const ContractSpec& spec, const wire::ContractDetails& details, Timestamp now);
/// What stands for a wanted contract until IB has said which one it is.
[[nodiscard]] Instrument placeholder_for(const ContractSpec& spec, InstrumentId id);
/// What a position or order in an instrument nobody asked for tells about it.
[[nodiscard]] Instrument instrument_of(const wire::Contract& contract);
[[nodiscard]] TickTable tick_table(const wire::MarketRule& rule);

/// The file of answers. Not having one is no error; a damaged one is said and begun anew.
class ContractCache {
 public:
  /// Empty path: nothing is kept. The problem tells people why a file was not used.
  [[nodiscard]] std::optional<Problem> open(const std::filesystem::path& file);
  [[nodiscard]] const KnownContract* find(std::string_view key) const;
  /// Keeps it and writes the file. The problem tells people why it could not be written.
  std::optional<Problem> put(const KnownContract& contract);
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  std::filesystem::path file_;
  std::map<std::string, KnownContract, std::less<>> known_;
};

/// All instruments of the run by the engine's number, and by IB's.
class InstrumentTable {
 public:
  void put(const Instrument& instrument);
  /// A number for a contract nobody declared: the next free one.
  InstrumentId adopt(Instrument instrument);
  [[nodiscard]] const Instrument* find(InstrumentId id) const;
  [[nodiscard]] const Instrument* find(ContractId contract) const;
  /// A combination (BAG) by its legs; where a message leaves them out, the one combination of that symbol. Null: none, or several.
  [[nodiscard]] const Instrument* find_combo(const Instrument& like) const;
  /// The placeholder that a contract of this symbol, type and currency must mean; null: none, or more than one could be meant.
  [[nodiscard]] const Instrument* find_placeholder(const Instrument& like) const;
  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  std::vector<std::optional<Instrument>> known_;
  std::map<ContractId, InstrumentId> by_contract_;
};

}  // namespace robo::ib
