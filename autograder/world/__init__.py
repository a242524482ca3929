"""The seeded company: facts drawn from a seed, documents rendered from hand-written templates, and questions about them."""

from __future__ import annotations

from pathlib import Path


def practice(seed: int) -> Path:
    """The folder with a practice company's documents and questions, written into the cache on first use."""
    from .practice_company import practice as written

    return written(seed)
