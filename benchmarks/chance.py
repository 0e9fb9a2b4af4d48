"""Simulates runs without any change, and with one, and prints how often we say so.

    python benchmarks/chance.py [--repeats 200]

Coverage: how often a 95 % Wilson interval holds the true rate. False discoveries: the share of
comparisons of 500 unchanged cases (stable and flaky) in which anything is called a regression or
an improvement. Power: how often a drop of one case from 99 % to 90 % would be noticed, exactly.
"""

from __future__ import annotations

import argparse

import numpy as np

from fictures_reports.analysis.confidence import ALPHA, LEAST_DROP, LEAST_FAILURES
from fictures_reports.analysis.statistics import (
    false_discovery,
    fewest_to_notice,
    fisher_more,
    power_of_drop,
    wilson,
)


def coverage(rng: np.random.Generator, n: int, rate: float, repeats: int = 20_000) -> float:
    """Return the share of samples whose interval holds the rate they were drawn with."""
    counts = np.bincount(rng.binomial(n, rate, repeats), minlength=n + 1)
    held = [low <= rate <= high for low, high in (wilson(k, n) for k in range(n + 1))]
    return float(counts[held].sum() / repeats)


def named(rng: np.random.Generator, rates: np.ndarray, n: int) -> int:
    """Compare n runs a side of unchanged cases; return how many are called changed."""
    before, after = rng.binomial(n, rates), rng.binomial(n, rates)
    if fewest_to_notice(n, n) is None:
        return 0
    total = 0
    for first, second in ((before, after), (after, before)):
        pairs = list(zip(first.tolist(), second.tolist(), strict=True))
        cache = {pair: fisher_more(pair[0], n, pair[1], n) for pair in set(pairs)}
        q_values = false_discovery([cache[pair] for pair in pairs])
        total += sum(
            q <= ALPHA and (b - a) / n >= LEAST_DROP and b >= LEAST_FAILURES
            for q, (a, b) in zip(q_values, pairs, strict=True)
        )
    return total


def main() -> None:
    """Print the three tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=200)
    repeats = parser.parse_args().repeats
    rng = np.random.default_rng(20261121)
    print("coverage of the 95 % Wilson interval, averaged over rates 5 % to 95 %")
    for n in (10, 28, 100, 1000):
        mean = np.mean([coverage(rng, n, rate) for rate in np.linspace(0.05, 0.95, 19)])
        print(f"  n = {n:5}: {mean:.3f}")
    rates = np.concatenate([np.zeros(400), rng.uniform(0.02, 0.5, 100)])
    print("500 cases without change, 100 of them flaky: comparisons in which something is named")
    for n in (3, 5, 20, 50):
        found = [named(rng, rates, n) for _ in range(repeats)]
        share = np.mean([k > 0 for k in found])
        print(f"  {n:3} runs a side: {share:.3f} of {repeats} (cases named: {sum(found)})")
    print("power to notice one case dropping from 99 % to 90 % (one case tested, 5 %)")
    for n in (5, 20, 100):
        print(f"  {n:3} runs a side: {power_of_drop(n, 0.99, 0.90):.3f}")


if __name__ == "__main__":
    main()
