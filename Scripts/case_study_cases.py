"""The case studies: what the guide claims, which plan shows it, and how our figure is read from the bundle of a trial.

The guide's figures and what a formula expects stand here; figures of Gale stand nowhere.
"""

import dataclasses
import math
from collections.abc import Callable

from bundle import Bundle, percentile

INTRODUCTION = """# The case studies

What the guide ("Complete guide to distributed-system performance optimisation", version 1.0, 2025-08-04, in Korean) claims of caches, replicas, breakers, retries and batches, and what comes out when the same is built in Gale's lab:
`make case-studies` writes these pages, each from the bundles of runs that it makes. No figure of ours is typed. The plans are in
`Plans/case-studies`, [Docs/case-studies.md](../../Docs/case-studies.md) walks through them.

**The lab is a model.** Its databases, caches and queues keep real rows, entries and messages, and whoever finds them busy waits; but their times,
their sizes and their load are those of the plan, chosen so that the state *before* is about the guide's. What comes *after* is configured
nowhere. A claim *holds* when the whole 95 % interval of our figure is within what the column *Holds* says, *fails* when the whole of it is outside, and is *open*
otherwise. In parentheses stands what one expects where the guide has no figure.
"""


# MARK: what a study is

@dataclasses.dataclass
class Figure:
    """One figure of a trial, and how it is written. Times are in seconds of the plan."""

    name: str
    read: Callable[[Bundle], float]
    form: Callable[[float], str]


@dataclasses.dataclass
class Claim:
    """What the guide, or a textbook, says of a variant: by what share a figure changes against `base`, or what it is."""

    text: str
    guide: str
    figure: Figure
    variant: str
    #: The claim holds from here on, or up to here.
    least: float | None = None
    most: float | None = None
    base: str = "base"
    #: What `base` is measured by, where it is not the same.
    base_figure: Figure | None = None
    is_change: bool = True


@dataclasses.dataclass
class SweepRow:
    label: str
    settings: list[str]
    expected: str = ""


@dataclasses.dataclass
class Sweep:
    """The same comparison with something else in the plan: what makes the benefit shrink or grow."""

    title: str
    text: str
    rows: list[SweepRow]
    columns: list[tuple[str, str, Figure, bool]]  # heading, variant, figure, whether as change against base
    expected: str = ""


@dataclasses.dataclass
class Live:
    """One run of each variant over sockets, so many times as fast as the plan."""

    scale: int
    variants: list[str]
    figures: list[Figure]
    options: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Study:
    key: str
    title: str
    rows: str
    text: str
    figures: list[Figure]
    claims: list[Claim]
    cost: str
    why: str
    trials: int = 5
    sweeps: list[Sweep] = dataclasses.field(default_factory=list)
    live: Live | None = None
    #: More sections, from the first trial of each variant.
    extra: Callable[[dict[str, Bundle]], list[str]] | None = None

    @property
    def plan(self) -> str:
        return f"Plans/case-studies/{self.key}.yaml"


# MARK: how figures are written

def plain(figure: float) -> str:
    """Three significant digits, without a power of ten."""
    if math.isnan(figure):
        return "–"
    magnitude = abs(figure)
    if magnitude < 1e-9:
        return "0"
    digits = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 1 else 3
    return f"{figure:,.{digits}f}"


def share(figure: float) -> str:
    if math.isnan(figure):
        return "–"
    if abs(figure) < 5e-5:
        return "0 %" if figure == 0 else "<0.01 %"
    digits = 0 if figure == 1 else 2 if figure < 0.1 or 0.9 < figure < 1 else 1
    return f"{100 * figure:.{digits}f} %"


def seconds(figure: float) -> str:
    if math.isnan(figure):
        return "–"
    if figure == 0:
        return "0 s"
    if figure >= 60:
        return f"{figure:.0f} s"
    return f"{plain(figure)} s" if figure >= 1 else f"{plain(1000 * figure)} ms"


def count(figure: float) -> str:
    return "–" if math.isnan(figure) else f"{figure:,.0f}"


def megabytes(figure: float) -> str:
    return f"{figure / 1e6:,.0f} MB"


