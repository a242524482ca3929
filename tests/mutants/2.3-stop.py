"""Faults that learners make in 2.3-stop."""

MUTANTS = [
    ("looks into single chunks only", "text", "held += chunk", "held = chunk"),
    ("gives the stop sequence as well", "text", "yield held[: min(found)]", "yield held[: min(found) + max(len(stop) for stop in stops if stop in held)]"),
    ("knows one stop sequence only", "text", "for stop in stops if stop in held]", "for stop in stops[:1] if stop in held]"),
    ("passes everything on at once", "text", "yield held[: len(held) - keep]\n        held = held[len(held) - keep :]", "yield held\n        held = ''"),
    ("cuts at the last stop sequence", "text", "held.find(stop) for stop", "held.rfind(stop) for stop", "min(found)", "max(found)"),
    ("loses what was held when the stream ends", "rest", "        held = held[len(held) - keep :]\n    yield held", "        held = held[len(held) - keep :]"),
    ("keeps everything until the end", "early", "keep = max(size for stop in stops for size in range(len(stop)) if held.endswith(stop[:size]))", "keep = len(held)"),
    ("always holds back as much as the longest could need", "early", "keep = max(size for stop in stops for size in range(len(stop)) if held.endswith(stop[:size]))", "keep = min(len(held), max(map(len, stops)) - 1)"),
    ("reads on to the end of the stream", "halts", "            return\n", "            for chunk in chunks:\n                pass\n            return\n"),
]
