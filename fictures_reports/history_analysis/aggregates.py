"""Questions asked of a whole history, written once for pandas, DuckDB and Spark.

Each function takes the rows of many runs as `History.load`, `History.scan` or
`History.to_spark` give them, counts there, and returns a small pandas frame. The same numbers come
out of all three. Rows are ordered by `run_at` and `run_id` where order matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import narwhals as nw

from fictures_reports.schema import RAN, STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_RUN: Final = ("run_id", "label", "run_at", "commit", "branch", "stream")
_ORDER: Final = ("run_at", "run_id")
_WRONG: Final = ("failed", "flaky")


def totals(history: Any) -> pd.DataFrame:
    """Count statuses in each run, oldest run first.

    Columns: run_id, label, run_at, commit, branch, stream, cases, a column for each status, and
    duration_s, all results together (NaN if none is known).
    """
    rows = _lazy(history)
    marked = rows.with_columns(
        *(_count(nw.col("status") == status).alias(f"n_{status}") for status in STATUSES),
        known=_count(~nw.col("duration_s").is_null()),
    )
    counted = marked.group_by("run_id").agg(
        *(nw.col(name).max() for name in _RUN[1:]),
        *(nw.col(f"n_{status}").sum().alias(status) for status in STATUSES),
        nw.col("known").sum(), nw.col("duration_s").sum(), cases=nw.len(),
    )  # fmt: skip
    frame = _pandas(counted, whole=("cases", *STATUSES, "known"))
    frame["duration_s"] = frame["duration_s"].where(frame["known"] > 0)
    return _sorted(frame, *_ORDER)[[*_RUN, "cases", *STATUSES, "duration_s"]]


def stability(history: Any) -> pd.DataFrame:
    """Count for each case how it ended, and how often that changed.

    Columns: case_id, n_runs (in which it occurs), n_ran, passed, flaky, failed, n_flips (passed or
    flaky → failed or back, between the runs in which it ran), first_seen, last_seen (UTC).
    """
    rows = _lazy(history).select("case_id", "run_id", "run_at", "status")
    rows = rows.with_columns(
        ran=_count(nw.col("status").is_in(RAN)),
        failed=_count(nw.col("status") == "failed"),
        flaky=_count(nw.col("status") == "flaky"),
    )
    # What did not run is left out of the order, but not of the counts.
    before = nw.col("failed").shift(1).over("case_id", "ran", order_by=_ORDER)
    # With nothing before there is no flip; a missing number would differ from any in pandas.
    before = nw.coalesce(before, nw.col("failed"))
    rows = rows.with_columns(flip=_count((before != nw.col("failed")) & (nw.col("ran") == 1)))
    counted = rows.group_by("case_id").agg(
        n_runs=nw.len(), n_ran=nw.col("ran").sum(), flaky=nw.col("flaky").sum(),
        failed=nw.col("failed").sum(), n_flips=nw.col("flip").sum(),
        first_seen=nw.col("run_at").min(), last_seen=nw.col("run_at").max(),
    )  # fmt: skip
    frame = _pandas(counted, whole=("n_runs", "n_ran", "flaky", "failed", "n_flips"))
    frame["passed"] = frame["n_ran"] - frame["flaky"] - frame["failed"]
    return _sorted(frame, "case_id")[[
        "case_id", "n_runs", "n_ran", "passed", "flaky", "failed", "n_flips", "first_seen",
        "last_seen",
    ]]  # fmt: skip


def categories(history: Any) -> pd.DataFrame:
    """Count results by category in each run: columns run_id, label, run_at, category, tests.

    Oldest run first, categories in alphabetical order; results without a category are left out.
    """
    rows = _lazy(history).filter(~nw.col("category").is_null())
    counted = rows.group_by("run_id", "label", "run_at", "category").agg(tests=nw.len())
    return _sorted(_pandas(counted, whole=("tests",)), *_ORDER, "category")


def durations(history: Any) -> pd.DataFrame:
    """Measure how long each case took when it passed: n, mean_s, median_s, max_s, total_s.

    One row per case_id that passed with a known duration; seconds.
    """
    rows = _lazy(history).filter(
        nw.col("status").is_in(["passed", "xpassed"]) & ~nw.col("duration_s").is_null()
    )
    seconds = nw.col("duration_s")
    counted = rows.group_by("case_id").agg(
        n=nw.len(), mean_s=seconds.mean(), median_s=seconds.median(), max_s=seconds.max(),
        total_s=seconds.sum(),
    )  # fmt: skip
    return _sorted(_pandas(counted, whole=("n",)), "case_id")


def sightings(history: Any, *, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Say of each cluster of failures when it was first and last seen, in how much.

    Columns: cluster, name, category, n_results, n_runs, n_cases, first_seen, last_seen (UTC),
    first_label, last_label; the most frequent first. A cluster keeps its id as long as its oldest
    wording is in the history. `names` maps signatures to names of causes, see `names_over_runs`;
    by default the same is made of what is counted.
    """
    rows = _lazy(history).filter(nw.col("status").is_in(_WRONG) & ~nw.col("signature").is_null())
    by_run = rows.group_by("signature", "run_id", "label", "run_at").agg(n=nw.len())
    by_case = rows.group_by("signature", "category", "case_id").agg(n=nw.len())
    runs, cases = _pandas(by_run, whole=("n",)), _pandas(by_case, whole=("n",))
    from fictures_reports.failures.names_over_runs import names_over_runs

    cluster = clusters_of(cases, _sorted(runs, *_ORDER, "signature"))
    return _sighted(
        runs.assign(cluster=runs["signature"].map(cluster)),
        cases.assign(cluster=cases["signature"].map(cluster)),
        names_over_runs(cases.assign(status="failed")) if names is None else names,
    )


