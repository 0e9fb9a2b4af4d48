"""Draws runs whose truth is known, judges them, and prints how often that is right, with intervals.

python benchmarks/judgement.py [--draws 100] [--seed 1] [--only sides|renames]

Several runs a side: false discoveries, and whether what broke is found. States at 60 runs. Branches
interleaved at random. Incidents of five kinds, and histories without any. Durations: a slow-down
of all tests on runners of unequal speed, and one test that is slower beside it. Renames: edits of
real titles (see edits.py), three kinds of them, and controls.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

import edits
import numpy as np
import pandas as pd

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.durations import over_runs
from fictures_reports.analysis.statistics import wilson
from fictures_reports.history_analysis.flakiness import flakiness
from fictures_reports.history_analysis.incidents import incidents
from fictures_reports.history_analysis.since_when import since_when
from fictures_reports.readers.rows import RunInfo
from fictures_reports.run import Run
from fictures_reports.schema import results_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

START = pd.Timestamp("2026-01-01", tz="UTC")
N_RUNS = 60
SPINNER, REFUSED, POOL, OTHER = (
    "TimeoutError: the spinner stayed", "ConnectionRefusedError: server is down",
    "OperationalError: pool exhausted", "ValueError: price is negative",
)  # fmt: skip
LEDGER = pd.DataFrame({"file": ["x"], "refused": pd.Series([None], dtype="str"), "salvaged": [0],
                       "doubts": [[]], "missing": [[]]})  # fmt: skip


class Drawn:
    """Which of some cases failed in which runs, and in which words."""

    def __init__(self, n_runs: int, n_cases: int) -> None:
        self.failed = np.zeros((n_runs, n_cases), dtype=bool)
        self.words = np.array([[f"AssertionError: case {_letters(k)} is wrong"
                                for k in range(n_cases)]] * n_runs, dtype=object)  # fmt: skip

    def fail(self, runs: object, cases: object, words: str | None = None) -> None:
        where = np.ix_(np.atleast_1d(runs), np.atleast_1d(cases))
        self.failed[where] = True
        if words is not None:
            self.words[where] = words

    def flaky(self, rng: np.random.Generator, cases: np.ndarray, words: str | None, rates: object):
        hits = rng.random((len(self.failed), len(cases))) < rates
        for at, case in enumerate(cases):
            self.fail(np.flatnonzero(hits[:, at]), case, words)

    def frame(self, branches: list[str] | None = None) -> pd.DataFrame:
        n, m = self.failed.shape
        names = [f"r{i:03}" for i in range(n)]
        failed = self.failed.ravel()
        return pd.DataFrame({
            "run_id": np.repeat(names, m), "label": np.repeat(names, m),
            "run_at": np.repeat([START + pd.Timedelta(hours=i) for i in range(n)], m),
            "commit": np.repeat([f"c{i}" for i in range(n)], m),
            "branch": np.repeat(branches or ["main"] * n, m),
            "case_id": np.tile([f"t{k}" for k in range(m)], n), "project": "", "file": "a.py",
            "title": np.tile([f"t{k}" for k in range(m)], n), "n_attempts": 1, "duration_s": 1.0,
            "status": np.where(failed, "failed", "passed"),
            "category": np.where(failed, "assertion", None),
            "signature": pd.Series(np.where(failed, self.words.ravel(), None), dtype="str"),
        })  # fmt: skip

    def runs(self) -> list[Run]:
        return [
            Run(results_frame({
                "case_id": [f"t{k}" for k in range(len(row))], "file": ["a"] * len(row),
                "title": [f"t{k}" for k in range(len(row))], "project": [""] * len(row),
                "status": ["failed" if one else "passed" for one in row],
                "signature": [w if one else None for w, one in zip(words, row, strict=True)],
            }), RunInfo(run_id=f"r{i}", label=f"r{i}"), LEDGER)
            for i, (row, words) in enumerate(zip(self.failed, self.words, strict=True))
        ]  # fmt: skip


def _letters(k: int) -> str:
    return "".join(chr(97 + int(digit)) for digit in str(k))


def sides(
    rng: np.random.Generator, draws: int, n: int, rate: float, before: float
) -> tuple[list[float], int]:
    """Return each draw's share of false discoveries, and how often what broke was found."""
    shares, found = [], 0
    for _ in range(draws):
        drawn = [Drawn(n, 300), Drawn(n, 300)]
        flaky = rng.choice(np.arange(1, 300), 30, replace=False)
        rates = rng.uniform(0.05, 0.5, 30)
        for side in drawn:
            side.flaky(rng, flaky, None, rates)
        drawn[0].flaky(rng, np.array([0]), None, before)
        drawn[1].flaky(rng, np.array([0]), None, rate)
        c = compare(*(side.runs() for side in drawn))
        sure = c.changes[~c.changes["unsure"] & c.changes["change"].isin(["broken", "fixed"])]
        wrong = (sure["case_id"] != "t0").sum()
        shares.append(wrong / max(1, len(sure)))
        found += c.labels["t0"] == "broken"
    return shares, found


