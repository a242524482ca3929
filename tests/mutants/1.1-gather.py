"""Faults that learners make in 1.1-gather."""

MUTANTS = [
    ("starts everything at once", "limit", "        async with doorman:\n            return await job()", "        return await job()"),
    ("makes a new semaphore for each job", "limit", "        async with doorman:", "        async with asyncio.Semaphore(limit):"),
    ("is off by one", "limit", "asyncio.Semaphore(limit)", "asyncio.Semaphore(limit + 1)"),
    ("runs one after the other", "together", "asyncio.Semaphore(limit)", "asyncio.Semaphore(1)"),
    (
        "works in batches that wait for their slowest",
        "together",
        "    return await asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)",
        "    found = []\n    for i in range(0, len(jobs), limit):\n"
        "        found += await asyncio.gather(*(run(job) for job in jobs[i : i + limit]), return_exceptions=True)\n    return found",
    ),
    (
        "returns them as they finish",
        "order",
        "    return await asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)",
        "    return [await done for done in asyncio.as_completed([run(job) for job in jobs])]",
    ),
    ("lets one failure end all", "failures", ", return_exceptions=True", ""),
    ("turns a failure into None", "failures", "            return await job()", "            try:\n                return await job()\n            except Exception:\n                return None"),
    (
        "drops the failures",
        "failures",
        "    return await asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)",
        "    found = await asyncio.gather(*(run(job) for job in jobs), return_exceptions=True)\n    return [r for r in found if not isinstance(r, Exception)]",
    ),
]
