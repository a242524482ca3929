"""Attacks on the notebook file and on the folder it lies in; most of them never reach a kernel."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tests.grading.tiny import STUB, cell

from .assignment import extra, solved
from .case import Case, Make, code, edited, graded, raw, refused, with_files, written

WRONG = "def add(a, b):\n    return 0"
ADD_FAILED = ("fail", "pass", "error")
ADD_MISSING = ("error", "pass", "error")


def plain(**cells: str) -> bytes:
    return json.dumps(solved(**cells), indent=1).encode()


def tag(name: str, grade_id: str) -> Callable[[NotebookNode], None]:
    def edit(notebook: NotebookNode) -> None:
        cell(notebook, grade_id).metadata["tags"] = [name]

    return edit


def delete(notebook: NotebookNode) -> None:
    notebook.cells.remove(cell(notebook, "hand-in-add"))


def convert(kind: str) -> Callable[[NotebookNode], None]:
    def edit(notebook: NotebookNode) -> None:
        changed = cell(notebook, "hand-in-add")
        changed.cell_type = kind
        changed.pop("outputs", None)
        changed.pop("execution_count", None)

    return edit


def duplicate(notebook: NotebookNode) -> None:
    notebook.cells.append(NotebookNode(json.loads(json.dumps(cell(notebook, "hand-in-add")))))


def trivial_tests(notebook: NotebookNode) -> None:
    cell(notebook, "add").source = WRONG
    for number in range(99):
        data = {"grade_id": f"test-{number}", "grade": True, "points": 1, "solution": False, "locked": True, "schema_version": 3}
        notebook.cells.append(extra("assert True", nbgrader=data))


def late_parameters(notebook: NotebookNode) -> None:
    cell(notebook, "shout").source = 'def shout(word):\n    return word.upper() if MODEL == "double:flaky" else "fooled"'
    notebook.cells.insert(6, extra('MODEL = "mine"', tags=["injected-parameters"]))


def stale(notebook: NotebookNode) -> None:
    cell(notebook, "add").source = STUB.format("add", "a, b")
    cell(notebook, "hand-in-add").outputs = [new_output("stream", name="stdout", text="all tests passed")]


def homoglyph(notebook: NotebookNode) -> None:
    """The first letter of the grade_id is Cyrillic; what is inside is right, but nobody asked for it."""
    cell(notebook, "add").metadata["nbgrader"]["grade_id"] = "\u0430dd"


def two_solutions(notebook: NotebookNode) -> None:
    notebook.cells.insert(3, NotebookNode(json.loads(json.dumps(cell(notebook, "add")))))
    notebook.cells[3].source = STUB.format("add", "a, b")


def one_id_for_all(notebook: NotebookNode) -> None:
    for one in notebook.cells:
        one["id"] = "same"


def many_cells(notebook: NotebookNode) -> None:
    notebook.cells += [extra(f"x = {number}") for number in range(10_000)]


def a_flood_of_lines(notebook: NotebookNode) -> None:
    """Comparing it line by line would take hours."""
    cell(notebook, "hand-in-add").source = "\n".join(f"x{number % 7} = {number % 5}" for number in range(300_000))


def bare_html(notebook: NotebookNode) -> None:
    words = "<script>alert(1)</script>\\x1b[2J\\u202egnihtemos"
    cell(notebook, "shout").source = f'raise ValueError("{words}")'
    cell(notebook, "hand-in-add").source = "<script>alert(2)</script>\x1b[31m\u202e"


def kernelspec(notebook: NotebookNode) -> None:
    notebook.metadata["kernelspec"] = {"name": "../../bin/sh", "display_name": "x", "argv": ["sh", "-c", "touch /tmp/x"]}


def linked(kind: str, target: str) -> Make:
    def make(folder: Path) -> Path:
        written(solved)(folder)
        if kind == "hard":
            (folder.parent / "outside.txt").write_text("secret")
            os.link(folder.parent / "outside.txt", folder / "notes.txt")
        else:
            (folder / "data").symlink_to(target)
        return folder

    return make


def a_pipe(folder: Path) -> Path:
    written(solved)(folder)
    os.mkfifo(folder / "data.csv")
    return folder


def too_many_files(folder: Path) -> Path:
    written(solved)(folder)
    (folder / "d").mkdir()
    for number in range(2_100):
        (folder / "d" / f"{number}.txt").touch()
    return folder


def huge(folder: Path) -> Path:
    with (folder / "hostile.ipynb").open("wb") as file:
        file.write(b'{"cells": [')
        file.truncate(60 << 20)
    return folder / "hostile.ipynb"


def broken_at_the_end_of_much(folder: Path) -> Path:
    """Looking up the line of the fault in 30 MB of JSON would take minutes and gigabytes."""
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "metadata": {}, "source": "x" * 1000}] * 25_000
    text = json.dumps({"cells": [*cells, {"cell_type": "program"}], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    return raw(text.encode())(folder)


SHADOWS = dict.fromkeys(("json.py", "pytest.py", "pydantic.py", "os.py", "ollama.py", "autograder/__init__.py"), "raise SystemExit('shadowed')")
STARTUP = dict.fromkeys(("sitecustomize.py", "usercustomize.py", "x.pth", "ipython_config.py", "ipython_kernel_config.py", "jupyter_config.py", "profile_default/startup/00.py", "home/.ipython/profile_default/startup/00.py", "home/.config/matplotlib/x.py", ".pythonrc.py"), "import os; open(os.path.join(os.environ.get('AUTOGRADER_EVIDENCE', '.'), 'add.jsonl'), 'w').write('NaN')")  # fmt: skip

CASES: tuple[Case, ...] = (
    edited("A check tagged skip-execution is run all the same", tag("skip-execution", "hand-in-add"), row=1, status="tampered", report="tag was dropped"),
    edited("A solution tagged skip-execution is run all the same", tag("skip-execution", "add"), row=1),
    edited("A check tagged as papermill's error cell does not vanish", tag("papermill-error-cell-tag", "hand-in-add"), row=2, status="tampered"),
    with_files("A conftest in the folder is never collected", {"conftest.py": "raise SystemExit", "test_x.py": "raise SystemExit"}, row=11),
    edited("99 trivial tests of one's own are worth nothing", trivial_tests, row=12, found=ADD_FAILED, report="99 cells that you added"),
    edited("A duplicated check is run once, and the batch goes on", duplicate, row=13, status="tampered", report="occurs 2 times"),
    edited("A deleted check is put back", delete, row=14, status="tampered", report="was deleted"),
    edited("A check turned into Markdown is put back", convert("markdown"), row=14, status="tampered", report="turned into a markdown cell"),
    edited("A check turned raw is put back", convert("raw"), row=14, status="tampered", report="turned into a raw cell"),
    graded("A byte order mark is accepted", raw(b"\xef\xbb\xbf" + plain()), row=22),
    refused("A truncated notebook is malformed, with its line", raw(plain()[:900]), "line \\d+: ends in the middle", row=22),
    refused("An empty notebook is malformed", raw(b""), "empty", row=22),
    refused("Tags that are null are malformed, with their line", raw(plain().replace(b'"tags": [\n', b'"tags": null, "x": [\n', 1)), "line \\d+: .*tags", row=22),
    refused("HTML named .ipynb is malformed", raw(b"<html>"), "is not JSON", row=22),
    refused("A notebook that is not UTF-8 is malformed", raw(plain().replace(b"word", b"w\xffrd", 1)), "is not UTF-8", row=22),
    graded("A file name that is a format string is only a name", written(solved, "hw{1} %s {0.__class__} 'ü' \".ipynb"), row=23),
    edited("Parameters placed after their use change nothing", late_parameters, row=24),
    edited("An unknown kernel is not looked for", kernelspec, row=25),
    refused("A symbolic link to /etc/passwd is refused", linked("symbolic", "/etc/passwd"), "symbolic link", row=26),
    refused("A symbolic link to the folder above is refused", linked("symbolic", ".."), "symbolic link", row=26),
    refused("A hard link is refused", linked("hard", ""), "hard link", row=26),
    with_files("Modules named like the library's shadow nothing", SHADOWS, row=27),
    edited("Saved outputs without code are worth nothing", stale, row=31, found=ADD_MISSING),
    edited("Markup, terminal escapes and text that runs backwards are made harmless", bare_html, row=34, status="tampered",
           found=("pass", "error", "error"), report="⟨U\\+202E⟩"),
    edited("A grade_id in look-alike letters is a stranger's", homoglyph, found=ADD_MISSING, report="is missing"),
    edited("Of two cells with one grade_id the one that was worked on counts", two_solutions, report="occurs 2 times"),
    edited("Cells that share one id are told apart by their grade_id", one_id_for_all),
    edited("Ten thousand further cells are not run", many_cells, report="10000 cells that you added"),
    edited("A check replaced by 300,000 lines is not compared for hours", a_flood_of_lines, status="tampered", report="was changed"),
    refused("A notebook of 60 MB is refused", huge, "60 MiB large"),
    refused("A fault at the end of 25 MB is named without a search for its line", broken_at_the_end_of_much, "cell_type"),
    refused("Ten thousand brackets are refused", raw(b'{"cells": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"), "nested", row=32),
    refused("Half of a character in a cell is refused", raw(plain().replace(b"word.upper()", b"'\\ud800'", 1)), "half of a character"),
    refused("A pipe in the folder is refused and not waited for", a_pipe, "pipe"),
    refused("Two thousand files are refused", too_many_files, "more than 2,000 files"),
    with_files("Start-up files of Python, IPython and Jupyter in the folder are not run", STARTUP),
    with_files("Files named like format strings and commands are only names", {"%s{0}{a.__class__}.py": "", "$(touch x);`id`.txt": "", "--help.md": "", "a\nb.txt": ""}),
    with_files("Evidence and reports in the folder are left out", {"evidence/add.jsonl": "NaN", "Evidence/shout.jsonl": "NaN", "reports/report.json": "{}"}),
    code("A null byte in a cell costs that cell", shout="def shout(word):\n    return word.upper()\n\x00", found=("pass", "error", "error")),
)  # fmt: skip
