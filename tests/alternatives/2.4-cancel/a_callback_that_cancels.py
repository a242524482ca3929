"""Awaits the work itself; a callback on the watcher cancels it."""

import asyncio


async def until_gone(work, gone):
    working = asyncio.create_task(work)
    watching = asyncio.create_task(gone)
    left = False

    def stop(_):
        nonlocal left
        if not working.done():
            left = True
            working.cancel()

    watching.add_done_callback(stop)
    try:
        await asyncio.wait([working])
    finally:
        watching.remove_done_callback(stop)
        for task in (working, watching):
            task.cancel()
        await asyncio.wait([working, watching])
    if not left:
        await working
    return not left
