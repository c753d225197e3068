"""Tests of the benchmarks' own arithmetic and reading: python3 -m unittest discover Benchmarks"""

import json
import math
import os
import pathlib
import sys
import tempfile
import textwrap
import unittest
import unittest.mock

import loops
import measure
import peers
import policies
import report
import sections
import simulation
from bench import duration, keys
from context import Bench
from target import Target

WRK = """\
  1 threads and 5 connections
  25286 requests in 1.01s, 3.50MB read
  Socket errors: connect 1, read 2, write 3, timeout 4
  Non-2xx or 3xx responses: 7
"""
AB = "Complete requests:      11946\nFailed requests:        2\nNon-2xx responses:      3\n"
H2LOAD = "requests: 28264 total, 28269 started, 28263 done, 28262 succeeded, 1 failed, 0 errored, 0 timeout\n"
HEY = """\
Status code distribution:
  [200]\t16857 responses
  [503]\t3 responses

Error distribution:
  [4]\tGet "http://127.0.0.1:1/": dial tcp 127.0.0.1:1: connect: connection refused
"""
STRACE = """\
    calls syscall
--------- ----------------
    19164 poll
       53 epoll_wait
       31 futex
--------- ----------------
    19248 total
"""


def write_bundle(folder: pathlib.Path, made: int, **lag: float) -> None:
    """A bundle with 1 failed call, 5 drops and 9 connections."""
    folder.mkdir(parents=True)
    ledger = {"made": made, "failed": 1, "dropped_in_flight": 2, "dropped_late": 3, "bytes_sent": 7}
    (folder / "run.json").write_text(json.dumps({"outcome": {"ledger": ledger, "generator": {"peak_connections": 9}}}))
    (folder / "summary.json").write_text(json.dumps({"run": {"send_lag": {"count": len(lag), **lag}}}))


class Reading(unittest.TestCase):
    def test_each_generator_is_taken_at_its_word(self):
        rows = {
            "floor": ("requests 12\nfailed 3\nmeasured 9\n", peers.Count(15, 3)),
            "wrk": (WRK, peers.Count(25286, 17)),
            "ab": (AB, peers.Count(11946, 5)),
            "h2load": (H2LOAD, peers.Count(28263, 1)),
            "hey": (HEY, peers.Count(16864, 7)),
        }
        for name, (text, expected) in rows.items():
            with self.subTest(name):
                self.assertEqual(peers.PEERS[name].read(text, pathlib.Path()), expected)

    def test_output_without_a_count_is_an_error_and_not_a_zero(self):
        for name in ("floor", "wrk", "ab", "h2load", "hey"):
            with self.subTest(name), self.assertRaisesRegex(measure.CouldNotRun, "connection refused"):
                peers.PEERS[name].read("connection refused\n", pathlib.Path())

    def test_a_bundle_gives_its_ledger_and_lag(self):
        with tempfile.TemporaryDirectory() as folder:
            place = pathlib.Path(folder) / "bundle"
            write_bundle(place, 100, p50_ms=0.02, p99_ms=0.2, max_ms=1.5)
            self.assertEqual(peers.read_bundle(place), peers.GaleRun(100, 1, 5, 0.02, 0.2, 1.5, 9, 7))

    def test_a_bundle_of_a_run_that_was_killed_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "run.json").write_text('{"state": "running"}')
            with self.assertRaisesRegex(measure.CouldNotRun, "outcome"):
                peers.read_bundle(pathlib.Path(folder))

    def test_a_generator_that_failed_is_not_counted(self):
        for status, name, accepted in ((1, "wrk", False), (75, "wrk", False), (75, "gale", True), (70, "gale", False)):
            with self.subTest(f"{name} ends with {status}"):
                usage = measure.Usage(1, 1, 1, 1, status, "")
                if accepted:
                    peers.PEERS[name].check(usage)
                else:
                    self.assertRaises(measure.CouldNotRun, peers.PEERS[name].check, usage)

    def test_system_calls_are_read_without_the_total(self):
        self.assertEqual(sections.read_calls(STRACE), {"poll": 19164, "epoll_wait": 53, "futex": 31})


