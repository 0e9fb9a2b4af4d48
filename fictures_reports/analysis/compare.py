"""Two runs side by side: where every case came from and where it went."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import product
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import SchemaError, did_you_mean
from fictures_reports.run import count_table
from fictures_reports.schema import CHANGES, OUTCOME_OF, OUTCOMES, Change, Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.run import Run

_GOOD: Final = ("passed", "flaky")
_IDLE: Final = ("skipped", "not_run")


def change_of(before: Outcome, after: Outcome) -> Change | None:
    """Name what happened to a case; None if it is in neither run.

    >>> change_of("failed", "skipped"), change_of("failed", "flaky"), change_of("passed", "absent")
    ('masked', 'fixed', 'lost')
    """
    by_before: dict[str, tuple[Change, Change, Change, Change | None]] = {
        #          → failed           good             idle               absent
        "failed": ("still_failing", "fixed", "masked", "vanished"),
        "good": ("broken", "still_passing", "lost", "lost"),
        "idle": ("unmasked", "gained", "still_skipped", "left"),
        "absent": ("arrived_failing", "arrived", "arrived_skipped", None),
    }
    return by_before[_kind(before)][("failed", "good", "idle", "absent").index(_kind(after))]


def _kind(outcome: Outcome) -> str:
    return "good" if outcome in _GOOD else "idle" if outcome in _IDLE else outcome


#: (before, after) → change, for all pairs of outcomes.
CHANGE_OF: Final = {(b, a): change_of(b, a) for b, a in product(OUTCOMES, OUTCOMES)}

#: Columns of a result that `changes` holds for both sides, as before_… and after_….
SIDE_COLUMNS: Final = ("status", "category", "rule", "evidence", "message", "duration_s")
_IDENTITY: Final = ["project", "file", "suite", "title", "line"]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from `before` to `after`; `changes` has one row per case in either run.

    Its columns: case_id, project, file, suite, title, line, `change`, `flaky` (True where either
    side passed only on a retry), and before_/after_ outcome, status, category, rule, evidence,
    message, duration_s. A side that lacks the case has the outcome "absent" and else missing.
    """

    before: Run
    after: Run
    changes: pd.DataFrame

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases carry each change label, zeros included."""
        counts = Counter(self.changes["change"].tolist())
        return {change: counts[change] for change in CHANGES}

    @cached_property
    def labels(self) -> dict[str, Change]:
        """The change label of every case by its case_id."""
        return dict(zip(self.changes["case_id"], self.changes["change"], strict=True))

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Rows counted per status: index cases and statuses; columns before, after, change."""
        import pandas as pd

        table = pd.DataFrame({"before": self.before.totals, "after": self.after.totals})
        return table.assign(change=table["after"] - table["before"])

    @cached_property
    def transitions(self) -> pd.DataFrame:
        """6 × 6 counts of cases by outcome before (index) and after (columns)."""
        return _crosstab(self.changes, "before_outcome", "after_outcome", list(OUTCOMES))

    @cached_property
    def category_flow(self) -> pd.DataFrame:
        """Counts by category before (index) and after (columns) of cases failing on either side.

        A side that did not fail shows its skip category, or "passed", "flaky" or "absent".
        """
        outcomes = self.changes[["before_outcome", "after_outcome"]]
        failing = self.changes[(outcomes == "failed").any(axis=1)]
        sides = {side: _reason(failing, side) for side in ("before", "after")}
        return _crosstab(failing.assign(**sides), "before", "after", None)

    @cached_property
    def verdict(self) -> str:
        """One sentence that says what happened, without gates."""
        from fictures_reports.analysis.verdict import verdict

        return verdict(self)

    def named(self, *changes: Change) -> pd.DataFrame:
        """Return the rows of `changes` with one of these labels; `SchemaError` for other words."""
        for change in changes:
            if change not in CHANGES:
                raise SchemaError(f"no change {change!r}{did_you_mean(change, CHANGES)}")
        return self.changes[self.changes["change"].isin(changes)]

    def __repr__(self) -> str:
        """Name both runs and the verdict."""
        return f"<Comparison {self.before.label} → {self.after.label}: {self.verdict}>"

    def _repr_html_(self) -> str:
        """Show the verdict and the changes in a notebook, in its own colours."""
        labels = f"{escape(self.before.label)} → {escape(self.after.label)}"
        counts = {name.replace("_", " "): n for name, n in self.counts.items() if n}
        head = f"<p><b>{labels}</b>: {escape(self.verdict)}</p>"
        return head + count_table(("change", "tests"), counts)


def compare(before: Run, after: Run, *, renames: Mapping[str, str] | None = None) -> Comparison:
    """Lay two runs side by side, case by case.

    Cases are matched by `case_id`, after those of `before` took their new ids from `renames` (old
    id → new id); neither run is changed. Rows are ordered by file and line, the
    cases that only `before` has behind the others of their file.
    """
    import pandas as pd

    if renames:
        from fictures_reports.analysis.renames import renamed

        before = renamed(before, renames)
    sides = {"before": _side(before.results), "after": _side(after.results)}
    index = sides["after"].index.union(sides["before"].index, sort=False)
    first, second = (side.reindex(index) for side in sides.values())
    outcomes = [s["outcome"].fillna("absent") for s in (first, second)]
    labels = [CHANGE_OF[pair] for pair in zip(*outcomes, strict=True)]
    columns = {
        name: second[name].where(second["outcome"].notna(), first[name]) for name in _IDENTITY
    }
    flaky = (outcomes[0] == "flaky") | (outcomes[1] == "flaky")
    columns |= {"change": pd.Series(labels, index=index, dtype="str"), "flaky": flaky}
    for side, frame, outcome in zip(sides, (first, second), outcomes, strict=True):
        columns[f"{side}_outcome"] = outcome
        columns |= {f"{side}_{name}": frame[name] for name in SIDE_COLUMNS}
    changes = pd.DataFrame(columns).rename_axis("case_id").reset_index()
    changes = changes.sort_values(["file", "project", "line"], kind="stable", ignore_index=True)
    return Comparison(before, after, changes)


def _side(results: pd.DataFrame) -> pd.DataFrame:
    side = results[["case_id", *_IDENTITY, *SIDE_COLUMNS]].set_index("case_id")
    return side.assign(outcome=side["status"].map(OUTCOME_OF))


def _reason(changes: pd.DataFrame, side: str) -> pd.Series[str]:
    outcome, category = changes[f"{side}_outcome"], changes[f"{side}_category"]
    explained = category.notna() & ~outcome.isin(_GOOD)
    return category.where(explained, outcome)


def _crosstab(
    frame: pd.DataFrame, rows: str, columns: str, order: list[str] | None
) -> pd.DataFrame:
    counts = frame.groupby([rows, columns]).size().unstack(fill_value=0)
    if order is not None:
        counts = counts.reindex(index=order, columns=order, fill_value=0)
    return counts.rename_axis(index="before", columns="after").astype("int64")
