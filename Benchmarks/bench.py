#!/usr/bin/env python3
"""Measures Gale against the floor and its peers on this machine; Docs/performance.md explains the method.

    python3 Benchmarks/bench.py --quick            # about three minutes
    python3 Benchmarks/bench.py --only a,c --out results.md
    python3 Benchmarks/bench.py --only g --soak 10m
"""

import argparse
import functools
import os
import pathlib
import platform
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable

import journeys
import loops
import policies
import sections
import simulation
from context import Bench
from measure import CouldNotRun
from peers import PEERS
from report import Section, document
from target import Target
from variants import build_floor

ROOT = pathlib.Path(__file__).resolve().parent.parent
QUESTIONS = {
    "a": ("Closed loop, 50 connections", loops.few),
    "b": ("Closed loop, 5,000 connections", loops.many),
    "c": ("Constant rate, 5,000 requests a second", sections.pace),
    "d": ("Memory of 10,000 open connections", sections.memory),
    "e": ("System calls per request, 50 connections", sections.system_calls),
    "i": ("What a journey costs: templates, two extractions and three checks in a request", journeys.compare),
    "j": ("What a decision of each policy costs, 100 endpoints", policies.decisions),
    "k": ("What policies cost a request, 50 connections", policies.prices),
    "l": ("Simulation and live run of one plan against the lab, at half load", simulation.agreement),
    "m": ("Simulation: calls per second, and memory of a long one", simulation.speed),
    "f": ("Start: gale --version", sections.start),
}


def duration(text: str) -> int:
    found = re.fullmatch(r"(\d+)(s|m|h)", text)
    if found is None or int(found[1]) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no duration; write it as 90s, 10m or 1h")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]]


def keys(text: str) -> list[str]:
    wanted = [key.strip() for key in text.split(",")]
    unknown = [key for key in wanted if key not in "abcdefghijklm" or len(key) != 1]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown section '{unknown[0]}'; the sections are a to m")
    return wanted


def positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"'{text}' is no positive whole number")
    return int(text)


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gale", type=pathlib.Path, default=ROOT / ".build/release/gale", help="the program to measure")
    parser.add_argument("--policy-bench", type=pathlib.Path, default=ROOT / ".build/release/policy-bench",
                        help="the program of section j")
    parser.add_argument("--before", type=pathlib.Path, metavar="PROGRAM", help="an earlier gale, for section k")
    parser.add_argument("--only", type=keys, help="sections, as a,c; all but g and h by default")
    parser.add_argument("--quick", action="store_true", help="two short rounds of everything, for a look")
    parser.add_argument("--rounds", type=positive, help="interleaved rounds; 7 by default, 2 with --quick")
    parser.add_argument("--seconds", type=positive, help="length of one closed loop; 5 by default, 2 with --quick")
    parser.add_argument("--pin", action="store_true", help="nginx on the first CPU, the generator on the last")
    parser.add_argument("--soak", type=duration, help="also section g, for so long")
    parser.add_argument("--report", type=pathlib.Path, metavar="BUNDLE", help="also section h, on this bundle")
    parser.add_argument("--out", type=pathlib.Path, help="write the results as Markdown too")
    parser.add_argument("--strict", action="store_true", help="status 1 when a bar is not reached")
    return parser.parse_args()


def first_line(*command: str) -> str:
    """The first line that a program says of itself; some say it on stderr, some with a status that is not 0."""
    if shutil.which(command[0]) is None:
        return "not installed"
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return lines[0].strip() if lines else "says no version"


def debian_version(package: str) -> str:
    """hey and others have no option that tells their version."""
    if shutil.which("dpkg-query") is None:
        return "installed, version unknown"
    done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", package], capture_output=True, text=True, check=False)
    return done.stdout or "installed, version unknown"


