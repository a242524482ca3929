"""Pure Python: sort pairs, take them until enough is taken."""

import math


def nucleus(logits, temperature=1.0, top_p=1.0):
    logits = [float(x) for x in logits]
    if temperature == 0:
        best = logits.index(max(logits))
        return [1.0 if i == best else 0.0 for i in range(len(logits))]
    largest = max(logits)
    weights = [math.exp((x - largest) / temperature) for x in logits]
    total = sum(weights)
    taken, kept = 0.0, {}
    for weight, i in sorted(((w / total, i) for i, w in enumerate(weights)), key=lambda pair: (-pair[0], pair[1])):
        kept[i] = weight
        taken += weight
        if taken >= top_p:
            break
    return [kept.get(i, 0.0) / taken for i in range(len(logits))]
