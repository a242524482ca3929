"""Models do the work; pydantic's error is a ValueError and names the place."""

from typing import Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field

Told = Annotated[str, Field(pattern=r"\S")]


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Entry(Strict):
    why: Told
    owner: Told


class Temperature(Entry):
    value: float = Field(ge=0, le=2)


class TopP(Entry):
    value: float = Field(gt=0, le=1)


class TopK(Entry):
    value: int = Field(ge=0)


class RepeatPenalty(Entry):
    value: float = Field(ge=1, le=2)


class NumPredict(Entry):
    value: int = Field(ge=1)


class Stop(Entry):
    value: list[Annotated[str, Field(min_length=1)]]


class Task(Strict):
    temperature: Temperature
    top_k: TopK
    top_p: TopP
    repeat_penalty: RepeatPenalty
    num_predict: NumPredict
    stop: Stop


def load_defaults(text, task):
    tasks = {name: Task.model_validate(knobs) for name, knobs in yaml.safe_load(text).items()}
    return {name: entry["value"] for name, entry in tasks[task].model_dump().items()}
