#include "apps/summary.hpp"

#include <filesystem>
#include <fmt/core.h>
#include <fstream>

#include "model/json/json_of.hpp"

namespace robo::apps {

void SummaryTap::on_event(const Event& event) {
  ++counts_.events;
  if (first_.ns == 0) first_ = event.at;
  last_ = event.at;
  std::visit(
      [&](const auto& payload) {
        using T = std::decay_t<decltype(payload)>;
        if constexpr (std::is_same_v<T, Boxed<Instrument>>) {
          const auto index = std::size_t{payload->id.value};
          if (symbols_.size() <= index) symbols_.resize(index + 1), events_.resize(index + 1), fills_.resize(index + 1);
          symbols_[index] = payload->symbol.view();
        } else if constexpr (std::is_same_v<T, Boxed<EngineStarted>>) {
          counts_.session = payload->session;
          counts_.mode = to_text(payload->mode);
          counts_.account = payload->account.view();
        } else if constexpr (std::is_same_v<T, Quote> || std::is_same_v<T, Trade> || std::is_same_v<T, DepthRow> || std::is_same_v<T, DepthLevel>) {
          if (payload.instrument.value < events_.size()) ++events_[payload.instrument.value];
        }
      },
      event.payload);
}

void SummaryTap::on_command(Timestamp, const Command& command) {
  if (std::holds_alternative<SubmitOrder>(command)) ++counts_.orders;
  if (std::holds_alternative<ModifyOrder>(command)) ++counts_.modifications;
  if (std::holds_alternative<CancelOrder>(command)) ++counts_.cancellations;
}

void SummaryTap::on_fact(const Fact& fact) {
  std::visit(overload{[&](const OrderFilled& filled) {
                        ++counts_.fills;
                        if (filled.execution.instrument.value < fills_.size()) ++fills_[filled.execution.instrument.value];
                      },
                      [&](const OrderDenied& denied) {
                        ++counts_.denials;
                        ++denials_[static_cast<std::size_t>(denied.reason)];
                      },
                      [&](const OrderChanged& changed) { counts_.rejections += changed.state == OrderState::Rejected; },
                      [&](const ReconciliationNoted& note) { reconciled_ |= note.complete; },
                      [&](const EquityMarked& marked) {
                        if (!has_equity_ && reconciled_) first_equity_ = marked.equity, has_equity_ = true;
                        if (!has_equity_) return;  // the broker has not said yet what there is
                        equity_ = marked;
                        counts_.drawdown = std::max(counts_.drawdown, marked.drawdown);
                      },
                      [](const auto&) {}},
             fact.payload);
}

Summary SummaryTap::summary() const {
  Summary out = counts_;
  out.market_from = to_text(first_);
  out.market_to = to_text(last_);
  out.starting_equity = first_equity_.to_double();
  out.equity = equity_.equity.to_double();
  out.pnl_net = (equity_.equity - first_equity_).to_double();
  out.realized = equity_.realized.to_double();
  out.unrealized = equity_.unrealized.to_double();
  out.commissions = equity_.commissions.to_double();
  for (std::size_t i = 0; i < denials_.size(); ++i)
    if (denials_[i] > 0) out.denials_by_reason[std::string(EnumNames<Denial>::names[i])] = denials_[i];
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (fills_[i] > 0) out.fills_by_symbol[symbols_[i]] += fills_[i];
    if (events_[i] > 0) out.events_by_symbol[symbols_[i]] += events_[i];
  }
  const auto us = [](std::int64_t ns) { return static_cast<double>(ns) / 1e3; };
  out.tick_to_order = {health_.orders, us(health_.order_ns_p50), us(health_.order_ns_p99), us(health_.order_ns_max)};
  out.event = {health_.events, us(health_.event_ns_p50), us(health_.event_ns_p99), us(health_.event_ns_max)};
  out.journal_lost = health_.journal_lost;
  return out;
}

Result<bool, Problem> write_summary(const Summary& summary, const std::string& path) {
  const std::string half = path + ".part";
  {
    std::ofstream out(half, std::ios::trunc);
    out << json::to_json(summary) << '\n';
    out.flush();
    if (!out) return fail(Problem{fmt::format("{}: cannot be written; give --summary a file in a folder that exists", path)});
  }
  std::error_code error;
  std::filesystem::rename(half, path, error);
  if (error) return fail(Problem{fmt::format("{}: cannot be written: {}", path, error.message())});
  return true;
}

}  // namespace robo::apps
