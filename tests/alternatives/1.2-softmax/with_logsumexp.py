"""Works with logarithms until the last step."""

import numpy as np


def softmax(logits, temperature=1.0):
    if not temperature > 0:
        raise ValueError("the temperature must be positive")
    scaled = np.asarray(logits, dtype=float) / temperature
    return np.exp(scaled - np.logaddexp.reduce(scaled))
