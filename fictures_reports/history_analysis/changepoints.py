"""Where a series changed its rate or its mean.

The exact posterior over all ways to cut a series into stretches of one rate (or one mean), by the
recursions of Fearnhead 2006 (doi:10.1007/s11222-006-8450-8), with a chance of `PRIOR` that a
change lies between two runs. Each change comes with the range of runs that holds it with 99 %.

Limits: below `SHORTEST` runs nothing is said. Short series show only clean steps: after 20 passes
two failures in a row are a change and one is not, after 10 passes it takes three, after 5 passes
six. One or two of 100 series without a change show one. A drift shows as one or more
steps. Of a long series the last `LONGEST` runs are looked at.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, Literal, NamedTuple

import numpy as np

Kind = Literal["rate", "mean"]
#: Chance of a change between two runs.
PRIOR: Final = 0.01
SHORTEST: Final = 6
LONGEST: Final = 400
#: A change is named if its range holds it at least this surely.
SURE: Final = 0.8
RANGE: Final = 0.99
#: The weak prior of a mean: how many runs its centre weighs, and the shape of its spread.
_KAPPA: Final = 0.02
_ALPHA: Final = 1.5


class ChangePoint(NamedTuple):
    """A change: values[at] is the first of the new way; it lies in low … high (inclusive)."""

    at: int
    low: int
    high: int
    #: rate, or mean, of the stretch before and of the stretch after
    before: float
    after: float
    probability: float


def change_points(values: Any, kind: Kind = "rate") -> list[ChangePoint]:
    """Find where a series of 0 and 1 changed its rate, or a series of numbers its mean.

    `values` are in the order of runs, without missing ones. Positions count from 0.

    >>> [(c.at, c.low, c.high) for c in change_points([0] * 20 + [1] * 5)]
    [(20, 17, 21)]
    >>> [(c.at, c.before, c.after) for c in change_points([1, 1, 1, 9, 9, 9], "mean")]
    [(3, 1.0, 9.0)]
    """
    series = np.asarray(values, dtype="float64")[-LONGEST:]
    offset, n = max(0, len(values) - LONGEST), len(series)
    if n < SHORTEST or (series == series[0]).all():
        return []
    evidence = _rates(series) if kind == "rate" else _means(_tamed(series))
    cuts = _best(evidence)
    if not cuts:  # so it is with most of a suite's tests, and the chances take longest
        return []
    chance = _chances(evidence)
    edges = [0, *cuts, n]
    ranges = [_range(evidence, *three) for three in zip(edges, cuts, edges[2:], strict=False)]
    sure = [min(1.0, float(chance[low : high + 1].sum())) for low, high in ranges]
    named = [i for i, probability in enumerate(sure) if probability >= SURE]
    # A stretch reaches to the next change that is named: what else there was is part of it.
    ends = [0, *(cuts[i] for i in named), n]
    sides = [float(series[a:b].mean()) for a, b in pairwise(ends)]
    return [
        ChangePoint(cuts[i] + offset, ranges[i][0] + offset, ranges[i][1] + offset,
                    before, after, sure[i])
        for i, (before, after) in zip(named, pairwise(sides), strict=True)
    ]  # fmt: skip


def _rates(series: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Log evidence of each stretch i … j − 1 under one rate with Jeffreys' prior."""
    from scipy.special import betaln

    ones = np.r_[0, np.cumsum(series)]
    k = ones[None, :] - ones[:, None]
    n = np.arange(len(ones))[None, :] - np.arange(len(ones))[:, None]
    return _stretches(betaln(np.abs(k) + 0.5, np.abs(n - k) + 0.5) - betaln(0.5, 0.5))


