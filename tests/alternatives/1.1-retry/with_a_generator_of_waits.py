"""Backoff from a generator, one exit at the bottom."""


def waits():
    seconds = 0.05
    while True:
        yield seconds
        seconds = min(seconds * 2, 1.0)


def call_with_retry(transport, *, max_attempts=5, deadline=10.0, clock):
    ends = clock.now() + deadline
    backoff = waits()
    for number in range(1, max_attempts + 1):
        error = reply = None
        try:
            reply = transport(timeout=max(ends - clock.now(), 0.001))
        except TimeoutError as caught:
            error = caught
        retryable = error is not None or reply.status == 429 or 500 <= reply.status < 600
        pause = next(backoff)
        if reply is not None:
            pause = float(reply.headers.get("Retry-After", pause))
        if not retryable or number == max_attempts or clock.now() + pause >= ends:
            if error is not None:
                raise error
            return reply
        clock.sleep(pause)
