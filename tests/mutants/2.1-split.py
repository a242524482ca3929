"""Faults that learners make in 2.1-split."""

MUTANTS = [
    ("cuts every `limit` characters", "limit", "if count(text[start:end]) > limit", "if end - start > limit"),
    ("goes one token over", "limit", "text[start:end]) > limit", "text[start:end]) > limit + 1"),
    ("drops the blanks at the borders", "limit", "found.append(text[start:stop])", "found.append(text[start:stop].strip())"),
    ("loses the last piece", "limit", "        start = stop\n    return found", "        start = stop\n    return found[:-1]"),
    ("does not look at the spans", "protected", "for place in range(start + 1, end)}", "for place in ()}"),
    ("knows the first span only", "protected", "for start, end in protected for", "for start, end in protected[:1] for"),
    ("lets a code lose its first character", "protected", "range(start + 1, end)", "range(start + 2, end)"),
    ("lets a code lose its last character", "protected", "range(start + 1, end)", "range(start + 1, end - 1)"),
    ("goes over the limit rather than cut a code", "protected", "            if count(text[start:end]) > limit:\n                break\n            if end not in inside:\n                stop = end",
     "            if end not in inside:\n                stop = end\n            if stop and count(text[start:end]) > limit:\n                break"),
    ("never cuts right before or after a code", "long", "range(start + 1, end)", "range(start, end + 1)"),
    ("stops at the first place that is allowed", "long", "stop = end\n", "stop = end\n                break\n"),
    ("leaves one token free", "long", "text[start:end]) > limit", "text[start:end]) >= limit"),
    ("cuts a code that is too long anyway", "impossible", "raise ValueError(f\"a protected span at {start} has more than {limit} tokens\")", "stop = start + 1"),
    ("leaves out a code that is too long", "impossible", "raise ValueError(f\"a protected span at {start} has more than {limit} tokens\")", "start += 1\n            continue"),
    ("gives up without a word", "impossible", "raise ValueError(f\"a protected span at {start} has more than {limit} tokens\")", "return found"),
]
