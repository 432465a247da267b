"""Our table of protobuf messages (src/edge/ib/wire/protobuf.txt) against the descriptors inside a published IB client: every message
and field it knows must stand in the table with the same number and type.

usage: protobuf_tables.py TABLE
"""

import importlib
import pkgutil
import re
import sys
from pathlib import Path

from google.protobuf.descriptor import Descriptor, FieldDescriptor

import ibapi.protobuf

KINDS = {FieldDescriptor.TYPE_INT32: "i32", FieldDescriptor.TYPE_INT64: "i64", FieldDescriptor.TYPE_DOUBLE: "dbl",
         FieldDescriptor.TYPE_BOOL: "bool", FieldDescriptor.TYPE_STRING: "str"}


def kind_of(field: FieldDescriptor) -> str:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return "map"
    kind = field.message_type.name if field.message_type is not None else KINDS[field.type]
    return f"[{kind}]" if field.is_repeated else kind


def published() -> dict[str, Descriptor]:
    out: dict[str, Descriptor] = {}
    for module in pkgutil.iter_modules(ibapi.protobuf.__path__):
        if module.name.endswith("_pb2"):
            loaded = importlib.import_module(f"ibapi.protobuf.{module.name}")
            out |= dict(loaded.DESCRIPTOR.message_types_by_name)
    return out


def table(path: Path) -> dict[str, dict[int, tuple[str, str]]]:
    out: dict[str, dict[int, tuple[str, str]]] = {}
    for line in path.read_text().splitlines():
        if not line or line.startswith("#") or re.match(r"[CS]\|", line):
            continue
        name, _, rest = line.partition(":")
        out[name] = {int(n): (field, kind) for n, field, kind in re.findall(r"(\d+) (\w+):(\[?\w+\]?)", rest)}
    return out


def main() -> int:
    ours, theirs = table(Path(sys.argv[1])), published()
    wrong, fields = [], 0
    for name, message in sorted(theirs.items()):
        if name not in ours:
            wrong.append(f"{name}: not in the table")
            continue
        for field in message.fields:
            fields += 1
            said = ours[name].get(field.number)
            if said != (field.name, kind_of(field)):
                wrong.append(f"{name}.{field.name} is {field.number} {kind_of(field)}, the table says {said}")
    print("\n".join(wrong))
    print(f"{len(theirs)} messages and {fields} fields compared, {len(wrong)} differ; {len(set(ours) - set(theirs))} of ours are unknown there")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
