"""Three sieves, one after the other; what falls through is sound."""

from autograder.matching import holds, supports


def citation_faults(answer, citations, documents):
    claims = [claim.strip() for claim in answer.split(";")]
    claims = [claim for claim in claims if claim]
    sieves = [
        ("document", lambda one: one["document"] in documents),
        ("quote", lambda one: supports(documents[one["document"]], one["quote"])),
        ("support", lambda one: sum(holds(one["quote"], claim) for claim in claims) > 0),
    ]
    left, faults = dict(enumerate(citations)), []
    for name, passes in sieves:
        caught = [number for number, one in left.items() if not passes(one)]
        faults.extend([name, number] for number in caught)
        for number in caught:
            left.pop(number)
    quotes = [one["quote"] for one in left.values()]
    return faults + [["claim", n] for n, claim in enumerate(claims) if True not in [holds(quote, claim) for quote in quotes]]
