"""Each failed attempt with its category, and whether the attempts of a result failed alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.readers.statuses import is_cut_short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Attempt = Mapping[str, Any]


def with_categories(
    attempts: Sequence[Attempt], category: str, decided: Callable[[Attempt], str]
) -> list[dict[str, Any]]:
    """Return new attempts; each one that did not pass has a `category` as far as it tells.

    `category` is that of the result, which is that of its only attempt; `decided` gives the
    category of any other attempt from its errors.
    """
    if len(attempts) == 1:
        return [{**attempts[0], "category": category}]
    return [
        {**attempt, "category": decided(attempt)} if attempt.get("errors") else dict(attempt)
        for attempt in attempts
    ]


def differing(attempts: Sequence[Attempt]) -> str | None:
    """Name the categories of the failed attempts in order, or None where they are all of one.

    An attempt that something else ended does not count: it says nothing of the test.
    """
    categories = [attempt["category"] for attempt in attempts if _counts(attempt)]
    return ", then ".join(_runs(categories)) if len(set(categories)) > 1 else None


def _counts(attempt: Attempt) -> bool:
    messages = [error.get("message") or "" for error in attempt.get("errors") or ()]
    return "category" in attempt and not is_cut_short(str(attempt.get("status")), messages)


def _runs(categories: Sequence[str]) -> list[str]:
    """Name a category once where it follows itself."""
    return [
        category for n, category in enumerate(categories) if n == 0 or categories[n - 1] != category
    ]
