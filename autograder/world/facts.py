"""Facts of all areas, drawn from a seed. A fact depends on the seed, its area and its name, never on other draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from jinja2 import TemplateError, nodes

from .chance import Chance
from .errors import CompanyError
from .fact import Fact, Key
from .names import FIRST, LAST
from .template import ENVIRONMENT

ATTEMPTS = 200
REVISED = 3  # one in so many facts that may change is drawn again in the second revision


class Area:
    """What a template sees as `billing`: each fact is an attribute, worked out when it is asked for."""

    def __init__(self, facts: Facts, name: str) -> None:
        self._facts = facts
        self._name = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._facts.value(self._name, name)


class Facts:
    """The values of all facts for one seed and revision."""

    def __init__(self, facts: Mapping[Key, Fact], seed: int, revision: int = 1) -> None:
        self._facts = facts
        self._seed = seed
        self._before = Facts(facts, seed) if revision == 2 else None
        self._values: dict[Key, Any] = {}
        self._busy: list[Key] = []
        self._namers: dict[Key, list[Key]] = {}
        for fact in facts.values():
            for other in fact.differs_from:
                self._namers.setdefault(other, []).append(fact.key)
        self.areas = {area: Area(self, area) for area in sorted({area for area, _ in facts})}

    def value(self, area: str, name: str) -> Any:
        key = (area, name)
        if key in self._values:
            return self._values[key]
        if key not in self._facts:
            raise CompanyError(f"there is no fact {area}.{name}.")
        if key in self._busy:
            raise self._facts[key].error(f"depends on itself, by way of {' and '.join(n for _, n in self._busy)}.")
        self._busy.append(key)
        try:
            self._values[key] = self._work_out(self._facts[key])
        finally:
            self._busy.pop()
        return self._values[key]

    def all(self) -> dict[Key, Any]:
        return {key: self.value(*key) for key in sorted(self._facts)}

    def _work_out(self, fact: Fact) -> Any:
        if fact.kind == "fixed":
            return fact.given
        if fact.kind == "expr":
            return self._computed(fact)
        if fact.kind == "person":
            return self._people()[fact.key]
        taken = self._taken(fact.differs_from)
        if self._before is None:
            return drawn(fact, taken, self._seed)
        before = self._before.value(*fact.key)
        if not self._redrawn(fact):
            return before
        for key in self._namers.get(fact.key, []):
            taken.extend(flat(self._before.value(*key)))
        return drawn(fact, taken, self._seed, "revised", unlike=before)

    def _redrawn(self, fact: Fact) -> bool:
        return fact.revises and Chance(self._seed, fact.area, fact.name, "redrawn").below(REVISED) == 0

    def _taken(self, keys: Iterable[Key]) -> list[Any]:
        return [value for key in keys for value in flat(self.value(*key))]

    def _computed(self, fact: Fact) -> Any:
        tree = ENVIRONMENT.parse("{{ " + str(fact.given) + " }}")
        names = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
        own = {name: self.value(fact.area, name) for name in sorted(names) if (fact.area, name) in self._facts}
        try:
            return ENVIRONMENT.compile_expression(str(fact.given), undefined_to_none=False)(**{**self.areas, **own})
        except CompanyError:
            raise
        except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as problem:
            raise fact.error(f"cannot be computed: {problem}.") from None

    def _people(self) -> dict[Key, Any]:
        """Everybody, in order of area and fact, so that no two share a last name; a clash moves the later one on."""
        taken: set[str] = set()
        people: dict[Key, Any] = {}
        keys = sorted(key for key, fact in self._facts.items() if fact.kind == "person")
        earlier = self._before._people() if self._before else {}
        taken.update(full.rsplit(" ", 1)[1] for names in earlier.values() for full in flat(names))
        for key in keys:
            fact = self._facts[key]
            if earlier and not self._redrawn(fact):
                people[key] = earlier[key]
                continue
            chance = Chance(self._seed, *key, "person", 2 if earlier else 1)
            names = [person(chance, taken, fact) for _ in range(max(1, fact.count))]
            people[key] = names if fact.count else names[0]
        return people


def person(chance: Chance, taken: set[str], fact: Fact) -> str:
    free = [name for name in LAST if name not in taken]
    if not free:
        raise fact.error("finds no last name that is still free.")
    last = next((name for name in (chance.choice(LAST) for _ in range(ATTEMPTS)) if name not in taken), free[0])
    taken.add(last)
    return f"{chance.choice(FIRST)} {last}"


def drawn(fact: Fact, taken: list[Any], seed: int, *salt: object, unlike: Any = None) -> Any:
    """A value, or a list of `n` different ones, none of them in `taken` and the whole not `unlike`."""
    assert fact.maker is not None
    chance = Chance(seed, fact.area, fact.name, *salt)
    for _ in range(ATTEMPTS):
        values: list[Any] = []
        for _ in range(ATTEMPTS * max(1, fact.count)):
            value = fact.maker.draw(chance)
            if value not in taken and value not in values:
                values.append(value)
            if len(values) == max(1, fact.count):
                break
        else:
            break
        result = (sorted(values) if fact.ordered else values) if fact.count else values[0]
        if unlike is None or result != unlike:
            return result
    mend = "Widen its range, or add revises: false." if unlike is not None else "Widen its range."
    raise fact.error("has no value left that differs as it must.", mend)


def flat(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [value]
