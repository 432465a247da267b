"""Runs the program as a person would, and reads its journals."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["ROBOTRADER"]
ROOT = pathlib.Path(os.environ["ROBO_SOURCE_DIR"])

# A strategy that is nearly always in the market, with a stop that rests at the broker: there is something to lose by a crash.
PAPER = """
name = "paper"
mode = "paper"
account = "DU7654321"
journal = "{folder}/journal"
state = "{folder}/var"
store = "{folder}/store"
[gateway]
port = {port}
[desk]
on = false
[data]
folder = "{root}/data"
[[instruments]]
symbol = "BTCUSDT"
type = "CRYPTO"
exchange = "PAXOS"
tick_by_tick = true
[[strategies]]
name = "mean_reversion"
parameters = {{ bar_s = 1, rsi_bars = 3, atr_bars = 3, low = 49, high = 99, exit = 80, ranging_min = 0, short = 0, stop_atr = 20, hold_bars = 2000, edge_sd = 0, cost_bp = 0 }}
[execution]
patience_s = 0.2
{more}
"""


def run(*words, timeout=120, check=None, cwd=ROOT):
    done = subprocess.run([BINARY, *map(str, words)], capture_output=True, text=True, timeout=timeout, cwd=cwd, env={**os.environ, "NO_COLOR": "1"})
    if check is not None and done.returncode != check:
        raise AssertionError(f"{words}: exit {done.returncode}, expected {check}\n{done.stdout}\n{done.stderr}")
    return done


class Process:
    """A running verb with its output in a file."""

    def __init__(self, folder, name, *words, stdin=None):
        self.log = pathlib.Path(folder) / f"{name}.log"
        self.out = open(self.log, "w")
        self.process = subprocess.Popen([BINARY, *map(str, words)], stdout=self.out, stderr=subprocess.STDOUT, stdin=stdin, text=True, cwd=ROOT,
                                        env={**os.environ, "NO_COLOR": "1"})

    def text(self):
        return self.log.read_text()

    def wait_for(self, pattern, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = re.search(pattern, self.text())
            if found:
                return found
            if self.process.poll() is not None and not re.search(pattern, self.text()):
                raise AssertionError(f"ended with {self.process.returncode} before '{pattern}':\n{self.text()}")
            time.sleep(0.05)
        raise AssertionError(f"'{pattern}' did not come within {seconds} s:\n{self.text()}")

    def kill9(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self, seconds=20):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(seconds)
        finally:
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            self.out.close()
        return self.process.returncode


class Gateway(Process):
    def __init__(self, folder, *more, name="gateway", port=0, speed=5, market="crypto"):
        super().__init__(folder, name, "gateway-sim", "--port", port, "--market", market, "--account", "DU7654321", "--speed", speed, "--state",
                         pathlib.Path(folder) / "gateway", "--control", *more, stdin=subprocess.PIPE)
        self.port = int(self.wait_for(r"listening  127\.0\.0\.1:(\d+)")[1])

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


class Case(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="robo-system-"))
        self.running = []
        self.addCleanup(self.clean)

    def clean(self):
        for process in self.running:
            if process.process.poll() is None:
                process.process.kill()
                process.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def keep(self, process):
        self.running.append(process)
        return process

    def config(self, port, more=""):
        path = self.folder / "paper.toml"
        path.write_text(PAPER.format(folder=self.folder, port=port, root=ROOT, more=more))
        return path

    def journals(self):
        return sorted((self.folder / "journal").iterdir())

    def records(self, journal, only):
        lines = run("journal", "cat", journal, "--only", only).stdout.splitlines()
        return [(line.split(None, 4)[3], json.loads(line.split(None, 4)[4])) for line in lines if "{" in line]

    def wait_for_record(self, only, matches, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name, record in self.records(self.journals()[-1], only):
                if matches(record):
                    return record
            time.sleep(0.3)
        raise AssertionError(f"no {only} record that fits within {seconds} s")
