"""A process that is told to end in the middle of a live answer ends in order."""

from __future__ import annotations

import signal
import subprocess
import sys

PROGRAM = """
import httpx
from autograder.gateway import Gateway

with Gateway(port=0, backend="llama", mode="live") as gateway:
    body = {"model": "smollm2:135m", "messages": [{"role": "user", "content": "Count from one to a thousand."}], "options": {"num_predict": 4000}}
    with httpx.stream("POST", gateway.url + "/api/chat", json=body, timeout=600) as answer:
        for number, line in enumerate(answer.iter_lines()):
            if number == 3:
                print("under way", flush=True)
"""


def test_control_c_during_a_live_answer_is_no_abort() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        assert process.stdout.readline() == "under way\n"
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        code = process.wait()
    assert code == -signal.SIGINT, said
    assert said.rstrip().endswith("KeyboardInterrupt")
