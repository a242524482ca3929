from __future__ import annotations

from tests.sandbox.fixtures import bench  # noqa: F401