def changed(figure: float) -> str:
    if math.isnan(figure):
        return "–"
    text = f"{100 * figure:+.1f} %" if abs(figure) < 2 else f"{1 + figure:,.0f} times" if figure >= 10 else f"{1 + figure:.1f} times"
    return text.replace("-0.0 %", "0.0 %").replace("+0.0 %", "0.0 %").replace("-", "−")


# MARK: reading

def response(percent: float, tag: str = "response", start: float = 0, end: float = math.inf) -> Callable[[Bundle], float]:
    """A percentile of the response time, of calls that ended in a window of the plan's time; in seconds of the plan."""

    def read(bundle: Bundle) -> float:
        scale = bundle.scale
        return percentile(bundle.histogram(tag, start / scale, end / scale), percent) / 1000 * scale

    return read


def total(resource: str, column: str) -> Callable[[Bundle], float]:
    return lambda bundle: bundle.resource(resource).get(column, math.nan)


def time_of(resource: str, column: str = "time") -> Callable[[Bundle], float]:
    return lambda bundle: bundle.resource(resource).get(column, math.nan) * bundle.scale


def part(resource: str, of: str, whole: str) -> Callable[[Bundle], float]:
    def read(bundle: Bundle) -> float:
        totals = bundle.resource(resource)
        return totals[of] / totals[whole] if totals and totals[whole] else math.nan

    return read


def window_sum(resource: str, column: str, start: float, end: float) -> Callable[[Bundle], float]:
    return lambda bundle: sum(bundle.resource_seconds(resource, column, start / bundle.scale, end / bundle.scale))


def window_part(resource: str, of: str, whole: str, start: float, end: float) -> Callable[[Bundle], float]:
    def read(bundle: Bundle) -> float:
        every = window_sum(resource, whole, start, end)(bundle)
        return window_sum(resource, of, start, end)(bundle) / every if every else math.nan

    return read


def errors(bundle: Bundle) -> float:
    return bundle.figures["error_share"]


def succeeded(bundle: Bundle) -> float:
    return 1 - bundle.figures["error_share"]


def failed_share(start: float, end: float) -> Callable[[Bundle], float]:
    """Of the calls that ended in a window of the plan's time."""

    def read(bundle: Bundle) -> float:
        rows = [row for row in bundle.seconds() if start <= float(row["time"]) * bundle.scale < end]
        ended = sum(float(row["succeeded"]) + float(row["failed"]) for row in rows)
        return sum(float(row["failed"]) for row in rows) / ended if ended else math.nan

    return read


def accepted(orders: str, start: float, end: float) -> Callable[[Bundle], float]:
    """The orders accepted in a window, as a share of those that were written to their database in it. Those under way at its
    beginning may make it a little more than all."""

    def read(bundle: Bundle) -> float:
        came = window_sum(orders, "writes", start, end)(bundle)
        return min(1, bundle.counted("accepted", start / bundle.scale, end / bundle.scale) / came) if came else math.nan

    return read


def imbalance(bundle: Bundle) -> float:
    keyed = [int(row["keyed"]) for row in bundle.table("endpoints.csv")]
    return max(keyed) * len(keyed) / sum(keyed) - 1


def moved(place: int) -> Callable[[Bundle], float]:
    return lambda bundle: bundle.json("run.json")["shards"]["moved"][place]["share"]


# MARK: what theory expects

def zipf(keys: int, exponent: float) -> list[float]:
    weights = [1 / k**exponent for k in range(1, keys + 1)]
    whole = sum(weights)
    return [weight / whole for weight in weights]


def che(keys: int, exponent: float, room: int) -> float:
    """The hit share of an LRU cache by Che's approximation (H. Che, Y. Tung, Z. Wang, "Hierarchical Web Caching Systems", 2002)."""
    if room >= keys:
        return 1.0
    chances = zipf(keys, exponent)
    low, high = 0.0, 1e9
    for _ in range(100):
        middle = (low + high) / 2
        kept = sum(-math.expm1(-chance * middle) for chance in chances)
        low, high = (middle, high) if kept < room else (low, middle)
    return sum(chance * -math.expm1(-chance * low) for chance in chances)


# MARK: case study 1

