"""Our Arrow beside pyarrow's, and everybody's OpenSSL, in one process: each calls its own."""

import os
import re
import subprocess
import sys
import unittest

import pyarrow
from recorded import BINARY, Recorded

BINDING = re.compile(r"binding file (\S+) \[0\] to (\S+) \[0\]: normal symbol `(\S+)'")


def bindings(*words: str) -> list[tuple[str, str, str]]:
    """Who calls whom by which name, as the dynamic linker decided it."""
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env={**os.environ, "LD_DEBUG": "bindings", "LD_BIND_NOW": "1"})
    assert done.returncode == 0, done.stderr[-2000:]
    return [(os.path.basename(caller), os.path.basename(called), name) for caller, called, name in BINDING.findall(done.stderr)]


class Libraries(Recorded):
    def python(self, text: str, path: str = "") -> str:
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, timeout=120, env={**os.environ, **({"PYTHONPATH": path} if path else {})})
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout.strip()

    def test_both_arrows_work_in_one_process_whoever_comes_first(self) -> None:
        use = ("t = robotrader.Journal({journal!r}).table('Trade'); p = pyarrow.table(t); import pyarrow.parquet as q; f = {folder!r}; q.write_table(p, f);"
               "print(q.read_table(f).num_rows, len(t))").format(journal=str(self.journal), folder=str(self.folder / "copy.parquet"))
        for first in ("import robotrader, pyarrow", "import pyarrow, robotrader", "import pandas, polars, pyarrow.dataset, robotrader"):
            self.assertEqual(self.python(f"{first}; import pyarrow; {use}"), "19904 19904")
        other = f"{sys.prefix}/other-arrow"
        for first in ("import robotrader, pyarrow", "import pyarrow, robotrader"):
            version, rows = self.python(f"{first}; print(pyarrow.__version__); {use}", other).split("\n")
            self.assertNotEqual(version, pyarrow.__version__)
            self.assertEqual(rows, "19904 19904")
        loaded = self.python("import robotrader, pyarrow; print(open('/proc/self/maps').read())")
        self.assertRegex(loaded, r"/librobotrader_arrow\.so")
        self.assertRegex(loaded, r"/pyarrow/libarrow\.so\.\d+")

    def test_neither_arrow_calls_the_other(self) -> None:
        calls = bindings(sys.executable, "-c", "import robotrader, pyarrow, pyarrow.parquet")
        own = {caller for caller, _, _ in calls if caller.startswith(("librobotrader_", "_core"))}
        self.assertIn("librobotrader_arrow.so", own)
        theirs = re.compile(r"lib(arrow|parquet)[\w]*\.so|lib\.cpython.*")
        crossing = [call for call in calls if call[0] in own and theirs.match(call[1]) or theirs.match(call[0]) and call[1].startswith(("librobotrader_", "_core"))]
        # C++ makes some names one in the whole process (GNU_UNIQUE): tables of powers for reading numbers, an HTTP client that neither uses.
        wrong = [call for call in crossing if not re.search("simdjson|fast_float|opentelemetry", call[2])]
        self.assertEqual(wrong, [])

    def test_nobody_calls_the_openssl_inside_libparquet(self) -> None:
        for words in ([sys.executable, "-c", "import robotrader, ssl, hashlib; ssl.create_default_context(); hashlib.sha256()"], [BINARY, "version"]):
            calls = bindings(*words)
            users = {caller for caller, _, _ in calls}
            self.assertIn("libcrypto.so.3", users)
            wrong = [call for call in calls if call[0].startswith(("libcrypto", "libssl", "libpq", "_ssl", "_hashlib", "robotrader", "_core")) and "parquet" in call[1]
                     and not call[2].startswith("_Z")]
            self.assertEqual(wrong[:5], [], f"{len(wrong)} calls into libparquet's own OpenSSL")

    def test_a_broken_belief_is_an_exception_and_not_the_end(self) -> None:
        # A price beyond what 64 bits hold is refused before; this asks the arithmetic itself.
        said = self.python("import robotrader\ntry:\n    robotrader._core._break_a_belief()\nexcept robotrader.InternalError as error:\n    print('alive:', error)")
        self.assertRegex(said, r"alive: .* does not hold at .*decimal\.hpp:\d+; this is a bug")


if __name__ == "__main__":
    unittest.main()