def clusters_of(cases: pd.DataFrame, runs: pd.DataFrame) -> dict[str, str]:
    """Map each signature to its cluster, which is named after its oldest wording.

    `cases` has signature, category and case_id; `runs` a signature per row, oldest first.
    """
    from fictures_reports.failures.clusters import cluster_ids, core_of

    ordered = _sorted(cases, "signature", "case_id")
    ids = cluster_ids(ordered.assign(status="failed"))
    group = dict(zip(ordered["signature"], ids, strict=True))
    named: dict[str, str] = {}
    for text in dict.fromkeys(runs["signature"]):
        named.setdefault(group[text], core_of(text).id)
    return {text: named[cause] for text, cause in group.items()}


def _sighted(runs: pd.DataFrame, cases: pd.DataFrame, names: Mapping[str, str]) -> pd.DataFrame:
    ordered = _sorted(runs, *_ORDER, "signature")
    grouped = ordered.groupby("cluster", sort=False)
    table = grouped.agg(
        signature=("signature", "first"), n_results=("n", "sum"), n_runs=("run_id", "nunique"),
        first_seen=("run_at", "first"), last_seen=("run_at", "last"),
        first_label=("label", "first"), last_label=("label", "last"),
    )  # fmt: skip
    of_cases = _sorted(cases, "signature", "case_id").groupby("cluster")
    table["n_cases"] = of_cases["case_id"].nunique()
    table["category"] = of_cases["category"].first()
    table["name"] = table["signature"].map(names)
    columns = ["cluster", "name", "category", "n_results", "n_runs", "n_cases", "first_seen",
               "last_seen", "first_label", "last_label"]  # fmt: skip
    table = table.reset_index()
    by = ["n_results", "cluster"]
    return table.sort_values(by, ascending=[False, True], ignore_index=True)[columns]


def _lazy(history: Any) -> Any:
    # Lazy also over pandas, so that one set of expressions is allowed and meant.
    return nw.from_native(history).lazy()


def _count(condition: Any) -> Any:
    # Spark does not sum what is true or false.
    return condition.cast(nw.Int64)


def _pandas(rows: Any, whole: tuple[str, ...]) -> pd.DataFrame:
    """Collect a small result with the dtypes that a results frame has."""
    import pandas as pd

    table = rows.collect("pyarrow").to_native()
    frame: pd.DataFrame = table.to_pandas()
    for name in frame:
        if name in whole:
            frame[name] = frame[name].astype("int64")
        elif isinstance(frame[name].dtype, pd.DatetimeTZDtype):
            frame[name] = frame[name].dt.tz_convert("UTC").dt.as_unit("us")
        elif frame[name].dtype == "object" or pd.api.types.is_string_dtype(frame[name].dtype):
            frame[name] = frame[name].astype("str")
    return frame


def _sorted(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    return frame.sort_values(list(names), kind="stable", ignore_index=True)
