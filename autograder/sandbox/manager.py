"""The kernel manager that papermill and nbclient are given."""

from __future__ import annotations

import sys
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import run_sync

from .client import CappedClient
from .isolation import Isolation, available
from .kernel_server import KernelServer
from .outcome import Ended, Outcome
from .provisioner import BUBBLEWRAP, PLAIN, SandboxProvisioner, register
from .spec import SandboxSpec


class SandboxKernelManager(AsyncKernelManager):
    """Manages one kernel for one run, in a sandbox made of `spec`. The kernel is always our own ipykernel, whatever a notebook names.

    `isolation` says what it runs in; where it is "none" the kernel is a plain process with the caller's rights. Without `outputs` the
    client learns when a cell is done and what it raised, and nothing it shows. `kernels` forks the kernel, instead of a new process.
    `outcome` says what ended the run. Shutting down kills the kernel and all it started; nothing is asked first.
    """

    spec: SandboxSpec
    isolation: Isolation
    outputs: bool
    kernels: KernelServer | None

    def __init__(
        self,
        spec: SandboxSpec,
        *,
        isolation: Isolation | None = None,
        outputs: bool = True,
        kernels: KernelServer | None = None,
        **kwargs: Any,
    ) -> None:
        register()
        self.spec = spec
        self.outputs = outputs
        self.kernels = kernels
        self.isolation = available() if isolation is None else isolation
        super().__init__(client_class=f"{CappedClient.__module__}.{CappedClient.__name__}", **kwargs)

    @property
    def kernel_spec(self) -> KernelSpec:
        name = BUBBLEWRAP if self.isolation else PLAIN
        return KernelSpec(
            argv=[sys.executable],
            display_name="Python 3",
            language="python",
            metadata={"kernel_provisioner": {"provisioner_name": name}},
        )

    @property
    def outcome(self) -> Outcome:
        provisioner = self.provisioner
        return provisioner.outcome if isinstance(provisioner, SandboxProvisioner) else Outcome(Ended.OK)

    @property
    def first_process(self) -> int:
        """The id, out here, of the process that holds the run; 0 when there is none."""
        provisioner = self.provisioner
        process = provisioner.process if isinstance(provisioner, SandboxProvisioner) else None
        return process.pid if process is not None else 0

    @property
    def forked(self) -> bool:
        """Whether the kernel came of `kernels`, and did not have to be started after all."""
        return getattr(self.provisioner, "kernel", None) is not None

    def end(self, ended: Ended, detail: str) -> None:
        """Stops the run for a reason the caller has found, such as a cell that takes too long."""
        if isinstance(self.provisioner, SandboxProvisioner):
            self.provisioner.end(Outcome(ended, detail))

    async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
        """Kills the run, removes its sockets and gives the work directory back; `now` and `restart` make no difference."""
        self.shutting_down = True
        if isinstance(self.provisioner, SandboxProvisioner):
            await self.provisioner.poll()
            await self.provisioner.kill()
            await self.provisioner.wait()
        await self.cleanup_resources()

    def close(self) -> None:
        """`shutdown_kernel` for callers without an event loop; may be called again."""
        run_sync(self.shutdown_kernel)()
