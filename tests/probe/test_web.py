"""Web applications that are driven for real, in the kernel of a sandbox, by the driver that learners' own are driven by."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from autograder.gateway import Gateway
from autograder.probe import web
from autograder.rubrics.a_web import PARTS, web_app
from autograder.rubrics.qa_case import Case
from autograder.sandbox import available
from autograder.sandbox.trial import Trial
from autograder.verdict import Finding, Status
from autograder.world.chance import Chance
from autograder.world.ui_inputs import write_ui_inputs

APPS = Path(__file__).parent / "web_apps"
DOUBLE = "double:scripted"
DRIVE = f"from autograder.probe.milestone import milestone\nmilestone('a_document_qa').drive_app({DOUBLE!r})"
SAYS = "It is done by the two people whose names stand in the passage."
DOCUMENTS = {
    "help/opening.md": "# Opening hours\n\nThe tool library opens on Mondays from six to nine.\n\nIt is closed in August.\n",
    "help/fees.md": "# Fees\n\nBorrowing a floor sander costs seven euros a day.\n\nDrills are free of charge for members.\n",
    "rules.md": "# Rules\n\nWhoever breaks a ladder reports it to the caretaker at once.\n",
}
ASKED = {
    "help/opening.md": "On which day does the tool library open?",
    "help/fees.md": "How much is a floor sander per day?",
    "rules.md": "To whom does one report a broken ladder?",
}

ERROR = 'self.event("error", {"message": "The model is gone."})'
SILENCE = 'self.event("answer", {"answerable": False, "answer": "", "citations": []})'
AHEAD = """def ahead(source):
    items = queue.SimpleQueue()

    def fill():
        try:
            for item in source:
                items.put(item)
            items.put(None)
        except Exception as error:
            items.put(error)

    threading.Thread(target=fill, daemon=True).start()
    for item in iter(items.get, None):
        if isinstance(item, Exception):
            raise item
        yield item


