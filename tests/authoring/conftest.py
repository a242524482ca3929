from __future__ import annotations

from tests.authoring.fixtures import small  # noqa: F401