class Arithmetic(unittest.TestCase):
    def test_every_name_runs_once_a_round_and_takes_every_place(self):
        order = list(measure.rounds(["a", "b", "c"], 3))
        self.assertEqual(order, [(0, "a"), (0, "b"), (0, "c"), (1, "b"), (1, "c"), (1, "a"), (2, "c"), (2, "a"), (2, "b")])

    def test_ratios_are_of_pairs(self):
        # The second round was disturbed threefold; the ratio of the pair does not know.
        spread = measure.ratios([11, 33, 11.5], [10, 30, 10])
        self.assertAlmostEqual(spread.median, 1.1)
        self.assertAlmostEqual(spread.low, 1.1)
        self.assertAlmostEqual(spread.high, 1.15)

    def test_pairs_must_be_complete(self):
        self.assertRaises(ValueError, measure.ratios, [1, 2], [1])

    def test_the_slope_of_a_line_is_found_and_of_a_point_is_zero(self):
        self.assertAlmostEqual(measure.slope([(0, 5), (1, 7), (2, 9)]), 2)
        self.assertEqual(measure.slope([(1, 5), (1, 7)]), 0)
        self.assertEqual(measure.slope([]), 0)

    def test_bars_know_their_edge(self):
        rows = [(1.15, True, True), (1.16, True, False), (1.15, False, False), (1.14, False, True), (math.nan, True, False)]
        for figure, inclusive, reached in rows:
            with self.subTest(f"{figure}, inclusive {inclusive}"):
                self.assertIs(report.Bar("x", figure, 1.15, "", inclusive=inclusive).reached, reached)

    def test_a_bar_may_be_a_floor(self):
        self.assertEqual([report.Bar("x", figure, 3, "/s", least=True).reached for figure in (2.9, 3, 4, math.nan)],
                         [False, True, True, False])

    def test_durations_and_sections_are_checked(self):
        self.assertEqual([duration("90s"), duration("10m"), duration("1h")], [90, 600, 3600])
        self.assertEqual(keys("a,c"), ["a", "c"])
        for parse, text in ((duration, "10"), (duration, "0s"), (keys, "a,z"), (keys, "ab"), (keys, "")):
            with self.subTest(text), self.assertRaises(Exception):
                parse(text)


class Processes(unittest.TestCase):
    def test_time_of_a_command_is_its_own(self):
        usage = measure.run([sys.executable, "-c", "sum(range(3_000_000)); print('done')"], limit=60)
        self.assertEqual((usage.status, usage.output), (0, "done\n"))
        self.assertGreater(usage.cpu, 0)
        self.assertGreater(usage.peak_kib, 1000)

    def test_a_command_that_does_not_end_is_killed(self):
        with self.assertRaisesRegex(measure.CouldNotRun, "did not end"):
            measure.run(["sleep", "60"], limit=0.2)

    def test_a_command_that_is_not_there_is_named(self):
        with self.assertRaisesRegex(measure.CouldNotRun, "no-such-generator"):
            measure.run(["no-such-generator"], limit=1)


FAKE = textwrap.dedent("""\
    #!{python}
    # Stands in for gale where only the harness is tested: it makes no request, and says that it did.
    import pathlib, sys, time
    sys.path.insert(0, {here!r})
    from test_bench import write_bundle
    if "--version" in sys.argv:
        sys.exit(print("gale 0"))
    value = lambda name: sys.argv[sys.argv.index(name) + 1]
    time.sleep(0.3)
    rate = int(value("--rate")[:-2]) if "--rate" in sys.argv else 100
    write_bundle(pathlib.Path(value("--out")), rate * int(value("--for")[:-1]), p50_ms=0.02, p99_ms=0.3, max_ms=1.0)
    sys.exit(75)
    """)


class StandIn:
    """A target that is never reached."""

    url = many_url = slow_url = "http://127.0.0.1:1/"

    def cpu_seconds(self) -> float:
        return 0.0


