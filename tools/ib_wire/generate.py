#!/usr/bin/env python3
"""Turns src/edge/ib/wire/layouts.txt and protobuf.txt into src/edge/ib/wire/generated/*.hpp.

    tools/ib_wire/generate.py            writes the files
    tools/ib_wire/generate.py --check    exit code 1 when a file on disk differs from what would be written

One struct per message, and one layout() template per message that serves both directions: a Writer and a Reader walk the
same lines, so the order of fields and the version conditions stand in one place.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from protobuf import Protobuf, read_tables

WIRE = Path(__file__).resolve().parents[2] / "src" / "edge" / "ib" / "wire"

METHOD = {"s": "text", "tv": "tag_values", "i": "integer", "l": "integer", "iM": "integer_or_unset",
          "iU": "integer_spelled", "dU": "number_spelled", "b": "flag", "d": "number", "dM": "number_or_unset", "D": "decimal"}
CPP = {"s": "std::string_view", "tv": "std::string_view", "i": "std::int32_t", "l": "std::int64_t",
       "iM": "std::int32_t", "iU": "std::int32_t", "b": "bool", "d": "Number", "dM": "Number", "dU": "Number",
       "D": "Number"}
DEFAULT = {"iM": "unset_integer", "iU": "unset_integer", "dM": "Number::unset()", "dU": "Number::unset()"}

CONTRACT = set("""conId symbol secType lastTradeDateOrContractMonth strike right multiplier exchange primaryExchange currency
    localSymbol tradingClass includeExpired secIdType secId issuerId comboLegs comboLegsDescrip deltaNeutral dn.conId
    dn.delta dn.price description lastTradeDate""".split())
STATE = set("""status initMarginBefore maintMarginBefore equityWithLoanBefore initMarginChange maintMarginChange
    equityWithLoanChange initMarginAfter maintMarginAfter equityWithLoanAfter commissionAndFees minCommissionAndFees
    maxCommissionAndFees commissionAndFeesCurrency marginCurrency initMarginBeforeOutsideRTH maintMarginBeforeOutsideRTH
    equityWithLoanBeforeOutsideRTH initMarginChangeOutsideRTH maintMarginChangeOutsideRTH equityWithLoanChangeOutsideRTH
    initMarginAfterOutsideRTH maintMarginAfterOutsideRTH equityWithLoanAfterOutsideRTH suggestedSize rejectReason
    orderAllocations warningText completedTime completedStatus""".split())
ORDER_MESSAGES = {"placeOrder", "openOrder", "completedOrder"}
ITEM = {"comboLegs": "ComboLeg", "orderComboLegs": "OrderComboLeg", "smartComboRoutingParams": "TagValue",
        "algoParams": "TagValue", "secIdList": "TagValue", "conditions": "Condition", "bars": "HistoricalBar",
        "rows": "ScannerRow", "expirations": "Expiration", "strikes": "Strike", "tiers": "SoftDollarTierRow",
        "codes": "FamilyCode", "samples": "SymbolSample", "derivativeSecTypes": "DerivativeSecType",
        "descs": "DepthExchange", "components": "SmartComponent", "providers": "NewsProvider",
        "items": "HistogramItem", "priceIncrements": "PriceIncrement", "sessions": "HistoricalSession",
        "ineligibilityReasonList": "IneligibilityReason", "orderAllocations": "OrderAllocation",
        "specificDates": "SpecificDate",
        "historicalTicks.ticks": "HistoricalTick", "historicalTicksBidAsk.ticks": "HistoricalTickBidAsk",
        "historicalTicksLast.ticks": "HistoricalTickLast"}
SHARED_ITEMS = {"ComboLeg", "OrderComboLeg", "TagValue", "Condition", "OrderAllocation"}
STRUCT_NAME = {"error": "ErrorMessage", "tickByTick_Last/AllLast": "TickByTickLast"}
# What an order is when nobody says anything: protocol defaults of the official clients.
ORDER_DEFAULT = {"transmit": "true", "exemptCode": "-1", "triggerPrice": "Number::unset()",
                 "lmtPriceOffset": "Number::unset()", "adjustedStopPrice": "Number::unset()",
                 "adjustedStopLimitPrice": "Number::unset()", "adjustedTrailingAmount": "Number::unset()",
                 "peggedChangeAmount": "Number::of(0, 1)", "referenceChangeAmount": "Number::of(0, 1)"}
FLAG = {
    "BAG": 'm.contract.secType == "BAG"', "FUND": 'm.contract.secType == "FUND"',
    "IBKRATS": 'm.contract.exchange == "IBKRATS"',
    "PEG_BENCH": "is_peg_bench(m.order)", "PEG_BEST": "is_peg_best(m.order)",
    "PEG_BEST_UPTOMID_OR_PEG_MID": "is_peg_mid(m.order)",
    "deltaNeutral": "m.contract.deltaNeutral", "deltaNeutralOrderType": "!m.order.deltaNeutralOrderType.empty()",
    "scalePriceIncrement>0": "m.order.scalePriceIncrement.is_positive()", "hedgeType": "!m.order.hedgeType.empty()",
    "algoStrategy": "!m.order.algoStrategy.empty()", "conditions>0": "!m.order.conditions.empty()"}
HOT_EVENTS = {"tickPrice", "tickSize", "orderStatus", "execDetails", "updateMktDepth", "updateMktDepthL2",
              "tickByTick_Last/AllLast", "tickByTick_BidAsk", "tickByTick_MidPoint", "tickString", "tickGeneric",
              "commissionReport", "error"}
HOT_REQUESTS = {"placeOrder", "cancelOrder"}
# First server version that knows the request (docs/ib.md, Server versions).
SINCE = {78: 104, 79: 106, 80: 107, 81: 108, 82: 112, 83: 114, 84: 116, 85: 115, 86: 117, 87: 118, 88: 119, 89: 119,
         90: 123, 91: 126, 92: 127, 93: 127, 94: 127, 95: 127, 96: 130, 97: 137, 98: 137, 99: 150, 100: 161, 101: 161,
         102: 161, 103: 161, 104: 167, 105: 197, 106: 215, 107: 215, 108: 219, 109: 221}


@dataclass
class Token:
    kind: str                       # field, constant, list, when
    name: str = ""
    type: str = "s"
    value: str = ""
    condition: str = ""
    body: list["Token"] = field(default_factory=list)


@dataclass
class Member:
    name: str
    type: str
    default: str


@dataclass
class Struct:
    name: str
    members: dict[str, Member] = field(default_factory=dict)

    def add(self, name: str, cpp: str, default: str = "") -> None:
        if name not in self.members:
            self.members[name] = Member(name, cpp, default)
        elif default and not self.members[name].default:
            self.members[name].default = default


def tokens_of(spec: str) -> list[Token]:
    position = 0

    def parse(until: str) -> list[Token]:
        nonlocal position
        out: list[Token] = []
        while position < len(spec):
            c = spec[position]
            if c == " ":
                position += 1
            elif until and c == until:
                position += 1
                return out
            elif c == "[":
                end = spec.index(" ", position)
                condition = spec[position + 1:end]
                position = end
                out.append(Token("when", condition=condition, body=parse("]")))
            elif c == "*":
                end = spec.index("{", position)
                name = spec[position + 1:end]
                position = end + 1
                out.append(Token("list", name=name, body=parse("}")))
            else:
                word = re.match(r"[^ \]\}]+", spec[position:])
                assert word, spec[position:]
                position += word.end()
                text = word.group()
                if "=" in text:
                    name, value = text.split("=", 1)
                    out.append(Token("constant", name=name, value=value))
                else:
                    name, _, kind = text.partition(":")
                    out.append(Token("field", name=name, type=kind or "s"))
        return out

    return parse("")


def names_of(tokens: list[Token]) -> set[str]:
    out: set[str] = set()
    for t in tokens:
        out |= names_of(t.body) if t.kind == "when" else {t.name}
    return out


class Generator:
    def __init__(self) -> None:
        self.shared = {n: Struct(n) for n in
                       ("DeltaNeutral", "TagValue", "ComboLeg", "Contract", "OrderComboLeg", "SoftDollarTier", "Order",
                        "OrderAllocation", "OrderState", "Execution")}
        self.items: dict[str, Struct] = {}
        self.messages: list[tuple[str, int, str, Struct, list[str]]] = []

    def cond(self, text: str, version: str) -> str:
        if text.startswith("?"):
            return FLAG[text[1:]]
        if text.startswith(">="):
            return f"{version} >= {text[2:]}"
        if text.startswith("<="):
            return f"{version} <= {text[2:]}"
        if text.startswith("<"):
            return f"{version} < {text[1:]}"
        low, high = text.split("..")
        return f"{version} >= {low} && {version} <= {high}"

    def place(self, message: str, owner: Struct, has_contract: bool, seen: set[str], name: str) -> tuple[Struct, str]:
        """Which struct a field lives in, and the path from the message to it."""
        if has_contract and name in CONTRACT and not (name == "exchange" and "exchange" in seen):
            if name == "dn" or name.startswith("dn."):
                return self.shared["DeltaNeutral"], "contract.dn." + name[3:]
            return self.shared["Contract"], "contract." + name
        if message in ORDER_MESSAGES and name != "orderId":
            if name in STATE:
                return self.shared["OrderState"], "state." + name
            if name.startswith("softDollarTier."):
                return self.shared["SoftDollarTier"], "order." + name
            return self.shared["Order"], "order." + name
        if message == "execDetails" and name != "reqId":
            return self.shared["Execution"], "execution." + name
        return owner, name

    def walk(self, message: str, owner: Struct, tokens: list[Token], var: str, wire: str, indent: str,
             seen: set[str], out: list[str]) -> None:
        names = names_of(tokens) if not seen else set()
        has_contract = getattr(owner, "has_contract", None)
        if has_contract is None:
            has_contract = {"symbol", "secType", "currency"} <= names
            owner.has_contract = has_contract  # type: ignore[attr-defined]
        for t in tokens:
            if t.kind == "constant":
                out.append(f'{indent}{wire}.constant("{t.name}", "{t.value}");')
            elif t.kind == "when":
                condition = self.cond(t.condition, f"{wire}.version()").replace("m.", f"{var}.")
                body: list[str] = []
                self.walk(message, owner, t.body, var, wire, indent + "  ", seen, body)
                out.append(f"{indent}if ({condition}) {{")
                out += body
                out.append(f"{indent}}}")
            elif t.kind == "list":
                item = ITEM.get(f"{message}.{t.name}") or ITEM[t.name]
                where, path = self.place(message, owner, has_contract, seen, t.name)
                where.add(path.split(".")[-1], f"std::vector<{item}>")
                if item == "Condition":
                    out.append(f'{indent}{wire}.list("{t.name}", {var}.{path}, '
                               f"[](auto& each, auto& item) {{ layout(each, item); }});")
                else:
                    struct = self.shared.get(item) if item in SHARED_ITEMS else self.items.setdefault(item, Struct(item))
                    assert struct
                    body = []
                    each, inner = ("each", "item") if wire == "wire" else ("inner", "part")
                    self.walk(item, struct, t.body, inner, each, indent + "  ", set(), body)
                    out.append(f'{indent}{wire}.list("{t.name}", {var}.{path}, [](auto& {each}, auto& {inner}) {{')
                    out += body
                    out.append(f"{indent}}});")
            else:
                where, path = self.place(message, owner, has_contract, seen, t.name)
                member = path.split(".")[-1]
                default = DEFAULT.get(t.type, "")
                if where is self.shared["Order"]:
                    default = ORDER_DEFAULT.get(member, default)
                    if member == "displaySize":
                        default = ""  # 0, although openOrder may leave it unset
                if where is self.shared["DeltaNeutral"] and t.type == "d":
                    default = "Number::of(0, 1)"
                where.add(member, CPP[t.type], default)
                out.append(f'{indent}{wire}.{METHOD[t.type]}("{t.name}", {var}.{path});')
                seen.add(t.name)

    def message(self, direction: str, number: int, name: str, spec: str) -> None:
        tokens = tokens_of(spec)
        struct_name = STRUCT_NAME.get(name) or (name[0].upper() + name[1:]).replace("_", "")
        struct = Struct(struct_name)
        struct.has_contract = {"symbol", "secType", "currency"} <= names_of(tokens)  # type: ignore[attr-defined]
        lines: list[str] = []
        self.walk(name, struct, tokens, "m", "wire", "  ", set(), lines)
        text = "\n".join(lines)
        extra = Struct("")
        for path, cpp in (("contract", "Contract"), ("order", "Order"), ("state", "OrderState"),
                          ("execution", "Execution")):
            if f"m.{path}." in text:
                extra.add(path, cpp)
        merged = Struct(struct_name)
        for key in ("reqId", "orderId"):
            if key in struct.members:
                merged.members[key] = struct.members[key]
        merged.members |= extra.members
        merged.members |= {k: v for k, v in struct.members.items() if k not in merged.members}
        self.messages.append((direction, number, name, merged, lines))


def emit_struct(struct: Struct, head: str = "") -> str:
    out = [f"struct {struct.name} {{"]
    if head:
        out.append(head)
    runs: list[str] = []
    for m in struct.members.values():
        runs.append(f"  {m.type} {m.name}{{{m.default}}};")
    out += runs
    if struct.members:
        names = ", ".join(f"&{struct.name}::{m}" for m in struct.members)
        out.append(wrap(f"  using fields = Fields<{names}>;", "                        "))
    else:
        out.append("  using fields = Fields<>;")
    out.append("};")
    return "\n".join(out)


def wrap(line: str, hang: str, width: int = 118) -> str:
    out = []
    while len(line) > width:
        cut = line.rindex(" ", 0, width)
        if not line[:cut].strip():
            break
        out.append(line[:cut])
        line = hang + line[cut + 1:]
    return "\n".join(out + [line])


HEADER = "#pragma once\n// Generated by tools/ib_wire/generate.py from layouts.txt. Do not edit.\n"


def theme_of(direction: str, number: int) -> str:
    order = {"C": {3, 4, 5, 7, 15, 16, 21, 58, 99}, "S": {3, 5, 11, 53, 55, 59, 100, 101, 102}}[direction]
    market = {"C": {1, 2, 10, 11, 20, 25, 50, 51, 54, 55, 56, 57, 59, 82, 83, 87, 88, 89, 90, 96, 97, 98},
              "S": {1, 2, 12, 13, 17, 21, 45, 46, 50, 57, 58, 80, 81, 82, 88, 89, 90, 91, 92, 96, 97, 98, 99, 106, 108}}
    return "order" if number in order else "market" if number in market[direction] else "other"


def items_in(g: Generator, message: Struct) -> list[str]:
    """List items a message needs, innermost first."""
    out: list[str] = []
    for m in message.members.values():
        found = re.match(r"std::vector<(\w+)>", m.type)
        if found and found.group(1) in g.items:
            out += items_in(g, g.items[found.group(1)]) + [found.group(1)]
    return out


def structs_file(g: Generator, stem: str, messages: list[tuple[str, int, str, Struct, list[str]]], protobuf: Protobuf) -> str:
    out = [HEADER, '#include "edge/ib/wire/generated/types.hpp"\n', "namespace robo::ib::wire {\n"]
    done: set[str] = set()
    for direction, number, name, struct, _ in messages:
        for item in items_in(g, struct):
            if item not in done:
                out.append(emit_struct(g.items[item]) + "\n")
                done.add(item)
        head = f'  static constexpr std::int32_t message_id = {number};\n  static constexpr std::string_view message_name = "{name}";'
        head += f"\n  static constexpr std::int32_t protobuf_since = {protobuf.since.get((direction, number), 'never')};"
        if direction == "C":
            head += f"\n  static constexpr std::int32_t since = {SINCE.get(number, 100)};"
        out.append(emit_struct(struct, head) + "\n")
    return "\n".join(out + ["}  // namespace robo::ib::wire\n"])


def layouts_file(theme: str, stem: str, messages: list[tuple[str, int, str, Struct, list[str]]]) -> str:
    out = [HEADER, f'#include "edge/ib/wire/generated/{theme}_{stem}s.hpp"\n#include "edge/ib/wire/message.hpp"\n',
           "namespace robo::ib::wire {\n"]
    for _, _, name, struct, lines in messages:
        unused = "" if any("m." in line for line in lines) else "[[maybe_unused]] "
        unused_wire = "" if lines else "[[maybe_unused]] "
        out.append(f"template <class Wire, MessageIs<{struct.name}> M>")
        hot = "[[gnu::always_inline]] inline " if name in HOT_EVENTS | HOT_REQUESTS else ""
        out.append(f"{hot}void layout({unused_wire}Wire& wire, {unused}M& m) {{")
        out += lines
        out.append("}\n")
    return "\n".join(out + ["}  // namespace robo::ib::wire\n"])


def generate() -> dict[str, str]:
    g = Generator()
    for line in (WIRE / "layouts.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        direction, number, name, spec = line.split("|", 3)
        g.message(direction, int(number), name, spec)

    # Members that are structs themselves.
    g.shared["Contract"].add("dn", "DeltaNeutral")
    g.shared["Order"].add("softDollarTier", "SoftDollarTier")
    # Items with a contract inside.
    for item in g.items.values():
        if getattr(item, "has_contract", False):
            item.members = {"contract": Member("contract", "Contract", "")} | item.members

    protobuf = Protobuf(g, read_tables((WIRE / "protobuf.txt").read_text()), Struct, Member)
    files: dict[str, str] = {}
    types = [HEADER, '#include <cstdint>\n#include <string_view>\n#include <vector>\n',
             '#include "base/fields.hpp"\n#include "edge/ib/wire/condition.hpp"\n#include "edge/ib/wire/number.hpp"\n',
             "namespace robo::ib::wire {\n",
             "// Text members are views into the frame they were read from, or into whatever the sender keeps alive.\n"]
    types += ["inline constexpr std::int32_t never = 2147483647;  // no server version speaks protobuf for a message\n"]
    types += [emit_struct(s) + "\n" for s in g.shared.values()]
    types += [emit_struct(s) + "\n" for s in protobuf.ordered()]
    types += ["}  // namespace robo::ib::wire\n"]
    files["types.hpp"] = "\n".join(types)

    hot = {m[3].name for m in g.messages if m[2] in HOT_EVENTS}
    files |= protobuf.files(HEADER, hot)
    for direction, stem in (("C", "request"), ("S", "event")):
        mine = [m for m in g.messages if m[0] == direction]
        themes: dict[str, list[tuple[str, int, str, Struct, list[str]]]] = {"order": [], "market": [], "other": []}
        for m in mine:
            themes[theme_of(direction, m[1])].append(m)
        for theme, messages in themes.items():
            only = [(o[0], o[1], o[2], o[3], []) for o in protobuf.only if o[0] == direction and theme == "other"]
            files[f"{theme}_{stem}s.hpp"] = structs_file(g, stem, messages + only, protobuf)
            files[f"{theme}_{stem}_layouts.hpp"] = layouts_file(theme, stem, messages)
        every = " ".join(f"X({m[3].name})" for m in mine)
        out = [HEADER] + [f'#include "edge/ib/wire/generated/{theme}_{stem}s.hpp"' for theme in sorted(themes)]
        out.append("\n// Every message of this direction, for switches and instantiations.")
        out.append(wrap(f"#define ROBO_IB_{stem.upper()}S(X) {every}", "  ", 112).replace("\n", " \\\n") + "\n")
        if direction == "S":
            cold = " ".join(f"X({m[3].name})" for m in mine if m[2] not in HOT_EVENTS)
            out.append("// Those outside the tick path: read by call.")
            out.append(wrap(f"#define ROBO_IB_COLD_EVENTS(X) {cold}", "  ", 112).replace("\n", " \\\n") + "\n")
        # The protobuf regime: all that has a message there, those that have no text layout included.
        both = [m[3].name for m in mine if (m[0], m[1]) in protobuf.since]
        only = [o[3].name for o in protobuf.only if o[0] == direction]
        for name, members in ((f"PROTOBUF_{stem.upper()}S", both + only),
                              (f"PROTOBUF_COLD_{stem.upper()}S", [n for n in both + only if n not in hot]),
                              (f"PROTOBUF_ONLY_{stem.upper()}S", only)):
            if direction == "C" and "COLD" in name:
                continue
            every = " ".join(f"X({n})" for n in members)
            out.append(wrap(f"#define ROBO_IB_{name}(X) {every}", "  ", 112).replace("\n", " \\\n") + "\n")
        files[f"{stem}s.hpp"] = "\n".join(out)
        files[f"{stem}_layouts.hpp"] = "\n".join(
            [HEADER] + [f'#include "edge/ib/wire/generated/{theme}_{stem}_layouts.hpp"' for theme in sorted(themes)]) + "\n"
    return files


def main() -> int:
    check = "--check" in sys.argv[1:]
    different = []
    for name, text in generate().items():
        path = WIRE / "generated" / name
        if not path.exists() or path.read_text() != text:
            different.append(name)
            if not check:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text)
    if check and different:
        print(f"generated/{', '.join(different)} differ from layouts.txt: run tools/ib_wire/generate.py")
        return 1
    print(f"{len(different)} files written" if not check else "generated files are up to date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
