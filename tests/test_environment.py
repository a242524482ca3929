"""pyproject.toml is the one list of dependencies: the lock, environment.yml and every import follow from it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from autograder import lockfile
from autograder.paths import course_root

ROOT = course_root()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
DIRECT = {canonicalize_name(one.name): one for one in map(Requirement, PROJECT["dependencies"])}
SYSTEMS = [("linux", "Linux", "x86_64", "posix"), ("darwin", "Darwin", "arm64", "posix"), ("win32", "Windows", "AMD64", "nt")]
PYTHONS = ["3.11.4", "3.11.9", "3.12.4", "3.13.1", "3.14.0"]
OURS = {"autograder", "tests"}


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system[0])
def test_the_lock_pins_every_dependency_on_every_system(system: tuple[str, str, str, str], python: str) -> None:
    names = dict(zip(("sys_platform", "platform_system", "platform_machine", "os_name"), system, strict=True))
    here = lockfile.machine() | names | {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    pinned = lockfile.wanted(LOCK, here)
    unfit = {name: pinned.get(name) for name, one in DIRECT.items() if pinned.get(name) not in one.specifier}
    assert unfit == {}


def test_the_lock_holds_what_the_dependencies_need_and_nothing_else() -> None:
    """By the metadata of what is installed here. What torch needs for a graphics card is left to pip."""
    needed = set(closure(list(DIRECT.values())))
    here = set(lockfile.wanted(LOCK, lockfile.machine()))
    graphics = {name for name in needed if name.startswith(("nvidia-", "cuda-", "triton"))}
    assert needed - graphics == here


def closure(asked: list[Requirement]) -> Iterator[str]:
    seen: set[tuple[str, str]] = set()
    while asked:
        one = asked.pop()
        name = canonicalize_name(one.name)
        for extra in one.extras or {""}:
            if (name, extra) in seen:
                continue
            seen.add((name, extra))
            yield name
            for text in metadata.requires(name) or []:
                inner = Requirement(text)
                if inner.marker is None or any(inner.marker.evaluate({"extra": each}) for each in {"", extra}):
                    asked.append(inner)


def test_environment_yml_follows() -> None:
    plain = [one for one in CONDA["dependencies"] if isinstance(one, str)]
    (pip,) = [one["pip"] for one in CONDA["dependencies"] if isinstance(one, dict)]
    versions = dict(one.partition("=")[::2] for one in plain)
    pinned = lockfile.wanted(LOCK, lockfile.machine())
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert set(versions) == {"python", "jupyterlab", "ollama", "pip"}
    assert f"{versions['python']}.0" in SpecifierSet(PROJECT["requires-python"])
    assert versions["jupyterlab"] == pinned["jupyterlab"]
    assert pip == ["-r requirements.lock", "-e ."]


def test_torch_is_one_version_exactly() -> None:
    """A range would pass over the processor-only build that a machine may offer under this version."""
    assert str(DIRECT["torch"].specifier) == "==2.13.0"


@pytest.mark.parametrize("folder", ["autograder", "solutions", "tests"])
def test_every_import_is_declared(folder: str) -> None:
    undeclared = {
        module: file
        for file, module in imports(ROOT / folder)
        if module not in sys.stdlib_module_names and module not in OURS and not set(distributions().get(module, [])) & set(DIRECT)
    }
    assert undeclared == {}


@cache
def distributions() -> dict[str, list[str]]:
    return {module: [canonicalize_name(name) for name in names] for module, names in metadata.packages_distributions().items()}


def imports(folder: Path) -> Iterator[tuple[str, str]]:
    """(file, top-level module) of every absolute import in Python files and in the code cells of the notebooks' sources."""
    for path in sorted(folder.rglob("*")):
        for code in sources(path) if path.suffix in (".py", ".md") else ():
            beside = {other.stem for other in path.parent.glob("*.py")} | {other.parent.name for other in path.parent.glob("*/__init__.py")}
            for module in modules(ast.parse(code)):
                if module not in beside:
                    yield str(path.relative_to(ROOT)), module


def sources(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return [text]
    cells = re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r"^[ ]*[:%!].*$", "", cell, flags=re.MULTILINE) for cell in cells]


def modules(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]


def jobs() -> dict[str, Any]:
    return yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))["jobs"]  # type: ignore[no-any-return]


def test_ci_runs_the_readmes_test_command() -> None:
    assert "python3 -m autograder test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert "bash .ci/run" in [step.get("run") for step in jobs()["suite"]["steps"]]
