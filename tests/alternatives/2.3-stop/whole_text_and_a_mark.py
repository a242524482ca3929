"""Keeps the whole text and how much of it has been given."""

import re


def until_stop(chunks, stops):
    pattern = re.compile("|".join(re.escape(stop) for stop in stops))
    beginnings = {stop[:size] for stop in stops for size in range(1, len(stop))}
    text, given = "", 0
    for chunk in chunks:
        text += chunk
        if match := pattern.search(text):
            yield text[given : match.start()]
            return
        safe = len(text)
        for start in range(given, len(text)):
            if text[start:] in beginnings:
                safe = start
                break
        if safe > given:
            yield text[given:safe]
            given = safe
    yield text[given:]
