"""A company of three documents, sound as it is; tests break one thing at a time."""

from __future__ import annotations

from pathlib import Path

COMPANY = """\
name: {choice: [Halvern, Koldra, Isenby], revises: false}
form: {choice: [GmbH, ApS], revises: false}
product: {choice: [Polaris, Degree], revises: false}
city: {choice: [Bremen, Leeds, Ghent], revises: false}
street: {choice: [Kaai, Wharf Road], revises: false}
house: {int: [2, 148], revises: false}
domain: {expr: "name | lower ~ '.example'"}
support_mail: {expr: "'help@' ~ domain"}
"""

FRIDGE = """\
days: {int: [14, 60]}
hours: {int: [61, 99]}
price: {int: [1100, 1900], step: 10}
code: {code: "KX-####-?", revises: false}
keeper: {person: true}
"""

FILLER = """\
Nobody reads a manual before the first alarm, and after it nobody has time. So we kept this page short and put what matters at the
top. Everything below was written by people who install these devices every week and who have seen each of the mistakes at least
once, mostly their own. If something is missing, tell us and we will add it before the week is over.
"""

WARRANTY = f"""\
---
path: help/warranty.html
title: "How long a cooler is covered"
department: devices
language: en
questions:
  - id: days
    slice: numeric
    ask: ["Our cooler broke. Until when does somebody mend it for free?", "Free repair of a broken unit: time limit?"]
    answer: "{{{{ fridge.days }}}} days"
    accept: ["{{{{ fridge.days }}}} days"]
    spans: [cover]
  - id: keeper
    slice: plain
    ask: ["Who decides when a claim is unclear?"]
    answer: "{{{{ fridge.keeper }}}}"
    accept: ["{{{{ fridge.keeper }}}}"]
    spans: [keeper]
  - id: abroad
    slice: unanswerable
    ask: ["Do you also send a technician to Iceland?"]
---
{FILLER}
{{% span cover %}}We repair at our cost within {{{{ fridge.days }}}} days of delivery.{{% endspan %}}

{{% span keeper %}}Doubtful cases are settled by {{{{ fridge.keeper }}}}.{{% endspan %}}
"""

PRICES = f"""\
---
path: prices/{{{{ fridge.code | lower }}}}.pdf
title: "Price of the large model"
department: legal
language: en
pdf: {{subject: "Valid from today"}}
questions:
  - id: price
    slice: table
    ask: ["What do we pay for {{{{ fridge.code }}}}?"]
    answer: "{{{{ fridge.price | money }}}}"
    accept: ["{{{{ fridge.price | money }}}}"]
    spans: [large]
---
{FILLER}
4.1 Prices are net. The table below is the only one that counts.

| Article | Price | Weight |
|---|---|---|
{{% span large %}}| {{{{ fridge.code }}}} | {{{{ fridge.price | money }}}} | 48 kg |{{% endspan %}}
| KX-small | €90 | 9 kg |
"""

NOTES = f"""\
---
path: notes/hours.md
title: "When we answer"
department: support
language: en
---
{FILLER}
- {{% span hours %}}Letters are answered within {{{{ fridge.hours }}}} hours.{{% endspan %}}
- Calls are answered at once.
"""


def toy(folder: Path, **files: str | None) -> Path:
    """The toy company in `folder`. A file given by name (`fridge`, `warranty`, `prices`, `notes`) replaces the sound one; any other
    name adds a document; None leaves a file out."""
    texts = {"company": COMPANY, "fridge": FRIDGE, "warranty": WARRANTY, "prices": PRICES, "notes": NOTES, **files}
    for name, text in texts.items():
        facts = name in ("company", "fridge")
        path = folder / ("facts" if facts else "documents/fridge") / f"{name.replace('_', '-')}.{'yaml' if facts else 'md'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return folder
