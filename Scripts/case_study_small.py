"""The small studies: caches, shards, recovery, slow calls. What a study is stands in case_study_cases.py."""

import math
from collections.abc import Callable

from bundle import Bundle, above
from case_study_cases import (
    HITS, QUERIES, Claim, Figure, Study, count, errors, failed_share, imbalance, moved, part, plain, response, seconds, share, time_of, total,
    window_part, window_sum)

# MARK: caches

READ = Figure("read p50", response(50, "response/browse/product"), seconds)
READ_P95 = Figure("read p95", response(95, "response/browse/product"), seconds)
WRITE = Figure("write p50", response(50, "response/update/price"), seconds)
WRITE_P99 = Figure("write p99", response(99, "response/update/price"), seconds)
STALE_SHARE = Figure("stale reads", part("pages", "stale", "reads"), lambda figure: share(max(0, figure)) if abs(figure) < 5e-6 or figure > 0.01 else f"{100 * figure:.3f} %".replace("-", "−"))
LOST = Figure("answered writes lost", total("pages", "lost"), count)
LAG = Figure("database behind by, mean", time_of("pages", "lag"), seconds)

PATTERNS = Study(
    "cache-patterns", "Cache patterns: aside, through, behind", "G16 to G19, G22",
    "Four reads and one write in five, of products drawn by Zipf, for ten minutes; three nodes of a cache before a database whose writes take 50 ms. "
    "After six minutes all nodes crash and begin empty. `base` is cache-aside with a TTL of 1 h, `through` and `behind` write by way of the cache (behind: at most 1,000 waiting, "
    "a round every second, three attempts). `replicas` is cache-aside before a database with two read replicas that are 100 ms behind.",
    [READ, READ_P95, WRITE, WRITE_P99, HITS, STALE_SHARE, QUERIES, Figure("database writes", total("catalogue", "writes"), count),
     Figure("writes waiting, mean", total("pages", "pending"), plain), LAG, LOST],
    [
        Claim("write-through: reads hit more often, since a write does not drop the entry", "(more hits)", HITS, "through", least=0.01),
        Claim("write-through: a write waits for the database all the same", "(as slow)", WRITE, "through", least=-0.1, most=0.1),
        Claim("write-behind: a write does not wait for the database", "(fast writes)", WRITE, "behind", most=-0.9),
        Claim("write-behind: fewer writes reach the database", "(coalesced)", Figure("database writes", total("catalogue", "writes"), count), "behind", most=-0.05),
        Claim("write-behind: a crash loses writes that were answered", "(a risk)", LOST, "behind", least=1, is_change=False),
        Claim("write-through: a crash loses none", "none", LOST, "through", most=0, is_change=False),
    ],
    "Write-behind is paid with answered writes that nobody has any more after a crash: as many as waited, at most a round's. In a database behind by a second, who reads past the cache reads "
    "old rows. Cache-aside pays with misses: each write makes the next read of that product one.",
    "As the textbook says. The guide gives no figures here, only the patterns. What the textbook seldom says: cache-aside and through are not free of stale reads either, in the races of a read that "
    "misses with a write. And a cache that is filled from replicas which lag keeps what they did not know yet, for as long as the TTL: look at the stale reads of `replicas`.")



def since_load(read: Callable[[float], Callable[[Bundle], float]]) -> Callable[[Bundle], float]:
    """Reads a figure whose window begins with the first phase that is measured."""
    return lambda bundle: read(next(phase["start"] for phase in bundle.json("run.json")["phases"] if not phase["warm_up"]))(bundle)


FIRST_HITS = Figure("hit share, first 10 s", since_load(lambda start: window_part("pages", "hits", "reads", start, start + 10)), share)
FIRST_P95 = Figure("p95, first 30 s", since_load(lambda start: response(95, "response", start, start + 30)), seconds)
LAST_P95 = Figure("p95, last 30 s", since_load(lambda start: response(95, "response", start + 150, start + 180)), seconds)

