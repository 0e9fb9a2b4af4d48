"""How probable it is that so many cases begin to fail together, or so many runs see that."""

from __future__ import annotations

import math


def largest_chance(chances: list[float], n_runs: int, alpha: float) -> float:
    """Return the largest chance that is no chance any more, 0 if there is none.

    A cause that comes back raises the rates of its cases and hides itself, but that m of n runs
    each show what one in a thousand would is less likely than that one does. `chances` ascend; the
    m-th holds if m runs by chance as small have a chance below alpha ÷ (m (m + 1)), which add up to
    alpha over all m.
    """
    small = [
        chance
        for m, chance in enumerate(chances, 1)
        if binomial_tail(m, n_runs, chance) <= alpha / (m * (m + 1))
    ]
    return small[-1] if small else 0.0


def binomial_tail(k: int, n: int, chance: float) -> float:
    """Return the chance of k or more of n, if each has the same chance: a binomial tail.

    Written out, because importing `scipy.special` takes longer than comparing two runs.
    """
    if k <= n * chance:  # the other tail is the small one, which can be added up exactly
        return 1.0 if k <= 0 or chance >= 1 else 1 - binomial_tail(n - k + 1, n, 1 - chance)
    if k > n or chance <= 0:
        return 0.0
    choose = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    term = math.exp(choose + k * math.log(chance) + (n - k) * math.log1p(-chance))
    total = term
    while k < n and term > total * 1e-16:
        term *= (n - k) / (k + 1) * chance / (1 - chance)
        total += term
        k += 1
    return total


def poisson_tail(k: int, mean: float) -> float:
    """Return the chance of at least k, if the mean is that of a Poisson variable."""
    term = math.exp(-mean + k * math.log(mean) - math.lgamma(k + 1)) if mean else 0.0
    total, i = 0.0, k
    while term > total * 1e-12:
        total += term
        i += 1
        term *= mean / i
    return total
