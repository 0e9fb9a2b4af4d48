"""What fixing something would give: counted, in an order, with every assumption said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal

from fictures_reports.analysis.breakdown import area_of, patterns_of
from fictures_reports.analysis.counts import passed_of
from fictures_reports.guards import one_of, refuse
from fictures_reports.run import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas

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
    failing = _groups(run, by, patterns_of(areas or {}))
    passed, n = passed_of(run.totals)
    grouped = failing.groupby("group", sort=False)
    rows = grouped[["name", "category"]].first()
    rows = rows.assign(cases=grouped.size(), alike=_alike(grouped["message"])).reset_index()
    rows = rows.sort_values("cases", ascending=False, kind="stable", ignore_index=True)
    after = rows["cases"] + passed
    pairs = zip(rows["cases"], rows["alike"], strict=True)
    return rows.assign(
        passed_if_fixed=after,
        rate_if_fixed=after / n if n else float("nan"),
        passed_so_far=passed + rows["cases"].cumsum(),
        if_fixed=[hedged(cases, share) for cases, share in pairs],
    )[_COLUMNS]


_COLUMNS: Final = [
    "group", "name", "category", "cases", "passed_if_fixed", "rate_if_fixed", "passed_so_far",
    "alike", "if_fixed",
]  # fmt: skip


def _alike(messages: Any) -> pd.Series[float]:
    import pandas as pd

    shares = {group: alike(texts) for group, texts in messages}
    return pd.Series(shares, index=messages.size().index, dtype="float64")


def hedged(n: int, share: float) -> str:
    """Say how many tests a fix gives, by how alike those that it fixes are.

    >>> hedged(5, 1.0), hedged(5, 0.7), hedged(5, 0.3)
    ('5 tests', 'about 5 tests', 'up to 5 tests')
    """
    count = f"{n:,} test{'' if n == 1 else 's'}"
    return count if share >= ALIKE else f"about {count}" if share >= UNLIKE else f"up to {count}"


def alike(texts: Iterable[Any]) -> float:
    """Return the mean share of words that texts have in common with the first, from 0 to 1."""
    from collections import Counter

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
    import pandas as pd

    failures = (projection(run, by) if failures is None else failures).assign(kind="failure")
    reasons = skips_by_reason(run) if reasons is None else reasons
    waiting = reasons.rename(columns={"skipped": "cases"}).assign(kind="skip")
    waiting = waiting.assign(if_fixed=[hedged(n, 0.0) for n in waiting["cases"]])
    names = ["kind", "group", "name", "category", "cases", "if_fixed"]
    parts = [part[names] for part in (failures, waiting) if len(part)]
    steps = pd.concat(parts, ignore_index=True) if parts else failures[names]
    passed, _ = passed_of(run.totals)
    sure = steps["cases"].where(steps["kind"] == "failure", 0)
    return steps.assign(
        step=range(1, len(steps) + 1),
        least_so_far=(passed + sure.cumsum()).astype("int64"),
        passed_so_far=(passed + steps["cases"].cumsum()).astype("int64"),
    )[["step", *names[:-1], "least_so_far", "passed_so_far", "if_fixed"]]


def skips(run: Run) -> pd.DataFrame:
    """Return what the skipped tests of each file may add, as a range.

    One row per file with skips: file, skipped, ran, passed, least (0), likely (skipped × the
    file's pass rate of what ran; NaN if nothing ran there), most (skipped).
    """
    files = _by_file(run)
    files = files[files["skipped"] > 0].reset_index()
    rate = (files["passed"] / files["ran"]).where(files["ran"] > 0)
    return files.assign(least=0, likely=files["skipped"] * rate, most=files["skipped"])


def skips_by_reason(run: Run) -> pd.DataFrame:
    """Return what the skipped tests of each reason may add, as a range; the largest first.

    One row per reason: group, name, category, skipped, least (0), likely (each test at the pass
    rate of what ran in its file; NaN if nothing ran in any of their files), most (skipped).
    """
    import pandas as pd

    idle = run.results[run.results["status"].isin(_IDLE)]
    ids = run.cause_ids.reindex(idle.index)
    files = _by_file(run)
    rate = (files["passed"] / files["ran"]).where(files["ran"] > 0)
    names = run.causes.set_index("cluster")["name"]
    rows = pd.DataFrame(
        {
            "group": ids.where(ids.notna(), NO_REASON),
            "name": ids.map(names).astype("object").where(ids.notna(), NO_REASON),
            "category": idle["category"],
            "likely": idle["file"].map(rate).astype("float64"),
        }
    )
    grouped = rows.groupby("group", sort=False)
    # One call for several columns: `agg` with names takes four times as long.
    found = grouped[["name", "category"]].first()
    likely = grouped["likely"].sum(min_count=1)
    found = found.assign(skipped=grouped.size(), likely=likely).reset_index()
    found = found.sort_values("skipped", ascending=False, kind="stable", ignore_index=True)
    found = found.assign(least=0, most=found["skipped"])
    return found[["group", "name", "category", "skipped", "least", "likely", "most"]]


def _by_file(run: Run) -> pd.DataFrame:
    import pandas as pd

    status = run.results["status"]
    kinds = {"skipped": _IDLE, "ran": _RAN, "passed": _PASSED}
    counts = pd.DataFrame({name: status.isin(given) for name, given in kinds.items()})
    return counts.groupby(run.results["file"]).sum()


def _groups(run: Run, by: str, areas: Areas) -> pd.DataFrame:
    columns = ["file", "title", "category", "case_id", "message"]
    failing = run.results.loc[run.results["status"] == "failed", columns]
    name = failing["category"]
    if by == "cluster":
        ids = run.cause_ids.reindex(failing.index)
        # A failure without a text forms a group of its own.
        group = ids.where(ids.notna(), failing["case_id"])
        names = run.causes.set_index("cluster")["name"]
        name = group.map(names).where(ids.notna(), failing["title"])
    elif by == "area":
        group = name = area_of(failing, areas)
    else:
        group = name = failing[by]
    return failing.assign(group=group, name=name)
