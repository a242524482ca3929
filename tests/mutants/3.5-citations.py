"""Faults that learners make in 3.5-citations."""

MUTANTS = [
    ("forgives the case of a path", "resolves", "documents.get(citation[\"document\"])", "{path.lower(): text for path, text in documents.items()}.get(citation[\"document\"].lower())"),
    ("takes a document that is not there for an empty one", "resolves", "text is None", "False"),
    ("looks for the quote in all documents", "stands", "supports(text, citation[\"quote\"])", "any(supports(one, citation[\"quote\"]) for one in documents.values())"),
    ("compares letter by letter", "stands", "supports(text, citation[\"quote\"])", "(citation[\"quote\"] in text)"),
    ("lets a quote stand nowhere", "stands", "elif not supports(text, citation[\"quote\"]):", "elif not citation[\"quote\"]:"),
    ("does not ask whether the quote says it", "supports", "elif not any(holds(citation[\"quote\"], claim) for claim in claims):", "elif False:"),
    ("finds 4 in 14", "supports", "holds(citation[\"quote\"], claim)", "(claim in citation[\"quote\"])"),
    ("looks for the claim in the document", "supports", "holds(citation[\"quote\"], claim)", "holds(text, claim)"),
    ("takes an answer for one claim", "claims", 'answer.split(";")', "[answer]"),
    ("lets an unsound citation carry a claim", "claims", "for quote in sound)", "for quote in [one[\"quote\"] for one in citations])"),
    ("does not miss a citation", "claims", "    for number, claim in enumerate(claims):", "    for number, claim in enumerate(claims if citations else []):"),
    ("takes silence for a claim", "silent", "if part.strip()]", "]"),
    ("does not look at the citations of silence", "silent", "    faults, sound = [], []", "    faults, sound = [], []\n    if not claims:\n        return faults"),
    ("splits at a semicolon and a space only", "claims", "[part.strip() for part in answer.split(\";\") if part.strip()]", "answer.split(\"; \") if answer else []"),
]
