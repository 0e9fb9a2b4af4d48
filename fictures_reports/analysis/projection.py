"""What fixing something would give: counted, in an order, with every assumption said."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

import numpy as np

from fictures_reports.analysis.breakdown import area_of, patterns_of
from fictures_reports.analysis.counts import passed_of
from fictures_reports.guards import one_of, refuse
from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas

#: Group, name and category of a result, and what else is counted of it.
_Member = tuple[Any, ...]
By = Literal["cluster", "category", "file", "area"]
#: What every figure here rests on: a name for programs, and a sentence.
ASSUMED: Final = {
    "fixed_means_passing": (
        "A fixed group means that every test in it passes and no other test changes."
    ),
    "one_cause_per_test": (
        "A test has one cause: what its failure hides behind it is not known."
    ),
    "skips_pass_as_their_file": (
        "Skipped tests, once they run, pass at the rate of the tests that ran in their file."
    ),
}  # fmt: skip
ASSUMPTIONS: Final = tuple(ASSUMED.values())
#: Members that say the same in at least this share of their words have one cause for sure …
ALIKE: Final = 0.9
#: … and below this share perhaps several.
UNLIKE: Final = 0.6
#: Members that are compared with each other; a larger group is judged by these.
_MOST_HELD: Final = 30
NO_REASON: Final = "no reason given"
_IDLE: Final = ("skipped", "not_run", "interrupted")
_RAN: Final = ("passed", "flaky", "xpassed", "failed")
_PASSED: Final = ("passed", "flaky", "xpassed")


def projection(run: Run, by: str = "cluster", areas: Areas | None = None) -> pd.DataFrame:
    """Return what the pass count would be if each group of failures were fixed.

    `by` is "cluster" (causes, or groups that people named), "category", "file" or "area" (with
    `areas`). One row per group, the largest first: group, name, category, cases (failing in it),
    passed_if_fixed and rate_if_fixed (0–1, of all cases) if it alone is fixed, passed_so_far if
    those above it are fixed as well, alike (0–1: share of words that its members have in common
    with the first), if_fixed (words, hedged by `alike`). See `ASSUMED`.
    """
    if not isinstance(run, Run):
        raise refuse(run, "what is projected", "a run, such as read_run gives")
    one_of(by, "by", ("cluster", "category", "file", "area"))
    groups = _by_group(_failing(run, by, patterns_of(areas or {})))
    passed, n = passed_of(run.totals)
    cases = [len(members) for members in groups.values()]
    shares = [alike(message for *_, message in members) for members in groups.values()]
    if_fixed = np.array(cases, dtype="int64") + passed
    return _frame({
        **_named(groups),
        "cases": np.array(cases, dtype="int64"),
        "passed_if_fixed": if_fixed,
        "rate_if_fixed": if_fixed / n if n else np.full(len(cases), math.nan),
        "passed_so_far": np.cumsum(cases, dtype="int64") + passed,
        "alike": np.array(shares, dtype="float64"),
        "if_fixed": [hedged(size, share) for size, share in zip(cases, shares, strict=True)],
    })  # fmt: skip


def _by_group(rows: Iterable[_Member]) -> dict[str, list[_Member]]:
    """Put rows of one group together, the largest group first; a row without one is left out."""
    groups: dict[str, list[_Member]] = {}
    for row in rows:
        if isinstance(row[0], str):
            groups.setdefault(row[0], []).append(row)
    return dict(sorted(groups.items(), key=lambda item: -len(item[1])))


def _named(groups: Mapping[str, Sequence[_Member]]) -> dict[str, Any]:
    """Return the columns group, name and category: the first that any member has."""
    return {
        name: [
            next((m[i] for m in rows if isinstance(m[i], str)), None) for rows in groups.values()
        ]
        for i, name in enumerate(("group", "name", "category"))
    }


def hedged(n: int, share: float) -> str:
    """Say how many tests a fix gives, by how alike those that it fixes are.

    >>> hedged(5, 1.0), hedged(5, 0.7), hedged(5, 0.3)
    ('5 tests', 'about 5 tests', 'up to 5 tests')
    """
    count = f"{n:,} test{'' if n == 1 else 's'}"
    return count if share >= ALIKE else f"about {count}" if share >= UNLIKE else f"up to {count}"


def alike(texts: Iterable[Any]) -> float:
    """Return the mean share of words that texts have in common with the first, from 0 to 1."""
    from fictures_reports.failures.clusters import likeness

    words = [Counter(t.split()) for t in texts if isinstance(t, str)][:_MOST_HELD]
    if len(words) < 2:
        return 1.0
    return sum(likeness(words[0], text_words) for text_words in words[1:]) / (len(words) - 1)


def shortest_way(run: Run, needed: int, by: str = "cluster") -> pd.DataFrame:
    """Return the fewest steps of `order` that bring `needed` tests to pass; all if none do.

    The largest groups of failures first, which is the fewest since groups do not overlap. Reasons
    of skips come last, where failures are not enough: nobody knows how a test ends that did not
    run.
    """
    steps = order(run, by)
    return steps[steps["passed_so_far"] - steps["cases"] < needed].reset_index(drop=True)


def order(
    run: Run,
    by: str = "cluster",
    reasons: pd.DataFrame | None = None,
    failures: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return an order of work: failures by the number of tests they hold, then skips by theirs.

    One row per step: step (from 1), kind ("failure" or "skip"), group, name, category, cases,
    least_so_far and passed_so_far (passing tests after this step and those above it, if no skipped
    test passes and if all do), if_fixed (words). `reasons` is what `skips_by_reason` gives, and
    `failures` what `projection` gives, where these are at hand.
    """
    failures = projection(run, by) if failures is None else failures
    reasons = skips_by_reason(run) if reasons is None else reasons
    n_failures, sizes = len(failures), [*failures["cases"].tolist(), *reasons["skipped"].tolist()]
    passed, _ = passed_of(run.totals)
    sure = np.array(sizes, dtype="int64")
    sure[n_failures:] = 0
    columns = {
        "step": np.arange(1, len(sizes) + 1),
        "kind": ["failure"] * n_failures + ["skip"] * len(reasons),
        **{n: [*failures[n].tolist(), *reasons[n].tolist()] for n in ("group", "name", "category")},
        "cases": np.array(sizes, dtype="int64"),
        "least_so_far": passed + sure.cumsum(),
        "passed_so_far": passed + np.cumsum(sizes, dtype="int64"),
        "if_fixed": [*failures["if_fixed"], *(hedged(n, 0.0) for n in sizes[n_failures:])],
    }
    return _frame(columns)


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    """Lay columns out; lists are of texts."""
    import pandas as pd

    texts = {n: pd.array(v, dtype="str") for n, v in columns.items() if isinstance(v, list)}
    return pd.DataFrame(columns | texts)


