"""A clean process that has the rubrics' imports behind it and forks once per verdict, so that a class of learners pays for them once.

What was clean stays clean: the process itself reads no evidence, only which rubric is asked for; each child reads one learner's and ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from ..paths import course_root
from .judge import SECONDS, START, environment, last_words

PATIENCE_SECONDS = 10.0
"""How long the answer may take beyond the time a verdict has."""
SERVE = START.replace("import main", "import serve").replace("main(sys.argv[2], sys.argv[3])", "serve()")


class JudgeServer:
    """Used like `judge.fresh_process`; safe to use from one thread at a time. Where nothing forks (Windows) do not start one."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._running()  # it loads while the first submission runs
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def __call__(self, rubric: str, question: Path, answer: Path, seconds: float = SECONDS) -> str:
        """Has the job in `question` judged into `answer`; returns the last words of the process that did it."""
        words = answer.with_suffix(".words")
        request = {"rubric": rubric, "question": str(question), "answer": str(answer), "words": str(words), "seconds": seconds}
        try:
            said = self._ask(json.dumps(request).encode() + b"\n", seconds)
        except (OSError, ValueError):
            self.close()
            return "the process that judges went away"
        return said or last_words(words.read_bytes() if words.exists() else b"", "no word")

    def _ask(self, request: bytes, seconds: float) -> str:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        process.stdin.write(request)
        process.stdin.flush()
        bell = threading.Timer(seconds + PATIENCE_SECONDS, process.kill)
        bell.start()
        try:
            return str(json.loads(process.stdout.readline()))
        finally:
            bell.cancel()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            command = [sys.executable, "-I", "-c", SERVE, str(course_root())]
            self._process = subprocess.Popen(
                command, cwd="/", env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def close(self) -> None:
        if self._process is not None:
            with contextlib.suppress(OSError):
                self._process.kill()
            self._process.communicate()
            self._process = None


def can_fork() -> bool:
    return hasattr(os, "fork") and sys.platform != "darwin"
