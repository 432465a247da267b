#pragma once
// The instruments of the data, as IB contracts.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "edge/ib/wire/generated/events.hpp"
#include "edge/sim/server/wire_text.hpp"

namespace robo::sim {

class Contracts {
 public:
  explicit Contracts(std::span<const Instrument> instruments);

  /// Every instrument the (partial) contract may mean.
  [[nodiscard]] std::vector<InstrumentId> find(const wire::Contract& wanted) const;
  /// The one it means; nothing when none or several (IB code 200 for both).
  struct Meant {
    InstrumentId id{};
    bool found{}, ambiguous{};
  };
  [[nodiscard]] Meant meant(const wire::Contract& wanted) const;
  /// The combination (BAG) with these legs; made when it is asked for the first time.
  struct Combination {
    InstrumentId id{};
    bool is_new{};
    std::int32_t code{};      // 0, or IB's objection
    std::string text{};
  };
  [[nodiscard]] Combination combination(const wire::Contract& wanted);
  /// One more instrument, under the next number.
  void learn(Instrument instrument);

  [[nodiscard]] const Instrument& operator[](InstrumentId id) const { return instruments_[id.value]; }
  [[nodiscard]] std::span<const Instrument> all() const { return instruments_; }

  /// Views into this object.
  void fill(InstrumentId id, wire::Contract& contract) const;
  [[nodiscard]] std::int32_t con_id(InstrumentId id) const { return static_cast<std::int32_t>(instruments_[id.value].contract.value); }
  [[nodiscard]] std::string long_name(InstrumentId id) const;
  [[nodiscard]] std::int32_t market_rule(InstrumentId id) const { return rule_of_[id.value]; }
  [[nodiscard]] const TickTable* rule(std::int32_t number) const;
  [[nodiscard]] std::string_view exchange(InstrumentId id) const;

 private:
  struct Words {
    std::string multiplier{}, expiry{}, legs{};
  };
  std::vector<Instrument> instruments_;
  std::vector<Words> words_;
  std::vector<std::int32_t> rule_of_;
  std::vector<std::pair<std::int32_t, TickTable>> rules_;
};

}  // namespace robo::sim