def skips(run: Run) -> pd.DataFrame:
    """Return what the skipped tests of each file may add, as a range.

    One row per file with skips: file, skipped, ran, passed, least (0), likely (skipped × the
    file's pass rate of what ran; NaN if nothing ran there), most (skipped).
    """
    waiting = {file: counts for file, counts in sorted(_by_file(run).items()) if counts.skipped}
    columns = {"file": list(waiting)} | {
        name: np.array([counts[i] for counts in waiting.values()], dtype="int64")
        for i, name in enumerate(_Counts._fields)
    }
    likely = [counts.skipped * counts.rate for counts in waiting.values()]
    least, most = np.zeros(len(waiting), dtype="int64"), columns["skipped"]
    likely_passes = np.array(likely, dtype="float64")
    return _frame(columns | {"least": least, "likely": likely_passes, "most": most})


def skips_by_reason(run: Run) -> pd.DataFrame:
    """Return what the skipped tests of each reason may add, as a range; the largest first.

    One row per reason: group, name, category, skipped, least (0), likely (each test at the pass
    rate of what ran in its file; NaN if nothing ran in any of their files), most (skipped).
    """
    import pandas as pd

    files = _by_file(run)
    names = _names_of_causes(run)
    idle = run.results["status"].isin(_IDLE).to_numpy()
    columns = (run.results[name][idle].tolist() for name in ("category", "file"))
    rows = [
        (cause, names.get(cause), category, file)
        if isinstance(cause, str)
        else (NO_REASON, NO_REASON, category, file)
        for cause, category, file in zip(run.cause_ids[idle].tolist(), *columns, strict=True)
    ]
    groups = _by_group(rows)
    sizes = np.array([len(members) for members in groups.values()], dtype="int64")
    rates = [files[row[3]].rate if row[3] in files else math.nan for row in rows]
    likely = pd.Series(rates, dtype="float64").groupby([row[0] for row in rows]).sum(min_count=1)
    return _frame({
        **_named(groups),
        "skipped": sizes,
        "least": np.zeros(len(sizes), dtype="int64"),
        "likely": likely.reindex(list(groups)).to_numpy(),
        "most": sizes,
    })  # fmt: skip


class _Counts(NamedTuple):
    """How many tests of a file were skipped, ran and passed."""

    skipped: int
    ran: int
    passed: int

    @property
    def rate(self) -> float:
        """The share of those that ran which passed; NaN where none ran."""
        return self.passed / self.ran if self.ran else math.nan


def _by_file(run: Run) -> dict[str, _Counts]:
    pairs = zip(run.results["file"].tolist(), run.results["status"].tolist(), strict=True)
    files: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (file, status), n in Counter(pairs).items():
        if isinstance(file, str):
            files[file][status] = n
    kinds = (_IDLE, _RAN, _PASSED)
    return {f: _Counts(*(sum(n[s] for s in kind) for kind in kinds)) for f, n in files.items()}


def _names_of_causes(run: Run) -> dict[str, str]:
    return dict(zip(run.causes["cluster"].tolist(), run.causes["name"].tolist(), strict=True))


def _failing(run: Run, by: str, areas: Areas) -> list[_Member]:
    """Return group, name, category and message of each result that failed."""
    failed = (run.results["status"] == "failed").to_numpy()
    columns = ("file", "title", "category", "case_id", "message")
    rows = list(zip(*(run.results[name][failed].tolist() for name in columns), strict=True))
    if by == "cluster":
        names, ids = _names_of_causes(run), run.cause_ids[failed].tolist()
        # A failure without a text forms a group of its own.
        named = [
            (cause, names.get(cause)) if isinstance(cause, str) else (case, title)
            for cause, (_, title, _, case, _) in zip(ids, rows, strict=True)
        ]
    else:
        columns_of_rows = run.results.loc[failed, ["file", "category", "case_id"]]
        groups = area_of(columns_of_rows, areas) if by == "area" else columns_of_rows[by]
        named = [(group, group) for group in groups.tolist()]
    return [(*pair, row[2], row[4]) for pair, row in zip(named, rows, strict=True)]
