"""The code that runs inside a sandbox during its self-check. Each piece reports through `answer(...)`; `GIVEN` holds what it is told."""

from __future__ import annotations

import json
from typing import Any

LOOK_AROUND = """
import ctypes, errno, os, re, socket, threading, urllib.request

def reachable(family, address):
    try:
        with socket.socket(family, socket.SOCK_STREAM) as line:
            line.settimeout(1.0)
            line.connect(address)
        return True
    except OSError:
        return False

def opened(path):
    try:
        if os.path.isdir(path):
            return bool(os.listdir(path))
        with open(path, "rb") as file:
            file.read(1)
        return True
    except OSError:
        return False

def writable(folder):
    name = os.path.join(folder, "autograder-self-check")
    try:
        with open(name, "w"):
            pass
        os.unlink(name)
        return True
    except OSError:
        return False

def made(family):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
        return True
    except OSError as error:
        return error.errno not in (errno.EAFNOSUPPORT, errno.EPERM, errno.ESOCKTNOSUPPORT, errno.EPROTONOSUPPORT, errno.EINVAL)

def page(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as reply:
            return reply.read().decode()
    except OSError as error:
        return str(error)

def calls(numbers):
    libc = ctypes.CDLL(None, use_errno=True)
    through = []
    for name, (number, *arguments) in numbers.items():
        ctypes.set_errno(0)
        given = [ctypes.c_long(value) for value in arguments]
        if libc.syscall(ctypes.c_long(number), *given, *[ctypes.c_long(0)] * (6 - len(given))) >= 0 or ctypes.get_errno() not in (errno.EPERM, errno.ENOSYS):
            through.append(name)
    return through

def names_spaces():
    libc = ctypes.CDLL(None, use_errno=True)
    through = []
    new_user = 0x10000000
    if libc.unshare(new_user) == 0:
        through.append("unshare")
    clone, clone3 = {"x86_64": (56, 435), "aarch64": (220, 435)}[os.uname().machine]
    child = libc.syscall(ctypes.c_long(clone), ctypes.c_long(new_user | 17), *[ctypes.c_long(0)] * 4)
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        through.append("clone")
    arguments = (ctypes.c_uint64 * 11)(new_user, 0, 0, 0, 17)
    child = libc.syscall(ctypes.c_long(clone3), arguments, ctypes.c_size_t(88))
    if child == 0:
        os._exit(0)
    if child > 0:
        os.waitpid(child, 0)
        through.append("clone3")
    return through

def outsider(pid):
    found = []
    try:
        os.kill(pid, 0)
        mine = {int(name) for name in os.listdir("/proc") if name.isdigit()}
        if pid not in mine:
            found.append("kill")
    except OSError:
        pass
    for name, mode in (("mem", "rb+"), ("root", "rb"), ("fd", "rb")):
        path = f"/proc/1/{name}"
        try:
            if name == "mem":
                open(path, mode).close()
            elif not os.listdir(path):
                continue
            found.append(path)
        except OSError:
            pass
    return found

NUMBERS = {
    "x86_64": {"ptrace": (101, 0), "mount": (165,), "pivot_root": (155,), "keyctl": (250,), "add_key": (248,), "bpf": (321,), "perf_event_open": (298,),
               "shmget": (29, 0, 4096, 0o1600), "userfaultfd": (323,), "io_uring_setup": (425, 4), "setns": (308,), "open_by_handle_at": (304,),
               "process_vm_writev": (311, 1), "memfd_create": (319,), "pidfd_getfd": (438,), "fsopen": (430,), "chroot": (161,)},
    "aarch64": {"ptrace": (117, 0), "mount": (40,), "pivot_root": (41,), "keyctl": (219,), "add_key": (217,), "bpf": (280,), "perf_event_open": (241,),
                "shmget": (194, 0, 4096, 0o1600), "userfaultfd": (282,), "io_uring_setup": (425, 4), "setns": (268,), "open_by_handle_at": (265,),
                "process_vm_writev": (271, 1), "memfd_create": (279,), "pidfd_getfd": (438,), "fsopen": (430,), "chroot": (51,)},
}.get(os.uname().machine, {})

found = {"gateway": page(os.environ["OLLAMA_HOST"]), "environment": dict(os.environ)}
if GIVEN["isolated"]:
    listener = socket.create_server(("0.0.0.0", 0))
    threading.Thread(target=lambda: [listener.accept() for _ in range(9)], daemon=True).start()
    places = ["/", "/usr/lib", "/etc", "/inputs", "/course", "/course/autograder", "/env", "/run", "/run/sandbox", "/dev", "/proc/sys/kernel", "/sys"]
    addresses = [(address, GIVEN["port"]) for address in GIVEN["addresses"][:-1]]
    addresses += [(GIVEN["addresses"][-1], 53), ("127.0.0.1", 22), ("127.0.0.1", 631)]
    reached = [f"{address}:{port}" for address, port in addresses if reachable(socket.AF_INET, (address, port))]
    try:
        socket.getaddrinfo("example.org", 443)
        reached.append("a name server")
    except OSError:
        pass
    status = dict(re.findall(r"^(\\w+):\\s*(.*)$", open("/proc/self/status").read(), re.M))
    found |= {
        "reached_out": reached,
        "tried_out": len(addresses) + 1,
        "listening": listener.getsockname()[1],
        "families": [family for family in (17, 40, 31, 38) if made(family)],
        "sockets": [path for path in GIVEN["sockets"] if reachable(socket.AF_UNIX, path)],
        "private": [path for path in GIVEN["private"] if opened(path)],
        "tried_private": len(GIVEN["private"]),
        "written": [place for place in places if os.path.isdir(place) and writable(place)],
        "tried_written": sum(os.path.isdir(place) for place in places),
        "course": [name for name in os.listdir("/course/autograder") if name != "__pycache__"],
        "processes": sum(name.isdigit() for name in os.listdir("/proc")),
        "bystander": outsider(GIVEN["bystander"]),
        "status": {name: status[name] for name in ("NoNewPrivs", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "Seccomp")},
        "namespaces": names_spaces(),
        "calls": calls(NUMBERS),
        "tried_calls": len(NUMBERS),
    }
answer(found)
"""

