"""Two sides of runs: where every case came from and where it went."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.allowed_missing import cases_of, waived
from fictures_reports.analysis.changed_ids import matched_sides, of_first_version
from fictures_reports.analysis.changes import GOOD
from fictures_reports.analysis.changes_table import changes_table, with_standings
from fictures_reports.analysis.collected_again import collected_again, loaded_again
from fictures_reports.analysis.crosstab import crosstab
from fictures_reports.analysis.joined_parts import joined
from fictures_reports.analysis.known_issues import issues as made_of
from fictures_reports.analysis.rename_patterns import new_names
from fictures_reports.analysis.renames import renamed
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.analysis.sides import side_of
from fictures_reports.analysis.variant_alone import with_variants_named
from fictures_reports.analysis.weighing import weigh
from fictures_reports.errors import SchemaError, did_you_mean
from fictures_reports.guards import refuse, texts
from fictures_reports.late_binding import call
from fictures_reports.run import count_table
from fictures_reports.schema import CHANGES, OUTCOMES, Change

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from fictures_reports.analysis.changed_ids import ChangedIds
    from fictures_reports.analysis.joined_parts import By
    from fictures_reports.analysis.known_issues import KnownIssue
    from fictures_reports.analysis.moves import Move
    from fictures_reports.analysis.standing import Base
    from fictures_reports.analysis.verdict import VerdictKind
    from fictures_reports.run import Run

_STANDING: Final = (
    "case_id", "title", "file", "project", "variant", "standing", "standing_words", "unsure",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Comparison:
    """What changed from `before` to `after`; `changes` has one row per case in either side.

    Its columns: case_id, project, variant, test_id, file, suite, title, line, `change`, `flaky`
    (True where either side passed only on a retry, or now and then), `newly_flaky` (only after),
    `unsure` (it changed, and chance is not ruled out) with `runs_needed` (runs a side that would
    rule it out; missing where it is not unsure), `standing` (whose failure it is, see `standings`;
    missing where it does not fail after) with `standing_words`, `waived` (removed on purpose),
    `collected` (a file that could not be collected and is now), n_before and n_after
    (runs that tried it), failed_before and failed_after (of these), p_worse and p_better (exact
    one-sided tests), and before_/after_ outcome, status, category, rule, evidence, message,
    duration_s. A side that lacks the case has the outcome "absent" and else missing.

    `before` and `after` are the runs compared; where a side has several, `before_runs` and
    `after_runs` hold them, oldest first, and `before` and `after` one row per case (see `Side`).
    """

    before: Run
    after: Run
    changes: pd.DataFrame
    before_runs: tuple[Run, ...] = ()
    after_runs: tuple[Run, ...] = ()
    #: what the failures were compared with
    known_issues: tuple[KnownIssue, ...] = ()
    base: Base | None = None
    #: names or patterns of cases that were removed on purpose
    removed: tuple[str, ...] = ()
    #: a path prefix that became another, through which the cases were compared
    moved: Move | None = None
    #: what was left out of the cases' names: "project", "variant" or both ("test")
    by: By | None = None
    #: the arguments that `compare` was given, to make a report of
    given: Mapping[str, Any] = field(default_factory=dict)
    #: ids that the two sides write otherwise, through which the cases were compared
    changed_ids: tuple[ChangedIds, ...] = ()

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many cases carry each change label, zeros included."""
        counts = Counter(self.changes["change"].tolist())
        return {change: counts[change] for change in CHANGES}

    @cached_property
    def labels(self) -> dict[str, Change]:
        """The change label of every case by its case_id."""
        return dict(
            zip(*(self.changes[name].tolist() for name in ("case_id", "change")), strict=True)
        )

    @cached_property
    def totals(self) -> pd.DataFrame:
        """Rows counted per status: index cases and statuses; columns before, after, change."""
        import pandas as pd

        table = pd.DataFrame({"before": self.before.totals, "after": self.after.totals})
        return table.assign(change=table["after"] - table["before"])

    @cached_property
    def transitions(self) -> pd.DataFrame:
        """7 × 7 counts of cases by outcome before (index) and after (columns)."""
        return crosstab(self.changes, "before_outcome", "after_outcome", list(OUTCOMES))

    @cached_property
    def category_flow(self) -> pd.DataFrame:
        """Counts by category before (index) and after (columns) of cases failing on either side.

        A side that did not fail shows its skip category, or "passed", "flaky" or "absent".
        """
        outcomes = self.changes[["before_outcome", "after_outcome"]]
        failing = self.changes[(outcomes == "failed").any(axis=1)]
        sides = {side: _reason(failing, side) for side in ("before", "after")}
        return crosstab(failing.assign(**sides), "before", "after", None)

    @cached_property
    def verdict(self) -> str:
        """One sentence that says what happened, without gates."""
        from fictures_reports.analysis.verdict import verdict

        return verdict(self)

    @cached_property
    def standings(self) -> pd.DataFrame:
        """Whose failure each is that fails after: one row per case, ordered as in `changes`.

        Columns case_id, title, file, project, variant, standing ("new", "known_flaky",
        "failing_on_base" or "known_issue"), standing_words (what proves it) and unsure.
        """
        failing = self.changes[self.changes["standing"].notna()]
        return failing[list(_STANDING)].reset_index(drop=True)

    @cached_property
    def n_common(self) -> int:
        """How many cases both sides have."""
        absent = (self.changes[["before_outcome", "after_outcome"]] == "absent").any(axis=1)
        return int((~absent).sum())

    @cached_property
    def comparable(self) -> bool:
        """Whether there is anything to compare: cases that both sides have.

        A file that could not be collected or loaded stands for its tests, which run now.
        """
        if self.n_common or self.changes["collected"].any():
            return True
        return bool(loaded_again(self.before, self.after))

    @property
    def why_not_comparable(self) -> str:
        """Say why nothing can be compared; "" if something can."""
        if self.comparable:
            return ""
        counts = {"gone": len(self.before.results), "new": len(self.after.results)}
        if self.before.results.empty and (errors := self.before.info.errors):
            return f"no test ran before: {first_line(errors[0])} ({counts['new']:,} new)"
        return f"no test in common ({', '.join(f'{n:,} {k}' for k, n in counts.items() if n)})"

    @cached_property
    def missing_sources(self) -> dict[str, int]:
        """Files of the side before of which no case is there after, with how many each gave.

        Only where the side has several files and the others came: the job that wrote it may be
        gone. A file whose cases were all removed on purpose is not missing.
        """
        rows = self.before.results[["case_id", "source"]].dropna()
        gone = self.changes.loc[self.changes["after_outcome"] == "absent", "case_id"]
        waived = self.changes.loc[self.changes["waived"], "case_id"]
        is_gone = rows["case_id"].isin(gone).groupby(rows["source"]).all().to_dict()
        lost = rows[~rows["case_id"].isin(waived)].groupby("source").size()
        if len(is_gone) < 2 or not self.comparable:
            return {}
        return {str(name): int(n) for name, n in lost.items() if is_gone[name]}

    @cached_property
    def missing_variants(self) -> dict[str, int]:
        """Variants of the side before of which the side after has no case, with how many they had.

        One whose cases were all removed on purpose is not missing.
        """
        if self.by in ("variant", "test"):
            return {}
        waived = self.changes.loc[self.changes["waived"], "case_id"]
        rows = self.before.results[["case_id", "variant"]]
        rows = rows[rows["variant"].fillna("").ne("") & ~rows["case_id"].isin(waived)]
        variants_after = set(self.after.results["variant"].dropna().unique())
        counts = rows.loc[~rows["variant"].isin(variants_after), "variant"].value_counts(sort=False)
        return {str(name): int(n) for name, n in counts.items()} if self.comparable else {}

    @property
    def complete(self) -> bool:
        """Whether nothing is known to be missing: from no run, no file and no variant before."""
        runs = (*self.before_runs, *self.after_runs)
        whole = all(run.is_whole for run in runs)
        return whole and not self.missing_sources and not self.missing_variants

    @property
    def knows_the_past(self) -> bool:
        """Whether it is known how flaky tests were: from a base branch or several runs before."""
        has_base = self.base is not None and len(self.base.cases) > 0
        return has_base or len(self.before_runs) > 1

    @property
    def judged_by(self) -> dict[str, Any]:
        """What `compare` was given besides the runs, for a comparison of parts of them."""
        return {
            "known_issues": self.known_issues,
            "base": self.base,
            "removed": self.removed,
            "by": self.by,
        }

    def with_known_issues(self, issues: Sequence[KnownIssue | Mapping[str, Any]]) -> Comparison:
        """Return the comparison with other known issues, or tables to make them of.

        A table has `case` or `signature`, `owner`, `reason` and `expires` (a day).
        """
        judged = self.judged_by | {"known_issues": issues}
        return compare(self.before_runs, self.after_runs, **judged)

    @cached_property
    def verdict_kind(self) -> VerdictKind:
        """What the verdict is, in one word."""
        from fictures_reports.analysis.verdict import kind_of

        return kind_of(self)

    def named(self, *changes: Change) -> pd.DataFrame:
        """Return the rows of `changes` with one of these labels; `SchemaError` for other words."""
        for change in changes:
            if change not in CHANGES:
                raise SchemaError(f"no change {change!r}{did_you_mean(change, CHANGES)}")
        return self.changes[self.changes["change"].isin(changes)]

    def to_html(self, path: str | Path, **options: Any) -> Path:
        """Write the report on the comparison as a page and return its path.

        Options are `render`'s. An ending .ipynb gives the executed notebook, .pdf a printed page.
        """
        written: Path = call("html_of", self, path, **options)
        return written

    def to_markdown(self, gates: str | Sequence[str] = (), **options: Any) -> str:
        """Return the report as Markdown, with its gates; options are those of `check`."""
        return str(call("markdown_of_subject", self, gates, **options))

    def to_junit(
        self, path: str | Path, *, gates: str | Sequence[str] = (), **options: Any
    ) -> Path:
        """Write the side after as JUnit XML and return the path; options are those of `check`.

        New failures and missed gates are failures; failures with another standing are skipped, with
        the reason.
        """
        written: Path = call("junit_of", self, path, gates=gates, **options)
        return written

    def __repr__(self) -> str:
        """Name both runs and the verdict."""
        return f"<Comparison {self.before.label} → {self.after.label}: {self.verdict}>"

    def _repr_html_(self) -> str:
        """Show the verdict and the changes in a notebook, in its own colours."""
        labels = f"{escape(self.before.label)} → {escape(self.after.label)}"
        counts = {name.replace("_", " "): n for name, n in self.counts.items() if n}
        head = f"<p><b>{labels}</b>: {escape(self.verdict)}</p>"
        return head + count_table(("change", "tests"), counts)


