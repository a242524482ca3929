from __future__ import annotations

from tests.sandbox.fixtures import bench, forked_bench, kernels  # noqa: F401
