"""The mean of the middle half of the prices."""

import math


def middle(prices):
    prices = sorted(prices)
    cut = math.ceil(len(prices) / 4)
    kept = prices[cut:-cut]
    return sum(kept) / len(kept)


def fit_costs(rows):
    return [middle([row[half + "_seconds"] / row[half + "_tokens"] for row in rows]) for half in ("prompt", "answer")]


def predict_seconds(costs, prompt_tokens, answer_tokens):
    return costs[0] * prompt_tokens + costs[1] * answer_tokens
