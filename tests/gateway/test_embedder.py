"""MiniLM in a process that does other things as well."""

from __future__ import annotations

import subprocess
import sys

from autograder.paths import course_root

PROGRAM = """
import secrets, sys, tempfile
import lancedb
from autograder.gateway import Gateway, catalog
from autograder.gateway.embedder import Embedder

vectors = Embedder(catalog.find("all-minilm")).embed([secrets.token_hex()]).vectors
assert "datasets" not in sys.modules
with tempfile.TemporaryDirectory() as folder:
    table = lancedb.connect(folder).create_table("chunks", [{"text": "a cold room", "vector": list(map(float, vectors[0]))}])
    print(table.count_rows())
"""


def test_the_folder_of_datasets_is_not_taken_for_the_library_of_that_name() -> None:
    """Run where the folder is importable: LanceDB fails on it once transformers has loaded it."""
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=course_root(), capture_output=True, text=True)
    assert (done.stdout, done.returncode) == ("1\n", 0), done.stderr
