#include "edge/serve/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include "edge/serve/read_model.hpp"

namespace robo::serve {

using prometheus::BuildCounter;
using prometheus::BuildGauge;

struct Metrics::Families {
  prometheus::Registry registry{};

  using Gauges = prometheus::Family<prometheus::Gauge>;
  using Counters = prometheus::Family<prometheus::Counter>;
  Gauges& gauges(const char* name, const char* help) { return BuildGauge().Name(name).Help(help).Register(registry); }
  Counters& counters(const char* name, const char* help) { return BuildCounter().Name(name).Help(help).Register(registry); }
  prometheus::Gauge& gauge(const char* name, const char* help) { return gauges(name, help).Add({}); }
  prometheus::Counter& counter(const char* name, const char* help) { return counters(name, help).Add({}); }

  // the server
  Counters& requests = counters("robotrader_http_requests_total", "HTTP requests answered, by status");
  Counters& refusals = counters("robotrader_http_refusals_total", "Requests refused, by code");
  prometheus::Counter& writes = counter("robotrader_operator_writes_total", "Writes handed to the engine");
  prometheus::Gauge& connections = gauge("robotrader_http_connections", "Open connections");
  prometheus::Gauge& streams = gauge("robotrader_stream_clients", "Pages on the WebSocket");
  prometheus::Counter& dropped_clients = counter("robotrader_stream_clients_dropped_total", "Pages dropped because they were slow or broke the protocol");
  prometheus::Counter& frames = counter("robotrader_stream_frames_total", "Binary market frames sent");
  prometheus::Counter& frame_bytes = counter("robotrader_stream_frame_bytes_total", "Bytes of binary market frames sent");
  prometheus::Counter& patches = counter("robotrader_stream_patches_total", "Snapshots and patches sent");
  prometheus::Counter& patch_bytes = counter("robotrader_stream_patch_bytes_total", "Bytes of snapshots and patches sent");
  prometheus::Gauge& backlog = gauge("robotrader_desk_backlog", "Events and facts waiting for the read model");
  prometheus::Gauge& dropped_events = gauge("robotrader_desk_events_dropped", "Market events the desk missed because its ring was full");

