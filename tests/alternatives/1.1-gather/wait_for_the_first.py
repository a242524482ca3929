"""Keeps a set of running tasks and refills it whenever one is done."""

import asyncio


async def gather_bounded(jobs, limit):
    places, running = {}, set()
    for index, job in enumerate(jobs):
        if len(running) >= limit:
            _, running = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        task = asyncio.ensure_future(job())
        places[index] = task
        running.add(task)
    if running:
        await asyncio.wait(running)
    return [task.exception() or task.result() for _, task in sorted(places.items())]