def states(rng: np.random.Generator, draws: int, n_cases: int) -> tuple[int, int]:
    """Count cases judged right at 60 runs: rates 0 or from 0.1 to 0.5."""
    right = total = 0
    for _ in range(draws):
        drawn = Drawn(N_RUNS, n_cases)
        flaky = np.flatnonzero(rng.random(n_cases) < 0.3)
        drawn.flaky(rng, flaky, None, rng.uniform(0.1, 0.5, len(flaky)))
        found = flakiness(drawn.frame()).set_index("case_id")["state"]
        truth = {f"t{k}": "flaky" if k in set(flaky) else "stable" for k in range(n_cases)}
        right += sum(found[case] == state for case, state in truth.items())
        total += n_cases
    return right, total


def branches(rng: np.random.Generator, draws: int) -> tuple[int, int]:
    """Count tests that break on a branch and pass on main, and are called flaky."""
    wrong = 0
    for _ in range(draws):
        order = ["main"] * 30 + ["feature"] * int(rng.integers(2, 15))
        rng.shuffle(order)
        drawn = Drawn(len(order), 5)
        drawn.fail([i for i, branch in enumerate(order) if branch == "feature"], 0)
        found = flakiness(drawn.frame(order)).set_index("case_id")["state"]
        wrong += found["t0"] == "flaky"
    return wrong, draws


