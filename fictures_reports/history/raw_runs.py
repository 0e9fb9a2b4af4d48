"""The frame of a history without a store: a plain folder of runs, or runs at hand."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.errors import NoRuns
from fictures_reports.history.result_rows import frame_from
from fictures_reports.history.run_choice import (
    moment,
    named_columns,
    refuse_branch,
    refuse_few,
)
from fictures_reports.history.run_identity import told_apart
from fictures_reports.history.selectors import refuse_selector
from fictures_reports.history.store import History
from fictures_reports.history.stored_facts import each_once, run_row, without_results
from fictures_reports.history.tables import (
    HISTORY_COLUMNS,
    INCOMPLETE,
    NO_TEST_RAN,
    OWN_CATEGORIES,
    RESULTS,
    RUN_COLUMNS,
    UNREADABLE,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from fictures_reports.classification import Rule
    from fictures_reports.errors import ReadError
    from fictures_reports.run import Run


def frame_of(runs: Iterable[Run]) -> pd.DataFrame:
    """Put runs into one frame as `History.load` gives it, oldest run first.

    A run that tells neither its start nor its results' is put at 1970-01-01.
    """
    import pandas as pd

    unknown = datetime.fromtimestamp(0, UTC)
    incomplete, empty, categories = [], [], []
    pairs = _told_apart(runs, unknown)
    for run, row in pairs:
        categories.append(run.info.own_categories)
        incomplete += [] if run.is_whole else [row["run_id"]]
        if run.results.empty:
            empty.append(without_results(row))
    if not pairs:
        return frame_from(RESULTS.empty_table())
    frame = pd.concat([run.results for run, _ in pairs], ignore_index=True).assign(**_facts(pairs))
    ordered = frame.sort_values(["run_at", "run_id"], kind="stable", ignore_index=True)
    frame = ordered[list(HISTORY_COLUMNS)]
    frame.attrs[INCOMPLETE] = tuple(incomplete)
    frame.attrs[OWN_CATEGORIES] = each_once(categories)
    frame.attrs[NO_TEST_RAN] = tuple(sorted(empty, key=lambda row: row["run_at"]))
    return frame


def _told_apart(runs: Iterable[Run], unknown: datetime) -> list[tuple[Run, dict[str, Any]]]:
    """Put a row of the table of runs beside each run; equal content in two places is two runs."""
    known = [(run, run_row(run, run.info, "", unknown)) for run in runs]
    known.sort(key=lambda pair: (pair[1]["run_at"], pair[1]["run_id"]))
    apart = told_apart([row for _, row in known])
    return [(run, row) for (run, _), row in zip(known, apart, strict=True)]


def _facts(pairs: list[tuple[Run, dict[str, Any]]]) -> dict[str, pd.Series[Any]]:
    """Give each result the facts of its run."""
    import pandas as pd

    dtypes = {"run_id": "str"} | dict.fromkeys(RUN_COLUMNS, "str")
    dtypes["run_at"] = "datetime64[us, UTC]"
    n_results = [len(run.results) for run, _ in pairs]
    return {
        name: pd.Series([row[name] for _, row in pairs], dtype=dtype)
        .repeat(n_results)
        .reset_index(drop=True)
        for name, dtype in dtypes.items()
    }


def open_history(
    source: str | Path,
    *,
    last: int | None = None,
    since: str | None = None,
    branch: str | None = None,
    stream: str | None = None,
    rules: Sequence[Rule] | None = None,
    columns: str | Sequence[str] = HISTORY_COLUMNS,
) -> pd.DataFrame:
    """Load the frame of a history, or of a plain folder with one run per subfolder.

    `rules` classify the runs of a folder; a history was classified when it was filled. `stream` is
    one of a history; the runs of a folder have none of their own and are all of the one given.
    `attrs` name runs in which no test ran ("no_test_ran") and what could not be read
    ("unreadable"). Raises `ReadError` if the folder holds no run that can be read, `NoRuns` if none
    is left of what was asked for.
    """
    history = History(source)
    if history.is_remote or history.exists:
        frame = history.load(last=last, since=since, branch=branch, stream=stream, columns=columns)
        frame.attrs[UNREADABLE] = tuple(history.unreadable)
        if frame.empty and not frame.attrs[NO_TEST_RAN]:
            raise NoRuns(_nothing(source, since, branch))
        return frame
    refuse_selector(str(source))
    refuse_few(last)
    names = named_columns(columns, HISTORY_COLUMNS)
    failures: list[ReadError] = []
    frame = frame_of(_runs_in(Path(source), rules, stream, failures))
    empty_runs = frame.attrs.get(NO_TEST_RAN, ())
    refuse_branch(branch, [*frame["branch"].unique(), *(r["branch"] for r in empty_runs)], source)
    frame, empty = _chosen(frame, last, moment(since) if since is not None else None, branch)
    if frame.empty and not empty:
        raise NoRuns(_nothing(source, since, branch))
    chosen = frame.reset_index(drop=True)[names]
    chosen.attrs[NO_TEST_RAN] = empty
    chosen.attrs[UNREADABLE] = tuple(map(str, failures))
    return chosen


def _chosen(
    frame: pd.DataFrame, last: int | None, since: datetime | None, branch: str | None
) -> tuple[pd.DataFrame, tuple[dict[str, Any], ...]]:
    """Keep the runs that were asked for: their rows, and those in which no test ran."""
    empty = [
        run for run in frame.attrs.get(NO_TEST_RAN, ())
        if branch in (None, run["branch"]) and (since is None or run["run_at"] >= since)
    ]  # fmt: skip
    if branch is not None:
        frame = frame[frame["branch"] == branch]
    if since is not None:
        frame = frame[frame["run_at"] >= since]
    if last is not None:
        runs = frame.drop_duplicates("run_id")
        order = [*zip(runs["run_at"], runs["run_id"], strict=True)]
        order += [(run["run_at"], run["run_id"]) for run in empty]
        last_ids = {run_id for _, run_id in sorted(order)[-last:]}
        frame = frame[frame["run_id"].isin(last_ids)]
        empty = [run for run in empty if run["run_id"] in last_ids]
    return frame, tuple(empty)


def _nothing(source: str | Path, since: str | None, branch: str | None) -> str:
    """Say what was asked for in vain."""
    asked = [f"of branch {branch!r}" if branch else "", f"since {since}" if since else ""]
    return f"{source}: " + " ".join(["holds no results", *filter(None, asked)])


def _runs_in(
    folder: Path, rules: Sequence[Rule] | None, stream: str | None, failures: list[ReadError]
) -> Iterable[Run]:
    """Read the runs of a folder; why others could not be read goes into `failures`."""
    import msgspec

    from fictures_reports.classification import classify, with_categories_of
    from fictures_reports.readers.run_folders import read_many
    from fictures_reports.run import Run

    for results, info, ledger in read_many(folder, failures=failures):
        named = with_categories_of(msgspec.structs.replace(info, stream=stream), rules)
        yield Run(classify(results, rules), named, ledger)
