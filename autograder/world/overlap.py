"""How much of a question's own words stand in the sentence it asks for."""

from __future__ import annotations

import re
from collections.abc import Collection

from ..matching.tokens import tokens

CAP = 0.5
FEWEST = 3  # below so many content words a share says nothing

STOPWORDS = {
    "en": """a about after again all also am an and any are as at be because been before being but by can cannot could did do does doing don
        during each else ever every exactly few for from get gets getting give given go goes going got had has have having he her here him his how i
        if in into is it its itself just ll let made make many may me might more most much must my need no nor not now of off on once one only or
        other our out over own per please put re s same say see shall she should so some still such t tell than that the their them then there these
        they this those through to too under until up us use used using ve very was way we were what when where whether which while who whom whose why
        will with within without would yet you your yours""",
    "de": """ab aber alle allem allen als also am an auch auf aus bei beim bin bis bist da damit dann das dass dein dem den denn der des die dies
        diese dieser dieses doch dort du durch ein eine einem einen einer eines er es etwas euch euer für gibt hab habe haben hat hatte ich ihr ihre
        im in ist ja jede jedem jeden jeder jetzt kann kein keine können könnte man mehr mein meine mich mir mit muss müssen nach nicht noch nun nur
        ob oder ohne schon sein seine sich sie sind so soll sollte um und uns unser unsere vom von vor wann war warum was welche welchem welchen
        welcher welches wenn wer werden wie wieder wir wird wo wofür womit wurde zu zum zur über""",
    "es": """a al algo ante antes aunque cada como con cual cuando cuanto cuál cuándo cuánta cuántas cuánto cuántos cómo de del desde donde dónde
        e el ella ellos en entonces entre era es esa ese eso esta está estamos están este esto estos fue ha hace hacer han hasta hay he la las le les lo
        los me mi mis muy más nada ni no nos nosotros nuestra nuestro nuestros o para pero por porque puede puedo que quien quién qué se sea ser si
        sin sobre solo son su sus sólo también te tenemos tener tengo tiene tienen tu un una uno unos y ya yo""",
    "fr": """a afin ai alors au aucun aura aussi autre aux avant avec avoir avons c car ce cela celle celui ces cet cette ceux chaque chez comme
        comment d dans de depuis des donc du elle elles en encore entre es est et eu eux faire fait faut fois il ils j je jusqu l la le les leur leurs
        lors lui là m ma mais me mes moi mon même n ne ni nos notre nous on ont ou où par pas peu peut peux plus pour pourquoi qu quand que quel quelle
        quelles quels qui quoi s sa sans se sera ses si son sont sous suis sur t ta tant te tes toi ton tous tout toute toutes trop tu un une vers vos
        votre vous y à ça été être""",
}
JAPANESE_RUN = re.compile(r"[\u3400-\u9fff々]{2,}|[\u30a0-\u30ff]{2,}")
NO_WORDS: frozenset[str] = frozenset()
STOP = {language: frozenset(words.split()) for language, words in STOPWORDS.items()}


def content_words(text: str, language: str, names: Collection[str] = ()) -> list[str]:
    """The words that carry meaning, by their stems, each once; without numbers, codes and `names`."""
    if language == "ja":
        return list(dict.fromkeys(JAPANESE_RUN.findall(text)))
    stop = STOP.get(language, NO_WORDS)
    words = (token.text for token in tokens(text) if token.kind == "word" and len(token.text) > 1)
    return list(dict.fromkeys(stem(word) for word in words if word not in stop and word not in names))


def stem(word: str) -> str:
    """Crude on purpose: six letters, and no plural s, so that invoice, invoices and invoicing are one."""
    return word[:6] if len(word) > 6 else word.removesuffix("s") if len(word) > 3 else word


def overlap(question: str, span: str, language: str, names: Collection[str] = ()) -> tuple[float, list[str]]:
    """The share of the question's content words that stand in the span, and these words. Zero for a question of very few."""
    asked = content_words(question, language, names)
    if len(asked) < FEWEST:
        return 0.0, []
    if language == "ja":
        shared = [word for word in asked if word in span]
    else:
        there = set(content_words(span, language, names))
        shared = [word for word in asked if word in there]
    return len(shared) / len(asked), shared
