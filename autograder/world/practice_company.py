"""The practice company: written once into the cache, for everybody who works in the lab."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from ..paths import home as cache
from .company import home, source_files
from .inputs import write_inputs

CODE = Path(__file__).parent


def practice(seed: int) -> Path:
    """The folder with the inputs of a practice run; written on first use and again when the company's sources have changed."""
    folder = cache() / "practice" / f"seed-{seed}-{fingerprint()}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder.parent))
    try:
        write_inputs(seed, making)
        os.replace(making, folder)
    except OSError:
        if not folder.is_dir():  # nobody else was quicker
            raise
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return folder


def fingerprint() -> str:
    """A hash of everything the company is made from: its sources and the code that renders them."""
    digest = hashlib.sha256()
    for path in [*source_files(home()), *sorted(CODE.rglob("*.py")), *sorted((CODE / "pages").iterdir())]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]
