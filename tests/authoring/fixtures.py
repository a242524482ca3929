"""A small course: one notebook, an exercise of the real course in it, and no model."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.authoring.source import Source

FRONT = '---\ntitle: "0.1 Small"\nassignment: "0.1"\nminutes: 5\nneeds: []\n---\n\n'
RATE = '''```{code-cell} ipython3
:tags: [solution]
:id: rate

def tokens_per_second(reply):
    """What it does."""
    ### BEGIN SOLUTION
    secret_number = sum(map(ord, "warehouse"))
    return {"prompt": None, "generation": None}
    ### END SOLUTION
```
'''
CHECK = '```{code-cell} ipython3\n:tags: [check]\n\ncheck("0.1-rate")\n```\n'
IMPORTS = '```{code-cell} ipython3\nfrom autograder import check\n```\n'
ANSWER = '+++ {"tags": ["answer"], "id": "why", "points": 3}\n\nBecause the cache was warm that morning.\n\n+++\n'


def code(text: str, options: str = "") -> str:
    return f"```{{code-cell}} ipython3\n{options}{text}\n```\n"


def body(*parts: str) -> str:
    return FRONT + "# 0.1 Small\n\nSome words.\n\n" + "\n".join(parts)


def source(root: Path, text: str) -> Source:
    path = root / "solutions" / "phases" / "1_first" / "0_1_small.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Source(path, root)


@pytest.fixture
def small(tmp_path: Path) -> Source:
    """An exercise with its check, and a cell that prints."""
    return source(tmp_path, body(IMPORTS, RATE, CHECK, code("print(6 * 7)")))
