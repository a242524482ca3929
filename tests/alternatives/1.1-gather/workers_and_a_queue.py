"""A fixed crew of workers that take the next job from a shared iterator."""

import asyncio


async def gather_bounded(jobs, limit):
    results = [None] * len(jobs)
    todo = iter(enumerate(jobs))

    async def worker():
        for index, job in todo:
            try:
                results[index] = await job()
            except Exception as error:
                results[index] = error

    await asyncio.gather(*(worker() for _ in range(limit)))
    return results
