"""One function judges a citation; the claims are counted off afterwards."""

from autograder.matching import holds, supports


def citation_faults(answer, citations, documents):
    claims = list(filter(None, map(str.strip, answer.split(";"))))

    def verdict(citation):
        if citation["document"] not in documents:
            return "document"
        if not supports(documents[citation["document"]], citation["quote"]):
            return "quote"
        return None if said(citation) else "support"

    def said(citation):
        return {number for number, claim in enumerate(claims) if holds(citation["quote"], claim)}

    verdicts = [verdict(citation) for citation in citations]
    covered = set().union(*(said(citation) for citation, fault in zip(citations, verdicts, strict=True) if fault is None))
    yield from ((fault, number) for number, fault in enumerate(verdicts) if fault)
    yield from (("claim", number) for number in range(len(claims)) if number not in covered)
