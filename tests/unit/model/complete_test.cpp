#include "model/command.hpp"
#include "model/fact.hpp"

namespace robo {

// Every message names all its members: a forgotten one would be missing from journal, API and screen.
static_assert(Complete<Market>);
static_assert(Complete<Limit>);
static_assert(Complete<Stop>);
static_assert(Complete<StopLimit>);
static_assert(Complete<Trail>);
static_assert(Complete<Contribution>);
static_assert(Complete<Reason>);
static_assert(Complete<OrderIntent>);
static_assert(Complete<OrderUpdate>);
static_assert(Complete<Execution>);
static_assert(Complete<Commission>);
static_assert(Complete<AccountValue>);
static_assert(Complete<PositionReport>);
static_assert(Complete<Quote>);
static_assert(Complete<Trade>);
static_assert(Complete<DepthRow>);
static_assert(Complete<DepthLevel>);
static_assert(Complete<DepthReset>);
static_assert(Complete<Bar>);
static_assert(Complete<PhaseChange>);
static_assert(Complete<EngineStarted>);
static_assert(Complete<GatewayChanged>);
static_assert(Complete<DataFarmChanged>);
static_assert(Complete<ReconciliationBegan>);
static_assert(Complete<ReconciliationEnded>);
static_assert(Complete<TimerFired>);
static_assert(Complete<OperatorInput>);
static_assert(Complete<RuntimeAlarm>);
static_assert(Complete<OrderDenied>);
static_assert(Complete<OrderChanged>);
static_assert(Complete<OrderFilled>);
static_assert(Complete<CommissionBooked>);
static_assert(Complete<PositionChanged>);
static_assert(Complete<EquityMarked>);
static_assert(Complete<SignalRaised>);
static_assert(Complete<TargetSet>);
static_assert(Complete<StrategyChanged>);
static_assert(Complete<ParameterChanged>);
static_assert(Complete<StrategyMarked>);
static_assert(Complete<RegimeChanged>);
static_assert(Complete<LimitChanged>);
static_assert(Complete<LimitUsed>);
static_assert(Complete<KillChanged>);
static_assert(Complete<GatewayNoted>);
static_assert(Complete<ReconciliationNoted>);
static_assert(Complete<PositionDiffered>);
static_assert(Complete<Noted>);
static_assert(Complete<BarClosed>);
static_assert(Complete<ExposureMarked>);
static_assert(Complete<RiskMarked>);
static_assert(Complete<LeadershipMarked>);
static_assert(Complete<AppetiteMarked>);
static_assert(Complete<TickBand>);
static_assert(Complete<TickTable>);
static_assert(Complete<ComboLeg>);
static_assert(Complete<Instrument>);
static_assert(Complete<OrderKey>);
static_assert(Complete<BrokerOrderId>);

}  // namespace robo