def _means(series: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Log evidence of each stretch under one normal law; Murphy 2007, Conjugate Bayesian analysis.

    The prior is weak: centred on the series, its spread that of neighbours' differences.
    """
    centre = float(np.median(series))
    noise = float(np.median(np.abs(np.diff(series)))) / (0.6745 * np.sqrt(2))
    beta = _ALPHA * max(noise, 1e-3 * (abs(centre) or 1.0)) ** 2
    x = series - centre
    sums, squares = np.r_[0, np.cumsum(x)], np.r_[0, np.cumsum(x * x)]
    n, a, constant = _of_lengths(len(sums))
    total, square = sums[None, :] - sums[:, None], np.abs(squares[None, :] - squares[:, None])
    spread = np.maximum(square - total**2 / n, 0)
    scale = beta + 0.5 * spread + _KAPPA * total**2 / (2 * n * (_KAPPA + n))
    return _stretches(constant + _ALPHA * np.log(beta) - a * np.log(scale))


@lru_cache(2)
def _of_lengths(size: int) -> tuple[np.ndarray[Any, Any], ...]:
    """Return what in `_means` depends on the lengths of stretches alone: n, a, and a summand."""
    from scipy.special import gammaln

    n = np.abs(np.arange(size)[None, :] - np.arange(size)[:, None]) + 1e-12
    a = _ALPHA + n / 2
    value = gammaln(a) - gammaln(_ALPHA) + 0.5 * np.log(_KAPPA / (_KAPPA + n))
    return n, a, value - n / 2 * np.log(2 * np.pi)


def _tamed(series: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Draw far values in to 3 deviations from their neighbours' median: a spike is no step.

    This is the Hampel filter (Davies and Gather 1993, The identification of multiple outliers). At
    the ends of a series a window may be even. Then any value between the two in its middle is a
    median, and the nearest one is taken: their mean would be a step that nobody measured.
    """
    low, high = _medians(series)
    reach = 3 * 1.4826 * float(np.median(np.abs(series - (low + high) / 2)))
    # The first two runs share a window, and the last two: else one of two alike would be a spike.
    low[[1, -2]], high[[1, -2]] = low[[0, -1]], high[[0, -1]]
    return np.asarray(np.clip(series, low - reach, high + reach))


def _medians(series: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the two middle values of each run with three on either side; they may be one."""
    n = len(series)
    padded = np.pad(series, 3, constant_values=np.nan)  # sorting puts these behind the values
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 7), axis=1)
    size = np.count_nonzero(~np.isnan(windows), axis=1)
    return windows[np.arange(n), (size - 1) // 2], windows[np.arange(n), size // 2]


def _stretches(evidence: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    i, j = np.indices(evidence.shape)
    inside = (j - i - 1) * np.log1p(-PRIOR)
    return np.asarray(np.where(j > i, evidence + inside, -np.inf))


def _chances(evidence: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return for each position how probable a change is there, all cuts considered."""
    n = len(evidence) - 1
    ahead, behind = np.full(n + 1, -np.inf), np.full(n + 1, -np.inf)
    ahead[n] = behind[0] = 0.0
    cut = np.log(PRIOR)
    for t in range(n - 1, -1, -1):
        ahead[t] = _logsum(evidence[t, t + 1 :] + ahead[t + 1 :] + _cost(cut, n - t))
    for t in range(1, n + 1):
        behind[t] = _logsum(evidence[:t, t] + behind[:t] + _cost(cut, t)[::-1])
    chance = np.exp(behind + ahead + cut - ahead[0])
    chance[[0, n]] = 0.0
    return np.asarray(chance)


def _cost(cut: float, n: int) -> np.ndarray[Any, Any]:
    """Charge a cut for every stretch but the one that ends with the series."""
    cost = np.full(n, cut)
    cost[-1] = 0.0
    return cost


def _logsum(values: np.ndarray[Any, Any]) -> float:
    top = values.max()
    return float(top + np.log(np.exp(values - top).sum())) if np.isfinite(top) else -np.inf


def _best(evidence: np.ndarray[Any, Any]) -> list[int]:
    """Return the cuts of the most probable segmentation."""
    n = len(evidence) - 1
    best, following = np.full(n + 1, -np.inf), np.zeros(n + 1, dtype=int)
    best[n] = 0.0
    cost = _cost(float(np.log(PRIOR)), n + 1)
    for t in range(n - 1, -1, -1):
        values = evidence[t, t + 1 :] + best[t + 1 :] + cost[t + 1 :]
        at = int(values.argmax())
        following[t], best[t] = t + 1 + at, values[at]
    cuts, t = [], int(following[0])
    while t < n:
        cuts.append(t)
        t = int(following[t])
    return cuts


def _range(evidence: np.ndarray[Any, Any], before: int, at: int, after: int) -> tuple[int, int]:
    """Grow from the best position to the likelier side until the range holds 99 %.

    Given is that exactly one change lies between the changes before and after it.
    """
    inner = evidence[before, before + 1 : after] + evidence[before + 1 : after, after]
    share = np.exp(inner - _logsum(inner))
    low = high = at - before - 1
    while share[low : high + 1].sum() < RANGE:
        left = share[low - 1] if low > 0 else -1.0
        right = share[high + 1] if high < len(share) - 1 else -1.0
        low, high = (low - 1, high) if left >= right else (low, high + 1)
    return low + before + 1, high + before + 1
