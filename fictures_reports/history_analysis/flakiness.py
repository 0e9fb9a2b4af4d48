"""How flaky is each case, how sure is that, and what is broken rather than flaky?

A run is evidence of flakiness if the case passed only on a retry, failed and passed later on the
same commit, or failed in a way that is no streak: a streak that chance would hardly make at the
case's own rate is a defect that came and was mended, whatever its commit, and counts neither for
nor against. So do failures of a case that never passed, and those that lie in an incident that is
over and came once. Failures in a row, however few, make no case flaky: a defect looks alike.
Branches are judged by themselves: what a change broke on its branch is not flaky on another. So are
streams: the same test of another job runs elsewhere.
The rate's posterior is Beta(k + ½, n − k + ½), from Jeffreys' prior (Brown, Cai and DasGupta 2001,
doi:10.1214/ss/1009213286, with their limits 0 and 1 at k = 0 and k = n).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from fictures_reports.guards import need_columns, refuse
from fictures_reports.history_analysis.incidents import (
    Line,
    by_case,
    columns_of,
    incidents,
    lines_of,
    only,
    without_excused,
)
from fictures_reports.schema import RAN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    import pandas as pd

    from fictures_reports.history_analysis.incidents import Incident

State = Literal["stable", "flaky", "broken", "not enough runs", "gone"]
Trend = Literal["rising", "falling", "steady"]
#: The states, worst first.
STATES: Final[tuple[State, ...]] = ("broken", "flaky", "not enough runs", "stable", "gone")
#: Of a case's states on several branches the first of these is reported.
_TOLD: Final = ("broken", "flaky", "stable", "not enough runs", "gone")
#: A case is flaky if its rate exceeds this with `LIKELY`, and stable if it is below `TOLERATED`
#: with `SURE`; in between more runs are needed.
NOTICED: Final = 0.01
TOLERATED: Final = 0.05
LIKELY: Final = 0.8
SURE: Final = 0.9
#: A streak is a defect if fewer such streaks than this are expected by chance.
BY_CHANCE: Final = 0.05
#: A case that never passed is broken after so many runs.
ALWAYS: Final = 3
#: A trend is named from so many events on, and with this probability.
ENOUGH_EVENTS: Final = 4
CERTAIN: Final = 0.95
#: What `flakiness` needs of a history, for loading no more.
NEEDED: Final = (
    "run_id", "run_at", "label", "commit", "branch", "stream", "case_id", "project", "file",
    "title", "status", "n_attempts", "duration_s", "category", "signature",
)  # fmt: skip


#: What of these a case is judged by.
_COUNTED_OF_RUNS: Final = ("case_id", "status", "commit", "label", "duration_s", "n_attempts")
_JUDGED: Final = (*_COUNTED_OF_RUNS, "run_id", "run_at", "branch", "stream")


@dataclass(frozen=True)
class Series:
    """One case in the runs in which it ran, oldest first, as arrays of equal length."""

    failed: np.ndarray[Any, Any]
    #: passed, but only on a retry
    retried: np.ndarray[Any, Any]
    #: numbers that are equal for runs of one commit; −1 where it is not known
    commit: np.ndarray[Any, Any]


def flakiness(history: pd.DataFrame, *, found: Sequence[Incident] | None = None) -> pd.DataFrame:
    """Judge every case of a history: its state, its flake rate with an interval, and what it cost.

    `history` is a frame as `History.load` gives it, of which `NEEDED` is used. `found` are its
    `incidents`, which are looked for if they are not given: failures in one that is over and came
    once are left out.

    One row per case and stream, the worst first: case_id, project, file, title, state, rate (events
    ÷ runs, NaN without runs), rate_low and rate_high (95 %), n_events, n_runs (that count), n_ran
    (with broken streaks), on_retry, on_commit (failures before a pass on the same commit), n_broken
    (runs in broken streaks), broken_since (label; missing unless the state is broken), wasted_s
    (time of failed attempts that were no defect), trend (missing for few events), last_status,
    branch and stream (on which it is so; missing where they are not known) and last_seen (label of
    the last run that has it). A case that the latest run of its branch lacks is gone. Of several
    branches the one is told on which the case is broken, or else flaky, or else stable.
    """
    import pandas as pd

    # a history from before streams has none
    needed = [name for name in NEEDED if name != "stream"]
    need_columns(history, needed, "history", "History.load or read_runs(…).frame")
    if found is not None and not isinstance(found, list | tuple):
        raise refuse(found, "found", "a list, such as History.incidents gives")
    found = incidents(history) if found is None else found
    counting = without_excused(only(history, _JUDGED).assign(place=range(len(history))), found)
    lines = [_of_line(of, line, history) for of, line in lines_of(counting)]
    table = pd.concat(lines, ignore_index=True) if lines else _of_line(Line(), counting, history)
    place_of_state = table["state"].map({state: i for i, state in enumerate(_TOLD)})
    order = table.assign(_rank=place_of_state).sort_values(
        ["_rank", "n_runs"], ascending=[True, False], kind="stable"
    )
    table = order.drop_duplicates(["case_id", "stream"])
    rank = table["state"].map({state: i for i, state in enumerate(STATES)})
    by = ["_rank", "rate_low", "rate", "case_id"]
    ordered = table.assign(_rank=rank).sort_values(
        by, ascending=[True, False, False, True], ignore_index=True
    )
    return ordered[list(_COLUMNS)]


def _of_line(of: Line, line: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Judge the cases of one branch in one stream, one row each.

    `line` has the oldest first, and each row's place in `history`, which names the cases.
    """
    import pandas as pd

    last = np.flatnonzero(~line["case_id"].duplicated(keep="last").to_numpy())
    cases = {name: line[name].take(last).array for name in _OF_LAST_RESULT}
    named = {n: history[n].take(cases["place"]).array for n in ("project", "file", "title")}
    ran = line.loc[line["status"].isin(RAN), list(_COUNTED_OF_RUNS)]
    counted = {case: _judged(part) for case, part in _parts(ran)}
    facts = _columns(counted.get(case, _NOTHING) for case in cases["case_id"])
    states = _states(facts)
    if len(line):
        states[np.asarray(cases["run_id"] != line["run_id"].iloc[-1])] = "gone"
    since = facts.pop("broken_since")
    texts = {
        "state": states,
        "broken_since": [
            at if s == "broken" else None for at, s in zip(since, states, strict=True)
        ],
        "trend": _trends(facts),
    }
    table = pd.DataFrame({"case_id": cases["case_id"], **named, **facts, **_posterior(facts)})
    return table.assign(
        **{name: pd.Series(values, dtype="str") for name, values in texts.items()},
        **columns_of(of, table),
        last_status=cases["status"],
        last_seen=cases["label"],
    )


