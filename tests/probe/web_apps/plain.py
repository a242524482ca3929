"""A document Q&A in the standard library alone: threads, no framework, no index. It answers with the line that shares most words."""

import argparse
import html
import http.client
import json
import os
import re
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

PAGE = """<!doctype html><html lang="en"><title>Ask</title><link rel="stylesheet" href="/style.css"><script src="/app.js" defer></script>
<form><input name="question" aria-label="Question"><button>Ask</button></form><p aria-live="polite"></p></html>"""
STYLE = "body { font-family: sans-serif }"
SCRIPT = 'const source = (question) => fetch("/ask?question=" + encodeURIComponent(question));'


def text_of(path):
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.sub(r"<[^>]*>", "", html.unescape(text)) if path.suffix == ".html" else text


def words(text):
    return set(re.findall(r"\w{3,}", text.lower()))


def best_line(question):
    lines = [(line.strip(), path) for path, text in DOCUMENTS.items() for line in text.splitlines() if 8 <= len(line.strip()) <= 400]
    return max(lines, key=lambda one: len(words(one[0]) & words(question)))


def model_words(question):
    """The words of the model's answer as they come. Raises OSError or HTTPException when it dies."""
    place = urlsplit(os.environ["OLLAMA_HOST"])
    line = http.client.HTTPConnection(place.hostname, place.port)
    body = {"model": OPTIONS.model, "messages": [{"role": "user", "content": question}], "stream": True}
    try:
        line.request("POST", "/api/chat", json.dumps(body), {"Content-Type": "application/json"})
        reply = line.getresponse()
        while record := reply.readline():
            yield json.loads(record)["message"]["content"]
    finally:
        line.close()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/":
            self.reply(200, "text/html; charset=utf-8", PAGE)
        elif parts.path == "/style.css":
            self.reply(200, "text/css", STYLE)
        elif parts.path == "/app.js":
            self.reply(200, "text/javascript", SCRIPT)
        elif parts.path == "/ask":
            self.ask(query.get("question", "").strip())
        elif parts.path.startswith("/documents/"):
            self.document(unquote(parts.path.removeprefix("/documents/")), query.get("quote", ""))
        else:
            self.reply(404, "text/plain", "not found")

    def document(self, path, wanted):
        if path not in DOCUMENTS:
            self.reply(404, "text/html", f"<p>There is no document {html.escape(path)}.</p>")
            return
        text = DOCUMENTS[path]
        begin = text.find(wanted) if wanted else -1
        if begin >= 0:
            end = begin + len(wanted)
            shown = html.escape(text[:begin]) + f'<mark id="passage">{html.escape(wanted)}</mark>' + html.escape(text[end:])
        else:
            shown = html.escape(text)
        title = html.escape(next(iter(text.splitlines()), path))
        self.reply(200, "text/html; charset=utf-8", f"<!doctype html><title>{title}</title><pre>{shown}</pre>")

    def ask(self, question):
        if not question or len(question) > 400:
            self.reply(422, "application/json", json.dumps({"message": "Ask one short question."}))
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        line, path = best_line(question)
        draft = ""
        try:
            if not words(line) & words(question) - {"the", "which", "who"}:
                self.event("answer", {"answerable": False, "answer": "", "citations": []})
                return
            for word in model_words(question):
                draft += word
                if word:
                    self.event("draft", {"text": word})
            href = f"/documents/{quote(path)}?{urlencode({'quote': line})}#passage"
            self.event("answer", {"answerable": True, "answer": draft, "citations": [{"document": path, "quote": line, "href": href}]})
        except BrokenPipeError:
            return
        except (OSError, http.client.HTTPException, ValueError):
            self.event("error", {"message": "The model is gone."})

    def event(self, kind, data):
        self.wfile.write(f"event: {kind}\ndata: {json.dumps(data)}\n\n".encode())

    def reply(self, status, kind, text):
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


parser = argparse.ArgumentParser()
for name, kind in (("documents", Path), ("index", Path), ("model", str), ("host", str), ("port", int)):
    parser.add_argument(f"--{name}", type=kind, default="127.0.0.1" if name == "host" else None)
OPTIONS = parser.parse_args()
FILES = sorted(path for path in OPTIONS.documents.rglob("*") if path.suffix in (".md", ".html"))
DOCUMENTS = {path.relative_to(OPTIONS.documents).as_posix(): text_of(path) for path in FILES}
ThreadingHTTPServer((OPTIONS.host, OPTIONS.port), Handler).serve_forever()