# The surge is from 2 min to 3 min 30 s of the run, and what it leaves behind is gone by 4 min 30 s; the payment hangs from 6 to 8 min.
SURGE = (120, 270)
DOWN = (360, 480)
SURGE_P95 = Figure("pages p95 in the surge", response(95, "response/browse/product", *SURGE), seconds)
SURGE_P50 = Figure("pages p50 in the surge", response(50, "response/browse/product", *SURGE), seconds)
CALM_P50 = Figure("pages p50 before it", response(50, "response/browse/product", 60, 120), seconds)
DOWN_P95 = Figure("pages p95 while payment is down", response(95, "response/browse/product", *DOWN), seconds)
QUERIES = Figure("database queries", total("catalogue", "queries"), count)
WAITING = Figure("waiting at the database, mean", total("catalogue", "waiting"), plain)
HITS = Figure("hit share", total("pages", "hit_share"), share)
ORDERS = Figure("orders accepted while payment is down", accepted("orders", *DOWN), share)
STALE = Figure("stale reads", lambda bundle: bundle.resource("pages").get("stale", bundle.resource("catalogue")["stale"]), count)


def cache_row(exponent: float, room: int) -> SweepRow:
    return SweepRow(
        f"keys with exponent {exponent:g}, room for {room:,}",
        [f"data.product.exponent={exponent:g}", f"?lab.resources.pages.cache.capacity={room}"],
        share(che(10_000, exponent, room)))


def write_row(updates: int) -> SweepRow:
    # 90 of 100 requests are for products; in the surge 135 a second, and each server answers 100.
    reads, writes = 1.5 * (90 - updates), 1.5 * updates
    return SweepRow(
        f"{100 * updates / 90:.0f} % writes",
        [f"scenarios.update.weight={updates}", f"scenarios.browse.weight={90 - updates}"],
        f"{reads + writes:.0f} %, then {max(writes, reads / 2 + writes):.0f} %")


