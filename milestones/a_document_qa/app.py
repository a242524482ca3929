"""The document Q&A as a small web application: a page to ask on, answers as they are written, and the documents they cite.

    python3 app.py --documents DIR [--index DIR] [--model TAG] [--host 127.0.0.1] [--port 8000]

GET /                            the page (the files in `page/`)
GET /ask?question=...            an event stream: `draft` events, then one `answer` or one `error`
GET /documents/PATH?quote=...    a document with the quoted passage marked
"""

from __future__ import annotations

import argparse
import asyncio
import html
import json
import logging
import mimetypes
import re
import socket
import sys
import threading
from collections.abc import AsyncGenerator, Generator
from contextlib import aclosing, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote as quoted
from urllib.parse import urlencode

import httpx
import ollama
import uvicorn
from lancedb.table import Table
from qa.answers import Answer, Citation, stream_answer
from qa.documents import Document, load_documents
from qa.index import build_index, open_index, search, update_index
from qa.passages import chunk
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HERE = Path(__file__).parent
LONGEST_QUESTION = 500
PATIENCE = 300
"""Seconds without a word from the model after which it is given up."""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
    " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Should markup of a document ever slip through the escaping, the browser still runs none of it."""

log = logging.getLogger("document_qa")
T = TypeVar("T")


@dataclass(frozen=True)
class Library:
    """What is asked: the documents by path, their index, and the model that answers."""

    documents: dict[str, Document]
    table: Table
    model: str

    def answered(self, question: str) -> Generator[str | Answer, None, None]:
        """The pieces of the draft, then the Answer. Blocks while it searches and while the model thinks."""
        yield from stream_answer(question, search(self.table, question), self.model)


# --- the answer as an event stream -------------------------------------------------------------------------------------------------


def event(kind: str, data: dict[str, Any]) -> bytes:
    """One server-sent event. JSON keeps the data on one line, whatever stands in it."""
    return f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode()


def href(citation: Citation) -> str:
    """Where the page opens the document at the passage. A path may hold spaces, '#', '?', '%' and any letter."""
    return f"/documents/{quoted(citation.document)}?{urlencode({'quote': citation.quote})}#passage"


def sentence_for(error: Exception) -> str:
    """What the person who asked is told. The log has the rest."""
    if isinstance(error, TimeoutError):
        return f"The model has said nothing for {PATIENCE} seconds. Ask again, or restart the model server."
    if isinstance(error, ConnectionError | httpx.ConnectError):
        return "The model does not answer. Start the model server, then ask again."
    if isinstance(error, httpx.HTTPError):
        return "The connection to the model broke off before the answer was complete. Ask again."
    if isinstance(error, ollama.ResponseError):
        return f"The model server refused: {error.error}"
    return "Something went wrong while answering. The log of the application says what."


async def in_thread(blocking: Generator[T, None, None]) -> AsyncGenerator[T, None]:
    """The items of a blocking generator as they come, without blocking the event loop: it runs in a thread of its own.

    What it raises is raised here, and `TimeoutError` when nothing comes for PATIENCE seconds. Closing this generator, or
    cancelling the task that reads it, closes the blocking one as soon as it has finished the item it is working on.
    """
    loop = asyncio.get_running_loop()
    items: asyncio.Queue[T | Exception | None] = asyncio.Queue()
    left = threading.Event()

    def work() -> None:
        last: Exception | None = None
        try:
            with closing(blocking):
                for item in blocking:
                    if left.is_set():
                        return
                    loop.call_soon_threadsafe(items.put_nowait, item)
        except Exception as error:
            last = error
        with suppress(RuntimeError):  # the server has ended, and its loop with it
            loop.call_soon_threadsafe(items.put_nowait, last)

    threading.Thread(target=work, daemon=True).start()
    try:
        while (item := await asyncio.wait_for(items.get(), PATIENCE)) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        left.set()


async def events(items: AsyncGenerator[str | Answer, None]) -> AsyncGenerator[bytes, None]:
    """The event stream of one answer. `items` are the pieces of the draft and then one Answer, as `stream_answer` yields them.

    Each piece becomes an event `draft`, {"text": piece}, sent at once. Then the stream ends with exactly one of
    - `answer`: the fields of the Answer, each of its citations with its "href" (see `href`) beside document and quote;
    - `error`: {"message": what `sentence_for` says} for whatever was raised, which is logged too; a stream of items that ends
      without an Answer is such an error.
    However reading ends (the last event, an error, a browser that has gone), `items` is closed: no model writes on for nobody.
    A cancellation is no error: it is not caught.
    """
    # YOUR CODE HERE
    raise NotImplementedError("app.py: write events")


