"""A learner's own documents and questions: every form is read, and what is wrong is said with its line and its mend."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from autograder.world.own_corpus import Corpus, OwnCorpusError, fingerprint, read_corpus, read_golden, same_evidence

SHARED_PDF = Path(__file__).resolve().parents[3] / "shared" / "data" / "pdf"
TEXT = "The pump is serviced every 14 days by the night shift."


def pdf(path: Path, text: str = TEXT, **options: Any) -> None:
    canvas = Canvas(str(path), **options)
    if text:
        canvas.drawString(72, 700, text)
    canvas.showPage()
    canvas.save()


def question(name: str = "one", **changes: Any) -> dict[str, Any]:
    plain = {"id": name, "question": f"How often, {name}?", "answers": ["14 days"], "citations": [{"document": "a.md", "quote": "every 14 days"}]}
    return {**plain, **changes}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.md").write_text(f"# Pump\n\n{TEXT}\n", encoding="utf-8")
    (folder / "sub" / "b.txt").write_text(f"\ufeffCopy. {TEXT}\n", encoding="utf-8")
    (folder / "c.html").write_text(
        "<html><head><title>T</title><script>var hidden = 1</script></head><body><nav>Home</nav><h1>Valve</h1><p>Opens at <b>3&nbsp;bar</b>.</p>"
        "<table><tr><th>size</th><th>price</th></tr><tr><td>large</td><td>€40</td></tr></table></body></html>",
        encoding="utf-8",
    )
    (folder / "d.csv").write_text("code;price\nWX-1;40\n\nWX-2;50;extra\n", encoding="utf-8")
    pdf(folder / "e.pdf")
    return folder


def golden(folder: Path, *records: Any) -> Path:
    file = folder.parent / "golden.jsonl"
    file.write_text("\n".join(one if isinstance(one, str) else json.dumps(one) for one in records), encoding="utf-8")
    return file


def test_every_form_is_read(folder: Path) -> None:
    corpus = read_corpus(folder)
    assert list(corpus.documents) == ["a.md", "c.html", "d.csv", "e.pdf", "sub/b.txt"] and not corpus.unread
    assert corpus.documents["c.html"] == "Home\nValve\nOpens at 3 bar.\nsize | price\nlarge | €40"
    assert corpus.documents["d.csv"] == "code: WX-1; price: 40\ncode: WX-2; price: 50; column 3: extra"
    assert TEXT in corpus.documents["e.pdf"] and corpus.documents["sub/b.txt"].startswith("Copy.")


def test_a_file_without_text_is_a_named_result_and_no_empty_document(folder: Path) -> None:
    pdf(folder / "scan.pdf", "")
    pdf(folder / "locked.pdf", encrypt=StandardEncryption("secret", ownerPassword="other"))
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and then nothing")
    (folder / "latin.txt").write_bytes("für".encode("latin-1"))
    (folder / "empty.md").write_text(" \n", encoding="utf-8")
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"x")
    (folder / ".hidden.md").write_text("not mine", encoding="utf-8")
    corpus = read_corpus(folder)
    assert len(corpus.documents) == 5 and corpus.ignored == 1
    assert corpus.unread["scan.pdf"] == "it has no text layer (a scan?)"
    assert corpus.unread["locked.pdf"] == "it is encrypted and needs a password"
    assert "no PDF that can be opened" in corpus.unread["broken.pdf"]
    assert corpus.unread["latin.txt"] == "it is not UTF-8 text"
    assert corpus.unread["empty.md"] == corpus.unread["empty.csv"] == "it is empty"
    assert len(corpus.warnings) == 7 and ".hidden.md" not in corpus.paths


@pytest.mark.skipif(os.name != "posix", reason="links")
def test_links_are_left_out(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.md").write_text("outside", encoding="utf-8")
    (folder / "link.md").symlink_to(tmp_path / "outside.md")
    (folder / "loop").symlink_to(folder)
    assert len(read_corpus(folder).paths) == 5


def test_a_folder_that_is_none_is_one_sentence_and_a_mend(folder: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    only_scans = tmp_path / "scans"
    only_scans.mkdir()
    pdf(only_scans / "scan.pdf", "")
    for path, complaint in (
        (tmp_path / "nowhere", "There is no folder"),
        (folder / "a.md", "is a file"),
        (empty, "holds no document"),
        (only_scans, "scan.pdf: it has no text layer"),
    ):
        with pytest.raises(OwnCorpusError, match=complaint) as caught:
            read_corpus(path)
        assert caught.value.mend and caught.value.exit_code == 2


def test_a_golden_set_of_all_kinds(folder: Path) -> None:
    file = golden(
        folder,
        question(),
        "",
        question("two", answers=[], citations=[]),
        question("three", answers=[], citations=[{"document": "./sub/b.txt", "relevance": 3}, "c.html"]),
        question(4, answers="40", citations=[{"document": "d.csv", "quote": "code: WX-1; price: 40"}], slice="table", extra="is fine"),
    )
    one, two, three, four = read_golden(file, read_corpus(folder)).questions
    assert (one.line, one.answerable, one.slice) == (1, True, "own")
    assert (two.line, two.answerable, two.slice) == (3, False, "unanswerable")
    assert [(s.document, s.quote, s.gain) for s in three.sources] == [("sub/b.txt", "", 3.0), ("c.html", "", 1.0)]
    assert (four.id, four.answers, four.slice) == ("4", ("40",), "table")


@pytest.mark.parametrize(
    ("record", "complaint"),
    [
        ('{"id": "x", "question": ', "not JSON"),
        ("[1]", "no JSON object"),
        ('{"id": "x", "id": "y"}', "more than once"),
        (question(question=" "), '"question" is no text'),
        ({"id": "x", "answers": [], "citations": []}, '"question" is missing'),
        (question(id=None), '"id" is no text'),
        (question(answers=[1]), '"answers" is no list of texts'),
        (question(answers=["…"]), "no letter or digit"),
        ({"id": "x", "question": "q"}, '"citations" is missing'),
        (question(citations="a.md"), '"citations" is no list'),
        (question(citations=[]), "has answers and no citation"),
        (question(citations=[{"quote": "every"}]), "a citation is"),
        (question(citations=[{"document": "a.md", "relevance": 0}]), '"relevance"'),
        (question(citations=["A.md"]), "Did you mean a.md?"),
        (question(citations=["quite/another.md"]), "with forward slashes"),
        (question(citations=["scan.pdf"]), "scan.pdf is cited, but it has no text layer"),
        (question(citations=[{"document": "a.md", "quote": "every 4 days"}]), "'every 4 days' does not stand in a.md. Copy"),
        (question(citations=[{"document": "a.md", "quote": "The pump … 14 days"}]), "leave nothing out"),
        (question(citations=[{"document": "a.md", "quote": "ump is serviced every 14 d"}]), "Copy whole words"),
        (question(citations=[{"document": "a.md", "quote": "opens at 3 bar"}]), "does not stand in a.md, but in c.html"),
        (question(citations=[{"document": "d.csv", "quote": "WX-1;40"}]), 'A row is read as "column: value'),
        (question("first"), "stands in line 1 already"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_its_mend(folder: Path, record: Any, complaint: str) -> None:
    pdf(folder / "scan.pdf", "")
    file = golden(folder, question("first"), record)
    with pytest.raises(OwnCorpusError) as caught:
        read_golden(file, read_corpus(folder))
    lines = caught.value.message.splitlines()
    assert len(lines) == 1 and complaint in lines[0] and lines[0].startswith(f"{file}, line 2: ")
    assert lines[0].endswith((".", "?")), "a mend follows"


def test_all_problems_are_named_at_once_up_to_a_dozen(folder: Path) -> None:
    file = golden(folder, *(question(f"q{n}", citations=["none.md"]) for n in range(30)))
    with pytest.raises(OwnCorpusError) as caught:
        read_golden(file, read_corpus(folder))
    assert caught.value.message.count("there is no document") == 12 and "18 more problems" in caught.value.message


def test_a_golden_file_that_is_none(folder: Path, tmp_path: Path) -> None:
    corpus = read_corpus(folder)
    bad = tmp_path / "bad.jsonl"
    bad.write_bytes(b'{"id": "a"}\n\xff\n')
    for file, complaint in (
        (tmp_path / "nowhere.jsonl", "There is no file"),
        (tmp_path, "is a folder"),
        (golden(folder, "", " "), "holds no question"),
        (bad, "line 2: this is not UTF-8"),
    ):
        with pytest.raises(OwnCorpusError, match=complaint) as caught:
            read_golden(file, corpus)
        assert caught.value.mend


def test_too_few_questions_and_the_same_question_twice_are_warnings(folder: Path) -> None:
    corpus = read_corpus(folder)
    many = [question(f"q{n}") for n in range(100)]
    assert read_golden(golden(folder, *many), corpus).warnings == ()
    few = read_golden(golden(folder, *many[:60], question("again", question=many[0]["question"].upper())), corpus)
    assert [warning.split(":")[0] for warning in few.warnings] == ["golden.jsonl, line 61", "Only 31 answerable questions are graded"]


def test_moved_quotes_are_dropped_within_the_declared_share_only(folder: Path) -> None:
    corpus = read_corpus(folder)
    moved = question("moved", citations=[{"document": "a.md", "quote": "every 15 days"}])
    file = golden(folder, *(question(f"q{n}") for n in range(19)), moved)
    assert len(read_golden(file, corpus, allow_moved=0.05).questions) == 19
    with pytest.raises(OwnCorpusError, match="every 15 days"):
        read_golden(file, corpus, allow_moved=0.04)


def test_the_same_words_in_another_document_are_the_same_evidence(folder: Path) -> None:
    corpus = read_corpus(folder)
    telling = read_golden(golden(folder, question(citations=[{"document": "e.pdf", "quote": TEXT}])), corpus).questions[0].sources[0]
    assert [source.document for source in same_evidence(corpus, telling)] == ["e.pdf", "a.md", "sub/b.txt"]
    short = read_golden(golden(folder, question()), corpus).questions[0].sources[0]
    assert same_evidence(corpus, short) == [short]


def test_the_fingerprint_follows_every_document_and_question(folder: Path) -> None:
    file = golden(folder, question())
    before = fingerprint(read_corpus(folder), file)
    assert before == fingerprint(read_corpus(folder), file)
    (folder / "a.md").write_text(f"# Pump!\n\n{TEXT}\n", encoding="utf-8")
    after = fingerprint(read_corpus(folder), file)
    golden(folder, question(), question("two"))
    assert len({before, after, fingerprint(read_corpus(folder), file)}) == 3


@pytest.mark.skipif(not SHARED_PDF.is_dir(), reason="the calibration files are not on this machine")
def test_real_pdf_files_are_read_or_named() -> None:
    corpus: Corpus = read_corpus(SHARED_PDF)
    assert len(corpus.documents) >= 10
    assert "password" in corpus.unread["libreoffice-writer-password.pdf"]
    assert "password" in corpus.unread["aes-256-r6.pdf"]
    assert all(reason for reason in corpus.unread.values())
