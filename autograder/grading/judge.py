"""The judge: a clean process that never imports the learner's code, reads the evidence strictly, and answers with findings.

The grader writes a job file, starts `python -I` with an almost empty environment somewhere else, and reads the answer back.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

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


Runner = Callable[[str, Path, Path, float], str]
"""(rubric, question, answer, seconds) -> last words: has the job in one file judged into the other, in a clean process."""


def judge(
    rubric_name: str,
    expected: Json,
    evidence: Path,
    ledger: Json,
    *,
    seconds: float = SECONDS,
    memory: int = MEMORY,
    run: Runner | None = None,
) -> list[Finding]:
    """Findings on the artefacts in the folder `evidence`, formed in a process of their own, which `run` provides.

    `seconds` and `memory` (bytes of address space) bound that process. Raises `JudgeError` when it does not answer.
    """
    job = {"rubric": rubric_name, "expected": expected, "evidence": str(evidence.resolve()), "ledger": ledger, "memory": memory}
    with tempfile.TemporaryDirectory(prefix="autograder-judge-") as name:
        folder = Path(name)
        question, answer = folder / "job.json", folder / "findings.json"
        question.write_text(json.dumps(job), encoding="utf-8")
        said = (run or fresh_process)(rubric_name, question, answer, seconds)
        if not answer.is_file():
            raise JudgeError(
                f"The judge of {rubric_name} stopped without a verdict ({said}).",
                "This is a fault of the grader: please report it.",
            )
        return read_findings(answer)


def fresh_process(rubric_name: str, question: Path, answer: Path, seconds: float) -> str:
    """Start a clean process for one job and wait for it; returns its last words."""
    command = [sys.executable, "-I", "-c", START, str(course_root()), str(question), str(answer)]
    try:
        done = subprocess.run(
            command,
            cwd=question.parent,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no answer within {seconds:.0f} s"
    return last_words(done.stderr, f"exit status {done.returncode}")


def environment() -> dict[str, str]:
    threads = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", **threads, **{name: os.environ[name] for name in KEPT if name in os.environ}}


def last_words(said: bytes, otherwise: str) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else otherwise


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


def serve() -> int:
    """What a `JudgeServer`'s process does: one child per line that comes in, one line back when it has ended."""
    for line in sys.stdin.buffer:
        request = json.loads(line)
        rubrics.load(request["rubric"])
        said = in_a_child(request)
        sys.stdout.buffer.write(json.dumps(said).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def in_a_child(request: dict[str, Any]) -> str:
    """Judge in a forked child; empty words when it ended by itself."""
    child = os.fork()
    if child == 0:
        try:
            words = os.open(request["words"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            nothing = os.open(os.devnull, os.O_RDWR)
            for standard, target in ((0, nothing), (1, nothing), (2, words)):
                os.dup2(target, standard)
            os._exit(main(request["question"], request["answer"]))
        except BaseException as error:
            os.write(2, f"{type(error).__name__}: {error}".encode("utf-8", "replace")[:2000])
        finally:
            os._exit(1)
    deadline = time.monotonic() + request["seconds"]
    pause = 0.001
    while os.waitpid(child, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return f"no answer within {request['seconds']:.0f} s"
        time.sleep(pause)
        pause = min(0.05, pause * 1.5)
    return ""


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
