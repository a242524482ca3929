"""Looks for one newline after the other."""

import json


def take_records(rest, chunk):
    held = bytearray(rest)
    held.extend(chunk)
    records, start = [], 0
    while (end := held.find(b"\n", start)) >= 0:
        text = bytes(held[start:end]).decode("utf-8").strip()
        if text:
            records.append(json.loads(text))
        start = end + 1
    return records, bytes(held[start:])
