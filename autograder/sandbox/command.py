"""`sandbox self-check`: tries every promise of the sandbox on this machine and prints what is enforced."""

from __future__ import annotations

import argparse
import json
import os
from contextlib import nullcontext

from .conformance import PROMISES, Checked, State, self_check
from .isolation import Isolation, available
from .kernel_server import KernelServer

MARKS = {State.HELD: "✓", State.BROKEN: "✗", State.ABSENT: "·"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=["self-check"], help="try each promise, and print a table")
    parser.add_argument("--forked", action="store_true", help="with kernels as a batch starts them, forked from one process into a sandbox each")
    parser.add_argument("--json", action="store_true", help="as JSON")


def run(args: argparse.Namespace) -> int:
    """Exit code: 0 all promises held, 1 something is not enforced here, 3 a promise was broken."""
    isolation = available()
    with KernelServer() if args.forked else nullcontext() as kernels:
        if args.json:
            found = list(self_check(isolation, kernels=kernels))
            print(json.dumps(as_json(isolation, found), indent=1))
        else:
            print(heading(isolation))
            found = []
            for one in self_check(isolation, kernels=kernels):
                found.append(one)
                print(line(one), flush=True)
            print(summary(found))
    states = {one.state for one in found}
    return 3 if State.BROKEN in states else 1 if State.ABSENT in states else 0


def heading(isolation: Isolation) -> str:
    who = "root" if hasattr(os, "geteuid") and os.geteuid() == 0 else "an ordinary user"
    return f"Kernels run in {isolation.kind}, started by {who}." if isolation else f"NOTHING ISOLATES A RUN HERE: {isolation.why}."


def line(one: Checked) -> str:
    width = max(len(promise.title) for promise in PROMISES)
    return f"  {MARKS[one.state]} {one.promise.title:<{width}}  {one.state.value}: {one.seen}"


def summary(found: list[Checked]) -> str:
    count = {state: sum(one.state is state for one in found) for state in State}
    said = [f"{count[State.HELD]} of {len(found)} promises held"]
    said += [f"{count[State.ABSENT]} not enforced here"] if count[State.ABSENT] else []
    said += [f"{count[State.BROKEN]} BROKEN"] if count[State.BROKEN] else []
    advice = "" if not count[State.ABSENT] else " Grade only notebooks whose authors you trust with your account."
    return "; ".join(said) + "." + advice


def as_json(isolation: Isolation, found: list[Checked]) -> dict[str, object]:
    return {
        "isolation": {"kind": isolation.kind, "why": isolation.why},
        "promises": [{"id": one.promise.id, "title": one.promise.title, "state": one.state.value, "seen": one.seen} for one in found],
    }
