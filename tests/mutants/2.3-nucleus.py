"""Faults that learners make in 2.3-nucleus."""

MUTANTS = [
    ("multiplies by the temperature", "temperature", "heated = logits / temperature", "heated = logits * temperature"),
    ("heats the probabilities instead of the logits", "temperature", "heated = logits / temperature", "heated = np.exp(logits - logits.max()) / temperature"),
    ("takes temperature 0 for very small", "greedy", "    if temperature == 0:", "    temperature = max(temperature, 1e-6)\n    if temperature == 0:"),
    ("shares temperature 0 among equals", "greedy", "probabilities[np.argmax(logits)] = 1.0\n        return probabilities", "probabilities[logits == logits.max()] = 1.0\n        return probabilities / probabilities.sum()"),
    ("leaves out the token that crosses the border", "nucleus", "order[before >= top_p]", "order[before + probabilities[order] > top_p]"),
    ("does not rescale what is kept", "nucleus", "= 0.0\n    return probabilities / probabilities.sum()", "= 0.0\n    return probabilities"),
    ("keeps the least probable", "nucleus", "np.argsort(-probabilities, kind=\"stable\")", "np.argsort(probabilities, kind=\"stable\")"),
    ("takes top_p for a least probability", "nucleus", "probabilities[order[before >= top_p]] = 0.0", "probabilities[probabilities < (1 - top_p) * probabilities.max()] = 0.0"),
    ("of equals, keeps the later one", "nucleus", "order = np.argsort(-probabilities, kind=\"stable\")", "order = np.argsort(probabilities, kind=\"stable\")[::-1]"),
    (
        "cuts before it heats",
        "order",
        "heated = logits / temperature\n    probabilities = np.exp(heated - heated.max())",
        "heated = logits - logits.max()\n    probabilities = np.exp(heated)",
        "= 0.0\n    return probabilities / probabilities.sum()",
        "= 0.0\n    probabilities = probabilities ** (1 / temperature)\n    return probabilities / probabilities.sum()",
    ),
    ("heats the logits in place", "untouched", "    heated = logits / temperature", "    logits /= temperature\n    heated = logits"),
    ("does not subtract the largest logit", "stable", "np.exp(heated - heated.max())", "np.exp(heated)"),
]
