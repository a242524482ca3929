"""A system-call filter for what the namespaces leave open: a classic BPF program, as the kernel's seccomp(2) takes it."""

from __future__ import annotations

import errno
import platform
import struct
import sys

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_NEW_USER_NAMESPACE = 0x10000000
_FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink: all of them end at the network namespace

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_CALLS: dict[str, dict[str, int]] = {
    "x86_64": {
        "shmget": 29, "semget": 64, "msgget": 68, "mq_open": 240,
        "socket": 41, "socketpair": 53, "clone": 56, "ptrace": 101, "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166,
        "swapon": 167, "reboot": 169, "init_module": 175, "delete_module": 176, "add_key": 248, "request_key": 249, "keyctl": 250,
        "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
        "process_vm_writev": 311, "finit_module": 313, "memfd_create": 319, "bpf": 321, "userfaultfd": 323, "io_uring_setup": 425,
        "io_uring_enter": 426, "io_uring_register": 427, "clone3": 435, "memfd_secret": 447,
    },
    "aarch64": {
        "shmget": 194, "semget": 190, "msgget": 186, "mq_open": 180,
        "socket": 198, "socketpair": 199, "clone": 220, "ptrace": 117, "pivot_root": 41, "chroot": 51, "mount": 40, "umount2": 39,
        "swapon": 224, "reboot": 142, "init_module": 105, "delete_module": 106, "add_key": 217, "request_key": 218, "keyctl": 219,
        "unshare": 97, "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "finit_module": 273, "memfd_create": 279, "bpf": 280, "userfaultfd": 282, "io_uring_setup": 425,
        "io_uring_enter": 426, "io_uring_register": 427, "clone3": 435, "memfd_secret": 447,
    },
}  # fmt: skip
_EVERYWHERE = {"open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "pidfd_getfd": 438, "mount_setattr": 442}
"""Calls that have the same number on both processors."""
_MISSING = frozenset(
    {"clone3", "memfd_create", "io_uring_setup", "io_uring_enter", "io_uring_register", "shmget", "semget", "msgget", "mq_open"}
)
"""Reported as "no such call", so that libraries take their older way."""


def program() -> bytes | None:
    """The filter, or None on a processor it is not written for.

    No user namespace, no mounts, no tracing, no keys, no bpf; sockets only of families that the network namespace holds (a virtual
    machine's vsock is not among them); no memory files and no System V memory, which nobody's resident memory counts.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _CALLS:
        return None
    calls = {**_CALLS[machine], **_EVERYWHERE}
    code = [
        _op(_LOAD, _ARCHITECTURE),
        _op(_EQUAL, _AUDIT[machine], 1, 0),
        _op(_RETURN, _KILL),
        _op(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":  # the x32 calls share the architecture and would slip past the numbers
        code += [_op(_AT_LEAST, 0x40000000, 0, 1), _op(_RETURN, _ERROR | errno.ENOSYS)]
    for name, number in calls.items():
        if name in ("socket", "socketpair"):
            code += _guarded(number, _allowed_families())
        elif name == "clone":
            code += _guarded(number, [_op(_ANY_BIT, _NEW_USER_NAMESPACE, 0, 1), _op(_RETURN, _ERROR | errno.EPERM), _op(_RETURN, _ALLOW)])
        else:
            answer = errno.ENOSYS if name in _MISSING else errno.EPERM
            code += [_op(_EQUAL, number, 0, 1), _op(_RETURN, _ERROR | answer)]
    return b"".join([*code, _op(_RETURN, _ALLOW)])


def _allowed_families() -> list[bytes]:
    checks = [_op(_EQUAL, family, len(_FAMILIES) - index, 0) for index, family in enumerate(_FAMILIES)]
    return [*checks, _op(_RETURN, _ERROR | errno.EAFNOSUPPORT), _op(_RETURN, _ALLOW)]


def _guarded(number: int, body: list[bytes]) -> list[bytes]:
    """`body` decides on the first argument of call `number`; every path through it returns."""
    return [_op(_EQUAL, number, 0, len(body) + 1), _op(_LOAD, _FIRST_ARGUMENT), *body]


def _op(code: int, value: int, then: int = 0, otherwise: int = 0) -> bytes:
    return struct.pack("=HBBI", code, then, otherwise, value)
