#!/usr/bin/env python3
"""What each choice of the floor is worth: CPU time beside the full floor in interleaved rounds, and instructions.

    python3 Benchmarks/variants.py --rounds 15
    python3 Benchmarks/variants.py --connections 5000 --words= --words=--single
    python3 Benchmarks/variants.py --counts             # with valgrind and strace: no neighbour can disturb it
"""

import argparse
import pathlib
import re
import resource
import sys
import tempfile
from collections.abc import Callable

from measure import CouldNotRun, Spread, ratios, rounds, run, tail
from report import Section
from target import Target

SOURCE = pathlib.Path(__file__).resolve().with_name("floor.c")
WORDS = ["", *(f"--without {word}" for word in ("keep", "mask", "parsed", "nosignal", "noproxy", "nocerts", "reuse")),
         *(f"--with {word}" for word in ("gather", "hasty", "timeout", "headers", "times", "paths", "reset", "lists"))]


def build_floor(folder: pathlib.Path) -> str:
    """Compiled each time: it takes a second, and is never of another day."""
    program = folder / "floor"
    built = run(["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", "-o", str(program), str(SOURCE), "-lcurl"],
                limit=120)
    if built.status != 0:
        raise CouldNotRun(f"floor.c does not compile (is libcurl4-openssl-dev installed?): {tail(built.output, 8)}")
    return str(program)


def figures(command: list[str]) -> dict[str, float]:
    """What the floor prints, by name."""
    usage = run(command, limit=240)
    if usage.status != 0:
        raise CouldNotRun(f"{' '.join(command)} ended with status {usage.status}: {tail(usage.output)}")
    return {name: float(value) for name, value in re.findall(r"^(\w+) ([\d.]+)$", usage.output, re.MULTILINE)}


def times(program: str, words: list[str], url: str, connections: int, count: int, seconds: int) -> Section:
    section = Section("variants", f"CPU time, {connections} connections, {count} rounds of {seconds} s")
    seen: dict[str, list[dict[str, float]]] = {word: [] for word in words}
    for _, word in rounds(words, count):
        seen[word].append(figures([program, "--connections", str(connections), "--seconds", str(seconds),
                                   *word.split(), url]))
    full = [figure["cpu_us"] for figure in seen[words[0]]]
    rows = []
    for word, list_of_figures in seen.items():
        costs = [figure["cpu_us"] for figure in list_of_figures]
        middle = {name: Spread.of(figure[name] for figure in list_of_figures).median for name in list_of_figures[0]}
        rows.append((word or "floor", Spread.of(costs).text(1), f"{middle['user_us']:.1f}", f"{middle['system_us']:.1f}",
                     ratios(costs, full).text(2), f"{middle['epoll_ctl']:.2f}", f"{middle['rss_kib'] / 1024:.1f}"))
    section.table(("variant", "CPU µs/request", "user", "system", f"to '{words[0] or 'floor'}'", "epoll_ctl/request", "MiB"),
                  rows)
    return section


def per_request(command: list[str], read: Callable[[str], int]) -> float:
    """Slope between a short and a long run of known length, so that what starting costs is not charged."""
    few, many = 1_000, 4_000
    counts = [read(run([*command, "--seconds", "100", "--requests", str(requests)], limit=240).output)
              for requests in (few, many)]
    return (counts[1] - counts[0]) / (many - few)


def valgrind_total(text: str) -> int:
    counted = re.search(r"I\s+refs:\s+([\d,]+)", text)
    if counted is None:
        raise CouldNotRun(f"valgrind: {tail(text)}")
    return int(counted[1].replace(",", ""))


def strace_total(text: str) -> int:
    counted = re.search(r"^\s*(\d+)\s+total\s*$", text, re.MULTILINE)
    if counted is None:
        raise CouldNotRun(f"strace: {tail(text)}")
    return int(counted[1])


def counts(program: str, words: list[str], url: str) -> Section:
    section = Section("variants", "Instructions in user space and system calls, one connection")
    valgrind = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]
    rows, full = [], None
    for word in words:
        floor = [program, "--connections", "1", *word.split(), url]
        each = per_request([*valgrind, *floor], valgrind_total)
        calls = per_request(["strace", "-c", "-U", "calls,name", *floor], strace_total)
        full = full or each
        rows.append((word or "floor", f"{each:,.0f}", f"{each / full:.3f}", f"{calls:.2f}"))
    section.table(("variant", "instructions/request", f"to '{words[0] or 'floor'}'", "system calls/request"), rows)
    return section


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--seconds", type=int, default=1)
    parser.add_argument("--words", action="append", metavar="OPTIONS", help="a variant as the floor's options; may be given again")
    parser.add_argument("--counts", action="store_true")
    arguments = parser.parse_args()
    words = arguments.words or WORDS
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    limit = min(hard, 65_536) if hard != resource.RLIM_INFINITY else 65_536
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, hard))
    with tempfile.TemporaryDirectory(prefix="gale-bench-") as folder, Target(limit) as target:
        program = build_floor(pathlib.Path(folder))
        url = target.url if arguments.connections < 1000 else target.many_url
        try:
            section = (counts(program, words, url) if arguments.counts else
                       times(program, words, url, arguments.connections, arguments.rounds, arguments.seconds))
        except CouldNotRun as problem:
            print(f"variants: {problem}", file=sys.stderr)
            return 1
    print(section.markdown())
    return 0


if __name__ == "__main__":
    sys.exit(main())
