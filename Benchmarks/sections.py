"""The questions about Gale alone: pace, memory, system calls, start, soak, reports.

Each function fills a section. Bars are put up before anything runs, so that a section that fails shows what it owed.
"""

import math
import pathlib
import re
import time

from context import Bench
from measure import CouldNotRun, Spread, slope, status_field, tail
from peers import GALE_INVALID, PEERS, read_bundle
from report import Bar, Section


def pace(bench: Bench, section: Section) -> None:
    seconds, count = 4 * bench.seconds, min(3, bench.rounds)
    rows, lags, shares, drops = [], [], [], []
    section.bars = [Bar("send lag p99", math.nan, 250, "µs", 0, inclusive=False), Bar("dropped arrivals", math.nan, 0, "", 0),
                    Bar("CPU of one core", math.nan, 20, "%", 1, inclusive=False)]
    for index in range(count):
        bench.progress(f"round {index + 1} of {count}")
        usage = bench.run_gale(bench.target.url, "--rate", "5000/s", "--for", f"{seconds}s", seconds=seconds)
        bundle = read_bundle(bench.bundle)
        if None in (bundle.lag_p50, bundle.lag_p99, bundle.lag_max):
            raise CouldNotRun("the bundle has no send lag")
        # What was dropped has its own bar; what was neither made nor dropped makes the other figures worthless.
        if bundle.made + bundle.dropped < 0.99 * 5000 * seconds:
            raise CouldNotRun(f"{bundle.made} calls made of {5000 * seconds}, and {bundle.dropped} dropped")
        lags.append(bundle.lag_p99 * 1000)
        shares.append(usage.cpu / usage.wall * 100)
        drops.append(bundle.dropped)
        rows.append((str(index + 1), f"{bundle.lag_p50 * 1000:.0f}", f"{lags[-1]:.0f}", f"{bundle.lag_max * 1000:.0f}",
                     f"{shares[-1]:.1f}", str(bundle.dropped), f"{bundle.made:,}", str(bundle.failed),
                     "no" if usage.status == GALE_INVALID else "yes"))
    section.table(("round", "lag p50 µs", "p99 µs", "max µs", "CPU %", "dropped", "made", "failed", "valid"), rows)
    for bar, figure in zip(section.bars, (Spread.of(lags).median, max(drops), Spread.of(shares).median)):
        bar.figure = figure


def memory(bench: Bench, section: Section) -> None:
    """Peak size with 10,000 connections less that with 100, over the difference: what starting costs cancels."""
    section.bars = [Bar("gale's memory per connection", math.nan, 30, "KiB", 1)]
    bench.need_descriptors(10_100)
    rows = []
    for name in ("floor", "gale"):
        try:
            peaks = {}
            for users in (100, 10_000):
                bench.progress(f"{name}, {users} connections")
                usage, _ = bench.closed_loop(name, bench.target.slow_url, users, 15)
                peaks[users] = usage.peak_kib
            if name == "gale" and (opened := read_bundle(bench.bundle).peak_connections) < 9_900:
                raise CouldNotRun(f"only {opened} connections were open at once")
        except CouldNotRun as problem:
            section.problems.append(f"{name}: {problem}")
            continue
        each = (peaks[10_000] - peaks[100]) / 9_900
        rows.append((name, f"{peaks[100] / 1024:.1f}", f"{peaks[10_000] / 1024:.1f}", f"{each:.1f}"))
        if name == "gale":
            section.bars[0].figure = each
    section.table(("generator", "MiB at 100", "MiB at 10,000", "KiB per connection"), rows)


def read_calls(text: str) -> dict[str, int]:
    """The table of `strace -c -U calls,name`: system call to number of calls."""
    return {name: int(calls) for calls, name in re.findall(r"^\s*(\d+)\s+(\w+)\s*$", text, re.MULTILINE) if name != "total"}