def versions(gale: str | None) -> list[tuple[str, str]]:
    processor = re.search(r"^model name\s*:\s*(.+)$", pathlib.Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    return [
        ("CPU", f"{os.cpu_count()} × {processor[1] if processor else platform.machine()}"),
        ("kernel", platform.release()), ("libcurl", first_line("curl-config", "--version")),
        ("nginx", first_line("nginx", "-v").removeprefix("nginx version: ")),
        ("wrk", first_line("wrk", "-v").partition(" Copyright")[0]),
        ("ab", first_line("ab", "-V").removeprefix("This is ")), ("h2load", first_line("h2load", "--version")),
        ("hey", debian_version("hey") if shutil.which("hey") else "not installed"),
        ("gale", first_line(gale, "--version") if gale else "not there"),
    ]


def chosen(arguments: argparse.Namespace) -> list[tuple[Section, Callable[[Bench, Section], None]]]:
    questions = dict(QUESTIONS)
    if arguments.soak:
        questions["g"] = (f"Soak: {arguments.soak} s at 2,000 requests a second",
                          functools.partial(sections.soak, seconds=arguments.soak))
    if arguments.report:
        questions["h"] = (f"Writing the reports of {arguments.report.name} again",
                          functools.partial(sections.report, bundle=arguments.report))
    for key in arguments.only or ():
        if key not in questions:
            sys.exit(f"bench: section {key} needs {'--soak DURATION' if key == 'g' else '--report BUNDLE'}")
    return [(Section(key, questions[key][0]), questions[key][1]) for key in arguments.only or questions]


def progress(text: str) -> None:
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


def measure(arguments: argparse.Namespace, folder: pathlib.Path) -> tuple[list[tuple[str, str]], list[str], list[Section]]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, limit), hard))
    programs = {name: path for name in PEERS if (path := shutil.which(name)) is not None}
    programs["floor"] = build_floor(folder)
    programs.pop("gale", None)  # The one that was asked for, never another one that lies on the path.
    if os.access(arguments.gale, os.X_OK):
        programs["gale"] = str(arguments.gale.resolve())
    else:
        print(f"bench: {arguments.gale} is not there; build it with 'swift build -c release'", file=sys.stderr)
    for name, path in (("policy-bench", arguments.policy_bench), ("before", arguments.before)):
        if path is not None and os.access(path, os.X_OK):
            programs[name] = str(path.resolve())
    if arguments.before is not None and "before" not in programs:
        sys.exit(f"bench: {arguments.before} is no program")
    questions = chosen(arguments)
    facts = versions(programs.get("gale"))
    cores = sorted(os.sched_getaffinity(0))
    rounds = arguments.rounds or (2 if arguments.quick else 7)
    seconds = arguments.seconds or (2 if arguments.quick else 5)
    method = [f"interleaved rounds: {rounds}, of {seconds} s; median (least–most); ratios are of pairs of one round",
              f"nginx on CPU {cores[0]}, generators on CPU {cores[-1]}" if arguments.pin else "nothing pinned to a CPU"]
    print("\n".join([f"{name}: {value}" for name, value in facts] + method), flush=True)
    print()
    results = []
    with Target(limit, cores[0] if arguments.pin else None) as target:
        bench = Bench(target, programs, folder, rounds, seconds, cores[-1] if arguments.pin else None, progress)
        for section, question in questions:
            try:
                question(bench, section)
            except CouldNotRun as problem:
                section.problems.append(str(problem))
            results.append(section)
            progress("")
            print(section.text(), flush=True)
    return facts, method, results


def main() -> int:
    arguments = options()
    # A bench that is terminated takes its nginx with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="gale-bench-") as folder:
        try:
            facts, method, results = measure(arguments, pathlib.Path(folder))
        except CouldNotRun as problem:
            print(f"bench: {problem}", file=sys.stderr)
            return 1
    if arguments.out:
        arguments.out.write_text(document(facts, method, results))
    bars = [bar for section in results for bar in section.bars]
    reached = sum(bar.reached for bar in bars)
    print(f"{reached} of {len(bars)} bars reached")
    if any(section.problems for section in results):
        return 1
    return 1 if arguments.strict and reached < len(bars) else 0


if __name__ == "__main__":
    sys.exit(main())
