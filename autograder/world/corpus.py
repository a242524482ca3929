"""A company's documents as the files a learner finds."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from .company import Company
from .documents import Document
from .render_html import Site, render_html, site_of
from .render_pdf import render_pdf

Written = Mapping[str, tuple[Document, bytes]]


def write_corpus(company: Company, folder: Path, earlier: Written | None = None) -> Written:
    """One file per document below `folder`, in its own form. `earlier` is what this returned for the other revision: PDF files of
    documents that have not changed are not typeset again."""
    site = site_of(company.documents, company.facts.areas["company"], company.seed)
    written = {}
    for document in company.documents:
        before, data = (earlier or {}).get(document.path, (None, b""))
        if document.form != ".pdf" or before != document:
            data = file_bytes(document, site)
        path = folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written[document.path] = (document, data)
    return written


def file_bytes(document: Document, site: Site) -> bytes:
    if document.form == ".pdf":
        return render_pdf(document, site)
    return (render_html(document, site) if document.form == ".html" else document.text).encode()
