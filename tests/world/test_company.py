"""Documents and questions of a company: variants, renames, other documents' spans, the catalogue, and who imports whom."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import autograder.world
from autograder.matching.answers import holds
from autograder.world.company import Company, draw
from autograder.world.errors import CompanyError
from autograder.world.stats import share_alike, statistics

from .toy import FILLER, NOTES, WARRANTY, toy

VARIANTS = f"""\
---
path: plans/{{{{ variant.name }}}}.html
title: "The {{{{ variant.name }}}} plan"
department: billing
language: en
variants: [{{name: small, factor: 1}}, {{name: big, factor: 3}}]
questions:
  - id: cost
    slice: version
    ask: ["What is charged for {{{{ variant.name }}}}?"]
    answer: "{{{{ (fridge.price * variant.factor) | money }}}}"
    accept: ["{{{{ (fridge.price * variant.factor) | money }}}}"]
    spans: [cost, "notes#hours"]
---
{FILLER}
{{% span cost %}}It costs {{{{ (fridge.price * variant.factor) | money }}}}.{{% endspan %}}
"""


@pytest.fixture(scope="module")
def company() -> Company:
    return draw(3)


def test_variants_are_documents_of_their_own(tmp_path: Path) -> None:
    made = draw(1, folder=toy(tmp_path, plan=VARIANTS))
    small, big = (next(d for d in made.documents if d.path == f"plans/{name}.html") for name in ("small", "big"))
    assert small.title == "The small plan" and big.spans["cost"] != small.spans["cost"]
    asked = {question.id: question for question in made.questions}
    assert asked["plan/cost@0"].wordings == ("What is charged for small?",)
    assert [span.path for span in asked["plan/cost@1"].spans] == ["plans/big.html", "notes/hours.md"]


def test_revisions_rename_delete_and_add(tmp_path: Path) -> None:
    files = {
        "old": NOTES.replace("notes/hours.md", "notes/old.md").replace("language: en", "language: en\nrevisions: [1]"),
        "new": NOTES.replace("notes/hours.md", "notes/new.md").replace("language: en", "language: en\nrevisions: [2]"),
        "notes": NOTES.replace("language: en", "language: en\npath_next: notes/moved.md"),
        "warranty": WARRANTY.replace("spans: [keeper]", 'spans: [keeper, "old#hours"]'),
    }
    folder = toy(tmp_path, **files)
    first, second = ({document.path for document in draw(1, revision, folder).documents} for revision in (1, 2))
    assert first - second == {"notes/old.md", "notes/hours.md"} and second - first == {"notes/new.md", "notes/moved.md"}
    asked = [{question.id for question in draw(1, revision, folder).questions} for revision in (1, 2)]
    assert asked[0] - asked[1] == {"warranty/keeper"}  # it needs a document that is gone


def test_an_edited_source_is_read_again(tmp_path: Path) -> None:
    folder = toy(tmp_path)
    before = {document.path for document in draw(1, folder=folder).documents}
    toy(folder, more=NOTES.replace("notes/hours.md", "notes/more.md"))
    assert {document.path for document in draw(1, folder=folder).documents} - before == {"notes/more.md"}


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CompanyError, match="no company"):
        draw(1, folder=tmp_path)


def test_spans_stand_in_their_documents(company: Company) -> None:
    for document in company.documents:
        text = document.plain
        assert all(span in text or holds(text, span) for span in document.spans.values()), document.path


def test_catalogue_questions_ask_for_rows_that_are_there(company: Company) -> None:
    asked = [question for question in company.questions if question.area == "catalogue" and question.answerable]
    assert len(asked) >= 40
    for question in asked:
        row = dict(cell.split(": ", 1) for cell in question.spans[0].text.split("; ") if ": " in cell)
        article = question.id.rpartition("@")[2]
        assert row["article"] == article
        assert article in question.wordings[0] or article == question.answer or question.slice in ("version", "table", "numeric")


def test_articles_come_and_go_and_prices_change() -> None:
    first, second = (next(d for d in draw(3, revision).documents if d.form == ".csv").spans for revision in (1, 2))
    assert first.keys() - second.keys() and second.keys() - first.keys()
    kept = first.keys() & second.keys()
    assert 0.15 < sum(first[name] != second[name] for name in kept) / len(kept) < 0.55


def test_another_seed_has_other_answers(company: Company) -> None:
    assert share_alike(company, draw(4)) < 0.2


def test_the_datasheet_can_be_counted(company: Company) -> None:
    text = statistics(company, draw(3, 2), draw(4))
    assert f"{len(company.documents)} documents" in text and "| multi_hop |" in text


FORBIDDEN = {"checks", "rubrics", "grading", "sandbox", "cohort", "reports", "probe", "authoring"}


def test_the_world_knows_nothing_of_graders() -> None:
    folder = Path(autograder.world.__file__).parent
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == 2:
                assert (node.module or "").split(".")[0] not in FORBIDDEN, path.name
                lazily = path.name in ("__main__.py", "closed_book.py", "difficulty.py") and node.col_offset > 0
                assert not (node.module or "").startswith("gateway") or lazily, path.name
