"""The page of notebook 2.4 in a real browser: a slow reader, a bound that holds, a reader who stops, a tab that is closed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Page, expect

from autograder.authoring.execute import environment
from autograder.authoring.source import chosen
from autograder.gateway import Gateway
from autograder.paths import datasets
from tests.browser.conftest import PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEEDED = ("import ", "def chat", "async def stream_chat", "class Counted", "class Pour", "WINDOW", "LOOKS", "SCRIPT", "ASK", "PAGE")
"""How the cells begin that the page is made of, beside the solutions."""
BOUND = 8
WORDS = " ".join(f"word{number}" for number in range(60))


class Served:
    """The page as the notebook's own kernel serves it, and the server of the model behind it."""

    def __init__(self, client: NotebookClient, gateway: Gateway) -> None:
        self.client = client
        self.gateway = gateway
        self.url = ""

    def run(self, code: str) -> str:
        cell = nbformat.v4.new_code_cell(code)
        self.client.nb.cells.append(cell)
        done = self.client.execute_cell(cell, len(self.client.nb.cells) - 1)
        return "".join(output.get("text", "") for output in done.outputs)

    def model(self, **plan: Any) -> None:
        """Let the page's model be a double that says what the plan has."""
        self.run('served["model"] = "double:flaky"')
        self.gateway.faults(plan.get("faults") or [{"kind": "ok"}])
        self.gateway.script([plan.get("content", WORDS)])

    @property
    def requests_open(self) -> int:
        return int(self.gateway.doubles.stats()["open"])


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    (source,) = chosen("2.4")
    scratch = tmp_path_factory.mktemp("page")
    (scratch / "work").mkdir()
    cells = [cell.source for cell in source.parsed().cells if cell.cell_type == "code" and needed(cell)]
    with Gateway(backend="double:scripted", cassettes=[datasets() / "cassettes" / "2.4.jsonl"]) as gateway:
        client = NotebookClient(
            nbformat.v4.new_notebook(),
            timeout=300,
            kernel_name="python3",
            resources={"metadata": {"path": str(scratch / "work")}},
            extra_arguments=["--Application.log_level=ERROR"],
        )
        with client.setup_kernel(env=environment(source, scratch, gateway.url)):
            served = Served(client, gateway)
            said = "".join(map(served.run, cells))
            served.url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]  # type: ignore[index]
            yield served


def needed(cell: Any) -> bool:
    return "solution" in cell.metadata.get("tags", []) or cell.source.startswith(NEEDED)


def ask(notebook: Served, page: Page, *, pace: int, bounded: bool = True) -> None:
    page.goto(notebook.url)
    page.locator("#pace").fill(str(pace))
    page.locator("#bounded").set_checked(bounded)
    page.get_by_role("button", name="Ask").click()


def figures(page: Page) -> list[int]:
    """Read from the model, sent, waiting, and the most that waited."""
    return [int(number) for number in re.findall(r"\d+", page.locator("#figures").inner_text())]


def ends(page: Page, state: str) -> None:
    expect(page.locator("#state")).to_have_text(state, timeout=PATIENCE)


def test_the_recorded_answer_arrives_whole_and_as_text(notebook: Served, page: Page) -> None:
    ask(notebook, page, pace=60)
    ends(page, "done")
    recorded = notebook.run("print(''.join([text async for text in stream_chat(chat(QUESTION))]))")
    assert page.locator("#answer").inner_text().split() == recorded.split() != []


def test_markup_from_the_model_is_shown_and_not_obeyed(notebook: Served, page: Page) -> None:
    notebook.model(content="<b>5 °C</b> <img src=x onerror=alert(1)>")
    ask(notebook, page, pace=60)
    ends(page, "done")
    assert page.locator("#answer").inner_text() == "<b>5 °C</b> <img src=x onerror=alert(1)>"
    assert page.locator("#answer *").count() == 0


def test_a_bound_holds_for_a_slow_reader_and_without_it_the_whole_answer_waits(notebook: Served, page: Page) -> None:
    notebook.model()
    ask(notebook, page, pace=30)
    ends(page, "done")
    *_, bounded = figures(page)
    notebook.model()
    ask(notebook, page, pace=30, bounded=False)
    ends(page, "done")
    *_, unbounded = figures(page)
    assert 1 <= bounded <= BOUND + 2
    assert unbounded > 4 * bounded


def test_what_is_read_from_the_model_keeps_step_with_the_reader(notebook: Served, page: Page) -> None:
    notebook.model()
    ask(notebook, page, pace=4)
    page.wait_for_function("document.querySelectorAll('#answer')[0].textContent.includes('word5')")
    read, sent, waiting, _ = figures(page)
    painted = len(page.locator("#answer").inner_text().split())
    assert waiting == read - sent
    assert read <= painted + 4 + BOUND + 2 < len(WORDS.split()), "the window, the queue and one in each hand"
    page.get_by_role("button", name="Stop").click()
    ends(page, "stopped")


@pytest.mark.parametrize("leave", ["stop", "close"])
def test_a_reader_who_leaves_hangs_up_on_the_model(notebook: Served, page: Page, leave: str) -> None:
    notebook.model(faults=[{"kind": "stall", "at": "midstream", "seconds": 600}])
    ask(notebook, page, pace=60)
    page.locator("#answer").get_by_text("word0").wait_for()
    assert notebook.requests_open == 1
    if leave == "stop":
        page.get_by_role("button", name="Stop").click()
        ends(page, "stopped")
    else:
        page.close()
    assert soon(lambda: notebook.requests_open == 0)


def test_half_an_answer_is_not_taken_for_a_whole_one(notebook: Served, page: Page) -> None:
    notebook.model(faults=[{"kind": "reset_midstream"}])
    ask(notebook, page, pace=60)
    ends(page, "broken off")
    assert page.locator("#answer").inner_text() == "word0"


def soon(met: Any, seconds: float = 30.0) -> bool:
    """Whether something comes true, looked for again and again."""
    until = time.monotonic() + seconds
    while not met() and time.monotonic() < until:
        time.sleep(0.05)
    return bool(met())
