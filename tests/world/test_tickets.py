"""Support tickets: drawn with the seed's facts, personal data where they are said to be, times in order, no two alike."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from autograder.world.__main__ import main
from autograder.world.chance import Chance
from autograder.world.company import draw, home
from autograder.world.customers import SEGMENTS
from autograder.world.errors import CompanyError
from autograder.world.lint_tickets import ticket_problems
from autograder.world.pii import CARDS, EMAIL, TYPES, card, card_is_valid, iban, iban_is_valid, marked, unmarked, written
from autograder.world.ticket_clock import HISTORY, Desk
from autograder.world.ticket_draw import TicketDraw
from autograder.world.ticket_source import ACTIONS, CATEGORIES, LANGUAGES, OUTCOMES, read_ticket_templates, templates_of
from autograder.world.ticket_voice import written_out
from autograder.world.tickets import Ticket, draw_tickets

from .toy import toy

SEED = 5
FEWEST, FEWEST_TEMPLATES, MOST_USES = 600, 110, 9
MOST_ALIKE = 0.9
SERIES = {"GB": r"(?:\+44 |0)(?:20 7946 0\d{3}|113 496 0\d{3}|7700 900\d{3})", "US": r"(?:\(\d{3}\) |\d{3}-)555-01\d\d"}
PATTERNS = {
    "EMAIL_ADDRESS": re.compile(r"[\w.+-]+@[\w.-]+\.example"),
    "PHONE_NUMBER": re.compile(r"\+?[\d() -]{7,}"),
    "IP_ADDRESS": re.compile(r"\d+\.\d+\.\d+\.\d+"),
}


@pytest.fixture(scope="module")
def tickets() -> list[Ticket]:
    return draw_tickets(SEED)


def said(ticket: Ticket) -> str:
    return "\n".join(message.text for message in ticket.messages)


def spans(ticket: Ticket) -> list[tuple[str, str]]:
    return [(span.type, ticket.messages[span.message].text[span.start : span.end]) for span in ticket.pii]


def test_there_are_many_of_every_kind(tickets: list[Ticket]) -> None:
    templates = Counter(ticket.template for ticket in tickets)
    assert len(tickets) >= FEWEST and len(templates) >= FEWEST_TEMPLATES and max(templates.values()) <= MOST_USES
    assert {ticket.category for ticket in tickets} == set(CATEGORIES)
    assert {ticket.language for ticket in tickets} == set(LANGUAGES)
    assert {ticket.customer.segment for ticket in tickets} == set(SEGMENTS)
    assert {ticket.outcome for ticket in tickets} == set(OUTCOMES)
    assert {kind for ticket in tickets for kind, _ in spans(ticket)} == set(TYPES)
    actions = Counter(ticket.right_action for ticket in tickets)
    assert set(actions) == set(ACTIONS) and min(actions.values()) >= 30, actions


def test_every_personal_datum_is_what_its_span_says(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        last: tuple[int, int] = (0, 0)
        for span in sorted(ticket.pii, key=lambda span: (span.message, span.start)):
            text = ticket.messages[span.message].text
            value = text[span.start : span.end]
            assert 0 <= span.start < span.end <= len(text) and value == value.strip()
            assert (span.message, span.start) >= last, f"{ticket.id}: spans overlap"
            last = (span.message, span.end)
            if span.type == "CREDIT_CARD":
                assert card_is_valid(value) and re.sub(r"\D", "", value) in CARDS
            elif span.type == "IBAN_CODE":
                assert iban_is_valid(value)
            elif span.type in PATTERNS:
                assert PATTERNS[span.type].fullmatch(value), value


def test_no_mail_address_or_name_of_a_person_stays_without_a_span(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        known = {value for kind, value in spans(ticket)}
        for address in EMAIL.findall(said(ticket)):
            assert address in known, f"{ticket.template}: {address}"
        names = {value for kind, value in spans(ticket) if kind == "PERSON" and " " in value}
        for number, message in enumerate(ticket.messages):
            covered = [(span.start, span.end) for span in ticket.pii if span.message == number]
            for name in names:
                for found in re.finditer(re.escape(name), message.text):
                    assert any(start <= found.start() and found.end() <= end for start, end in covered), f"{ticket.template}: {name}"


def test_domains_and_telephone_numbers_are_fictional(tickets: list[Ticket]) -> None:
    for ticket in tickets:
        assert ticket.requester.endswith(".example")
        for kind, value in spans(ticket):
            if kind == "PHONE_NUMBER" and ticket.customer.country in SERIES and not value.startswith(("+00", "+800")):
                assert re.fullmatch(SERIES[ticket.customer.country], value), value


def test_times_are_in_order_and_the_desk_answers_in_its_hours(tickets: list[Ticket]) -> None:
    company = draw(SEED).facts.areas["company"]
    desk = Desk(company.support_opens, company.support_closes)
    for ticket in tickets:
        times = [message.time for message in ticket.messages]
        assert times == sorted(times) and times[0] == ticket.opened <= ticket.first_response
        assert ticket.resolved is None or ticket.resolved > times[-1]
        if ticket.priority != "P1" and ticket.channel in ("email", "portal"):
            at = ticket.first_response
            assert desk.is_open(at) or desk.is_open(at - timedelta(seconds=1)), f"{ticket.template}: answered {at}"
    opened = [ticket.opened for ticket in tickets]
    assert opened == sorted(opened) and HISTORY[0] <= opened[0].date() and opened[-1].date() <= HISTORY[1]
    assert len({ticket.id for ticket in tickets}) == len(tickets)


def test_working_hours_pass_over_nights_weekends_and_holidays() -> None:
    desk = Desk("08:00", "18:00")
    assert desk.after(datetime(2026, 3, 6, 17, 0), 2) == datetime(2026, 3, 9, 9, 0)
    assert desk.after(datetime(2026, 4, 2, 20, 0), 1) == datetime(2026, 4, 7, 9, 0)
    assert desk.after(datetime(2026, 3, 3, 5, 0), 10) == datetime(2026, 3, 3, 18, 0)


def test_the_week_of_the_great_outage_has_a_burst(tickets: list[Ticket]) -> None:
    day = draw(SEED).facts.areas["operations"].trust_day
    weeks = Counter(ticket.opened.isocalendar()[:2] for ticket in tickets)
    busiest = weeks.most_common(1)[0]
    assert busiest[0] == day.isocalendar()[:2] and busiest[1] > 2 * sorted(weeks.values())[len(weeks) // 2]
    number = draw(SEED).facts.areas["operations"].inc_trust
    assert sum(ticket.incident == number for ticket in tickets) > 25


def test_those_who_pay_more_are_answered_sooner(tickets: list[Ticket]) -> None:
    waits: dict[int, list[float]] = {tier: [] for tier in range(4)}
    for ticket in tickets:
        if ticket.priority == "P3" and ticket.channel == "email" and not ticket.incident:
            waits[ticket.customer.tier].append((ticket.first_response - ticket.opened).total_seconds())
    middle = [sorted(waits[tier])[len(waits[tier]) // 2] for tier in range(4)]
    assert middle[0] > middle[2] > 0 and middle[1] > middle[3]


def test_no_two_tickets_are_nearly_the_same(tickets: list[Ticket]) -> None:
    """Of the same thread, two tickets share fewer than nine in ten of their words (each counted as often as it stands)."""
    by_template: dict[str, list[Counter[str]]] = {}
    for ticket in tickets:
        by_template.setdefault(ticket.template, []).append(Counter(re.findall(r"\w+", said(ticket).casefold())))
    for template, bags in by_template.items():
        for at, one in enumerate(bags):
            for other in bags[:at]:
                share = (one & other).total() / max(one.total(), other.total())
                assert share < 1, template
    shares = [
        (one & other).total() / max(one.total(), other.total())
        for bags in by_template.values()
        for at, one in enumerate(bags)
        for other in bags[:at]
    ]
    assert sum(share > MOST_ALIKE for share in shares) / len(shares) < 0.05


def test_sources_stand_in_the_documents_of_the_seed(tickets: list[Ticket]) -> None:
    documents = {document.path: document for document in draw(SEED).documents}
    for ticket in tickets:
        for span in ticket.sources:
            assert documents[span.path].spans[span.name] == span.text
        assert bool(ticket.rule) == (ticket.right_action != "answer")
    assert sum(bool(ticket.sources) for ticket in tickets) > 0.9 * len(tickets)


def test_answers_differ_from_seed_to_seed(tickets: list[Ticket]) -> None:
    other = {(ticket.template, span.name): span.text for ticket in draw_tickets(SEED + 1) for span in ticket.sources}
    both = [(span.text, other[ticket.template, span.name]) for ticket in tickets for span in ticket.sources if (ticket.template, span.name) in other]
    assert sum(one == another for one, another in both) < 0.2 * len(both)
    assert not {ticket.id for ticket in tickets if "P1" in ticket.priority} <= {ticket.id for ticket in draw_tickets(SEED + 1)}


def test_a_seed_gives_the_same_bytes_in_another_process(tickets: list[Ticket]) -> None:
    code = f"import json;from autograder.world.tickets import draw_tickets;print(json.dumps([t.public() for t in draw_tickets({SEED})]))"
    other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "77"})
    assert other.stdout.strip() == json.dumps([ticket.public() for ticket in tickets])


def test_the_second_revision_keeps_what_was_written_and_says_what_is_outdated(tickets: list[Ticket]) -> None:
    later = draw_tickets(SEED, 2)
    kept = later[: len(tickets)]
    assert [ticket.messages for ticket in kept] == [ticket.messages for ticket in tickets]
    assert [ticket.customer for ticket in kept] == [ticket.customer for ticket in tickets]
    documents = {document.path: document for document in draw(SEED, 2).documents}
    outdated = [ticket for ticket in kept if ticket.outdated]
    assert 0.1 * len(kept) < len(outdated) < 0.7 * len(kept) and not any(ticket.sources for ticket in outdated)
    for ticket in later:
        for span in ticket.sources:
            assert documents[span.path].spans[span.name] == span.text
    newer = later[len(tickets) :]
    assert len(newer) > 30 and min(ticket.opened for ticket in newer) > max(ticket.opened for ticket in tickets)
    assert len({ticket.id for ticket in later}) == len(later)


def test_marks_become_spans_with_exact_places() -> None:
    text = f"Ask {marked('PERSON', 'Zoë 佐伯')} or a.b@c.example at 192.0.2.7, {written('{health: ill}')}."
    plain, found = unmarked(text, 3)
    assert plain == "Ask Zoë 佐伯 or a.b@c.example at 192.0.2.7, ill."
    assert [(span.type, plain[span.start : span.end], span.message) for span in found] == [
        ("PERSON", "Zoë 佐伯", 3),
        ("EMAIL_ADDRESS", "a.b@c.example", 3),
        ("IP_ADDRESS", "192.0.2.7", 3),
        ("MEDICAL_CONDITION", "ill", 3),
    ]


@pytest.mark.parametrize("country", ["DE", "GB", "FR", "CH", "JP"])
def test_account_and_card_numbers_pass_their_checks_and_fail_with_one_digit_wrong(country: str) -> None:
    for number in range(20):
        account, plastic = iban(country, Chance(number)), card(Chance(number))
        assert iban_is_valid(account) and card_is_valid(plastic)
        assert not iban_is_valid(account[:-1] + str((int(account[-1]) + 1) % 10))
        assert not card_is_valid(plastic[:-1] + str((int(plastic[-1]) + 1) % 10))


def test_all_hand_written_threads_pass_the_lint() -> None:
    assert [str(problem) for problem in ticket_problems(home())] == []


BROKEN = {
    "an unknown key": ("colour: red", '"colour" is no key of a ticket'),
    "an unknown category": ("category: gossip", "the category is 'gossip'"),
    "a refusal without a rule": ("action: refuse", '"rule" says which rule'),
    "a message of nobody": ("thread: [{nobody: hello}]", "a message has one of"),
    "no answer": ("thread: [{customer: hello}]", "begins with the customer and has an answer"),
    "a draw of no kind": ("draw: {peak: {colour: 3}}", "peak must have one kind"),
}


@pytest.mark.parametrize("case", list(BROKEN))
def test_a_malformed_template_is_named_with_its_line(tmp_path: Path, case: str) -> None:
    wrong, message = BROKEN[case]
    key = wrong.split(":")[0]
    lines = ["- id: one", "  category: billing", "  product: api", "  priority: P3", "  outcome: refunded", "  subject: Hello",
             "  resolution: Done.", "  thread: [{customer: hello}, {agent: hello}]"]  # fmt: skip
    kept = [line for line in lines if not line.strip().startswith(f"{key}:")]
    folder = toy(tmp_path)
    (folder / "tickets").mkdir()
    path = folder / "tickets" / "odd.yaml"
    path.write_text("\n".join([*kept, f"  {wrong}"]) + "\n", encoding="utf-8")
    (found,) = templates_of(folder, path)
    assert isinstance(found, CompanyError) and message in str(found)
    assert found.file == "tickets/odd.yaml" and found.line >= 1
    if key in ("category", "draw", "colour"):
        assert found.line == len(kept) + 1
    with pytest.raises(CompanyError, match=re.escape(message)):
        read_ticket_templates(folder)


def test_the_lint_sees_an_answer_that_does_not_say_what_the_document_says(tmp_path: Path) -> None:
    folder = tmp_path / "company"
    shutil.copytree(home(), folder)
    path = folder / "tickets" / "billing.yaml"
    text = path.read_text(encoding="utf-8")
    assert "{{ billing.pack_overdraft }}" in text
    for other in (folder / "tickets").glob("*.yaml"):
        if other != path:
            other.unlink()
    path.write_text(text.replace("{{ billing.pack_overdraft }}", "very many"), encoding="utf-8")
    problems = [str(problem) for problem in ticket_problems(folder)]
    assert problems and all("sms-overdraft" in problem and "sms-packs#overdraft" in problem for problem in problems)


def test_a_company_without_templates_has_no_tickets(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    assert draw_tickets(1, 1, folder) == [] and TicketDraw(draw(1, 1, folder), HISTORY).tickets() == []


def test_write_puts_the_tickets_beside_the_corpus(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "tickets.jsonl"
    assert main(["--folder", str(toy(tmp_path / "toy")), "write", str(tmp_path / "corpus"), "--tickets", str(out)]) == 0
    assert out.read_text(encoding="utf-8") == "" and "0 tickets" in capsys.readouterr().out
    assert not list((tmp_path / "corpus").rglob("tickets*"))


def test_a_public_ticket_does_not_name_its_template(tickets: list[Ticket]) -> None:
    record = tickets[0].public()
    assert "template" not in record and json.loads(json.dumps(record)) == record


def test_a_formal_agent_writes_words_out() -> None:
    assert written_out("I'd rather not: it isn't ready, and you can't wait.") == "I would rather not: it is not ready, and you cannot wait."
    assert written_out("Don't pay. It's been paid; that's all we've got.") == "Do not pay. It has been paid; that is all we have got."


def test_agents_have_ways_of_their_own(tickets: list[Ticket]) -> None:
    """An agent greets in one way, and those who are formal contract nothing; no way is most agents'."""
    ways: dict[str, set[str]] = {}
    for ticket in tickets:
        first = next((message.text for message in ticket.messages if message.author == "agent" and not message.internal), "")
        if ticket.language == "en" and ticket.channel == "email" and first.startswith(("Dear ", "Good day ")):
            assert not re.search(r"\b(?:don't|can't|isn't|I'm|I've|it's|that's)\b", first), first
            ways.setdefault(first.splitlines()[-2], set()).add(first.split(" ", 1)[0])
    assert len(ways) >= 2 and all(len(greetings) == 1 for greetings in ways.values())
