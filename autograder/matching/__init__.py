"""When two wordings say the same: the one comparison that the course's notebooks and its judges share.

A learner's kernel sees this package also in a graded run, so a figure that a notebook reports and the figure that is recomputed from its
results never differ by definition.
"""

from __future__ import annotations

from .answers import holds, matches, supports

__all__ = ["holds", "matches", "supports"]
