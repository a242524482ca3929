"""Words, numbers and codes of a text from anybody's reader, in one written form."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from .names import MONTHS, ONES, TENS

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")
DASHES = re.compile("[\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]")
HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad][ \t]*\r?\n\s*(?=\w)|(?<=\w)[\ufffe\x02]\s*(?=\w)")
GROUPING_SPACE = re.compile("(?<![0-9.,'])[1-9][0-9]{0,2}(?:[\u00a0\u2007-\u2009\u202f\u205f’'][0-9]{3})+(?![0-9])")
SPACED_RANGE = re.compile(r"(?<=[0-9]) - (?=[0-9])")
LINK = re.compile(r"!?\[([^\]\n]*)\]\([^()\s]*(?:\s+\"[^\"]*\")?\)")
TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
SPELLED = (
    (re.compile(r"(?:\bminus |マイナス|氷点下)(?=[0-9])", re.I), " -"),
    (re.compile(r"\bper cent\b|\bpour cent\b|\bpor ciento\b|パーセント", re.I), "%"),
    (re.compile(r"ユーロ"), "€"),
    (re.compile(r"\b(EUR|USD|GBP)(?=[0-9])"), r"\1 "),
)

PIECE = re.compile(
    r"""
    (?<![^\W_])[vV](?=[0-9]+\.[0-9])                                      # v7.4 is 7.4
  | (?P<mixed>(?<![^\W_\u3040-\u30ff\u3400-\u9fff])(?=[A-Za-z0-9-]*[0-9])(?=[0-9-]*[A-Za-z])
        [A-Za-z0-9]+(?:-[A-Za-z0-9]+|\.[0-9]+)*(?![^\W_\u3040-\u30ff\u3400-\u9fff]))
  | (?P<number>(?:(?<![^\s(\[{|;:=<>"“„«`*_~,/\u3001-\u30ff\u3400-\u9fff])-)?[0-9]+(?:[.,:'][0-9]+)*(?:-[0-9]+(?:[.,:'][0-9]+)*)*)
  | (?P<symbol>[%€$£°])
  | (?P<ideograph>[\u3040-\u30fa\u30fc-\u30ff\u3400-\u9fff々])
  | (?P<word>[^\W\d_\u3040-\u30ff\u3400-\u9fff]+)
    """,
    re.X,
)
PARTS = re.compile(r"[0-9]+(?:[.][0-9]+)*(?:-[0-9]+)*|[A-Za-z]+")
GROUPED = re.compile(r"(-?[1-9][0-9]{0,2})((?:([.,'])[0-9]{3})(?:\3[0-9]{3})*)(?:(?!\3)[.,]([0-9]+))?")
DECIMAL_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)")
THREE_DIGITS = re.compile(r"[0-9]{3}(?:\.[0-9]+)?")
LEADING_DIGITS = re.compile(r"-?[1-9][0-9]{0,2}")
LONG_WORD = re.compile(r"[a-z]{4,}|[A-Z][a-z]{3,}")

CURRENCIES = {"€": "eur", "eur": "eur", "euro": "eur", "euros": "eur", "$": "usd", "usd": "usd", "£": "gbp", "gbp": "gbp"}
PERCENT = ("percent", "prozent")
DEGREES = ("degree", "degrees", "grad", "grados", "degrés")
UNITS = {
    "tage": "tag", "tagen": "tag", "wochen": "woche", "monate": "monat", "monaten": "monat", "jahre": "jahr", "jahren": "jahr",
    "stunden": "stunde", "minuten": "minute", "sekunden": "sekunde", "meses": "mes", "hours": "h", "hour": "h", "hrs": "h", "hr": "h",
    "mins": "min", "minutes": "min", "minute": "min", "seconds": "s", "second": "s", "secs": "s", "sec": "s",
}  # fmt: skip
TIMES = frozenset(f"{unit}{s}" for unit in "second minute hour day week month quarter year".split() for s in ("", "s"))
ONE_TO_NINE = {word: value for value, word in enumerate(ONES[1:10], start=1)}
NUMERALS = {word: value for value, word in enumerate(ONES) if value > 1} | {word: 10 * value for value, word in enumerate(TENS, start=2)}


@dataclass(frozen=True, slots=True)
class Token:
    """`joined`: three digits after a plain space, which may belong to the number before them ("12 500")."""

    text: str
    kind: str  # number, code, word, symbol or ideograph
    gap: str = ""  # what stands between it and the token before
    joined: bool = False


@lru_cache(maxsize=8_192)
def tokens(text: str, plain: bool = False) -> tuple[Token, ...]:
    """All tokens in order, with number words, amounts and units in one form and "12 500" as one number; `plain` leaves these alone."""
    row = scanned(cleaned(text))
    return tuple(grouped(row, merge=False) if plain else measured(priced(counted(grouped(row, merge=True)))))


def cleaned(text: str) -> str:
    """Composed characters, no markup that is more than a sign, one kind of dash, no hyphenation at line ends."""
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii() or "'" in text:
        text = GROUPING_SPACE.sub(lambda found: re.sub(r"[^0-9]", "'", found[0]), text)
    text = HYPHENATED.sub("", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text).replace("º", "°"))
        text = DASHES.sub("-", text)
    text = TAG.sub(" ", LINK.sub(r"\1", text))
    for pattern, sign in SPELLED:
        text = pattern.sub(sign, text)
    return SPACED_RANGE.sub("-", text)


def scanned(source: str) -> Iterator[Token]:
    end = 0
    for piece in PIECE.finditer(source):
        gap, end = source[end : piece.start()], piece.end()
        kind = piece.lastgroup
        if kind is None:
            continue
        if kind == "mixed":
            for number, token in enumerate(unmixed(piece[0])):
                yield replace(token, gap=gap) if number == 0 else token
        else:
            yield Token(figures(piece[0]) if kind == "number" else piece[0].casefold(), kind, gap)


def unmixed(text: str) -> list[Token]:
    """A compound of letters and digits: a code (WX-4410-B, E17) is one token, 5kg and 14-day are a number and a word."""
    parts = text.split("-")
    if text[0].isdigit():
        code = any(re.fullmatch(r"[A-Z][A-Z0-9]{0,4}|[0-9]+[A-Z]+[0-9]*", part) for part in parts[1:])
        code = code or bool(re.match(r"[0-9]+[A-Za-z]+[0-9]", text))
    else:
        code = not LONG_WORD.fullmatch(parts[0])
    if not code:
        found = PARTS.findall(text)
        return [Token(figures(part), "number") if part[0].isdigit() else Token(part.casefold(), "word") for part in found]
    stop = next((number for number, part in enumerate(parts) if number and LONG_WORD.fullmatch(part)), len(parts))
    head, rest = parts[:stop], "-".join(parts[stop:])
    if not any(sign.isdigit() for part in head for sign in part):
        return [*(Token(part.casefold(), "word") for part in head), *unmixed(rest)]
    return [Token("".join(head).casefold(), "code"), *(unmixed(rest) if rest else [])]


def figures(text: str) -> str:
    """1,250 and 1.250 and 1'250 are 1250; 3,5 is 3.5; 07:30 is 7:30. Each end of a range by itself."""
    sign, body = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + "-".join(figure(part) for part in body.split("-"))


def figure(text: str) -> str:
    if ":" in text:
        return text[1:] if re.match(r"0[0-9]:", text) else text
    found = GROUPED.fullmatch(text)
    if found:
        return re.sub(r"[.,']", "", found[1] + found[2]) + (f".{found[4]}" if found[4] else "")
    found = DECIMAL_COMMA.fullmatch(text)
    return f"{found[1]}.{found[2]}" if found else text


def grouped(parts: Iterator[Token], merge: bool) -> Iterator[Token]:
    """Joins, or marks, the groups of three that follow a number of one to three digits after one plain space."""
    held: Token | None = None
    groups = False  # whether `held` may go on with a group of three
    for token in parts:
        joined = groups and token.kind == "number" and token.gap == " " and bool(THREE_DIGITS.fullmatch(token.text))
        if held and joined and merge:
            held = replace(held, text=held.text + token.text)
        else:
            if held:
                yield held
            held = replace(token, joined=True) if joined else token
        groups = joined or (token.kind == "number" and bool(LEADING_DIGITS.fullmatch(token.text)))
    if held:
        yield held


def counted(parts: Iterator[Token]) -> Iterator[Token]:
    """Number words up to a hundred as figures; "one" only before a unit of time, since it is also a pronoun."""
    row = list(parts)
    at = 0
    while at < len(row):
        token = row[at]
        after = row[at + 1] if at + 1 < len(row) else None
        value = NUMERALS.get(token.text) if token.kind == "word" else None
        if value is not None and value >= 20 and after and after.gap == "-" and after.text in ONE_TO_NINE:
            yield Token(str(value + ONE_TO_NINE[after.text]), "number", token.gap)
            at += 1
        elif value is not None:
            yield Token(str(value), "number", token.gap)
        elif token.text in ("one", "a") and after and after.text == "hundred":
            yield Token("100", "number", token.gap)
            at += 1
        elif token.text == "one" and after and after.text in TIMES:
            yield Token("1", "number", token.gap)
        else:
            yield token
        at += 1


def priced(parts: Iterator[Token]) -> Iterator[Token]:
    """A currency stands after its amount, whichever way it was written; the amount has two decimals or none."""
    row = list(parts)
    at = 0
    while at < len(row):
        first, second, third = row[at], *(row[at + ahead] if at + ahead < len(row) else None for ahead in (1, 2))
        before = row[at - 1] if at else None
        if second and leads(first, second, before):
            yield Token(amount(second.text), "number", first.gap)
            yield Token(CURRENCIES[first.text], "symbol", " ")
            at += 2
        elif second and follows(first, second) and not (third and leads(second, third, first)):
            yield Token(amount(first.text), "number", first.gap)
            yield Token(CURRENCIES[second.text], "symbol", second.gap)
            at += 2
        else:
            yield replace(first, text=CURRENCIES[first.text], kind="symbol") if first.text in CURRENCIES else first
            at += 1


def leads(currency: Token, number: Token, before: Token | None) -> bool:
    """€1,250 always; EUR 1,250 unless a number stands before it, whose currency it then is."""
    if currency.text not in CURRENCIES or number.kind != "number" or number.gap.strip(" "):
        return False
    return (currency.kind == "symbol" and not number.gap) or not (before and before.kind == "number")


def follows(number: Token, currency: Token) -> bool:
    return number.kind == "number" and currency.text in CURRENCIES and not currency.gap.strip(" ")


def amount(text: str) -> str:
    whole, _, cents = text.partition(".")
    if not cents.isdigit() or len(cents) > 2:
        return text
    cents = cents.ljust(2, "0")
    return whole if cents == "00" else f"{whole}.{cents}"


def measured(parts: Iterator[Token]) -> Iterator[Token]:
    """The word after a number in one form: days is day, Tagen is Tag, hours is h, percent is %. What stands in the next cell is not
    counted by the number, and neither is most of what stands on the next line or after the number of a clause ("2.1 Lots")."""
    before: Token | None = None
    for token in parts:
        if before and before.kind == "number" and token.kind == "word" and "|" not in token.gap:
            token = replace(token, text=unit(token.text, plural="\n" not in token.gap and "." not in before.text))
        elif before and before.text == "°" and token.text == "celsius":
            token = replace(token, text="c")
        yield token
        before = token


def unit(word: str, plural: bool) -> str:
    """A unit of measurement in one form; with `plural`, any other word without its s."""
    if word in UNITS:
        return UNITS[word]
    if word in PERCENT:
        return "%"
    if word in DEGREES:
        return "°"
    plural = (plural or word in TIMES) and len(word) > 3 and word.endswith("s") and not word.endswith("ss")
    return word[:-1] if plural else word


MONTH_NUMBERS = {name.casefold(): number for names in MONTHS.values() for number, name in enumerate(names, start=1)}
MONTH = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
DAY_FIRST = re.compile(rf"\b([0-9]{{1,2}})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+|de\s+)?({MONTH})\b,?\s+(?:de\s+|del\s+)?([0-9]{{4}})\b", re.I)
MONTH_FIRST = re.compile(rf"\b({MONTH})\s+([0-9]{{1,2}})(?:st|nd|rd|th)?,?\s+([0-9]{{4}})\b", re.I)
JAPANESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")


@lru_cache(maxsize=2_048)
def dated(text: str) -> str:
    """The text with its long dates as 2026-03-03, whatever their language."""
    text = unicodedata.normalize("NFKC", text)
    text = DAY_FIRST.sub(lambda m: iso(m[3], MONTH_NUMBERS[m[2].casefold()], m[1]), text)
    text = MONTH_FIRST.sub(lambda m: iso(m[3], MONTH_NUMBERS[m[1].casefold()], m[2]), text)
    return JAPANESE.sub(lambda m: iso(m[1], m[2], m[3]), text)


def iso(year: str, month: int | str, day: str) -> str:
    return f" {year}-{int(month):02d}-{int(day):02d} "
