"""Intake: a submission becomes a fresh copy of plain files, or a `SubmissionError`.

Only regular files that belong to the learner are copied. A path is data here, never a format string and never a command.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from .errors import SubmissionError
from .notebook import Notebook, read_notebook

SUFFIXES = frozenset([".py", ".jsonl", ".md", ".csv", ".txt", ".json", ".toml", ".yaml", ".yml", ".html", ".css", ".js", ".j2"])
SKIPPED_FOLDERS = frozenset({"__pycache__", "node_modules", "evidence", "reports", "home"})
NEVER = frozenset({"conftest.py", "sitecustomize.py", "usercustomize.py"})
LINK_MEND = "Hand in the file itself instead of a link to it."


@dataclass(frozen=True, slots=True)
class Caps:
    """How large a submission may be: bytes per file, bytes and files in all, folders deep."""

    file_bytes: int = 50 << 20
    total_bytes: int = 200 << 20
    files: int = 2_000
    depth: int = 12
    entries: int = 50_000
    """Names that are looked at, those included that are left out."""


@dataclass(frozen=True)
class Intake:
    """A submission taken in: its notebook, the learner's own files as a copy in `folder`, and the digest of both."""

    name: str
    notebook_name: str
    notebook: Notebook
    folder: Path
    files: tuple[str, ...]
    digest: str
    notes: tuple[str, ...] = field(default=())


def take_in(submission: Path, folder: Path, *, wanted: str | None = None, caps: Caps = Caps()) -> Intake:
    """Copy a submission (a folder, or one .ipynb) into the new `folder`.

    `wanted` names the notebook to take when a folder holds several. Raises `SubmissionError`.
    """
    refuse_link(submission)
    folder.mkdir(parents=True)
    if submission.is_dir():
        return take_folder(submission, folder, wanted, caps)
    if not submission.exists():
        raise SubmissionError(
            "there is no such file or folder", "Name a notebook or the folder that holds it.", file=str(submission)
        )
    if submission.suffix != ".ipynb":
        raise SubmissionError("is not a notebook", "Name an .ipynb file or the folder that holds it.", file=submission.name)
    raw = read_file(submission, submission.name, caps.file_bytes)
    notebook = read_notebook(raw, submission.name)
    return Intake(submission.name, submission.name, notebook, folder, (), digest_of([(submission.name, raw)]))


def take_folder(submission: Path, folder: Path, wanted: str | None, caps: Caps) -> Intake:
    entries = list(walk(submission, caps))
    chosen = choose([name for name in entries if name.endswith(".ipynb")], wanted, submission.name)
    contents: list[tuple[str, bytes]] = []
    total = 0
    for name in entries:
        if name.endswith(".ipynb") and name != chosen:
            continue
        raw = read_file(submission / name, name, caps.file_bytes)
        total += len(raw)
        if total > caps.total_bytes:
            raise SubmissionError(
                f"holds more than {caps.total_bytes >> 20} MiB", "Leave indexes, data sets and outputs out.", file=submission.name
            )
        contents.append((name, raw))
    notebook = read_notebook(dict(contents)[chosen], chosen)
    files = tuple(name for name, _ in contents if name != chosen)
    for name, raw in contents:
        if name != chosen:
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(raw)
    return Intake(submission.resolve().name, chosen, notebook, folder, files, digest_of(contents))


def walk(root: Path, caps: Caps) -> Iterator[str]:
    """Relative posix names of the files that belong to the submission, in order; refuses links and devices on the way."""
    pending = [root]
    count = looked_at = 0
    while pending:
        here = pending.pop()
        for entry in listed(here, caps.entries - looked_at, root):
            looked_at += 1
            name = Path(entry.path).relative_to(root).as_posix()
            if entry.is_symlink():
                raise SubmissionError("is a symbolic link", LINK_MEND, file=name)
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if len(PurePosixPath(name).parts) > caps.depth:
                    raise SubmissionError(f"is more than {caps.depth} folders deep", "Flatten the folder.", file=name)
                if entry.name.lower() not in SKIPPED_FOLDERS:
                    pending.append(Path(entry.path))
                continue
            refuse_special(entry.stat(follow_symlinks=False), name)
            if belongs(entry.name):
                count += 1
                if count > caps.files:
                    raise SubmissionError(
                        f"more than {caps.files:,} files", "Hand in the notebook and your own files only.", file=root.name
                    )
                yield name


def listed(folder: Path, most: int, root: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            found = list(itertools.islice(entries, most + 1))
    except OSError as error:
        name = folder.relative_to(root).as_posix()
        raise SubmissionError(f"cannot be opened ({error.strerror})", "Check its permissions.", file=name) from None
    if len(found) > most:
        raise SubmissionError("holds far too many files", "Hand in the notebook and your own files only.", file=root.name)
    return sorted(found, key=lambda entry: entry.name)


def belongs(name: str) -> bool:
    suffix = PurePosixPath(name).suffix.lower()
    return name.lower() not in NEVER and (suffix in SUFFIXES or suffix == ".ipynb")


def refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise SubmissionError("is a symbolic link", LINK_MEND, file=path.name)


def refuse_special(facts: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(facts.st_mode):
        raise SubmissionError("is neither a file nor a folder (a device, a pipe or a socket)", "Remove it.", file=name)
    if facts.st_nlink > 1:
        raise SubmissionError(
            "is a hard link: the same file also stands somewhere else",
            "Copy it into a file of its own and remove the link.",
            file=name,
        )


def read_file(path: Path, name: str, limit: int) -> bytes:
    """The bytes of a regular, unlinked file; what is checked is the open file, not the name, so a swap in between gains nothing."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        raise SubmissionError(f"cannot be read ({error.strerror})", "Check its permissions.", file=name) from None
    with os.fdopen(handle, "rb") as file:
        facts = os.fstat(file.fileno())
        refuse_special(facts, name)
        if facts.st_size > limit:
            size, most = facts.st_size >> 20, limit >> 20
            raise SubmissionError(
                f"is {size:,} MiB large; at most {most:,} are taken", "Clear the outputs, or leave the file out.", file=name
            )
        return file.read(limit)


def choose(notebooks: list[str], wanted: str | None, where: str) -> str:
    """The one notebook of a folder: the wanted one, the only one, or the only one at the top. Raises `SubmissionError`."""
    if wanted in notebooks and wanted is not None:
        return wanted
    top = [name for name in notebooks if "/" not in name]
    named = [name for name in top or notebooks if wanted and PurePosixPath(name).name == wanted]
    for candidates in (named, notebooks, top):
        if len(candidates) == 1:
            return candidates[0]
    if not notebooks:
        raise SubmissionError("holds no notebook", "Put the assignment's .ipynb file into it.", file=where)
    some = ", ".join(notebooks[:5])
    raise SubmissionError(f"holds {len(notebooks)} notebooks ({some})", "Name the one to grade.", file=where)


def digest_of(contents: list[tuple[str, bytes]]) -> str:
    """SHA-256 over names and bytes, independent of the order on disk."""
    total = hashlib.sha256()
    for name, raw in sorted(contents):
        encoded = name.encode("utf-8", "surrogateescape")
        total.update(len(encoded).to_bytes(8, "big") + encoded + len(raw).to_bytes(8, "big") + raw)
    return total.hexdigest()
