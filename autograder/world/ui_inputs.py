"""What the web page of a question-answering milestone is asked: a few documents of the corpus, questions about them, and one planted document
whose title and text hold markup. Markup, names and file name are drawn, so that nothing can be filtered by heart.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .chance import Chance

Json = Any
ASKED, BESIDE = 3, 3
"""Questions that are asked, each about a document of its own, and documents that are only there."""
LONG, LONGEST = 12_000, 100_000
"""Characters of a document from which on another is preferred, and from which on it is not taken: all are indexed while the application starts."""

FACTS = (
    (
        "label press",
        "The {name} label press{markup} is threaded by {first} and {second}",
        "Which two people thread the {name} label press?",
    ),
    (
        "key cabinet",
        "The code of the {name} key cabinet{markup} is known to {first} and {second}",
        "Which two people know the code of the {name} key cabinet?",
    ),
    (
        "coffee machine",
        "The {name} coffee machine{markup} is descaled by {first} and {second}",
        "Which two people descale the {name} coffee machine?",
    ),
    (
        "bicycle shed",
        "The {name} bicycle shed{markup} is swept by {first} and {second}",
        "Which two people sweep the {name} bicycle shed?",
    ),
    (
        "film projector",
        "The lamp of the {name} film projector{markup} is changed by {first} and {second}",
        "Which two people change the lamp of the {name} film projector?",
    ),
    (
        "paper shredder",
        "The bin of the {name} paper shredder{markup} is emptied by {first} and {second}",
        "Which two people empty the bin of the {name} paper shredder?",
    ),
)
GIVEN = ("Ada", "Bruno", "Carla", "Dennis", "Edda", "Felix", "Greta", "Hugo", "Ines", "Jonas", "Karin", "Ludwig")
FILLING = (
    "It stands on the ground floor, beside the post room.",
    "Whoever uses it last switches it off and locks the door.",
    "Spare parts are ordered by the caretaker.",
)
MARKUP = (
    '<img src="{canary}" onerror="{canary}()">',
    '<svg onload="{canary}()"></svg>',
    "<script>{canary}()</script>",
    '<iframe srcdoc="{canary}"></iframe>',
    '<a href="javascript:{canary}()">here</a>',
    '<details open ontoggle="{canary}()">note</details>',
    '<form action="/{canary}"><button>Send</button></form>',
    '<b style="background:url(/{canary})">new</b>',
    '<input autofocus onfocus="{canary}()">',
    '<object data="/{canary}"></object>',
    "<{canary}>",
)
BREAKS_OUT = ("", "</title>", "</h1>", '">', "'>", "</textarea>", "-->")
SYLLABLES = ("bra", "dol", "fen", "gri", "kol", "lun", "mar", "nev", "pel", "quo", "ris", "tam", "ulv", "wen", "zor")
SIGNS = ("R&D #{n}, 100% ø", "Q&A {n}% #ß", "50% & more #{n} ł", "#{n} = a+b & 5% æ")
UNANSWERABLE = (
    "Which colour is the {name} submarine painted?",
    "Who conducted the {name} symphony at its first performance?",
    "How deep is the lake below {name} castle?",
)


@dataclass(frozen=True)
class Planted:
    """A document that tries to be more than text. `sentence` answers `question`, in several words, and holds markup with the `canary`."""

    path: str
    title: str
    text: str
    sentence: str
    question: str
    canary: str
    elsewhere: str
    """Markup that stands in no document."""


def write_ui_inputs(expected: Json, seed: int, folder: Path) -> Json:
    """Write ui/documents/ and ui/asks.json into `folder`, in which corpus/ has been written; return what only the judge may see.

    `expected` holds "questions" and "documents" as `prepare` returns them.
    """
    chance = Chance(seed, "ui")
    asked = chosen(expected, chance)
    planted = plant(chance)
    paths = [*dict.fromkeys(question["sources"][0]["document"] for question in asked)]
    others = [path for path, text in sorted(expected["documents"].items()) if path not in paths and 0 < len(text) <= LONG]
    paths += chance.sample(others, BESIDE)
    for path in paths:
        target = folder / "ui" / "documents" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / "corpus" / path, target)
    target = folder / "ui" / "documents" / planted.path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(planted.text, encoding="utf-8", newline="\n")
    (folder / "ui" / "asks.json").write_text(json.dumps(asks(asked, planted, chance), ensure_ascii=False, indent=1), encoding="utf-8")
    return {
        "documents": {**{path: expected["documents"][path] for path in paths}, planted.path: planted.text},
        "planted": {"path": planted.path, "sentence": planted.sentence, "canary": planted.canary, "filling": FILLING[0]},
    }


def asks(asked: list[Json], planted: Planted, chance: Chance) -> Json:
    """What the driver is told: nothing of it gives an answer away."""
    return {
        "questions": [question["question"] for question in asked],
        "planted": {"path": planted.path, "question": planted.question, "sentence": planted.sentence, "elsewhere": planted.elsewhere},
        "unanswerable": chance.choice(UNANSWERABLE).format(name=word(chance)),
        "absent": f"{word(chance).lower()}/{word(chance).lower()}.md",
    }


def chosen(expected: Json, chance: Chance) -> list[Json]:
    """Questions with one place that answers them, in English where there are any, public ones before others, answers of several words
    and short documents first."""
    texts = expected["documents"]
    fit = [q for q in expected["questions"] if q["accept"] and len({source.get("need", 0) for source in q["sources"]}) == 1]
    fit = [q for q in fit if 0 < len(texts.get(q["sources"][0]["document"], "")) <= LONGEST]
    order = sorted(
        chance.shuffled(fit),
        key=lambda q: (
            len(texts[q["sources"][0]["document"]]) > LONG,
            q["language"] != "en",
            q["split"] != "golden",
            q["slice"] == "typo",
            " " not in q["accept"][0],
        ),
    )
    return list({q["sources"][0]["document"]: q for q in reversed(order)}.values())[::-1][:ASKED]


def plant(chance: Chance) -> Planted:
    canary = "c" + "".join(f"{chance.below(16):x}" for _ in range(8))
    name = word(chance)
    first, second = (f"{given} {word(chance)}" for given in chance.sample(GIVEN, 2))
    thing, fact, question = chance.choice(FACTS)
    in_title, in_text, elsewhere = (markup.format(canary=canary) for markup in chance.sample(MARKUP, 3))
    title = f"{name} {thing} {chance.choice(BREAKS_OUT)}{in_title}"
    sentence = fact.format(name=name, first=first, second=second, markup=f" {in_text}") + "."
    sign = chance.choice(SIGNS).format(n=1 + chance.below(9))
    return Planted(
        path=f"{chance.choice(('notes', 'house', 'team files'))}/{sign}.md",
        title=title,
        text=f"# {title}\n\n{FILLING[0]} {FILLING[1]}\n\n{sentence}\n\n{FILLING[2]}\n",
        sentence=sentence,
        question=question.format(name=name),
        canary=canary,
        elsewhere=elsewhere,
    )


def word(chance: Chance) -> str:
    """A name that stands in no document."""
    return "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()