  // the engine
  prometheus::Gauge& events = gauge("robotrader_events", "Events the kernel has seen since the start");
  prometheus::Gauge& commands = gauge("robotrader_commands", "Commands the kernel has given since the start");
  prometheus::Gauge& events_per_second = gauge("robotrader_events_per_second", "Events of the last second");
  Gauges& event_seconds = gauges("robotrader_event_seconds", "Event taken to kernel done, by quantile");
  Gauges& order_seconds = gauges("robotrader_tick_to_order_seconds", "Market event received to order handed to the gateway, by quantile");
  prometheus::Gauge& journal_lost = gauge("robotrader_journal_lost", "Records the journal could not write");
  prometheus::Gauge& data_age = gauge("robotrader_data_age_seconds", "Since the last market data reached the engine");
  prometheus::Gauge& streams_live = gauge("robotrader_market_streams_live", "Instruments with data in the last 3 s");
  prometheus::Gauge& streams_total = gauge("robotrader_market_streams", "Instruments whose session is open");
  Gauges& gateway = gauges("robotrader_gateway_state", "1 for the state the gateway is in");
  prometheus::Gauge& entries_allowed = gauge("robotrader_entries_allowed", "1 when new risk may be taken");
  prometheus::Gauge& killed = gauge("robotrader_killed", "1 when the kill switch is pulled");
  prometheus::Gauge& equity = gauge("robotrader_equity", "Net liquidation in the account currency");
  prometheus::Gauge& day_pnl = gauge("robotrader_day_pnl", "Profit of the day in the account currency");
  prometheus::Gauge& gross = gauge("robotrader_gross_exposure", "Gross exposure in the account currency");
  prometheus::Gauge& net = gauge("robotrader_net_exposure", "Net exposure in the account currency");
  prometheus::Gauge& drawdown = gauge("robotrader_drawdown_ratio", "Below the peak, zero or negative, as a fraction");
  prometheus::Gauge& working = gauge("robotrader_orders_working", "Orders that are not finished");
  prometheus::Gauge& unknown = gauge("robotrader_orders_unknown", "Orders whose fate is not known");
  prometheus::Gauge& fills = gauge("robotrader_fills", "Fills on the desk's list");
  prometheus::Gauge& denials = gauge("robotrader_denials", "Denials on the desk's list, repeats included");
  Gauges& strategy_pnl = gauges("robotrader_strategy_day_pnl", "Profit of the day by strategy");
  Gauges& strategy_running = gauges("robotrader_strategy_running", "1 for strategies that run");
  Gauges& limit_use = gauges("robotrader_limit_use_ratio", "Used part of a risk limit");
};

Metrics::Metrics() : families_(std::make_unique<Families>()) {}
Metrics::~Metrics() = default;

void Metrics::request(unsigned status) { families_->requests.Add({{"status", std::to_string(status)}}).Increment(); }
void Metrics::refused(std::string_view code) { families_->refusals.Add({{"code", std::string(code)}}).Increment(); }
void Metrics::written() { families_->writes.Increment(); }
void Metrics::client_dropped() { families_->dropped_clients.Increment(); }
void Metrics::frame(std::size_t bytes) {
  families_->frames.Increment();
  families_->frame_bytes.Increment(static_cast<double>(bytes));
}
void Metrics::patch(std::size_t bytes) {
  families_->patches.Increment();
  families_->patch_bytes.Increment(static_cast<double>(bytes));
}
void Metrics::clients(std::size_t streams, std::size_t connections) {
  families_->streams.Set(static_cast<double>(streams));
  families_->connections.Set(static_cast<double>(connections));
}
void Metrics::backlog(std::size_t words_and_events, std::uint64_t dropped) {
  families_->backlog.Set(static_cast<double>(words_and_events));
  families_->dropped_events.Set(static_cast<double>(dropped));
}

std::string Metrics::text(const ReadModel& model) {
  auto& f = *families_;
  const auto& health = model.health();
  const auto& status = model.status();
  const auto& account = model.account();
  const auto seconds_of = [](std::int64_t ns) { return static_cast<double>(ns) * 1e-9; };
  f.events.Set(static_cast<double>(health.events));
  f.commands.Set(static_cast<double>(health.commands));
  f.events_per_second.Set(static_cast<double>(health.events_per_second));
  f.event_seconds.Add({{"quantile", "0.5"}}).Set(seconds_of(health.event_ns_p50));
  f.event_seconds.Add({{"quantile", "0.99"}}).Set(seconds_of(health.event_ns_p99));
  f.event_seconds.Add({{"quantile", "1"}}).Set(seconds_of(health.event_ns_max));
  f.order_seconds.Add({{"quantile", "0.5"}}).Set(seconds_of(health.order_ns_p50));
  f.order_seconds.Add({{"quantile", "0.99"}}).Set(seconds_of(health.order_ns_p99));
  f.order_seconds.Add({{"quantile", "1"}}).Set(seconds_of(health.order_ns_max));
  f.journal_lost.Set(static_cast<double>(health.journal_lost));
  f.data_age.Set(status.data_age_ms.value_or(0) * 1e-3);
  f.streams_live.Set(status.streams_live);
  f.streams_total.Set(status.streams_total);
  for (std::size_t i = 0; i < EnumNames<view::GatewayState>::names.size(); ++i)
    f.gateway.Add({{"state", std::string(EnumNames<view::GatewayState>::names[i])}}).Set(static_cast<std::size_t>(status.gateway.state) == i ? 1 : 0);
  f.entries_allowed.Set(status.entries_allowed ? 1 : 0);
  f.killed.Set(status.kill.state == view::KillState::Fired ? 1 : 0);
  f.equity.Set(account.net_liquidation.to_double());
  f.day_pnl.Set(account.day_pnl.to_double());
  f.gross.Set(account.gross_exposure.to_double());
  f.net.Set(account.net_exposure.to_double());
  f.drawdown.Set(account.drawdown_percent / 100);
  double working = 0, unknown = 0, denials = 0;
  for (const auto& order : model.orders()) {
    if (order.state == view::OrderState::Unknown) ++unknown;
    if (order.state < view::OrderState::Filled || order.state == view::OrderState::Unknown) ++working;
  }
  for (const auto& denial : model.denials()) denials += 1 + static_cast<double>(denial.repeats);
  f.working.Set(working);
  f.unknown.Set(unknown);
  f.denials.Set(denials);
  f.fills.Set(static_cast<double>(model.fills().size()));
  for (const auto& strategy : model.strategies()) {
    f.strategy_pnl.Add({{"strategy", strategy.name}}).Set(strategy.day_pnl.to_double());
    f.strategy_running.Add({{"strategy", strategy.name}}).Set(strategy.state == view::StrategyState::Running ? 1 : 0);
  }
  for (const auto& limit : model.limits()) f.limit_use.Add({{"limit", limit.name}}).Set(limit.use_percent / 100);
  return prometheus::TextSerializer().Serialize(f.registry.Collect());
}

}  // namespace robo::serve
