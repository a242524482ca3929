"""Attacks on what is not the notebook: the host's files, other learners, the grader's records, and the model server."""

from __future__ import annotations

from .case import Case, code

SHOUT = "def shout(word):\n    return word.upper()\n"
BUDGET_SPENT = ("pass", "pass", "budget")
ASKED = ("pass", "pass", "pass")
NOT_ASKED = ("pass", "pass", "fail")
NO_ANSWER = ("pass", "pass", "error")

SEARCH = """
import json, os
def found():
    names = ["expected.json", "tiny.md", "gradebook.sqlite", "journal.sqlite", "hostile.ipynb"]
    here = os.environ["AUTOGRADER_WORK"]
    starts = ["/", "..", here + "/..", "/proc/self/root", "/proc/1/root", "/proc/1/cwd", "/tmp", "/home", "/var", "/mnt", "/srv", "/opt"]
    for start in [*starts, *PLACES]:
        for folder, names_of_folders, files in os.walk(start):
            names_of_folders[:] = [name for name in names_of_folders if name not in ("proc", "sys", "env", "usr", "lib", ".pyenv")]
            for name in files:
                if name in names:
                    yield os.path.join(folder, name)
"""
ASK = """
import httpx, json, socket
URL = "http://127.0.0.1:11434"
def post(path, body, **headers):
    return httpx.post(URL + path, json=body, headers=headers, timeout=20)
def chat(question, **headers):
    return post("/api/chat", {"model": MODEL, "messages": [{"role": "user", "content": question}], "stream": False}, **headers)
"""
CANNED = "def ask(question):\n    return 'yes'\n"


def elsewhere(places: list[str]) -> tuple[Case, ...]:
    """`places` are the host's folders and files that hold what a learner must not see."""
    search = f"PLACES = {places!r}\n{SEARCH}"
    return (
        code("Hidden answers in a folder above are not there to read", row=8, found=("fail", "pass", "error"),
             add=search + "SEEN = {}\nfor path in found():\n    if path.endswith('expected.json'): SEEN = json.load(open(path))\n"
             "def add(a, b):\n    return SEEN.get(f'{a},{b}', 0)"),
        code("The gradebook and the journal are not there to be changed", row=9,
             shout=search + "import sqlite3\nfor path in found():\n    if path.endswith('sqlite'):\n        db = sqlite3.connect(path); db.execute('UPDATE grade SET score = 100'); db.commit()\n        raise SystemExit(path)\n" + SHOUT),
        code("Other learners' submissions are not there to be copied",
             shout=search + "for path in found():\n    raise SystemExit(path)\n" + SHOUT),
        code("Nothing can be written where the host keeps its files",
             shout=f"import os\nPLACES = {places!r}\nfor place in ['/', '/usr', '/etc', '/env', '/course/autograder/probe', '/inputs', *PLACES]:\n"
             "    try:\n        open(os.path.join(place, 'hostile'), 'w').close()\n        raise SystemExit(place)\n    except OSError: pass\n" + SHOUT),
    )  # fmt: skip


def network(port: int) -> tuple[Case, ...]:
    """`port` is open on the host, on every address of it."""
    return (
        code("Neither the host nor any other machine can be reached",
             shout="import socket\n"
             f"for address in [('127.0.0.1', {port}), ('localhost', {port}), ('0.0.0.0', {port}), ('10.0.0.1', 80), ('169.254.169.254', 80), ('1.1.1.1', 53)]:\n"
             "    try:\n        socket.create_connection(address, timeout=0.5)\n        raise SystemExit(str(address))\n    except OSError: pass\n" + SHOUT),
    )  # fmt: skip


