"""The generators: how each is called for a closed loop, and how its own count of requests is read."""

import dataclasses
import json
import pathlib
import re
from collections.abc import Callable

from measure import CouldNotRun, Usage, tail


# Gale's word for "my own machine was too slow or too busy". Its figures are there, and worth showing.
GALE_INVALID = 75


@dataclasses.dataclass
class Count:
    """Requests that ended, by the generator's own count, and how many of them failed."""

    requests: int
    failed: int


def number(pattern: str, text: str, default: int | None = None) -> int:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None:
        if default is None:
            raise CouldNotRun(f"no count of requests in the output: {tail(text)}")
        return default
    return int(found.group(1))


def read_floor(text: str, _: pathlib.Path) -> Count:
    failed = number(r"^failed (\d+)", text)
    return Count(number(r"^requests (\d+)", text) + failed, failed)


def read_wrk(text: str, _: pathlib.Path) -> Count:
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    return Count(number(r"(\d+) requests in", text),
                 number(r"Non-2xx or 3xx responses: (\d+)", text, 0) + sum(map(int, broken.groups() if broken else ())))


def read_ab(text: str, _: pathlib.Path) -> Count:
    return Count(number(r"^Complete requests:\s+(\d+)", text),
                 number(r"^Failed requests:\s+(\d+)", text) + number(r"^Non-2xx responses:\s+(\d+)", text, 0))


def read_h2load(text: str, _: pathlib.Path) -> Count:
    # Those under way when the time is up count as errored; they are not done.
    return Count(number(r"^requests: .* (\d+) done", text), number(r"^requests: .* (\d+) failed", text))


def read_hey(text: str, _: pathlib.Path) -> Count:
    answers = {int(status): int(count) for status, count in re.findall(r"^\s+\[(\d{3})\]\s+(\d+) responses", text, re.M)}
    errors = sum(int(count) for count in re.findall(r"^\s+\[(\d+)\]\s+\w+ \"", text, re.M))
    if not answers and not errors:
        raise CouldNotRun(f"no count of requests in the output: {tail(text)}")
    return Count(sum(answers.values()) + errors, errors + sum(answers[status] for status in answers if status >= 400))


@dataclasses.dataclass
class GaleRun:
    """What the benchmarks read of a bundle. Lags in milliseconds, None where nothing was recorded."""

    made: int
    failed: int
    dropped: int
    lag_p50: float | None
    lag_p99: float | None
    lag_max: float | None
    peak_connections: int
    bytes_sent: int


def read_bundle(folder: pathlib.Path) -> GaleRun:
    """The one place that knows the keys of `run.json` and `summary.json`."""
    try:
        outcome = json.loads((folder / "run.json").read_text())["outcome"]
        lag = json.loads((folder / "summary.json").read_text())["run"]["send_lag"]
        ledger = outcome["ledger"]
        return GaleRun(
            made=ledger["made"], failed=ledger["failed"], dropped=ledger["dropped_in_flight"] + ledger["dropped_late"],
            lag_p50=lag.get("p50_ms"), lag_p99=lag.get("p99_ms"), lag_max=lag.get("max_ms"),
            peak_connections=outcome["generator"]["peak_connections"], bytes_sent=ledger["bytes_sent"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CouldNotRun(f"the bundle {folder.name} cannot be read: {type(error).__name__}: {error}") from error


@dataclasses.dataclass
class Latencies:
    """Response time of the calls of a run, milliseconds."""

    count: int
    p50: float
    p99: float


def read_latencies(folder: pathlib.Path) -> Latencies:
    try:
        response = json.loads((folder / "summary.json").read_text())["run"]["response"]
        return Latencies(response["count"], response["p50_ms"], response["p99_ms"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CouldNotRun(f"the bundle {folder.name} has no latencies: {type(error).__name__}: {error}") from error


def read_gale(_: str, folder: pathlib.Path) -> Count:
    bundle = read_bundle(folder)
    return Count(bundle.made, bundle.failed)


@dataclasses.dataclass
class Peer:
    """A generator. `command` gets the program, URL, connections, seconds and a folder that it may write to."""

    program: str
    command: Callable[[str, str, int, int, pathlib.Path], list[str]]
    read: Callable[[str, pathlib.Path], Count]
    statuses: tuple[int, ...] = (0,)

    def check(self, usage: Usage) -> None:
        if usage.status not in self.statuses:
            raise CouldNotRun(f"{self.program} ended with status {usage.status}: {tail(usage.output)}")

    def count(self, usage: Usage, folder: pathlib.Path) -> Count:
        self.check(usage)
        count = self.read(usage.output, folder)
        if count.requests == 0:
            raise CouldNotRun(f"{self.program} made no request: {tail(usage.output)}")
        return count


# One thread each, where that can be said: CPU per request is compared, and threads in each other's way would add to it.
PEERS = {
    "floor": Peer("floor", lambda program, url, users, seconds, _: [
        program, "--connections", str(users), "--seconds", str(seconds), url], read_floor),
    "gale": Peer("gale", lambda program, url, users, seconds, folder: [
        program, "run", url, "--users", str(users), "--for", f"{seconds}s", "--quiet", "--summary", "json",
        "--out", str(folder)], read_gale, (0, GALE_INVALID)),
    "wrk": Peer("wrk", lambda program, url, users, seconds, _: [
        program, "-t1", f"-c{users}", f"-d{seconds}s", url], read_wrk),
    # -t alone stops at 50,000 requests; a -n after it lifts that.
    "ab": Peer("ab", lambda program, url, users, seconds, _: [
        program, "-q", "-k", "-c", str(users), "-t", str(seconds), "-n", "5000000", url], read_ab),
    "h2load": Peer("h2load", lambda program, url, users, seconds, _: [
        program, "--h1", "-t", "1", "-c", str(users), "-D", str(seconds), url], read_h2load),
    "hey": Peer("hey", lambda program, url, users, seconds, _: [
        program, "-cpus", "1", "-c", str(users), "-z", f"{seconds}s", url], read_hey),
}
