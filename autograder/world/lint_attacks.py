"""What is wrong with the attacks, over two seeds: what they name must exist, and a twin must not carry the attack's canary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from .attack import UNTRUSTED, Attack
from .attacks import attack_files, attacks_of
from .company import Company, draw
from .disguise import surfaced
from .errors import CompanyError
from .problem import Problem

SEEDS = (1, 2)


def attack_problems(folder: Path) -> Iterator[Problem]:
    """Nothing when the company itself cannot be drawn: the lint says so elsewhere."""
    if not attack_files(folder):
        return
    for seed in SEEDS:
        try:
            company = draw(seed, folder=folder)
            drawn = list(attacks_of(company))
        except CompanyError:
            return
        for one in drawn:
            if isinstance(one, CompanyError):
                yield Problem.of(one)
            else:
                yield from twin_problems(one, company)


def twin_problems(attack: Attack, company: Company) -> Iterator[Problem]:
    file = f"attacks/{attack.family}.yaml"
    texts = [*attack.twin.turns, *(plant.text for plant in attack.twin.plants if plant.carrier in UNTRUSTED)]
    if any(surfaced(text, attack.canary) for text in texts):
        yield Problem(file, 1, f"attack {attack.id}: its twin carries the canary.", f"canary {attack.id}")
    if any(attack.canary in document.text for document in company.documents):
        yield Problem(file, 1, f"attack {attack.id}: its canary stands in a document already.", f"canary {attack.id}")
