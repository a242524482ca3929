"""What the first notebook shows, to one who has done nothing yet and to one who has."""

from __future__ import annotations

from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from autograder.grading.journal import Journal, Key
from autograder.paths import course_root
from autograder.progress import here
from autograder.progress.path import steps
from tests.progress.conftest import Log
from tests.progress.courses import report


class Links(HTMLParser):
    """Where the anchors lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value or "" for name, value in attrs if tag == "a" and name == "href"]


def graded(*scores: float) -> None:
    """Runs of Milestone A in the journal."""
    for number, score in enumerate(scores):
        key = Key("a_document_qa", "s", number, "m", "replay", "none")
        Journal().finish(Journal().start(key, "milestones/a_document_qa"), report("a_document_qa", number, score))


def test_who_has_done_nothing_begins_at_the_beginning_today() -> None:
    path, scores, days = here.path(), here.scores(), here.ninety_days()
    first = steps()[0]
    assert "you are here" in path.html and first.title in path.html and "The first exercise in it" in path.html
    assert "No exercise passed yet" in scores.html and "<svg" not in scores.html and "No milestone has been graded yet" in scores.html
    assert "Counting from today" in days.html and f"{date.today():%d %B}" in days.html
    assert repr(path).endswith(f'run check("{first.tasks[0].id}").') and "Day 1 of 90." in repr(days)


def test_who_has_begun_sees_it(attempt: Log) -> None:
    attempt("0.1-rate", days_ago=9)
    attempt("0.1-budget", days_ago=2, passed=False)
    path, scores, days = here.path(), here.scores(), here.ninety_days()
    assert "The next exercise in it" in path.html and "A timeout from measured rates" in path.html
    assert "✓ Tokens per second" in path.html and "(1 try)" in path.html
    assert 'class="passed"' in scores.html and repr(scores).startswith("1 of ")
    assert "Day 10 of 90" in days.html and f"{date.today() - timedelta(days=9):%d %B}" in days.html


def test_graded_milestones_are_drawn_from_the_second_run_on() -> None:
    graded(41)
    once = here.scores().html
    assert "best score 41 of 100 in 1 graded run." in once and "pass mark" not in once
    graded(41, 74.5)
    more = here.scores().html
    assert "best score 74.5 of 100 in 3 graded runs." in more and "pass mark" in more
    assert "41, 41, 74.5 of 100" in repr(here.scores())


def test_when_the_ninety_days_are_over_it_says_so_kindly(attempt: Log) -> None:
    attempt("0.1-rate", days_ago=120)
    shown = here.ninety_days().html
    assert "Day 121." in shown and "of 90" not in shown and "the work is not" in shown


def test_its_links_lead_to_notebooks() -> None:
    links = Links(here.path().html).found
    assert len(links) == len(steps()) + 1
    for link in links:
        assert (course_root() / "phases" / unquote(link)).resolve().is_file(), link


def test_the_home_folder_need_not_exist(own_home: Path) -> None:
    assert not own_home.exists()
    here.path()
