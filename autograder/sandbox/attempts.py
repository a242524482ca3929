"""How each promise of the sandbox is put to the test: code that tries to break it, and what to make of what came back.

An attempt returns what it saw in a few words and raises `Broken` when the promise did not hold.
"""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import psutil

from ..paths import course_root, home
from .interpreter import interpreter
from .isolation import Isolation, scratch
from .kernel_server import KernelServer
from .limits import MIB, TMP_BYTES, Limits
from .outcome import Ended, size
from .removal import remove_tree
from .snippets import LOOK_AROUND, code
from .spec import COURSE_PARTS
from .trial import Trial

SECRET = "AUTOGRADER_SELF_CHECK"
SMALL = Limits(wall_seconds=30, cell_seconds=20, memory_bytes=700 * MIB, processes=64, file_bytes=8 * MIB, work_bytes=48 * MIB, output_bytes=MIB)


class Broken(Exception):
    """A promise that was tried and did not hold; says what was seen."""


def must(holds: object, seen: str) -> None:
    if not holds:
        raise Broken(seen)


class Bench:
    """What the attempts share: bait on this machine, what forks their kernels if anything does, and one look around from inside."""

    def __init__(self, isolation: Isolation, kernels: KernelServer | None = None) -> None:
        self.isolation, self.kernels = isolation, kernels
        self.root = scratch()
        self.word = secrets.token_hex(8)
        self.bait = self.root / "solution.txt"
        self.bait.write_text(self.word, encoding="utf-8")
        self.listener = socket.create_server(("0.0.0.0", 0))
        self.gateway = Gate(self.root / "gateway.sock")
        os.environ[SECRET] = self.word
        self.bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", self.word])

    def close(self) -> None:
        os.environ.pop(SECRET, None)
        self.bystander.kill()
        self.bystander.wait()
        self.listener.close()
        self.gateway.close()
        remove_tree(self.root)

    def trial(self, **changes: Any) -> Trial:
        return Trial(self.isolation, limits=replace(SMALL, **changes), kernels=self.kernels)

    @property
    def private(self) -> list[str]:
        """What a learner's code must not find: the bait, other people's homes, the course's answers and everything about other runs."""
        clone = course_root()
        course = (clone / "solutions", clone / "tests", clone / ".git", clone / "autograder" / "checks")
        others = (Path("/etc/shadow"), Path("/var/log"), Path("/run/docker.sock"), *Path("/home").glob("*"))
        on_the_way = {here for shown, _ in interpreter().binds for here in (shown, *shown.parents)}
        of_this_person = [path for path in Path.home().iterdir() if path not in on_the_way]
        places = (self.bait, self.root, home(), *course, *others, *of_this_person)
        return [str(path) for path in places if path.exists()]

    @cached_property
    def seen(self) -> dict[str, Any]:
        """What one look around found. Raises `Broken` when there was no answer."""
        given = self.root / "input.txt"
        given.write_text("given", encoding="utf-8")
        spec: dict[str, Any] = {"limits": SMALL, "inputs": {"input.txt": given}, "gateway_socket": self.gateway.path, "kernels": self.kernels}
        with Trial(self.isolation, **spec) as other, Trial(self.isolation, **spec) as trial:
            must(trial.manager.forked or self.kernels is None, "the kernel could not be forked and was started instead")
            there = other.manager.get_connection_info()
            given_facts = {
                "isolated": bool(self.isolation),
                "private": [*self.private, str(other.work), str(other.root)],
                "port": self.listener.getsockname()[1],
                "addresses": ["127.0.0.1", *own_addresses(), "1.1.1.1"],
                "sockets": [f"{there['ip']}-{there[name]}" for name in ("shell_port", "iopub_port", "control_port", "stdin_port", "hb_port")],
                "bystander": self.bystander.pid,
            }
            found = trial.run(code(LOOK_AROUND, **given_facts))
            must(found, "the look around did not come back")
            if self.isolation:
                found["reached"] = [address for address in ("127.0.0.1", *own_addresses()) if answers(address, found["listening"])]
            return dict(found)


