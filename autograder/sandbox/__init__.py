"""Where a learner's kernel runs.

`SandboxSpec` says what a run is given and `Limits` what it may use; `SandboxKernelManager` starts a kernel in it (bubblewrap
on Linux) and `Outcome` tells what ended it. `available()` says what isolates here, and `self_check` tries every promise.
"""

from __future__ import annotations

from .bubblewrap import Isolation, available
from .errors import SandboxError
from .limits import Limits
from .manager import SandboxKernelManager
from .outcome import Outcome
from .spec import SandboxSpec

__all__ = ["Isolation", "Limits", "Outcome", "SandboxError", "SandboxKernelManager", "SandboxSpec", "available"]
