"""What a sandbox is given: one directory to write, things to read, one socket to call."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .errors import SandboxError
from .limits import THREADS, Limits

WORK = "/work"
INPUTS = "/inputs"
MODELS = "/models"
COURSE = "/course"
COURSE_PARTS = ("__init__.py", "errors.py", "matching", "probe")
"""What of this package a learner's kernel sees."""
HOME = "/course/home"
ENVIRONMENT = "/env"
RELAY_PORT = 11434

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


@dataclass(frozen=True)
class SandboxSpec:
    """One run. `work` is bound read-write as /work and is the current directory; each of `inputs` is bound read-only as
    /inputs/<name>; `models`, if it is there, read-only as /models. `gateway_socket` is the Unix socket behind http://127.0.0.1:11434 inside.
    `env` is all the environment the learner's code sees beside the sandbox's own. `modules` are worth loading before the kernel is forked,
    where one is.
    """

    work: Path
    inputs: Mapping[str, Path] = field(default_factory=dict)
    gateway_socket: Path | None = None
    models: Path | None = None
    limits: Limits = field(default_factory=Limits)
    env: Mapping[str, str] = field(default_factory=dict)
    modules: tuple[str, ...] = ()

    def checked(self) -> SandboxSpec:
        """Itself with absolute paths; raises `SandboxError` for a path that is not there or a name that cannot be a file's."""
        for name in self.inputs:
            if not name or not set(name) <= _NAME or name.startswith("."):
                raise SandboxError(f"The input name {name!r} cannot be a file name.", "Use letters, digits, '.', '_' and '-'.")
        named = {"work directory": self.work, **{f"input {name}": path for name, path in self.inputs.items()}}
        if self.gateway_socket is not None:
            named["gateway socket"] = self.gateway_socket
        for what, path in named.items():
            if not path.exists():
                raise SandboxError(f"The {what} {path} is not there.")
        return SandboxSpec(
            work=self.work.resolve(),
            inputs={name: path.resolve() for name, path in self.inputs.items()},
            gateway_socket=self.gateway_socket.resolve() if self.gateway_socket else None,
            models=self.models.resolve() if self.models and self.models.is_dir() else None,
            limits=self.limits,
            env=dict(self.env),
            modules=self.modules,
        )


def environment(spec: SandboxSpec, *, work: str = WORK, inputs: str = INPUTS, scratch: str = "/tmp", host: str = "") -> dict[str, str]:
    """The environment of the learner's code; nothing of the caller's own passes. `host` is the model server's URL."""
    threads = str(min(THREADS, os.cpu_count() or 1))
    inside = {
        "AUTOGRADER_GRADED": "1",
        "AUTOGRADER_INPUTS": inputs,
        "AUTOGRADER_EVIDENCE": f"{work}/evidence",
        "AUTOGRADER_WORK": work,
        "HOME": f"{work}/home",
        "TMPDIR": scratch,
        "IPYTHONDIR": f"{scratch}/ipython",
        "JUPYTER_CONFIG_DIR": f"{scratch}/jupyter",
        "JUPYTER_DATA_DIR": f"{scratch}/jupyter",
        "JUPYTER_RUNTIME_DIR": f"{scratch}/jupyter",
        "MPLBACKEND": "agg",
        "MPLCONFIGDIR": f"{scratch}/matplotlib",
        "HF_HOME": f"{scratch}/huggingface",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1",
        "PYTHONSAFEPATH": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS"), threads),
        **dict.fromkeys(("TOKIO_WORKER_THREADS", "LANCE_CPU_THREADS", "LANCE_IO_THREADS"), threads),
    }
    if host:
        inside["OLLAMA_HOST"] = host
    return {**inside, **spec.env}