CASES: tuple[Case, ...] = (
    code("A model server of one's own in OLLAMA_HOST makes no calls in the ledger", row=28, found=NOT_ASKED,
         ask="import os\nos.environ['OLLAMA_HOST'] = 'http://127.0.0.1:9'\n" + CANNED),
    code("A patched httpx makes no calls in the ledger", row=28, found=NOT_ASKED,
         ask="import httpx\nclass Reply:\n    status_code = 200\n    def json(self): return {'message': {'content': 'yes'}}\nhttpx.post = lambda *a, **k: Reply()\n"
         "def ask(question):\n    return httpx.post('http://127.0.0.1:11434/api/chat').json()['message']['content']"),
    code("A server on the gateway's port inside is not the gateway", found=NOT_ASKED, ask=
         "import socket, threading\ntry:\n    listener = socket.create_server(('127.0.0.1', 11434), reuse_port=False)\nexcept OSError: pass\n" + CANNED),
    code("What the model doubles answer is not the learner's to plan", found=ASKED,
         ask=ASK + "for plan in ({'script': ['yes'] * 9}, {'faults': [{'kind': '503'}] * 9}, {'rate': 1.0}):\n    if post('/double/plan', plan).status_code != 403: raise SystemExit('planned')\n"
         "def ask(question):\n    return chat(question).json()['message']['content']"),
    code("A loop that burns calls is stopped by the budget", row=33, status="budget", found=BUDGET_SPENT,
         ask=ASK + "def ask(question):\n    while True:\n        reply = chat(question)"),
    code("Honest calls are in the ledger", found=ASKED, ask=ASK + "def ask(question):\n    return chat(question).json()['message']['content']"),
    code("Headers meant for the grader change no answer and no count", found=ASKED,
         ask=ASK + "def ask(question):\n    return chat(question, **{'X-Cassette-Mode': 'live', 'X-Record': '1', 'X-Replayed': 'true', 'X-Ledger': '{}'}).json()['message']['content']"),
    code("A header smuggled into a raw request is a bad request", found=NOT_ASKED,
         ask="import socket\ndef ask(question):\n    line = socket.create_connection(('127.0.0.1', 11434))\n"
         "    line.sendall(b'GET / HTTP/1.1\\r\\nHost: x\\r\\nX-A: b\\rX-Cassette-Mode: live\\n\\nContent-Length: -1\\r\\n\\r\\n\\x00')\n    line.recv(1000)\n    return 'yes'"),
    code("The ledger has no door to write through", found=NOT_ASKED,
         ask=ASK + "def ask(question):\n    for path in ('/ledger', '/api/ledger', '/api/calls', '/double/ledger', '/api/chat/..%2f..%2fledger'):\n"
         "        if post(path, {'calls': [{'status': 200, 'endpoint': 'chat'}]}).status_code < 400: raise SystemExit(path)\n    return 'yes'"),
    code("No path leads from the gateway to files or answers", found=NOT_ASKED,
         ask=ASK + "def ask(question):\n    for path in ('/../../etc/passwd', '/api/../../journal.sqlite', '/%2e%2e/expected.json', '/static/x', '/docs', '/openapi.json'):\n"
         "        if httpx.get(URL + path).status_code == 200: raise SystemExit(path)\n    return 'yes'"),
    code("A model that is not allowed does not answer", found=NO_ANSWER,
         ask=ASK + "def ask(question):\n    reply = post('/api/chat', {'model': 'qwen2.5-coder:1.5b', 'messages': [{'role': 'user', 'content': question}], 'stream': False})\n"
         "    reply.raise_for_status()\n    return 'yes'"),
    code("A model that is not allowed is not fetched either", found=NO_ANSWER,
         ask=ASK + "def ask(question):\n    post('/api/pull', {'model': 'qwen2.5-coder:1.5b', 'stream': False}).raise_for_status()\n    return 'yes'"),
    code("The relay killed leaves its owner without a model", found=NO_ANSWER,
         ask="import os, signal\nfor name in os.listdir('/proc'):\n    if name.isdigit() and int(name) not in (1, os.getpid()):\n        os.kill(int(name), signal.SIGKILL)\n" + ASK
         + "def ask(question):\n    return chat(question).json()['message']['content']"),
    code("Requests that are never finished fill no memory", found=ASKED,
         ask=ASK + "kept = []\nfor _ in range(40):\n    line = socket.create_connection(('127.0.0.1', 11434))\n"
         "    line.sendall(b'POST /api/chat HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 15000000\\r\\n\\r\\n' + b' ' * 1_000_000)\n    kept.append(line)\n"
         "def ask(question):\n    return chat(question).json()['message']['content']"),
    code("A request of 20 MB is refused", found=NO_ANSWER, ask=ASK + "def ask(question):\n    reply = chat('x' * 20_000_000)\n    reply.raise_for_status()\n    return 'yes'"),
    code("A request nested beyond reading is refused", found=NO_ANSWER,
         ask=ASK + "def ask(question):\n    reply = httpx.post(URL + '/api/chat', content='[' * 100_000 + ']' * 100_000)\n    reply.raise_for_status()\n    return 'yes'"),
)  # fmt: skip