WARM = Study(
    "cold-and-warm", "A cold cache and a warm one", "G20, G22",
    "250 reads a second come all at once to a service whose database answers 80; its cache has room for 3,000 of 10,000 users. `base` begins with an empty cache; "
    "`warm` has loaded the 1,000 most asked for in a minute before the load, in batches of 50; `warm-late` loads them while the load comes already.",
    [FIRST_HITS, FIRST_P95, LAST_P95, Figure("p99 of the whole run", response(99), seconds), HITS, QUERIES,
     Figure("waiting at the database, mean", total("catalogue", "waiting"), plain)],
    [
        Claim("first 30 s with a warm cache, p95", "(faster)", FIRST_P95, "warm", most=-0.5),
        Claim("first 10 s with a warm cache: hits", "(more)", FIRST_HITS, "warm", least=0.05),
        Claim("the last 30 s: no difference any more", "(none)", LAST_P95, "warm", least=-0.15, most=0.15),
        Claim("loaded while the load is there already: first 30 s, p95", "(no faster)", FIRST_P95, "warm-late", least=-0.1),
    ],
    "A thousand queries of the database at a time when it has nothing else to do; what is loaded and never asked for has made room for nothing. Warming while the load is there (`warm-late`) "
    "stands in the same line as everybody, and makes it longer.",
    "As one expects: the cold start is an overload that a cache ends itself, as it fills. Warm-up moves it to a time when nobody waits. The keys 1 to 1,000 are the most asked for here because the plan draws them so; "
    "who guesses wrong warms nothing.",
    trials=10)

INVALIDATION = Study(
    "invalidation", "Invalidation: which entries to drop", "G21",
    "Prices change in the database: one request in a hundred writes one. Products have keys such as `7-31`, shelf and number. `base` drops nothing, so an old price lives until the TTL of 5 min is over. "
    "The variants drop the key itself, it and ten that follow, all of its tag (100 tags), and all of its shelf (by the prefix of the key).",
    [STALE_SHARE, HITS, Figure("entries dropped", total("pages", "invalidated"), count), QUERIES, READ_P95],
    [
        Claim("without: stale reads", "(many)", STALE_SHARE, "base", least=0.05, is_change=False),
        Claim("by key: stale reads", "(hardly any)", STALE_SHARE, "key", most=0.001, is_change=False),
        Claim("by key: hits", "(hardly fewer)", HITS, "key", least=-0.05, most=0.0),
        Claim("by tag: hits", "(fewer)", HITS, "tag", most=-0.05),
        Claim("by pattern: hits", "(fewest)", HITS, "prefix", most=-0.1),
        Claim("by pattern: database queries", "(more)", QUERIES, "prefix", least=1.0),
    ],
    "What is dropped without need is read from the database again: see the queries, and p95. Few shelves are asked for most, so a shelf holds far more of what is wanted than a tag, which takes keys by their hash.",
    "The guide lists the four kinds without figures. Here all of them end stale reads; they differ in what they cost, and dropping the key alone is enough wherever one knows the key. The few stale reads "
    "that are left are races: a read that missed brings the old row after the entry was dropped.",
    trials=3)


# MARK: shards

LEFT = Figure("keys moved when a shard leaves", moved(1), share)
JOINED = Figure("keys moved when a shard joins", moved(0), share)
IMBALANCE = Figure("fullest shard above the mean", imbalance, share)

