#!/usr/bin/env python3
"""Writes the real payloads of the golden files as a seed corpus for fuzz_ib_decode.

    ib_decode_corpus.py GOLDEN_FOLDER CORPUS_FOLDER
"""

from __future__ import annotations

import json
import struct
import sys
from pathlib import Path


def stream(version: int, direction: int, payload: bytes) -> bytes:
    return bytes([version - 100, direction]) + struct.pack(">I", len(payload)) + payload


def main() -> None:
    golden, corpus = Path(sys.argv[1]), Path(sys.argv[2])
    corpus.mkdir(parents=True, exist_ok=True)
    for number, line in enumerate((golden / "golden-responses.jsonl").read_text().splitlines()):
        event = json.loads(line)
        if event["enc"] == "text":
            (corpus / f"event-{number}").write_bytes(stream(event["sv"], 254, event["payload"].encode()))
        elif event["enc"] == "pb":
            payload = struct.pack(">I", event["wireId"]) + bytes.fromhex(event["hex"])
            direction = 255 if event["dir"] == "client" else 254
            (corpus / f"protobuf-{number}").write_bytes(stream(event["sv"], direction, payload))
    for number, line in enumerate((golden / "golden-requests.txt").read_text().splitlines()):
        head, found, text = line.partition(" TXT ")
        if found:
            version = int(head.rsplit("sv", 1)[1])
            (corpus / f"request-{number}").write_bytes(stream(version, 255, text.replace("|", "\0").encode()))


if __name__ == "__main__":
    main()
