"""`progress`: where you are, what comes next, and the page that shows it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from . import page, plan
from .path import Step, advice, first_day, steps

WIDTH = 12


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for a dashboard")
    parser.add_argument("--out", type=Path, default=Path("reports") / "progress.html", metavar="FILE", help="the page (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    path = steps()
    if args.json:
        print(json.dumps([as_json(step) for step in path], indent=1))
        return 0
    print(table(path))
    today = date.today()
    day_one = first_day()
    stage = plan.current(day_one, today)
    print(f"\nDay {plan.day(day_one, today)} of 90, to {stage.ends(day_one):%d %B %Y}: {stage.goal}.")
    print(f"Next: {advice(path)}")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(page.render(path, day_one, today), encoding="utf-8", newline="\n")
    print(f"\n{args.out}")
    return 0


def table(path: Sequence[Step]) -> str:
    lines = []
    for number, step in enumerate(path):
        if number == 0 or path[number - 1].phase != step.phase:
            lines += ["", step.phase]
        full = round(step.share * WIDTH)
        bar = "█" * full + "·" * (WIDTH - full)
        lines.append(f"  {'✓' if step.done else ' '} {bar}  {figure(step):>9}  {step.title}")
    return "\n".join(lines).lstrip("\n")


def figure(step: Step) -> str:
    """"2 of 3" exercises, or a milestone's best score."""
    if step.milestone:
        return f"{step.best.score:g}/{step.best.max_score:g}" if step.best else "–"
    return f"{sum(task.passed is not None for task in step.tasks)} of {len(step.tasks)}"


def as_json(step: Step) -> dict[str, object]:
    best = step.best
    return {
        "id": step.id,
        "title": step.title,
        "path": step.path,
        "done": step.done,
        "share": round(step.share, 4),
        "exercises": [{"id": task.id, "passed": task.passed, "tries": task.tries} for task in step.tasks],
        "best": best and {"score": best.score, "max_score": best.max_score, "seed": best.seed, "finished": best.finished},
        "runs": len(step.reports),
    }
