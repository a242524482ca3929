"""Faults that learners make in 2.4-ndjson."""

MUTANTS = [
    ("takes every chunk for whole lines", "split", "(rest + chunk)", "chunk"),
    ("forgets what is left", "split", "if line.strip()], rest", 'if line.strip()], b""'),
    ("decodes chunks and drops what is no text", "split", "(rest + chunk)", '(rest + chunk.decode(errors="ignore").encode())'),
    (
        "splits where Unicode sees the end of a line",
        "split",
        '    *lines, rest = (rest + chunk).split(b"\\n")\n',
        '    lines = (rest + chunk).decode("utf-8", "surrogateescape").splitlines(keepends=True)\n'
        '    rest = lines.pop() if lines and not lines[-1].endswith("\\n") else ""\n'
        '    rest = rest.encode("utf-8", "surrogateescape")\n',
    ),
    ("hands over one record per call", "prompt", "for line in lines if", "for line in lines[:1] if"),
    (
        "waits for a chunk that ends with a newline",
        "prompt",
        "    *lines, rest",
        '    if not chunk.endswith(b"\\n"):\n        return [], rest + chunk\n    *lines, rest',
    ),
    ("trips over a blank line", "blank", " if line.strip()", ""),
    ("splits at two bytes only", "blank", 'split(b"\\n")', 'split(b"\\r\\n")'),
    ("tidies up what is left", "rest", "if line.strip()], rest", "if line.strip()], rest.strip()"),
    ("gives up what does not parse", "rest", "if line.strip()], rest", 'if line.strip()], rest if rest.endswith(b"}") else b""'),
]
