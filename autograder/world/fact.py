"""One line of a facts file: what kind of value it draws, and under which conditions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import CompanyError
from .kinds import KINDS, Kind
from .source import Source

DERIVED = ("expr", "fixed")
OPTIONS = ("n", "sorted", "differs_from", "revises", "step")
Key = tuple[str, str]  # area and name


@dataclass(frozen=True)
class Fact:
    """One line of a facts file."""

    area: str
    name: str
    file: str
    line: int
    kind: str
    maker: Kind | None  # how a drawn value is made; None for expr and fixed
    given: Any  # what stands behind the kind
    count: int
    ordered: bool
    differs_from: tuple[Key, ...]
    revises: bool

    @property
    def key(self) -> Key:
        return self.area, self.name

    def error(self, message: str, mend: str = "") -> CompanyError:
        return CompanyError(f"the fact {self.area}.{self.name} {message}", mend, file=self.file, line=self.line)


def read_facts(folder: Path) -> dict[Key, Fact]:
    """Every fact of `facts/*.yaml` by (area, name)."""
    found: dict[Key, Fact] = {}
    for path in sorted((folder / "facts").glob("*.yaml")):
        for fact in facts_of(folder, path):
            if isinstance(fact, CompanyError):
                raise fact
            found[fact.key] = fact
    for error in loose_ends(found):
        raise error
    return found


def facts_of(folder: Path, path: Path) -> Iterator[Fact | CompanyError]:
    """The facts of one file, and an error in the place of each that cannot be read."""
    file = path.relative_to(folder).as_posix()
    try:
        source = Source(path.read_text(encoding="utf-8"), file)
    except CompanyError as error:
        yield error
        return
    for name, spec in (source.data or {}).items():
        try:
            yield parsed(path.stem, str(name), spec, file, source.line(name))
        except CompanyError as error:
            yield error


def loose_ends(facts: Mapping[Key, Fact]) -> Iterator[CompanyError]:
    for fact in facts.values():
        for key in fact.differs_from:
            if key not in facts:
                yield fact.error(f"differs from {'.'.join(key)}, which there is not.")


def parsed(area: str, name: str, spec: Any, file: str, line: int) -> Fact:
    def error(message: str, mend: str = "") -> CompanyError:
        return CompanyError(f"the fact {area}.{name} {message}", mend, file=file, line=line)

    if not name.isidentifier() or name.startswith("_"):
        raise error("has a name that a template cannot use.", "Use letters, digits and underscores.")
    if not isinstance(spec, dict):
        raise error(f"is {spec!r}, not a mapping.", "Write name: {kind: ...}, or {fixed: ...} for a constant.")
    kinds = [key for key in spec if key in KINDS or key in DERIVED]
    unknown = [key for key in spec if key not in OPTIONS and key not in kinds]
    if len(kinds) != 1 or unknown:
        wrong = f"has unknown keys ({', '.join(map(str, unknown))})." if unknown else f"has {len(kinds)} kinds."
        raise error(wrong, f"Give exactly one of {', '.join([*KINDS, *DERIVED])}; options are {', '.join(OPTIONS)}.")
    kind, given = kinds[0], spec[kinds[0]]
    count = spec.get("n", 0)
    if kind in DERIVED and set(spec) - {kind}:
        raise error(f"is {kind} and takes no options.")
    if not isinstance(count, int) or count < 0:
        raise error(f"has n: {count!r}, which is no whole number.")
    others = spec.get("differs_from", [])
    pairs = tuple(key_of(other, area) for other in ([others] if isinstance(others, str) else others))
    try:
        maker = KINDS[kind](given, spec.get("step")) if kind in KINDS else None
    except (TypeError, ValueError, ArithmeticError) as problem:
        raise error(f"cannot be drawn: {problem}.") from None
    if maker is not None and count > maker.size:
        raise error(f"wants {count} different values of {maker.size}.")
    return Fact(area, name, file, line, kind, maker, given, count, bool(spec.get("sorted")), pairs, bool(spec.get("revises", True)))


def key_of(name: str, area: str) -> Key:
    """`name` in `area`, or `other_area.name`."""
    other, _, plain = name.rpartition(".")
    return other or area, plain