SHARDING = Study(
    "sharding", "Shards by range, by hash and on a ring", "G8 to G10, G14, G15",
    "400 calls a second for keys of which few are asked for most (Zipf, exponent 0.8, 4,000 keys) go to four shards that answer 200 each. A fifth shard joins after two minutes and the first "
    "leaves after four. `base` takes the hash modulo the number of shards, `range` the guide's ranges (up to 1,000, 2,000, 3,000; the fifth shard has those above 3,500), `ring` 150 points for each shard. "
    "`even-range` has ranges and keys that are asked for equally often.",
    [IMBALANCE, JOINED, LEFT, Figure("p50", response(50), seconds), Figure("p99", response(99), seconds), Figure("errors", errors, share)],
    [
        Claim("ranges: the fullest shard", "above 30 % (an alarm)", IMBALANCE, "range", least=0.3, is_change=False),
        Claim("hash: the fullest shard", "evenly", IMBALANCE, "base", most=0.3, is_change=False),
        Claim("ring: the fullest shard", "evenly", IMBALANCE, "ring", most=0.3, is_change=False),
        Claim("hash: keys moved when a shard joins", "4 of 5", JOINED, "base", least=0.78, most=0.82, is_change=False),
        Claim("ring: keys moved when a shard joins", "1 of 5", JOINED, "ring", least=0.15, most=0.25, is_change=False),
        Claim("ring: keys moved when a shard leaves", "1 of 5", LEFT, "ring", least=0.15, most=0.25, is_change=False),
        Claim("ranges: p99 against hash", "(a hot spot)", Figure("p99", response(99), seconds), "range", least=5),
    ],
    "A ring is a little less even than a hash. Ranges answer questions for a range at one shard, which neither of the others does; this plan has no such questions.",
    "The guide says that ranges have hot spots and are hard to re-shard, and that a ring moves few keys; both can be seen. The keys that a hash moves are those of 4 in 5, as they must be: a key stays where it is only when its hash has the same "
    "remainder by 4 and by 5. Ranges belong to places in the list of shards, so when the first leaves, every range goes to another shard; and before the fifth joins nobody has the keys above 3,500: those are the errors of "
    "`even-range`. Even the hash has a shard well above the mean, because the most asked for key alone is several per cent of all calls: no rule that gives a key one shard can split it.",
    trials=3)


# MARK: recovery and slow calls

GROWN = Figure("changes of the workers", total("payment", "grown"), count)
SURGE_ERRORS = Figure("errors in the surge", failed_share(120, 360), share)
LATE_ERRORS = Figure("errors in its last minute", failed_share(300, 360), share)
QUIET_GROWN = Figure("changes in the quiet quarter of an hour", window_sum("payment", "grown", 600, 1440), count)

RECOVERY = Study(
    "auto-recovery", "Recovery by error rate", "G41",
    "For four minutes a payment service gets 150 calls a second and has ten workers for 50; its line has room for 20, one more is refused. Then comes the usual load, then almost none, for a quarter of "
    "an hour. Recovery looks every 10 s: more than half failed, twice the workers; a fifth, half as many more; they are there after 20 s; after six good looks a third goes. `breaker` has a breaker in the shop "
    "(5 failures, 10 s, 3 successes), `both` has both, `no-hysteresis` shrinks after one good look, `no-minimum` judges by however few calls there were.",
    [SURGE_ERRORS, LATE_ERRORS, Figure("errors", errors, share), Figure("p99", response(99), seconds), Figure("workers, mean", total("payment", "workers"), plain), GROWN,
     QUIET_GROWN, Figure("breaker opened", total("payment", "openings"), count), Figure("calls kept away", total("payment", "stopped"), count)],
    [
        Claim("recovery: errors in the surge", "(fewer)", SURGE_ERRORS, "recovery", most=-0.5),
        Claim("breaker: p99", "(faster, by failing)", Figure("p99", response(99), seconds), "breaker", most=-0.2),
        Claim("breaker and recovery together: errors in the surge", "(fewer)", SURGE_ERRORS, "both", most=-0.5),
        Claim("without hysteresis: changes of the workers", "(more)", GROWN, "no-hysteresis", base="recovery", least=0.3),
        Claim("without hysteresis: errors in the surge", "(more)", SURGE_ERRORS, "no-hysteresis", base="recovery", least=0.1),
        Claim("without a minimum: changes when there is hardly any load", "(for nothing)", QUIET_GROWN, "no-minimum", least=2, is_change=False),
        Claim("with a minimum: the same", "none", QUIET_GROWN, "recovery", most=0, is_change=False),
    ],
    "More workers, for as long as the rules keep them: see their mean. `no-hysteresis` has fewer, and more errors. Until the first look and the new workers, half a minute is lost whatever the rules.",
    "Recovery works, and for the reason the guide gives. **Both together do not**: the guide opens the breaker and scales out at the same failure rate, but a breaker that is open keeps the calls away by "
    "which the service is judged. It looks healthy, does not grow, and each time the breaker closes the whole surge falls on it, so that it opens again: errors are no fewer than without either. Who scales by failures has to count "
    "the calls that the breaker turned away. A minimum of calls and hysteresis are not in the guide; without them a single failure at night buys workers, and workers come and go while the surge lasts.",
    trials=8)

