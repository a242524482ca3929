"""Questions as people type them on a phone in a cold store: neighbouring keys, swapped, dropped and doubled letters, lost umlauts, joined words."""

from __future__ import annotations

import re
from collections.abc import Callable

from .chance import Chance
from .overlap import STOP

NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl", "p": "ol",
    "a": "qsz", "s": "adwx", "d": "sfec", "f": "dgrv", "g": "fhtb", "h": "gjyn", "j": "hkum", "k": "jlim", "l": "kop",
    "z": "asx", "x": "zsc", "c": "xdv", "v": "cfb", "b": "vgn", "n": "bhm", "m": "njk",
}  # fmt: skip
BARE = str.maketrans("äöüÄÖÜéèêáíóúñçàôîû", "aouAOUeeeaiouncaoiu") | {ord("ß"): "ss"}
WORD = re.compile(r"(?<![\w.@/-])[^\W\d_]+(?![\w@/-]|\.\w)")
SHORTEST = 4  # letters of a word that is mistyped
SHORT = 6  # below so many letters only words without meaning are: a mistake in "van" would hide what is asked about
SECOND = 4  # one in so many questions of LONG words has a second mistake, and one in so many two words in one
LONG = 10
MEANINGLESS = frozenset().union(*STOP.values())
LANGUAGES = ("en", "de", "es", "fr")


def mistyped(text: str, chance: Chance) -> str:
    """`text` with one mistake, seldom two, never in a number, a code or an abbreviation, and never the same as it was."""
    for _ in range(50):
        changed = once(text, chance)
        if changed != text:
            return changed
    return text


def once(text: str, chance: Chance) -> str:
    second = len(text.split()) >= LONG and chance.below(SECOND) == 0
    run_together = chance.below(SECOND) == 0
    if run_together:
        text = joined(text, chance)
    for found in sorted(chance.sample(mistakable(text), second + (not run_together)), key=lambda found: -found.start()):
        mistake = chance.choice(MISTAKES)
        text = text[: found.start()] + mistake(found[0], chance) + text[found.end() :]
    return text


def mistakable(text: str) -> list[re.Match[str]]:
    """The words that may be mistyped; short ones with a meaning only where there are no others."""
    words = [found for found in WORD.finditer(text) if len(found[0]) >= SHORTEST and not found[0].isupper()]
    return [found for found in words if len(found[0]) >= SHORT or found[0].lower() in MEANINGLESS] or words


def neighbour(word: str, chance: Chance) -> str:
    at = 1 + chance.below(len(word) - 1)
    near = NEIGHBOURS.get(word[at].lower())
    return word[:at] + chance.choice(near) + word[at + 1 :] if near else transposed(word, chance)


def transposed(word: str, chance: Chance) -> str:
    at = 1 + chance.below(len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def dropped(word: str, chance: Chance) -> str:
    at = 1 + chance.below(len(word) - 1)
    return word[:at] + word[at + 1 :]


def doubled(word: str, chance: Chance) -> str:
    at = 1 + chance.below(len(word) - 1)
    return word[:at] + word[at] + word[at:]


def bare(word: str, chance: Chance) -> str:
    """Without its umlauts and accents; a word that has none loses its capital."""
    plain = word.translate(BARE)
    return plain if plain != word else word.lower()


MISTAKES: tuple[Callable[[str, Chance], str], ...] = (neighbour, neighbour, transposed, dropped, doubled, bare)
GAP = re.compile(r"(?<=[^\W\d_]{2}) (?=[a-zà-ÿ]{2,}(?![\w@/-]|\.\w))")


def joined(text: str, chance: Chance) -> str:
    """Two words run into one, as a phone's keyboard leaves them."""
    gaps = [found.start() for found in GAP.finditer(text) if not re.search(r"[\d@]\S*$", text[: found.start()])]
    if not gaps:
        return text
    at = chance.choice(gaps)
    return text[:at] + text[at + 1 :]
