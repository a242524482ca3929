"""For each source how far it came; a need comes as far as its best source, the answer as far as its worst need."""

from autograder.matching import holds, matches

NAMES = ["data", "chunking", "embedder", "reranker", "prompt", "model"]


def triage(case):
    if not case["sources"] and not case["reply"]:
        return None
    if matches(case["answers"], case["reply"]):
        return None

    def reached(source):
        text = case["documents"].get(source["document"])
        if text is None or not holds(text, source["quote"]):
            return 0
        good = {c["id"] for c in case["chunks"] if c["document"] == source["document"] and holds(c["text"], source["quote"])}
        if not good:
            return 1
        if good.isdisjoint(case["top"]):
            return 2
        if good.isdisjoint(case["shown"]):
            return 3
        return 5 if holds(case["prompt"], source["quote"]) else 4

    best = {}
    for source in case["sources"]:
        best[source["need"]] = max(best.get(source["need"], 0), reached(source))
    return NAMES[min(best.values(), default=5)]
