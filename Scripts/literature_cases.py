"""The cases of the literature: what was published, which plan shows it, and how the figure is read from a bundle.

`published` is what a source says, `expected` what a formula or an independent simulation (with " s" at its end) gives; figures of Gale stand
nowhere here.
"""

import dataclasses
from collections.abc import Callable

from bundle import Bundle

INTRODUCTION = """# The literature

What was published on load balancing, retries, hedging and sharding, and what Gale makes of it: simulated by
`gale simulate`, in virtual time, and live by `gale run` against its own lab, where that fits two cores and a short time.
`make literature` writes this page; every figure of Gale is read from the bundle of a run, with the seeds that are named.

*Published* is what the source says. *Expected* is what a formula gives, or an independent small simulation (marked †)
where nothing was published in figures. The plans are in `Plans/literature`, and what is compared are their variants.
"""

LIVE = """The live runs need a quiet machine. A run whose generator was too late is `invalid here`, and its figure is left out.
"""

WITHOUT_LIVE = """This page was written without live runs (`--no-live`); `make literature` on a quiet machine adds them.
"""


def _plain(figure: float) -> str:
    """Three significant digits, without a power of ten."""
    magnitude = abs(figure)
    digits = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 1 else 3
    return f"{figure:,.{digits}f}"


def percent(digits: int) -> Callable[[float], str]:
    return lambda figure: f"{100 * figure:.{digits}f} %"


def milliseconds(figure: float) -> str:
    return f"{_plain(figure)} ms"


def seconds(figure: float) -> str:
    return "not in the run" if figure == float("inf") else f"{_plain(figure)} s"


def per_second(figure: float) -> str:
    return f"{figure:,.0f}/s"


def times(figure: float) -> str:
    return f"{figure:.2f}x"


def count(figure: float) -> str:
    return f"{figure:,.0f}"


@dataclasses.dataclass
class Row:
    """One figure: what it is, what others say, the options of the run, and how it is read from the bundle."""

    name: str
    published: str
    expected: str
    words: list[str] | Callable[[int], list[str]]
    read: Callable[[Bundle], float]
    form: Callable[[float], str]
    seeds: int = 1
    #: The options of the live run; none without one.
    live: list[str] | None = None
    read_live: Callable[[Bundle], float] | None = None
    plan: str | None = None

    def options(self, seed: int) -> list[str]:
        return self.words if isinstance(self.words, list) else self.words(seed)


@dataclasses.dataclass
class Case:
    key: str
    title: str
    plan: str
    figure: str
    text: str
    source: str
    rows: list[Row]
    command: str = " --variant VARIANT"
    live: str = ""
    differences: str = ""


def variant(name: str | None, *more: str) -> list[str]:
    return (["--variant", name] if name else []) + list(more)


# MARK: reading

def good(bundle: Bundle) -> float:
    return 1 - bundle.figures["error_share"]


def share_of_first(bundle: Bundle) -> float:
    return float(bundle.table("endpoints.csv")[0]["share"])


def response(key: str) -> Callable[[Bundle], float]:
    return lambda bundle: bundle.summary["response"][key]


def attempts(bundle: Bundle) -> list[int]:
    return [int(row["attempts"]) for row in bundle.table("endpoints.csv")]


def gap(bundle: Bundle) -> float:
    bins = attempts(bundle)
    return max(bins) - sum(bins) / len(bins)


def fullest(bundle: Bundle) -> float:
    keyed = [int(row["keyed"]) for row in bundle.table("endpoints.csv")]
    return max(keyed) * len(keyed) / sum(keyed)


def moved(bundle: Bundle) -> float:
    return bundle.json("run.json")["shards"]["moved"][0]["share"]


def hedged(bundle: Bundle) -> float:
    ledger = bundle.summary["ledger"]
    return ledger["hedges"] / ledger["first_tries"]


def sent(bundle: Bundle) -> float:
    ledger = bundle.summary["ledger"]
    return ledger["first_tries"] + ledger["retries"]


def amplification(bundle: Bundle) -> float:
    return bundle.figures["amplification"]


