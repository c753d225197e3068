#!/usr/bin/env python3
"""Runs Plans/case-studies and writes Reports/case-studies: what the guide claims, and what comes out here.

    python3 Scripts/case_studies.py --gale .build/release/gale [--only KEY,...] [--no-live] [--reuse]
"""

import argparse
import concurrent.futures
import csv
import io
import json
import math
import os
import pathlib
import platform
import shlex
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import case_study_cases as cases  # noqa: E402
import case_study_small as small  # noqa: E402
from bundle import Bundle  # noqa: E402
from estimates import change, estimate  # noqa: E402

# 0: budgets kept, 75: the generator was late, 99: a budget is broken. All of them leave a whole bundle.
GOOD = (0, 75, 99)
SEED = 1
SWEEP_SEEDS = (1, 2, 3)


class Runner:
    """Runs comparisons, simulations and live runs, each once."""

    def __init__(self, gale: pathlib.Path, folder: pathlib.Path, trials: int | None, reuse: bool):
        self.gale, self.folder, self.trials, self.reuse = gale, folder, trials, reuse

    def call(self, words: list[str], folder: pathlib.Path, made: str) -> None:
        if self.reuse and (folder / made).exists():
            return
        words = [*words, "--quiet", "--out", str(folder)]
        outcome = subprocess.run([str(self.gale), *words], cwd=ROOT, capture_output=True, text=True, timeout=900)
        if outcome.returncode not in GOOD:
            raise RuntimeError(f"gale {shlex.join(words)}: status {outcome.returncode}\n{outcome.stderr}")

    def command(self, study: "cases.Study") -> str:
        trials = min(study.trials, self.trials or study.trials)
        return f"gale compare {study.plan} --simulate --trials {trials} --seed {SEED}"

    def compare(self, study: "cases.Study") -> dict[str, list[Bundle]]:
        """The valid trials of each variant, in the order of pairs."""
        folder = self.folder / study.key
        self.call(shlex.split(self.command(study))[1:], folder, "comparison.json")
        record = json.loads((folder / "comparison.json").read_text())
        return {
            variant["name"]: [
                Bundle(folder / "trials" / f"{variant['name']}-{trial['pair']}") for trial in variant["trials"] if trial["is_valid"]
            ]
            for variant in record["variants"]
        }

    def simulate(self, study: "cases.Study", variant: str, settings: list[str], seed: int) -> Bundle:
        """A setting that begins with a question mark is of what only the variant has; `base` goes without."""
        own = [text.lstrip("?") for text in settings if variant != "base" or not text.startswith("?")]
        words = ["simulate", study.plan, *(["--variant", variant] if variant != "base" else []), "--seed", str(seed)]
        words += [word for text in own for word in ("--set", text)]
        name = "".join(sign if sign.isalnum() or sign in ".-" else "_" for sign in "-".join([variant, *own, str(seed)]))
        folder = self.folder / f"{study.key}-sweep" / name[:200]
        # Without settings of its own the same run serves several rows.
        if not (folder / "summary.json").exists():
            self.call(words, folder, "summary.json")
        return Bundle(folder)

    def simulate_all(self, study: "cases.Study") -> None:
        """All runs of the sweeps, on all cores."""
        jobs = {
            (variant, tuple(row.settings), seed): None
            for sweep in study.sweeps
            for row in sweep.rows
            for _, other, _, is_change in sweep.columns
            for variant in ([other, "base"] if is_change else [other])
            for seed in SWEEP_SEEDS
        }
        unique = {(v, tuple(text for text in s if v != "base" or not text.startswith("?")), seed): (v, list(s), seed) for v, s, seed in jobs}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: self.simulate(study, *job), unique.values()))

    def live_words(self, study: "cases.Study", variant: str) -> list[str]:
        words = ["run", study.plan, *(["--variant", variant] if variant != "base" else [])]
        return [*words, "--time-scale", str(study.live.scale), *study.live.options, "--seed", str(SEED)]

    def live(self, study: "cases.Study", variant: str) -> Bundle:
        folder = self.folder / f"{study.key}-live" / variant
        self.call(self.live_words(study, variant), folder, "summary.json")
        return Bundle(folder)


