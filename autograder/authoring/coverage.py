"""Where each of the things that the course must cover is covered: `coverage.csv` points at sections and criteria.

A pointer is "1.1: 3. Retry what may pass" (a heading of a notebook), "a_document_qa/hit_rate" (a criterion of a rubric), or
the bare name of a notebook or milestone that is still to be written.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .. import rubrics
from .source import Source

HEADING = re.compile(r"^#+ (.+)$", re.M)
FENCED = re.compile(r"^```.*?^```", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to cover; `kind` is know, build, measure or write."""

    group: str
    number: int
    item: str
    kind: str
    pointers: tuple[str, ...]


def rows() -> list[Row]:
    with Path(__file__).with_name("coverage.csv").open(encoding="utf-8", newline="") as file:
        return [
            Row(line["group"], int(line["no"]), line["item"], line["kind"], tuple(p.strip() for p in line["covered_by"].split(";")))
            for line in csv.DictReader(file)
        ]


def pending(pointer: str) -> bool:
    """Whether a pointer only names what is to be written."""
    return ": " not in pointer and "/" not in pointer


def dangling(pointer: str, sources: Sequence[Source]) -> str:
    """Why a pointer leads nowhere; empty when it leads somewhere or is pending."""
    if pending(pointer):
        return ""
    if "/" in pointer.partition(": ")[0]:
        assignment, _, criterion = pointer.partition("/")
        try:
            known = [one.id for one in rubrics.find(assignment).criteria]
        except KeyError:
            return f"there is no rubric {assignment!r}"
        return "" if criterion in known else f"{assignment} has no criterion {criterion!r}; it has {', '.join(known)}"
    assignment, _, heading = pointer.partition(": ")
    source = next((one for one in sources if one.front.assignment == assignment), None)
    if source is None:
        return f"there is no notebook {assignment!r}"
    there = headings(source)
    return "" if heading in there else f"{source.name} has no section {heading!r}; it has {'; '.join(there)}"


def headings(source: Source) -> list[str]:
    return HEADING.findall(FENCED.sub("", source.text))
