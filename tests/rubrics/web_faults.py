"""What a right web page sends to whoever drives it, what spoils it, and other pages that are just as right.

A hand-in is {"web": the lines of the artefact, "calls": the lines of the gateway's ledger}. FAULTS: (what is wrong, the part that must name
it, function of the hand-in). ALTERNATIVES: (what is different, function).
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode

from autograder.gateway.cassette import canonical, request_key

HandIn = dict[str, list[dict[str, Any]]]
Expected = dict[str, Any]
Spoil = Callable[[HandIn], None]

PAGE = '<!doctype html><title>Ask</title><link rel="stylesheet" href="/style.css"><script src="/app.js" defer></script><form id="f"><input name="q"></form>'
DIGEST = "d" * 64
WORDS = ["Hugo Grimar", " and", " Carla Ris"]
BODY = json.dumps({"model": "qwen2.5-coder:1.5b", "messages": [{"role": "user", "content": "Who?"}], "stream": True})


def right(expected: Expected) -> HandIn:
    """Everything as it should be, on the documents of `expected["ui"]`."""
    planted = expected["ui"]["planted"]
    path, sentence = planted["path"], planted["sentence"]
    href = f"/documents/{quote(path)}?{urlencode({'quote': sentence})}"
    said = {"answerable": True, "answer": "".join(WORDS), "citations": [{"document": path, "quote": sentence, "href": href + "#passage"}]}
    answered = [*drafts(), event("answer", said)]
    page = document(expected, sentence)
    invented = f"<{planted['canary']}>"
    web = [
        step("start", "", log="Open it"),
        step("page", "/", PAGE, "text/html; charset=utf-8"),
        step("asset", "/style.css", "p { color: red }", "text/css"),
        step("asset", "/app.js", 'fetch("/ask?question=")', "text/javascript"),
        streamed("ask", *answered),
        step("citation", href, page, "text/html; charset=utf-8"),
        streamed("unanswerable", event("answer", {"answerable": False, "answer": "", "citations": []}), call=False),
        step("planted", href, page, "text/html"),
        step("elsewhere", f"/documents/{quote(path)}?{urlencode({'quote': invented})}", document(expected, ""), "text/html"),
        step("absent", "/documents/none.md", "no such document", "text/plain", 404),
        step("outside", "/documents/../asks.json", "no such document", "text/plain", 404),
        step("empty", "/ask?question=", '{"message": "Ask something."}', "application/json", 422),
        step("long", "/ask?question=why", '{"message": "Too long."}', "application/json", 422),
        {**streamed("endless", event("draft", {"text": "Hugo"}), last=False, left=True), "ended": "left"},
        streamed("cut", event("draft", {"text": "Hugo"}), event("error", {"message": "The model is gone."}), last=False),
        streamed("stopped", event("error", {"message": "The model is not there."}), call=False),
        streamed("again", *answered),
    ]
    asked = {"endpoint": "chat", "model": "qwen2.5-coder:1.5b", "digest": DIGEST, "stream": True, "format": True, "status": 200}
    return {"web": web, "calls": [{**asked, "request_sha256": request_key(DIGEST, "chat", canonical(json.loads(BODY)))}]}


def document(expected: Expected, marked: str) -> str:
    """A document's page with a passage marked in it."""
    text = html.escape(expected["ui"]["documents"][expected["ui"]["planted"]["path"]])
    if marked:
        text = text.replace(html.escape(marked), f'<mark id="passage">{html.escape(marked)}</mark>')
    title = html.escape(expected["ui"]["documents"][expected["ui"]["planted"]["path"]].splitlines()[0])
    return f"<!doctype html><title>{title}</title><h1>{title}</h1><pre>{text}</pre>"


def event(kind: str, data: Any) -> str:
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n"


def drafts() -> list[str]:
    return [event("draft", {"text": word}) for word in WORDS]