class Page:
    """The report of a study and its rows."""

    def __init__(self, study: "cases.Study", runner: Runner):
        self.study, self.runner = study, runner
        self.variants = runner.compare(study)
        self.rows: list[list[str]] = []
        #: Of the guide's claims: text, guide, ours, interval, verdict.
        self.claims: list[list[str]] = []

    def note(self, kind: str, name: str, variant: str, values: tuple[float, ...], guide: str = "", verdict: str = "") -> None:
        numbers = ["" if math.isnan(value) else f"{value:.6g}" for value in values]
        self.rows.append([kind, name, variant, *(numbers + ["", "", ""])[:3], guide, verdict])

    def values(self, variant: str, figure: "cases.Figure") -> list[float]:
        return [figure.read(bundle) for bundle in self.variants[variant]]

    # MARK: sections

    def claim_table(self) -> list[str]:
        lines = ["| Claim | The guide (or what one expects) | Holds | Ours | 95 % interval | |", "|---|---:|---:|---:|---:|---|"]
        for claim in self.study.claims:
            own = self.values(claim.variant, claim.figure)
            found = change(self.values(claim.base, claim.base_figure or claim.figure), own) if claim.is_change else estimate(own)
            form = cases.changed if claim.is_change else claim.figure.form
            verdict = judged(claim, found)
            cells = [claim.text, claim.guide, side(claim, form), ours(claim, own, self, form, found[0]), interval(found, form), verdict]
            lines.append("| " + " | ".join(cells) + " |")
            self.note("claim", claim.text, claim.variant, found, claim.guide, verdict.strip("*"))
            self.claims.append(cells)
        return lines

    def figure_table(self) -> list[str]:
        names = list(self.variants)
        lines = ["| Mean over the trials | " + " | ".join(f"`{name}`" for name in names) + " |", "|---|" + "---:|" * len(names)]
        for figure in self.study.figures:
            cells = []
            for name in names:
                found = estimate(self.values(name, figure))
                cells.append(figure.form(found[0]))
                self.note("figure", figure.name, name, found)
            lines.append(f"| {figure.name} | " + " | ".join(cells) + " |")
        return lines

    def sweep(self, sweep: "cases.Sweep") -> list[str]:
        heads = [sweep.expected] if sweep.expected else []
        heads += [heading for heading, _, _, _ in sweep.columns]
        lines = [f"### {sweep.title}", "", sweep.text, "", "| | " + " | ".join(heads) + " |", "|---|" + "---:|" * len(heads)]
        for row in sweep.rows:
            cells = [row.expected] if sweep.expected else []
            for heading, variant, figure, is_change in sweep.columns:
                own = [figure.read(self.runner.simulate(self.study, variant, row.settings, seed)) for seed in SWEEP_SEEDS]
                if is_change:
                    first = [figure.read(self.runner.simulate(self.study, "base", row.settings, seed)) for seed in SWEEP_SEEDS]
                    found, form = change(first, own), cases.changed
                else:
                    found, form = estimate(own), figure.form
                cells.append(form(found[0]))
                self.note("sweep", f"{sweep.title}: {row.label}: {heading}", variant, found, row.expected)
            lines.append(f"| {row.label} | " + " | ".join(cells) + " |")
        return [*lines, ""]

    def live(self) -> list[str]:
        study, live = self.study, self.study.live
        bundles = {name: self.runner.live(study, name) for name in live.variants}
        lines = ["## Live", "", f"The same plan over sockets, {live.scale} times as fast, one run of each variant; times are those of the plan. *Simulated* is the "
                 "mean of the trials above.", "", "| | " + " | ".join(f"`{name}` live | simulated" for name in live.variants) + " |",
                 "|---|" + "---:|---:|" * len(live.variants)]
        for figure in live.figures:
            cells = []
            for name, bundle in bundles.items():
                value = figure.read(bundle) if bundle.is_valid else math.nan
                cells += [figure.form(value) if bundle.is_valid else "invalid here", figure.form(estimate(self.values(name, figure))[0])]
                self.note("live", figure.name, name, (value,))
            lines.append(f"| {figure.name} | " + " | ".join(cells) + " |")
        environment = next(iter(bundles.values())).json("run.json").get("environment") or {}
        lines += ["", f"*Command:* `gale {shlex.join(self.runner.live_words(study, live.variants[-1]))}`", "",
                  f"*Environment:* {environment.get('cpu', platform.machine())}, {environment.get('cores', os.cpu_count())} cores, "
                  f"{environment.get('kernel', platform.release())}, {environment.get('libcurl', '')}, {environment.get('tls', '')}; the generator and the lab "
                  "share the machine. A run whose generator was too late is `invalid here`.", ""]
        return lines

    def text(self, is_live: bool) -> str:
        study = self.study
        trials = len(next(iter(self.variants.values())))
        lines = [f"# {study.title}", "", f"{study.rows} of the guide; plan [`{study.key}.yaml`](../../{study.plan}). The lab is a model: see "
                 "[the walk through](../../Docs/case-studies.md).", "", "## What was done", "", study.text, "",
                 f"*Command:* `{self.runner.command(study)}`: {trials} trials of each variant with the same arrivals and their own service times, in virtual time; seed "
                 f"{SEED}.", "", "*Environment:* none that matters: in virtual time the same build, plan and seed give the same figures on any machine.", "",
                 "## The guide's figures and ours", "", *self.claim_table(), "",
                 "Changes are ratios of geometric means over pairs of trials, intervals are Student's t of the differences of logarithms; figures that are no changes "
                 "are means, with Student's t.", "", *self.figure_table(), ""]
        if study.extra:
            lines += study.extra({name: bundles[0] for name, bundles in self.variants.items()})
        lines += ["## Why they agree or differ", "", study.why, "", "## What it costs", "", study.cost, ""]
        if study.sweeps:
            self.runner.simulate_all(study)
            lines += ["## What makes the benefit shrink or grow", "",
                      f"Means over {len(SWEEP_SEEDS)} simulated runs of each variant with what stands at the left; changes are against `base` with the same.", ""]
            for sweep in study.sweeps:
                lines += self.sweep(sweep)
        if study.live and is_live:
            lines += self.live()
        return "\n".join(lines).rstrip() + "\n"

    def table(self) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["kind", "name", "variant", "value", "low", "high", "guide", "verdict"])
        writer.writerows(self.rows)
        return text.getvalue()


