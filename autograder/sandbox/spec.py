"""What a sandboxed run is given: its folders, its one way out, and its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .limits import Limits

WORK, INPUTS, MODELS, COURSE = "/work", "/inputs", "/models", "/course"
GATEWAY_PORT = 11434


@dataclass(frozen=True)
class SandboxSpec:
    """`work` is the one folder that may be written; each of `inputs` appears read-only below /inputs under its name."""

    work: Path
    inputs: Mapping[str, Path] = field(default_factory=dict)
    gateway_socket: Path | None = None
    models: Path | None = None
    limits: Limits = Limits()
    env: Mapping[str, str] = field(default_factory=dict)

    def environment(self, *, inside: bool) -> dict[str, str]:
        """All the variables the kernel sees; nothing is inherited. `inside` tells sandbox paths from host paths."""
        work = WORK if inside else str(self.work)
        found = {
            "HOME": f"{work}/home",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "TMPDIR": "/tmp" if inside else f"{work}/tmp",
            "AUTOGRADER_GRADED": "1",
            "AUTOGRADER_EVIDENCE": f"{work}/evidence",
            "AUTOGRADER_WORK": work,
            "HF_HUB_OFFLINE": "1",
            "TRANSFORMERS_OFFLINE": "1",
            "TOKENIZERS_PARALLELISM": "false",
            "MPLBACKEND": "agg",
            "MPLCONFIGDIR": f"{work}/home/.matplotlib",
            "IPYTHONDIR": "/tmp/ipython" if inside else f"{work}/home/.ipython-run",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
        }
        if inside:
            found["AUTOGRADER_INPUTS"] = INPUTS
        if self.gateway_socket is not None:
            found["OLLAMA_HOST"] = f"http://127.0.0.1:{GATEWAY_PORT}"
        if self.models is not None:
            found["AUTOGRADER_MODELS"] = MODELS if inside else str(self.models)
        return {**found, **self.env}
