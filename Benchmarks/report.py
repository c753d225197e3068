"""What the benchmarks print: sections of tables, remarks and bars, on the terminal and as Markdown."""

import dataclasses
import math
from collections.abc import Sequence


@dataclasses.dataclass
class Bar:
    """A figure and the most that it may be, or with `least` the least. A figure of NaN was not measured, and reaches nothing."""

    name: str
    figure: float
    most: float
    unit: str
    digits: int = 2
    inclusive: bool = True
    least: bool = False

    @property
    def reached(self) -> bool:
        if self.least:
            return self.figure >= self.most if self.inclusive else self.figure > self.most
        return self.figure <= self.most if self.inclusive else self.figure < self.most

    @property
    def sentence(self) -> str:
        unit = self.unit if self.unit in ("", "/s") else " " + self.unit
        figure = "not measured" if math.isnan(self.figure) else f"{self.figure:.{self.digits}f}{unit}"
        sign = ("≥" if self.inclusive else ">") if self.least else ("≤" if self.inclusive else "<")
        rule = f"{sign} {self.most:g}{unit}"
        return f"{self.name}: {figure} (bar {rule}): {'reached' if self.reached else 'NOT REACHED'}"


class Section:
    """One question, its figures and its bars."""

    def __init__(self, key: str, title: str):
        self.key = key
        self.title = title
        self.tables: list[tuple[Sequence[str], list[Sequence[str]]]] = []
        self.remarks: list[str] = []
        self.bars: list[Bar] = []
        self.problems: list[str] = []

    def table(self, heads: Sequence[str], rows: list[Sequence[str]]) -> None:
        self.tables.append((heads, rows))

    def text(self) -> str:
        parts = [f"({self.key}) {self.title}"]
        for heads, rows in self.tables:
            widths = [max(len(row[column]) for row in [heads, *rows]) for column in range(len(heads))]
            for row in [heads, *rows]:
                # The first column is a name, the others are figures.
                cells = [row[0].ljust(widths[0])] + [cell.rjust(width) for cell, width in zip(row[1:], widths[1:])]
                parts.append("    " + "  ".join(cells).rstrip())
        parts += [f"    {remark}" for remark in self.remarks]
        parts += [f"    {bar.sentence}" for bar in self.bars]
        parts += [f"    could not run: {problem}" for problem in self.problems]
        return "\n".join(parts) + "\n"

    def markdown(self) -> str:
        parts = [f"## {self.title}", ""]
        for heads, rows in self.tables:
            parts.append("| " + " | ".join(heads) + " |")
            parts.append("|---" + "|---:" * (len(heads) - 1) + "|")
            parts += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
            parts.append("")
        parts += [f"* {remark}" for remark in self.remarks]
        parts += [f"* {bar.sentence.replace('NOT REACHED', '**not reached**')}" for bar in self.bars]
        parts += [f"* **could not run**: {problem}" for problem in self.problems]
        return "\n".join(parts).rstrip() + "\n"


def document(versions: list[tuple[str, str]], method: list[str], sections: list[Section]) -> str:
    """The file that `--out` writes."""
    parts = ["# Benchmarks", ""]
    parts += [f"* {name}: {value}" for name, value in versions]
    parts += [""] + [f"* {line}" for line in method] + [""]
    return "\n".join(parts) + "\n" + "\n".join(section.markdown() for section in sections)
