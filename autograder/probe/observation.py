"""One observation: an observer drives the learner's code on one case, within a time limit, its prints held back."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import ctypes
import io
import linecache
import signal
import threading
import traceback
from collections.abc import Awaitable, Iterator
from types import FrameType, SimpleNamespace
from typing import Any, TypeVar

from .observers import Observer
from .plain import NotPlain, plain

T = TypeVar("T")

CASE_SECONDS = 10


class CaseTimeout(BaseException):
    """The learner's code is still running; not an `Exception`, so that learner code cannot swallow it by habit."""


def observe(observer: Observer, learner: dict[str, Any], names: tuple[str, ...], inputs: Any, seconds: int = CASE_SECONDS) -> dict[str, Any]:
    """{"value": plain JSON} or {"raised": {"type", "message", "lines"}}, with "printed" when something was printed.

    `learner` is the notebook's namespace, of which the observer sees `names` only.
    """
    printed = io.StringIO()
    try:
        view = SimpleNamespace(**{name: learner[name] for name in names})
        with contextlib.redirect_stdout(printed), time_limit(seconds):
            found: dict[str, Any] = {"value": plain(observer(view, copy.deepcopy(inputs)))}
    except CaseTimeout:
        found = raised("Timeout", f"still running after {seconds} s", [])
    except NotPlain as error:
        found = raised("TypeError", f"returned {error}", [])
    except (Exception, SystemExit, KeyboardInterrupt) as error:
        if isinstance(error, KeyboardInterrupt) and threading.current_thread() is threading.main_thread() and not own_lines(error, learner):
            raise
        found = raised(type(error).__name__, str(error), own_lines(error, learner))
    if printed.getvalue():
        found["printed"] = printed.getvalue()[:500]
    return found


def raised(kind: str, message: str, lines: list[str]) -> dict[str, Any]:
    return {"raised": {"type": kind, "message": message[:500], "lines": lines}}


def own_lines(error: BaseException, learner: dict[str, Any]) -> list[str]:
    """The learner's lines of a traceback, as "line 7: return reply.statuss"; frames of ours and of libraries are left out."""
    found = []
    for frame, number in traceback.walk_tb(error.__traceback__):
        if frame.f_globals is learner:
            source = linecache.getline(frame.f_code.co_filename, number, frame.f_globals).strip()
            found.append(f"line {number}: {source}" if source else f"line {number}")
    return found[-5:]


@contextlib.contextmanager
def time_limit(seconds: int) -> Iterator[None]:
    """Raise `CaseTimeout` in the main thread after `seconds`, where the system has alarms; elsewhere no limit."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def ring(number: int, frame: FrameType | None) -> None:
        raise CaseTimeout

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def in_event_loop(awaitable: Awaitable[T]) -> T:
    """Run learner's async code to its end in an event loop of its own; Jupyter's own loop is already running.

    Whatever ends the wait, code that is still running is stopped: it must not go on beside the next case.
    """
    results: list[T] = []
    errors: list[BaseException] = []
    ended = threading.Event()  # `join` and `is_alive` are no help: Python 3.11 takes a thread for ended once a `join` was interrupted
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda loop, context: None)  # a task that nobody awaits is the learner's affair, not a message of ours

    async def wait() -> T:
        return await awaitable

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: loop) as runner:
                results.append(runner.run(wait()))
        except BaseException as error:  # handed to the caller's thread
            errors.append(error)
        finally:
            ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        ended.wait(CASE_SECONDS)
    finally:
        stop(thread, ended, loop)
    if errors:
        raise errors[0]
    if not results:
        raise CaseTimeout
    return results[0]


def stop(thread: threading.Thread, ended: threading.Event, loop: asyncio.AbstractEventLoop) -> None:
    """Raise `CaseTimeout` in a thread until it has ended, and wake its loop, in case it waits for something that never comes."""
    for _ in range(20):
        if ended.is_set():
            return
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(CaseTimeout))
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(lambda: None)
        ended.wait(0.05)
