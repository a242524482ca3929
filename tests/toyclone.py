"""A clone small enough to set up for real in seconds: the course's own set-up code, a lock of one package, and a command that tells where it runs."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

import autograder

BASE_PYTHON: str = getattr(sys, "_base_executable", sys.executable)
PACKAGE = Path(autograder.__file__).parent
PARTS = ("__init__", "__main__", "bootstrap", "cli", "environment", "errors", "lockfile", "paths", "piprun", "pipwords", "setuplock", "steps")
COMMAND = '''
import sys


def add_arguments(parser):
    parser.add_argument("--code", type=int, default=0)


def run(args):
    import toy_package

    print(sys.prefix, toy_package.VERSION)
    return args.code
'''


@dataclass(frozen=True)
class ToyClone:
    """`wheels` is its package index; nothing is fetched from elsewhere."""

    root: Path
    wheels: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def packages(self) -> Path:
        return next(path for path in self.venv.rglob("site-packages"))

    def lock(self, *lines: str) -> None:
        (self.root / "requirements.lock").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "AUTOGRADER", "VIRTUAL_ENV"))}
        return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), **more}

    def start(self, *words: str, python: str | Path = BASE_PYTHON, **more: str) -> subprocess.Popen[str]:
        call = [str(python), "-m", "autograder", "lab", *words]
        pipe = subprocess.PIPE
        return subprocess.Popen(call, cwd=self.root, env=self.environment(**more), stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True)

    def run(self, *words: str, python: str | Path = BASE_PYTHON, **more: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words, python=python, **more)
        out, err = process.communicate()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def toy_clone(root: Path) -> ToyClone:
    package = root / "autograder"
    package.mkdir(parents=True)
    for name in PARTS:
        shutil.copy(PACKAGE / f"{name}.py", package)
    (package / "lab.py").write_text(COMMAND, encoding="utf-8")
    clone = ToyClone(root, root.parent / "wheels")
    clone.wheels.mkdir(exist_ok=True)
    wheel(clone.wheels, "1.0")
    wheel(clone.wheels, "2.0")
    clone.lock("toy-package==1.0", "never-wanted==9 ; sys_platform == 'amiga'")
    return clone


def wheel(folder: Path, version: str, name: str = "toy_package", extra: dict[str, bytes] | None = None) -> Path:
    """A wheel that pip takes for a real one."""
    info = f"{name}-{version}.dist-info"
    files = {f"{name}/__init__.py": f"VERSION = {version!r}\n".encode(), **(extra or {})}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = f"[console_scripts]\n{name} = {name}:VERSION.__len__\n".encode()
    lines = [f"{file},sha256={urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b'=').decode()},{len(data)}" for file, data in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""]).encode()
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, data in files.items():
            archive.writestr(file, data)
    return path
