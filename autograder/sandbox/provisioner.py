"""A jupyter_client kernel provisioner that starts the kernel in the sandbox and can end all of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import psutil
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from .bubblewrap import PACKAGE, arguments, available
from .spec import COURSE, GATEWAY_PORT, WORK, SandboxSpec
from .watchdog import Watchdog, tree

NAME = "autograder-sandbox"


def register() -> None:
    """Make the provisioner known to jupyter_client without an installed entry point. Safe to call again."""
    factory = KernelProvisionerFactory.instance()
    factory.provisioners.setdefault(NAME, EntryPoint(NAME, f"{__name__}:SandboxProvisioner", KernelProvisionerFactory.GROUP_NAME))


class SandboxProvisioner(LocalProvisioner):  # type: ignore[misc]
    """Launches `inside.py`, in bubblewrap where it works, and sets the watchdog on it."""

    watchdog: Watchdog | None = None

    @property
    def spec(self) -> SandboxSpec:
        found: SandboxSpec = self.parent.spec
        return found

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        kwargs = await super().pre_launch(**kwargs)
        connection = str(self.parent.connection_file)
        isolated = available().kind == "bubblewrap"
        job = {
            "limits": self.spec.limits.as_json(),
            "socket": ("/run/gateway.sock" if isolated else str(self.spec.gateway_socket)) if self.spec.gateway_socket else None,
            "port": GATEWAY_PORT if isolated else self.parent.relay_port,
            "course": COURSE if isolated else str(PACKAGE.parent),
            "work": WORK if isolated else str(self.spec.work),
        }
        if isolated:
            command = [sys.executable, "-I", f"{COURSE}/inside.py", connection, json.dumps(job)]
            kwargs["cmd"] = arguments(self.spec, Path(connection).parent, command)
            kwargs["env"] = {"PATH": os.environ.get("PATH", "/usr/bin:/bin")}
        else:
            kwargs["cmd"] = [sys.executable, "-I", str(Path(__file__).with_name("inside.py")), connection, json.dumps(job)]
            kwargs["env"] = self.parent.open_environment()
        kwargs["cwd"] = str(self.spec.work)
        return kwargs

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        log = open(Path(self.parent.connection_file).parent / "kernel.log", "ab")  # noqa: SIM115  closed by the child's end
        with contextlib.closing(log):
            self.process = subprocess.Popen(
                cmd, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=kwargs["env"], cwd=kwargs["cwd"], start_new_session=True
            )
        self.pid = self.process.pid
        with contextlib.suppress(AttributeError, OSError):
            self.pgid = os.getpgid(self.pid)
        self.watchdog = Watchdog(self.pid, self.spec.work, self.spec.limits, self.kill_tree)
        self.watchdog.start()
        return self.connection_info

    def kill_tree(self) -> None:
        """End every process of the run. In bubblewrap the death of its first process takes the whole pid namespace along."""
        victims = tree(self.pid) if self.pid else []
        with contextlib.suppress(AttributeError, OSError):
            os.killpg(self.pid, signal.SIGKILL)
        for process in reversed(victims):
            with contextlib.suppress(psutil.Error):
                process.kill()

    async def kill(self, restart: bool = False) -> None:
        self.stop_watching()
        self.kill_tree()

    async def terminate(self, restart: bool = False) -> None:
        self.stop_watching()
        self.kill_tree()

    async def cleanup(self, restart: bool = False) -> None:
        self.stop_watching()
        self.kill_tree()
        await super().cleanup(restart)

    def stop_watching(self) -> None:
        if self.watchdog is not None:
            self.watchdog.done.set()
