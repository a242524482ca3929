"""The sources that are left after each stage; the first stage that leaves a need without any."""

from itertools import groupby

import autograder.matching as matching


def triage(case):
    def silent():
        return case["reply"] == "" and len(case["sources"]) == 0

    if silent() or matching.matches(case["answers"], case["reply"]):
        return None
    texts = {chunk["id"]: (chunk["document"], chunk["text"]) for chunk in case["chunks"]}
    stages = {
        "data": list(case["documents"].items()),
        "chunking": list(texts.values()),
        "embedder": [texts[name] for name in case["top"] if name in texts],
        "reranker": [texts[name] for name in case["shown"] if name in texts],
        "prompt": [(source["document"], case["prompt"]) for source in case["sources"]],
    }
    by_need = sorted(case["sources"], key=lambda source: source["need"])
    needs = [list(group) for _, group in groupby(by_need, key=lambda source: source["need"])]
    for stage, pieces in stages.items():
        for sources in needs:
            if not any(path == source["document"] and matching.holds(text, source["quote"]) for source in sources for path, text in pieces):
                return stage
    return "model"