COMMERCE = Study(
    "commerce", "Case study 1: a shop in a surge", "G43",
    "Three times the usual load comes to the product pages of a shop for 90 s. Its database answers 100 queries a second and gets 135, so a line "
    "grows, and with it the response time; orders stand in the same line for one of the shop's 100 workers. Two and a half minutes after the surge the "
    "payment service hangs for two minutes: each order holds a worker for 30 s, until none is left for anybody. The variants are the guide's measures: a "
    "cache of 2,000 pages (TTL 1 h), two read replicas (100 ms behind), a breaker with a fallback (5 failures, 60 s, 3 successes; the order is taken as "
    "pending, 202), and all of them.",
    [CALM_P50, SURGE_P50, SURGE_P95, DOWN_P95, ORDERS, Figure("errors", errors, share), QUERIES, WAITING, HITS, STALE],
    [
        Claim("response time with a cache", "−50 % (30 s → 15 s)", SURGE_P95, "cache", most=-0.5),
        Claim("response time with read replicas", "−50 % (30 s → 15 s)", SURGE_P95, "replicas", most=-0.5),
        Claim("response time with all measures", "−50 % (30 s → 15 s)", SURGE_P95, "all", most=-0.5),
        Claim("database load with a cache", "−70 %", QUERIES, "cache", most=-0.7),
        Claim("database load with all measures", "−70 %", QUERIES, "all", most=-0.7),
        Claim("database load with read replicas only", "(the same queries, on three servers)", QUERIES, "replicas", least=-0.01, most=0.01),
        Claim("orders accepted while payment is down, before", "none", ORDERS, "base", most=0.05, is_change=False),
        Claim("orders accepted while payment is down, with a breaker and a fallback", "accepted", ORDERS, "fallback", least=0.95, is_change=False),
        Claim("orders accepted while payment is down, with all measures", "accepted", ORDERS, "all", least=0.95, is_change=False),
        Claim("pages while payment is down: the failure does not spread", "isolated", DOWN_P95, "fallback", most=-0.9),
    ],
    "A cache and replicas show old prices: see the stale reads. Replicas alone are behind by their lag; a cache in front of replicas is worse than "
    "either, because an old row that it reads within those 100 ms stays in it until somebody writes again. Replicas are two more servers, and every write costs "
    "each of them as much as the primary. A pending order has to be paid later: the fallback moves the work, it does not do it.",
    "**Database load** agrees: with keys as uneven as in many shops (Zipf, exponent 1) and room for a fifth of the products so many "
    "reads hit that as much of the load goes as the guide says. It is measured, not set: the table below has other keys and other sizes, beside what Che's approximation expects. "
    "**Response time** falls by more than half, and that is the point of queueing: as soon as the database can answer what is asked of it there is no "
    "line, and the response time is that of one query. −50 % would be a measure that nearly, but not quite, ends the overload, as the smallest caches of the table do. "
    "A figure such as −50 % is therefore no property of a cache; it is one of how far the overload went. **Orders** are accepted while payment is down with the "
    "breaker, none without; nor does the failure spread to the pages any more. Cache and replicas do nothing about that, as the table shows.",
    sweeps=[
        Sweep(
            "Less of a cache",
            "The less the keys repeat, and the fewer have room, the fewer reads hit, and the benefit goes. *Expected* is the hit share by Che's approximation for an "
            "LRU cache in its steady state; the run begins with an empty one, and writes drop entries.",
            [cache_row(1.2, 2000), cache_row(1, 10_000), cache_row(1, 2000), cache_row(1, 500), cache_row(1, 50), cache_row(1, 10),
             cache_row(0.5, 2000), cache_row(0.5, 500), cache_row(0.001, 500)],
            [("hit share", "cache", HITS, False), ("database queries", "cache", QUERIES, True), ("pages p95 in the surge", "cache", SURGE_P95, True)],
            "hit share expected"),
        Sweep(
            "More writes",
            "Replicas take reads off the primary, but every replica applies every write. *Expected* is how busy the busiest server is in the surge, without and with "
            "two replicas: above 100 % a line grows. A replica applies before it answers, so with next to nothing but writes its few reads starve, and replicas make it worse.",
            [write_row(1), write_row(30), write_row(60), write_row(80), write_row(89)],
            [("pages p95 in the surge", "replicas", SURGE_P95, True)],
            "busiest server"),
        Sweep(
            "Less of a surge",
            "Without overload there is no line to take away: replicas do hardly anything for the response time. A cache still answers sooner than the database does. "
            "The surge is what the database gets in it, as a share of what it can answer.",
            [SweepRow(f"{rate}/s ({0.9 * rate:.0f} %)", [f"load.1.spike={rate}/s"]) for rate in (150, 120, 90, 60)],
            [("replicas: pages p95 in the surge", "replicas", SURGE_P95, True), ("cache: pages p50 in the surge", "cache", SURGE_P50, True)]),
    ],
    live=Live(8, ["base", "all"], [SURGE_P95, ORDERS, QUERIES, HITS]))


# MARK: case study 2

def timeline(percent: float) -> Figure:
    return Figure(f"timeline p{percent:g}", response(percent), seconds)


def busy_row(rate: float) -> SweepRow:
    # 30 queries of 294 ms (the mean of the lognormal time), 75 connections.
    sigma = math.log(700 / 270) / 2.3263479
    mean = 0.27 * math.exp(sigma * sigma / 2)
    return SweepRow(f"{rate:g}/s", [f"load.1.rate={rate:g}/s"], share(rate * 30 * mean / 75))


