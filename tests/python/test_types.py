"""The stubs are complete: what is right passes a strict type checker, what is wrong does not."""

import inspect
import pathlib
import subprocess
import sys
import unittest

import robotrader
from recorded import Folder

HERE = pathlib.Path(__file__).parent
WRONG = """import robotrader
robotrader.Journal("x").table("Quote", numbers="cents")
robotrader.backtest("x").verdict + 1
robotrader.Store("x").read("trades", start=1.5)
robotrader.compute({}, 7)
robotrader.nothing
"""


class Types(Folder):
    def mypy(self, *words: object) -> str:
        done = subprocess.run([sys.executable, "-m", "mypy", "--strict", "--no-error-summary", "--cache-dir", str(self.folder / "cache"), *map(str, words)], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.stderr, "")
        return done.stdout

    def test_right_use_passes_and_every_wrong_line_is_found(self) -> None:
        (self.folder / "wrong.py").write_text(WRONG)
        said = self.mypy(HERE / "typed_use.py", self.folder / "wrong.py")
        lines = {int(line.split("wrong.py:")[1].split(":")[0]) for line in said.splitlines() if "wrong.py:" in line and " error: " in line}
        self.assertEqual(lines, {2, 3, 4, 5, 6}, said)
        self.assertEqual([line for line in said.splitlines() if "wrong.py:" not in line], [])

    def test_everything_public_is_documented(self) -> None:
        package = pathlib.Path(robotrader.__file__).parent
        self.assertTrue((package / "py.typed").exists() and (package / "_core.pyi").exists())
        for name in robotrader.__all__:
            self.assertTrue(name == "__version__" or inspect.getdoc(getattr(robotrader, name)), name)


if __name__ == "__main__":
    unittest.main()
