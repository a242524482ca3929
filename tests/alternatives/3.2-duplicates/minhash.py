from itertools import combinations

SEEDS = [number * 2_654_435_761 % 2**32 for number in range(1, 129)]


def signature(text):
    words = re.findall(r"\w+", text.lower())
    hashes = [int.from_bytes(hashlib.md5(" ".join(words[at : at + 2]).encode()).digest()[:4], "big") for at in range(len(words) - 1)]
    return [min((value ^ seed) * 2_246_822_519 % 2**32 for value in hashes) for seed in SEEDS]


def facts(text, names):
    found = re.findall(r"[\w-]*\d[\w-]*", text.lower())
    return set(found) | {name for name in names if re.search(rf"\b{name}\b", text, re.I)}


def near_duplicates(texts, names):
    signatures = [signature(text) for text in texts]
    known = [facts(text, names) for text in texts]
    pairs = []
    for i, j in combinations(range(len(texts)), 2):
        estimate = sum(a == b for a, b in zip(signatures[i], signatures[j])) / len(SEEDS)
        only_i, only_j = known[i] - known[j], known[j] - known[i]
        if estimate > 0.5 and (not only_i or not only_j):
            pairs.append((i, j))
    return pairs
