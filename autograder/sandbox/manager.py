"""The kernel manager that papermill and nbclient use to run a learner's notebook in the sandbox."""

from __future__ import annotations

import os
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

from .bubblewrap import available
from .outcome import Outcome
from .provisioner import NAME, SandboxProvisioner, register
from .spec import SandboxSpec


class SandboxKernelManager(AsyncKernelManager):  # type: ignore[misc]
    """One kernel, one sandbox. Our ipykernel always runs, whatever kernelspec a notebook names."""

    def __init__(self, spec: SandboxSpec, **kwargs: Any) -> None:
        register()
        self.spec = spec
        self.run_dir = Path(tempfile.mkdtemp(prefix="ag-"))
        self.run_dir.chmod(0o700)
        self.relay_port = free_port()
        transport = "tcp" if sys.platform == "win32" else "ipc"
        super().__init__(connection_file=str(self.run_dir / "k.json"), transport=transport, **kwargs)
        self._kernel_spec = KernelSpec(
            argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
            display_name="Python 3 (sandbox)",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": NAME}},
        )

    @property
    def isolation(self) -> str:
        return available().kind

    def open_environment(self) -> dict[str, str]:
        """Without bubblewrap: the sandbox's variables on the host's paths, plus what an operating system needs to start Python."""
        env = self.spec.environment(inside=False)
        env["AUTOGRADER_INPUTS"] = str(self.linked_inputs())
        env["PATH"] = os.environ.get("PATH", env["PATH"])
        env.update({name: os.environ[name] for name in ("SYSTEMROOT", "USERPROFILE", "LD_LIBRARY_PATH") if name in os.environ})
        if self.spec.gateway_socket is not None:
            env["OLLAMA_HOST"] = f"http://127.0.0.1:{self.relay_port}"
        for folder in (env["TMPDIR"], env["HOME"]):
            Path(folder).mkdir(parents=True, exist_ok=True)
        return env

    def linked_inputs(self) -> Path:
        """All inputs below one folder, as the sandbox shows them; copied, since links need rights on some systems."""
        folder = self.run_dir / "inputs"
        for name, source in self.spec.inputs.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copy2(source, target)
        return folder

    @property
    def outcome(self) -> Outcome:
        """What ended the run, as far as it is known; "ok" while nothing did."""
        watchdog = self.provisioner.watchdog if isinstance(self.provisioner, SandboxProvisioner) else None
        return self._last_outcome if watchdog is None else watchdog.outcome

    _last_outcome = Outcome()

    @property
    def peak_bytes(self) -> int:
        watchdog = self.provisioner.watchdog if isinstance(self.provisioner, SandboxProvisioner) else None
        return 0 if watchdog is None else watchdog.peak_bytes

    def end(self, outcome: Outcome) -> None:
        """End the run now, for this reason (a cell that took too long, for instance)."""
        if isinstance(self.provisioner, SandboxProvisioner) and self.provisioner.watchdog is not None:
            self.provisioner.watchdog.end(outcome)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        self._last_outcome = self.outcome
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self.run_dir, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
