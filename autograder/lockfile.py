"""What `requirements.lock` asks of this machine, and which of it a Python has. Standard library only; also read by old Pythons."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections import namedtuple

Lacking = namedtuple("Lacking", "name wanted found")
"""A locked package that is not there as locked; `found` is the version that is there, or None."""

_LINE = re.compile(r"(?P<name>[\w.-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;]+)\s*(?:;\s*(?P<marker>.+?))?\s*(?:\s#.*)?")
_TOKEN = re.compile(r"\s*(\(|\)|[<>!=]=|<|>|not\s+in\b|in\b|and\b|or\b|'[^']*'|\"[^\"]*\"|\w+)")
_VERSIONS = ("python_version", "python_full_version")


def machine() -> dict[str, str]:
    """The marker variables of this Python, by their names in PEP 508."""
    release = ".".join(map(str, sys.version_info[:3]))
    return {
        "implementation_name": sys.implementation.name,
        "os_name": os.name,
        "platform_machine": platform.machine(),
        "platform_python_implementation": platform.python_implementation(),
        "platform_system": platform.system(),
        "python_full_version": release,
        "python_version": release.rpartition(".")[0],
        "sys_platform": sys.platform,
    }


def wanted(lock: str, here: dict[str, str]) -> dict[str, str]:
    """Version by normalised name of what the lock's text asks of a machine. Raises `ValueError` for a line it cannot read."""
    found = {}
    for number, line in enumerate(lock.splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        read = _LINE.fullmatch(text)
        if read is None:
            raise ValueError("line " + str(number) + " is not name==version: " + text)
        if not read.group("marker") or holds(read.group("marker"), here):
            found[normalised(read.group("name"))] = read.group("version")
    return found


def present(folders: list[str]) -> dict[str, str]:
    """Version by normalised name of what is installed in these folders, read off the names of their entries: a few milliseconds.
    As on the import path, the first folder wins."""
    found: dict[str, str] = {}
    for folder in folders:
        for entry in _entries(folder):
            stem, kind = os.path.splitext(entry)
            name, _, version = stem.partition("-")
            whole = kind == ".egg-info" or (kind == ".dist-info" and os.path.exists(os.path.join(folder, entry, "METADATA")))
            if whole and version:
                found.setdefault(normalised(name), re.sub(r"-py\d.*", "", version))
    return found


def lacking(asked: dict[str, str], folders: list[str]) -> list[Lacking]:
    """What is asked and not there, or there in another version. A local label ("2.13.0+cpu") is no other version."""
    there = present(folders)
    return [
        Lacking(name, version, there.get(name))
        for name, version in asked.items()
        if _public(there.get(name, "")) != _public(version)
    ]


def holds(marker: str, here: dict[str, str]) -> bool:
    """Whether a marker such as `python_full_version < '3.12' and sys_platform != 'win32'` is true on a machine."""
    tokens = _TOKEN.findall(marker)
    answer = _any(tokens, here)
    if tokens:
        raise ValueError("a marker that cannot be read: " + marker)
    return answer


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _entries(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []


def _public(version: str) -> str:
    return version.partition("+")[0].replace("_", "-").lower()


def _any(tokens: list[str], here: dict[str, str]) -> bool:
    answer = _all(tokens, here)
    while tokens and tokens[0] == "or":
        tokens.pop(0)
        answer = _all(tokens, here) or answer
    return answer


def _all(tokens: list[str], here: dict[str, str]) -> bool:
    answer = _one(tokens, here)
    while tokens and tokens[0] == "and":
        tokens.pop(0)
        answer = _one(tokens, here) and answer
    return answer


def _one(tokens: list[str], here: dict[str, str]) -> bool:
    if tokens[:1] == ["("]:
        tokens.pop(0)
        answer = _any(tokens, here)
        if tokens[:1] != [")"]:
            raise ValueError("a marker with an open parenthesis")
        tokens.pop(0)
        return answer
    if len(tokens) < 3:
        raise ValueError("a marker that ends too early")
    left, sign, right = tokens.pop(0), tokens.pop(0), tokens.pop(0)
    if left in _VERSIONS and sign not in ("in", "not in"):
        return _compared(here[left], sign, right[1:-1])
    return _matched(_value(left, here), " ".join(sign.split()), _value(right, here))


def _value(token: str, here: dict[str, str]) -> str:
    if token[0] in "'\"":
        return token[1:-1]
    if token not in here:
        raise ValueError("a marker variable that is not known: " + token)
    return here[token]


def _matched(left: str, sign: str, right: str) -> bool:
    if sign in ("==", "!="):
        return (left == right) == (sign == "==")
    if sign in ("in", "not in"):
        return (left in right) == (sign == "in")
    raise ValueError("a marker that compares texts with " + sign)


def _compared(left: str, sign: str, right: str) -> bool:
    if right.endswith(".*"):
        start = _release(right[:-2])
        return (_release(left)[: len(start)] == start) == (sign == "==")
    a, b = _release(left), _release(right)
    length = max(len(a), len(b))
    a, b = a + (0,) * (length - len(a)), b + (0,) * (length - len(b))
    return {"==": a == b, "!=": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
