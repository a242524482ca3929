"""What pip's output means, in one sentence a person can act on. Standard library only; also read by old Pythons."""

from __future__ import annotations

import re

NETWORK = re.compile(
    r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Read timed out|connection timed out|Connection refused"
    r"|Connection reset|Network is unreachable|Failed to establish a new connection|Temporary failure in name resolution"
    r"|getaddrinfo failed|RemoteDisconnected|Max retries exceeded|IncompleteRead",
    re.IGNORECASE,
)
CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLError|SSLCertVerificationError", re.IGNORECASE)
PROXY = re.compile(r"ProxyError|407 Proxy|Cannot connect to proxy|Tunnel connection failed", re.IGNORECASE)
SPACE = re.compile(r"No space left on device|Errno 28|WinError 112|not enough space on the disk|Disk quota exceeded", re.IGNORECASE)
RIGHTS = re.compile(r"Permission denied|Read-only file system|Access is denied|Errno 13|Errno 30", re.IGNORECASE)
NO_PIP = re.compile(r"No module named '?pip", re.IGNORECASE)
NO_BUILD = re.compile(r"No matching distribution found for (\S+)")
FAILED_BUILD = re.compile(r"Failed (?:to build|building wheel for)[^\S\n]+(?:installable wheels for[^\n]*\()?([\w.-]+)", re.IGNORECASE)


def explain(output: str, doing: str, python: str) -> tuple[str, str]:
    """(what happened, how to mend it) of a pip run that failed; `doing` completes "could not ...", `python` names the interpreter."""
    if SPACE.search(output):
        return "The disk filled up, so set-up could not " + doing + ".", "Free some space and run the same command again."
    if NO_PIP.search(output):
        return "This Python has no pip, so set-up could not " + doing + ".", "Run: " + python + " -m ensurepip --upgrade"
    if PROXY.search(output):
        return "The proxy turned pip away, so it could not " + doing + ".", "Set HTTPS_PROXY to a proxy that works, then run the same command again."
    if CERTIFICATE.search(output):
        return (
            "The package index's certificate was not accepted, so pip could not " + doing + ".",
            "Behind a company proxy, point PIP_CERT at the company's certificate file, then run the same command again.",
        )
    if NETWORK.search(output):
        return (
            "The package index could not be reached, so pip could not " + doing + ".",
            "Check the network connection and run the same command again; what is already here is kept.",
        )
    if RIGHTS.search(output):
        return "A folder refused to be written to, so pip could not " + doing + ".", "Use a clone in a folder that is yours."
    missing = NO_BUILD.search(output)
    if missing:
        return (
            missing.group(1) + " is not offered for this Python and machine by the package index in use, so pip could not " + doing + ".",
            "Try Python 3.11 to 3.13 from python.org or conda-forge, or another package index.",
        )
    unbuilt = FAILED_BUILD.search(output)
    if unbuilt:
        return (
            unbuilt.group(1) + " has no ready-made build for this Python and machine, so pip could not " + doing + ".",
            "Use Python 3.11 to 3.13 from python.org or conda-forge.",
        )
    return "pip could not " + doing + ": " + last_error(output), "Run the same command again; it carries on where this one stopped."


def last_error(output: str) -> str:
    """pip's own last complaint, or its last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line[len("ERROR:") :].strip() for line in lines if line.startswith("ERROR:")]
    said = (errors or lines or ["it gave no reason"])[-1]
    return said if said.endswith(".") else said + "."
