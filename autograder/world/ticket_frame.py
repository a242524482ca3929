"""How mails begin and end: greetings and signatures of agents and customers, and the message that an answer quotes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .chance import Chance
from .customers import Person
from .filters import written_date
from .ticket_voice import VOICES, Voice, written_out

AGENT_GREETINGS = {
    "de": ("Guten Tag {name},", "Hallo {name},", "Sehr geehrte Damen und Herren,"),
    "fr": ("Bonjour {first},", "Bonjour {name},", "Bonjour,"),
    "es": ("Hola, {first}:", "Buenos días, {first}:", "Estimado cliente:"),
    "ja": ("{last}様\n\nお世話になっております。サポートの{agent}です。", "{last}様\n\nお問い合わせありがとうございます。サポート担当の{agent}と申します。"),
}
AGENT_CLOSINGS = {
    "de": ("Freundliche Grüße\n{agent}\n{company} Support", "Viele Grüße\n{agent}", "Mit freundlichem Gruß\n{agent}, {company}"),
    "fr": ("Bien cordialement\n{agent}\nAssistance {company}", "Cordialement,\n{agent}"),
    "es": ("Un saludo,\n{agent}\nSoporte de {company}", "Saludos cordiales,\n{agent}"),
    "ja": ("よろしくお願いいたします。\n{company} サポート {agent}", "引き続きよろしくお願いいたします。\n{agent}"),
}
THANKS = {
    "en": ("Regards", "Thanks", "Many thanks", "Kind regards", "Best", "Cheers", "Thanks in advance"),
    "de": ("Mit freundlichen Grüßen", "Viele Grüße", "Beste Grüße", "MfG", "Danke und Gruß"),
    "fr": ("Cordialement", "Bien à vous", "Merci d'avance", "Merci"),
    "es": ("Saludos", "Un saludo", "Gracias de antemano", "Atentamente"),
    "ja": ("よろしくお願いいたします。", "以上、よろしくお願いします。", "何卒よろしくお願い申し上げます。"),
}
MOBILE = {
    "en": ("Sent from my iPhone", "Sent from my Galaxy", "sent from phone, excuse typos"),
    "de": ("Von meinem iPhone gesendet", "Gesendet von unterwegs"),
    "fr": ("Envoyé de mon iPhone",),
    "es": ("Enviado desde mi iPhone", "Enviado desde el móvil"),
    "ja": ("iPhoneから送信",),
}
SMALL_PRINT = {
    "en": "This message is meant for the addressee. If that is not you, please delete it and tell us.",
    "de": "Diese Nachricht ist nur für den Empfänger bestimmt. Bitte denken Sie an die Umwelt, bevor Sie drucken.",
    "fr": "Ce message est destiné à son seul destinataire.",
    "es": "Este mensaje puede contener información confidencial. Antes de imprimirlo, piense en el medio ambiente.",
    "ja": "※本メールは宛先の方のみを対象としています。",
}
QUOTES = {
    "en": ("On {day} at {clock}, {who} wrote:", "{who}, {day} {clock}:"),
    "de": ("Am {day} um {clock} schrieb {who}:",),
    "fr": ("Le {day} à {clock}, {who} a écrit :",),
    "es": ("El {day} a las {clock}, {who} escribió:",),
    "ja": ("{day} {clock} {who}:",),
}
SHORT = 90  # characters of an answer that is hardly signed


@dataclass(frozen=True)
class Staff:
    """Somebody at the desk; first and whole name carry marks."""

    first: str
    name: str
    voice: Voice = VOICES[0]


def answer(text: str, chance: Chance, language: str, to: Person, by: Staff, company: str, first: bool, plain: bool = False) -> str:
    """The answer as a mail. Only the first of a thread has a whole greeting and signature; in English they
    are the agent's own (see `ticket_voice`), with the agent's stock sentences unless it is to be `plain`."""
    if language == "en" and by.voice.formal:
        text = written_out(text)
    names = {"first": to.first, "last": to.last, "name": to.name, "agent": by.name, "agent_first": by.first, "company": company}
    if not first and language != "ja":
        close = by.first if language == "en" else by.name
        return "\n\n".join([*([f"{to.first},"] if language == "en" and chance.below(2) else []), text, *([close] if chance.below(3) else [])])
    if language != "en":
        greeting, closing = (chance.choice(forms[language]).format(**names) for forms in (AGENT_GREETINGS, AGENT_CLOSINGS))
        return "\n\n".join([greeting, text, closing])
    voice = by.voice
    before, after = ("" if plain else chance.choice(said).format(**names) for said in (voice.before, voice.after))
    body = " ".join(filter(None, [before, text])) if "\n" not in text else "\n\n".join(filter(None, [before, text]))
    greeting, closing = (chance.choice(forms).format(**names) for forms in (voice.greetings, voice.closings))
    return "\n\n".join(filter(None, [greeting, body, after, closing]))


def signed(text: str, chance: Chance, language: str, by: Person, company: str, first: bool) -> str:
    """The mail with what this person puts below, which is less when they answer an answer, and least below a line or two."""
    thanks = chance.choice(THANKS[language])
    given = by.last if language == "ja" else by.first
    lines: list[str] = []
    if not first and len(text) < SHORT and by.signs != "mobile":
        return "\n".join([text, *([given] if chance.below(5) < 2 else [])])
    match by.signs if first or by.signs in ("none", "mobile") else "first":
        case "mobile":
            lines = [MOBILE[language][len(by.name) % len(MOBILE[language])]]
        case "first":
            lines = [f"{thanks}\n{given}"] if chance.below(3) else [given]
        case "initials":
            lines = [f"– {given}, {company}"]
        case "name":
            lines = [f"{thanks}\n{by.name}", company]
        case "block":
            lines = [thanks, f"{by.name}\n{by.title}\n{company}\n{by.phone}\n{by.mail}"]
        case "address":
            lines = [thanks, f"--\n{by.name} | {by.title}\n{company}\n{by.address}\nTel. {by.phone}"]
            lines += [SMALL_PRINT[language]] if chance.below(2) else []
    return "\n\n".join([text, *lines])


def quoted(text: str, chance: Chance, language: str, before: str, at: datetime, who: str) -> str:
    """The text above the message that it answers."""
    head = chance.choice(QUOTES[language]).format(day=written_date(at.date(), language), clock=f"{at:%H:%M}", who=who)
    return "\n".join([text, "", head, *(f"> {line}".rstrip() for line in before.splitlines())])