#: What is taken from each case's last result.
_OF_LAST_RESULT: Final = ("case_id", "place", "status", "run_id", "label")
_COUNTED: Final = (
    "n_events", "n_runs", "n_ran", "on_retry", "on_commit", "n_broken", "is_broken",
    "wasted_s", "early", "n_early", "broken_since", "n_streaks",
)  # fmt: skip
_COLUMNS: Final = (
    "case_id", "project", "file", "title", "state", "rate", "rate_low", "rate_high", "n_events",
    "n_runs", "n_ran", "on_retry", "on_commit", "n_broken", "broken_since", "wasted_s", "trend",
    "last_status", "branch", "stream", "last_seen",
)  # fmt: skip


def _parts(rows: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    """Cut rows, oldest first, into cases; arrays, for frames by the thousand are slow."""
    import pandas as pd

    codes, _ = pd.factorize(rows["commit"])
    label, labels = pd.factorize(rows["label"])
    columns = {
        "failed": (rows["status"] == "failed").to_numpy(),
        "retried": (rows["status"] == "flaky").to_numpy(),
        "commit": codes,
        "seconds": rows["duration_s"].fillna(0).to_numpy(),
        "tries": rows["n_attempts"].to_numpy(),
        "label": labels.to_numpy(dtype="object")[label],
    }
    places, begins = by_case(rows)
    ids = rows["case_id"].iloc[places[begins]].tolist()
    columns = {name: values[places] for name, values in columns.items()}
    for case, begin, end in zip(ids, begins, np.r_[begins[1:], len(places)], strict=False):
        yield case, {name: values[begin:end] for name, values in columns.items()}


def _judged(part: dict[str, Any]) -> list[Any]:
    """Count one case's evidence, in the order of `_COUNTED`."""
    series = Series(part["failed"], part["retried"], part["commit"])
    beside = before_a_pass(series)
    broken = broken_streaks(series)
    # A case that never passed is broken or too new to judge: either way it has no flake rate.
    left_out = series.failed if series.failed.all() else broken
    event = (series.failed | series.retried) & ~left_out
    counted = event[~left_out]
    half = len(counted) // 2
    tries = np.maximum(part["tries"], 1)
    lost = np.where(series.retried, part["seconds"] * (tries - 1) / tries, part["seconds"])
    since = part["label"][_last_streak(broken)] if broken[-1] else None
    return [
        int(counted.sum()), len(counted), len(event), int(series.retried.sum()),
        int(beside.sum()), int(broken.sum()), bool(broken[-1]), float(lost[event].sum()),
        int(counted[:half].sum()), half, since, len(_streaks(event & series.failed)),
    ]  # fmt: skip


def before_a_pass(series: Series) -> np.ndarray[Any, Any]:
    """Mark failures after which the case passed on the same commit: what changed was no code.

    A pass before the failure proves nothing: P…P F…F is a step in what surrounds the code.
    """
    marked = np.zeros(len(series.failed), dtype=bool)
    passed: set[int] = set()
    for i in range(len(series.failed) - 1, -1, -1):
        commit = int(series.commit[i])
        if not series.failed[i]:
            passed.add(commit)
        marked[i] = series.failed[i] and commit >= 0 and commit in passed
    return marked


def broken_streaks(series: Series) -> np.ndarray[Any, Any]:
    """Mark the failures of streaks that are defects and not chance.

    The longest streak first: at the rate of failures outside it, (k + ½) ÷ (n + 1), how many
    streaks as long would n runs show? Fewer than `BY_CHANCE`, and it is a defect. A case that
    never passed is broken from `ALWAYS` runs on.
    """
    failed = series.failed
    broken = np.zeros(len(failed), dtype=bool)
    if failed.all():
        return failed & (len(failed) >= ALWAYS)
    for begin, end in sorted(_streaks(failed), key=lambda s: s[0] - s[1]):
        length = end - begin
        is_outside = ~broken
        is_outside[begin:end] = False
        n_other = int(is_outside.sum())
        rate = (int((failed & is_outside).sum()) + 0.5) / (n_other + 1)
        if length > 1 and (n_other + 1) * rate**length < BY_CHANCE:
            broken[begin:end] = True
    return broken


def _streaks(failed: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.r_[False, failed, False].astype("int8")))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _last_streak(broken: np.ndarray[Any, Any]) -> int:
    return _streaks(broken)[-1][0]


