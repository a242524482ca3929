"""The counts that 2.1-predict is judged by are those of the models' own tokenizers."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from autograder.checks import n2_1_tokens
from autograder.gateway import catalog, gguf
from autograder.paths import datasets

QWEN = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPLITS = {
    "smollm": [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)],
    "qwen2": [pre_tokenizers.Split(Regex(QWEN), "isolated"), pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)],
}
ROWS = [json.loads(line) for line in (datasets() / "fixtures" / "2.1" / "counts.jsonl").read_text(encoding="utf-8").splitlines()]


def tokenizer(tag: str) -> Tokenizer:
    model = catalog.find(tag)
    assert model is not None
    found = gguf.everything(catalog.path(model))
    tokens, merges = found["tokenizer.ggml.tokens"], found["tokenizer.ggml.merges"]
    made = Tokenizer(models.BPE({token: number for number, token in enumerate(tokens)}, [tuple(merge.split(" ")) for merge in merges]))
    made.pre_tokenizer = pre_tokenizers.Sequence(SPLITS[found["tokenizer.ggml.pre"]])
    return made


@pytest.mark.model
@pytest.mark.parametrize("tag", n2_1_tokens.MODELS)
def test_every_count_is_the_models(tag: str) -> None:
    cut = tokenizer(tag)
    assert {row["text"]: len(cut.encode(row["text"]).ids) for row in ROWS} == {row["text"]: row[tag] for row in ROWS}


def test_every_kind_has_more_texts_than_a_case_takes_and_none_twice() -> None:
    kinds = Counter(row["kind"] for row in ROWS)
    assert set(kinds) == set(n2_1_tokens.PROSE + n2_1_tokens.OTHERS)
    assert min(kinds.values()) >= 2 * (n2_1_tokens.SAMPLES + n2_1_tokens.ASKED)
    assert len({row["text"] for row in ROWS}) == len(ROWS)
