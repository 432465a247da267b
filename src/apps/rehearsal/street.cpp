#include "apps/rehearsal/street.hpp"

namespace robo::apps::rehearsal {

namespace {

constexpr Duration beat = milliseconds(250);

struct Listed {
  std::string_view symbol, exchange, currency;
  AssetClass asset_class{};
  std::int64_t contract{}, multiplier{1};
  double bid{}, ask{};
};
constexpr Listed listed[] = {
    {"AAPL", "NASDAQ", "USD", AssetClass::Stock, 265598, 1, 100.00, 100.02},
    {"MSFT", "NASDAQ", "USD", AssetClass::Stock, 272093, 1, 200.00, 200.04},
    {"PENY", "NASDAQ", "USD", AssetClass::Stock, 900001, 1, 0.9500, 0.9510},   // a hundredth of a cent below one dollar, a cent above
    {"SAP", "IBIS", "EUR", AssetClass::Stock, 14204, 1, 120.00, 120.04},
    {"EUR", "IDEALPRO", "USD", AssetClass::Forex, 12087792, 1, 1.1000, 1.1001},
    {"ES", "CME", "USD", AssetClass::Future, 495512552, 50, 5000.00, 5000.25},
};

}  // namespace

Street::Street(Timestamp start) : at_(start) {
  for (const auto& l : listed) {
    Instrument i{.id = InstrumentId{static_cast<std::uint32_t>(instruments_.size())}, .contract = ContractId{l.contract}, .asset_class = l.asset_class,
                 .origin = DataOrigin::Recorded, .symbol = l.symbol, .exchange = l.asset_class == AssetClass::Stock ? "SMART" : l.exchange,
                 .primary_exchange = l.exchange, .local_symbol = l.symbol, .currency = l.currency, .multiplier = l.multiplier,
                 .ticks = TickTable::flat(price(0, 1)), .size_increment = shares(1)};
    if (l.asset_class == AssetClass::Forex) i.ticks = TickTable::flat(Price::nearest(0.00005));
    if (l.asset_class == AssetClass::Future) {
      i.ticks = TickTable::flat(price(0, 25));
      i.expiry = date_of(2026, 12, 18);
    }
    if (l.symbol == "PENY") {
      i.ticks.bands[0] = {Price{}, Price::nearest(0.0001)};
      i.ticks.bands[1] = {Price::whole(1), price(0, 1)};
      i.ticks.count = 2;
    }
    instruments_.push_back(i);
    boards_.push_back({.bid = Price::nearest(l.bid), .ask = Price::nearest(l.ask), .size = shares(500), .silent = false});
  }
}

const Instrument* Street::find(std::string_view symbol) const {
  for (const auto& instrument : instruments_)
    if (instrument.symbol.view() == symbol) return &instrument;
  return nullptr;
}

void Street::set(InstrumentId instrument, Price bid, Price ask, Quantity size) {
  boards_[instrument.value] = {.bid = bid, .ask = ask, .size = size, .silent = false};
}

std::span<const Event> Street::next() {
  at_ = at_ + beat;
  odd_ = !odd_;
  stretch_.clear();
  for (; !prints_.empty(); prints_.pop_front()) stretch_.push_back({.at = at_, .received_at = at_, .payload = prints_.front()});
  for (std::size_t i = 0; i < boards_.size(); ++i) {
    const auto& board = boards_[i];
    if (board.silent) continue;
    // The size breathes, so that a quote that stands is still heard of.
    const auto size = odd_ ? board.size : board.size + instruments_[i].size_increment;
    const Quote quote{.instrument = instruments_[i].id, .bid = board.bid, .ask = board.ask, .bid_size = size, .ask_size = size};
    stretch_.push_back({.at = at_, .received_at = at_, .payload = quote});
  }
  if (stretch_.empty()) stretch_.push_back({.at = at_, .received_at = at_, .payload = DepthReset{}});  // time passes all the same
  return stretch_;
}

}  // namespace robo::apps::rehearsal
