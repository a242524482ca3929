"""Filters and the span tag, checked against what WRITING.md shows."""

from __future__ import annotations

from datetime import date

import pytest

from autograder.world.errors import CompanyError
from autograder.world.exact import Exact
from autograder.world.template import ENVIRONMENT, compiled, render

VALUES = {"a": {"x": 1250, "y": Exact("1249.5"), "n": 14, "d": date(2026, 3, 3), "first": date(2026, 1, 1), "t": Exact("2.0"), "big": 12500, "l": [5, 6]}}
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{{ a.x | money }}", "€1,250"),
        ("{{ a.y | money }}", "€1,249.50"),
        ("{{ a.x | money('de') }}", f"1.250{NBSP}€"),
        ("{{ a.y | money('de') }}", f"1.249,50{NBSP}€"),
        ("{{ a.x | money('fr') }}", f"1{NBSP}250{NBSP}€"),
        ("{{ a.x | money('ja') }}", "1,250ユーロ"),
        ("{{ -5 | money }}", "-€5"),
        ("{{ a.big | number }}", "12,500"),
        ("{{ a.big | number('fr') }}", f"12{NBSP}500"),
        ("{{ a.y | number('de') }}", "1.249,5"),
        ("{{ a.d | date }}", "3 March 2026"),
        ("{{ a.d | date('de') }}", "3. März 2026"),
        ("{{ a.d | date('es') }}", "3 de marzo de 2026"),
        ("{{ a.first | date('fr') }}", "1er janvier 2026"),
        ("{{ a.d | date('ja') }}", "2026年3月3日"),
        ("{{ a.d | date('iso') }}", "2026-03-03"),
        ("{{ a.d | date('us') }}", "March 3, 2026"),
        ("{{ a.d | plus(30) | date }}", "2 April 2026"),
        ("{{ a.n | words }}", "fourteen"),
        ("{{ 72 | words }}", "seventy-two"),
        ("{{ a.t }}", "2.0"),
        ("{{ a.t * 1.1 }}", "2.20"),
        ("{{ a.x * 1.1 }}", "1375"),
        ("{{ a.l[1] }}", "6"),
        ("{{ a.d }}", "2026-03-03"),
    ],
)
def test_local_forms(source: str, text: str) -> None:
    assert render(source, VALUES) == text


@pytest.mark.parametrize("source", ["{{ a.x }}", "{{a.x|money}} and {{ a.d | date('de') }}", "{{ a.l[0] }} {{ a.t | number }}", "{{ a.n | words }}."])
def test_the_short_way_agrees_with_jinja(source: str) -> None:
    assert compiled(source)(VALUES) == ENVIRONMENT.from_string(source).render(VALUES)


@pytest.mark.parametrize(
    "source",
    [
        "{{ nobody.x }}",
        "{{ a.l[7] }}",
        "{{ a.n | wrods }}",
        "{{ a.d | money }}",
        "{{ a.x | date }}",
        "{{ a.x | money('xx') }}",
        "{% span x %}",
        "{{ 200 | words }}",
    ],
)
def test_what_cannot_be_filled_in_is_an_error(source: str) -> None:
    with pytest.raises(CompanyError):
        render(source, VALUES)


def test_errors_know_their_line() -> None:
    with pytest.raises(CompanyError) as caught:
        render("one\ntwo\n{{ a.n }} {{ missing }}\n", VALUES)
    assert caught.value.line == 3


def test_spans_are_kept_and_text_around_them_is_left_alone() -> None:
    spans: dict[str, str] = {}
    text = render("One. {% span s-1 %}It is {{ a.n }}.{% endspan %}\nTwo\n{% span row %}| a | {{ a.x }} |{% endspan %}\n| b |\n", VALUES, spans)
    assert text == "One. It is 14.\nTwo\n| a | 1250 |\n| b |\n"
    assert spans == {"s-1": "It is 14.", "row": "| a | 1250 |"}


def test_loops_leave_no_empty_lines_in_tables() -> None:
    text = render("| A |\n|---|\n{% for x in a.l %}\n| {{ x }} |\n{% endfor %}\nend\n", VALUES)
    assert text == "| A |\n|---|\n| 5 |\n| 6 |\nend\n"


def test_a_span_twice_or_outside_a_body_is_an_error() -> None:
    with pytest.raises(CompanyError, match="twice"):
        render("{% span s %}a{% endspan %} {% span s %}b{% endspan %}", VALUES, {})
    with pytest.raises(CompanyError, match="body"):
        render("{% span s %}a{% endspan %}", VALUES)
