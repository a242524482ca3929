"""A task group whose members end it, each in its own way."""

import asyncio


class Over(Exception):
    pass


async def until_gone(work, gone):
    finished, failure = False, None

    async def run():
        nonlocal finished, failure
        try:
            await work
            finished = True
        except Exception as error:
            failure = error
        raise Over

    async def watch():
        await gone
        raise Over

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(run())
            group.create_task(watch())
    except* Over:
        pass
    if failure is not None:
        raise failure
    return finished
