"""The progress of set-up, on a terminal and in a log."""

from __future__ import annotations

import io

from autograder.steps import Steps, clock


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def screen(self) -> list[str]:
        """What is left to see: a carriage return with the erasing sequence starts a line over."""
        return [line.rpartition("\r\x1b[2K")[2].rstrip() for line in self.getvalue().split("\n")]


def three_steps(steps: Steps) -> None:
    steps.say("Setting up.")
    steps.begin("downloading")
    for done in range(3):
        steps.move(f"{done} of 2 packages, now a-name-that-is-longer-than-the-others")
    steps.end("2 of 2 packages")


def test_a_log_gets_one_line_per_step() -> None:
    log = io.StringIO()
    three_steps(Steps(log))
    assert [line.split() for line in log.getvalue().splitlines()] == [["Setting", "up."], ["downloading", "2", "of", "2", "packages", "0:00"]]


def test_a_terminal_sees_one_line_per_step_too() -> None:
    terminal = Terminal()
    three_steps(Steps(terminal))
    assert [line.split() for line in terminal.screen()] == [["Setting", "up."], ["downloading", "2", "of", "2", "packages", "0:00"], []]
    assert "1 of 2 packages, now" in terminal.getvalue()


def test_an_error_begins_on_a_line_of_its_own() -> None:
    terminal = Terminal()
    steps = Steps(terminal)
    steps.broken()
    assert terminal.getvalue() == "", "no line is open yet"
    steps.begin("installing")
    steps.broken()
    terminal.write("The disk filled up.")
    assert terminal.screen()[-1] == "The disk filled up."
    steps.broken()
    assert terminal.getvalue().endswith("The disk filled up.")


def test_minutes_and_seconds() -> None:
    assert [clock(seconds) for seconds in (0, 59.9, 60, 3725)] == ["0:00", "0:59", "1:00", "62:05"]