TIMELINE = Study(
    "social-timeline", "Case study 2: a timeline, in sequence and in parallel", "G44",
    "A timeline takes 10 own posts, 20 of friends and recommendations: 30 queries of 0.3 s and one call of 0.9 s. One after the other that is 10 s. "
    "`three-parts` fetches the three parts at once, each with its queries one after the other; `all-at-once` makes all queries at once. The database has "
    "75 connections, of which 4 · 30 · 0.294 s / 75 = 47 % are busy.",
    [timeline(50), timeline(95), timeline(99), Figure("waiting for a connection, mean", total("posts", "waiting"), plain),
     Figure("queries", total("posts", "queries"), count), Figure("connections busy", total("posts", "busy"), share)],
    [
        Claim("timeline, three parts at once", "−80 % (10 s → 2 s)", timeline(50), "three-parts", most=-0.8),
        Claim("timeline, all queries at once", "−80 % (10 s → 2 s)", timeline(50), "all-at-once", most=-0.8),
        Claim("timeline p95, all queries at once", "−80 %", timeline(95), "all-at-once", most=-0.8),
    ],
    "The database has exactly as much to do as before: the same queries. It gets them thirty at a time, so that there is a line now and then where there was none; "
    "the nearer it is to what it can do, the less is gained by asking all at once, as the table below shows.",
    "Three parts in parallel take as long as the longest of them. It would have to be a fifth of the whole for −80 %; with three parts it is at least a third (−67 % at "
    "best), and with 20 of 31 requests in one of them it is six tenths. So the guide's structure, three parts, does not give the guide's figure, 2 s of 10. "
    "With each query on its own it does, and more: then it is the slowest of 31 that counts.",
    sweeps=[Sweep(
        "More load",
        "*Expected* is how busy the connections are. The nearer to 100 %, the longer do thirty queries at once wait, for each other and for those of others; beyond, the line of the "
        "queries grows as long as the load lasts. Who asks thirty times, one after the other, stands in it thirty times, so all at once stays ahead.",
        [busy_row(rate) for rate in (1, 4, 6, 7.5, 8, 9, 12)],
        [("base p50", "base", timeline(50), False), ("all at once p50", "all-at-once", timeline(50), False),
         ("change of p50", "all-at-once", timeline(50), True), ("change of p99", "all-at-once", timeline(99), True)],
        "connections busy")],
    live=Live(20, ["base", "three-parts", "all-at-once"], [timeline(50), timeline(95)]))

GOOD = Figure("uploads that arrive", succeeded, share)


def chance_row(chance: float) -> SweepRow:
    single = 1 - (1 - chance) ** 3
    smaller = 1 - (1 - chance) ** 1.2
    return SweepRow(
        f"{100 * chance:g} %", [f"lab.resources.images.store.failures-per-mb={100 * chance:g}%"],
        f"{share(1 - single)}, {share(1 - single**3)}, {share(1 - smaller**3)}")


UPLOADS = Study(
    "social-uploads", "Case study 2: uploads of pictures", "G44",
    "Pictures of 3 MB are uploaded over a line on which every megabyte has a chance of 5.27 % to break, so that 15 % fail. The measures: three attempts, one second "
    "apart, compression to 40 % of the size, and both.",
    [GOOD, Figure("response p50", response(50), seconds), Figure("response p95", response(95), seconds), Figure("response p99", response(99), seconds),
     Figure("failed attempts", total("images", "failed_attempts"), count), Figure("bytes sent", total("images", "bytes"), megabytes)],
    [
        Claim("uploads that arrive, before", "85 %", GOOD, "base", least=0.83, most=0.87, is_change=False),
        Claim("uploads that arrive, with three attempts", "98 %", GOOD, "retry", least=0.98, is_change=False),
        Claim("uploads that arrive, with compression only", "(smaller, so fewer break)", GOOD, "compression", least=0.90, most=0.97, is_change=False),
        Claim("uploads that arrive, with both", "98 %", GOOD, "both", least=0.98, is_change=False),
        Claim("bytes sent, with both", "(fewer)", Figure("bytes sent", total("images", "bytes"), megabytes), "both", most=-0.5),
    ],
    "Who fails waits longer before it is over: see p95 and p99 of `retry`. Retries alone send more bytes than before, compression sends fewer but takes time of a processor; with both, less is "
    "sent than before the measures.",
    "Ours are above the guide's 98 %. With three independent attempts 0.15³ = 0.3 % fail all three times, and this is what we find. Failures of real networks are not "
    "independent: who is in a tunnel fails three times within three seconds. 98 % is what three attempts come to if a part of the 15 %, roughly an eighth, fails whatever one tries; the lab's store has "
    "no such part, and says so. Retries help against bad luck, not against what always fails: the table ends with a store that never works.",
    sweeps=[Sweep(
        "A better or a worse line",
        "*Expected* is the share that arrives, before, with three attempts, and with both: 1 − q, 1 − q³ with q = 1 − (1 − p)³, and the same with 1.2 MB.",
        [chance_row(chance) for chance in (0.01, 0.0527, 0.2, 0.5, 1.0)],
        [("before", "base", GOOD, False), ("three attempts", "retry", GOOD, False), ("both", "both", GOOD, False),
         ("bytes with three attempts", "retry", Figure("bytes", total("images", "bytes"), megabytes), True)],
        "chance for each MB to break: expected")])

