"""All tests of the company see one state of its sources, even while somebody writes new ones."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from autograder.paths import datasets
from autograder.world import company, practice_company


@pytest.fixture(scope="session", autouse=True)
def sources(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder with the company's facts and templates."""
    folder = tmp_path_factory.mktemp("sources") / "company"
    shutil.copytree(datasets() / "company", folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(company, "home", lambda: folder)
        patch.setattr(practice_company, "home", lambda: folder)
        patch.setattr(practice_company, "CODE", shutil.copytree(practice_company.CODE, folder.parent / "code"))
        yield folder
