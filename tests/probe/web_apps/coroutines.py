"""A document Q&A as one bare ASGI application on uvicorn: one file is the page, several words per event, other line ends, JSON over several
lines, a beat between; it speaks OpenAI's dialect to the model, and marks the paragraph in which the quote stands."""

import argparse
import asyncio
import contextlib
import html
import json
import os
import re
from pathlib import Path
from urllib.parse import parse_qs, quote

import httpx
import uvicorn

PAGE = """<!doctype html><html lang="en"><title>Ask</title><style>p { color: rebeccapurple }</style>
<form action="ask"><textarea name="question"></textarea></form><script type="module">addEventListener("submit", () => {})</script></html>"""


def event(kind, data):
    lines = "".join(f"data:{line}\r\n" for line in json.dumps(data, indent=2).splitlines())
    return f": beat\r\nid: 1\r\nevent:{kind}\r\n{lines}\r\n".encode()


def words(text):
    return set(re.findall(r"\w{3,}", text.lower())) - {"the", "which", "who", "with", "after"}


async def model_words(question):
    body = {"model": OPTIONS.model, "messages": [{"role": "user", "content": question}], "stream": True}
    client = httpx.AsyncClient(base_url=os.environ["OLLAMA_HOST"], timeout=None)
    async with client, client.stream("POST", "/v1/chat/completions", json=body) as reply:
        async for line in reply.aiter_lines():
            if line.startswith("data: {"):
                record = json.loads(line.removeprefix("data: "))
                if "error" in record:
                    raise httpx.ReadError("refused")
                for choice in record["choices"]:
                    yield choice["delta"].get("content") or ""


async def answered(question):
    """The events of an answer: drafts of two words each."""
    paragraphs = [(line.strip(), path) for path, text in DOCUMENTS.items() for line in text.splitlines() if 8 <= len(line.strip()) <= 400]
    best, path = max(paragraphs, key=lambda one: len(words(one[0]) & words(question)))
    if not words(best) & words(question):
        yield event("answer", {"answerable": False, "answer": "", "citations": []})
        return
    said, waiting = "", []
    try:
        async with contextlib.aclosing(model_words(question)) as pieces:
            async for piece in pieces:
                said += piece
                waiting.append(piece)
                if len(waiting) == 2:
                    yield event("draft", {"text": "".join(waiting)})
                    waiting = []
    except (httpx.HTTPError, ValueError):
        yield event("error", {"message": "Das Modell antwortet nicht."})
        return
    href = f"documents/{quote(path, safe='')}?quote={quote(best)}"
    yield event("answer", {"answerable": True, "answer": said, "citations": [{"document": path, "quote": best[:200], "href": href, "rank": 1}]})


def document(path, wanted):
    text = DOCUMENTS[path]
    lines = []
    marked = False
    for line in text.splitlines():
        shown = html.escape(line, quote=False)
        if wanted and wanted in line and not marked:
            shown, marked = f"<mark class='hit' id=passage><b>{shown}</b></mark>", True
        lines.append(f"<p>{shown}</p>")
    return f"<!doctype html><title>{html.escape(path)}</title>{''.join(lines)}"


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    path = scope["path"]
    query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
    name = path.removeprefix("/documents/")
    if path == "/":
        await whole(send, 200, "text/html", PAGE)
    elif path == "/ask" and not 0 < len(query.get("question", "").strip()) < 1000:
        await whole(send, 422, "application/json", json.dumps({"message": "?"}))
    elif path == "/ask":
        await flowing(receive, send, answered(query["question"]))
    elif name in DOCUMENTS:
        await whole(send, 200, "text/html", document(name, query.get("quote", "")))
    else:
        await whole(send, 404, "text/plain", path)


async def whole(send, status, kind, text):
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-type", kind.encode())]})
    await send({"type": "http.response.body", "body": text.encode()})


async def flowing(receive, send, events):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream; charset=utf-8")]})

    async def pour():
        async with contextlib.aclosing(events) as stream:
            async for one in stream:
                await send({"type": "http.response.body", "body": one, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def gone():
        while (await receive())["type"] != "http.disconnect":
            pass

    tasks = {asyncio.create_task(pour()), asyncio.create_task(gone())}
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


parser = argparse.ArgumentParser()
for name, kind in (("documents", Path), ("index", Path), ("model", str), ("host", str), ("port", int)):
    parser.add_argument(f"--{name}", type=kind, default="127.0.0.1" if name == "host" else None)
OPTIONS = parser.parse_args()
DOCUMENTS = {}
for file in sorted(OPTIONS.documents.rglob("*")):
    if file.suffix in (".md", ".html"):
        text = file.read_text(encoding="utf-8")
        DOCUMENTS[file.relative_to(OPTIONS.documents).as_posix()] = re.sub(r"<[^>]*>", "", html.unescape(text)) if file.suffix == ".html" else text
uvicorn.run(app, host=OPTIONS.host, port=OPTIONS.port, log_level="critical")
