"""Recorded data that a notebook reads: `fixtures("2.3") / "logits.npz"`."""

from __future__ import annotations

from pathlib import Path

from . import evidence


def fixtures(notebook: str) -> Path:
    """The folder of a notebook's recorded data: in the clone, or in a graded run among the inputs."""
    if evidence.graded():
        return evidence.inputs() / "fixtures"
    from ..paths import datasets

    return datasets() / "fixtures" / notebook / "notebook"
