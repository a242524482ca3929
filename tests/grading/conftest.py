from __future__ import annotations

from tests.grading.fixtures import grade_tiny, tiny_course  # noqa: F401