class Handler("""
QUEUE = [
    ("import os\n", "import os\nimport queue\nimport threading\n"),
    ("in model_words(question)", "in ahead(model_words(question))"),
    ("class Handler(", AHEAD),
]
REST = [
    ("in model_words(question)", "in (rest := model_words(question))"),
    ("            return\n        except (OS", "            list(rest)\n        except (OS"),
]

Change = tuple[str, str]
FAULTS: list[tuple[str, str, list[Change]]] = [
    ("a script from elsewhere", "serves itself whole", [('src="/app.js"', 'src="https://cdn.example/app.js"')]),
    ("a style sheet as text", "serves itself whole", [('"text/css"', '"text/plain"')]),
    ("waits for the whole answer", "streams, stops", [("in model_words(question):", "in list(model_words(question)):")]),
    ("writes the draft itself", "streams, survives its model, stops", [("in model_words(question):", "in line.split():")]),
    ("sends the document's path as it is", "cites", [("{quote(path)}?", "{path}?")]),
    ("improves the quote", "cites", [('"quote": line,', '"quote": "As it is written: " + line,')]),
    ("marks nothing", "cites", [("begin = text.find(wanted) if wanted else -1", "begin = -1")]),
    ("the text as it is", "escapes", [("html.escape(text[:begin])", "text[:begin]"), ("{html.escape(wanted)}", "{wanted}")]),
    ("the title as it is", "escapes", [("title = html.escape(", "title = str(")]),
    ("repeats the address", "escapes", [("There is no document {html.escape(path)}", "There is no document {path}")]),
    ("reads any file", "refuses what is none", [("path not in DOCUMENTS", "False"), ("= DOCUMENTS[path]", "= text_of(OPTIONS.documents / path)")]),
    ("takes any question", "refuses what is none", [("not question or len(question) > 400", "len(question) > 10**6")]),
    ("takes half an answer for a whole one", "survives its model", [(ERROR, SILENCE)]),
    ("ends with its model", "survives its model", [(ERROR, "os._exit(1)")]),
    ("falls silent", "survives its model", [(ERROR, "return")]),
    ("reads on for nobody", "stops", REST),
    ("a queue that nobody empties", "stops", QUEUE),
]  # fmt: skip
"""What is wrong with the plain application, the parts that it loses, and how it comes about."""


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """ui/ below a folder, and what the judge expects."""
    folder = tmp_path_factory.mktemp("inputs")
    for path, text in DOCUMENTS.items():
        (folder / "corpus" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "corpus" / path).write_text(text, encoding="utf-8")
    questions = [
        {"question": asked, "accept": ["x"], "sources": [{"document": path, "span": "x"}], "language": "en", "split": "golden", "slice": "plain"}
        for path, asked in ASKED.items()
    ]
    expected = {"questions": questions, "documents": DOCUMENTS}
    return folder, {"questions": [], "stale": {}, "documents": DOCUMENTS, "ui": write_ui_inputs(expected, Chance("web").below(100), folder)}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    with Gateway(socket=tmp_path / "model.sock", port=0, backend=DOUBLE) as one:
        one.script([SAYS] * 40)
        yield one


def judged(expected: dict[str, Any], evidence: Path, gateway: Gateway) -> Finding:
    return web_app(Case(expected, evidence, gateway.ledger.as_json()))


def in_a_sandbox(source: str, inputs: tuple[Path, dict[str, Any]], gateway: Gateway) -> Finding:
    folder, expected = inputs
    with Trial(available(), inputs={"ui": folder / "ui"}, gateway_socket=gateway.socket) as trial:
        (trial.work / "app.py").write_text(source, encoding="utf-8")
        trial.run(DRIVE, seconds=300)
        return judged(expected, trial.work / "evidence", gateway)


NONSENSE = r"""
import socket, sys
server = socket.create_server(("127.0.0.1", int(sys.argv[sys.argv.index("--port") + 1])))
while True:
    line, _ = server.accept()
    line.recv(1000)
    line.sendall(b"HTTP/1.1 200 \xff\r\nContent-Length: 12\r\n\r\n\x00\xff<")
    line.close()
"""
sandboxed = pytest.mark.skipif(not available(), reason=f"nothing isolates here: {available().why}")


@pytest.mark.sandbox
@pytest.mark.slow
@sandboxed
@pytest.mark.parametrize("name", ["plain", "coroutines"])
def test_applications_of_another_make_are_right(name: str, inputs: Any, gateway: Gateway) -> None:
    finding = in_a_sandbox((APPS / f"{name}.py").read_text(encoding="utf-8"), inputs, gateway)
    assert (finding.status, finding.observed) == (Status.PASS, f"all {len(PARTS)} parts are met")


@pytest.mark.sandbox
@pytest.mark.slow
@sandboxed
@pytest.mark.parametrize(("name", "parts", "changes"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_fault_loses_its_parts(name: str, parts: str, changes: list[Change], inputs: Any, gateway: Gateway) -> None:
    source = (APPS / "plain.py").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    finding = in_a_sandbox(source, inputs, gateway)
    assert {one for one, points in finding.detail["parts"].items() if not points} == set(parts.split(", ")), finding.observed


@pytest.fixture
def driven(inputs: Any, gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], tuple[list[dict[str, Any]], Finding]]:
    """Drive a source without a sandbox, with little patience: the replies by step, and what the judge says."""
    monkeypatch.setenv("OLLAMA_HOST", gateway.url)
    monkeypatch.setattr(web, "START_SECONDS", 4.0)
    monkeypatch.setattr(web, "STEP_SECONDS", 1.0)

    def drive(source: str) -> tuple[list[dict[str, Any]], Finding]:
        folder, expected = inputs
        (tmp_path / "app.py").write_text(source, encoding="utf-8")
        records: list[dict[str, Any]] = []

        def submit(artefact: str, record: dict[str, Any]) -> None:
            records.append(record)
            with (tmp_path / f"{artefact}.jsonl").open("a", encoding="utf-8") as file:
                file.write(json.dumps(record) + "\n")

        web.drive(tmp_path, folder / "ui", DOUBLE, submit)
        return records, judged(expected, tmp_path, gateway)

    return drive


def test_without_app_py_nothing_is_driven(inputs: Any, gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_HOST", gateway.url)
    records: list[dict[str, Any]] = []
    web.drive(tmp_path, inputs[0] / "ui", DOUBLE, lambda artefact, record: records.append(record))
    assert [(record["step"], record["problem"]) for record in records] == [("start", "app.py is not there")]


def test_an_application_that_breaks_at_once_is_quoted(driven: Any) -> None:
    records, finding = driven("print('reading', flush=True)\nraise SystemExit('no index')")
    assert [record["step"] for record in records] == ["start"]
    assert (records[0]["problem"], records[0]["log"]) == ("it ended", "reading\nno index\n")
    assert (finding.status, finding.score) == (Status.ERROR, 0)
    assert "no index" in finding.observed


def test_an_application_that_never_serves_is_given_up(driven: Any) -> None:
    records, finding = driven("import time\ntime.sleep(600)")
    assert records[0]["problem"].startswith("no reply within")
    assert finding.status is Status.ERROR


def test_what_it_writes_to_its_log_is_read_and_mostly_forgotten(driven: Any) -> None:
    records, _ = driven("print('x' * 50_000_000)\nfor number in range(100_000):\n    print(number)\nraise SystemExit(3)")
    assert len(records[0]["log"]) <= web.LOG_CHARS
    assert records[0]["log"].endswith("99999\n")


def test_an_application_that_hangs_costs_a_bounded_number_of_waits(driven: Any) -> None:
    source = (APPS / "plain.py").read_text(encoding="utf-8")
    records, finding = driven(source.replace("line, path = best_line(question)", "import time; time.sleep(600)"))
    waited = [record for record in records if record["ended"] == "timeout" and "not tried" not in record["problem"]]
    assert len(waited) == web.TIMEOUTS
    assert {name for name, points in finding.detail["parts"].items() if points} == {"serves itself whole", "escapes", "refuses what is none"}
    assert "not complete" in finding.observed


def test_a_flood_is_left_after_the_bytes_that_are_read(driven: Any) -> None:
    source = (APPS / "plain.py").read_text(encoding="utf-8")
    flood = 'self.event("draft", {"text": word})'
    records, finding = driven(source.replace(flood, f"while True: {flood}"))
    sizes = [sum(len(piece["bytes"]) for piece in record["pieces"]) for record in records]
    assert max(sizes) <= web.REPLY_BYTES + 65_536
    assert "longer than any answer" in finding.observed
    assert finding.detail["parts"]["serves itself whole"] == 1


def test_nonsense_is_handed_in_and_costs_its_points_only(driven: Any) -> None:
    records, finding = driven(NONSENSE)
    assert {record["ended"] for record in records[1:]} == {"broken"}
    assert finding.score <= 1


@pytest.mark.skipif(os.name != "posix", reason="looks into /proc")
def test_nothing_that_it_started_is_left(driven: Any, tmp_path: Path) -> None:
    start = f"import subprocess, sys\nchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\nopen({str(tmp_path / 'pid')!r}, 'w')"
    driven(f"{start}.write(str(child.pid))\nraise SystemExit(1)")
    pid = int((tmp_path / "pid").read_text(encoding="utf-8"))
    assert not Path(f"/proc/{pid}").exists() or "Z" in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2]
