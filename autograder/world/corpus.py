"""A company's documents as the files a learner finds."""

from __future__ import annotations

from pathlib import Path

from .company import Company
from .documents import Document
from .render_html import Site, render_html, site_of
from .render_pdf import render_pdf


def write_corpus(company: Company, folder: Path) -> None:
    """One file per document below `folder`, in its own form."""
    area = company.facts.areas["company"]
    site = site_of(company.documents, area, company.seed)
    for document in company.documents:
        path = folder / document.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file_bytes(document, site))


def file_bytes(document: Document, site: Site) -> bytes:
    if document.form == ".pdf":
        return render_pdf(document, site)
    if document.form == ".html":
        return render_html(document, site).encode()
    return document.text.encode()