PIECES = {
    "CRASH": """
import ctypes, os, resource
child = os.fork()
if child == 0:
    os.chdir(os.environ["AUTOGRADER_WORK"])
    ctypes.string_at(0)
    os._exit(0)
_, status = os.waitpid(child, 0)
left = [name for name in os.listdir(os.environ["AUTOGRADER_WORK"]) if "core" in name]
answer({"limit": list(resource.getrlimit(resource.RLIMIT_CORE)), "signal": os.WTERMSIG(status), "dumped": os.WCOREDUMP(status), "left": left})
""",
    "FORK": """
import os, time
started = 0
try:
    for _ in range(GIVEN["most"]):
        if os.fork() == 0:
            time.sleep(30)
            os._exit(0)
        started += 1
except OSError:
    pass
answer({"started": started})
""",
    "EAT": """
import os, time
refused = False
for _ in range(GIVEN["children"]):
    if os.fork() == 0:
        try:
            block = bytearray(GIVEN["megabytes"] << 20)
            block[::4096] = b"x" * len(block[::4096])
            time.sleep(30)
        finally:
            os._exit(0)
time.sleep(8)
answer({"refused": refused})
""",
    "HUGE": """
try:
    bytearray(100 << 40)
    answer({"refused": False})
except MemoryError:
    answer({"refused": True})
""",
    "BIG_FILE": """
import os
path = os.environ["AUTOGRADER_WORK"] + "/big"
refused = False
try:
    with open(path, "wb", buffering=0) as file:
        for _ in range(4 * GIVEN["size"] // (1 << 20)):
            file.write(b"x" * (1 << 20))
except OSError:
    refused = True
answer({"refused": refused, "written": os.path.getsize(path)})
""",
    "FILL": """
import os, time
for number in range(GIVEN["files"]):
    with open(os.environ["AUTOGRADER_WORK"] + f"/part{number}", "wb") as file:
        file.write(b"x" * GIVEN["size"])
time.sleep(10)
answer(1)
""",
    "FILL_TMP": """
written = {}
for folder in ("/tmp", "/dev/shm"):
    try:
        with open(folder + "/big", "wb", buffering=0) as file:
            for _ in range(2 * GIVEN["size"] // (4 << 20)):
                file.write(b"x" * (4 << 20))
    except OSError:
        pass
    import os
    written[folder] = os.path.getsize(folder + "/big")
    os.unlink(folder + "/big")
answer(written)
""",
    "CHILDREN": """
import os, subprocess, sys, time
sleeper = [sys.executable, "-c", "import time; time.sleep(600)", GIVEN["word"]]
subprocess.Popen(sleeper)
if GIVEN["detached"]:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.closerange(0, 256)
            os.execv(sleeper[0], sleeper)
        os._exit(0)
    os.wait()
time.sleep(0.3)
answer(1)
""",
}


def code(piece: str, **given: Any) -> str:
    """A piece, by name or as it is, with what it is told in front."""
    return f"import json\nGIVEN = json.loads({json.dumps(given)!r})\n{PIECES.get(piece, piece)}"
