"""Milestone A's page in a real browser, in front of the reference pipeline and the real model: an answer while it is written, the passage
it stands on, silence, a draft that is taken back, a model that dies, is stopped or has to stop, and documents full of markup.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from autograder.gateway import Gateway
from autograder.paths import course_root
from autograder.probe.web import free_port
from autograder.probe.web_model import Model
from autograder.world.chance import Chance
from autograder.world.ui_inputs import FILLING, Planted, plant
from tests.browser.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
expect.set_options(timeout=PATIENCE)
REFERENCE = course_root() / "solutions" / "milestones" / "a_document_qa"
RECORDED = Path(__file__).parent / "document_qa.jsonl"
REAL, SCRIPTED = "qwen2.5-coder:1.5b", "double:scripted"
ASKED = "From what age are kids allowed next to the fixer on a Saturday?"
UNKNOWN = "Which colour is the submarine of the caretaker painted?"
UNSUPPORTED = '{"passage": 1, "answer": "seventeen purple elephants in a boat"}'


@dataclass
class Served:
    """The page, the model server in front of the gateway, and the document that was planted."""

    url: str
    model: Model
    gateway: Gateway
    planted: Planted


@contextmanager
def served(folder: Path, tag: str) -> Iterator[Served]:
    """The reference application on its own documents and a planted one, in which the passage stands far down."""
    documents = folder / "documents"
    shutil.copytree(REFERENCE / "documents", documents)
    planted = plant(Chance("tab"))
    (documents / planted.path).parent.mkdir(parents=True, exist_ok=True)
    begin, rest = planted.text.split(FILLING[0])
    (documents / planted.path).write_text(begin + "\n\n".join([*FILLING] * 20) + rest, encoding="utf-8")
    port = free_port()
    call = [sys.executable, str(REFERENCE / "app.py"), "--documents", str(documents), "--index", str(folder / "index"), "--model", tag, "--port", str(port)]
    with Gateway(cassettes=[RECORDED]) as gateway, pytest.MonkeyPatch.context() as patch:
        patch.setenv("OLLAMA_HOST", gateway.url)
        model = Model()
        environment = {**os.environ, "OLLAMA_HOST": model.url, "PYTHONPATH": str(course_root()), "PYTHONDONTWRITEBYTECODE": "1"}
        process = subprocess.Popen(call, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            assert process.stdout is not None
            said = next((line for line in process.stdout if "Open http" in line), "")
            assert said, "it ended before it served"
            yield Served(f"http://127.0.0.1:{port}", model, gateway, planted)
        finally:
            process.terminate()
            process.communicate()
            model.stop()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("real"), REAL) as one:
        yield one


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("scripted"), SCRIPTED) as one:
        yield one


def ask(page: Page, question: str) -> Locator:
    """Ask with the keyboard alone; the newest card."""
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")
    card = page.locator(".card").first
    expect(card.get_by_role("heading", level=2)).to_have_text(question)
    return card


def ends(card: Locator, state: str) -> None:
    expect(card).to_have_attribute("aria-busy", "false")
    expect(card).to_have_attribute("data-state", state)


def soon(met: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE / 1000
    while not met() and time.monotonic() < until:
        time.sleep(0.05)
    return met()


def opened(page: Page, card: Locator) -> Page:
    """The document that the first citation leads to, in its new tab."""
    with page.context.expect_page() as tab:
        card.get_by_role("link").first.click()
    tab.value.wait_for_load_state()
    return tab.value


@pytest.mark.model
def test_an_answer_is_seen_while_it_is_written_and_its_passage_opens_in_view(real: Served, page: Page) -> None:
    page.set_viewport_size({"width": 900, "height": 500})
    page.goto(real.url)
    real.model.now("pace")
    card = ask(page, real.planted.question)
    expect(card).to_have_attribute("data-state", "draft")
    expect(card.locator(".words")).not_to_be_empty()
    assert not real.model.over, "the model is still writing"
    expect(page.locator("#answers")).to_have_attribute("aria-live", "polite")
    expect(card).to_have_attribute("aria-busy", "true")
    real.model.seen.set()
    ends(card, "answered")
    quoted = card.locator("blockquote").first.inner_text()
    document = opened(page, card)
    mark = document.locator("mark#passage")
    expect(mark).to_be_in_viewport()
    assert mark.inner_text() == quoted == real.planted.sentence
    assert document.evaluate("scrollY") > 0, "it stands far down"


@pytest.mark.model
def test_markup_of_documents_is_text_on_every_page(real: Served, page: Page) -> None:
    real.model.now("pass")
    page.goto(real.url)
    card = ask(page, real.planted.question)
    ends(card, "answered")
    document = opened(page, card)
    expect(document.get_by_role("heading", level=1)).to_have_text(real.planted.title)
    assert document.title() == real.planted.title
    assert document.locator(".text *:not(mark), mark *, h1 *").count() == 0
    assert card.locator(".words *, blockquote *").count() == 0
    assert card.locator("blockquote").first.inner_text() == real.planted.sentence
    document.goto(f"{real.url}/documents/rules.md?quote={real.planted.elsewhere}")
    assert real.planted.canary not in document.content()


@pytest.mark.model
def test_silence_is_said_in_words(real: Served, page: Page) -> None:
    real.model.now("pass")
    page.goto(real.url)
    card = ask(page, UNKNOWN)
    ends(card, "silent")
    expect(card.locator(".state")).to_contain_text("The documents do not say.")
    expect(card.get_by_role("link")).to_have_count(0)


@pytest.mark.model
def test_a_stopped_model_is_said_and_the_next_question_answered(real: Served, page: Page) -> None:
    page.goto(real.url)
    real.model.now("pass")
    real.model.stop()
    try:
        card = ask(page, ASKED)
        ends(card, "failed")
        expect(card.get_by_role("alert")).to_have_text("The model does not answer. Start the model server, then ask again.")
    finally:
        real.model.start()
    expect(page.get_by_label("Your question")).to_be_focused()
    ends(ask(page, ASKED), "answered")
    expect(page.locator(".card")).to_have_count(2)


@pytest.mark.model
def test_half_an_answer_is_not_taken_for_a_whole_one(real: Served, page: Page) -> None:
    page.goto(real.url)
    real.model.now("cut")
    card = ask(page, real.planted.question)
    expect(card.locator(".words")).not_to_be_empty()
    real.model.seen.set()
    ends(card, "failed")
    expect(card.get_by_role("alert")).to_contain_text("broke off before the answer was complete")
    expect(card.locator(".sources")).to_be_hidden()


@pytest.mark.model
@pytest.mark.parametrize("how", ["button", "Escape", "close"])
def test_who_stops_hangs_up_on_the_model(real: Served, page: Page, how: str) -> None:
    page.goto(real.url)
    real.model.now("endless")
    card = ask(page, real.planted.question)
    expect(card.locator(".words")).not_to_be_empty()
    real.model.seen.set()
    if how == "button":
        expect(page.get_by_role("button", name="Stop")).to_be_focused()
        page.keyboard.press("Enter")
    elif how == "Escape":
        page.keyboard.press("Escape")
    else:
        page.close()
    if how != "close":
        ends(card, "stopped")
        expect(page.get_by_role("button", name="Ask")).to_be_visible()
        expect(page.get_by_label("Your question")).to_be_focused()
    assert soon(lambda: real.model.calls[0].left)
    assert not real.model.calls[0].last


def test_a_draft_that_no_passage_supports_is_taken_back(scripted: Served, page: Page) -> None:
    scripted.gateway.script([UNSUPPORTED])
    scripted.model.now("pace")
    page.goto(scripted.url)
    card = ask(page, ASKED)
    expect(card.locator(".words")).to_contain_text("seventeen")
    scripted.model.seen.set()
    ends(card, "silent")
    expect(card.locator(".state")).to_contain_text("withdrawn")
    assert "line-through" in card.locator(".words").evaluate("words => getComputedStyle(words).textDecoration")
    expect(card.get_by_role("link")).to_have_count(0)


def test_markup_of_the_model_is_text(scripted: Served, page: Page) -> None:
    scripted.gateway.script(['{"passage": 1, "answer": "<img src=x onerror=alert(1)><b>8</b>"}'])
    scripted.model.now("pass")
    page.goto(scripted.url)
    card = ask(page, ASKED)
    expect(card).to_have_attribute("aria-busy", "false")
    assert card.locator(".words").inner_text() == "<img src=x onerror=alert(1)><b>8</b>"
    assert card.locator(".words *").count() == 0


def test_a_question_that_is_refused_and_an_application_that_is_gone_are_said(scripted: Served, page: Page) -> None:
    page.goto(scripted.url)
    page.locator("#question").evaluate("box => box.removeAttribute('maxlength')")
    card = ask(page, "why " * 200 + "so")
    ends(card, "failed")
    expect(card.get_by_role("alert")).to_have_text(re.compile("A question has at most 500 characters"))
    page.route("**/ask*", lambda route: route.abort())
    card = ask(page, ASKED)
    ends(card, "failed")
    expect(card.get_by_role("alert")).to_contain_text("The connection to the application was lost.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_text_is_readable_and_nothing_is_cut_off(scripted: Served, page: Page, scheme: str, width: int) -> None:
    """Contrast of 4.5 to 1 for the words, and no scrolling sideways."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 800})
    scripted.gateway.script([UNSUPPORTED])
    scripted.model.now("pass")
    page.goto(scripted.url)
    ends(ask(page, ASKED), "silent")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for part in ("h1", ".lead", "label", "#question", "#ask", ".asked", ".state", ".words"):
        assert page.locator(part).first.evaluate(CONTRAST) >= 4.5, part
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid", "the focus is visible"


CONTRAST = """element => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => numbers(colour).slice(0, 3).map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  let ground = element;
  while (ground && (numbers(getComputedStyle(ground).backgroundColor)[3] ?? 1) === 0) ground = ground.parentElement;
  const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(ground ?? document.body).backgroundColor)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
}"""