SLOW_MS = 5_000
STEPS = {"browse/product": ["catalogue"], "find/search": ["catalogue"], "buy/order": ["orders", "payment"]}


def advice(totals: dict[str, float]) -> str:
    """What helps a resource with these totals."""
    found = []
    calls = totals.get("queries", totals.get("calls", 0))
    waited = totals["waiting"] * calls_seconds(totals)
    own = max(0.0, totals["time"] - waited)
    if totals["busy"] > 0.8 and waited > own:
        found.append("its line is longer than its work: shorten the slowest queries (index), keep answers (cache), or add connections (replicas)")
    bad = totals.get("failed", 0) + totals.get("refused", 0) + totals.get("timed_out", 0)
    if calls and bad / calls > 0.1:
        found.append("more than 10 % of its calls fail: repair it" if totals.get("fallbacks") else "more than 10 % of its calls fail: an alarm, a breaker, a fallback")
    if totals["p99"] > SLOW_MS / 1000 and waited < own and totals["p99"] > 5 * own:
        found.append("a few calls hang: a time-out far below their length, and one more attempt")
    return "; ".join(found) or "–"


def calls_seconds(totals: dict[str, float]) -> float:
    """Seconds per call of the run, for Little's law: what waits in the mean, times this, is the mean time of waiting."""
    done = totals.get("done", 0)
    return totals.get("_length", 0) / done if done else 0.0


def groups(bundles: dict[str, Bundle]) -> list[str]:
    """Slow and failed calls by step, with what stands behind them."""
    lines = ["## Which calls are slow, which fail, and why", "",
             f"Of the first trial. *Slow* are calls of more than {SLOW_MS / 1000:g} s. Waiting is by Little's law what waited, by the calls done per second; the rest of the time is work. "
             "The recommendation is made by rules from these figures (`advice` in `Scripts/case_study_small.py`).", ""]
    for name in ("base", "index", "both"):
        bundle = bundles[name]
        length = bundle.json("run.json")["outcome"]["total_seconds"]
        record = {f"{step['scenario']}/{step['step']}": step for step in bundle.json("run.json")["steps"]}
        lines += [f"### `{name}`", "", "| Step | calls | slow | failed | statuses of failures | p50 | p99 | behind it |", "|---|---:|---:|---:|---|---:|---:|---|"]
        for step, behind in STEPS.items():
            histogram = bundle.histogram(f"response/{step}")
            calls = sum(number for _, _, number in histogram)
            statuses = record[step]["statuses"]
            bad = {status: number for status, number in statuses.items() if int(status) >= 400}
            failed = sum((record[step].get("failures") or {}).values())
            lines.append(
                f"| {step} | {calls:,} | {share(above(histogram, SLOW_MS) / calls)} | {share(failed / calls)} | "
                f"{', '.join(f'{status}: {number:,}' for status, number in sorted(bad.items())) or '–'} | "
                f"{seconds(response(50, f'response/{step}')(bundle))} | {seconds(response(99, f'response/{step}')(bundle))} | {', '.join(behind)} |")
        lines += ["", "| Behind | time of a call | of it waiting | p99 | busy | failed | recommended |", "|---|---:|---:|---:|---:|---:|---|"]
        for resource in ("catalogue", "orders", "payment"):
            totals = {**bundle.resource(resource), "_length": length}
            calls = totals.get("queries", totals.get("calls", 0))
            waited = totals["waiting"] * calls_seconds(totals)
            lines.append(f"| {resource} | {seconds(totals['time'])} | {seconds(waited) if waited > 1e-6 else '0 s'} | {seconds(totals['p99'])} | {share(totals['busy'])} | "
                         f"{share((totals['failed'] + totals.get('timed_out', 0)) / calls)} | {advice(totals)} |")
        lines.append("")
    return lines


