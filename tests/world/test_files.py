"""The files a learner finds: the same bytes everywhere, and everything that is asked for can be read out of them."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pypdfium2
import pytest
from bs4 import BeautifulSoup

from autograder.matching.answers import holds
from autograder.world.company import Company, draw
from autograder.world.corpus import write_corpus
from autograder.world.documents import Document, csv_lines
from autograder.world.render_pdf import moment

from .toy import toy

SEED = 11


@pytest.fixture(scope="module")
def company() -> Company:
    return draw(SEED)


@pytest.fixture(scope="module")
def folder(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    write_corpus(company, folder)
    return folder


def pdf_text(path: Path, document: Document) -> str:
    with pypdfium2.PdfDocument(path, password=document.pdf.get("password")) as pdf:
        return "\n".join(page.get_textpage().get_text_bounded() for page in pdf)


def html_text(path: Path) -> str:
    article = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser").find("article")
    assert article is not None
    return article.get_text(" ")


def test_every_span_of_every_document_can_be_read(company: Company, folder: Path) -> None:
    missing = []
    for document in company.documents:
        path = folder / document.path
        if document.pdf.get("scan"):
            continue
        if document.form == ".pdf":
            text = pdf_text(path, document)
        else:
            text = html_text(path) if document.form == ".html" else "\n".join(text_lines(path))
        missing += [(document.path, name) for name, span in document.spans.items() if not holds(text, span)]
    assert not missing


def text_lines(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return csv_lines(text) if path.suffix == ".csv" else text.splitlines()


def test_all_forms_are_there_and_no_path_twice(company: Company, folder: Path) -> None:
    paths = [document.path for document in company.documents]
    assert len(set(paths)) == len(paths) >= 160
    assert {document.form for document in company.documents} == {".md", ".html", ".pdf", ".csv"}
    assert sorted(paths) == sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_pages_carry_what_nobody_wants_to_search(company: Company, folder: Path) -> None:
    pages = [document for document in company.documents if document.form == ".html"]
    for document in pages[::10]:
        soup = BeautifulSoup((folder / document.path).read_text(encoding="utf-8"), "html.parser")
        assert soup.h1 is not None and soup.h1.get_text() == document.title
        assert len(soup.find_all("nav")) >= 2 and soup.find("aside") and soup.find("footer")
        article = soup.find("article")
        assert article is not None and not article.find(["nav", "aside", "footer"])
        assert soup.html is not None and soup.html["lang"] == document.language


def test_pdf_files_are_real_ones(company: Company, folder: Path) -> None:
    documents = [document for document in company.documents if document.form == ".pdf"]
    pages = {}
    for document in documents:
        with pypdfium2.PdfDocument(folder / document.path, password=document.pdf.get("password")) as pdf:
            pages[document.path] = len(pdf)
            assert pdf.get_metadata_value("Title") == document.title
            if document.pdf.get("scan"):
                assert not "".join(page.get_textpage().get_text_bounded() for page in pdf).strip()
                continue
            assert pdf.get_metadata_value("CreationDate").startswith(f"D:{moment(document):%Y%m%d%H%M%S}")
            for number, page in enumerate(pdf, start=1):
                text = page.get_textpage().get_text_bounded()
                assert document.title in text and str(company.facts.value("company", "name")) in text
                assert f"{number} of {len(pdf)}" in text or document.language != "en"
    assert sum(count > 1 for count in pages.values()) >= 10
    assert any(document.pdf.get("scan") for document in documents)


def test_a_password_is_needed_and_enough(company: Company, folder: Path) -> None:
    locked = [document for document in company.documents if document.pdf.get("password")]
    assert locked
    for document in locked:
        with pytest.raises(pypdfium2.PdfiumError):
            pypdfium2.PdfDocument(folder / document.path)
        assert document.title in pdf_text(folder / document.path, document)


def test_a_long_table_repeats_its_head_on_the_next_page(tmp_path: Path) -> None:
    rows = "\n".join(f"| row {number} | {number * 7} |" for number in range(120))
    long = f"---\npath: a/long.pdf\ntitle: Long\ndepartment: legal\nlanguage: en\n---\n| Name | Value of it |\n|---|---|\n{rows}\n"
    company = draw(1, folder=toy(tmp_path / "c", long=long))
    write_corpus(company, tmp_path / "out")
    with pypdfium2.PdfDocument(tmp_path / "out/a/long.pdf") as pdf:
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    assert len(texts) > 2 and all("Value of it" in text for text in texts)
    assert all(f"row {number} " in " ".join(" ".join(texts).split()) + " " for number in range(120))


def test_two_columns_are_read_one_after_the_other(tmp_path: Path) -> None:
    text = "\n\n".join(f"Paragraph {number} is about nothing in particular and goes on for a while so that it fills lines." for number in range(60))
    two = f"---\npath: a/two.pdf\ntitle: Two\ndepartment: legal\nlanguage: de\npdf: {{columns: 2}}\n---\n{text}\n"
    company = draw(1, folder=toy(tmp_path / "c", two=two))
    write_corpus(company, tmp_path / "out")
    with pypdfium2.PdfDocument(tmp_path / "out/a/two.pdf") as pdf:
        read = " ".join(page.get_textpage().get_text_bounded() for page in pdf)
    assert "Seite 1 von" in read
    numbers = [int(part.split()[0]) for part in read.split("Paragraph ")[1:]]
    assert numbers == list(range(60))


def test_the_catalogue_has_four_hundred_articles_one_letter_apart(company: Company, folder: Path) -> None:
    document = next(document for document in company.documents if document.form == ".csv")
    with (folder / document.path).open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    codes = [row[0] for row in rows]
    assert len(rows) >= 400 and len(set(codes)) == len(codes) and {len(row) for row in rows} == {len(head)}
    twins = sum(any(len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1 for other in codes if other != one) for one in codes)
    assert twins > len(codes) / 2


def digests(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def test_the_same_bytes_in_another_process(folder: Path, sources: Path, tmp_path: Path) -> None:
    """Another hash seed, time zone and locale: nothing may come from the machine or the order of a set."""
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    command = [sys.executable, "-m", "autograder.world", "--folder", str(sources), "write", str(tmp_path), "--seed", str(SEED)]
    subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2], capture_output=True)
    assert digests(tmp_path) == digests(folder)
