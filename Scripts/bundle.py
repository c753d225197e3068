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

    def histogram(self, tag: str) -> list[tuple[float, float, int]]:
        """The recorded values of a series of `intervals.hlog` over the whole run: from, to (in ms), and how many."""
        counts: dict[int, int] = {}
        for line in (self.folder / "intervals.hlog").read_text().splitlines():
            if line.startswith(f"Tag={tag},"):
                for index, count in enumerate(_counts(line.rsplit(",", 1)[1])):
                    counts[index] = counts.get(index, 0) + count
        return [(_lowest(index) / 1e6, _lowest(index + 1) / 1e6, count) for index, count in sorted(counts.items()) if count]


# Three significant digits need 2,048 sub-buckets (HdrHistogram, "getCountsArrayIndex").
_SUB_BUCKETS = 2048


def _lowest(index: int) -> int:
    """The lowest value of a place in the array of counts, for a lowest discernible value of 1."""
    half = _SUB_BUCKETS // 2
    bucket, sub_bucket = index // half - 1, index % half + half
    return index if bucket < 0 else sub_bucket << bucket


def _counts(text: str) -> list[int]:
    """The array of counts in a compressed histogram of the encoding V2."""
    packed = base64.b64decode(text)
    body = zlib.decompress(packed[8:])
    lowest = int.from_bytes(body[16:24], "big")
    if int.from_bytes(body[12:16], "big") != 3 or lowest != 1:
        raise ValueError("the histogram has not three digits from 1 ns on")
    payload, place, counts = body[40:], 0, []
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
        counts.extend([0] * -value if value < 0 else [value])
    return counts