class Sections(unittest.TestCase):
    """Whole sections, with a gale that only writes bundles."""

    def setUp(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.addCleanup(self.scratch.cleanup)
        folder = pathlib.Path(self.scratch.name)
        program = folder / "gale"
        program.write_text(FAKE.format(python=sys.executable, here=str(pathlib.Path(__file__).parent)))
        program.chmod(0o755)
        self.bench = Bench(StandIn(), {"gale": str(program)}, folder, rounds=2, seconds=1, core=None,
                           progress=lambda _: None)

    def test_pace_reads_lag_and_drops_of_an_invalid_run_too(self):
        section = report.Section("c", "Pace")
        sections.pace(self.bench, section)
        self.assertEqual([bar.figure for bar in section.bars[:2]], [300, 5])
        self.assertEqual([bar.reached for bar in section.bars[:2]], [False, False])
        self.assertEqual([row[-1] for row in section.tables[0][1]], ["no", "no"])

    def test_pace_with_calls_unaccounted_for_is_not_judged(self):
        # 9,900 calls of 20,000, and 5 dropped.
        program = pathlib.Path(self.bench.programs["gale"])
        program.write_text(program.read_text().replace("rate *", "2475 *"))
        section = report.Section("c", "Pace")
        self.assertRaisesRegex(measure.CouldNotRun, "9900 calls made of 20000", sections.pace, self.bench, section)
        self.assertEqual([bar.reached for bar in section.bars], [False] * 3)

    def test_memory_of_connections_that_were_not_open_is_not_judged(self):
        section = report.Section("d", "Memory")
        with unittest.mock.patch.object(Bench, "need_descriptors"):
            sections.memory(self.bench, section)
        self.assertEqual(section.problems, ["floor: floor is not there", "gale: only 9 connections were open at once"])
        self.assertFalse(section.bars[0].reached)

    def test_a_loop_without_the_floor_has_costs_and_no_ratio(self):
        section = report.Section("a", "Loop")
        loops.compare(self.bench, section, ["floor", "gale"], self.bench.target.url, 50, 1, 1.15)
        self.assertEqual(section.problems, ["floor: floor is not there"])
        (row,) = section.tables[0][1]
        self.assertEqual((row[0], row[4], row[7]), ("gale", "–", "2"))
        self.assertFalse(section.bars[0].reached)

    def test_start_takes_the_median(self):
        section = report.Section("f", "Start")
        sections.start(self.bench, section)
        self.assertGreater(section.bars[0].figure, 0)

    def test_a_section_without_its_program_shows_what_it_owes(self):
        section = report.Section("f", "Start")
        self.bench.programs.clear()
        self.assertRaises(measure.CouldNotRun, sections.start, self.bench, section)
        self.assertIn("not measured", section.text())
        self.assertIn("**not reached**", section.markdown())


class Policies(unittest.TestCase):
    def test_decisions_are_held_against_the_bar_and_exceptions_against_their_own(self):
        rows = {
            "all below": ([("a", 100, 0), ("b", 199.9, 0)], [True, True]),
            "one at the bar": ([("a", 100, 0), ("b", 200, 0)], [False, True]),
            "one call for memory in 100,000 decisions": ([("a", 100, 0.00001)], [True, False]),
            "an exception below its bar": ([("a", 100, 0), ("shard rendezvous", 299, 0)], [True, True, True]),
            "an exception above its bar": ([("a", 100, 0), ("shard rendezvous", 301, 0)], [True, True, False]),
        }
        for name, (costs, reached) in rows.items():
            with self.subTest(name):
                section = report.Section("j", "Decisions")
                lines = [json.dumps({"name": what, "endpoints": 100, "nanoseconds": cost, "least": 1, "most": 2,
                                     "allocations": calls, "sum": 3}) for what, cost, calls in costs]
                policies.judge(section, policies.read_decisions(lines))
                self.assertEqual([bar.reached for bar in section.bars], reached)

    def test_what_is_no_line_of_policy_bench_is_an_error(self):
        for line in ("Fatal error", "{}", "[1]", '{"name": "a"}'):
            with self.subTest(line), self.assertRaisesRegex(measure.CouldNotRun, "policy-bench"):
                policies.read_decisions([line])
        with self.assertRaisesRegex(measure.CouldNotRun, "measured nothing"):
            policies.judge(report.Section("j", "Decisions"), [])

    def test_plans_differ_in_name_endpoints_and_client_alone(self):
        texts = policies.plans("http://127.0.0.1:1", ["127.0.0.1:1", "127.0.0.1:2"], 3)
        bare = texts.pop("bare").replace("name: bare\n", "")
        for name, text in texts.items():
            with self.subTest(name):
                self.assertIn(bare.strip(), text)
                self.assertNotIn("{{", text)


SIMULATOR = textwrap.dedent("""\
    #!{python}
    # Stands in for gale: writes a bundle with the latencies of its verb, and says that it made a million calls.
    import json, pathlib, sys
    value = lambda name: sys.argv[sys.argv.index(name) + 1]
    folder = pathlib.Path(value("--out"))
    sys.path.insert(0, {here!r})
    from test_bench import write_bundle
    write_bundle(folder, 1_000_000)
    text = json.loads((folder / "summary.json").read_text())
    seed = int(value("--seed")) if "--seed" in sys.argv else 1
    p99 = (100, 106, 500)[seed - 1] if sys.argv[1] == "run" else 100
    text["run"]["response"] = {{"count": 100, "p50_ms": 20.0 if sys.argv[1] == "simulate" else 23.0, "p99_ms": p99}}
    (folder / "summary.json").write_text(json.dumps(text))
    sys.exit({status} if sys.argv[1] == "simulate" else 75)
    """)


class Simulations(unittest.TestCase):
    """Sections l and m, with a gale that only writes bundles."""

    def bench(self, status: int = 0) -> Bench:
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        program = pathlib.Path(scratch.name) / "gale"
        here = str(pathlib.Path(__file__).parent)
        program.write_text(SIMULATOR.format(python=sys.executable, here=here, status=status))
        program.chmod(0o755)
        return Bench(StandIn(), {"gale": str(program)}, pathlib.Path(scratch.name), rounds=2, seconds=1, core=None,
                     progress=lambda _: None)

    def test_medians_of_three_runs_are_compared(self):
        section = report.Section("l", "Agreement")
        simulation.agreement(self.bench(), section)
        # 23 to 20 ms is too far apart; of 100, 106 and 500 ms the median is 6 % from 100.
        self.assertEqual([round(bar.figure, 6) for bar in section.bars], [15, 6] * 4)
        self.assertEqual([bar.reached for bar in section.bars], [False, True] * 4)
        self.assertIn("12 of 12 live runs said INVALID", section.remarks[-1])

    def test_a_simulation_that_fails_is_named(self):
        section = report.Section("l", "Agreement")
        with self.assertRaisesRegex(measure.CouldNotRun, "gale simulate ended with status 70"):
            simulation.agreement(self.bench(status=70), section)
        self.assertEqual([bar.reached for bar in section.bars], [False] * 8)

    def test_speed_is_calls_over_wall_time_and_memory_a_ratio(self):
        section = report.Section("m", "Speed")
        simulation.speed(self.bench(), section)
        rate, memory = section.bars
        # A million calls in the time that a start of Python takes.
        self.assertGreater(rate.figure, 10_000)
        self.assertLess(rate.figure, 1e9)
        self.assertIn("≥ 300000/s", rate.sentence)
        self.assertGreater(memory.figure, 0.5)
        self.assertLess(memory.figure, 2)

    def test_the_plans_ask_for_half_of_what_there_is(self):
        self.assertEqual(simulation.half(16, 20), 400)
        self.assertAlmostEqual(simulation.LOGNORMAL_MEAN, 23.9, 1)
        for name, text in simulation.plans(20).items():
            with self.subTest(name):
                self.assertNotIn("{{", text)
                self.assertIn("for: 20s", text)

    def test_a_bundle_without_latencies_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            with self.assertRaisesRegex(measure.CouldNotRun, "no latencies"):
                peers.read_latencies(pathlib.Path(folder))


class Targets(unittest.TestCase):
    def test_nginx_answers_where_it_says_and_leaves_nothing_behind(self):
        try:
            target = Target(descriptors=512).__enter__()
        except measure.CouldNotRun as problem:
            self.skipTest(str(problem))
        pid, directory = target.process.pid, target.directory
        try:
            for url in (target.url, target.many_url, *(f"http://{address}/" for address in target.endpoints)):
                output = measure.run(["curl", "-s", "--noproxy", "*", url], limit=10).output
                self.assertEqual(output, "gale\n")
        finally:
            target.__exit__()
        self.assertFalse(os.path.exists(f"/proc/{pid}"))
        self.assertFalse(directory.exists())


if __name__ == "__main__":
    unittest.main()
