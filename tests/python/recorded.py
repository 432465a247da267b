"""One short back-test run by the program itself, for all tests of a file: its journal, report and what it printed."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

BINARY = os.environ["ROBOTRADER"]
ROOT = pathlib.Path(os.environ["ROBO_SOURCE_DIR"])


def run(*words: object, cwd: pathlib.Path, check: int = 0) -> str:
    done = subprocess.run([BINARY, *map(str, words)], capture_output=True, text=True, timeout=120, cwd=cwd,
                          env={**os.environ, "NO_COLOR": "1", "ROBO_HOME": str(ROOT)})
    assert done.returncode == check, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Folder(unittest.TestCase):
    """A folder of its own for a class of tests."""

    folder: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        os.environ["ROBO_HOME"] = str(ROOT)
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="robo-python-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)


class Recorded(Folder):
    journal: pathlib.Path
    report: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        run("backtest", "config/backtest/crypto.toml", "--journal", "--once", "--out", "crypto", cwd=cls.folder)
        cls.journal = cls.folder / "crypto/journal"
        cls.report = cls.folder / "crypto/report.json"
