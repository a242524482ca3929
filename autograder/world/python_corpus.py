"""A real corpus that every CPython carries: the Language Reference and other topics of `pydoc_data`, one Markdown document each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from ..paths import datasets

LEVELS = {"*": "#", "=": "##", "-": "###", "~": "####", "^": "####"}
UNDERLINE = re.compile(r"([*=~^-])\1{2,}")
MOVED = 0.05
"""Share of the questions' quotes that another Python's topics may word differently."""
ITEM = re.compile(r"(\* |\d+\. |\[\d+\] )")


def golden() -> Path:
    """The hand-written questions about it."""
    return datasets() / "python_reference" / "golden.jsonl"


def python_documents(topics: Mapping[str, str] | None = None) -> dict[str, str]:
    """File name -> Markdown, of the running Python's topics or of those given."""
    if topics is None:
        from pydoc_data.topics import topics as installed

        topics = installed
    return {f"{name}.md": markdown(text) for name, text in sorted(topics.items())}


def write_python_corpus(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, text in python_documents().items():
        paths.append(folder / name)
        paths[-1].write_text(text, encoding="utf-8")
    return paths


def markdown(text: str) -> str:
    """Underlined titles as # headings, wrapped lines joined to paragraphs and items; what is indented as code stays as it is."""
    return "\n\n".join(block for block in blocks(text.strip("\n").splitlines()) if block.strip()) + "\n"


def blocks(lines: list[str]) -> Iterator[str]:
    held: list[str] = []
    for line in lines:
        underline = UNDERLINE.fullmatch(line)
        if underline and len(held) == 1 and len(line) >= len(held[0]):
            yield f"{LEVELS[underline[1]]} {held.pop()}"
        elif not line.strip():
            yield joined(held)
            held = []
        elif held and ITEM.match(line.lstrip()) and not is_code(held):
            yield joined(held)
            held = [line]
        else:
            held.append(line)
    yield joined(held)


def is_code(lines: list[str]) -> bool:
    """Indented lines are code or grammar unless they begin and end as a sentence does, all at the same depth."""
    first = lines[0].lstrip()
    depths = {len(line) - len(line.lstrip()) for line in lines}
    prose = (first[0].isupper() or first[0] in '"*') and lines[-1].rstrip().endswith((".", ":", ")", ";")) and len(depths) == 1
    return lines[0].startswith("   ") and not ITEM.match(first) and (not prose or "::=" in first)


def joined(lines: list[str]) -> str:
    """One block: code keeps its lines, any other becomes one line."""
    if not lines or is_code(lines):
        return "\n".join(lines)
    text = lines[0].strip() if not ITEM.match(lines[0].lstrip()) else lines[0]
    for line in lines[1:]:
        text += ("" if text.endswith("-") and text[-2:-1].isalpha() else " ") + line.strip()
    return text
