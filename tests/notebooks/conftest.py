from __future__ import annotations

from collections.abc import Iterator

import pytest

from autograder.gateway import Gateway
from autograder.paths import datasets


@pytest.fixture(scope="session")
def gateway() -> Iterator[Gateway]:
    """Recorded answers, and the small model for what is live on purpose."""
    with Gateway(backend="llama", cassettes=[datasets() / "cassettes"]) as running:
        yield running
