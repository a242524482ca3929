from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.contracts import Scores
from autograder.evidence import Caps, Evidence, EvidenceError, loads, read_artefact, read_json, read_lines
from autograder.verdict import Status

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)
GOOD = {"questions": 4, "hit_rate_at_5": 0.5, "mrr": 0.5, "answers": 2, "answer_accuracy": 1.0, "abstention_accuracy": 1.0}


@given(JSON)
def test_what_json_writes_is_read_back(value: object) -> None:
    assert loads(json.dumps(value).encode()) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[NaN]", "NaN is not JSON"),
        ("[-Infinity]", "-Infinity is not JSON"),
        ("[1e999]", "too large"),
        ('{"score": 0, "score": 100}', "'score' is given more than once"),
        ('{"a": {"b": 1, "b": 1}}', "'b' is given more than once"),
        ("[" * 10_000 + "]" * 10_000, "nested more than 32 levels"),
        ('{"a":' * 10_000 + "1" + "}" * 10_000, "nested more than 32 levels"),
        ("1" * 5_000, "integer"),
        ('"\\ud800"', "surrogates"),
        ("{'a': 1}", "Expecting property name"),
        ("[1,]", "Expecting value|Illegal trailing comma"),
        ("", "Expecting value"),
        ("1 2", "Extra data"),
    ],
)
def test_what_is_not_strict_json_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        loads(text)


def test_brackets_inside_a_string_are_not_nesting() -> None:
    text = json.dumps("[" * 1_000 + '\\"' + "{" * 1_000)
    assert loads(text) == json.loads(text)


def test_an_unterminated_string_full_of_brackets_is_refused_at_once() -> None:
    with pytest.raises(ValueError):
        loads('"' + '\\"[' * 200_000)


@pytest.mark.parametrize(
    ("raw", "line", "said"),
    [
        (b'{"a": 1}\n{"a": NaN}\n', 2, "NaN"),
        (b'{"a": 1}\n\n{"a": ', 3, "not JSON"),
        (b'{"a": "\xff"}\n', 1, "UTF-8"),
        (b'"' + b"x" * 200 + b'"\n', 1, "202 bytes long"),
    ],
)
def test_an_error_names_the_artefact_and_the_line(tmp_path: Path, raw: bytes, line: int, said: str) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(raw)
    with pytest.raises(EvidenceError, match=said) as caught:
        list(read_lines(path, Caps(line_bytes=100)))
    assert (caught.value.artefact, caught.value.line, caught.value.status) == ("answers.jsonl", line, Status.MALFORMED)


def test_a_huge_file_is_refused_by_its_size_alone(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    with pytest.raises(EvidenceError, match="2,147,483,648 bytes"):
        read_artefact(path, Scores)


def test_too_many_lines_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text("1\n" * 11, encoding="utf-8")
    with pytest.raises(EvidenceError, match="lines"):
        list(read_lines(path, Caps(lines=9)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="POSIX only")
def test_links_pipes_and_folders_are_refused_without_waiting(tmp_path: Path) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text("1", encoding="utf-8")
    (tmp_path / "link.jsonl").symlink_to(secret)
    os.mkfifo(tmp_path / "pipe.jsonl")
    (tmp_path / "folder.jsonl").mkdir()
    for name in ("link", "pipe", "folder"):
        with pytest.raises(EvidenceError):
            Evidence(tmp_path).lines(name)
    assert read_json(secret) == 1


def test_a_dangling_link_is_not_taken_for_an_absent_artefact(tmp_path: Path) -> None:
    (tmp_path / "scores.jsonl").symlink_to(tmp_path / "nowhere")
    with pytest.raises(EvidenceError):
        Evidence(tmp_path).records("scores", Scores)


def test_records_are_validated_strictly(tmp_path: Path) -> None:
    evidence = Evidence(tmp_path)
    assert evidence.records("scores", Scores) == []
    path = tmp_path / "scores.jsonl"
    path.write_text(json.dumps(GOOD) + "\n", encoding="utf-8")
    assert evidence.records("scores", Scores)[0].questions == 4
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps({**GOOD, "questions": "4"}) + "\n", encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"scores\.jsonl, line 2: questions: .*valid integer"):
        evidence.records("scores", Scores)
