"""A question is answered by its page and by that page's translations, where they tell the same."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from autograder.contracts import Passage
from autograder.matching.answers import holds
from autograder.rubrics.qa_case import Question as JudgedQuestion
from autograder.rubrics.qa_case import graded
from autograder.world.company import Company, draw
from autograder.world.draws import Asked
from autograder.world.inputs import judged
from autograder.world.questions import Question

from .toy import FILLER, WARRANTY, toy

GERMAN = f"""\
---
path: hilfe/garantie.html
title: "Wie lange ein Kühler abgedeckt ist"
department: devices
language: de
translates: warranty
questions:
  - id: tage
    slice: numeric
    ask: ["Der Kühler ist kaputt. Bis wann wird er umsonst gerichtet?"]
    answer: "{{{{ fridge.days }}}} Tage"
    accept: ["{{{{ fridge.days }}}} Tage"]
    spans: [frist]
---
{FILLER}
{{% span frist %}}Wir reparieren binnen {{{{ fridge.days }}}} Tagen auf unsere Kosten.{{% endspan %}}

{{% span stunden %}}Briefe beantworten wir in {{{{ fridge.hours }}}} Stunden.{{% endspan %}}
"""

PLANS = f"""\
---
path: plans/{{{{ variant.name }}}}.html
title: "The {{{{ variant.name }}}} plan"
department: billing
language: en
variants: [{{name: small, row: 0}}, {{name: big, row: 1}}]
questions:
  - id: cost
    slice: version
    ask: ["What is charged for {{{{ variant.name }}}}?"]
    answer: "{{{{ [fridge.price, fridge.hours][variant.row] }}}} euros"
    accept: ["{{{{ [fridge.price, fridge.hours][variant.row] }}}} euros"]
    spans: [cost]
---
{FILLER}
{{% span cost %}}It costs {{{{ [fridge.price, fridge.hours][variant.row] }}}} euros.{{% endspan %}}
"""

TABLE = f"""\
---
path: tarife/alle.html
title: "Alle Tarife"
department: billing
language: de
translates: plans
---
{FILLER}
| Tarif | Preis |
|---|---|
{{% span klein %}}| klein | {{{{ fridge.price }}}} |{{% endspan %}}
{{% span gross %}}| gross | {{{{ fridge.hours }}}} |{{% endspan %}}
"""


def asked(company: Company) -> dict[str, Question]:
    return {question.id: question for question in company.questions}


def cited(question: Question) -> list[tuple[str, str, int]]:
    return [(span.path, span.name, span.need) for span in question.spans]


def test_a_translation_that_tells_the_same_is_a_source_too(tmp_path: Path) -> None:
    found = asked(draw(1, folder=toy(tmp_path, garantie=GERMAN)))
    assert cited(found["warranty/days"]) == [("help/warranty.html", "cover", 0), ("hilfe/garantie.html", "frist", 0)]
    assert cited(found["garantie/tage"]) == [("hilfe/garantie.html", "frist", 0), ("help/warranty.html", "cover", 0)]
    assert cited(found["warranty/keeper"]) == [("help/warranty.html", "keeper", 0)]  # the German page leaves her out
    assert cited(found["prices/price"])[1:] == []


def test_a_page_that_translates_nothing_is_no_source(tmp_path: Path) -> None:
    found = asked(draw(1, folder=toy(tmp_path, garantie=GERMAN.replace("translates: warranty\n", ""))))
    assert len(found["warranty/days"].spans) == len(found["garantie/tage"].spans) == 1


@pytest.mark.parametrize(("number", "row"), [(0, "klein"), (1, "gross")])
def test_one_table_for_all_plans_answers_each_by_its_row(tmp_path: Path, number: int, row: str) -> None:
    found = asked(draw(1, folder=toy(tmp_path, plans=PLANS, alle=TABLE)))
    assert [name for _, name, _ in cited(found[f"plans/cost@{number}"])] == ["cost", row]


def test_either_page_meets_the_need(tmp_path: Path) -> None:
    question = asked(draw(1, folder=toy(tmp_path, garantie=GERMAN)))["warranty/days"]
    seen = JudgedQuestion.of(judged(Asked("q1", "grading", question, 0, question.wordings[0]), question))
    assert seen.needs == (0, 0)
    for span in question.spans:
        passage = Passage(document=span.path, text=f"Before. {span.text} After.")
        assert graded([passage], seen) == (1.0, 1.0)


def test_the_company_counts_its_translations() -> None:
    company = draw(3)
    documents = {document.key: document for document in company.documents}
    originals: dict[tuple[str, int], set[str]] = defaultdict(set)
    for question in company.questions:
        for span in question.spans:
            originals[question.id, span.need].add(documents[span.document].translates or span.document[0])
    assert all(len(found) == 1 for found in originals.values())
    several = [question for question in company.questions if len(question.spans) > len({span.need for span in question.spans})]
    assert len(several) > 250
    assert all(holds(documents[span.document].plain, span.text) for question in several for span in question.spans)


def test_a_span_written_twice_is_one_source(tmp_path: Path) -> None:
    twice = WARRANTY.replace("spans: [cover]", 'spans: [cover, "{{ \'cover\' if fridge.days else \'keeper\' }}"]')
    assert cited(asked(draw(1, folder=toy(tmp_path, warranty=twice)))["warranty/days"]) == [("help/warranty.html", "cover", 0)]
