"""Converts to seconds first, one half after the other."""


def tokens_per_second(reply):
    prompt = generation = None
    count, duration = reply.get("prompt_eval_count") or 0, (reply.get("prompt_eval_duration") or 0) / 1e9
    if count > 0 and duration > 0:
        prompt = count / duration
    count, duration = reply.get("eval_count") or 0, (reply.get("eval_duration") or 0) / 1e9
    if count > 0 and duration > 0:
        generation = count / duration
    return dict(prompt=prompt, generation=generation)