def slow(step: str) -> Callable[[Bundle], float]:
    def read(bundle: Bundle) -> float:
        histogram = bundle.histogram(f"response/{step}" if step else "response")
        calls = sum(number for _, _, number in histogram)
        return above(histogram, SLOW_MS) / calls if calls else math.nan

    return read


ALL_SLOW = Figure("calls slower than 5 s", slow(""), share)
ORDER_SLOW = Figure("orders slower than 5 s", slow("buy/order"), share)
ERRORS = Figure("errors", errors, share)
ORDER_ERRORS = Figure("orders that fail", lambda bundle: failed_orders(bundle), share)


def failed_orders(bundle: Bundle) -> float:
    step = next(step for step in bundle.json("run.json")["steps"] if step["step"] == "order")
    ended = sum(step["statuses"].values())
    return sum((step.get("failures") or {}).values()) / ended if ended else math.nan


SLOW = Study(
    "slow-calls", "Slow calls and failed calls, grouped", "G45, G47",
    "A shop of which users say that it is slow. Searches take two seconds of a database connection each, and 110 calls a second need a little more than the 20 connections there are; one payment in eight hangs for 8 s, "
    "and one in eight fails. Who looks at the mean sees that everything is slow. The variants are what is recommended below: `index` makes a search ten times as fast, `pending` gives a payment "
    "one second, one more attempt, and else takes the order as pending (202).",
    [ALL_SLOW, ORDER_SLOW, Figure("product p95", response(95, "response/browse/product"), seconds), Figure("search p95", response(95, "response/find/search"), seconds),
     Figure("order p95", response(95, "response/buy/order"), seconds), ORDER_ERRORS, ERRORS, Figure("connections busy", total("catalogue", "busy"), share)],
    [
        Claim("faster searches: calls slower than 5 s", "(gone)", ALL_SLOW, "index", most=-0.9),
        Claim("faster searches: product pages, which were not changed", "(faster)", Figure("product p95", response(95, "response/browse/product"), seconds), "index", most=-0.9),
        Claim("a time-out and a fallback: orders that fail", "(none)", ORDER_ERRORS, "pending", most=0.01, is_change=False),
        Claim("a time-out and a fallback: calls slower than 5 s", "(hardly fewer: it is not what makes pages slow)", ALL_SLOW, "pending", least=-0.2, most=0.2),
        Claim("both: calls slower than 5 s", "(none)", ALL_SLOW, "both", most=0.001, is_change=False),
    ],
    "Pending orders have to be paid later; the second attempt is one more call for each that hangs.",
    "The slowest step is not the one to repair: product pages are slow because searches hold the connections that they wait for. The time that calls of the database spend waiting shows it, and the remedy is the one the guide "
    "names first, an index. Failures of orders are a group of their own, 502 from one step, and above the guide's 10 %; they have another cause and another remedy. Whether a change for the one would help the other can be seen in the variants.",
    extra=groups)

STUDIES = [PATTERNS, WARM, INVALIDATION, SHARDING, RECOVERY, SLOW]
