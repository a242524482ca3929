"""The lock's reader against `packaging`, the library that pip itself reads markers and names with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from autograder import lockfile
from autograder.paths import course_root

LOCK = (course_root() / "requirements.lock").read_text(encoding="utf-8")
LINUX = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.4",
    "python_version": "3.11",
    "sys_platform": "linux",
}
MACHINES = [
    LINUX,
    LINUX | {"python_full_version": "3.11.5"},
    LINUX | {"python_full_version": "3.12.0", "python_version": "3.12", "platform_machine": "riscv64"},
    LINUX | {"python_full_version": "3.13.2", "python_version": "3.13", "platform_python_implementation": "PyPy", "implementation_name": "pypy"},
    LINUX | {"platform_system": "Darwin", "sys_platform": "darwin", "platform_machine": "arm64"},
    LINUX | {"platform_system": "Windows", "sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64"},
]
MARKERS = [
    "python_version >= '3.9' and python_version < '3.12'",
    "python_full_version == '3.12.*'",
    "python_full_version != '3.12.*' or sys_platform == 'win32'",
    "os_name != 'nt' or (sys_platform != 'emscripten' and sys_platform != 'win32')",
    "(platform_machine == 'x86_64' or platform_machine == 'arm64')",
    "'linux' in sys_platform",
    "sys_platform not in 'linux darwin'",
    'platform_system == "Linux" and python_full_version <= "3.11.4"',
]


@pytest.mark.parametrize("here", MACHINES, ids=lambda here: f"{here['sys_platform']} {here['python_full_version']}")
def test_the_lock_asks_what_pip_reads_in_it(here: dict[str, str]) -> None:
    asked = [Requirement(line) for line in LOCK.splitlines()]
    expected = {canonicalize_name(one.name): str(one.specifier)[2:] for one in asked if one.marker is None or one.marker.evaluate(here)}
    assert lockfile.wanted(LOCK, here) == expected


@pytest.mark.parametrize("marker", MARKERS)
def test_markers_mean_what_packaging_says(marker: str) -> None:
    answers = [lockfile.holds(marker, here) for here in MACHINES]
    assert answers == [Marker(marker).evaluate(here) for here in MACHINES]
    assert len(set(answers)) == 2, "the machines do not tell this marker's two answers apart"


@pytest.mark.parametrize("marker", ["", "sys_platform", "sys_platform ==", "(os_name == 'nt'", "colour == 'red'", "os_name < 'nt'", "os_name == 'nt' os_name"])
def test_a_marker_that_cannot_be_read_is_refused(marker: str) -> None:
    with pytest.raises(ValueError, match="marker"):
        lockfile.holds(marker, LINUX)


def test_comments_extras_and_empty_lines() -> None:
    text = "# a comment\n\nName_With.Dots[extra]==1.0  # why\nother==2 ; os_name == 'posix'\nthird==3 ; os_name == 'nt'\n"
    assert lockfile.wanted(text, LINUX) == {"name-with-dots": "1.0", "other": "2"}


def test_what_is_present_agrees_with_pip() -> None:
    listed = subprocess.run([sys.executable, "-m", "pip", "list", "--format", "freeze"], capture_output=True, text=True, check=True).stdout
    expected = dict(line.split("==", 1) for line in listed.splitlines() if "==" in line)
    assert lockfile.present(sys.path).items() >= {canonicalize_name(name): version for name, version in expected.items()}.items()


def test_what_is_lacking(tmp_path: Path) -> None:
    for name in ("Here-1.0.dist-info", "local-2.0+cpu.dist-info", "old-1.0.dist-info", "half-1.0.dist-info", "~emp-1.0.dist-info"):
        (tmp_path / name).mkdir()
        if name[:4] != "half":
            (tmp_path / name / "METADATA").touch()
    asked = {"here": "1.0", "local": "2.0", "old": "2.0", "half": "1.0", "temp": "1.0"}
    assert lockfile.lacking(asked, [str(tmp_path)]) == [("old", "2.0", "1.0"), ("half", "1.0", None), ("temp", "1.0", None)]