class EventStream(StreamingResponse):
    """Sends events as they come; when the browser leaves, the iterator is closed at once."""

    media_type = "text/event-stream"

    def __init__(self, stream: AsyncGenerator[bytes, None]) -> None:
        super().__init__(stream, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        self.stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self.stream):
            await super().__call__(scope, receive, send)


async def ask(request: Request) -> Response:
    """An empty or over-long question is 422 with {"message"}."""
    question = request.query_params.get("question", "").strip()
    if not question:
        return JSONResponse({"message": "Write a question first."}, 422)
    if len(question) > LONGEST_QUESTION:
        return JSONResponse({"message": f"A question has at most {LONGEST_QUESTION} characters; this one has {len(question):,}."}, 422)
    library: Library = request.app.state.library
    return EventStream(events(in_thread(library.answered(question))))


# --- a document, opened at the passage ---------------------------------------------------------------------------------------------

DOCUMENT = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/style.css">
</head>
<body>
<main>
<p class="above"><a href="/">Ask a question</a> <span class="path">{path}</span></p>
<h1>{title}</h1>
{note}
<div class="text">{text}</div>
</main>
</body>
</html>
"""
NOT_FOUND = '<p class="note" role="note">The passage you were sent to does not stand in this document. It may have changed since.</p>'


def document_page(document: Document, passage: str) -> str:
    """The document as an HTML page, with the first place where `passage` stands inside <mark id="passage">.

    Path, title and text are shown letter for letter: what looks like markup in them is text here, also next to and inside the mark.
    Between its words the passage may have other spaces and line ends than the document. An empty passage marks nothing; one that
    stands nowhere marks nothing either, and the page says so (NOT_FOUND) without repeating it.
    """
    # YOUR CODE HERE
    raise NotImplementedError("app.py: write document_page")


async def document(request: Request) -> Response:
    """Only documents of the library are shown; nothing is read from the disk by a path that somebody sent."""
    library: Library = request.app.state.library
    wanted = library.documents.get(request.path_params["path"])
    if wanted is None:
        return PlainTextResponse("There is no such document.", 404)
    return HTMLResponse(document_page(wanted, request.query_params.get("quote", "")))


# --- serving -----------------------------------------------------------------------------------------------------------------------


class WithHeaders:
    """Sends HEADERS with every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, sending)


def application(library: Library) -> Starlette:
    mimetypes.add_type("text/javascript", ".js")  # some systems have it as text/plain, which no browser runs
    routes = [
        Route("/ask", ask),
        Route("/documents/{path:path}", document),
        Mount("/", StaticFiles(directory=HERE / "page", html=True)),
    ]
    app = Starlette(routes=routes, middleware=[Middleware(WithHeaders)])
    app.state.library = library
    return app


def open_library(folder: Path, index: Path, model: str) -> Library:
    """Read the documents, and build their index or bring it in step with them."""
    documents = load_documents(folder)
    if not documents:
        sys.exit(f"There is no document that can be read in {folder}.")
    table = open_index(index)
    if table is None:
        table = build_index([piece for one in documents for piece in chunk(one)], index)
    else:
        table = update_index(table, folder)
    return Library({one.path: one for one in documents}, table, model)


def parsed(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Ask a folder of documents.")
    parser.add_argument("--documents", type=Path, required=True, metavar="DIR", help="the folder of documents")
    parser.add_argument("--index", type=Path, default=HERE / ".index", metavar="DIR", help="where the index is kept (default: .index beside this file)")
    parser.add_argument("--model", default="qwen2.5-coder:1.5b", metavar="TAG", help="the model that answers (default: %(default)s)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s, this computer only)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not 1 <= options.port <= 65535:
        sys.exit(f"--port {options.port} is no port to open a page at: name one from 1 to 65535.")
    if not options.documents.is_dir():
        sys.exit(f"There is no folder {options.documents}: name the one that holds your documents with --documents.")
    return options


def main(arguments: list[str] | None = None) -> None:
    """Serve until Ctrl-C. What keeps it from starting is one sentence, not a traceback."""
    options = parsed(arguments)
    try:
        line = socket.create_server((options.host, options.port))
    except OSError as error:
        sys.exit(f"Port {options.port} of {options.host} cannot be used ({error.strerror}): name another with --port.")
    try:
        library = open_library(options.documents, options.index, options.model)
    except (ConnectionError, httpx.HTTPError, ollama.ResponseError) as error:
        sys.exit(f"The documents could not be indexed: {sentence_for(error)}")
    print(f"{len(library.documents)} documents. Open http://{options.host}:{options.port} (Ctrl-C ends it)", flush=True)
    settings = uvicorn.Config(application(library), log_level="warning", timeout_graceful_shutdown=2)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(settings).run(sockets=[line])


if __name__ == "__main__":
    main()
