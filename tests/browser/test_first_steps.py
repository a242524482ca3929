"""A learner's first steps in a real browser: the page to start on, an exercise that is not met yet, a hint, a solution that passes, and progress."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from autograder.paths import course_root, models
from autograder.probe.hints import source
from tests.browser.notebook import Notebook
from tests.labrun import RUN, Running, environment, start

pytestmark = [pytest.mark.browser, pytest.mark.model, pytest.mark.slow]

NAIVE = """def call_with_retry(transport, *, max_attempts=5, deadline=10.0, clock):
    return transport(timeout=deadline)
"""


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the course to work in; what nobody writes into is linked."""
    root = tmp_path_factory.mktemp("clone")
    for name in ("autograder", "phases", "milestones"):
        shutil.copytree(course_root() / name, root / name, ignore=shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints"))
    for name in ("solutions", "datasets", "requirements.lock"):
        (root / name).symlink_to(course_root() / name)
    return root


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A learner's own cache folder, with everybody's weights."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "models").symlink_to(models())
    return folder


@pytest.fixture(scope="module")
def lab(clone: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        port = line.getsockname()[1]
    process = start(tmp_path_factory.mktemp("user"), "--port", str(port), clone=clone, AUTOGRADER_HOME=str(home))
    try:
        yield Running(process)
    finally:
        process.terminate()
        process.communicate()


def code_cells(notebook: Path) -> list[str]:
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_from_the_first_page_to_the_first_exercise_passed(page: Page, lab: Running, clone: Path, home: Path, tmp_path: Path) -> None:
    assert f"Notebooks   {clone}" in lab.said, "nothing may be written into the course that is tested"
    page.goto(f"{lab.page}?token={lab.token}")

    first = Notebook(page, "0_start_here.ipynb")
    shown = first.run(0)
    expect(shown.get_by_text("you are here")).to_be_visible()
    expect(shown.locator("circle.begun")).to_have_count(0)
    shown.locator("summary").click()
    expect(shown.locator("tr", has_text="1.1 A model call")).to_contain_text("0 of 3")
    shown.get_by_role("link", name="1.1 A model call").click()

    lesson = Notebook(page, "1_1_model_call.ipynb")
    check = code_cells(clone / "phases/1_foundations/1_1_model_call.ipynb").index('check("1.1-retry")')
    lesson.run_all_above(check)
    expect(lesson.panel.locator("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    panel = lesson.run(check)
    expect(panel).to_contain_text("call_with_retry is not written yet")
    expect(panel).to_contain_text('hint("1.1-retry")')

    lesson.write(check - 1, NAIVE)
    lesson.run(check - 1)
    panel = lesson.run(check)
    expect(panel).to_contain_text("Smallest example found")
    expect(panel).to_contain_text("expected 2 attempts and the reply 200")
    lesson.insert_below(check, 'hint("1.1-retry")')
    expect(lesson.run(check + 1)).to_contain_text("Hint 1 of 3")

    lesson.write(check - 1, source("1.1", "retry"))
    lesson.run(check - 1)
    panel = lesson.run(check)
    expect(panel).to_contain_text("1 of 3 exercises of notebook 1.1 passed.")
    expect(panel).not_to_contain_text("✗")

    page.get_by_role("tab", name="0_start_here.ipynb").click()
    first = Notebook(page, "0_start_here.ipynb")
    shown = first.run(0)
    expect(shown.locator("circle.begun")).to_have_count(1)
    shown.locator("summary").click()
    expect(shown.locator("tr", has_text="1.1 A model call")).to_contain_text("1 of 3")
    expect(first.run(1).locator("path.passed")).to_be_visible()
    expect(first.run(2)).to_contain_text("Day 1 of 90. This stage ends on")

    report = tmp_path / "progress.html"
    call = [sys.executable, "-c", RUN, "progress", "--out", str(report)]
    subprocess.run(call, cwd=clone, env=environment(tmp_path, AUTOGRADER_HOME=str(home)), check=True, capture_output=True)
    page.goto(report.as_uri())
    expect(page.locator("tr", has_text="1.1 A model call")).to_contain_text("✓ Retry what may pass, within a deadline (2 tries)")
    expect(page.locator("circle.begun")).to_have_count(1)
