"""Where tests went from one run to the next: two bars on one scale, and ribbons between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

#: Units across and down in which ribbons are drawn.
WIDTH: Final = 1000
HEIGHT: Final = 40
#: A ribbon is at least so wide that it can be seen.
_LEAST: Final = 2.0
#: A segment that is narrower than this share of its bar has no room for its word.
_ROOM: Final = 0.14


@dataclass(frozen=True)
class Segment:
    """The tests of one status on one side."""

    status: str
    n: int
    #: 0–1, of the larger side
    share: float

    @property
    def has_room(self) -> bool:
        """Whether the status fits in as a word beside the number."""
        return self.share >= _ROOM


@dataclass(frozen=True)
class Ribbon:
    """The tests that went from one status to another, as the path of an SVG."""

    path: str
    before: str
    after: str
    n: int

    @property
    def is_hot(self) -> bool:
        """Whether these tests passed and fail now."""
        return self.before in _GOOD and self.after == "failed"


_GOOD: Final = ("passed", "flaky", "xpassed")


def bar(totals: Mapping[str, int], most: int) -> list[Segment]:
    """Return the segments of one side, in the order of the statuses; `most` cases fill the bar."""
    return [Segment(s, totals[s], totals[s] / most) for s in STATUSES if totals.get(s)]


def ribbons(changes: pd.DataFrame, sides: Sequence[Sequence[Segment]]) -> list[Ribbon]:
    """Return the ribbons between two bars; tests that one side lacks have none."""
    pairs = changes.groupby(["before_status", "after_status"]).size()
    counts: dict[tuple[str, str], int] = {pair: int(n) for pair, n in pairs.items()}  # type: ignore[misc]
    starts, ends = (_starts(side) for side in sides)
    unit = [{s.status: WIDTH * s.share / s.n for s in side} for side in sides]
    found = []
    for old in starts:
        for new in [status for status in ends if (old, status) in counts]:
            n = counts[old, new]
            left, right = (n * unit[0][old], n * unit[1][new])
            path = _path(starts[old], max(left, _LEAST), ends[new], max(right, _LEAST))
            found.append(Ribbon(path, old, new, n))
            starts[old] += left
            ends[new] += right
    # what broke lies over the rest
    return sorted(found, key=lambda ribbon: ribbon.is_hot)


def _starts(side: Sequence[Segment]) -> dict[str, float]:
    at, found = 0.0, {}
    for segment in side:
        found[segment.status] = at
        at += WIDTH * segment.share
    return found


def _path(top: float, wide: float, bottom: float, wide_below: float) -> str:
    half = HEIGHT / 2
    right, right_below = top + wide, bottom + wide_below
    return (
        f"M{top:.1f} 0C{top:.1f} {half:.0f} {bottom:.1f} {half:.0f} {bottom:.1f} {HEIGHT}"
        f"H{right_below:.1f}C{right_below:.1f} {half:.0f} {right:.1f} {half:.0f} {right:.1f} 0Z"
    )


def words(found: Sequence[Any]) -> str:
    """Say what the ribbons show, for who does not see them."""
    return "; ".join(f"{r.n:,} from {r.before} to {r.after}".replace("_", " ") for r in found)
