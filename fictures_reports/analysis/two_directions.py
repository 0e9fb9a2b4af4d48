"""Which cases fail more often on one side than on the other, with both directions in one family.

Each case is tested twice, for more failures after and for more before. What a comparison names as
broken and as fixed is read together, so the share of false finds holds for both together: both
tests of all cases go through one step-up. Each direction at 5 % by itself would let nearly twice as
many false ones pass. Four fifths of what may go wrong are spent on what got worse: that is what a
comparison is asked for, and a test that broke is found as often as it was before.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.statistics import (
    attainable,
    discoveries,
    discrete_q_values,
    fisher_more,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The share of false discoveries among the cases that are called significant.
ALPHA: Final = 0.05
#: How much of it each direction gets; they are 1 on average.
WORSE: Final = 1.6
BETTER: Final = 0.4


#: n_before, failed_before, n_after and failed_after of a case
Counts = tuple[int, int, int, int]
#: p values, what each could have been, and weights: first for worse, then for better
Family = tuple[list[float], list[tuple[float, ...]], list[float]]


@dataclass(frozen=True)
class Direction:
    """What the tests for one direction give, a value for each case."""

    #: exact one-sided p values; 1 where a side did not try the case
    p_values: list[float]
    significant: list[bool]


def both_directions(counts: Sequence[Counts]) -> tuple[Direction, Direction]:
    """Test cases for having got worse, and for having got better."""
    n = len(counts)
    p_values, supports, weights = _family(counts)
    significant = discoveries(p_values, supports, ALPHA, weights)
    return (
        Direction(p_values[:n], significant[:n]),
        Direction(p_values[n:], significant[n:]),
    )


def q_values(counts: Sequence[Counts]) -> list[float]:
    """Return for each case the share of false finds expected among all that are as clear (0–1).

    Among those of both directions; of a case's two values the smaller. See `discrete_q_values`.
    """
    n = len(counts)
    found = discrete_q_values(*_family(counts))
    return [min(pair) for pair in zip(found[:n], found[n:], strict=True)]


def _family(counts: Sequence[Counts]) -> Family:
    backwards = [(n_after, after, n_before, before) for n_before, before, n_after, after in counts]
    tested = [_tested(*row) for row in (*counts, *backwards)]
    weights = [WORSE] * len(counts) + [BETTER] * len(counts)
    return [p for p, _ in tested], [support for _, support in tested], weights


@cache
def _tested(
    n_before: int, failed_before: int, n_after: int, failed_after: int
) -> tuple[float, tuple[float, ...]]:
    """Return the p value for more failures after, and all that it could have been."""
    if not n_before or not n_after:
        return 1.0, (1.0,)
    p_value = fisher_more(failed_before, n_before, failed_after, n_after)
    return p_value, tuple(attainable(n_before, n_after, failed_before + failed_after))


@cache
def runs_to_notice(n_before: int = 1, n_after: int = 1, *, mended: bool = False) -> int:
    """Return how many runs a side tell a test that broke for good from chance, by itself.

    So many runs of each side, where it has not as many already, n_before and n_after; `mended` asks
    it of a test that always failed and always passes since.

    >>> runs_to_notice(), runs_to_notice(3, 3), runs_to_notice(10, 1)
    (4, 4, 2)
    """
    n = 1
    while not _noticed(max(n, n_before), max(n, n_after), mended=mended):
        n += 1
    return n


def _noticed(n_before: int, n_after: int, *, mended: bool) -> bool:
    failed = (n_before, 0) if mended else (0, n_after)
    worse, better = both_directions([(n_before, failed[0], n_after, failed[1])])
    return (better if mended else worse).significant[0]
