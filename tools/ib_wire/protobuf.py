"""The protobuf half of generate.py: src/edge/ib/wire/protobuf.txt beside the structs of layouts.txt.

For every pair of a protobuf message and a struct one read_<Message>() and one write_<Message>(), so that both regimes fill the
same structs. Fields are read in any order and unknown ones are skipped; absent is absent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

SCALARS = {"i32": ("varint", "std::int32_t"), "i64": ("varint", "std::int64_t"), "bool": ("varint", "bool"),
           "dbl": ("fixed64", "Number"), "str": ("bytes", "std::string_view")}
BY_HAND = {"TickByTickData"}           # protobuf_shapes.hpp


@dataclass
class Field:
    number: int
    name: str
    type: str
    members: list[str]
    shape: str = ""
    extra: bool = False
    unset: bool = False
    server_only: bool = False
    since: int = 0


@dataclass
class Tables:
    ids: list[tuple[str, int, str, str, int]] = field(default_factory=list)
    messages: dict[str, list[Field]] = field(default_factory=dict)


def read_tables(text: str) -> Tables:
    out = Tables()
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        if re.match(r"[CS]\|", line):
            direction, number, name, message, since = line.split("|")
            out.ids.append((direction, int(number), name, message, int(since)))
            continue
        message, _, rest = line.partition(":")
        fields = []
        for part in filter(None, (p.strip() for p in rest.split(", "))):
            found = re.fullmatch(r"(\d+) (\w+):(\[?\w+\]?)(.*)", part)
            assert found, f"{message}: {part}"
            number, name, kind, marks = found.groups()
            one = Field(int(number), name, kind, [name])
            for mark in re.findall(r">[\w.|-]+|@\w+|\+|\?|!S|~\d+", marks):
                if mark[0] == ">":
                    one.members = mark[1:].split("|")
                elif mark[0] == "@":
                    one.shape = mark[1:]
                elif mark == "+":
                    one.extra = True
                elif mark == "?":
                    one.unset = True
                elif mark == "!S":
                    one.server_only = True
                else:
                    one.since = int(mark[1:])
            fields.append(one)
        out.messages[message] = fields
    return out


class Protobuf:
    """Binds every protobuf message to the structs it fills."""

    def __init__(self, generator: Any, tables: Tables, make_struct: Any, make_member: Any) -> None:
        self.g = generator
        self.tables = tables
        self.make_struct, self.make_member = make_struct, make_member
        self.done: set[tuple[str, str]] = set()
        self.types: list[str] = []      # of structs that are no message themselves
        self.code: dict[str, list[str]] = {"C": [], "S": []}
        self.since: dict[tuple[str, int], int] = {}
        self.message_of: dict[str, str] = {}
        self.only: list[tuple[str, int, str, Any, int]] = []
        self.fresh: list[Any] = []      # structs that exist in no text layout
        # Members first: all structs must be whole before code is written for any.
        structs = {(m[0], m[1]): [] for m in generator.messages}
        for direction, number, _, struct, _ in generator.messages:
            structs[(direction, number)].append(struct)
        self.bindings: list[tuple[str, str, Any]] = []
        for direction, number, name, message, since in tables.ids:
            self.since[(direction, number)] = since
            mine = structs.get((direction, number))
            if not mine:
                struct = make_struct(name[0].upper() + name[1:])
                self.only.append((direction, number, name, struct, since))
                self.extend(message, struct, everything=True)
                mine = [struct]
            for struct in mine:
                self.message_of[struct.name] = message
                self.bindings.append((direction, message, struct))
                if message not in BY_HAND:
                    self.extend(message, struct)
        self.extend("AttachedOrders", self.shared("AttachedOrders"), everything=True)

    def shared(self, name: str) -> Any:
        """A struct that is part of messages, by the name the C++ side gives it."""
        name = {"DeltaNeutralContract": "DeltaNeutral"}.get(name, name)
        if name in self.g.shared:
            return self.g.shared[name]
        if name in self.g.items:
            return self.g.items[name]
        for struct in self.fresh:
            if struct.name == name:
                return struct
        struct = self.make_struct(name)
        self.fresh.append(struct)
        return struct

    def default(self, kind: str) -> str:
        return {"i32": "unset_integer", "dbl": "Number::unset()"}.get(kind, "")

    def extend(self, message: str, struct: Any, everything: bool = False) -> None:
        """Members that only protobuf has."""
        for f in self.tables.messages[message]:
            inner = f.type.strip("[]")
            if f.members == ["."]:
                self.extend(inner, struct, everything)
                continue
            if not (f.extra or everything) or f.members[0] in struct.members:
                if inner in self.tables.messages and not f.shape and f.members[0] in struct.members:
                    target = self.item_struct(struct.members[f.members[0]].type)
                    if target is not None and (inner, target.name) not in self.done:
                        self.done.add((inner, target.name))
                        self.extend(inner, target)
                elif f.shape == "contract":
                    self.extend("Contract", self.shared("Contract"))
                elif f.shape == "order_with_id":
                    self.extend("Order", self.shared("Order"))
                continue
            if inner in self.tables.messages:
                target = self.shared(inner)
                self.extend(inner, target, everything=True)
                cpp = target.name
            elif f.type == "[str]":
                target = self.shared("Text")
                target.members.setdefault("text", self.make_member("text", "std::string_view", ""))
                cpp = "Text"
            else:
                cpp = SCALARS[inner][1]
            if f.type.startswith("["):
                cpp = f"std::vector<{cpp}>"
            if f.type == "map":
                cpp = "std::vector<TagValue>"
            number = f.name == "reqId" or f.type == "i64"
            struct.members[f.members[0]] = self.make_member(f.members[0], cpp, "" if number else self.default(f.type))

    def ordered(self) -> list[Any]:
        """The structs without a text layout, parts before wholes."""
        out: list[Any] = []

        def visit(struct: Any) -> None:
            for m in struct.members.values():
                inner = self.item_struct(m.type)
                if inner is not None and any(inner is f for f in self.fresh):
                    visit(inner)
            if not any(struct is o for o in out):
                out.append(struct)

        for struct in self.fresh:
            visit(struct)
        return out

    def item_struct(self, cpp: str) -> Any:
        name = re.sub(r"std::vector<(\w+)>", r"\1", cpp)
        for pool in (self.g.shared, self.g.items):
            if name in pool:
                return pool[name]
        return next((s for s in self.fresh if s.name == name), None)

    def member(self, f: Field, struct: Any) -> str:
        return next((m for m in f.members if m in struct.members), "")

    # ---- code -------------------------------------------------------------------------------------------------------------

    def bind(self, message: str, struct: Any, out: list[str], hot: bool = False) -> None:
        key = (message, struct.name)
        if key in self.written:
            return
        self.written.add(key)
        reads: list[str] = []
        writes: list[str] = []
        before: list[str] = []
        for f in self.tables.messages[message]:
            self.one(f, struct, reads, writes, before, out, hot)
        inline = "[[gnu::always_inline]] inline" if hot else "inline"
        out.append(f"{inline} void read_{message}(Pbf f, ProtobufReader& r, {struct.name}& m) {{")
        out += before
        if not reads:
            out.append("  (void)r, (void)m;")
        out.append("  while (f.next()) {\n    switch (f.tag_and_type()) {")
        out += reads
        out.append("      default: f.skip();\n    }\n  }\n}")
        unused = "" if writes else "[[maybe_unused]] "
        out.append(f"inline void write_{message}({unused}ProtobufWriter& w, {unused}const {struct.name}& m) {{")
        out += writes
        out.append("}\n")

    def one(self, f: Field, struct: Any, reads: list[str], writes: list[str], before: list[str], out: list[str],
            hot: bool) -> None:
        inner = f.type.strip("[]")
        member = self.member(f, struct)
        wire = SCALARS[inner][0] if inner in SCALARS else "bytes"
        key = f"on_{wire}({f.number})"
        guard = []
        if f.server_only:
            guard.append("w.side() == Side::Server")
        if f.since:
            guard.append(f"w.version() >= {f.since}")
        guarded = f"if ({' && '.join(guard)}) " if guard else ""

        def read(line: str, at: str = "") -> None:
            reads.append(f"      case {at or key}: {line} break;")

        def write(line: str) -> None:
            writes.append(f"  {guarded}{line}")

        if f.members == ["-"]:
            return
        if f.shape and f.shape != "word":
            target = f"m.{member}" if len(f.members) == 1 and f.members[0] != f.name and member else "m"
            read(f"shape_{f.shape}(f, r, {target});")
            write(f"shape_{f.shape}(w, {f.number}, {target});")
            return
        if f.members == ["."]:
            self.bind(inner, struct, out, hot)
            read(f"read_{inner}(f.get_message(), r, m);")
            write(f"w.message({f.number}, [&](ProtobufWriter& part) {{ write_{inner}(part, m); }});")
            return
        if not member:
            return
        cpp = struct.members[member].type
        if f.unset:
            before.append(f"  m.{member} = Number::unset();")
        if f.type == "map":
            read(f'r.pair(f, "{member}", m.{member});')
            write(f"w.pairs({f.number}, m.{member});")
        elif f.type.startswith("["):
            item = self.item_struct(cpp)
            assert item, (struct.name, f.name, cpp)
            if inner in self.tables.messages:
                self.bind(inner, item, out)
                read(f'if (auto* item = r.another("{member}", m.{member})) read_{inner}(f.get_message(), r, *item);\n'
                     f"        else f.skip();\n       ")
                write(f"for (const auto& item : m.{member}) w.message({f.number}, [&](ProtobufWriter& part) "
                      f"{{ write_{inner}(part, item); }});")
            else:
                only = next(iter(item.members))
                if inner == "str":
                    read(f'if (auto* item = r.another("{member}", m.{member})) r.text(f, "{member}", item->{only});\n'
                         f"        else f.skip();\n       ")
                    write(f'for (const auto& item : m.{member}) w.repeated_text({f.number}, "{member}", item.{only});')
                else:
                    read(f'r.packed(f, "{member}", m.{member}, [](auto& item) -> auto& {{ return item.{only}; }});',
                         f"on_bytes({f.number})")
                    read(f'if (auto* item = r.another("{member}", m.{member})) r.{self.method(inner, item.members[only].type)}'
                         f'(f, "{member}", item->{only});\n        else f.skip();\n       ', f"on_{wire}({f.number})")
                    write(f"w.packed({f.number}, m.{member}, [](const auto& item) -> auto& {{ return item.{only}; }});")
        elif inner in self.tables.messages:
            item = self.item_struct(cpp)
            assert item, (struct.name, f.name, cpp)
            self.bind(inner, item, out)
            read(f"read_{inner}(f.get_message(), r, m.{member});")
            write(f"w.message({f.number}, [&](ProtobufWriter& part) {{ write_{inner}(part, m.{member}); }});")
        elif f.shape == "word":
            read(f'r.text(f, "{member}", m.{member});')
            write(f'w.word({f.number}, "{member}", m.{member});')
        else:
            method = self.method(inner, cpp)
            read(f'r.{method}(f, "{member}", m.{member});')
            write(f'w.{method}({f.number}, "{member}", m.{member});')

    def method(self, kind: str, cpp: str) -> str:
        """How a protobuf scalar stands in a C++ member."""
        return {("i32", "std::int32_t"): "integer", ("i64", "std::int64_t"): "integer", ("i64", "std::int32_t"): "integer",
                ("i32", "bool"): "flag", ("bool", "bool"): "flag", ("bool", "std::int32_t"): "flag",
                ("dbl", "Number"): "number", ("dbl", "std::string_view"): "number_text", ("dbl", "std::int32_t"): "number_integer",
                ("str", "std::string_view"): "text", ("str", "Number"): "decimal", ("str", "std::int32_t"): "text_integer"}[(kind, cpp)]

    def files(self, header: str, hot: set[str]) -> dict[str, str]:
        self.written: set[tuple[str, str]] = set()
        head = header.replace("layouts.txt", "protobuf.txt")
        types: list[str] = []
        g = self.g
        for struct in self.ordered():
            if struct.name in self.tables.messages:
                self.bind(struct.name, struct, types)
        for message, name in (("Contract", "Contract"), ("SoftDollarTier", "SoftDollarTier"), ("Order", "Order"),
                              ("OrderState", "OrderState"), ("Execution", "Execution")):
            self.bind(message, g.shared[name], types)
        if "DeltaNeutralContract" in self.tables.messages:
            self.bind("DeltaNeutralContract", g.shared["DeltaNeutral"], types)
        for direction, message, struct in self.bindings:
            if message in BY_HAND:
                continue
            self.bind(message, struct, self.code[direction], struct.name in hot)
        for message, item in (("HistoricalTickLast", "HistoricalTickLast"), ("HistoricalTickBidAsk", "HistoricalTickBidAsk"),
                              ("HistoricalTick", "HistoricalTick")):
            assert (message, item) in self.written
        shapes = '#include "edge/ib/wire/protobuf_shapes.hpp"\n'
        out = {"protobuf_types.hpp": "\n".join([head, shapes, "namespace robo::ib::wire {\n"] + types + ["}  // namespace robo::ib::wire\n"])}
        for direction, stem in (("C", "request"), ("S", "event")):
            body = self.code[direction]
            for _, _, struct in (b for b in self.bindings if b[0] == direction):
                message = self.message_of[struct.name]
                if message in BY_HAND:
                    continue
                body.append(f"inline void write_protobuf(ProtobufWriter& w, const {struct.name}& m) {{ write_{message}(w, m); }}")
                inline = "[[gnu::always_inline]] inline" if struct.name in hot else "inline"
                body.append(f"{inline} void read_protobuf(Pbf f, ProtobufReader& r, {struct.name}& m) {{ read_{message}(f, r, m); }}")
            out[f"protobuf_{stem}s.hpp"] = "\n".join(
                [head, f'#include "edge/ib/wire/generated/{stem}s.hpp"', '#include "edge/ib/wire/generated/protobuf_types.hpp"\n',
                 "namespace robo::ib::wire {\n"] + body + ["\n}  // namespace robo::ib::wire\n"])
        return out
