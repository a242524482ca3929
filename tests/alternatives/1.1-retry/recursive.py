"""One attempt, then the rest of the affair with what is left of attempts and time."""


def call_with_retry(transport, *, max_attempts=5, deadline=10.0, clock, pause=0.1):
    start = clock.now()
    try:
        reply = transport(timeout=deadline)
    except TimeoutError:
        reply = None
        if max_attempts == 1 or clock.now() - start + pause >= deadline:
            raise
    else:
        if reply.status not in {429, 500, 502, 503, 504}:
            return reply
        if "Retry-After" in reply.headers:
            pause = max(pause, float(reply.headers["Retry-After"]))
        if max_attempts == 1 or clock.now() - start + pause >= deadline:
            return reply
    clock.sleep(pause)
    left = deadline - (clock.now() - start)
    return call_with_retry(transport, max_attempts=max_attempts - 1, deadline=left, clock=clock, pause=min(2 * pause, 2.0))
