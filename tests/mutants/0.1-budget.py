"""Faults that learners make in 0.1-budget."""

MUTANTS = [
    ("puts the floor under the estimate, not the result", "estimate", "max(floor, margin * seconds)", "margin * max(floor, seconds)"),
    ("forgets the floor", "estimate", "max(floor, margin * seconds)", "margin * seconds"),
    ("adds the margin", "estimate", "margin * seconds", "margin + seconds"),
    ("mixes up the two rates", "estimate", '("prompt", prompt_tokens), ("generation", answer_tokens)', '("generation", prompt_tokens), ("prompt", answer_tokens)'),
    ("reads only the prompt", "estimate", '(("prompt", prompt_tokens), ("generation", answer_tokens))', '(("prompt", prompt_tokens),)'),
    ("wants both rates always", "idle_half", "if tokens and (rate is None or rate <= 0)", "if rate is None or rate <= 0"),
    ("guesses when a rate is unknown", "unknown", "raise ValueError(f\"the {kind} rate of this machine is unknown: measure it first\")", "rate = 10.0"),
    ("divides by a rate of zero", "unknown", "(rate is None or rate <= 0)", "rate is None"),
    ("falls back to the floor", "unknown", "raise ValueError(f\"the {kind} rate of this machine is unknown: measure it first\")", "return floor"),
]
