"""The feature store of a running demo, read from Python without copying, and `features verify` of what it recorded."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

import numpy
import polars
import pyarrow
import pyarrow.parquet

BINARY = os.environ["ROBOTRADER"]
ROOT = pathlib.Path(os.environ["ROBO_SOURCE_DIR"])


def filled(batch: pyarrow.RecordBatch) -> int:
    """Rows so far: those whose `at` is not 0."""
    at = batch.column("at").cast(pyarrow.int64()).to_numpy(zero_copy_only=False)
    return int(numpy.searchsorted(at == 0, True)) if (at == 0).any() else len(at)


class Features(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="robo-features-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        text = (ROOT / "config/demo.toml").read_text()
        text = text.replace('journal = "journal"', f'journal = "{self.folder}/journal"').replace('state = "var/demo"', f'state = "{self.folder}/var"')
        text = text.replace('folder = "data"', f'folder = "{ROOT}/data"')
        text += f'\n[features]\non = true\nfolder = "{self.folder}/parquet"\nlive = "{self.folder}/live"\n'
        (self.folder / "demo.toml").write_text(text)

    def run_program(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([BINARY, *words], capture_output=True, text=True, timeout=120, cwd=ROOT, env={**os.environ, "NO_COLOR": "1"})

    def wait_for(self, what, seconds: float = 60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = what()
            if found:
                return found
            time.sleep(0.05)
        self.fail("it did not come")

    def test_live_batches_are_read_without_copying_and_the_day_is_proven(self) -> None:
        demo = subprocess.Popen([BINARY, "demo", "--headless", "--seconds", "8", "--port", "0", "--market", "us24", "--speed", "120", "--config", str(self.folder / "demo.toml")],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        self.addCleanup(demo.kill)
        path = self.wait_for(lambda: sorted((self.folder / "live/decision").glob("*/*.arrow")))[0]
        before = pyarrow.total_allocated_bytes()
        file = pyarrow.memory_map(str(path))
        batch = pyarrow.ipc.open_file(file).get_batch(0)
        self.assertEqual(pyarrow.total_allocated_bytes(), before, "reading allocated memory")
        self.assertEqual(batch.schema.metadata[b"set"], b"decision")
        rows = self.wait_for(lambda: filled(batch))
        self.assertGreater(self.wait_for(lambda: filled(batch) > rows and filled(batch)), rows, "rows appear in the batch that is open")

        live = batch.slice(0, rows)
        name = batch.schema.names[2]
        memory = live.column(name).buffers()[1].address
        self.assertEqual(live.column(name).to_numpy(zero_copy_only=True).ctypes.data, memory)
        frame = polars.from_arrow(live.select([name]))
        self.assertEqual(frame[name].to_arrow().buffers()[1].address, memory, "polars copied")
        series = live.column(name).to_pandas(zero_copy_only=True)
        self.assertEqual(series.to_numpy().ctypes.data, memory, "pandas copied")
        self.assertEqual(demo.wait(timeout=60), 0)

        journal = str(next((self.folder / "journal").iterdir()))
        proven = self.run_program("features", "verify", journal)
        self.assertEqual(proven.returncode, 0, proven.stdout + proven.stderr)
        self.assertIn("bit for bit", proven.stdout)

        parquet = sorted((self.folder / "parquet").rglob("*.parquet"))[-1]
        table = pyarrow.parquet.read_table(parquet)
        column = table.column_names[-1]
        values = table.column(column).to_numpy().copy()
        values[len(values) // 2] = 123.5
        place = table.schema.get_field_index(column)
        pyarrow.parquet.write_table(table.set_column(place, table.schema.field(place), pyarrow.array(values)), parquet)
        differs = self.run_program("features", "verify", journal)
        self.assertEqual(differs.returncode, 1, differs.stdout + differs.stderr)
        said = differs.stdout + differs.stderr
        self.assertIn(column, said)
        self.assertIn("used live 123.5", said)

        parquet.write_bytes(parquet.read_bytes()[:200])
        broken = self.run_program("features", "verify", journal)
        self.assertEqual(broken.returncode, 1)
        self.assertIn(parquet.name, broken.stdout + broken.stderr)


if __name__ == "__main__":
    unittest.main()
