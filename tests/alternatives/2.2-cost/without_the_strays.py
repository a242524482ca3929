"""Totals over totals, after the calls have been put aside that lie far from the middle one."""


def rate(rows, half):
    def price(row):
        return row[f"{half}_seconds"] / row[f"{half}_tokens"]

    middle = sorted(rows, key=price)[len(rows) // 2]
    good = [row for row in rows if price(middle) / 2 < price(row) < price(middle) * 2]
    return sum(row[f"{half}_seconds"] for row in good) / sum(row[f"{half}_tokens"] for row in good)


def fit_costs(rows):
    return {"prompt": rate(rows, "prompt"), "answer": rate(rows, "answer")}


def predict_seconds(costs, prompt_tokens, answer_tokens):
    return prompt_tokens * costs["prompt"] + answer_tokens * costs["answer"]
