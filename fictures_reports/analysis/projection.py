"""What fixing something would give: counted, with every assumption said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.breakdown import area_of, patterns_of
from fictures_reports.analysis.counts import passed_of
from fictures_reports.analysis.result_summary import first_line

if TYPE_CHECKING:
    import pandas as pd

    from fictures_reports.analysis.breakdown import Areas
    from fictures_reports.run import Run

ASSUMPTIONS: Final = (
    "A fixed group means that every test in it passes and no other test changes.",
    "A test has one cause: what its failure hides behind it is not known.",
    "Skipped tests, once they run, pass at the rate of the tests that ran in their file.",
)


def projection(run: Run, by: str = "cluster", areas: Areas | None = None) -> pd.DataFrame:
    """Return what the pass count would be if each group of failures were fixed, alone.

    `by` is "cluster", "category", "file" or "area" (with `areas`). One row per group, the largest
    first: group, name, category, cases (failing in it), passed_if_fixed, rate_if_fixed (0–1, of
    all cases). See `ASSUMPTIONS`.
    """
    import pandas as pd

    failing = _groups(run, by, patterns_of(areas or {}))
    passed, n = passed_of(run.totals)
    grouped = failing.groupby("group", sort=False)
    rows = pd.DataFrame(
        {
            "name": grouped["name"].first(),
            "category": grouped["category"].first(),
            "cases": grouped.size(),
        }
    ).reset_index()
    rows = rows.sort_values("cases", ascending=False, kind="stable", ignore_index=True)
    after = rows["cases"] + passed
    return rows.assign(passed_if_fixed=after, rate_if_fixed=after / n if n else float("nan"))


def steps(run: Run) -> pd.DataFrame:
    """Return what fixing one group after the other would give, added up.

    First the failures, cause by cause, the largest first; then what does not run, by the reason
    given. One row per step: name, kind ("failure" or "skip"), cases, passed_so_far (counted from
    what passes now). See `ASSUMPTIONS`.
    """
    import pandas as pd

    failures = projection(run)[["name", "cases"]].assign(kind="failure")
    waiting = _by_reason(run).assign(kind="skip")
    rows = pd.concat([failures, waiting], ignore_index=True)[["name", "kind", "cases"]]
    cases = rows["cases"].astype("int64")
    return rows.assign(cases=cases, passed_so_far=passed_of(run.totals)[0] + cases.cumsum())


def shortest_way(run: Run, needed: int) -> pd.DataFrame:
    """Return the fewest of `steps` that bring `needed` tests to pass.

    The largest groups first, which is the fewest since groups do not overlap; what does not run
    only where the failures do not suffice, since nobody knows how it ends. If all together do not
    suffice, all are returned.
    """
    rows = steps(run)
    return rows[rows["passed_so_far"] - rows["cases"] < needed]


def _by_reason(run: Run) -> pd.DataFrame:
    """Count the tests that do not run by the reason given, the most frequent first."""
    import pandas as pd

    idle = run.results[run.results["status"].isin(["skipped", "not_run", "interrupted"])]
    reasons = idle["skip_reason"].fillna(idle["status"].str.replace("_", " ")).map(first_line)
    counts = reasons.value_counts()
    return pd.DataFrame({"name": counts.index.astype("str"), "cases": counts.to_numpy()})


def skips(run: Run) -> pd.DataFrame:
    """Return what the skipped tests of each file may add, as a range.

    One row per file with skips: file, skipped, ran, passed, least (0), likely (skipped × the
    file's pass rate of what ran; NaN if nothing ran there), most (skipped).
    """
    import pandas as pd

    status = run.results["status"]
    counts = pd.DataFrame(
        {
            "skipped": status.isin(["skipped", "not_run", "interrupted"]),
            "ran": status.isin(["passed", "flaky", "xpassed", "failed"]),
            "passed": status.isin(["passed", "flaky", "xpassed"]),
        }
    )
    files = counts.groupby(run.results["file"]).sum()
    files = files[files["skipped"] > 0].reset_index()
    rate = (files["passed"] / files["ran"]).where(files["ran"] > 0)
    return files.assign(least=0, likely=files["skipped"] * rate, most=files["skipped"])


def _groups(run: Run, by: str, areas: Areas) -> pd.DataFrame:
    from fictures_reports.failures.clusters import clusters

    failing = run.results[run.results["status"] == "failed"]
    name = failing["category"]
    if by == "cluster":
        ids = run.cluster_ids.reindex(failing.index)
        # A failure without a text forms a group of its own.
        group = ids.where(ids.notna(), failing["case_id"])
        names = clusters(run.results).set_index("cluster")["name"]
        name = group.map(names).where(ids.notna(), failing["title"])
    elif by == "area":
        group = name = area_of(failing, areas)
    else:
        group = name = failing[by]
    return failing.assign(group=group, name=name)[["group", "name", "category", "case_id"]]
