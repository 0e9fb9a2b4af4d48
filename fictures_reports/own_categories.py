"""A team's own categories, beside those of `schema.CATEGORIES`: what a rule file says of them.

    [[category]]
    id = "cdn_down"
    of = "failure"                       # or "skip": then the id starts with skipped_
    name = "the CDN was down"            # optional; else the id with spaces
    colour = "#8a5a00"                   # optional; else a grey

A run carries the categories of the rules that it was classified with, in `RunInfo`.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from fictures_reports.schema import CATEGORIES, CHANGES, OUTCOMES, STATUSES

#: The colour of a category that has none of its own.
NEUTRAL: Final = "#6b7280"
#: What a gate reads and no category can be called, beside statuses, outcomes and changes; a test
#: compares it with the gates' metrics.
METRICS: Final = (
    "cases", "pass_rate", "executed_pass_rate", "duration_s", "run_errors", "known_issues",
    "known_flaky", "failing_on_base", "new_failures", "new_failures_not_flaky", "regressions",
    "new_flaky", "gone",
)  # fmt: skip
_TAKEN: Final = {*STATUSES, *OUTCOMES, *CHANGES, *METRICS}
#: How the ids of all skip categories start, so that a skip is known by its id alone.
_SKIPPED: Final = "skipped_"
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz")
_IN_IDS: Final = _LETTERS | frozenset("0123456789_")


class OwnCategory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A category that a rule file adds."""

    id: str
    of: Literal["failure", "skip"]
    name: str = ""
    #: "#rrggbb"
    colour: str = NEUTRAL

    def __post_init__(self) -> None:
        """Refuse what cannot be a category, in one line."""
        if wrong := _wrong_id(self.id, self.of):
            raise ValueError(f"id = {self.id!r} {wrong}")
        if len(self.colour) != 7 or self.colour[0] != "#" or not _is_hex(self.colour[1:]):
            raise ValueError(f"colour = {self.colour!r}, expected one such as '#8a5a00'")
        if not self.called.isprintable():
            raise ValueError(f"name = {self.name!r}, expected one line of text")

    @property
    def called(self) -> str:
        """What a report calls it."""
        return self.name.strip() or self.id.replace("_", " ")


def _wrong_id(name: str, of: str) -> str:
    """Say why an id cannot be used; "" where it can."""
    if name in CATEGORIES:
        return "is a built-in category: rules may use it as it is, or choose another id"
    if name in _TAKEN:
        return "is a status, a change or a metric of gates already: choose another id"
    if name[:1] not in _LETTERS or not _IN_IDS.issuperset(name):
        return "is no identifier: expected small letters, digits and _, a letter first"
    if name.startswith(_SKIPPED) != (of == "skip"):
        return (
            f'is of = "skip": its id has to start with {_SKIPPED}'
            if of == "skip"
            else f'is of = "failure": only ids of skips start with {_SKIPPED}'
        )
    return ""


def _is_hex(digits: str) -> bool:
    return frozenset("0123456789abcdefABCDEF").issuperset(digits)


def stored(categories: tuple[OwnCategory, ...]) -> list[dict[str, str]]:
    """Lay categories out as plain tables, for files."""
    plain: list[dict[str, str]] = msgspec.to_builtins(categories)
    return plain


def restored(tables: Any) -> tuple[OwnCategory, ...]:
    """Read what `stored` laid out; none where it is something else."""
    try:
        return msgspec.convert(tables, tuple[OwnCategory, ...])
    except msgspec.ValidationError:
        return ()
