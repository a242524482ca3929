"""Faults that learners make in 2.1-predict."""

MUTANTS = [
    ("trusts the rule of thumb", "others", "rates.get(kind, dearest) * len(text)", "len(text) / 4"),
    ("takes the average text for every text", "prose", "* len(text)\n\n", "* (sum(characters.values()) / len(samples))\n\n"),
    ("has one rate for all kinds", "prose", "rates.get(kind, dearest)", "sum(tokens.values()) / sum(characters.values())"),
    ("takes the dearest rate for every kind", "prose", "rates.get(kind, dearest)", "dearest"),
    ("counts words", "others", 'len(sample["text"])', 'len(sample["text"].split())', "* len(text)", "* len(text.split())"),
    ("keeps the last sample of each kind", "prose", 'tokens.get(kind, 0) + sample["tokens"]', 'sample["tokens"]'),
    ("turns the rate over", "prose", "tokens[kind] / characters[kind]", "characters[kind] / tokens[kind]"),
    ("rounds the rate", "prose", "tokens[kind] / characters[kind]", "round(tokens[kind] / characters[kind])"),
    ("has no answer for an unknown kind", "unknown", "rates.get(kind, dearest)", "rates[kind]"),
    ("takes the cheapest for what is unknown", "unknown", "max(rates.values())", "min(rates.values())"),
    ("takes the mean for what is unknown", "unknown", "max(rates.values())", "sum(rates.values()) / len(rates)"),
    ("takes zero for what is unknown", "unknown", "rates.get(kind, dearest)", "rates.get(kind, 0)"),
]