def compare(
    before: Run | Sequence[Run],
    after: Run | Sequence[Run],
    *,
    renames: Mapping[str, str] | None = None,
    known_issues: Sequence[KnownIssue | Mapping[str, Any]] = (),
    base: Base | None = None,
    removed: Sequence[str] = (),
    allow_missing: Sequence[str] = (),
    partial: bool = False,
    by: By | None = None,
) -> Comparison:
    """Lay two sides of one run or several each side by side, case by case.

    Cases are matched by `case_id`, after those of `before` took their new ids from `renames` (old
    id → new id, or patterns such as `tests/old/*` → `tests/new/*`); no run is changed. Rows are
    ordered by file and line, the cases that only `before` has behind the others of their file.

    `known_issues` (or tables to make them of), and `base`, what the base branch did before, decide
    whose failure each is that fails after. `removed` names cases, or patterns for them, that are
    gone on purpose, and `allow_missing` variants and files of `before` of which nothing may come:
    their cases count as removed. With `partial`, `after` is a selection on purpose: of `before`
    only its cases are compared. `by` compares one "project" or "variant" with another, or tests
    whatever both are ("test"): these are left out of the cases' names. Raises `SchemaError` for a
    side without a run.
    """
    sides = {"before": _runs(before, "before"), "after": _runs(after, "after")}
    removed = texts(removed, "removed", "old.spec.ts › *")
    allow_missing = texts(allow_missing, "allow_missing", "windows")
    if base is not None and not hasattr(base, "name"):
        raise refuse(base, "base", "what baseline_for gives")
    given = sides | {"renames": renames, "removed": removed, "partial": partial, "by": by}
    if by is not None:
        sides = {name: tuple(joined(run, by) for run in runs) for name, runs in sides.items()}
    else:
        sides["before"], sides["after"] = with_variants_named(sides["before"], sides["after"])
    if renames:
        if not isinstance(renames, Mapping):
            raise refuse(renames, "renames", "a table from old to new names")
        if not all(isinstance(new, str) for new in renames.values()):
            raise refuse(dict(renames), "renames", "a table from old to new names")
        renames = of_first_version(renames, sides["before"][-1], sides["after"][-1])
        sides["before"] = tuple(
            renamed(run, new_names(renames, run.results["case_id"])) for run in sides["before"]
        )
    if partial:
        sides["before"] = _selected(sides["before"], sides["after"])
    matched = matched_sides(sides["before"], sides["after"])
    sides = {"before": matched.before, "after": matched.after}
    counted = {name: side_of(runs) for name, runs in sides.items()}
    weighed = weigh(counted["before"], counted["after"])
    runs = {name: counted[name].as_run(weighed[f"{name}_outcome"]) for name in sides}
    changes = changes_table(weighed, runs["before"].results, runs["after"].results)
    changes = collected_again(changes, runs["before"], runs["after"])
    removed = [*removed, *cases_of(allow_missing, runs["before"], runs["after"])]
    issues = made_of(known_issues)
    changes = with_standings(changes, runs["before"], runs["after"], base, issues).assign(
        waived=waived(changes, removed)
    )
    return Comparison(
        runs["before"], runs["after"], changes, sides["before"], sides["after"], issues, base,
        tuple(removed), matched.move, by, given, matched.changed,
    )  # fmt: skip


def _selected(before: Sequence[Run], after: Sequence[Run]) -> tuple[Run, ...]:
    """Keep of the runs before only the cases that a run after has."""
    cases = {case for run in after for case in run.results["case_id"].tolist()}
    return tuple(
        replace(run, results=run.results[run.results["case_id"].isin(cases)]) for run in before
    )


def _runs(side: Run | Sequence[Run], name: str) -> tuple[Run, ...]:
    from fictures_reports.run import Run

    given: Any = side
    runs = (given,) if isinstance(given, Run) else given
    if not isinstance(runs, list | tuple) or not all(isinstance(run, Run) for run in runs):
        raise refuse(side, name, "a run, such as read_run gives, or a list of runs")
    if not runs:
        raise SchemaError(f"no run to compare with: {name} is empty")
    return tuple(runs)


def _reason(changes: pd.DataFrame, side: str) -> pd.Series[str]:
    outcome, category = changes[f"{side}_outcome"], changes[f"{side}_category"]
    explained = category.notna() & ~outcome.isin(GOOD)
    return category.where(explained, outcome)
