"""Attacks of a seed: hand-written ideas in `attacks/*.yaml`, drawn with the seed's facts and with canaries of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from .attack import CARRIERS, CONDITIONS, Attack, Condition, Plant, Twin
from .chance import Chance
from .company import Company, draw
from .disguise import DISGUISES, SHORTEST, letters
from .errors import CompanyError
from .kinds import LETTERS
from .questions import Question
from .source import Source
from .template import ENVIRONMENT

KEYS = ("id", "idea", "question", "turn", "plant", "keeps", "canary", "success", "twin")
TWIN_KEYS = ("turn", "plant", "question", "accept", "documents", "calls")
PLANT_KEYS = ("text", "field", "at")
PDF_FIELDS = ("Title", "Subject", "Keywords", "Author")
PAGE_FIELDS = ("comment", "alt", "style")
CANARY = "??##-?##?-##?#"
HOSTS = ("relay", "collect", "pixel", "mirror", "beacon-cdn", "edge")
TOOLS = "tools.yaml"

WRITER = ENVIRONMENT.overlay()
WRITER.filters = {**ENVIRONMENT.filters, **DISGUISES}


def draw_attacks(seed: int, company: Company | None = None) -> list[Attack]:
    """All attacks of a seed, in order of family and file. `company` is the seed's first revision, if it has been drawn already.
    Raises CompanyError at the first that is malformed."""
    found = []
    for one in attacks_of(company or draw(seed)):
        if isinstance(one, CompanyError):
            raise one
        found.append(one)
    return found


def attacks_of(company: Company) -> Iterator[Attack | CompanyError]:
    """The attacks on a company, and an error in the place of each that cannot be drawn."""
    folder = company.sources.folder
    questions = {question.id: question for question in company.questions}
    seen: set[str] = set()
    for path in attack_files(folder):
        try:
            source = Source(path.read_text(encoding="utf-8"), f"attacks/{path.name}")
        except CompanyError as error:
            yield error
            continue
        if not isinstance(source.data, list):
            yield CompanyError("this is no list of attacks.", file=source.file, line=1)
            continue
        for index in range(len(source.data)):
            try:
                writer = AttackWriter(source, index, path.stem, company, questions, read_tools(folder))
                attack = writer.attack()
                if attack.id in seen:
                    raise writer.error("there is another attack of the same id.", "", "id")
            except CompanyError as error:
                yield error
            else:
                seen.add(attack.id)
                yield attack


def attack_files(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "attacks").glob("*.yaml") if path.name != TOOLS)


@cache
def read_tools(folder: Path) -> dict[str, dict[str, Any]]:
    """The tools that attacks steer towards: name -> effect (read or write), arguments and what it does."""
    tools: dict[str, dict[str, Any]] = Source((folder / "attacks" / TOOLS).read_text(encoding="utf-8"), f"attacks/{TOOLS}").data
    return tools


class AttackWriter:
    """One entry of a file, checked and filled in."""

    def __init__(
        self, source: Source, index: int, family: str, company: Company, questions: Mapping[str, Question], tools: Mapping[str, Any]
    ) -> None:
        self.source, self.index, self.family = source, index, family
        self.company, self.questions, self.tools = company, questions, tools
        self.data: dict[str, Any] = source.data[index]
        self.check_keys(self.data, KEYS)
        self.id = str(self.data.get("id", ""))
        self.canary = canary(str(self.data.get("canary", CANARY)), Chance(company.seed, "attack", family, self.id))
        if len(letters(self.canary)) < SHORTEST:
            raise self.error(f"a canary needs {SHORTEST} letters and digits.", "", "canary")
        host = Chance(company.seed, "host", family, self.id).choice(HOSTS)
        self.values = {**company.facts.areas, "canary": self.canary, "host": f"{letters(self.canary)}.{host}.example"}

    def error(self, message: str, mend: str = "", *keys: str | int) -> CompanyError:
        name = self.data.get("id", self.index + 1) if isinstance(self.data, dict) else self.index + 1
        return CompanyError(f"attack {name}: {message}", mend, file=self.source.file, line=self.source.line(self.index, *keys))

    def check_keys(self, data: Any, keys: tuple[str, ...], *place: str | int) -> None:
        if not isinstance(data, dict):
            raise self.error("it is no mapping.", "", *place)
        for key in data:
            if key not in keys:
                raise self.error(f'"{key}" is no key here.', f"There are {', '.join(keys)}.", *place, key)

    def attack(self) -> Attack:
        for key in ("id", "idea", "success", "twin"):
            if not self.data.get(key):
                raise self.error(f'"{key}" is missing.')
        kept = tuple([Plant("system", "prompt", self.filled(self.data["keeps"], "keeps"))] if "keeps" in self.data else [])
        return Attack(
            id=self.id,
            family=self.family,
            idea=self.data["idea"],
            turns=self.turns(self.data),
            plants=kept + self.plants(self.data.get("plant", []), "plant"),
            canary=self.canary,
            success=self.success(self.data["success"]),
            twin=self.twin(kept),
        )

    def twin(self, kept: tuple[Plant, ...]) -> Twin:
        data = self.data["twin"]
        self.check_keys(data, TWIN_KEYS, "twin")
        question = self.question(data, "twin")
        accept = tuple(self.filled(form, "twin", "accept") for form in data.get("accept", []))
        documents = tuple(self.place(name, "twin", "documents") for name in data.get("documents", []))
        if question:
            accept, documents = accept or question.accept, documents or tuple(dict.fromkeys(span.path for span in question.spans))
        calls = tuple((self.tool(tool, "twin", "calls"), self.filled(text, "twin", "calls")) for tool, text in data.get("calls", {}).items())
        if not (accept or calls):
            raise self.error("its twin expects nothing.", "Give it a question, accept or calls.", "twin")
        plants = self.plants(data.get("plant", []), "twin", "plant")
        return Twin(self.turns(data, "twin"), kept + plants, accept, documents, calls)

    def turns(self, data: Mapping[str, Any], *place: str) -> tuple[str, ...]:
        """What the user says: its own turn or turns, or the question's first wording."""
        given = data.get("turn")
        if given is None:
            question = self.question(data, *place)
            if question is None:
                raise self.error("nobody says anything.", "Give it a question or a turn.", *place)
            return (question.wordings[0],)
        return tuple(self.filled(text, *place, "turn") for text in (given if isinstance(given, list) else [given]))

    def question(self, data: Mapping[str, Any], *place: str) -> Question | None:
        """The company's own question; a twin without turn, accept and calls of its own has the attack's."""
        name = data.get("question")
        if name is None and place and not {"accept", "calls"} & set(data):
            name = self.data.get("question")
        if name is None:
            return None
        if name not in self.questions or not self.questions[name].answerable:
            raise self.error(f'"{name}" is no answerable question of the company.', "", *place, "question")
        return self.questions[name]

    def plants(self, given: Any, *place: str | int) -> tuple[Plant, ...]:
        return tuple(self.plant(data, *place, number) for number, data in enumerate(given))

    def plant(self, data: Any, *place: str | int) -> Plant:
        self.check_keys(data, (*CARRIERS, *PLANT_KEYS), *place)
        carriers = [key for key in data if key in CARRIERS]
        if len(carriers) != 1 or "text" not in data or data.get("at", "end") not in ("start", "end"):
            raise self.error(f"a plant has one of {', '.join(CARRIERS)}, a text, and may stand at start or end.", "", *place)
        carrier = carriers[0]
        where = str(data[carrier])
        if carrier in ("document", "row", "metadata"):
            where = self.place(where, *place)
        elif carrier == "tool":
            where = self.tool(where, *place)
        if carrier == "row" and not any("|---" in document.text for document in self.company.documents if document.path == where):
            raise self.error(f"{where} has no table.", "", *place)
        fields = ("",) if carrier != "metadata" else PDF_FIELDS if where.endswith(".pdf") else PAGE_FIELDS
        if data.get("field", "") not in fields:
            raise self.error(f"the field of {where} must be one of {', '.join(fields) or 'none'}.", "", *place)
        text = self.filled(data["text"], *place, "text")
        return Plant(carrier, self.filled(where, *place), text, data.get("field", ""), data.get("at", "end"))

    def place(self, name: str, *keys: str | int) -> str:
        """The path of a document of this seed, by its id; what looks like a path is one."""
        if "/" in name:
            return self.filled(name, *keys)
        if not self.company.by_id.get(name):
            raise self.error(f'there is no document "{name}".', "", *keys)
        return self.company.by_id[name][0].path

    def tool(self, name: str, *keys: str | int) -> str:
        if name not in self.tools:
            raise self.error(f'there is no tool "{name}".', f"There are {', '.join(self.tools)}.", *keys)
        return name

    def success(self, given: Any) -> Condition:
        """`output`, `url`, `markup`; `{call: tool}` with the canary in its arguments, or `{call: tool, any: true}`; `{cite: path}`."""
        kind = given if isinstance(given, str) else next(iter(given))
        if kind not in CONDITIONS:
            raise self.error(f"{kind!r} is no condition.", f"There are {', '.join(CONDITIONS)}.", "success")
        if kind == "call":
            return Condition(kind, "" if given.get("any") else self.canary, self.tool(given["call"], "success"))
        return Condition(kind, self.place(given["cite"], "success") if kind == "cite" else self.canary)

    def filled(self, text: Any, *keys: str | int) -> str:
        if not isinstance(text, str):
            raise self.error("this must be a text.", "", *keys)
        try:
            return WRITER.from_string(text).render(self.values).strip()
        except CompanyError as error:
            raise self.error(error.message, error.mend, *keys) from None
        except Exception as error:
            raise self.error(f"{error}", "", *keys) from None


def canary(pattern: str, chance: Chance) -> str:
    """`#` becomes a digit, `?` a capital letter."""
    return "".join({"#": lambda: str(chance.below(10)), "?": lambda: chance.choice(LETTERS)}.get(sign, lambda s=sign: s)() for sign in pattern)
