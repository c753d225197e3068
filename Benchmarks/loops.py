"""Closed loops side by side: what a request costs each generator."""

import dataclasses
import math
import time
from collections.abc import Callable, Sequence

from context import Bench
from measure import CouldNotRun, Spread, Usage, machine_seconds, ratios, rounds
from peers import PEERS, Count
from report import Bar, Section


@dataclasses.dataclass
class Sample:
    usage: Usage
    count: Count

    @property
    def cost(self) -> float:
        """CPU time per request in microseconds, of the whole life of the process."""
        return self.usage.cpu * 1e6 / self.count.requests


def compare(bench: Bench, section: Section, names: Sequence[str], url: str, users: int, seconds: int,
            most: float) -> None:
    """Interleaved rounds of closed loops; a generator that cannot run is left out and named."""
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    missing = set()
    others = elapsed = 0.0
    for index, name in rounds(names, bench.rounds):
        if name in missing:
            continue
        bench.progress(f"round {index + 1} of {bench.rounds}: {name}")
        busy, served, began = machine_seconds(), bench.target.cpu_seconds(), time.monotonic()
        try:
            usage, count = bench.closed_loop(name, url, users, seconds)
        except CouldNotRun as problem:
            section.problems.append(f"{name}: {problem}")
            missing.add(name)
            continue
        others += machine_seconds() - busy - (bench.target.cpu_seconds() - served) - usage.cpu
        elapsed += time.monotonic() - began
        samples[name].append(Sample(usage, count))
    costs = {name: [sample.cost for sample in samples[name]] for name in names if name not in missing}
    rows = []
    for name, list_of_costs in costs.items():
        def median(value: Callable[[Sample], float]) -> float:
            return Spread.of(value(sample) for sample in samples[name]).median
        to_floor = ratios(list_of_costs, costs["floor"]).text(2) if "floor" in costs else "–"
        rows.append((
            name, Spread.of(list_of_costs).text(1), f"{median(lambda s: s.usage.user * 1e6 / s.count.requests):.1f}",
            f"{median(lambda s: s.usage.system * 1e6 / s.count.requests):.1f}", to_floor,
            f"{median(lambda s: s.count.requests / s.usage.wall):,.0f}", f"{median(lambda s: s.usage.peak_kib) / 1024:.1f}",
            str(sum(sample.count.failed for sample in samples[name]))))
    section.table(("generator", "CPU µs/request", "user", "system", "to the floor", "requests/s", "peak MiB", "failed"),
                  rows)
    if elapsed > 0:
        share = max(0.0, others / elapsed)
        section.remarks.append(f"other work on this machine took {share:.0%} of a core" +
                               ("; the figures are disturbed, trust the ratios" if share > 0.1 else ""))
    both = "gale" in costs and "floor" in costs
    section.bars.append(Bar(f"gale to the floor at {users:,} connections",
                            ratios(costs["gale"], costs["floor"]).median if both else math.nan, most, ""))


def few(bench: Bench, section: Section) -> None:
    compare(bench, section, list(PEERS), bench.target.url, 50, bench.seconds, 1.15)


def many(bench: Bench, section: Section) -> None:
    bench.need_descriptors(5_100)
    # Twice as long: opening so many connections is charged to both, and is to weigh little.
    compare(bench, section, ["floor", "gale"], bench.target.many_url, 5_000, 2 * bench.seconds, 1.25)
