"""Milestone A's web page, judged by the bytes it sent: never by its source, and not by what the application says of itself.

What the model had written when a piece arrived, and whether it saw the application hang up, was noted by the model server in between.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cached_property

from ..contracts import WebCall, WebReply
from ..gateway.cassette import canonical, request_key
from ..matching.answers import holds, supports
from ..probe.web import ARTEFACT, local
from ..verdict import Criterion, Finding, Json, Status
from .qa_case import Case
from .web_page import Seen, foreign, kind_of
from .web_stream import Stream

WEB_APP = Criterion(
    "web_app",
    "A web page that streams, cites, escapes, fails in plain words and stops",
    10,
    "Start it as the grader does (python3 app.py --documents DIR), ask with `curl -N 'http://127.0.0.1:8000/ask?question=…'` and read the events; then stop the model server and ask again.",
)

PASSAGE_ROOM = 1_200
"""Characters that a marked passage may have beyond the quote: its paragraph or its passage, not its document."""
STYLE, SCRIPT = "text/css", ("text/javascript", "application/javascript")


class Web:
    """What came back, by step, and what the judge knows about it."""

    def __init__(self, case: Case) -> None:
        self.replies = case.evidence.records(ARTEFACT, WebReply)
        self.documents: dict[str, str] = case.expected["ui"]["documents"]
        self.planted: dict[str, str] = case.expected["ui"]["planted"]
        self.ledger: Json = case.ledger

    def all(self, *steps: str) -> list[WebReply]:
        return [reply for reply in self.replies if reply.step in steps]

    def one(self, step: str) -> WebReply:
        """The reply of a step; raises `Missed` when it was never taken."""
        found = self.all(step)
        if not found:
            raise Missed(f"the step {step!r} was not reached")
        return found[-1]

    @cached_property
    def asked(self) -> list[Stream]:
        return [Stream(reply) for reply in self.all("ask")]

    def really_asked(self, call: WebCall) -> bool:
        """Whether the gateway's ledger has this very request, streamed and answered."""
        rows = [row for row in self.ledger["calls"] if row["stream"] and row["status"] == 200]
        try:
            asked = canonical(json.loads(call.body))
        except ValueError:
            return False
        endpoint = call.path.removeprefix("/api/")
        if not call.path.startswith("/api/"):  # another dialect: the ledger has the request in Ollama's words
            return bool(rows)
        return any(row["endpoint"] == endpoint and row["request_sha256"] == request_key(row["digest"], endpoint, asked) for row in rows)


class Missed(Exception):
    """Why a part is not met, in a sentence."""


def web_app(case: Case) -> Finding:
    web = Web(case)
    if not web.replies:
        return Finding.missing(WEB_APP, Status.ERROR, "nothing came from a web page", "a page that can be used")
    start = web.replies[0]
    if start.problem or not web.all("page"):
        said = f"; it said: {start.log[-600:].strip()}" if start.log.strip() else ""
        return Finding.missing(WEB_APP, Status.ERROR, f"app.py did not serve its page: {start.problem or 'no reply'}{said}", "a page that can be used")
    problems = {name: problem for name, (_, part) in PARTS.items() if (problem := missed(part, web))}
    if set(OWN) <= set(problems):
        problems |= {name: "counts once a question is answered or a document shown" for name in PARTS if name not in problems}
    points = sum(worth for name, (worth, _) in PARTS.items() if name not in problems)
    observed = "; ".join(f"{name}: {problem}" for name, problem in problems.items()) or f"all {len(PARTS)} parts are met"
    expected = f"a page that {', '.join(PARTS)}"
    detail = {"parts": {name: 0 if name in problems else worth for name, (worth, _) in PARTS.items()}}
    return Finding.of(WEB_APP, points / WEB_APP.max_score, expected=expected, observed=observed, detail=detail)


def missed(part: Callable[[Web], None], web: Web) -> str:
    try:
        part(web)
    except Missed as problem:
        return str(problem)
    return ""


def serves(web: Web) -> None:
    """The page and its own files come from this server and no other."""
    page = web.one("page")
    if page.status != 200 or kind_of(page) != "text/html":
        raise Missed(f"GET / gave status {page.status} and {kind_of(page) or 'no content type'}")
    files = web.all("asset")
    for reply in files:
        kind, name = kind_of(reply), reply.target.partition("?")[0]
        if reply.status != 200:
            raise Missed(f"the page's own {shown(name)} gave status {reply.status}")
        if (name.endswith(".js") and kind not in SCRIPT) or (name.endswith(".css") and kind != STYLE):
            raise Missed(f"{shown(name)} came as {kind or 'nothing'}, which a browser does not take for what it is")
    for reply in (page, *files):
        if elsewhere := foreign(reply):
            raise Missed(f"{shown(reply.target)} loads {shown(elsewhere)}, which is not there without internet")
    if not any("ask" in text_of(reply) for reply in (page, *files)):
        raise Missed("nothing on the page asks /ask")


def streams(web: Web) -> None:
    """Some answer came as several draft events, the first while the model was still writing, from a call that the ledger has."""
    best = max(web.asked, key=lambda stream: (not stream.problem, len(stream.drafts)), default=None)
    if best is None:
        raise Missed("no question was asked")
    if best.problem:
        raise Missed(best.problem)
    if not best.drafts:
        raise Missed("no draft event came for any question")
    if len(best.drafts) < 2:
        raise Missed(f"the whole draft came in one event, {shown(best.drafts[0])}")
    for stream in web.asked:
        if stream.problem or len(stream.drafts) < 2 or not stream.early:
            continue
        if any(web.really_asked(call) for call in stream.reply.calls):
            return
        raise Missed("the draft came from no streamed model call that the gateway's ledger has")
    raise Missed("the first draft event came only when the model had written its last word")


