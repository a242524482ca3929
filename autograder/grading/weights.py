"""Model weights a run needs and this machine does not have yet."""

from __future__ import annotations

from collections.abc import Iterable

from ..gateway import catalog, weights
from .progress import Progress


def fetch_missing(tags: Iterable[str], progress: Progress) -> None:
    """Fetch what is missing. Tags that are not in the catalogue (doubles, a real Ollama's models) are left alone."""
    for model in (catalog.find(tag) for tag in tags):
        if model is not None and not catalog.installed(model):
            progress.stage(f"fetching {model.tag}")
            weights.fetch(model, progress.download)
            progress.close()
