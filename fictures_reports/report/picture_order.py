"""Which pictures come first when a page has not room for all."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from fictures_reports.report.attachments import Budget, is_side, prepare
from fictures_reports.report.tries import attachments_of, attempts_of, deciding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Rank(IntEnum):
    """What a picture shows, the most important first."""

    COMPARED = 0
    LAST_OF_CAUSE = 1
    LAST = 2
    OTHER = 3
    EARLIER_TRY = 4
    BEFORE = 5


class Wanted(NamedTuple):
    """An attachment that may be a picture, and whether it is shown whatever room there is."""

    rank: Rank
    attachment: Mapping[str, Any]
    is_sure: bool = False


def make_pictures(
    sides: Sequence[Mapping[str, Any]], causes: Mapping[str, str], budget: Budget
) -> None:
    """Make the pictures of all cases in the order of their ranks, as far as the budget goes.

    `sides` are the rows by case, the judged run's last; `causes` the cause of each case. Every case
    that fails in the judged run gets one picture at least, and all sides of its first comparison.
    """
    earlier: set[str] = set()
    wanted = [
        picture
        for place, rows in enumerate(reversed(sides))
        for case, row in rows.items()
        for picture in _of_row(row, causes.get(case, case), earlier, is_before=place > 0)
    ]
    for picture in sorted(wanted, key=lambda picture: picture.rank):
        prepare(picture.attachment, budget, is_sure=picture.is_sure)


def _of_row(row: Any, cause: str, earlier: set[str], *, is_before: bool) -> Iterator[Wanted]:
    failed = row.status in ("failed", "flaky")
    attempts = attempts_of(row)
    place = deciding(attempts) if len(attempts) > 1 else 0
    for i, attempt in enumerate(attempts or [{}]):
        attachments = attachments_of(row, attempt)
        pictures = [a for a in attachments if str(a.get("content_type") or "").startswith("image/")]
        compared = [a for a in pictures if is_side(a)][:3]
        if is_before or i != place:
            rank = Rank.BEFORE if is_before else Rank.EARLIER_TRY
            yield from (Wanted(rank, a) for a in pictures)
            continue
        first = compared or pictures[-1:]
        rank = Rank.COMPARED if compared else Rank.LAST if cause in earlier else Rank.LAST_OF_CAUSE
        earlier.add(cause)
        yield from (Wanted(rank, a, failed) for a in first)
        yield from (Wanted(Rank.OTHER, a) for a in pictures if a not in first)
