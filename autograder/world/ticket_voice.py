"""How each agent writes: openings and endings that are theirs, and whether they contract their words."""

from __future__ import annotations

import re
from dataclasses import dataclass

NOTHING = ("",)


@dataclass(frozen=True)
class Voice:
    """English greetings and closings of one agent, and the sentences that they like to put before and after an answer."""

    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    before: tuple[str, ...] = NOTHING
    after: tuple[str, ...] = NOTHING
    formal: bool = False  # writes words out


VOICES = (
    Voice(("Hello {first},",), ("Regards\n{agent}",)),
    Voice(
        ("Dear {name},",),
        ("Kind regards\n{agent}\n{company} Support",),
        ("Thank you for contacting {company} Support.", "Thank you for your message.", "Thank you for your enquiry."),
        ("Please do not hesitate to reply to this message if anything remains unclear.", "Please let us know if you have any further questions.", ""),
        formal=True,
    ),
    Voice(("{first},", "Hi {first},"), ("{agent_first}", "– {agent_first}")),
    Voice(
        ("Hi {first}, thanks for getting in touch!", "Hello {first}, thanks for writing in!"),
        ("Best wishes\n{agent_first}\n{company} Support",),
        NOTHING,
        ("Hope this helps!", "Just reply here if it doesn't work.", "Any questions, just ask.", ""),
    ),
    Voice(
        ("Good day {name},",),
        ("With best regards,\n{agent}\nCustomer Support, {company}",),
        ("I have looked into your request.", "I have checked this for you.", ""),
        ("I will leave the ticket open for a few days.", ""),
        formal=True,
    ),
    Voice(("Hello {first},",), ("Yours\n{agent_first} ({company} support)",), NOTHING, ("", "", "Let me know how it goes.")),
)

NEGATED = re.compile(r"\b(ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|need)n't\b", re.I)
WHOLE = {"ca": "cannot", "wo": "will not"}
SHORTENED = re.compile(r"\b(I|you|we|they|it|that|there|he|she)'(m|re|ve|ll|d|s)\b", re.I)
LONG = {"m": "am", "re": "are", "ve": "have", "ll": "will", "d": "would"}


def written_out(text: str) -> str:
    """The text without contractions: "I'd rather not, it isn't ready" as "I would rather not, it is not ready"."""

    def negated(found: re.Match[str]) -> str:
        verb = found[1]
        whole = WHOLE.get(verb.casefold(), f"{verb} not")
        return whole[0].upper() + whole[1:] if verb[0].isupper() else whole

    def shortened(found: re.Match[str]) -> str:
        follows = text[found.end() : found.end() + 12].split()
        been = bool(follows) and follows[0] in ("been", "got", "had")
        return f"{found[1]} {('has' if been else 'is') if found[2] == 's' else LONG[found[2].casefold()]}"

    return NEGATED.sub(negated, SHORTENED.sub(shortened, text))
