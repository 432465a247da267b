"""The checks of tools/tidy/tidy.py find what they are for, and leave alone what is right."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools" / "tidy"))
import tidy  # noqa: E402


def faults(path: str, text: str) -> list[str]:
    return [what for _, what in tidy.source_faults(path, text)]


class Includes(unittest.TestCase):
    def test_arrows_point_downwards_only(self) -> None:
        self.assertEqual(faults("kernel/risk/gate.cpp", '#include "kernel/portfolio/portfolio.hpp"\n'), [])
        self.assertEqual(faults("kernel/portfolio/x.cpp", '#include "kernel/risk/gate.hpp"\n'), ["kernel/portfolio may not include kernel/risk"])
        self.assertEqual(faults("edge/journal/x.cpp", '#include "edge/store/records.hpp"\n'), ["edge/journal may not include edge/store"])
        self.assertEqual(faults("apps/x.cpp", '#include "edge/store/records.hpp"\n'), [])

    def test_the_simulator_may_see_the_wire_and_no_more_of_ib(self) -> None:
        self.assertEqual(faults("edge/sim/x.cpp", '#include "edge/ib/wire/frame.hpp"\n'), [])
        self.assertEqual(faults("edge/sim/x.cpp", '#include "edge/ib/client.hpp"\n'), ["edge/sim may not include edge/ib"])

    def test_includes_have_full_paths(self) -> None:
        self.assertEqual(faults("base/x.cpp", '#include "time.hpp"\n'), ['"time.hpp" is not a full path from src/'])

    def test_heavy_headers_stay_where_they_belong(self) -> None:
        self.assertEqual(faults("edge/store/parquet.cpp", "#include <arrow/api.h>\n"), [])
        self.assertEqual(len(faults("edge/store/parquet.hpp", "#pragma once\n#include <arrow/api.h>\n")), 1)
        self.assertEqual(len(faults("kernel/kernel.cpp", "#include <boost/json.hpp>\n")), 1)


class Kernel(unittest.TestCase):
    def test_names_that_break_determinism_are_found(self) -> None:
        for line in ("auto t = std::chrono::steady_clock::now();", "std::mutex m;", "int x = rand();", "auto* p = new Order;",
                     "const char* h = getenv(\"HOME\");", "void* p = malloc(8);", "std::function<void()> f;", "std::cout << 1;"):
            self.assertEqual(len(faults("kernel/risk/x.cpp", line)), 1, line)
            self.assertEqual(faults("edge/ib/x.cpp", line), [], line)

    def test_words_that_only_look_like_them_are_not(self) -> None:
        for line in ("// a new order, std::mutex in a comment", 'const char* s = "std::mutex";', "int renew = 1; operand(3); brand (2);",
                     "auto* t = new (arena) T(1);", "X(const X&) = delete;"):
            self.assertEqual(faults("kernel/risk/x.cpp", line), [], line)

    def test_headers_that_break_determinism_are_found(self) -> None:
        self.assertEqual(len(faults("kernel/risk/x.cpp", "#include <thread>\n")), 1)
        self.assertEqual(len(faults("strategies/x/x.cpp", "#include <random>\n")), 1)
        self.assertEqual(faults("runtime/x.cpp", "#include <thread>\n"), [])


class Awaits(unittest.TestCase):
    def test_temporaries_in_a_statement_that_awaits_are_found(self) -> None:
        for line in ("co_await ask({.path = s});", "R r{.x = co_await f()};", "co_await ask(a ? b : c);", "auto x = a ? co_await f() : 0;",
                     "return R{co_await f()};", "co_await f([] { return 1; });"):
            found = faults("edge/ib/x.cpp", f"Task g() {{ {line} }}")
            self.assertTrue(any("co_await" in fault for fault in found), line)

    def test_safe_ones_are_not(self) -> None:
        for line in ("auto r = co_await ask(std::move(request));", "while (co_await more()) { count(); }", "if (co_await f()) { g({1}); } else { h(); }",
                     "const Request q{1}; co_await ask(q);", "for (;;) { co_await tick(); }", "int x = a ? b : c; co_await f(x);"):
            self.assertEqual(faults("edge/ib/x.cpp", f"Task g() {{ {line} }}"), [], line)
        self.assertEqual(faults("edge/ib/x.cpp", "auto f = [](int x) -> awaitable<void> { co_await g(x); };"), [])


class General(unittest.TestCase):
    def test_long_files_and_places_are_found(self) -> None:
        self.assertEqual(len(list(tidy.general_faults("src/base/x.cpp", "\n" * 901))), 1)
        self.assertEqual(list(tidy.general_faults("src/base/x.cpp", "\n" * 900)), [])
        self.assertEqual(len(list(tidy.general_faults("README.md", "see /home/alice/x\n"))), 1)
        self.assertEqual(len(list(tidy.general_faults("ui/package-lock.json", '"resolved": "https://' + "registry." + "npmjs" + '.org/x"\n'))), 1)
        self.assertEqual(list(tidy.general_faults("README.md", "src/home/x and http://127.0.0.1:8080\n")), [])

    def test_headers_need_pragma_once_and_nothing_is_left_for_later(self) -> None:
        self.assertEqual(faults("base/x.hpp", "int x;\n"), ["a header without #pragma once"])
        self.assertEqual(len(faults("base/x.cpp", "// TODO: later\n")), 1)


if __name__ == "__main__":
    unittest.main()
