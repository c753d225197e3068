"""What all sections of the benchmarks have in common: the target, the programs, how long and how often."""

import dataclasses
import pathlib
import resource
import shutil
from collections.abc import Callable, Sequence

from measure import CouldNotRun, Usage, run
from peers import PEERS, Count
from target import Target


@dataclasses.dataclass
class Bench:
    """`programs` holds the paths of those generators that are there; `core` is the CPU that they are pinned to."""

    target: Target
    programs: dict[str, str]
    folder: pathlib.Path
    rounds: int
    seconds: int
    core: int | None
    progress: Callable[[str], None]

    @property
    def bundle(self) -> pathlib.Path:
        """Where `gale run` writes; `run` empties it first, so that no run is judged by the bundle of another."""
        return self.folder / "bundle"

    def program(self, name: str) -> str:
        if name not in self.programs:
            raise CouldNotRun(f"{name} is not there")
        return self.programs[name]

    def run(self, command: Sequence[str], seconds: float, **options) -> Usage:
        """Runs a command that should take `seconds`, and gives it a minute more, for connecting and draining."""
        shutil.rmtree(self.bundle, ignore_errors=True)
        return run(command, limit=seconds + 60, core=self.core, **options)

    def run_gale(self, *arguments: str, seconds: float, program: str = "gale", **options) -> Usage:
        usage = self.run([self.program(program), "run", *arguments, "--quiet", "--summary", "json", "--out",
                          str(self.bundle)], seconds, **options)
        PEERS["gale"].check(usage)
        return usage

    def closed_loop(self, name: str, url: str, users: int, seconds: int, **options) -> tuple[Usage, Count]:
        peer = PEERS[name]
        command = peer.command(self.program(name), url, users, seconds, self.bundle)
        usage = self.run(command, seconds, **options)
        return usage, peer.count(usage, self.bundle)

    def need_descriptors(self, count: int) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        if soft < count:
            raise CouldNotRun(f"{count} file descriptors are needed, {soft} allowed; raise the hard limit (ulimit -Hn)")
