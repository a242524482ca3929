"""Faults that learners make in 2.4-queue."""

MUTANTS = [
    ("puts no bound on the queue", "bounded", "asyncio.Queue(maxsize=limit)", "asyncio.Queue()"),
    ("makes the queue twice as long, to be safe", "bounded", "maxsize=limit", "maxsize=2 * limit"),
    ("reads everything before it hands anything on", "bounded", "            async for item in source:\n", "            for item in [item async for item in source]:\n"),
    ("keeps one place whatever the limit", "ahead", "maxsize=limit", "maxsize=1"),
    (
        "drops what finds no room",
        "order",
        "                await queue.put(item)\n            await",
        "                if not queue.full():\n                    queue.put_nowait(item)\n                await asyncio.sleep(0)\n            await",
    ),
    ("takes an empty string for the end", "order", "(item := await queue.get()) is not end", "(item := await queue.get()) is not end and item"),
    ("does not say that the source has ended", "order", "            await queue.put(end)\n", ""),
    ("takes a failure for the end", "failure", "queue.put(error)", "queue.put(end)"),
    ("keeps a failure to itself", "failure", "queue.put(error)", "asyncio.sleep(0)"),
    (
        "lets a failure overtake what came before it",
        "failure",
        "            await queue.put(error)",
        "            while not queue.empty():\n                queue.get_nowait()\n            await queue.put(error)",
    ),
    ("leaves the task running", "close", "        filling.cancel()\n        await asyncio.gather(filling, return_exceptions=True)", "        pass"),
    ("cancels and does not wait", "close", "        await asyncio.gather(filling, return_exceptions=True)", "        pass"),
    ("ends the task but leaves the source open", "close", "            await source.aclose()", "            pass"),
    ("cleans up only when it was read to the end", "close", "    finally:\n        filling.cancel()", "    except asyncio.QueueEmpty:\n        filling.cancel()"),
]
