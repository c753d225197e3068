"""Simulation: does it say what a live run against the lab says, how fast is it, and does its memory depend on its length?"""

import math
import statistics

from context import Bench
from measure import CouldNotRun, Spread, Usage, tail
from peers import GALE_INVALID, PEERS, Latencies, read_bundle, read_latencies
from report import Bar, Section

# Percent.
MOST_APART = 10

# Half of what the service can do: sixteen workers in all, or twelve behind a balancer. Service times are long enough that loopback,
# scheduler and a server's own work are small beside them.
SHOP = """
name: agreement
target: lab/shop
lab: {{ services: {{ shop: {{ replicas: 4, workers: 4, time: {time} }} }} }}
load: [{{ rate: {rate}/s, for: {seconds}s, arrivals: poisson }}]
client: {{ timeout: {{ total: 10s }} }}
"""
BALANCED = """
name: agreement
target: lab/shop
endpoints: [lab/shop]
lab: {{ services: {{ shop: {{ replicas: 3, listen: each, workers: 4, time: {time} }} }} }}
load: [{{ rate: {rate}/s, for: {seconds}s, arrivals: poisson }}]
client: {{ timeout: {{ total: 10s }}, balance: p2c }}
"""
LOGNORMAL = "{ p50: 20ms, p99: 80ms }"
# Of that lognormal time, milliseconds: exp(mu + sigma²/2).
LOGNORMAL_MEAN = 20 * math.exp((math.log(4) / statistics.NormalDist().inv_cdf(0.99)) ** 2 / 2)

HUNDRED = """
name: hundred
target: lab/shop
endpoints: [lab/shop]
lab: {{ services: {{ shop: {{ replicas: 100, listen: each, workers: 4, time: {{ mean: 10ms }} }} }} }}
load: [{{ rate: 10_000/s, for: {seconds}s, arrivals: poisson }}]
client: {{ timeout: {{ total: 10s }}, balance: p2c }}
"""


def half(workers: int, mean: float) -> int:
    """Requests a second that keep half of the workers busy, of a mean service time in milliseconds."""
    return round(workers * 1000 / mean / 2)


def plans(seconds: int) -> dict[str, str]:
    return {
        "constant 20 ms": SHOP.format(time="20ms", rate=half(16, 20), seconds=seconds),
        "lognormal, p50 20 ms, p99 80 ms": SHOP.format(time=LOGNORMAL, rate=half(16, LOGNORMAL_MEAN), seconds=seconds),
        "exponential, mean 30 ms": SHOP.format(time="{ mean: 30ms }", rate=half(16, 30), seconds=seconds),
        "lognormal, p2c over three": BALANCED.format(time=LOGNORMAL, rate=half(12, LOGNORMAL_MEAN), seconds=seconds),
    }


def simulate(bench: Bench, file: str, *arguments: str, seconds: float) -> Usage:
    usage = bench.run([bench.program("gale"), "simulate", file, *arguments, "--quiet", "--out", str(bench.bundle)], seconds)
    if usage.status != 0:
        raise CouldNotRun(f"gale simulate ended with status {usage.status}: {tail(usage.output)}")
    return usage


def agreement(bench: Bench, section: Section) -> None:
    """Live and simulated with the same seeds: the same arrivals, and the same draws of service times in the order in which
    requests come."""
    seconds, count = 4 * bench.seconds, 3
    texts = plans(seconds)
    section.bars = [Bar(f"{name}: {figure}, live to simulated, apart", math.nan, MOST_APART, "%", 1)
                    for name in texts for figure in ("p50", "p99")]
    rows, invalid = [], 0
    for place, (name, text) in enumerate(texts.items()):
        file = bench.folder / f"agreement-{place}.yaml"
        file.write_text(text)
        live: list[Latencies] = []
        simulated: list[Latencies] = []
        for seed in map(str, range(1, count + 1)):
            bench.progress(f"{name}: run {seed} of {count}")
            usage = bench.run_gale(str(file), "--seed", seed, seconds=seconds)
            invalid += usage.status == GALE_INVALID
            live.append(read_latencies(bench.bundle))
            simulate(bench, str(file), "--seed", seed, seconds=seconds)
            simulated.append(read_latencies(bench.bundle))
        row = [name, f"{live[0].count:,}"]
        for column, figure in enumerate(("p50", "p99")):
            real, model = (Spread.of(getattr(run, figure) for run in runs) for runs in (live, simulated))
            apart = abs(real.median / model.median - 1) * 100
            section.bars[2 * place + column].figure = apart
            row += [real.text(1), model.text(1), f"{real.median / model.median:.3f}"]
        rows.append(tuple(row))
    section.table(("service time", "calls", "p50 live", "simulated", "ratio", "p99 live", "simulated", "ratio"), rows)
    section.remarks.append(f"milliseconds; medians (least–most) of {count} runs of {seconds} s, at half of the capacity")
    if invalid:
        section.remarks.append(f"{invalid} of {len(texts) * count} live runs said INVALID: the machine was busy")


def speed(bench: Bench, section: Section) -> None:
    # The short look simulates a sixth of the hour, against a sixth of ten minutes.
    long, short = (600, 100) if bench.rounds < 3 else (3600, 600)
    section.bars = [Bar("simulated calls per second, p2c over 100 endpoints", math.nan, 300_000, "/s", 0, least=True),
                    Bar(f"peak memory of {long} s to {short} s at 10,000/s", math.nan, 1.2, "", 2, inclusive=False)]
    texts = {seconds: bench.folder / f"hundred-{seconds}.yaml" for seconds in (60 * bench.seconds, short, long)}
    for seconds, file in texts.items():
        file.write_text(HUNDRED.format(seconds=seconds))
    rates, costs, made = [], [], 0
    for index in range(5):
        bench.progress(f"speed: run {index + 1} of 5")
        usage = simulate(bench, str(texts[60 * bench.seconds]), seconds=600)
        made = read_bundle(bench.bundle).made
        rates.append(made / usage.wall)
        costs.append(usage.cpu * 1e6 / made)
    section.remarks.append(f"5 runs of {made:,} calls each, start and reports included: {Spread.of(rates).text(0)} calls per second "
                           f"of wall time, {Spread.of(costs).text(2)} µs of CPU per call")
    section.bars[0].figure = Spread.of(rates).median
    peaks = {}
    for seconds in (short, long):
        bench.progress(f"memory: {seconds} s")
        usage = simulate(bench, str(texts[seconds]), seconds=1800)
        peaks[seconds] = usage.peak_kib
        section.remarks.append(f"{seconds} s, {read_bundle(bench.bundle).made:,} calls: peak {usage.peak_kib / 1024:.1f} MiB, "
                               f"{usage.wall:.1f} s of wall time, {usage.cpu:.1f} s of CPU")
    section.bars[1].figure = peaks[long] / peaks[short]