def judged(claim: "cases.Claim", found: tuple[float, float, float]) -> str:
    mean, low, high = found
    low, high = (mean if math.isnan(low) else low), (mean if math.isnan(high) else high)
    least = -math.inf if claim.least is None else claim.least
    most = math.inf if claim.most is None else claim.most
    if math.isnan(mean):
        return "**no figure**"
    if least <= low and high <= most:
        return "holds"
    return "**fails**" if high < least or low > most else "**open**"


def side(claim: "cases.Claim", form) -> str:
    """Where the interval has to be for the claim to hold."""
    if claim.least is None:
        return f"up to {form(claim.most)}"
    return f"from {form(claim.least)}" if claim.most is None else f"{form(claim.least)} to {form(claim.most)}"


def ours(claim: "cases.Claim", own: list[float], page: Page, form, value: float) -> str:
    if not claim.is_change:
        return form(value)
    before = claim.base_figure or claim.figure
    first = estimate(page.values(claim.base, before))[0]
    return f"{form(value)} ({before.form(first)} → {claim.figure.form(estimate(own)[0])})"


def interval(found: tuple[float, float, float], form) -> str:
    return "–" if math.isnan(found[1]) else f"{form(found[1])} to {form(found[2])}"


def overview(pages: list[Page]) -> str:
    lines = [cases.INTRODUCTION, "| Study | Claim | The guide (or what one expects) | Holds | Ours | 95 % interval | |", "|---|---|---:|---:|---:|---:|---|"]
    for page in pages:
        for cells in page.claims:
            lines.append(f"| [{page.study.key}]({page.study.key}.md) | " + " | ".join(cells) + " |")
    lines += ["", "| Study | Rows of the guide | Figures |", "|---|---|---|"]
    lines += [f"| [{page.study.title}]({page.study.key}.md) | {page.study.rows} | [{page.study.key}.csv]({page.study.key}.csv) |" for page in pages]
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--gale", type=pathlib.Path, default=ROOT / ".build/release/gale")
    parser.add_argument("--only", help="keys of studies, with commas; the overview is then left as it is")
    parser.add_argument("--no-live", action="store_true", help="simulate only")
    parser.add_argument("--trials", type=int, help="at most so many trials of each variant")
    parser.add_argument("--reuse", action="store_true", help="take what an earlier call has left in --work")
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / ".build/case-studies", help="where comparisons and bundles go")
    parser.add_argument("--out", type=pathlib.Path, default=ROOT / "Reports/case-studies")
    arguments = parser.parse_args()
    if not arguments.reuse:
        shutil.rmtree(arguments.work, ignore_errors=True)
    for folder in (arguments.work, arguments.out):
        folder.mkdir(parents=True, exist_ok=True)
    known = {study.key: study for study in [*cases.STUDIES, *small.STUDIES]}
    chosen = arguments.only.split(",") if arguments.only else list(known)
    if unknown := set(chosen) - set(known):
        sys.exit(f"there is no study {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    runner = Runner(arguments.gale.resolve(), arguments.work.resolve(), arguments.trials, arguments.reuse)
    pages = []
    for key in chosen:
        page = Page(known[key], runner)
        text = page.text(not arguments.no_live)
        (arguments.out / f"{key}.md").write_text(text)
        (arguments.out / f"{key}.csv").write_text(page.table())
        pages.append(page)
        print("\n".join([f"## {key}", *(" | ".join(cells) for cells in page.claims)]), flush=True)
    if not arguments.only:
        (arguments.out / "README.md").write_text(overview(pages))


if __name__ == "__main__":
    main()
