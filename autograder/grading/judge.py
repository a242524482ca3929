"""The judge: a clean process that never imports the learner's code, reads the evidence strictly, and answers with findings.

The grader writes a job file, starts `python -I` with an almost empty environment somewhere else, and reads the answer back.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from .. import rubrics
from ..evidence import Caps, EvidenceError, clip, read_json
from ..paths import course_root
from ..verdict import Criterion, Finding, Json, Status
from .errors import JudgeError

SECONDS = 600.0
MEMORY = 4 << 30
ANSWER = Caps(file_bytes=32 << 20, line_bytes=32 << 20, depth=64)
WORDS = 4_000
"""Characters of an observation that a finding repeats."""
START = """
import sys
sys.path.insert(0, sys.argv[1])
from autograder.grading.judge import main
sys.exit(main(sys.argv[2], sys.argv[3]))
"""
KEPT = ("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "AUTOGRADER_HOME", "HOME", "USERPROFILE", "LOCALAPPDATA")


def judge(
    rubric_name: str, expected: Json, evidence: Path, ledger: Json, *, seconds: float = SECONDS, memory: int = MEMORY
) -> list[Finding]:
    """Findings on the artefacts in the folder `evidence`, formed in a process of their own.

    `seconds` and `memory` (bytes of address space) bound that process. Raises `JudgeError` when it does not answer.
    """
    job = {"rubric": rubric_name, "expected": expected, "evidence": str(evidence.resolve()), "ledger": ledger, "memory": memory}
    with tempfile.TemporaryDirectory(prefix="autograder-judge-") as name:
        folder = Path(name)
        question, answer = folder / "job.json", folder / "findings.json"
        question.write_text(json.dumps(job), encoding="utf-8")
        said = run(question, answer, seconds)
        if not answer.is_file():
            raise JudgeError(
                f"The judge of {rubric_name} stopped without a verdict ({said}).",
                "This is a fault of the grader: please report it.",
            )
        return read_findings(answer)


def run(question: Path, answer: Path, seconds: float) -> str:
    """Start the clean process and wait for it; returns its last words."""
    command = [sys.executable, "-I", "-c", START, str(course_root()), str(question), str(answer)]
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    try:
        done = subprocess.run(
            command,
            cwd=question.parent,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", **threads, **kept},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds:.0f} s"
    words = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return words[-1][:300] if words else f"exit status {done.returncode}"


def read_findings(answer: Path) -> list[Finding]:
    try:
        return [Finding(**{**given, "status": Status(given["status"])}) for given in read_json(answer, ANSWER)]
    except (EvidenceError, TypeError, KeyError, ValueError) as error:
        raise JudgeError(f"The judge's answer cannot be read ({error}).") from None


def main(question: str, answer: str) -> int:
    """What the clean process does."""
    job = read_json(Path(question), Caps(file_bytes=1 << 30, line_bytes=1 << 30, depth=64))
    limit_memory(job["memory"])
    rubric = rubrics.load(job["rubric"])
    findings = rubric.judge(job["expected"], Path(job["evidence"]), job["ledger"])
    check_scores(rubric.criteria, findings)
    findings = [replace(finding, expected=clip(finding.expected, WORDS), observed=clip(finding.observed, WORDS)) for finding in findings]
    whole = Path(answer).with_suffix(".part")
    whole.write_text(json.dumps([asdict(finding) for finding in findings], allow_nan=False), encoding="utf-8")
    whole.replace(answer)
    return 0


def check_scores(criteria: Sequence[Criterion], findings: Sequence[Finding]) -> None:
    """A rubric's own slip must not become a score: no unknown criterion, none twice, none above what it is worth."""
    worth = {criterion.id: criterion.max_score for criterion in criteria}
    names = [finding.id for finding in findings]
    if len(set(names)) < len(names) or not set(names) <= set(worth):
        raise ValueError(f"findings {sorted(names)} do not match the criteria")
    for finding in findings:
        if not 0.0 <= finding.score <= worth[finding.id]:
            raise ValueError(f"{finding.id}: {finding.score} is not between 0 and {worth[finding.id]}")


def limit_memory(limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
