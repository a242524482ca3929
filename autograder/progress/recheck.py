"""What `watch` runs apart: the imports and the solution cells of a notebook, then its checks, up to the first that is not met.

Demonstrations between the exercises are not run: they may be slow, or ask the model.
"""

from __future__ import annotations

import ast
import json
import linecache
import sys
from collections.abc import Iterator
from typing import Any

from ..authoring.tags import CHECK
from ..probe.interactive import examine
from .path import advice, steps

KEPT = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


def main() -> int:
    cells = json.loads(sys.stdin.read())
    learner: dict[str, Any] = {"__name__": "__main__"}
    for number, cell in enumerate(cells, start=1):
        source = cell["source"]
        call = CHECK.fullmatch(source.strip())
        if call is not None:
            result = examine(call[1], learner)
            print(result)
            if not result.passed:
                return 1
            continue
        for node in wanted(source, solution=cell["solution"]):
            run(node, source, f"cell {number}", learner)
    print(f"Every exercise of this notebook is met. {advice(steps())}")
    return 0


def wanted(source: str, *, solution: bool) -> Iterator[ast.stmt]:
    """All statements of a solution cell; of another cell only what defines something without doing anything."""
    try:
        body = ast.parse(source).body
    except SyntaxError as error:
        if solution:
            print(f"  line {error.lineno}: {error.msg}: {(error.text or '').strip()}")
        return
    for node in body:
        if solution or (isinstance(node, KEPT) and not calls_something(node)):
            yield node


def calls_something(node: ast.stmt) -> bool:
    """Whether an assignment does more than name a constant."""
    return isinstance(node, ast.Assign | ast.AnnAssign) and any(isinstance(part, ast.Call | ast.Await) for part in ast.walk(node))


def run(node: ast.stmt, source: str, name: str, learner: dict[str, Any]) -> None:
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    try:
        exec(compile(ast.Module([node], []), name, "exec"), learner)
    except Exception as error:
        print(f"  {name}, line {node.lineno}: {type(error).__name__}: {error}")


if __name__ == "__main__":
    sys.exit(main())
