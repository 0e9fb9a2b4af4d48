"""The few formulas that a comparison needs, exact where that is possible.

Written out because importing `scipy.stats` takes longer than reading two runs; the tests hold them
against scipy and statsmodels.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def wilson(successes: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the interval for a share (0–1) of n independent trials; NaN of none.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference,
    Journal of the American Statistical Association 22, 209–212.

    >>> [round(x, 4) for x in wilson(8, 28)]
    [0.1525, 0.4706]
    """
    if not n:
        return math.nan, math.nan
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share, square = successes / n, z * z / n
    middle = (share + square / 2) / (1 + square)
    half = z / (1 + square) * math.sqrt(share * (1 - share) / n + square / (4 * n))
    # At the ends the bound is exact; floating point would leave 1e-17 there.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return low, 1.0 if successes == n else min(1.0, middle + half)


def paired_exact(worse: int, better: int) -> float:
    """Return the two-sided p value of so uneven a split of discordant pairs, if chance split them.

    The exact form of McNemar's test: McNemar, Q. (1947), Note on the sampling error of the
    difference between correlated proportions or percentages, Psychometrika 12, 153–157. 1 of none.

    >>> paired_exact(1, 5)
    0.21875
    """
    n, tail, ways = worse + better, 0, 1
    for k in range(min(worse, better) + 1):
        # Each binomial coefficient out of the last: thousands of them anew take half a minute.
        tail += ways
        ways = ways * (n - k) // (k + 1)
    return min(1.0, float(2 * tail / 2**n))


def fisher_more(failed_before: int, n_before: int, failed_after: int, n_after: int) -> float:
    """Return the one-sided p value for as many failures after, if both sides fail alike.

    Fisher, R. A. (1922), On the interpretation of χ² from contingency tables, and the calculation
    of P, Journal of the Royal Statistical Society 85, 87–94. 1 if a side has no runs.

    >>> round(fisher_more(0, 5, 5, 5), 5)
    0.00397
    """
    failed, n = failed_before + failed_after, n_before + n_after
    if not n_before or not n_after:
        return 1.0
    most = min(failed, n_after)
    ways = sum(
        math.comb(n_after, k) * math.comb(n_before, failed - k)
        for k in range(failed_after, most + 1)
        if failed - k <= n_before
    )
    return ways / math.comb(n, failed)


def attainable(n_before: int, n_after: int, failed: int) -> list[float]:
    """Return every p value that `fisher_more` can give, smallest first.

    That is: for this many failures among both sides' runs, however they are spread.

    >>> [round(p, 4) for p in attainable(3, 3, 3)]
    [0.05, 0.5, 0.95, 1.0]
    """
    first, last = max(0, failed - n_before), min(failed, n_after)
    return [fisher_more(failed - k, n_before, k, n_after) for k in range(last, first - 1, -1)]


def discoveries(
    p_values: Sequence[float],
    supports: Sequence[Sequence[float]],
    alpha: float = 0.05,
    weights: Sequence[float] | None = None,
) -> list[bool]:
    """Tell which tests are significant, with the share of false ones among these at most alpha.

    The step-up procedure [HSU] for discrete p values: Döhler, S., Durand, G. and Roquain, E.
    (2018), New FDR bounds for discrete and heterogeneous tests, Electronic Journal of Statistics
    12, 1867–1900. `supports` holds for each test the p values that it could have, smallest first,
    as `attainable` gives them: a test that could never be significant then takes nothing from the
    others, as it would with Benjamini and Hochberg's procedure.

    `weights`, 1 on average, say how much of alpha each test gets (default: all alike). Each p value
    is divided by its weight: Genovese, C. R., Roeder, K. and Wasserman, L. (2006), False discovery
    control with p-value weighting, Biometrika 93, 509–524.

    >>> five = attainable(5, 5, 5)
    >>> discoveries([five[0], 1.0, 1.0], [five, [1.0], [1.0]])
    [True, False, False]
    >>> discoveries([0.04, 0.04], [[0.04, 1.0]] * 2, weights=[1.6, 0.4])
    [True, False]
    """
    weights = weights or [1.0] * len(p_values)
    groups = _groups(supports, weights)
    weighted = [p / weight for p, weight in zip(p_values, weights, strict=True)]
    points = sorted({x for support, w in groups for p in support if (x := p / w) <= alpha})
    reached = _reached(groups, points)
    # Theorem 1 there holds for any largest critical value; alpha itself keeps the sums small.
    bounds = [
        sum(n * share[at] / (1 - share[-1]) for n, share in reached) for at in range(len(points))
    ]
    critical = 0.0
    for k, p in enumerate(sorted(weighted), 1):
        n_holding = bisect_right(bounds, alpha * k)
        if n_holding and p <= points[n_holding - 1]:
            critical = points[n_holding - 1]
    return [p <= critical for p in weighted]