DELAY = Figure("delay, mean", time_of("notifications"), seconds)
DELAY99 = Figure("delay, p99", time_of("notifications", "p99"), seconds)



NOTIFICATIONS = Study(
    "social-notifications", "Case study 2: notifications, one by one and in batches", "G44",
    "Three posts a second, for ten minutes; each leaves a notification in a queue. One by one a sender delivers two a second (0.5 s each), so the line grows until the "
    "posts stop. `batches`: up to 100 at a time, every 30 s or when 100 are there, 0.5 s and 5 ms for each message. `more-senders` is the other way out: a second sender, still one by "
    "one. The delay is that of each message from the post to its delivery.",
    [DELAY, DELAY99, Figure("waiting, mean", total("notifications", "waiting"), plain), Figure("senders busy", total("notifications", "busy"), share),
     Figure("batches", total("notifications", "batches"), count), Figure("delivered", part("notifications", "delivered", "sent"), share),
     Figure("response p99 of a post", response(99), seconds)],
    [
        Claim("delay before: the worst (p99)", "5 min", DELAY99, "base", least=240, most=360, is_change=False),
        Claim("delay with batches: the mean", "15 s", DELAY, "batches", least=14, most=17, is_change=False),
        Claim("delay, p99 before against the mean after, as the guide does", "−95 % (5 min → 15 s)", DELAY, "batches", most=-0.95, base_figure=DELAY99),
        Claim("delay, mean against mean", "−95 % (5 min → 15 s)", DELAY, "batches", most=-0.95),
        Claim("delay, p99 against p99", "−95 % (5 min → 15 s)", DELAY99, "batches", most=-0.95),
    ],
    "Who posts when there is no load at all waits for the next flush all the same: half of 30 s in the mean, where one by one it would have been half a second. A second sender "
    "(`more-senders`) is better than batches as long as two are enough; a sender of full batches does a hundred messages a second, fifty times as many as one by one.",
    "The guide's two figures are there: messages are up to five minutes late before, and fifteen seconds in the mean after, half of the flush interval. Its −95 % sets the worst of before against the mean "
    "of after. Like against like the change is less, as the last two claims say. Nor is it a property of batches: the delay before grows for as long as the load is more than one sender can do, and the delay after stays what it is, so a longer "
    "rush makes any percentage one likes; and with a load that one sender can do batches are *slower*. Both are in the tables below.",
    sweeps=[
        Sweep(
            "Less load, and more",
            "With less than two a second there is no line one by one, and a batch only makes everybody wait. *Expected* is the mean delay of a queue with one server (M/M/1) where it has one.",
            [SweepRow(f"{rate:g}/s", [f"load.0.rate={rate:g}/s"], seconds(1 / (2 - rate)) if rate < 2 else "grows") for rate in (0.5, 1, 1.5, 3, 6)],
            [("one by one, mean", "base", DELAY, False), ("batches, mean", "batches", DELAY, False), ("change", "batches", DELAY, True)],
            "one by one: expected"),
        Sweep(
            "A shorter and a longer rush",
            "The same three a second for so long. *Expected* one by one: a message waits for half of what the line has become at the end, in the mean.",
            [SweepRow(f"{minutes} min", [f"load.0.for={minutes}m", f"load.1.for={minutes}m"], seconds(minutes * 60 * (3 - 2) / 2 / 2)) for minutes in (2, 10, 30, 60)],
            [("one by one, mean", "base", DELAY, False), ("batches, mean", "batches", DELAY, False), ("change", "batches", DELAY, True)],
            "one by one: expected"),
        Sweep(
            "Other flush intervals",
            "*Expected*: half of the interval, and the time of a batch of three a second for so long.",
            [SweepRow(f"{flush} s", [f"?lab.resources.notifications.queue.flush={flush}s", "?lab.resources.notifications.queue.batch=1000"],
                      seconds(flush / 2 + 0.5 + 0.015 * flush)) for flush in (10, 30, 60)],
            [("batches, mean", "batches", DELAY, False), ("batches, p99", "batches", DELAY99, False)],
            "batches: expected"),
    ],
    trials=10)

STUDIES = [COMMERCE, TIMELINE, UPLOADS, NOTIFICATIONS]
