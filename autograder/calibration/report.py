"""What a calibration found: the figures and the table of designs as text and Markdown, and the milestone's gates as they are committed."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..paths import course_root
from ..verdict import Json
from .distribution import Distribution
from .landing import Landing

Gates = Mapping[str, Mapping[str, float]]
BEGIN, END = "<!-- designs: begin -->", "<!-- designs: end -->"


@dataclass(frozen=True)
class Calibration:
    """`tables`: the landings of each half by its name, the reference's first in each."""

    milestone: str
    command: str
    gates: Gates
    distributions: Sequence[Distribution]
    tables: Mapping[str, Sequence[Landing]]

    @property
    def problems(self) -> list[str]:
        """Designs that land elsewhere than their files say."""
        return [problem for reference, *others in self.tables.values() for landing in others if (problem := landing.problem(reference))]

    @property
    def remarks(self) -> list[str]:
        """Gates that are held where the reference does not always reach."""
        held = [(one, self.gates[one.criterion]["gate"]) for one in self.distributions if self.gates[one.criterion]["gate"] > one.gate]
        said = "The gate of {} is held at {:.2f}; a run of the reference falls below it with probability {:.2f}."
        return [said.format(one.criterion, gate, one.below(gate)) for one, gate in held]


def as_text(found: Calibration) -> str:
    heads = ["criterion", "mean", "sd", "5th pct", "least", "floor", "gate", "P(below)", "from"]
    rows = [distribution_row(one, found.gates[one.criterion]) for one in found.distributions]
    parts = [aligned(heads, rows), *(aligned(*designs_table(table)) for table in found.tables.values()), "\n".join([*found.remarks, *found.problems])]
    return "\n\n".join(part for part in parts if part)


def distribution_row(one: Distribution, gate: Mapping[str, float]) -> list[str]:
    figures = [f"{value:.3f}" for value in (one.mean, one.sd, one.p5, one.least)]
    return [one.criterion, *figures, f"{gate['floor']:.2f}", f"{gate['gate']:.2f}", f"{one.below(gate['gate']):.3f}", one.sample]


def designs_table(landings: Sequence[Landing]) -> tuple[list[str], list[list[str]]]:
    """Heads and rows: by criterion the mean points over seeds, and the mean of the figure where there is one."""
    names = list(landings[0].findings)
    heads = ["design", *(f"{name} ({landings[0].findings[name][0].max_score:g})" for name in names), "seeds"]
    return heads, [[landing.design.name, *(cell(landing, name) for name in names), str(len(landing.seeds))] for landing in landings]


def cell(landing: Landing, criterion: str) -> str:
    value = landing.value(criterion)
    return f"{landing.points(criterion):.1f}" + (f" ({value:.2f})" if value is not None else "")


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    return "\n".join("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in (heads, *rows))


def as_markdown(found: Calibration) -> str:
    """The tables of designs between two markers, for a milestone's brief."""
    lines = [BEGIN, "", f"Mean points over seeds, with the figure they come from. Written by `{found.command}`."]
    for table in found.tables.values():
        heads, rows = designs_table(table)
        told = {landing.design.name: landing.design.told for landing in table}
        lines += ["", row(["what is different", *heads[1:]]), row(["---"] * len(heads))]
        lines += [row([told[cells[0]], *cells[1:]]) for cells in rows]
    return "\n".join([*lines, "", END, ""])


def row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def as_json(found: Calibration) -> Json:
    return {
        "command": found.command,
        "gates": found.gates,
        "distributions": {one.criterion: one.as_json(found.gates[one.criterion]["gate"]) for one in found.distributions},
        "designs": {half: {landing.design.name: landing_json(landing) for landing in table} for half, table in found.tables.items()},
    }


def landing_json(landing: Landing) -> Json:
    def rounded(measure: Callable[[str], float | None]) -> Json:
        return {name: round(value, 4) for name in landing.findings if (value := measure(name)) is not None}

    told = {"seeds": list(landing.seeds), "loses": sorted(landing.design.loses), "lowers": sorted(landing.design.lowers)}
    return told | {"points": rounded(landing.points), "figures": rounded(landing.value)}


def gates_file(milestone: str) -> Path:
    return course_root() / "autograder" / "rubrics" / f"{milestone}.gates.json"


def designs_file(milestone: str) -> Path:
    return gates_file(milestone).with_name(f"{milestone}.designs.md")


def write(found: Calibration) -> None:
    gates_file(found.milestone).write_text(json.dumps(as_json(found), indent=1) + "\n", encoding="utf-8")
    designs_file(found.milestone).write_text(as_markdown(found), encoding="utf-8")
