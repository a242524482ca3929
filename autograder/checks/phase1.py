"""The exercises of phase 1, foundations; one module per notebook beside this one."""

from __future__ import annotations

from .exercise import Exercise
from .n0_1_your_machine import BUDGET, RATE
from .n1_1_model_call import GATHER, IDEMPOTENT, RETRY

EXERCISES: tuple[Exercise, ...] = (RATE, BUDGET, RETRY, IDEMPOTENT, GATHER)