def cites(web: Web) -> None:
    """Citations of existing documents, quotes that stand in them, links that open the document with the passage marked."""
    given = [(stream, citation) for stream in web.asked if stream.answer and stream.answer.answerable for citation in stream.answer.citations]
    bare = [stream for stream in web.asked if stream.answer and stream.answer.answerable and not stream.answer.citations]
    if bare:
        raise Missed(f"the answer {shown(bare[0].said)} came without a citation")
    if not given:
        raise Missed("no question was answered with a citation")
    pages = {reply.target: reply for reply in web.all("citation")}
    for _, citation in given:
        text = web.documents.get(citation.document)
        if text is None:
            raise Missed(f"there is no document {shown(citation.document)}")
        if not supports(text, citation.quote):
            raise Missed(f"{shown(citation.quote)} does not stand in {shown(citation.document)}")
        if not local(citation.href):
            raise Missed(f"{shown(citation.href)} is no reference that a browser can follow here")
        if page := pages.get(local(citation.href)):
            opens(page, text, citation.quote)
    if not pages:
        raise Missed("no citation could be opened")
    invented = Seen.of(web.one("elsewhere")).passage
    if web.planted["canary"] in invented:
        raise Missed("words that do not stand in the document are marked in it")


def opens(reply: WebReply, document: str, quote: str) -> None:
    if reply.status != 200 or kind_of(reply) != "text/html":
        raise Missed(f"{shown(reply.target)} gave status {reply.status} and {kind_of(reply) or 'no content type'}")
    seen = Seen.of(reply)
    if seen.passages != 1:
        raise Missed(f'the page of a cited document has {seen.passages} elements with id="passage"')
    if seen.tag != "mark" or not supports(seen.passage, quote) or not supports(document, seen.passage):
        raise Missed(f"<{seen.tag}> {shown(seen.passage)} is marked where {shown(quote)} was cited")
    if len(seen.passage) > len(quote) + PASSAGE_ROOM:
        raise Missed(f"{len(seen.passage):,} characters are marked for a quote of {len(quote)}")
    if len(seen.text.split()) < len(document.split()) // 2:
        raise Missed(f"the page of a cited document shows {len(seen.text.split())} words of {len(document.split())}")


def escapes(web: Web) -> None:
    """The planted document is shown, and neither it nor what was put into an address is taken for markup."""
    canary = web.planted["canary"]
    page = web.one("planted")
    if page.status != 200 or not holds(Seen.of(page).text, web.planted["filling"]):
        raise Missed(f"the document {shown(web.planted['path'])} is not shown (status {page.status})")
    for step in ("elsewhere", "absent"):
        web.one(step)
    for reply in web.all("page", "citation", "planted", "elsewhere", "absent"):
        if kind_of(reply) in ("", "text/html") and (alive := Seen.of(reply).alive(canary)):
            raise Missed(f"markup of a document or an address is alive in {shown(reply.target, 60)}: {shown(alive)}")


def refuses(web: Web) -> None:
    """422 for questions that are none, 404 for documents that are not there, and nothing from outside the folder."""
    for step, what in (("empty", "an empty question"), ("long", "a question of 10,000 characters")):
        reply = web.one(step)
        if reply.status != 422:
            raise Missed(f"{what} gave status {reply.status}, not 422")
        if not says(reply):
            raise Missed(f'{what} was refused without a {{"message"}}')
    for reply in web.all("absent", "outside"):
        if reply.status not in (404, 400):
            raise Missed(f"{shown(reply.target)} gave status {reply.status}, not 404")
    web.one("outside")


def survives(web: Web) -> None:
    """A model that dies in the middle and one that is stopped each give one error event; the next question is answered."""
    if not web.one("cut").calls:
        raise Missed("the model was not asked through OLLAMA_HOST")
    for step, what in (("cut", "a model that dies in the middle of its answer"), ("stopped", "a model server that is stopped")):
        stream = Stream(web.one(step))
        if stream.problem:
            raise Missed(f"with {what}, {stream.problem}")
        if stream.error is None:
            raise Missed(f"with {what}, the stream ended in an answer")
    again = Stream(web.one("again"))
    if again.problem or again.answer is None:
        raise Missed(f"after that, with the model back, {again.problem or 'the stream ended in an error'}")


def stops(web: Web) -> None:
    """Once the browser hangs up, the model's stream is closed, long before the model is done."""
    reply = web.one("endless")
    if reply.ended != "left":
        raise Missed("there was no draft event at which to hang up")
    if not reply.calls or not all(call.left and not call.last for call in reply.calls):
        raise Missed("the model wrote on to its end after the browser had hung up")


def says(reply: WebReply) -> bool:
    try:
        message = json.loads(text_of(reply))["message"]
    except (ValueError, TypeError, KeyError):
        return False
    return isinstance(message, str) and bool(message.strip())


def text_of(reply: WebReply) -> str:
    return "".join(piece.bytes for piece in reply.pieces).encode("latin-1").decode("utf-8", "replace")


def shown(text: str, limit: int = 100) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= limit else flat[: limit - 1] + "…")


PARTS: dict[str, tuple[float, Callable[[Web], None]]] = {
    "serves itself whole": (1.0, serves),
    "streams": (2.0, streams),
    "cites": (2.0, cites),
    "escapes": (1.5, escapes),
    "refuses what is none": (1.0, refuses),
    "survives its model": (1.5, survives),
    "stops": (1.0, stops),
}
OWN = ("streams", "cites", "escapes")
"""The parts without any of which an application does nothing yet; what else it does was given."""