def step(name: str, target: str, body: str = "", kind: str = "", status: int = 200, log: str = "") -> dict[str, Any]:
    pieces = [{"bytes": body.encode().decode("latin-1"), "lines": 0, "over": False}] if body else []
    headers = {"content-type": kind} if kind else {}
    ended = "complete" if kind else "nothing"
    reply = {"status": status if kind else 0, "headers": headers, "pieces": pieces, "ended": ended}
    return {"step": name, "target": target, **reply, "problem": "", "calls": [], "log": log}


def streamed(name: str, *sent: str, call: bool = True, last: bool = True, left: bool = False) -> dict[str, Any]:
    """An event stream of which each event arrived by itself, while the model wrote; with the last one it was through."""
    made = step(name, f"/ask?{urlencode({'question': 'Who?'})}", "", "text/event-stream; charset=utf-8")
    final = len(sent) - 1
    for number, text in enumerate(sent):
        by_then = {"lines": 3 + number if call else 0, "over": call and last and number == final}
        made["pieces"].append({"bytes": text.encode().decode("latin-1"), **by_then})
    if call:
        made["calls"] = [{"path": "/api/chat", "body": BODY, "streams": True, "lines": 3 + final, "last": last, "left": left}]
    return made


def of(made: HandIn, name: str) -> list[dict[str, Any]]:
    return [reply for reply in made["web"] if reply["step"] == name]


def replies(name: str, body: str, kind: str = "", status: int = 0, target: str = "") -> Spoil:
    """The step's reply has another body, and another type, status or target where given."""

    def spoil(made: HandIn) -> None:
        for reply in [one for one in of(made, name) if target in one["target"]]:
            reply["pieces"] = [{"bytes": body.encode().decode("latin-1"), "lines": 0, "over": False}]
            reply["headers"] = {"content-type": kind} if kind else reply["headers"]
            reply["status"] = status or reply["status"]

    return spoil


def sends(name: str, *sent: str, **how: Any) -> Spoil:
    """The step's stream is another one."""

    def spoil(made: HandIn) -> None:
        for reply in of(made, name):
            reply |= {**streamed(name, *sent, **how), "target": reply["target"], "ended": reply["ended"]}

    return spoil


def every_piece(name: str, **changed: Any) -> Spoil:
    def spoil(made: HandIn) -> None:
        for reply in of(made, name):
            reply["pieces"] = [{**piece, **changed} for piece in reply["pieces"]]

    return spoil


def replaced(old: str, new: str, *names: str) -> Spoil:
    """Other bytes in the replies of some steps."""

    def spoil(made: HandIn) -> None:
        for reply in [one for name in names for one in of(made, name)]:
            reply["pieces"] = [{**piece, "bytes": piece["bytes"].replace(old, new)} for piece in reply["pieces"]]

    return spoil


def unescaped(*names: str) -> Spoil:
    def spoil(made: HandIn) -> None:
        for reply in [one for name in names for one in of(made, name)]:
            reply["pieces"] = [{**piece, "bytes": html.unescape(piece["bytes"])} for piece in reply["pieces"]]

    return spoil


def answers_with(change: Callable[[dict[str, Any]], None]) -> Spoil:
    """Another citation in every answer."""

    def spoil(made: HandIn) -> None:
        for reply in made["web"]:
            for piece in reply["pieces"]:
                if piece["bytes"].startswith("event: answer"):
                    data = json.loads(piece["bytes"].partition("data: ")[2])
                    for citation in data["citations"]:
                        change(citation)
                    piece["bytes"] = event("answer", data)

    return spoil


def unknown_call(made: HandIn) -> None:
    for call in made["calls"]:
        call["request_sha256"] = "0" * 64


def whole_document_marked(made: HandIn) -> None:
    for reply in of(made, "citation"):
        body = reply["pieces"][0]["bytes"].replace('<mark id="passage">', "").replace("</mark>", "")
        filling = "It fills the page from end to end. " * 60
        reply["pieces"][0]["bytes"] = body.replace("<pre>", f'<pre><mark id="passage">{filling}').replace("</pre>", "</mark></pre>")