def with_incident(rng: np.random.Generator, kind: str) -> tuple[Drawn, list[tuple[int, set[int]]]]:
    """Draw a history with incidents of a kind, beside flaky tests that share one message."""
    m = int(rng.choice([30, 300]))
    drawn = Drawn(N_RUNS, m)
    drawn.flaky(rng, rng.choice(m, m // 10, replace=False), SPINNER, 0.1)
    first = int(rng.integers(10, 50))
    cases = rng.permutation(m)
    if kind == "outage":
        members, runs = (
            cases[: int(m * rng.uniform(0.5, 1))],
            range(first, first + int(rng.integers(1, 4))),
        )
    else:
        members, runs = cases[: max(3, m // 6)], range(first, N_RUNS)
    if kind == "recurring fixture":
        starts = sorted(rng.choice(np.arange(3, 58, 4), 5, replace=False).tolist())
        drawn.fail(starts, members, POOL)
        return drawn, [(starts[0], set(members.tolist()))]
    drawn.fail(runs, members, REFUSED)
    truth = [(first, set(members.tolist()))]
    if kind == "overlapping":
        others = cases[m // 2 : m // 2 + m // 5]
        drawn.fail(range(first + 2, min(N_RUNS, first + 6)), others, OTHER)
        truth.append((first + 2, set(others.tolist())))
    return drawn, truth


def incidents_right(rng: np.random.Generator, draws: int, kind: str) -> tuple[int, int]:
    """Count incidents whose first run is exact and whose members are right (Jaccard ≥ 0.8)."""
    right = total = 0
    for _ in range(draws):
        drawn, truth = with_incident(rng, kind)
        found = [(i.since, {int(case[1:]) for case in i.cases}) for i in incidents(drawn.frame())]
        for first, members in truth:
            right += any(
                since == f"r{first:03}" and len(own & members) >= 0.8 * len(own | members)
                for since, own in found
            )
            total += 1
    return right, total


def false_incidents(rng: np.random.Generator, draws: int) -> tuple[int, int]:
    """Count histories without incidents in which one is seen."""
    seen = 0
    for i in range(draws):
        m = (3, 5, 30, 300)[i % 4]
        drawn = Drawn(N_RUNS, m)
        cases = rng.choice(m, max(2, min(30, m // 2)), replace=False)
        drawn.flaky(rng, cases, SPINNER if i % 3 else None, rng.uniform(0.05, 0.5, len(cases)))
        seen += bool(incidents(drawn.frame()))
    return seen, draws


def seconds(rng: np.random.Generator, n_runs: int, n_cases: int) -> np.ndarray:
    """Draw durations: 10 % noise, one of three runners for about ten runs, all ×1.5 from one on."""
    own = rng.lognormal(0.5, 1, n_cases)
    speeds, runner, factors = rng.uniform(0.8, 1.25, 3), 0, np.ones(n_runs)
    for i in range(n_runs):
        runner = int(rng.integers(3)) if rng.random() < 0.1 else runner
        factors[i] = speeds[runner]
    factors[int(rng.integers(n_runs // 4, 3 * n_runs // 4)) :] *= 1.5
    return own * factors[:, None] * rng.lognormal(0, 0.1, (n_runs, n_cases))


def durations_in_history(rng: np.random.Generator, draws: int) -> tuple[int, int, int]:
    """Return how many of all tests got a step of their own that have none, and the true ones."""
    wrong = found = n_others = 0
    for _ in range(draws):
        n_cases = int(rng.choice([20, 40]))
        drawn, took = Drawn(N_RUNS, n_cases), seconds(rng, N_RUNS, n_cases)
        took[int(rng.integers(15, 45)) :, 0] *= 1.5
        steps = since_when(drawn.frame().assign(duration_s=took.ravel()), found=[])
        named = set(steps.loc[steps["what"] == "case takes", "name"])
        found += "t0" in named
        wrong += len(named - {"t0"})
        n_others += n_cases - 1
    return wrong, n_others, found


def durations_of_sides(rng: np.random.Generator, draws: int) -> tuple[int, int, int]:
    """Return the same of comparisons of ten runs a side, one test ×1.5 after."""
    wrong = found = n_others = 0
    for _ in range(draws):
        n_cases = int(rng.choice([20, 40]))
        took = seconds(rng, 20, n_cases)
        took[10:, 0] *= 1.5
        runs = [
            replace(run, results=run.results.assign(duration_s=row))
            for run, row in zip(Drawn(20, n_cases).runs(), took, strict=True)
        ]
        named = set(over_runs(runs[:10], runs[10:])["case_id"])
        found += "t0" in named
        wrong += len(named - {"t0"})
        n_others += n_cases - 1
    return wrong, n_others, found


def lines_of_sides(rng: np.random.Generator, draws: int) -> Iterator[tuple[str, int, int]]:
    for n, rate, before, bar in ((5, 1.0, 0.0, "0.95"), (20, 0.5, 0.02, "0.80")):
        shares, found = sides(rng, draws, n, rate, before)
        text = f"(at most 0.05)  false discoveries, {n} runs a side ({draws} draws)"
        print(f"{_mean_with_interval(shares)}  {text}")
        yield f"(at least {bar})  found: {before:.0%} → {rate:.0%} at {n} runs a side", found, draws


def _mean_with_interval(shares: list[float]) -> str:
    """Write a mean with the interval that a normal distribution of it gives (95 %)."""
    mean, half = float(np.mean(shares)), 1.96 * float(np.std(shares)) / len(shares) ** 0.5
    return f"{mean:.3f}  [{max(0.0, mean - half):.3f}, {mean + half:.3f}]"


def lines(rng: np.random.Generator, draws: int) -> Iterator[tuple[str, int, int]]:
    yield from lines_of_sides(rng, draws)
    for n_cases in (3, 5, 30, 300):
        n = draws if n_cases < 300 else max(1, draws // 10)
        yield f"(at least 0.95)  states right in suites of {n_cases}", *states(rng, n, n_cases)
    yield "(0)  broken on a branch and called flaky", *branches(rng, draws)
    for kind in ("outage", "bad commit", "recurring fixture", "overlapping"):
        yield (
            f"(at least 0.95)  {kind}: first run and members right",
            *incidents_right(rng, draws, kind),
        )
    yield (
        "(at most 0.02)  histories without an incident that show one",
        *false_incidents(rng, draws),
    )
    n = max(1, draws // 2)
    for where, drawn in (("history", durations_in_history), ("10 a side", durations_of_sides)):
        wrong, n_others, found = drawn(rng, n)
        of_others = "tests without a step of their own that get one"
        yield f"(at most 0.02)  {of_others}, {where}", wrong, n_others
        yield f"(at least 0.95)  the test with a step of its own found, {where}", found, n


def main() -> None:
    """Print a line for each promise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["sides", "renames"], help="leave the other promises out")
    given = parser.parse_args()
    rng = np.random.default_rng(given.seed)
    parts = {
        "sides": lambda: lines_of_sides(rng, given.draws),
        "renames": lambda: edits.measured(given.seed, given.draws),
        None: lambda: chain(lines(rng, given.draws), edits.measured(given.seed, given.draws)),
    }
    found = parts[given.only]()
    for text, k, n in found:
        low, high = wilson(k, n)
        print(f"{k / n:.3f}  [{low:.3f}, {high:.3f}]  {text} ({k} of {n})")


if __name__ == "__main__":
    main()
