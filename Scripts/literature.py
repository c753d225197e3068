#!/usr/bin/env python3
"""Runs Plans/literature and writes Reports/literature.md: what was published, simulated, and measured live.

Figures of Gale come out of bundles only. What others have published stands here with its source.

    python3 Scripts/literature.py --gale .build/release/gale [--only KEY,...] [--no-live]
"""

import argparse
import math
import pathlib
import shlex
import shutil
import statistics
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import literature_cases as cases  # noqa: E402
from bundle import Bundle  # noqa: E402

# 0: budgets kept, 75: the generator was late, 99: a budget is broken. All of them leave a whole bundle.
GOOD = (0, 75, 99)


class Runner:
    """Runs plans, each once, and hands out figures of their bundles."""

    def __init__(self, gale: pathlib.Path, folder: pathlib.Path, live: bool, seeds: int | None, reuse: bool):
        self.gale = gale
        self.folder = folder
        self.live = live
        self.seeds = seeds
        self.reuse = reuse
        self.count = 0
        self.bundles: dict[pathlib.Path, Bundle] = {}

    def words(self, verb: str, plan: str, options: list[str]) -> list[str]:
        return [verb, f"Plans/literature/{plan}.yaml", *options]

    def run(self, verb: str, plan: str, options: list[str], seed: int) -> Bundle:
        name = "-".join([verb, plan, *options, str(seed)])
        folder = self.folder / "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in name)[:200]
        if folder in self.bundles or (self.reuse and (folder / "summary.json").exists()):
            return self.bundles.setdefault(folder, Bundle(folder))
        words = self.words(verb, plan, options) + ["--seed", str(seed), "--quiet", "--out", str(folder)]
        outcome = subprocess.run([str(self.gale), *words], cwd=ROOT, capture_output=True, text=True, timeout=900)
        self.count += 1
        if outcome.returncode not in GOOD:
            raise RuntimeError(f"gale {shlex.join(words)}: status {outcome.returncode}\n{outcome.stderr}")
        self.bundles[folder] = Bundle(folder)
        return self.bundles[folder]

    def figures(self, case: "cases.Case", row: "cases.Row") -> tuple[list[float], float | None]:
        """The figure of a row: simulated with every seed, and live."""
        seeds = range(1, 1 + min(row.seeds, self.seeds or row.seeds))
        simulated = [row.read(self.run("simulate", row.plan or case.plan, row.options(seed), seed)) for seed in seeds]
        live = None
        if row.live is not None and self.live:
            read = row.read_live or row.read
            bundle = self.run("run", row.plan or case.plan, row.live, 1)
            # What an invalid run says of the target says more of the machine.
            live = read(bundle) if bundle.is_valid else math.nan
        return simulated, live


def shown(figures: list[float], row: "cases.Row") -> str:
    """`95.4 %`, or the median and the range: `1.13 (1.07 to 1.21)`."""
    texts = [row.form(figure) for figure in figures]
    middle = row.form(statistics.median(figures))
    lowest, highest = row.form(min(figures)), row.form(max(figures))
    return middle if lowest == highest or len(texts) == 1 else f"{middle} ({lowest} to {highest})"


def section(runner: Runner, case: "cases.Case") -> str:
    lines = [f"## {case.title}", "", case.text, "", f"*Source:* {case.source}", ""]
    lines += [f"| {case.figure} | published | expected | simulated | live |", "|---|---:|---:|---:|---:|"]
    for row in case.rows:
        simulated, live = runner.figures(case, row)
        measured = "" if live is None else "invalid here" if math.isnan(live) else row.form(live)
        expected = row.expected.removesuffix(" s") + " †" if row.expected.endswith(" s") else row.expected
        lines.append(f"| {row.name} | {row.published} | {expected} | {shown(simulated, row)} | {measured} |")
        print(lines[-1], flush=True)
    seeds = max(min(row.seeds, runner.seeds or row.seeds) for row in case.rows)
    lines += ["", f"*Command:* `gale simulate Plans/literature/{case.plan}.yaml{case.command}`"
              + (f", with seeds 1 to {seeds}; the figures are the median, and the range in brackets." if seeds > 1 else ".")]
    if case.live:
        lines += ["", f"*Live:* {case.live}"]
    if case.differences:
        lines += ["", f"*Where we differ:* {case.differences}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gale", type=pathlib.Path, default=ROOT / ".build/release/gale")
    parser.add_argument("--only", help="keys of cases, with commas; the report is then printed and not written")
    parser.add_argument("--no-live", action="store_true", help="simulate only")
    parser.add_argument("--seeds", type=int, help="at most so many seeds for a figure")
    parser.add_argument("--reuse", action="store_true", help="take the bundles that an earlier call has left in --work")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / ".build/literature", help="where bundles go")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "Reports/literature.md")
    arguments = parser.parse_args()
    if not arguments.reuse:
        shutil.rmtree(arguments.work, ignore_errors=True)
    arguments.work.mkdir(parents=True, exist_ok=True)
    runner = Runner(arguments.gale.resolve(), arguments.work.resolve(), not arguments.no_live, arguments.seeds, arguments.reuse)
    chosen = arguments.only.split(",") if arguments.only else [case.key for case in cases.CASES]
    unknown = set(chosen) - {case.key for case in cases.CASES}
    if unknown:
        sys.exit(f"there is no case {', '.join(sorted(unknown))}; there are {', '.join(case.key for case in cases.CASES)}")
    sections = [section(runner, case) for case in cases.CASES if case.key in chosen]
    remark = cases.WITHOUT_LIVE if arguments.no_live else cases.LIVE
    text = "\n".join([cases.INTRODUCTION, remark, *sections])
    if arguments.only:
        print(text)
    else:
        arguments.out.write_text(text)
    print(f"{runner.count} runs", file=sys.stderr)


if __name__ == "__main__":
    main()
