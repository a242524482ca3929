"""Where things are: the course's own folders, and the cache outside the clone."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def course_root() -> Path:
    """The clone: the folder that holds `phases/`, `solutions/` and `datasets/`."""
    return Path(__file__).resolve().parent.parent


def datasets() -> Path:
    return course_root() / "datasets"


def home() -> Path:
    """The one cache directory (weights, vectors, practice companies, journal); `AUTOGRADER_HOME` overrides it."""
    chosen = os.environ.get("AUTOGRADER_HOME")
    if chosen:
        return Path(chosen).expanduser().resolve()
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "autograder"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "autograder"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "autograder"


def models() -> Path:
    return home() / "models"
