"""Observers for notebook 2.2: attention over small matrices, conversations to shorten, calls to price."""

from __future__ import annotations

import copy
from types import SimpleNamespace as Namespace
from typing import Any

import numpy as np

Json = Any


def attention(learner: Namespace, inputs: Json) -> Json:
    """`causal_attention` on the case, and once more with the keys and values from one position on replaced."""
    query, keys, values = (np.array(inputs[name], dtype=float) for name in ("queries", "keys", "values"))
    first = learner.causal_attention(query.copy(), keys.copy(), values.copy())
    other = keys.copy(), values.copy()
    for matrix in other:
        matrix[inputs["replaced_from"] :] = inputs["replaced_with"]
    return {"output": first, "with_another_end": learner.causal_attention(query.copy(), *other)}


def tokens(messages: list[dict[str, str]]) -> int:
    """A stand-in for the model's own count: a word is a token, and the chat template adds four per message and three at the end."""
    return 3 + sum(4 + len(message["content"].split()) for message in messages)


def trim(learner: Namespace, inputs: Json) -> Json:
    """Shorten one conversation; a ValueError is part of the contract."""
    conversation = copy.deepcopy(inputs["messages"])
    try:
        kept = learner.trim(conversation, inputs["budget"], tokens)
    except ValueError as error:
        return {"raised": "ValueError", "message": str(error)}
    return {"kept": copy.deepcopy(kept), "conversation": conversation}


def cost(learner: Namespace, inputs: Json) -> Json:
    """Fit on the measured calls, then predict others: seconds, in the order of `asked`."""
    costs = learner.fit_costs(copy.deepcopy(inputs["measured"]))
    return {"seconds": [learner.predict_seconds(costs, prompt, answer) for prompt, answer in inputs["asked"]]}
