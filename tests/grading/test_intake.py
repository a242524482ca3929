from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.grading.errors import SubmissionError
from autograder.grading.intake import Caps, take_in
from autograder.grading.notebook import read_notebook
from autograder.verdict import Status

NOTEBOOK = json.dumps(new_notebook(cells=[new_code_cell("x = 1")]), indent=1).encode()
posix = pytest.mark.skipif(os.name != "posix", reason="POSIX only")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "submission"
    there.mkdir()
    (there / "work.ipynb").write_bytes(NOTEBOOK)
    return there


def refused(folder: Path, tmp_path: Path, said: str, caps: Caps = Caps()) -> SubmissionError:
    with pytest.raises(SubmissionError, match=said) as caught:
        take_in(folder, tmp_path / "fresh", caps=caps)
    assert caught.value.status is Status.MALFORMED and caught.value.mend
    return caught.value


def test_own_files_are_copied_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    wanted = {"helpers.py", "prompts/answer.j2", "data/notes {1} 'ünï'.md"}
    unwanted = {"conftest.py", "a/conftest.py", ".env", ".git/config", "evidence/x.jsonl", ".ipynb_checkpoints/w.py", "x.pkl", "x.so"}
    for name in wanted | unwanted:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x", encoding="utf-8")
    taken = take_in(folder, tmp_path / "fresh")
    assert set(taken.files) == wanted
    assert {p.relative_to(taken.folder).as_posix() for p in taken.folder.rglob("*") if p.is_file()} == wanted


def test_the_digest_follows_content_and_not_place(folder: Path, tmp_path: Path) -> None:
    (folder / "a.py").write_text("1", encoding="utf-8")
    first = take_in(folder, tmp_path / "1").digest
    os.utime(folder / "a.py", (1, 1))
    moved = folder.rename(tmp_path / "elsewhere")
    assert take_in(moved, tmp_path / "2").digest == first
    (moved / "a.py").write_text("2", encoding="utf-8")
    assert take_in(moved, tmp_path / "3").digest != first


@posix
@pytest.mark.parametrize("target", ["/etc/passwd", "../../../etc", "work.ipynb"])
def test_a_symbolic_link_is_refused(folder: Path, tmp_path: Path, target: str) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "data").symlink_to(target)
    assert refused(folder, tmp_path, "symbolic link").file == "sub/data"


@posix
def test_a_link_to_the_submission_itself_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    refused(tmp_path / "link", tmp_path, "symbolic link")


@posix
def test_a_hard_link_is_refused(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    os.link(secret, folder / "notes.txt")
    refused(folder, tmp_path, "hard link")


@posix
def test_a_pipe_is_refused_without_waiting(folder: Path, tmp_path: Path) -> None:
    os.mkfifo(folder / "data.csv")
    refused(folder, tmp_path, "pipe")


def test_too_large_too_much_and_too_many_are_refused(folder: Path, tmp_path: Path) -> None:
    for number in range(3):
        (folder / f"{number}.txt").write_text("x" * 1000, encoding="utf-8")
    with (folder / "big.csv").open("wb") as file:
        file.truncate(60 << 20)
    refused(folder, tmp_path, "60 MiB large")
    (folder / "big.csv").unlink()
    with pytest.raises(SubmissionError, match="more than"):
        take_in(folder, tmp_path / "a", caps=Caps(total_bytes=2_500))
    with pytest.raises(SubmissionError, match="more than 3 files"):
        take_in(folder, tmp_path / "b", caps=Caps(files=3))


def test_which_notebook_of_several(folder: Path, tmp_path: Path) -> None:
    (folder / "old").mkdir()
    (folder / "old" / "work.ipynb").write_bytes(NOTEBOOK)
    assert take_in(folder, tmp_path / "1").notebook_name == "work.ipynb"
    (folder / "other.ipynb").write_bytes(NOTEBOOK)
    assert take_in(folder, tmp_path / "2", wanted="other.ipynb").notebook_name == "other.ipynb"
    with pytest.raises(SubmissionError, match="3 notebooks"):
        take_in(folder, tmp_path / "3")


def test_no_notebook_and_no_such_path(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty", tmp_path, "no notebook")
    with pytest.raises(SubmissionError, match="no such file"):
        take_in(tmp_path / "nowhere", tmp_path / "1")


CUT = NOTEBOOK.index(b'"source"') + 4


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b"", 1, "empty"),
        (b" \n ", 1, "empty"),
        (NOTEBOOK[:CUT], NOTEBOOK[:CUT].count(b"\n") + 1, "ends in the middle"),
        (b"<html>\n", 1, "not JSON"),
        (b'{\n"cells": [],\n"metadata": \xff}', 3, "not UTF-8"),
        (NOTEBOOK.decode().encode("utf-16"), 1, "not UTF-8"),
        (b'{\n "cells": {},\n "metadata": {}, "nbformat": 4, "nbformat_minor": 5\n}', 2, "cells: input should be a valid list"),
        (b'{\n "metadata": {}, "nbformat": 4}', 1, "cells: field required"),
        (b"[]", 1, "not a notebook"),
        (b'{"cells": [\n{"cell_type": "code",\n"metadata": {"tags":\n null}, "source": ""}], "nbformat": 4}', 4, "tags"),
        (b'{"cells": [\n{"cell_type": "program", "source": ""}], "nbformat": 4}', 2, "cell_type"),
        (b'{"cells": [\n{"cell_type": "code", "source": [1]}], "nbformat": 4}', 2, "source"),
        (b'{"cells": [], "nbformat": 5}', 1, "format 5"),
        (b'{"cells": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 1, "nested"),
    ],
)
def test_an_unreadable_notebook_is_malformed_with_its_line(raw: bytes, line: int, said: str) -> None:
    with pytest.raises(SubmissionError, match=said) as caught:
        read_notebook(raw, "hw{1} 'ü'.ipynb")
    assert (caught.value.line, caught.value.file) == (line, "hw{1} 'ü'.ipynb")
    assert caught.value.mend


def test_a_byte_order_mark_is_accepted() -> None:
    assert read_notebook(b"\xef\xbb\xbf" + NOTEBOOK, "x.ipynb").cells[0].source == "x = 1"


def test_an_old_format_is_upgraded() -> None:
    cell = {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python", "collapsed": False, "metadata": {}, "outputs": []}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": [{"cells": [cell], "metadata": {}}]}
    assert read_notebook(json.dumps(old).encode(), "x.ipynb").cells[0].source == "x = 1\ny = 2"


def test_outputs_may_hold_what_plotting_libraries_write() -> None:
    text = NOTEBOOK.replace(b'"outputs": []', b'"outputs": [{"data": {"a": NaN}}]')
    assert b"NaN" in text and read_notebook(text, "x.ipynb").cells[0].source == "x = 1"
