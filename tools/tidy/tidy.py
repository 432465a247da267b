#!/usr/bin/env python3
"""Checks what the compiler cannot: which room may include which, what the kernel may not name, and a few habits.

usage: tools/tidy/tidy.py [ROOT]        prints FILE:LINE: rule, exit 1 when there is any
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# A room and the rooms its files may include (docs/architecture.md, "Layout"). Anything not written here is an error.
FOUNDATION = ("base", "model")
ARROWS: dict[str, tuple[str, ...]] = {
    "base": (),
    "model": ("base",),
    "model/json": FOUNDATION,
    "kernel/market": FOUNDATION,
    "kernel/portfolio": FOUNDATION,
    "kernel/features": (*FOUNDATION, "kernel/market"),
    "kernel/regime": (*FOUNDATION, "kernel/market", "kernel/features"),
    "kernel/strategy": (*FOUNDATION, "kernel/market", "kernel/features", "kernel/regime", "kernel/portfolio"),
    "kernel/ensemble": (*FOUNDATION, "kernel/market", "kernel/features", "kernel/regime", "kernel/portfolio", "kernel/strategy"),
    "kernel/risk": (*FOUNDATION, "kernel/market", "kernel/portfolio"),
    "kernel/execution": (*FOUNDATION, "kernel/market", "kernel/portfolio", "kernel/risk"),
    "kernel": (*FOUNDATION, "kernel/*"),
    # Strategies see what their view hands them, and nothing that acts.
    "strategies": (*FOUNDATION, "kernel/strategy", "kernel/features", "kernel/market", "kernel/regime"),
    "runtime": (*FOUNDATION, "kernel"),
    "edge/ib/wire": FOUNDATION,
    "edge/ib": (*FOUNDATION, "model/json", "runtime", "edge/ib/wire"),
    "edge/sim": (*FOUNDATION, "model/json", "runtime", "edge/ib/wire"),
    "edge/journal": (*FOUNDATION, "model/json", "runtime"),
    "edge/store": (*FOUNDATION, "model/json", "runtime"),
    "edge/serve": (*FOUNDATION, "model/json", "runtime"),
    "edge/config": (*FOUNDATION, "model/json"),
    "research": (*FOUNDATION, "model/json", "runtime", "kernel/regime"),
    "apps": ("*",),
}
ROOMS = sorted(ARROWS, key=len, reverse=True)

# The kernel has no clock, I/O, lock, thread, random source, or allocation of its own.
DETERMINISTIC = ("kernel/", "strategies/")
BANNED_INCLUDES = (
    "atomic barrier chrono condition_variable cstdio ctime filesystem fstream future iostream istream latch mutex ostream random "
    "semaphore shared_mutex sstream stop_token syncstream thread fcntl.h poll.h pthread.h stdio.h sys/epoll.h sys/mman.h sys/socket.h "
    "sys/stat.h sys/time.h time.h unistd.h"
).split()
BANNED_NAMES = {
    r"\bstd::chrono\b": "a clock",
    r"\b(clock_gettime|gettimeofday|rdtsc|__rdtsc|nanosleep|usleep)\b": "a clock",
    r"\b(std::)?time\s*\(\s*(nullptr|NULL|0)\s*\)": "a clock",
    r"\bstd::(this_thread|thread|jthread|mutex|shared_mutex|condition_variable|atomic\w*|lock_guard|unique_lock|scoped_lock)\b": "a thread or lock",
    r"\b(std::)?s?rand\s*\(": "a random source",
    r"\bstd::(random_device|mt19937\w*|minstd_rand\w*)\b": "a random source",
    r"\b(std::)?getenv\b": "the environment",
    r"\bstd::(cout|cerr|clog|cin|ifstream|ofstream|fstream|filesystem)\b": "input or output",
    r"\b(fopen|fread|fwrite|printf|fprintf|puts|system|popen|socket|recv|mmap)\s*\(": "input or output",
    r"\b(malloc|calloc|realloc)\s*\(": "an allocation",
    r"(?<![\w.])new\s+[A-Za-z_]": "an allocation",
    r"\bstd::function\b": "std::function, which may allocate",
    r"\bdelete\s+[A-Za-z_\[]": "an allocation's end",
}

# Named, with the reason.
EXEMPT = {
    ("kernel/strategy/host.hpp", "std::function"),  # called while strategies start, never on an event
}

# Heavy headers stay in few files: they cost seconds each.
BOOST_ROOMS = ("edge/", "model/json/", "apps/", "research/")
ARROW_FILES = "edge/store/"
BEAST_FILES_MAX = 3

LINES_MAX = 900
LENGTH_OF = (".cpp", ".hpp", ".py", ".ts", ".tsx", ".sh", ".mjs", ".css")
# Written by generators: their length is their source's.
GENERATED = re.compile(r"(/generated/|generated\.ts$|package-lock\.json$)")

TEXT_OF = LENGTH_OF + (".md", ".txt", ".toml", ".json", ".cmake", ".html", ".yml", ".yaml", ".csv", "")
PLACES = re.compile(
    r"(?<![\w.])/(work|root|tmp/wt|home/[a-z][\w-]*)/|\b(registry\.npmjs\.org|files\.pythonhosted\.org|deb\.debian\.org|registry\.yarnpkg\.com)\b"
    r"|\b(artifactory|jfrog|nexus)\b[./]"
)


def without_comments(text: str) -> str:
    """The same text with comments, strings and character literals blanked, line by line."""
    token = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![\w])\'(?:\\.|[^\'\\\n])+\'', re.S)
    return token.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), text)


def room_of(path: str) -> str | None:
    return next((room for room in ROOMS if path.startswith(room + "/")), None)


def line_at(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def includes(path: str, text: str) -> Iterator[tuple[int, str]]:
    room = room_of(path)
    if room is None:
        yield 1, f"src/{path} is in no room of the include table (tools/tidy/tidy.py)"
        return
    allowed = ARROWS[room]
    for number, line in enumerate(text.splitlines(), 1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if not match:
            continue
        quoted, name = match[1] == '"', match[2]
        if quoted:
            other = room_of(name)
            if other is None:
                yield number, f'"{name}" is not a full path from src/'
            elif other != room and "*" not in allowed and other not in allowed and not ("kernel/*" in allowed and other.startswith("kernel/")):
                yield number, f"{room} may not include {other}"
        if name.startswith("boost/") and not path.startswith(BOOST_ROOMS):
            yield number, f"Boost does not belong in {room}"
        if name.startswith("boost/") and path.endswith(".hpp") and "beast" in name:
            yield number, "Beast in a header costs every user 25 s: hide it in a .cpp"
        if name.startswith(("arrow/", "parquet/")) and not (path.startswith(ARROW_FILES) and (path.endswith(".cpp") or name == "arrow/type_fwd.h")):
            yield number, "Arrow belongs in edge/store's .cpp files only"
        if not quoted and name in BANNED_INCLUDES and path.startswith(DETERMINISTIC):
            yield number, f"<{name}> may not be used in {room}: one thread, no clock, no I/O"


def banned(path: str, code: str) -> Iterator[tuple[int, str]]:
    if not path.startswith(DETERMINISTIC):
        return
    for pattern, what in BANNED_NAMES.items():
        for match in re.finditer(pattern, code):
            if (path, match[0].strip()) in EXEMPT:
                continue
            yield line_at(code, match.start()), f"'{match[0].strip()}' is {what}: not in {room_of(path)}"


def awaits(code: str) -> Iterator[tuple[int, str]]:
    """g++ 12 miscompiles temporaries made by { } or ?: in a statement that awaits, without a warning."""
    for match in re.finditer(r"\bco_await\b", code):
        at, depth, start = match.start(), 0, 0
        fault = ""
        for i in range(at - 1, -1, -1):
            c = code[i]
            if c in ")]":
                depth += 1
            elif c in "([":
                depth -= 1
            elif c == "?" and not fault:
                fault = "?:"
            elif c == "}" and depth <= 0:
                start = i + 1
                break
            elif c == ";" and depth <= 0:
                # for (a; b; co_await c) keeps depth negative here; its head is one statement.
                start = i + 1
                break
            elif c == "{":
                before = code[:i].rstrip()
                word = re.search(r"(\w+|\W)$", before)
                last = word[1] if word else ""
                statement = re.split(r"[;{}]", before)[-1]
                block = depth <= 0 and (last in ("", ")", "{", "}", ";", ":", "else", "do", "try", "mutable", "noexcept", "override") or "->" in statement)
                if block:
                    start = i + 1
                    break
                fault = fault or "{ }"
        depth = 0
        for i in range(at, len(code)):
            c = code[i]
            if c in "([":
                depth += 1
            elif c in ")]":
                depth -= 1
            elif c == "?":
                fault = fault or "?:"
            elif c == "{":
                if depth <= 0 and code[:i].rstrip().endswith(")") and re.match(r"\s*(if|while|for|switch|else|\})", code[start:at]):
                    break
                fault = fault or "{ }"
            elif c == ";" and depth <= 0:
                break
            elif c == "}" and depth <= 0:
                break
        if fault:
            yield line_at(code, at), f"{fault} in a statement with co_await: g++ 12 frees such temporaries twice; name it first"


def source_faults(path: str, text: str) -> Iterator[tuple[int, str]]:
    code = without_comments(text)
    yield from includes(path, text)
    yield from banned(path, code)
    yield from awaits(code)
    if path.endswith(".hpp") and "#pragma once" not in text:
        yield 1, "a header without #pragma once"
    for match in re.finditer(r"\b(TODO|FIXME|HACK)\b", text):
        yield line_at(text, match.start()), f"{match[0]}: finish it or write it into the docs"


def general_faults(path: str, text: str) -> Iterator[tuple[int, str]]:
    if path.endswith(LENGTH_OF) and not GENERATED.search(path) and (lines := text.count("\n")) > LINES_MAX:
        yield lines, f"{lines} lines, more than {LINES_MAX}: there is a second noun in here"
    # This file must name what it forbids; licences and data are not ours to edit.
    if path in ("tools/tidy/tidy.py", "tests/tidy/tidy_test.py") or path.startswith("data/"):
        return
    for match in PLACES.finditer(text):
        yield line_at(text, match.start()), f"'{match[0]}' is a place on somebody's machine or network"


def unbuilt(root: Path, files: list[str]) -> Iterator[tuple[str, int, str]]:
    """Every .cpp under src/ is named in its room's list; a file nobody builds is dead."""
    lists = "".join((root / f).read_text(encoding="utf-8") for f in files if f.startswith("src/") and f.endswith("CMakeLists.txt"))
    for path in files:
        if path.startswith("src/") and path.endswith(".cpp") and Path(path).name not in lists:
            yield path, 1, "is in no CMakeLists.txt"


def check(root: Path, files: list[str]) -> list[str]:
    found: list[tuple[str, int, str]] = []
    beast: list[str] = []
    for path in files:
        full = root / path
        if full.suffix not in TEXT_OF or not full.is_file():
            continue
        try:
            text = full.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [(path, *fault) for fault in general_faults(path, text)]
        if path.startswith("src/") and path.endswith((".cpp", ".hpp")):
            found += [(path, *fault) for fault in source_faults(path[4:], text)]
            if re.search(r"#include <boost/beast", text):
                beast.append(path)
    if len(beast) > BEAST_FILES_MAX:
        found.append((beast[-1], 1, f"Beast in {len(beast)} files, at most {BEAST_FILES_MAX}: {', '.join(beast)}"))
    found += unbuilt(root, files)
    return [f"{path}:{line}: {what}" for path, line, what in sorted(found)]


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=root, capture_output=True, text=True, check=True)
    faults = check(root, listed.stdout.splitlines())
    print("\n".join(faults + [f"{len(faults)} faults"]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
