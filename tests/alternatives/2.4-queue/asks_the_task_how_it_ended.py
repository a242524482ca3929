"""Waits for an item or for the end of the task, whichever comes first; there is no sentinel."""

import asyncio


async def read_ahead(source, limit):
    queue = asyncio.Queue(limit)

    async def fill():
        async for item in source:
            await queue.put(item)

    task = asyncio.create_task(fill())
    getting = None
    try:
        while True:
            getting = asyncio.ensure_future(queue.get())
            await asyncio.wait({getting, task}, return_when=asyncio.FIRST_COMPLETED)
            if not getting.done() and not queue.empty():
                await getting
            if not getting.done():
                break
            yield getting.result()
        task.result()
    finally:
        for one in (getting, task):
            one.cancel()
        await asyncio.gather(getting, task, return_exceptions=True)
        await source.aclose()
