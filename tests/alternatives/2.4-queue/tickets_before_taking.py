"""Takes an item only when a place is free, so it holds exactly `limit`; the queue itself has no bound."""

import asyncio


async def read_ahead(source, limit):
    places = asyncio.Semaphore(limit)
    found = asyncio.Queue()

    async def fill():
        try:
            while True:
                await places.acquire()
                found.put_nowait(("item", await anext(source)))
        except StopAsyncIteration:
            found.put_nowait(("end", None))
        except Exception as failure:
            found.put_nowait(("failure", failure))

    task = asyncio.create_task(fill())
    try:
        while True:
            kind, value = await found.get()
            if kind == "end":
                return
            if kind == "failure":
                raise value
            places.release()
            yield value
    finally:
        task.cancel()
        await asyncio.wait([task])
        await source.aclose()
