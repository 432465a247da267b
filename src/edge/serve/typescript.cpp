#include "edge/serve/typescript.hpp"

#include "edge/serve/frames.hpp"
#include "edge/serve/messages.hpp"
#include "edge/serve/view_risk.hpp"
#include "model/json/schema.hpp"

namespace robo::serve {
namespace {

template <class Row>
std::string row_layout(std::string_view name) {
  std::string out = "\n/** Columns of a " + std::string(name) + " row. */\nexport const " + std::string(name) + " = {\n";
  std::size_t column = 0;
  each_field<Row>([&](auto field) { out += "  " + std::string(field.name) + ": " + std::to_string(column++) + ",\n"; });
  return out + "} as const;\n";
}

std::string number(double value) { return std::to_string(static_cast<long>(value)); }

std::string layouts() {
  using namespace frames;
  std::string out = "\n/** Binary market frames: docs/api.md, \"Market frames\". Little-endian. */\nexport const Frame = {\n";
  out += "  magic: " + std::to_string(magic) + ",\n";
  out += "  version: " + std::to_string(version) + ",\n";
  out += "  headerBytes: " + std::to_string(frame_header_bytes) + ",\n";
  out += "  blockHeaderBytes: " + std::to_string(block_header_bytes) + ",\n} as const;\n";
  out += "\nexport const BlockType = {\n  quotes: 1,\n  depth: 2,\n  trades: 3,\n  bars: 4,\n} as const;\n";
  static_assert(static_cast<int>(BlockType::Quotes) == 1 && static_cast<int>(BlockType::Depth) == 2 &&
                static_cast<int>(BlockType::Trades) == 3 && static_cast<int>(BlockType::Bars) == 4);
  out += row_layout<QuoteRow>("QuoteRow") + row_layout<DepthRow>("DepthRow") + row_layout<TradeRow>("TradeRow") + row_layout<BarRow>("BarRow");
  out += "\nexport const QuoteFlag = {\n  stale: " + number(quote_stale) + ",\n  crossed: " + number(quote_crossed) +
         ",\n  halted: " + number(quote_halted) + ",\n} as const;\n";
  out += "\nexport const TradeFlag = {\n  offExchange: " + number(trade_off_exchange) + ",\n  sweep: " + number(trade_sweep) +
         ",\n  block: " + number(trade_block) + ",\n  oddLot: " + number(trade_odd_lot) + ",\n  cancelled: " + number(trade_cancelled) +
         ",\n} as const;\n";
  return out;
}

}  // namespace

std::string generated_typescript() {
  using namespace view;
  using json::schema_of;
  std::string out =
      "// Generated from src/edge/serve/{view,messages,frames}.hpp. Do not edit: change the structs, then run\n"
      "//   ROBO_REGENERATE=1 ctest -R TypeScript\n\n";
  out += json::to_typescript({schema_of<SnapshotMessage>(), schema_of<PatchMessage>(), schema_of<HeartbeatMessage>(), schema_of<AckMessage>(),
                              schema_of<ErrorMessage>(), schema_of<ClientMessage>(), schema_of<StateAnswer>(), schema_of<Chart>(),
                              schema_of<Depth>(), schema_of<Tape>(), schema_of<Why>(), schema_of<FlattenPreview>(), schema_of<Exposure>(), schema_of<BookRisk>(), schema_of<Rotation>(),
                              schema_of<ReasonBody>(),
                              schema_of<ParameterBody>(), schema_of<LimitBody>(), schema_of<CancelAllBody>(), schema_of<KillBody>(),
                              schema_of<Accepted>(), schema_of<Refusal>(), schema_of<PhraseAnswer>(), schema_of<PhraseBody>()});
  return out + layouts();
}

}  // namespace robo::serve
