"""What the client's policies cost: each decision by itself, and all of them in a request."""

import dataclasses
import json
import math
from collections.abc import Iterable

from context import Bench
from measure import CouldNotRun, Spread, ratios, rounds, tail
from peers import PEERS, read_bundle
from report import Bar, Section

# Nanoseconds of CPU time.
MOST = 200

# Where the algorithm does not allow it at 100 endpoints: the bar that it has instead, and why.
EXCEPTIONS: dict[str, tuple[int, str]] = {
    "shard rendezvous": (300, "the rule is to hash the key with every shard, some 2 ns each"),
    "shard rendezvous, weights": (600, "the same, and a logarithm for the few that may be the best"),
    "shard rendezvous, bounded": (600, "a key whose shard is full is ranked a second time"),
    "balance least-request of 5, weights": (400, "five draws without replacement, each a search among the sums of weights"),
}


@dataclasses.dataclass
class Decision:
    """A line of policy-bench. Nanoseconds; `least` and `most` of the rounds."""

    name: str
    endpoints: int
    nanoseconds: float
    least: float
    most: float
    allocations: float


def read_decisions(lines: Iterable[str]) -> list[Decision]:
    try:
        rows = [json.loads(line) for line in lines if line.strip()]
        return [Decision(*(row[field.name] for field in dataclasses.fields(Decision))) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise CouldNotRun(f"policy-bench says nothing that can be read: {type(error).__name__}: {error}") from error


def judge(section: Section, costs: list[Decision]) -> None:
    """Fills bars and remarks: the dearest of all that have no exception, each that has one, allocations of all."""
    usual = [cost for cost in costs if cost.name not in EXCEPTIONS]
    dearest = max(usual, key=lambda cost: cost.nanoseconds, default=None)
    greediest = max(costs, key=lambda cost: cost.allocations, default=None)
    if dearest is None or greediest is None:
        raise CouldNotRun("policy-bench measured nothing")
    over = [cost.name for cost in usual if cost.nanoseconds >= MOST]
    section.bars = [
        Bar(f"dearest of {len(usual)} decisions ({dearest.name})", dearest.nanoseconds, MOST, "ns", 0, inclusive=False),
        Bar(f"calls for memory per decision ({greediest.name})" if greediest.allocations else
            "calls for memory per decision", greediest.allocations, 0, "", 5)]
    section.bars += [Bar(cost.name, cost.nanoseconds, EXCEPTIONS[cost.name][0], "ns", 0, inclusive=False)
                     for cost in costs if cost.name in EXCEPTIONS]
    if len(over) > 1:
        section.remarks.append(f"over {MOST} ns: " + "; ".join(over))
    section.remarks += [f"{cost.name}: {EXCEPTIONS[cost.name][1]}" for cost in costs if cost.name in EXCEPTIONS]


def decisions(bench: Bench, section: Section) -> None:
    section.bars = [Bar("dearest decision", math.nan, MOST, "ns", 0, inclusive=False),
                    Bar("calls for memory per decision", math.nan, 0, "", 5)]
    bench.progress("policy-bench")
    if "policy-bench" not in bench.programs:
        raise CouldNotRun("policy-bench is not there; build it with 'swift build -c release --product policy-bench'")
    usage = bench.run([bench.program("policy-bench")], 120, sample=False)
    if usage.status != 0:
        raise CouldNotRun(f"policy-bench ended with status {usage.status}: {tail(usage.output)}")
    costs = read_decisions(usage.output.splitlines())
    section.table(("decision", "endpoints", "ns", "least", "most", "allocations"),
                  [(cost.name, str(cost.endpoints), f"{cost.nanoseconds:.0f}", f"{cost.least:.0f}", f"{cost.most:.0f}",
                    f"{cost.allocations:g}") for cost in costs])
    judge(section, costs)


BARE = """
name: bare
target: {target}
load: [{{ users: 50, for: {seconds}s }}]
scenarios: {{ main: [{{ get: / }}] }}
"""
# Limits that are looked at and never reached: what is measured is what it costs to look.
POLICIES = BARE.replace("name: bare", "name: {name}") + """
endpoints: [{endpoints}]
client:
  timeout: {{ total: 10s, attempt: 5s, adaptive: {{ percentile: p95, factor: 2, least: 1s, most: 5s }} }}
  balance: {balance}
  health: {{ check: {{ path: /, interval: 1s }} }}
  retry: {{ attempts: 3, budget: 20% }}
  breaker: {{ failure-rate: 50%, window: 10s, minimum: 20, open: 1s }}
  bulkhead: {{ running: 100, queue: 100 }}
"""


def plans(target: str, endpoints: list[str], seconds: int) -> dict[str, str]:
    return {
        "bare": BARE.format(target=target, seconds=seconds),
        "policies, one endpoint": POLICIES.format(
            name="policies", target=target, seconds=seconds, endpoints=endpoints[0], balance="round-robin"),
        "policies, four endpoints, p2c": POLICIES.format(
            name="spread", target=target, seconds=seconds, endpoints=", ".join(endpoints), balance="p2c"),
    }


def prices(bench: Bench, section: Section) -> None:
    texts = plans(bench.target.url.rstrip("/"), bench.target.endpoints, bench.seconds)
    dear = [name for name in texts if name != "bare"]
    section.bars = [Bar(f"{name}, to the bare plan", math.nan, 1.10, "") for name in dear]
    files = {}
    for name, text in texts.items():
        files[name] = bench.folder / f"{'-'.join(name.replace(',', '').split())}.yaml"
        files[name].write_text(text)
    # An earlier gale runs the bare plan alone: what it was before there were policies.
    runs = {name: (file, "gale") for name, file in files.items()}
    if "before" in bench.programs:
        runs["bare, the earlier gale"] = (files["bare"], "before")
    costs: dict[str, list[float]] = {name: [] for name in runs}
    failed = dict.fromkeys(runs, 0)
    for index, name in rounds(list(runs), bench.rounds):
        bench.progress(f"round {index + 1} of {bench.rounds}: {name}")
        file, program = runs[name]
        usage = bench.run_gale(str(file), seconds=bench.seconds, program=program)
        count = PEERS["gale"].count(usage, bench.bundle)
        costs[name].append(usage.cpu * 1e6 / count.requests)
        failed[name] += read_bundle(bench.bundle).failed
    section.table(("plan", "CPU µs/request", "to the bare one", "failed"),
                  [(name, Spread.of(costs[name]).text(1), ratios(costs[name], costs["bare"]).text(3), str(failed[name]))
                   for name in runs])
    for bar, name in zip(section.bars, dear):
        bar.figure = ratios(costs[name], costs["bare"]).median
