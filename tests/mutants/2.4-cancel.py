"""Faults that learners make in 2.4-cancel."""

MUTANTS = [
    ("never looks at the reader", "gone", "asyncio.wait({working, watching}", "asyncio.wait({working}"),
    ("lets the work go on", "gone", "        working.cancel()\n", "", "gather(working, watching", "gather(watching"),
    ("asks the work to stop and does not wait", "gone", "        await asyncio.gather(working, watching, return_exceptions=True)", "        pass"),
    ("says that it finished when it did not", "gone", "    return finished", "    return True"),
    ("leaves the watcher behind", "whole", "        watching.cancel()\n", "", "gather(working, watching", "gather(working"),
    ("waits for both", "whole", "FIRST_COMPLETED", "ALL_COMPLETED"),
    ("hands on what the work returned", "whole", "    return finished", "    return finished and working.result()"),
    ("swallows what the work raised", "failure", "        working.result()\n", "        pass\n"),
    (
        "does not clean up when it is cancelled itself",
        "cancelled",
        "    finally:\n        working.cancel()\n        watching.cancel()\n        await asyncio.gather(working, watching, return_exceptions=True)",
        "    except TimeoutError:\n        return False\n    working.cancel()\n    watching.cancel()\n    await asyncio.gather(working, watching, return_exceptions=True)",
    ),
    ("turns its own cancelling into a reader who left", "cancelled", "    finally:\n", "    except asyncio.CancelledError:\n        finished = False\n    finally:\n"),
]
