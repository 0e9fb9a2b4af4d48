"""What became of a run that was to be added."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Appended:
    """The label that a run has in the history, and whether it was added now or there before."""

    label: str
    is_new: bool
