"""Running a command and taking its measure; medians and ratios of rounds."""

import contextlib
import dataclasses
import os
import pathlib
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Sequence

TICKS = os.sysconf("SC_CLK_TCK")


class CouldNotRun(Exception):
    """A command, file or right is missing; the text names the remedy."""


@dataclasses.dataclass
class Usage:
    """What one command used. Seconds, except where the name says otherwise."""

    wall: float
    user: float
    system: float
    peak_kib: int
    status: int
    output: str

    @property
    def cpu(self) -> float:
        return self.user + self.system


def status_field(pid: int, field: str) -> int | None:
    """A number of /proc/PID/status, `VmHWM` in KiB for one; None when the process is gone."""
    with contextlib.suppress(OSError):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return None


def process_seconds(pid: int) -> float:
    """User and system time of a process; 0 when it is gone."""
    try:
        # The second field is the command in parentheses, and may hold anything.
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / TICKS


def machine_seconds() -> float:
    """Time that all CPUs were not idle, stolen time included."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS


def run(command: Sequence[str], *, limit: float, core: int | None = None,
        watch: Callable[[int], None] | None = None, sample: bool = True) -> Usage:
    """Runs a command to its end, or kills it after `limit` seconds, which is an error.

    CPU time is the kernel's own account, from wait4. The peak of memory is read while the command runs, since ru_maxrss
    begins with the size of the process that forked. `watch` is called with the process id every 50 ms.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        try:
            began = time.monotonic()
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       preexec_fn=None if core is None else lambda: os.sched_setaffinity(0, {core}))
        except OSError as error:
            raise CouldNotRun(f"{command[0]}: {error.strerror}") from error
        peak, ended, late = 0, threading.Event(), False

        def observe() -> None:
            nonlocal peak, late
            while not ended.wait(0.05):
                peak = max(peak, status_field(process.pid, "VmHWM") or 0)
                if watch is not None:
                    watch(process.pid)
                if time.monotonic() - began > limit:
                    late = True
                    process.kill()
                    return

        observer = threading.Thread(target=observe, daemon=True)
        if sample:
            observer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # An interrupt: what we started must not go on without us.
            process.kill()
            raise
        wall = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)  # Popen must not wait for it again.
        ended.set()
        if sample:
            observer.join()
        output.seek(0)
        text = output.read()
    if late:
        raise CouldNotRun(f"'{' '.join(command)}' did not end within {limit:.0f} s: {tail(text)}")
    return Usage(wall, usage.ru_utime, usage.ru_stime, peak, process.returncode, text)


def tail(text: str, lines: int = 3) -> str:
    return " | ".join(text.strip().splitlines()[-lines:]) or "no output"


def rounds(names: Sequence[str], count: int) -> Iterable[tuple[int, str]]:
    """Interleaved: every name once a round, and every round begins one place further on, so that no name always runs
    after the same one."""
    for index in range(count):
        for place in range(len(names)):
            yield index, names[(index + place) % len(names)]


@dataclasses.dataclass
class Spread:
    """Median and range of some figures."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        values = list(values)
        return cls(statistics.median(values), min(values), max(values))

    def text(self, digits: int) -> str:
        return f"{self.median:.{digits}f} ({self.low:.{digits}f}–{self.high:.{digits}f})"


def ratios(numerators: Sequence[float], denominators: Sequence[float]) -> Spread:
    """Ratio of each pair, then the median: what disturbs a whole round cancels."""
    return Spread.of(a / b for a, b in zip(numerators, denominators, strict=True))


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least-squares slope; 0 with fewer than two points or when all lie at one place."""
    if len({x for x, _ in points}) < 2:
        return 0.0
    return statistics.linear_regression([x for x, _ in points], [y for _, y in points]).slope