def _groups(
    supports: Sequence[Sequence[float]], weights: Sequence[float]
) -> Counter[tuple[tuple[float, ...], float]]:
    """Count the tests of each support and weight: there are few, and each is worked out once."""
    return Counter(
        (tuple(support), weight) for support, weight in zip(supports, weights, strict=True)
    )


def _reached(
    groups: Mapping[tuple[tuple[float, ...], float], int], points: Sequence[float]
) -> list[tuple[int, list[float]]]:
    """Give for each group its size and the chance of a weighted p value up to each point."""
    found = []
    for (support, weight), n in groups.items():
        values = [p / weight for p in support]
        places = [bisect_right(values, point) for point in points]
        found.append((n, [support[place - 1] if place else 0.0 for place in places]))
    return found


def discrete_q_values(
    p_values: Sequence[float],
    supports: Sequence[Sequence[float]],
    weights: Sequence[float] | None = None,
) -> list[float]:
    """Return for each test the share of false finds expected among all with at most its p value.

    Heyse, J. F. (2011), A false discovery rate procedure for categorical data, in Bhattacharjee,
    M. et al. (eds), Recent Advances in Biostatistics, World Scientific, 43–58. `weights` as for
    `discoveries`.

    >>> five = attainable(5, 5, 5)
    >>> [round(q, 4) for q in discrete_q_values([five[0], 1.0], [five, [1.0]])]
    [0.004, 1.0]
    """
    weights = weights or [1.0] * len(p_values)
    weighted = [p / weight for p, weight in zip(p_values, weights, strict=True)]
    points = sorted(set(weighted))
    reached = _reached(_groups(supports, weights), points)
    expected = {p: sum(n * share[at] for n, share in reached) for at, p in enumerate(points)}
    q_values, lowest = [1.0] * len(p_values), 1.0
    order = sorted(range(len(p_values)), key=lambda i: weighted[i], reverse=True)
    for rank, i in zip(range(len(order), 0, -1), order, strict=True):
        lowest = min(lowest, expected[weighted[i]] / rank)
        q_values[i] = lowest
    return q_values


def false_discovery(p_values: Sequence[float]) -> list[float]:
    """Return the q value of each p value: the share of false finds among all up to it.

    Benjamini, Y. and Hochberg, Y. (1995), Controlling the false discovery rate, Journal of the
    Royal Statistical Society B 57, 289–300. The order of the values is kept.

    >>> [round(q, 3) for q in false_discovery([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    m = len(p_values)
    order = sorted(range(m), key=lambda i: p_values[i], reverse=True)
    q_values, lowest = [1.0] * m, 1.0
    for rank, i in zip(range(m, 0, -1), order, strict=True):
        lowest = min(lowest, p_values[i] * m / rank)
        q_values[i] = lowest
    return q_values


def power_of_drop(n: int, before: float, after: float, alpha: float = 0.05) -> float:
    """Return how likely `fisher_more` is to notice a pass rate's drop with n runs a side (0–1).

    Summed over both binomial distributions, so exact; rates are 0–1.

    >>> round(power_of_drop(5, 0.99, 0.90), 3), round(power_of_drop(100, 0.99, 0.90), 3)
    (0.0, 0.848)
    """
    total = 0.0
    for failed_before in range(n + 1):
        p_before = _binomial(failed_before, n, 1 - before)
        if p_before < 1e-12:
            continue
        for failed_after in range(n + 1):
            if fisher_more(failed_before, n, failed_after, n) <= alpha:
                total += p_before * _binomial(failed_after, n, 1 - after)
    return total


def _binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k)


@cache
def fewest_to_notice(n_before: int, n_after: int, alpha: float = 0.05) -> int | None:
    """Return how many failures after, against none before, it takes to be noticed; None if no
    number of them would do: then there are not enough runs.

    >>> fewest_to_notice(3, 3), fewest_to_notice(1, 1), fewest_to_notice(20, 20)
    (3, None, 5)
    """
    for failed in range(1, n_after + 1):
        if fisher_more(0, n_before, failed, n_after) <= alpha:
            return failed
    return None
