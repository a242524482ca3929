"""Two attempts in a loop, with an exchange that grows."""


def ask_valid(ask, parse, messages):
    exchange = list(messages)
    for attempt in (1, 2):
        reply = ask(exchange)
        try:
            value = parse(reply)
        except ValueError as drift:
            if attempt == 2:
                raise
            exchange.append(dict(role="assistant", content=reply))
            exchange.append(dict(role="user", content="Please correct this: " + str(drift)))
        else:
            return value, attempt == 2
