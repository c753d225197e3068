"""Reads what a run of Gale leaves behind: its bundle (Docs/bundle.md)."""

import base64
import csv
import json
import pathlib
import zlib


class Bundle:
    """One bundle; its files are read when they are asked for."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder

    def json(self, name: str) -> dict:
        return json.loads((self.folder / name).read_text())

    @property
    def summary(self) -> dict:
        return self.json("summary.json")["run"]

    @property
    def figures(self) -> dict:
        return self.json("summary.json")["figures"]

    @property
    def is_valid(self) -> bool:
        """Whether the generator kept up, so that the figures are those of the target."""
        return self.json("summary.json")["verdict"]["verdict"] != "invalid"

    def table(self, name: str) -> list[dict[str, str]]:
        with open(self.folder / name, newline="") as file:
            return list(csv.DictReader(file))

    def seconds(self) -> list[dict[str, str]]:
        """The rows of the timeline without warm-up, one per second."""
        return [row for row in self.table("timeline.csv") if row["kind"] == "run"]

    def rate(self, column: str, start: float, end: float) -> float:
        """The mean of a count per second, from `start` to `end` seconds of the run."""
        rows = [row for row in self.seconds() if start <= float(row["time"]) < end]
        length = sum(float(row["length"]) for row in rows)
        return sum(float(row[column]) for row in rows) / length if length else 0.0

    @property
    def scale(self) -> float:
        """How many seconds of the plan passed in one of the run."""
        return float(self.json("run.json")["plan"].get("time_scale") or 1)

    def resource(self, name: str) -> dict[str, float]:
        """The totals of a resource of the lab over the whole run; empty when there is none of that name."""
        for resource in self.json("run.json").get("resources") or []:
            if resource["name"] == name:
                return {column["name"]: total for column, total in zip(resource["columns"], resource["totals"])}
        return {}

    def resource_seconds(self, name: str, column: str, start: float = 0, end: float = float("inf")) -> list[float]:
        """What was counted of a resource, second by second; no rows stand for seconds without."""
        return [
            float(row["value"])
            for row in self.table("resources.csv")
            if row["resource"] == name and row["column"] == column and start <= float(row["start"]) < end
        ]

    def counted(self, counter: str, start: float, end: float) -> float:
        """The sum of a counter of the plan over the calls that ended from `start` to `end` seconds of the run."""
        total = 0.0
        for row in self.seconds():
            if start <= float(row["time"]) < end:
                parts = dict(part.split("=", 1) for part in row["counters"].split(";") if "{" not in part and "=" in part)
                total += float(parts.get(counter, 0))
        return total

    def scope(self, name: str, clock: str = "response") -> dict[str, str]:
        """A row of `summary.csv`."""
        return next((row for row in self.table("summary.csv") if row["scope"] == name and row["clock"] == clock), {})

    def histogram(self, tag: str, start: float = 0, end: float = float("inf")) -> list[tuple[float, float, int]]:
        """The recorded values of a series of `intervals.hlog`, of the calls that ended from `start` to `end` seconds of the
        run: from, to (in ms), and how many."""
        counts: dict[int, int] = {}
        for line in (self.folder / "intervals.hlog").read_text().splitlines():
            if line.startswith(f"Tag={tag},") and start <= float(line.split(",", 2)[1]) < end:
                for index, count in _counts(line.rsplit(",", 1)[1]):
                    counts[index] = counts.get(index, 0) + count
        return [(_lowest(index) / 1e6, _lowest(index + 1) / 1e6, count) for index, count in sorted(counts.items()) if count]


def percentile(histogram: list[tuple[float, float, int]], percent: float) -> float:
    """The highest value that cannot be told from the one at this percentile, in ms; not a number without any."""
    rank, seen = percent / 100 * sum(count for _, _, count in histogram), 0
    for _, highest, count in histogram:
        seen += count
        if seen >= rank and seen > 0:
            return highest
    return float("nan")


def above(histogram: list[tuple[float, float, int]], limit: float) -> int:
    """How many lie above a limit in ms."""
    return sum(count for lowest, _, count in histogram if lowest >= limit)


# Three significant digits need 2,048 sub-buckets (HdrHistogram, "getCountsArrayIndex").
_SUB_BUCKETS = 2048


def _lowest(index: int) -> int:
    """The lowest value of a place in the array of counts, for a lowest discernible value of 1."""
    half = _SUB_BUCKETS // 2
    bucket, sub_bucket = index // half - 1, index % half + half
    return index if bucket < 0 else sub_bucket << bucket


def _counts(text: str) -> list[tuple[int, int]]:
    """The places of a compressed histogram of the encoding V2 that are not zero, and their counts."""
    packed = base64.b64decode(text)
    body = zlib.decompress(packed[8:])
    lowest = int.from_bytes(body[16:24], "big")
    if int.from_bytes(body[12:16], "big") != 3 or lowest != 1:
        raise ValueError("the histogram has not three digits from 1 ns on")
    payload, place, index, counts = body[40:], 0, 0, []
    while place < len(payload):
        number, shift = 0, 0
        while True:
            byte = payload[place]
            place += 1
            # The ninth byte of a number has eight bits.
            number |= (byte if shift == 56 else byte & 0x7F) << shift
            shift += 7
            if byte < 0x80 or shift > 56:
                break
        value = (number >> 1) ^ -(number & 1)
        if value < 0:
            # So many zeros.
            index -= value
        else:
            if value:
                counts.append((index, value))
            index += 1
    return counts
