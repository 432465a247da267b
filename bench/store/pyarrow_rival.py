"""Writes and reads the same quotes as pyarrow does it: FILE, then a line "write_ms read_ms" for every line it hears."""

import sys
import time
from pathlib import Path

import pyarrow.parquet as pq

source = Path(sys.argv[1])
table = pq.read_table(source, use_threads=False)
target = source.with_suffix(".pyarrow.parquet")
for _ in sys.stdin:
    begun = time.perf_counter()
    pq.write_table(table, target, compression="zstd", compression_level=1)
    written = time.perf_counter()
    pq.read_table(target, use_threads=False)
    read = time.perf_counter()
    print(f"{(written - begun) * 1e3:.3f} {(read - written) * 1e3:.3f}", flush=True)
    target.unlink()
