"""Goes through the text character by character; a candidate lives as long as the text goes on as one of the stop sequences does."""


def until_stop(chunks, stops):
    pending = ""
    for chunk in chunks:
        free = ""
        for character in chunk:
            pending += character
            while pending and not any(stop.startswith(pending) for stop in stops):
                ended = [stop for stop in stops if pending.endswith(stop)]
                if ended:
                    break
                free, pending = free + pending[0], pending[1:]
            if any(pending.endswith(stop) for stop in stops):
                begin = min(pending.find(stop) for stop in stops if stop in pending)
                yield free + pending[:begin]
                return
        if free:
            yield free
    if pending:
        yield pending