def only_the_passage(made: HandIn) -> None:
    for reply in of(made, "citation"):
        body = reply["pieces"][0]["bytes"]
        reply["pieces"][0]["bytes"] = body[body.index("<mark") : body.index("</mark>")] + "</mark>"


def echoed(made: HandIn) -> None:
    """Whatever the address quotes is marked, whether it stands in the document or not."""
    for reply in of(made, "elsewhere"):
        body = reply["pieces"][0]["bytes"]
        canary = reply["target"].partition("%3C")[2].removesuffix("%3E")
        reply["pieces"][0]["bytes"] = body + f'<mark id="passage">&lt;{canary}&gt;</mark>'


def not_left(made: HandIn) -> None:
    for call in of(made, "endless")[0]["calls"]:
        call |= {"last": True, "left": False}


def without_call(name: str) -> Spoil:
    def spoil(made: HandIn) -> None:
        for reply in of(made, name):
            reply["calls"] = []

    return spoil


def ended(name: str, how: str) -> Spoil:
    def spoil(made: HandIn) -> None:
        for reply in of(made, name):
            reply["ended"] = how

    return spoil


ANSWER = event("answer", {"answerable": True, "answer": "Hugo", "citations": []})
SILENT = event("answer", {"answerable": False, "answer": "", "citations": []})
ERROR = event("error", {"message": "The model is gone."})

FAULTS: list[tuple[str, str, Spoil]] = [
    ("a style sheet from a CDN", "serves itself whole", replaced('href="/style.css"', 'href="https://cdn.example/a.css"', "page")),
    ("a font from another host", "serves itself whole", replaced("color: red", "background: url(//fonts.example/a.woff)", "asset")),
    ("a module from another host", "serves itself whole", replaced("fetch(", 'import x from "https://cdn.example/x.js"; fetch(', "asset")),
    ("the script is not found", "serves itself whole", replies("asset", "not found", "text/plain", 404, ".js")),
    ("the script is of the wrong type", "serves itself whole", replies("asset", 'fetch("/ask")', "text/plain", 200, ".js")),
    ("nothing asks", "serves itself whole", replaced("ask", "say", "asset")),
    ("the draft in one event", "streams", sends("ask", event("draft", {"text": "all at once"}), ANSWER.replace("Hugo", ""))),
    ("drafts after the model was through", "streams", every_piece("ask", over=True)),
    ("drafts that no model wrote", "streams", unknown_call),
    ("no draft at all", "streams", sends("ask", SILENT)),
    ("JSON in place of a stream", "streams", replies("ask", "{}", "application/json")),
    ("an answer that does not end", "streams", ended("ask", "timeout")),
    ("two answers", "streams", sends("ask", *drafts(), SILENT, SILENT)),
    ("another form of answer", "streams", sends("ask", *drafts(), event("answer", {"text": "Hugo"}))),
    ("an answer without a citation", "cites", sends("ask", *drafts(), ANSWER)),
    ("a document that is not there", "cites", answers_with(lambda c: c.update(document="help/none.md"))),
    ("an improved quote", "cites", answers_with(lambda c: c.update(quote="As our documents say, " + c["quote"]))),
    ("a link to another host", "cites", answers_with(lambda c: c.update(href="https://example.org/"))),
    ("a page without a mark", "cites", replaced('id="passage"', "", "citation")),
    ("the whole document marked", "cites", whole_document_marked),
    ("the passage and nothing else", "cites", only_the_passage),
    ("marks what the address says", "cites", echoed),
    ("a cited document that is not found", "cites", replies("citation", "not found", "text/plain", 404)),
    ("text and title as they are", "escapes", unescaped("planted")),
    ("markup in an address comes back", "escapes", lambda made: sends_back(made)),
    ("the document is not shown", "escapes", replies("planted", "<p>nothing</p>", "text/html")),
    ("an empty question is answered", "refuses what is none", replies("empty", SILENT, "text/event-stream", 200)),
    ("422 without a message", "refuses what is none", replies("long", "too long", "text/plain")),
    ("an error of the server for a path", "refuses what is none", replies("absent", "oh", "text/plain", 500)),
    ("a file from outside", "refuses what is none", replies("outside", "{}", "application/json", 200)),
    ("half a draft as the answer", "survives its model", sends("cut", *drafts(), ANSWER, last=False)),
    ("a stream that ends in nothing", "survives its model", sends("cut", *drafts(), last=False)),
    ("two errors", "survives its model", sends("cut", ERROR, ERROR, last=False)),
    ("an error without words", "survives its model", sends("stopped", event("error", {"message": ""}), call=False)),
    ("status 500 without a model", "survives its model", replies("stopped", "oh", "text/plain", 500)),
    ("no answer ever after", "survives its model", sends("again", ERROR)),
    ("a model of its own", "survives its model", without_call("cut")),
    ("the model writes on", "stops", not_left),
    ("nothing to hang up at", "stops", ended("endless", "complete")),
]