def system_calls(bench: Bench, section: Section) -> None:
    """Slope between a short and a long run, so that what starting costs is not charged to the requests."""
    watched = ("futex", "write", "epoll_ctl")
    section.bars = [Bar(f"gale's {call} per request", math.nan, 0.01, "", 4, inclusive=False) for call in watched]
    each: dict[str, dict[str, float]] = {}
    trace = bench.folder / "strace.txt"
    for name in ("floor", "gale"):
        try:
            points = []
            for seconds in (2, 8):
                bench.progress(f"{name}, {seconds} s")
                command = PEERS[name].command(bench.program(name), bench.target.url, 50, seconds, bench.bundle)
                usage = bench.run(["strace", "-f", "-c", "-U", "calls,name", "-o", str(trace), *command], seconds)
                points.append((PEERS[name].count(usage, bench.bundle).requests, read_calls(trace.read_text())))
            (few_requests, few_calls), (more_requests, more_calls) = points
            if more_requests < 2 * few_requests:
                raise CouldNotRun("8 s made not even twice the requests of 2 s; the machine is too busy to tell")
            each[name] = {call: (more_calls[call] - few_calls.get(call, 0)) / (more_requests - few_requests)
                          for call in more_calls}
        except CouldNotRun as problem:
            section.problems.append(f"{name}: {problem}")
    shown = sorted({call for calls in each.values() for call, count in calls.items() if count >= 0.01} | set(watched))
    section.table(("call", *each), [(call, *(f"{each[name].get(call, 0):.4f}" for name in each)) for call in shown])
    for bar, call in zip(section.bars, watched):
        if "gale" in each:
            # A start that needed one call more than the other leaves a trifle below zero.
            bar.figure = max(0.0, each["gale"].get(call, 0.0))


def start(bench: Bench, section: Section) -> None:
    section.bars = [Bar("median time of gale --version", math.nan, 30, "ms", 1, inclusive=False)]
    walls = []
    for _ in range(21):
        usage = bench.run([bench.program("gale"), "--version"], 1, sample=False)
        if usage.status != 0:
            raise CouldNotRun(f"gale --version ended with status {usage.status}: {tail(usage.output)}")
        walls.append(usage.wall * 1000)
    section.remarks.append(f"21 starts, ms: {Spread.of(walls).text(1)}")
    section.bars[0].figure = Spread.of(walls).median


def soak(bench: Bench, section: Section, seconds: int, every: float = 10) -> None:
    """One long run at a constant rate. The first minute fills pools and histograms; after it nothing may grow."""
    section.bars = [Bar("growth of RSS after the first minute", math.nan, 100, "KiB/min", 1),
                    Bar("growth of descriptors", math.nan, 1, "per minute"),
                    Bar("growth of threads", math.nan, 0.1, "per minute")]
    points: list[tuple[float, int, int, int]] = []
    began = time.monotonic()

    def watch(pid: int) -> None:
        at = time.monotonic() - began
        if at < len(points) * every:
            return
        try:
            descriptors = len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))
        except OSError:
            return
        resident, threads = status_field(pid, "VmRSS"), status_field(pid, "Threads")
        if resident is not None and threads is not None:
            points.append((at, resident, descriptors, threads))
            bench.progress(f"{at:.0f} s: {resident / 1024:.1f} MiB, {descriptors} descriptors, {threads} threads")

    usage = bench.run_gale(bench.target.url, "--rate", "2000/s", "--for", f"{seconds}s", seconds=seconds, watch=watch)
    section.table(("second", "RSS MiB", "descriptors", "threads"),
                  [(f"{at:.0f}", f"{kib / 1024:.1f}", str(fds), str(threads)) for at, kib, fds, threads in points])
    # The last sample may fall into the drain, when connections close.
    settled = [point for point in points if 60 <= point[0] <= seconds]
    bundle = read_bundle(bench.bundle)
    section.remarks.append(f"{bundle.made:,} calls made, {bundle.failed} failed, {bundle.dropped} dropped; "
                           f"CPU {usage.cpu / usage.wall:.1%} of a core")
    if len(settled) < 3:
        raise CouldNotRun("the soak is too short to judge: fewer than three samples after the first minute")
    for bar, column in zip(section.bars, (1, 2, 3)):
        bar.figure = slope([(point[0] / 60, point[column]) for point in settled])


def report(bench: Bench, section: Section, bundle: pathlib.Path) -> None:
    walls, peaks = [], []
    for _ in range(5):
        usage = bench.run([bench.program("gale"), "report", str(bundle)], 60)
        if usage.status != 0:
            raise CouldNotRun(f"gale report ended with status {usage.status}: {tail(usage.output)}")
        walls.append(usage.wall * 1000)
        peaks.append(usage.peak_kib / 1024)
    section.remarks += [f"5 times, ms: {Spread.of(walls).text(0)}", f"peak MiB: {Spread.of(peaks).text(1)}"]