#: What a case that never ran counts as; it is in the answer, too.
_NOTHING: Final = (0, 0, 0, 0, 0, 0, False, 0.0, 0, 0, None, 0)
_DTYPES: Final = dict.fromkeys(_COUNTED, "int64") | {
    "is_broken": "bool", "wasted_s": "float64", "broken_since": "object",
}  # fmt: skip


def _columns(counted: Iterable[Sequence[Any]]) -> dict[str, np.ndarray[Any, Any]]:
    """Lay out what was counted of each case as a column each, in the order of `_COUNTED`."""
    rows = list(counted)
    columns = zip(*rows, strict=True) if rows else [()] * len(_COUNTED)
    values = dict(zip(_COUNTED, columns, strict=True))
    return {name: np.array(values[name], dtype=dtype) for name, dtype in _DTYPES.items()}


def interval(k: Any, n: Any, level: float = 0.95) -> tuple[Any, Any]:
    """Return the limits of a rate after k events in n runs; the whole range for no runs.

    >>> low, high = interval(2, 50)
    >>> round(float(low), 4), round(float(high), 4)
    (0.0084, 0.1222)
    """
    from scipy.special import betaincinv

    k, n = np.asarray(k, dtype="float64"), np.asarray(n, dtype="float64")
    tail = (1 - level) / 2
    low, high = (betaincinv(k + 0.5, n - k + 0.5, q) for q in (tail, 1 - tail))
    return np.where(k == 0, 0.0, low), np.where(k == n, 1.0, high)


def probability_above(limit: float, k: Any, n: Any) -> Any:
    """Return how probable it is that the rate exceeds a limit after k events in n runs."""
    from scipy.special import betainc

    return 1 - betainc(np.asarray(k) + 0.5, np.asarray(n) - np.asarray(k) + 0.5, limit)


def _posterior(counts: Mapping[str, Any]) -> dict[str, Any]:
    k, n = counts["n_events"], counts["n_runs"]
    low, high = interval(k, n)
    rate = np.divide(k, n, out=np.full(len(n), np.nan), where=n > 0)
    return {"rate": rate, "rate_low": low, "rate_high": high}


def _states(counts: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    k, n = counts["n_events"], counts["n_runs"]
    # One streak of failures may be a defect that was fixed; only a second one shows chance.
    certain = (counts["n_streaks"] >= 2) | (counts["on_retry"] + counts["on_commit"] > 0)
    noticed = probability_above(NOTICED, k, n) >= LIKELY
    tolerated = probability_above(TOLERATED, k, n) <= 1 - SURE
    conditions = [counts["is_broken"], certain & noticed, tolerated]
    chosen = np.select(conditions, ["broken", "flaky", "stable"], "not enough runs")
    return chosen.astype("object")


def _trends(counts: Mapping[str, Any]) -> list[Trend | None]:
    """Compare the later half of the runs with the earlier one."""
    columns = (counts[name].tolist() for name in ("n_events", "n_runs", "early", "n_early"))
    return [
        _trend(early, n_early, k - early, n - n_early) if k >= ENOUGH_EVENTS else None
        for k, n, early, n_early in zip(*columns, strict=True)
    ]


def _trend(early: int, n_early: int, late: int, n_late: int) -> Trend:
    chance = probability_of_more(early, n_early, late, n_late)
    return "rising" if chance > CERTAIN else "falling" if chance < 1 - CERTAIN else "steady"


def probability_of_more(k_before: int, n_before: int, k_after: int, n_after: int) -> float:
    """Return how probable it is that the later of two rates is the higher one.

    >>> round(probability_of_more(1, 25, 9, 25), 3)
    0.999
    """
    from scipy.special import betainc, betaincinv

    # The mean of P(before < x) over the later posterior, at evenly spaced quantiles of it.
    quantiles = (np.arange(400) + 0.5) / 400
    later = betaincinv(k_after + 0.5, n_after - k_after + 0.5, quantiles)
    return float(betainc(k_before + 0.5, n_before - k_before + 0.5, later).mean())