def sends_back(made: HandIn) -> None:
    reply = of(made, "elsewhere")[0]
    canary = reply["target"].partition("%3C")[2].removesuffix("%3E")
    reply["pieces"][0]["bytes"] += f"<p>Not found: <{canary}></p>"


def as_it_is(made: HandIn) -> None:
    """Nothing is changed."""


def other_lines(made: HandIn) -> None:
    """CR LF, comments, ids, retry and other events between; JSON over several lines of data."""
    for reply in made["web"]:
        for piece in reply["pieces"]:
            if piece["bytes"].startswith("event:"):
                kind, _, data = piece["bytes"].strip().removeprefix("event: ").partition("\ndata: ")
                lines = json.dumps(json.loads(data), indent=1).splitlines()
                text = f": still here\nid: 7\nretry: 100\nevent:{kind}\n" + "".join(f"data:{line}\n" for line in lines) + "\nevent: tick\ndata: 1\n\n"
                piece["bytes"] = text.replace("\n", "\r\n")


def cut_anywhere(made: HandIn) -> None:
    """The same bytes in pieces of seven."""
    for reply in of(made, "ask") + of(made, "again"):
        reply["pieces"] = [
            {**piece, "bytes": piece["bytes"][start : start + 7]} for piece in reply["pieces"] for start in range(0, len(piece["bytes"]), 7)
        ]


def one_page(made: HandIn) -> None:
    """Style and script stand in the page itself."""
    made["web"] = [reply for reply in made["web"] if reply["step"] != "asset"]
    replies("page", "<!doctype html><style>p { color: red }</style><form action='/ask'><textarea name=question></textarea></form>")(made)


def marks_the_line(made: HandIn) -> None:
    """The paragraph is marked, with the words of the passage in elements of their own, and a link to itself beside them."""
    for reply in of(made, "citation"):
        body = reply["pieces"][0]["bytes"]
        reply["pieces"][0]["bytes"] = body.replace('<mark id="passage">', '<mark class="hit" id=passage><b>').replace("</mark>", "</b><br></mark>")


def permalink(made: HandIn) -> None:
    """The escaped title also stands in attributes that run nothing."""
    for reply in of(made, "citation") + of(made, "planted"):
        body = reply["pieces"][0]["bytes"]
        title = body[body.index("<h1>") + 4 : body.index("</h1>")]
        reply["pieces"][0]["bytes"] = body + f'<a title="{title}" href="?again">again</a><meta name="title" content="{title}">'


ALTERNATIVES: list[tuple[str, Spoil]] = [
    ("as it is", as_it_is),
    ("other line ends, comments and ids", other_lines),
    ("bytes cut anywhere", cut_anywhere),
    ("one file is the page", one_page),
    ("more than the quote is marked", marks_the_line),
    ("escaped words in attributes", permalink),
    ("fields beyond those asked for", answers_with(lambda c: c.update(similarity=0.7))),
    ("relative links", answers_with(lambda c: c.update(href="." + c["href"]))),
]