class Gate:
    """A Unix socket that answers every request with a word, where the model server would be."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.listener.bind(str(path))
        self.listener.listen(16)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.listener.accept()
            except OSError:
                return
            with line:
                line.recv(4096)
                line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nmodel")

    def close(self) -> None:
        self.listener.close()


def own_addresses() -> list[str]:
    return sorted({a.address for addresses in psutil.net_if_addrs().values() for a in addresses if a.family == socket.AF_INET} - {"127.0.0.1"})


def answers(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=0.5).close()
    except OSError:
        return False
    return True


def running(word: str) -> list[int]:
    """Processes out here that carry `word` on their command line."""
    found = []
    for process in psutil.process_iter():
        try:
            if word in process.cmdline() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def gone(word: str, seconds: float = 3.0) -> bool:
    """Whether no process with `word` is left; a killed one may take a moment to be reaped."""
    deadline = time.monotonic() + seconds
    while left := running(word):
        if time.monotonic() > deadline:
            return not left
        time.sleep(0.05)
    return True


def network_out(bench: Bench) -> str:
    reached = bench.seen["reached_out"]
    must(not reached, f"reached {', '.join(reached)}")
    return f"{bench.seen['tried_out']} addresses tried, the machine's own among them"


def network_gateway(bench: Bench) -> str:
    must(bench.seen["gateway"] == "model", f"asked it and got {bench.seen['gateway']!r}")
    return "it answers, through one socket"


def network_in(bench: Bench) -> str:
    must(not bench.seen["reached"], f"the sandbox's port could be reached at {', '.join(bench.seen['reached'])}")
    return f"port {bench.seen['listening']} was open inside and nobody answered out here"


def network_vsock(bench: Bench) -> str:
    odd = bench.seen["families"]
    must(not odd, f"could open sockets of the families {odd}")
    return "only Unix, IPv4, IPv6 and netlink sockets open"


def kernel_sockets(bench: Bench) -> str:
    must(not bench.seen["sockets"], f"reached {', '.join(bench.seen['sockets'])}")
    return "five sockets of a second run tried"


def files_read(bench: Bench) -> str:
    must(not bench.seen["private"], f"found {', '.join(bench.seen['private'])}")
    return f"{bench.seen['tried_private']} private places tried, a second run's folder among them"


def files_write(bench: Bench) -> str:
    must(not bench.seen["written"], f"could write in {', '.join(bench.seen['written'])}")
    return f"{bench.seen['tried_written']} places tried"


def course_parts(bench: Bench) -> str:
    extra = sorted(set(bench.seen["course"]) - set(COURSE_PARTS))
    must(not extra, f"the sandbox sees {', '.join(extra)} of the course's package")
    return "of the course's package only the probe and the comparison of wordings are there"


def processes_seen(bench: Bench) -> str:
    must(not bench.seen["bystander"], f"reached beyond the run: {', '.join(bench.seen['bystander'])}")
    must(bench.seen["processes"] <= 8, f"{bench.seen['processes']} processes are to be seen")
    return f"{bench.seen['processes']} processes in /proc, all the run's own"


def environment_scrubbed(bench: Bench) -> str:
    values = " ".join(f"{name}={value}" for name, value in bench.seen["environment"].items())
    must(bench.word not in values, "a variable of the grader's environment is visible")
    allowed = {"USER", "LOGNAME", "PWD", "SHLVL", "_", "JPY_PARENT_PID", "LC_CTYPE"}
    odd = sorted(set(bench.seen["environment"]) & {"AWS_SECRET_ACCESS_KEY", "SSH_AUTH_SOCK", "GITHUB_TOKEN", "OPENAI_API_KEY"} - allowed)
    must(not odd, f"{', '.join(odd)} are visible")
    return f"{len(bench.seen['environment'])} variables, all the sandbox's own"


def privileges(bench: Bench) -> str:
    status = bench.seen["status"]
    must(status["NoNewPrivs"] == "1", "no_new_privs is off")
    held = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(status[name], 16)]
    must(not held, f"capabilities are held: {', '.join(held)}")
    must(status["Seccomp"] == "2", "no system-call filter is set")
    return "no capability, no_new_privs, a system-call filter"


def user_namespaces(bench: Bench) -> str:
    must(not bench.seen["namespaces"], f"{', '.join(bench.seen['namespaces'])} made a user namespace")
    return "unshare, clone and clone3 refused"


def system_calls(bench: Bench) -> str:
    must(not bench.seen["calls"], f"{', '.join(bench.seen['calls'])} went through")
    return f"{bench.seen['tried_calls']} calls refused: ptrace, mount, keys, bpf, System V memory, ..."


def core_dumps(bench: Bench) -> str:
    with bench.trial() as trial:
        found = trial.run(code("CRASH"))
    must(found and found["limit"] == [0, 0], f"the limit is {found and found['limit']}")
    must(found["signal"] == 11 and not found["dumped"] and not found["left"], f"a crash left {found['left'] or 'a core dump'}")
    return "a crash left nothing behind"


def process_limit(bench: Bench) -> str:
    with bench.trial(processes=48) as trial:
        found = trial.run(code("FORK", most=400))
        ended = trial.outcome.ended
    must(ended is Ended.PROCESSES or (found and found["started"] < 48), f"{found and found['started']} processes were started, 48 are allowed")
    return f"stopped at {found['started']} new processes of 48" if found else "the run was ended"


def memory_limit(bench: Bench) -> str:
    with bench.trial(memory_bytes=400 * MIB) as trial:
        found = trial.run(code("EAT", children=4, megabytes=200))
        ended = trial.outcome.ended
    must(ended is Ended.MEMORY or (found and found["refused"]), f"4 processes took 200 MiB each of 400 MiB, and the run went on ({ended})")
    return "four processes that fit alone were ended together"


def one_allocation(bench: Bench) -> str:
    with bench.trial() as trial:
        found = trial.run(code("HUGE"))
    must(found and found["refused"], "100 TiB could be reserved")
    return "100 TiB refused with a MemoryError"


def file_limit(bench: Bench) -> str:
    with bench.trial() as trial:
        found = trial.run(code("BIG_FILE", size=SMALL.file_bytes))
    must(found and found["refused"] and found["written"] <= SMALL.file_bytes, f"a file of {found and found['written']:,} bytes was written")
    return f"refused beyond {size(SMALL.file_bytes)}"


def disk_limit(bench: Bench) -> str:
    with bench.trial() as trial:
        trial.run(code("FILL", files=64, size=2 * MIB))
        ended = trial.outcome.ended
    must(ended is Ended.DISK, f"{size(128 * MIB)} of {size(SMALL.work_bytes)} were written and the run went on")
    return f"the run was ended beyond {size(SMALL.work_bytes)}"


def tmp_limit(bench: Bench) -> str:
    with bench.trial(file_bytes=2 * TMP_BYTES) as trial:
        found = trial.run(code("FILL_TMP", size=TMP_BYTES))
    must(found and all(written <= TMP_BYTES for written in found.values()), f"{found} bytes could be written")
    return f"/tmp and /dev/shm end at {size(TMP_BYTES)}"


def output_limit(bench: Bench) -> str:
    with bench.trial() as trial:
        trial.run("for _ in range(200):\n    print('x' * 200_000)\nanswer(1)")
        printed, ended = trial.printed, trial.outcome
    must(ended, f"the run was ended: {ended.detail}")
    must(0 < printed < 2 * SMALL.output_bytes, f"{size(printed)} of 40 MiB arrived")
    return f"{size(printed)} of 38.1 MiB kept, and the run went on"


def cell_limit(bench: Bench) -> str:
    with bench.trial(cell_seconds=1.0) as trial:
        trial.run("answer(1)")
        trial.run("while True:\n    try:\n        while True: pass\n    except BaseException: pass")
        ended = trial.outcome
    must(ended.ended is Ended.TIMEOUT and "cell" in ended.detail, "a cell that swallows every exception went on")
    return "a loop that swallows every exception was ended"


def run_limit(bench: Bench) -> str:
    trial = bench.trial(wall_seconds=2.0)
    with suppress(RuntimeError), trial:  # on a busy machine the time may be over before the kernel has answered
        trial.run("import time; time.sleep(10**6)")
    must(trial.outcome.ended is Ended.TIMEOUT, "a run that sleeps went on")
    return "a sleeping run was ended"


def timeout_kills_children(bench: Bench) -> str:
    word = f"child-{bench.word}"
    with bench.trial(cell_seconds=1.5) as trial:
        trial.run(code("CHILDREN", word=word, detached=True) + "\nimport time; time.sleep(10**6)")
        must(trial.answer(), "no child was started")
        must(trial.outcome.ended is Ended.TIMEOUT, "the run was not ended")
        must(gone(word), "a child lives on")
    return "a child, a daemon and their children went with it"


def detached_dies(bench: Bench) -> str:
    word = f"detached-{bench.word}"
    with bench.trial() as trial:
        must(trial.run(code("CHILDREN", word=word, detached=True)), "no process was started")
        must(running(word), "the detached process was not seen from outside")
        trial.end()
        must(gone(word), "a detached process lives on")
    return "setsid and a double fork did not save it"


def stopped_dies(bench: Bench) -> str:
    with bench.trial(cell_seconds=1.5) as trial:
        trial.run("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)")
        first = trial.manager.first_process
        ended = trial.outcome.ended
        trial.end()
    must(ended is Ended.TIMEOUT and not psutil.pid_exists(first), "a kernel that stopped itself was not ended")
    return "a kernel that stops itself is ended all the same"