def recovery(after: float, rate: float) -> Callable[[Bundle], float]:
    """Seconds from `after`, the end of the pause, until 95 % of the calls offered succeed and go on to do so."""

    def read(bundle: Bundle) -> float:
        rows = [row for row in bundle.seconds() if float(row["scheduled"]) >= 0.9 * rate]
        bad = [float(row["time"]) for row in rows if float(row["succeeded"]) < 0.95 * rate]
        last = max(bad, default=after - 1)
        return float("inf") if last >= float(rows[-1]["time"]) else max(last + 1 - after, 0)

    return read


def at_the_end(column: str, start: float, end: float) -> Callable[[Bundle], float]:
    return lambda bundle: bundle.rate(column, start, end)


def slow_pages(bundle: Bundle) -> float:
    histogram = bundle.histogram("transaction/search/page")
    return sum(count for lowest, _, count in histogram if lowest > 500) / sum(count for _, _, count in histogram)


def peak(bundle: Bundle) -> float:
    """The most calls whose last retry fell into the same 10 ms; these begin 5 ms past a round time, so that one is not cut.
    A place of the histogram, at most half as wide, is spread evenly over what it touches."""
    bins: dict[int, float] = {}
    for lowest, highest, number in bundle.histogram("response"):
        place = int((lowest + 5) // 10)
        while place * 10 - 5 < highest:
            overlap = min(highest, place * 10 + 5) - max(lowest, place * 10 - 5)
            bins[place] = bins.get(place, 0) + number * overlap / (highest - lowest)
            place += 1
    return max(bins.values())


# MARK: cases

def _layout(name: str | None) -> Callable[[int], list[str]]:
    """Another ten of two hundred hosts for each seed, so that each has another layout of the ring."""

    def words(seed: int) -> list[str]:
        first = 10 * (seed - 1)
        hosts = ", ".join(f"lab/cache/{place}" for place in range(first, first + 10))
        cache = "lab.services.cache"
        return variant(
            name, "--set", f"{cache}.replicas=200", "--set", f"endpoints=[{hosts}]",
            "--set", f"{cache}.episodes.0.replicas={first}")

    return words


_SLOW_HOST_LIVE = [
    "--set", "load.0.for=16s", "--set", "lab.services.api.episodes.0.at=4s",
    "--set", "lab.services.api.episodes.0.for=8s"]

SLOW_HOST = Case(
    "slow-host", "One slow host among eleven", "slow-host", "calls within 1 s",
    "Eleven hosts answer 1,000 calls per second in 167 ± 5 ms; one of them takes 2 s for 30 s of the 60.",
    "S. Jenson, R. Oanta, “Beyond Round Robin: Load Balancing for Latency”, Buoyant, 2016 (Finagle).",
    [
        Row("round robin", "95 %", "95.5 %", [], good, percent(2), 3, _SLOW_HOST_LIVE),
        Row("least loaded", "99 %", "99.5 % s", variant("least-loaded"), good, percent(2), 3),
        Row("P2C", "", "99.5 % s", variant("p2c"), good, percent(2), 3),
        Row("peak EWMA", "99.9 %", "99.9 % s", variant("peak-ewma"), good, percent(2), 3,
            variant("peak-ewma", *_SLOW_HOST_LIVE)),
    ],
    live="16 s instead of 60 s, the host slow for 8 s of them. Fewer seconds weigh the start of the slowness more.")

_BLACK_HOLE_LIVE = ["--for", "8s"]

BLACK_HOLE = Case(
    "black-hole", "A black hole", "black-hole", "share of the failing host",
    "Nine hosts answer in 100 ms; the tenth fails, within 1 ms. A balancer that looks at calls in flight alone takes that "
    "for speed.",
    "Known to all who have run a balancer; no figures were published. Expected is a simulation of the rules without any "
    "remedy.",
    [
        *(Row(f"round robin, {rate}/s", "", "10 %", ["--rate", f"{rate}/s"], share_of_first, percent(1), 3)
          for rate in (20, 200, 1000)),
        *(Row(f"P2C, {rate}/s", "", f"{expected} % s", variant("p2c", "--rate", f"{rate}/s"), share_of_first,
              percent(1), 3, variant("p2c", "--rate", f"{rate}/s", *_BLACK_HOLE_LIVE) if rate == 200 else None)
          for rate, expected in ((20, 12), (200, 19), (1000, 20))),
        *(Row(f"least connections, {rate}/s", "", f"{expected} % s",
              variant("least-connections", "--rate", f"{rate}/s"), share_of_first, percent(1), 3,
              variant("least-connections", "--rate", f"{rate}/s", *_BLACK_HOLE_LIVE) if rate == 200 else None)
          for rate, expected in ((20, 12), (200, 57), (1000, 79))),
        Row("peak EWMA, 200/s", "", "20 % s", variant("peak-ewma"), share_of_first, percent(1), 3),
        Row("least connections and ejection, 200/s", "", "", variant("ejecting"), share_of_first, percent(1), 3),
    ],
    command=" --variant VARIANT --rate RATE",
    live="8 s instead of 60 s.",
    differences="peak EWMA. The simulation of the rule as published takes the latency of failures for what it is, and so "
    "the failing host for the fastest; Gale counts a failure as an answer as late as the time-out of an attempt (10 s without one), and the host "
    "is hardly asked. The remedy of the other rules is to leave the host out (last line).")

QUEUEING = Case(
    "two-choices", "Two choices, where work queues up", "two-choices-queueing", "response time",
    "Ten hosts with one worker each, 10 ms of work on average (exponential), one of them three times as slow; 600 calls "
    "per second. A tenth of that is twice what the slow host can do.",
    "M. Mitzenmacher, “The Power of Two Choices in Randomized Load Balancing”, IEEE TPDS 12(10), 2001, for the effect; "
    "the figures expected are a simulation with other random numbers.",
    [
        Row("round robin, p99", "unstable", "grows without end", variant("round-robin"), response("p99_ms"),
            milliseconds, 3),
        Row("random, p99", "unstable", "grows without end", variant("random"), response("p99_ms"), milliseconds, 3),
        *(Row(f"{name}, {key}", "", f"{expected} ms s", variant(words), response(f"{key}_ms"), milliseconds, 3)
          for name, words, mean, p99 in (
              ("P2C", None, "17.9", "101"), ("least connections", "least-connections", "12.3", "65"),
              ("peak EWMA", "peak-ewma", "16.8", "73"))
          for key, expected in (("mean", mean), ("p99", p99))),
    ])


def _balls(name: str | None, bins: int, balls: int) -> list[str]:
    return variant(name, "--set", f"lab.services.bins.replicas={bins}", "--rate", f"{balls}/s")


BALLS = Case(
    "balls", "Two choices, balls into bins", "two-choices-balls", "fullest bin above the mean",
    "Calls that do not end, thrown at hosts: what is in flight are balls in bins.",
    "Y. Azar, A. Broder, A. Karlin, E. Upfal, “Balanced Allocations”, SIAM J. Comput. 29(1), 1999: about ln n / ln ln n "
    "for one choice (3.6 for n = 1,000), ln ln n / ln 2 + O(1) for two (2.8); P. Berenbrink, A. Czumaj, A. Steger, "
    "B. Vöcking, “The Heavily Loaded Case”, SIAM J. Comput. 35(6), 2006: for many more balls the gap of two choices stays, "
    "that of one grows with the root of the balls.",
    [
        Row(f"{name}, {balls:,} balls, {bins:,} bins", published, f"{expected} s",
            _balls(words, bins, balls), gap, lambda figure: f"{figure:.1f}", 3)
        for bins, balls, one, two, theory_one, theory_two in (
            (1000, 1000, "4.5", "2.0", "ln n / ln ln n + O(1)", "2.8 + O(1)"),
            (10, 100_000, "137", "1.0", "~ root of balls", "ln ln n / ln 2 + O(1)"),
            (100, 100_000, "74", "2", "~ root of balls", "ln ln n / ln 2 + O(1)"))
        for name, words, expected, published in (
            ("one choice", "random", one, theory_one), ("two choices", None, two, theory_two))
    ],
    command=" --variant VARIANT --set lab.services.bins.replicas=BINS --rate BALLS/s")

_STORM_LIVE = [
    "--set", "lab.services.database.time=666667ns", "--set", "load.0.rate=1400/s", "--set", "load.0.for=14s",
    "--set", "client.timeout.attempt=200ms", "--set", "lab.services.database.episodes.0.at=4s",
    "--set", "lab.services.database.episodes.0.pause=2s"]


def _storm(name: str, words: str | None, published: str, expected: str, live: bool = False) -> list[Row]:
    return [
        Row(f"{name}: back to normal after", published, expected, variant(words), recovery(40, 280), seconds,
            live=variant(words, *_STORM_LIVE) if live else None,
            read_live=lambda bundle: 5 * recovery(6, 1400)(bundle)),
    ]


STORM = Case(
    "retry-storm", "A retry storm that does not end", "retry-storm", "after a pause of 10 s",
    "A database that does 300 queries per second is offered 280; it pauses for 10 s, and clients give up after 1 s and try "
    "once more. What waits is worked on although nobody waits for it any more.",
    "N. Bronson, A. Aghayev, A. Charapko, T. Zhu, “Metastable Failures in Distributed Systems”, HotOS 2021, section 2.1. "
    "The paper gives the first lines; the others were simulated independently.",
    [
        *_storm("unlimited retries", None, "never", "never", live=True),
        Row("unlimited retries: queries per second afterwards", "560/s", "560/s", [], at_the_end("reached", 100, 400),
            per_second, live=_STORM_LIVE, read_live=lambda bundle: bundle.rate("reached", 9, 14) / 5),
        Row("unlimited retries: good answers per second afterwards", "0/s", "0/s", [],
            at_the_end("succeeded", 100, 400), per_second, live=_STORM_LIVE,
            read_live=lambda bundle: bundle.rate("succeeded", 9, 14) / 5),
        Row("unlimited retries, load down to 200/s for 60 s: good answers then", "0/s (above 150/s)", "",
            variant("unlimited-then-less"), at_the_end("succeeded", 75, 105), per_second),
        Row("and then down to 100/s for 150 s: good answers, at 280/s again", "280/s (below 150/s)", "",
            variant("unlimited-then-less"), at_the_end("succeeded", 275, 305), per_second),
        *_storm("no retries", "no-retry", "recovers", "125 s (2,500 / 20 per second); 138 s s"),
        *_storm("gRPC's throttle", "grpc", "", "139 s s"),
        *_storm("budget of 20 %", "budget-20", "", "never s"),
        *_storm("budget of 10 %", "budget-10", "", "never s"),
        Row("budget of 10 %: queries per second afterwards", "", "309/s s", variant("budget-10"),
            at_the_end("reached", 100, 400), per_second),
        *_storm("budget of 5 %", "budget-5", "", "not in 360 s s"),
        Row("budget of 5 %: queries per second afterwards", "", "294/s s", variant("budget-5"),
            at_the_end("reached", 100, 400), per_second),
        *_storm("work that has expired is dropped", "drop-expired", "", "73 s s"),
        *_storm("who came last is served first", "newest-first", "", "at once s", live=True),
    ],
    live="five times as fast: 1,400/s, 1,500/s possible, time-out of 200 ms, a pause of 2 s, 14 s in all; rates are "
    "divided by 5, times multiplied. It shows 40 s (scaled) after the pause, no more.",
    differences="without retries. When the pause ends 2,800 queries wait, of which the last 300 can still be answered in "
    "time; with 20 per second to spare 2,500 are gone after 125 s. How the other simulation tells when all is well is not on "
    "record. Also where work that has expired is dropped: our database forgets a query at the moment at which its client "
    "leaves, so that it never works on what nobody waits for; `timeline.csv` has 20 good answers per second more in each "
    "second, and all of them after 14 s. The other one recovers more slowly; by which rule it drops is not on record.")

_HEDGE_LIVE = ["--set", "load.0.for=3s", "--set", "load.1.for=10s", "--set", "load.0.rate=500/s", "--set", "load.1.rate=500/s"]

HEDGING = Case(
    "hedging", "Hedging", "hedging", "lognormal, median 10 ms, σ = 1",
    "A second attempt beside one that is slower than most. Where answers are slow independently of each other, "
    "P(T′ > t) = P(T > t) P(T > t − d), and the extra load is the share of the calls that last longer than d.",
    "J. Dean, L. A. Barroso, “The Tail at Scale”, CACM 56(2), 2013: about 5 % more requests for a hedge at p95; a BigTable "
    "read of 1,000 keys from 100 servers went from 1,800 ms to 74 ms at the 99.9th percentile, with 2 % more requests. "
    "Expected are the figures of the formula.",
    [
        Row("no hedge, p99", "", "102 ms", variant("no-hedge"), response("p99_ms"), milliseconds, 3,
            variant("no-hedge", *_HEDGE_LIVE)),
        Row("no hedge, p99.9", "", "221 ms", variant("no-hedge"), response("p99.9_ms"), milliseconds, 3),
        Row("hedge at p95, more attempts", "~5 %", "5.0 %", [], hedged, percent(1), 3, _HEDGE_LIVE),
        Row("hedge at p95, p99", "", "66.5 ms", [], response("p99_ms"), milliseconds, 3, _HEDGE_LIVE),
        Row("hedge at p95, p99.9", "", "93 ms", [], response("p99.9_ms"), milliseconds, 3),
        Row("hedge after 51.8 ms, p99", "", "66.5 ms", variant("after-52ms"), response("p99_ms"), milliseconds, 3),
        Row("hedge after 51.8 ms, p99.9", "", "93 ms", variant("after-52ms"), response("p99.9_ms"), milliseconds, 3),
        Row("hedge at the median, more attempts", "", "50 %", variant("at-the-median"), hedged, percent(1), 3),
        Row("hedge at the median, p99", "", "41 ms", variant("at-the-median"), response("p99_ms"), milliseconds, 3),
        Row("1 % take 1 s, no hedge, p99.9", "", "1,000 ms", variant("bimodal-no-hedge"), response("p99.9_ms"),
            milliseconds, 3),
        Row("1 % take 1 s, hedge after 20 ms, p99.9", "", "30 ms", variant("bimodal"), response("p99.9_ms"),
            milliseconds, 3),
        Row("1 % take 1 s, hedge after 20 ms, more attempts", "", "1.0 %", variant("bimodal"), hedged, percent(2), 3),
    ],
    live="500/s for 10 s instead of 1,000/s for 200 s; too few calls for a p99.9.")

FAN_OUT = Case(
    "fan-out", "Fan-out", "fan-out", "slow calls",
    "A call that needs the answers of a hundred servers is as slow as the slowest.",
    "J. Dean, L. A. Barroso, “The Tail at Scale”, CACM 56(2), 2013, figure 1.",
    [
        Row("one leaf, 1 % slow", "1 %", "1 %", variant("one-leaf"), lambda bundle: 1 - good(bundle), percent(1), 3),
        Row("100 leaves, 1 % slow", "63 %", "63.4 %", [], lambda bundle: 1 - good(bundle), percent(1), 3,
            ["--set", "load.0.rate=20/s", "--for", "8s"]),
        Row("2,000 leaves, 0.01 % slow", "18 %", "18.1 %", variant("two-thousand"), lambda bundle: 1 - good(bundle),
            percent(1), 3),
        Row("100 leaves, 1 % slow, hedged after 20 ms", "", "1.0 %", variant("hedged"), slow_pages, percent(2), 3),
        Row("the same, more attempts", "", "1.0 %", variant("hedged"), hedged, percent(2), 3),
    ],
    live="20 calls per second, of 100 requests each, for 8 s.")


def _conflicts(name: str, words: str | None, calls: str, longest: str, published: str) -> list[Row]:
    return [
        Row(f"{name}: calls", published, f"{calls} s", variant(words), sent, count, 10),
        Row(f"{name}: until all are done", "", f"{longest} s s", variant(words),
            lambda bundle: bundle.summary["response"]["max_ms"] / 1e3, seconds, 10),
    ]


CONFLICTS = Case(
    "backoff-conflicts", "Full jitter", "backoff-conflicts", "100 clients, one row",
    "A hundred clients read the same row at the same time and write it back; who was overtaken tries again.",
    "M. Brooker, “Exponential Backoff and Jitter”, AWS Architecture Blog, 2015. The article shows curves and an order, "
    "given here in its words. Expected are figures of the "
    "simulator published with it, run with its own parameters.",
    [
        *_conflicts("none", "none", "2,426", "2.0", "more work than with backoff"),
        *_conflicts("exponential", "exponential", "1,839", "63", "more work and time than with jitter"),
        *_conflicts("equal jitter", "equal", "817", "6.7", "slightly more work than full, much longer"),
        *_conflicts("full jitter", None, "798", "4.9", "least work of the jitters"),
        *_conflicts("decorrelated jitter", "decorrelated", "1,006", "4.6", "more work than full, slightly less time"),
    ],
    differences="without any jitter, by some per cent: what pulls clients apart then is the network alone, whose delays are "
    "lognormal here and normal there, with the same deviation. The simulator doubles the base before the first retry "
    "already, so the plan says `base: 10ms` for 5 ms, but for decorrelated jitter.",
    live="none: the delays of the network are part of the model, and a run over the machine's own loopback has none.")


def _peaks(name: str, words: str | None, first: str, second: str) -> list[Row]:
    return [
        Row(f"{name}: first retry", "", f"{first} s", variant(words), peak, count, 3),
        Row(f"{name}: second retry", "", f"{second} s", variant(words, "--set", "client.retry.attempts=3"), peak,
            count, 3),
    ]


PEAKS = Case(
    "backoff-peaks", "How thickly retries come", "backoff-peaks", "most retries in 10 ms",
    "Ten thousand clients fail at the same moment. Backoff starts at 1 s.",
    "M. Brooker, as above, for the effect; gRPC's proposal A6 for `proportional`. Expected is a simulation with other random "
    "numbers.",
    [
        *_peaks("no jitter", "none", "10,000", "10,000"),
        *_peaks("0 to 100 ms added", "added", "1,039", "970"),
        *_peaks("0.8 to 1.2 times", "proportional", "276", "152"),
        *_peaks("equal jitter", "equal", "229", "120"),
        *_peaks("full jitter", None, "129", "71"),
        *_peaks("decorrelated jitter", "decorrelated", "70", "34"),
    ],
    command=" --variant VARIANT --set client.retry.attempts=3")

_LAYOUTS = 10

SHARDS = Case(
    "shards", "Rings, Maglev, and the hash modulo the number of hosts", "shards", "ten hosts",
    "120,000 random keys over ten hosts, one of which then leaves. Each of the layouts has ten other hosts.",
    "D. Eisenbud et al., “Maglev: A Fast and Reliable Software Network Load Balancer”, NSDI 2016; D. Karger et al., "
    "“Consistent Hashing and Random Trees”, STOC 1997. Expected are the formulas (a share's coefficient of variation on a "
    "ring is √((N − 1)/(N V + 1))) and means of simulated layouts with their 5th and 95th percentiles; 120,000 keys add "
    "about 1 % to the fullest, for chance.",
    [
        *(Row(f"{name}: fullest host / mean", published, expected, _layout(words), fullest,
              lambda figure: f"{figure:.3f}", _LAYOUTS)
          for name, words, published, expected in (
              ("ring, 1 point per host", "ring-1", "", "2.9 s"), ("ring, 40", "ring-40", "", "1.25 s"),
              ("ring, 150", None, "", "1.129 (1.069 to 1.210) s"), ("ring, 1,000", "ring-1000", "", "1.048 s"),
              ("Maglev, 65,537 entries", "maglev", "entries differ by one", "1.000"),
              ("rendezvous", "rendezvous", "", "1.000"), ("modulo", "modulo", "", "1.000"))),
        *(Row(f"{name}: keys moved when one leaves", published, expected, _layout(words), moved, percent(1), _LAYOUTS)
          for name, words, published, expected in (
              ("ring, 150", None, "1/N = 10 %", "10.0 % ± 0.8"), ("ring, 1", "ring-1", "10 %", "10.0 % ± 9.0"),
              ("Maglev, 65,537", "maglev", "", "10.2 % s"),
              ("Maglev, 2,039", "maglev-small", "", "11.4 % s"),
              ("rendezvous", "rendezvous", "1/N = 10 %", "10.0 %"), ("modulo", "modulo", "(N − 1)/N = 90 %", "90.0 %"))),
    ],
    differences="Maglev, rendezvous and modulo share out evenly, but keys are drawn at random: of ten hosts with 12,000 keys "
    "each the fullest has 1 + 1.54 / √12,000 = 1.014 times the mean. The moved share is that of 10,000 sampled keys, its "
    "standard deviation 0.3 %.",
    command=" --variant VARIANT --set lab.services.cache.replicas=200 --set 'endpoints=[lab/cache/10, …]' "
    "--set lab.services.cache.episodes.0.replicas=10")

_THROTTLE_LIVE = ["--set", "client.throttle.window=4s", "--for", "14s"]

THROTTLING = Case(
    "throttling", "Client-side throttling", "throttling", "requests that the backend sees",
    "1,000 calls per second for a service that can do 100. The last minute of five, when the window of two is full.",
    "B. Beyer et al., “Site Reliability Engineering”, O'Reilly, 2016, chapter 21: with K = 2 one request is rejected for each "
    "that is accepted.",
    [
        Row("no throttling", "1,000/s", "1,000/s", variant("no-throttle"), at_the_end("reached", 240, 300), per_second, 3),
        Row("K = 2", "~200/s", "201/s s", [], at_the_end("reached", 240, 300), per_second, 3, _THROTTLE_LIVE,
            at_the_end("reached", 10, 14)),
        Row("K = 1.5", "", "152/s s", variant("k-1.5"), at_the_end("reached", 240, 300), per_second, 3),
        Row("K = 1.1", "", "110/s s", variant("k-1.1"), at_the_end("reached", 240, 300), per_second, 3,
            variant("k-1.1", *_THROTTLE_LIVE), at_the_end("reached", 10, 14)),
    ],
    live="14 s with a window of 4 s; the last 4 s.")

_AMPLIFICATION_LIVE = ["--set", "load.0.for=3s", "--set", "load.1.for=4s"]

AMPLIFICATION = Case(
    "amplification", "What retries make of a failing service", "amplification", "attempts per call",
    "Three attempts for each call, with and without a budget of 10 % of the calls for retries.",
    "B. Beyer et al., as above: at most 1.1x instead of 3x. Without a budget a share f of failures makes "
    "(1 − f³)/(1 − f) attempts.",
    [
        Row("all fail", "3x", "3x", [], amplification, times, 3),
        Row("half fail", "", "1.75x", variant("half"), amplification, times, 3),
        Row("a tenth fail", "", "1.11x", variant("tenth"), amplification, times, 3,
            ["--variant", "tenth", *_AMPLIFICATION_LIVE]),
        Row("all fail, budget", "1.1x", "1.1x", variant("budget"), amplification, times, 3,
            ["--variant", "budget", *_AMPLIFICATION_LIVE]),
        Row("half fail, budget", "", "1.1x", variant("half-budget"), amplification, times, 3),
        Row("a tenth fail, budget", "", "1.1x at most", variant("tenth-budget"), amplification, times, 3),
    ],
    live="4 s instead of 100 s.")

CASES = [
    SLOW_HOST, BLACK_HOLE, QUEUEING, BALLS, STORM, HEDGING, FAN_OUT, CONFLICTS, PEAKS, SHARDS, THROTTLING, AMPLIFICATION,
]
