#include "edge/sim/fees/commission.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace robo::sim {
namespace {

// Exact amounts are kept in 1e-15 of a currency: a rate (1e-9) times money (1e-6).
using Fine = i128;
constexpr Fine fine_of(Money m) { return Fine{m.raw} * 1'000'000'000; }
constexpr Fine fine_of(Rate r) { return Fine{r.raw} * 1'000'000; }
constexpr Money money_of(Fine f) { return Money::from_raw(narrow(divide_rounded(f, 1'000'000'000))); }
constexpr Fine times(Rate rate, Money value) { return Fine{rate.raw} * value.raw; }
constexpr Fine times(Rate rate, Quantity quantity) { return Fine{rate.raw} * quantity.raw / 100; }

Charge charge_of(Fine commission, Fine third_party) {
  return {money_of(commission), money_of(third_party), money_of(commission + third_party)};
}

/// Sum over the tiers that [before, before + amount) crosses. `amount` and bounds in the same raw unit of `scale` to one.
template <class Bound>
Fine across_tiers(std::int64_t before, std::int64_t amount, std::size_t count, Bound&& upper, auto&& cost) {
  Fine sum = 0;
  std::int64_t at = before;
  const std::int64_t end = before + amount;
  for (std::size_t i = 0; i < count && at < end; ++i) {
    const std::int64_t to = i + 1 < count ? upper(i) : INT64_MAX;
    if (at >= to) continue;
    const auto part = std::min(end, to) - at;
    sum += cost(i, part);
    at += part;
  }
  return sum;
}

std::int64_t bound_in(Rate bound, std::int64_t scale) { return narrow(i128{bound.raw} * scale / Rate::scale); }

constexpr std::string_view index_futures[] = {"ES", "NQ", "RTY", "EMD"};
constexpr std::string_view micro_futures[] = {"MES", "MNQ", "M2K", "MYM", "MCL", "MGC"};

/// A key made on the stack: fees are asked for at every fill.
using Key = FixedText<96>;
template <class... Parts>
Key key_of(fmt::format_string<Parts...> form, Parts&&... parts) {
  char text[96];
  const auto end = fmt::format_to_n(text, sizeof text, form, std::forward<Parts>(parts)...);
  return Key(std::string_view(text, std::min(end.size, sizeof text)));
}

std::string_view future_family(std::string_view symbol) {
  if (std::ranges::find(index_futures, symbol) != std::end(index_futures)) return "index";
  if (std::ranges::find(micro_futures, symbol) != std::end(micro_futures)) return "micro";
  if (symbol.size() == 2 && symbol[0] == '6') return "fx";
  return symbol;
}

/// The commission an order owes in all, once minimum and cap are applied to what its fills came to.
Fine bounded(Fine uncapped, Fine minimum, Fine cap) { return std::min(std::max(uncapped, minimum), cap); }

}  // namespace

Cashier::Cashier(FeeTable table, CommissionPlan plan) : table_(std::move(table)), plan_(plan) {}

Cashier::Tiers Cashier::tiers(std::string_view prefix, Date day) const {
  Tiers result;
  const auto dot = prefix.rfind(".rate");
  const auto family = dot == std::string_view::npos ? prefix.substr(0, prefix.rfind('.')) : prefix.substr(0, dot);
  for (std::uint32_t i = 0; i < result.rate.size(); ++i) {
    const auto* rate = table_.find(key_of("{}.{}", prefix, i + 1).view(), day);
    if (!rate) break;
    result.rate[i] = *rate;
    result.count = i + 1;
    if (i < result.to.size()) result.to[i] = table_.at_or_zero(key_of("{}.to.{}", family, i + 1).view(), day);
  }
  return result;
}

const Cashier::Rates& Cashier::rates(Date day) {
  if (day == day_) return rates_;
  const auto at = [&](std::string_view key) { return table_.at_or_zero(key, day); };
  Rates r;
  r.stock_fixed = at("us_stock.fixed.rate");
  r.stock_fixed_min = at("us_stock.fixed.min");
  r.stock_max_fraction = at("us_stock.max_fraction");
  r.stock_fraction_min = at("us_stock.fraction_min");
  r.stock_tiered_min = at("us_stock.tiered.min");
  r.directed = at("us_stock.directed.rate");
  r.directed_min = at("us_stock.directed.min");
  r.ats_discount = at("us_stock.ats_discount");
  r.stock = tiers("us_stock.tiered.rate", day);
  r.sec = at("us.sec_fee");
  r.taf_stock = at("us.taf.stock.rate");
  r.taf_stock_cap = at("us.taf.stock.cap");
  r.taf_option = at("us.taf.option.rate");
  r.cat = at("us.cat.rate");
  r.clearing = at("us.clearing.rate");
  r.clearing_cap = at("us.clearing.cap_fraction");
  r.nyse = at("us.passthrough.nyse");
  r.finra = at("us.passthrough.finra");
  r.option_low = tiers("us_option.low", day);
  r.option_middle = tiers("us_option.middle", day);
  r.option_high = tiers("us_option.high", day);
  r.option_min = at("us_option.min");
  r.option_directed = at("us_option.directed");
  r.orf = at("us_option.orf");
  r.occ = at("us_option.occ.rate");
  r.occ_capped = table_.find("us_option.occ.cap", day) != nullptr;
  r.occ_cap = at("us_option.occ.cap");
  r.future_regulatory = at("us_future.regulatory");
  r.fx = tiers("fx.rate", day);
  for (std::uint32_t i = 0; i < r.fx.count; ++i) r.fx_min[i] = at(key_of("fx.min.{}", i + 1).view());
  r.crypto = tiers("crypto.rate", day);
  r.crypto_min = at("crypto.min");
  r.crypto_max_fraction = at("crypto.max_fraction");
  r.eur_fixed = at("eur_stock.fixed.rate");
  r.eur_fixed_min = at("eur_stock.fixed.min");
  r.eur_directed = at("eur_stock.directed.rate");
  r.eur_directed_min = at("eur_stock.directed.min");
  r.eur_min = at("eur_stock.tiered.min");
  r.eur_max = at("eur_stock.tiered.max");
  r.eur = tiers("eur_stock.tiered.rate", day);
  rates_ = r;
  day_ = day;
  return rates_;
}

Charge Cashier::charge(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  switch (fill.instrument->asset_class) {
    case AssetClass::Stock:
    case AssetClass::Etf:
      return fill.instrument->currency == CurrencyCode("EUR") ? european_stock(fill, ticket, month, day) : us_stock(fill, ticket, month, day);
    case AssetClass::Option: return us_option(fill, ticket, month, day);
    case AssetClass::Future: return future(fill, ticket, month, day);
    case AssetClass::Forex: return forex(fill, ticket, month, day);
    case AssetClass::Crypto: return crypto(fill, ticket, month, day);
    case AssetClass::Combo:
    case AssetClass::Index: break;
  }
  return {};  // a combo pays per leg; an index cannot be traded
}

Money Cashier::preview(const Charged& fill, const MonthToDate& month, Date day) {
  OrderTicket ticket;
  MonthToDate copy = month;
  return charge(fill, ticket, copy, day).total;
}

Charge Cashier::us_stock(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto& r = rates(day);
  const Money value = notional(fill.price, fill.quantity, fill.instrument->multiplier);
  const bool tiered = plan_ == CommissionPlan::Tiered && !fill.directed;
  Fine uncapped = 0;
  if (fill.directed) uncapped = times(r.directed, fill.quantity);
  else if (!tiered) uncapped = times(r.stock_fixed, fill.quantity) - (fill.liquidity == FeeLiquidity::IbkrAts ? times(r.ats_discount, fill.quantity) : 0);
  else {
    uncapped = across_tiers(
        month.us_shares.raw, fill.quantity.raw, r.stock.count, [&](std::size_t i) { return bound_in(r.stock.to[i], Quantity::scale); },
        [&](std::size_t i, std::int64_t part) { return times(r.stock.rate[i], Quantity::from_raw(part)); });
    month.us_shares += fill.quantity;
  }
  ticket.quantity += fill.quantity;
  ticket.value += value;
  ticket.uncapped += money_of(uncapped);
  const Fine cap = times(r.stock_max_fraction, ticket.value);
  Fine due = 0;
  if (ticket.quantity < shares(1)) {
    due = std::max(cap, fine_of(r.stock_fraction_min));
  } else {
    const Rate minimum = fill.directed ? r.directed_min : tiered ? r.stock_tiered_min : r.stock_fixed_min;
    due = bounded(fine_of(ticket.uncapped), fine_of(minimum), cap);
  }
  const Fine commission = due - fine_of(ticket.commission);
  ticket.commission += money_of(commission);

  Fine third = times(r.cat, fill.quantity);
  if (fill.side == Side::Sell) third += times(r.sec, value) + std::min(times(r.taf_stock, fill.quantity), fine_of(r.taf_stock_cap));
  if (tiered || fill.directed) {
    third += std::min(times(r.clearing, fill.quantity), times(r.clearing_cap, value));
    third += Fine{commission} * (r.nyse.raw + r.finra.raw) / Rate::scale;
    if (fill.price < price(1)) {
      if (fill.liquidity == FeeLiquidity::Removed) third += times(table_.at_or_zero("venue.any.sub_dollar_fraction", day), value);
    } else {
      const auto venue_rate = [&](std::string_view what) {
        const auto* rate = fill.venue.empty() ? nullptr : table_.find(key_of("venue.{}.{}", fill.venue, what).view(), day);
        return rate ? *rate : table_.at_or_zero(key_of("venue.any.{}", what).view(), day);
      };
      switch (fill.liquidity) {
        case FeeLiquidity::Removed: third += times(venue_rate("remove"), fill.quantity); break;
        case FeeLiquidity::Added: third += times(venue_rate("add"), fill.quantity); break;  // an unknown add side is 0, never a guessed rebate
        case FeeLiquidity::OpenAuction: third += times(venue_rate("open"), fill.quantity); break;
        case FeeLiquidity::CloseAuction: third += times(venue_rate("close"), fill.quantity); break;
        case FeeLiquidity::IbkrAts: break;
      }
    }
  }
  return charge_of(commission, third);
}

Charge Cashier::us_option(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto& r = rates(day);
  const Money premium = notional(fill.price, fill.quantity, fill.instrument->multiplier);
  const Tiers& tier = fill.price < price(0, 5) ? r.option_low : fill.price < price(0, 10) ? r.option_middle : r.option_high;
  Fine uncapped = fill.directed ? times(r.option_directed, fill.quantity)
                                : across_tiers(
                                      month.option_contracts.raw, fill.quantity.raw, tier.count,
                                      [&](std::size_t i) { return bound_in(tier.to[i], Quantity::scale); },
                                      [&](std::size_t i, std::int64_t part) { return times(tier.rate[i], Quantity::from_raw(part)); });
  month.option_contracts += fill.quantity;
  ticket.quantity += fill.quantity;
  ticket.value += premium;
  ticket.uncapped += money_of(uncapped);
  const Fine commission = std::max(fine_of(ticket.uncapped), fine_of(r.option_min)) - fine_of(ticket.commission);
  ticket.commission += money_of(commission);
  Fine third = times(r.orf, fill.quantity);
  const Fine occ = times(r.occ, fill.quantity);
  third += r.occ_capped ? std::min(occ, fine_of(r.occ_cap)) : occ;
  if (fill.side == Side::Sell) third += times(r.sec, premium) + times(r.taf_option, fill.quantity);
  return charge_of(commission, third);
}

Charge Cashier::future(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto family = future_family(fill.instrument->symbol.view());
  auto rate = tiers(key_of("us_future.{}.rate", family).view(), day);
  for (std::uint32_t i = 0; i < rate.to.size(); ++i) rate.to[i] = table_.at_or_zero(key_of("us_future.to.{}", i + 1).view(), day);
  const bool tiered = plan_ == CommissionPlan::Tiered;
  const Fine commission =
      tiered ? across_tiers(
                   month.future_contracts.raw, fill.quantity.raw, rate.count, [&](std::size_t i) { return bound_in(rate.to[i], Quantity::scale); },
                   [&](std::size_t i, std::int64_t part) { return times(rate.rate[i], Quantity::from_raw(part)); })
             : times(rate.rate[0], fill.quantity);
  month.future_contracts += fill.quantity;
  ticket.quantity += fill.quantity;
  ticket.commission += money_of(commission);
  return charge_of(commission, times(table_.at_or_zero(key_of("us_future.{}.exchange", family).view(), day), fill.quantity) + times(rates(day).future_regulatory, fill.quantity));
}

Charge Cashier::forex(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto& r = rates(day);
  const Money value = notional(fill.price, fill.quantity);
  const auto upper = [&](std::size_t i) { return bound_in(r.fx.to[i], Money::scale); };
  std::size_t tier = 0;
  while (tier + 1 < r.fx.count && month.forex_value.raw >= upper(tier)) ++tier;
  ticket.uncapped += money_of(across_tiers(month.forex_value.raw, value.raw, r.fx.count, upper,
                                           [&](std::size_t i, std::int64_t part) { return times(r.fx.rate[i], Money::from_raw(part)); }));
  month.forex_value += value;
  ticket.quantity += fill.quantity;
  ticket.value += value;
  const Fine commission = std::max(fine_of(ticket.uncapped), fine_of(r.fx_min[tier])) - fine_of(ticket.commission);
  ticket.commission += money_of(commission);
  return charge_of(commission, 0);
}

Charge Cashier::crypto(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto& r = rates(day);
  const Money value = notional(fill.price, fill.quantity);
  ticket.uncapped += money_of(across_tiers(month.crypto_value.raw, value.raw, r.crypto.count,
                                           [&](std::size_t i) { return bound_in(r.crypto.to[i], Money::scale); },
                                           [&](std::size_t i, std::int64_t part) { return times(r.crypto.rate[i], Money::from_raw(part)); }));
  month.crypto_value += value;
  ticket.quantity += fill.quantity;
  ticket.value += value;
  // The minimum never takes more than 1 % of the value; the rate itself is below that.
  const Fine minimum = std::min(fine_of(r.crypto_min), times(r.crypto_max_fraction, ticket.value));
  const Fine commission = std::max(fine_of(ticket.uncapped), minimum) - fine_of(ticket.commission);
  ticket.commission += money_of(commission);
  return charge_of(commission, 0);
}

Charge Cashier::european_stock(const Charged& fill, OrderTicket& ticket, MonthToDate& month, Date day) {
  const auto& r = rates(day);
  const Money value = notional(fill.price, fill.quantity, fill.instrument->multiplier);
  const bool tiered = plan_ == CommissionPlan::Tiered;
  ticket.quantity += fill.quantity;
  ticket.value += value;
  Fine due = 0;
  if (tiered) {
    ticket.uncapped += money_of(across_tiers(month.european_value.raw, value.raw, r.eur.count,
                                             [&](std::size_t i) { return bound_in(r.eur.to[i], Money::scale); },
                                             [&](std::size_t i, std::int64_t part) { return times(r.eur.rate[i], Money::from_raw(part)); }));
    month.european_value += value;
    due = bounded(fine_of(ticket.uncapped), fine_of(r.eur_min), fine_of(r.eur_max));
  } else {
    ticket.uncapped += money_of(times(fill.directed ? r.eur_directed : r.eur_fixed, value));
    due = std::max(fine_of(ticket.uncapped), fine_of(fill.directed ? r.eur_directed_min : r.eur_fixed_min));
  }
  const Fine commission = due - fine_of(ticket.commission);
  ticket.commission += money_of(commission);
  return charge_of(commission, 0);
}

Money Cashier::borrow_fee(Quantity shares_short, Price close, Rate annual_rate, std::string_view currency, Date day) const {
  const auto rate = [&](std::string_view what) {
    const auto* own = table_.find(key_of("borrow.{}.{}", currency, what).view(), day);
    return own ? *own : table_.at_or_zero(key_of("borrow.EUR.{}", what).view(), day);
  };
  const auto step = rate("rounding").raw;
  const auto marked = narrow(i128{close.raw} * rate("collateral").raw / Rate::scale);
  const auto rounded = Price::from_raw((marked + step - 1) / step * step);
  const auto days = table_.at_or_zero("borrow.day_count", day);
  const Fine annual = times(annual_rate, notional(rounded, shares_short.abs()));
  return money_of(annual * Rate::scale / days.raw);
}

Money Cashier::debit_interest(Money debit, Rate benchmark, std::string_view currency, Date day) const {
  const auto spread = tiers(key_of("debit.{}.spread", currency).view(), day);
  Tiers bounds = spread;
  for (std::uint32_t i = 0; i < bounds.to.size(); ++i) bounds.to[i] = table_.at_or_zero(key_of("debit.{}.to.{}", currency, i + 1).view(), day);
  const Rate base = benchmark.is_negative() ? Rate{} : benchmark;
  const Fine annual = across_tiers(0, debit.abs().raw, bounds.count, [&](std::size_t i) { return bound_in(bounds.to[i], Money::scale); },
                                   [&](std::size_t i, std::int64_t part) { return times(base + bounds.rate[i], Money::from_raw(part)); });
  return money_of(annual / 360);
}

}  // namespace robo::sim
