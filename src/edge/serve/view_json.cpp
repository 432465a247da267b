// JSON of everything that crosses the wire, instantiated once.

#include "edge/serve/messages.hpp"
#include "edge/serve/view_risk.hpp"
#include "model/json/json_of.hpp"

using namespace robo::serve::view;

ROBO_JSON(Status);
ROBO_JSON(Account);
ROBO_JSON(std::vector<Instrument>);
ROBO_JSON(std::vector<Quote>);
ROBO_JSON(std::vector<Position>);
ROBO_JSON(std::vector<Order>);
ROBO_JSON(std::vector<Fill>);
ROBO_JSON(std::vector<Denial>);
ROBO_JSON(std::vector<Strategy>);
ROBO_JSON(std::vector<Limit>);
ROBO_JSON(std::vector<EquityPoint>);
ROBO_JSON(std::vector<Regime>);
ROBO_JSON(std::vector<Exposure>);
ROBO_JSON(BookRisk);
ROBO_JSON(Rotation);
ROBO_JSON(std::vector<Signal>);
ROBO_JSON(std::vector<LogLine>);
ROBO_JSON(Chart);
ROBO_JSON(Depth);
ROBO_JSON(Tape);
ROBO_JSON(Why);
ROBO_JSON(FlattenPreview);
ROBO_JSON(StateAnswer);
ROBO_JSON(SnapshotMessage);
ROBO_JSON(PatchMessage);
ROBO_JSON(HeartbeatMessage);
ROBO_JSON(AckMessage);
ROBO_JSON(ErrorMessage);
ROBO_JSON(ClientMessage);
ROBO_JSON(ReasonBody);
ROBO_JSON(ParameterBody);
ROBO_JSON(LimitBody);
ROBO_JSON(CancelAllBody);
ROBO_JSON(KillBody);
ROBO_JSON(PhraseAnswer);
ROBO_JSON(PhraseBody);
ROBO_JSON(Accepted);
ROBO_JSON(Refusal);
