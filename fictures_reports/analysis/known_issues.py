"""Known issues: failures that somebody answers for until a date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from fictures_reports.analysis.name_patterns import matching
from fictures_reports.analysis.result_summary import known
from fictures_reports.errors import SchemaError
from fictures_reports.frame_rows import rows_of
from fictures_reports.guards import refuse
from fictures_reports.readers.first_version_ids import new_ids

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import pandas as pd

    from fictures_reports.run import Run

State = Literal["open", "expired", "passes now", "not run", "another cause", "matches nothing"]
_AIMS = ("case", "test", "signature", "cause")


@dataclass(frozen=True)
class KnownIssue:
    """A failure that is known; at least one of case, test, signature and cause is given.

    Where several are given, all must fit: a case that fails for another cause is not known.
    """

    owner: str
    reason: str
    #: the last day on which the issue is open
    expires: date
    #: a case's id, or a shell pattern such as "*login*"
    case: str | None = None
    #: a test in every project and variant: its case id without these, or a shell pattern
    test: str | None = None
    #: the text of the failure with its variable parts taken out, or a shell pattern
    signature: str | None = None
    #: the id of a cause, as reports and JSON give it
    cause: str | None = None

    @property
    def aim(self) -> str:
        """What the issue names, for a sentence."""
        return self.case or self.test or self.signature or self.cause or ""


def issue(table: Mapping[str, Any]) -> KnownIssue:
    """Make a known issue of a settings table; raises `SchemaError` for what is missing or odd."""
    names = {f.name for f in fields(KnownIssue)}
    if unknown := table.keys() - names:
        raise SchemaError(f"known issue: unknown key {min(unknown)!r}; there are {sorted(names)}")
    for name in ("owner", "reason", "expires"):
        if not table.get(name):
            raise SchemaError(f"known issue {dict(table)!r}: {name} is missing")
    if not any(table.get(name) for name in _AIMS):
        raise SchemaError(f"known issue {dict(table)!r}: case, test, signature or cause is missing")
    expires = table["expires"]
    try:
        day = date.fromisoformat(expires) if isinstance(expires, str) else expires
    except ValueError as error:
        raise SchemaError(f"known issue: expires is {expires!r}, expected 2026-12-31") from error
    return KnownIssue(**{**table, "expires": day})


def issues(tables: Sequence[KnownIssue | Mapping[str, Any]]) -> tuple[KnownIssue, ...]:
    """Make known issues of settings tables; those that are made stay as they are."""
    given: Any = tables
    if not isinstance(given, list | tuple) or not all(
        isinstance(table, KnownIssue | Mapping) for table in given
    ):
        raise refuse(tables, "known_issues", "a list of tables with owner, reason, expires and aim")
    return tuple(table if isinstance(table, KnownIssue) else issue(table) for table in tables)


def today() -> date:
    """Return the day, in UTC, by which issues are open or expired."""
    return datetime.now(UTC).date()


def review(run: Run, issues: Sequence[KnownIssue], day: date | None = None) -> pd.DataFrame:
    """Return what became of each known issue: one row each.

    Columns: case, test, signature, cause, owner, reason, expires (ISO date), state, cases (list of
    case ids that it explains). An issue that passes now or has expired should leave the list. A
    case that passes has no cause and no text: of an issue that names cases, too, these decide only
    what a failure is; where its cases fail for other reasons, the state is "another cause".
    """
    import pandas as pd

    day, rows = day or today(), []
    for known_issue in issues:
        matched = _matching(run, known_issue)
        rows.append(
            {name: getattr(known_issue, name) for name in (*_AIMS, "owner", "reason")}
            | {
                "expires": known_issue.expires.isoformat(),
                "state": _state(matched or _other_results(run, known_issue), known_issue, day),
                "cases": [row.case_id for row in matched],
            }
        )
    names = [*_AIMS, "owner", "reason", "expires", "state", "cases"]
    return pd.DataFrame(rows, columns=names)


def known_failures(run: Run, issues: Sequence[KnownIssue]) -> dict[str, KnownIssue]:
    """Map each failing case of a run that an issue names to the issue, also one that has expired.

    Of several the one that is open longest.
    """
    found: dict[str, KnownIssue] = {}
    for known_issue in sorted(issues, key=lambda issue: issue.expires):
        found |= {
            row.case_id: known_issue
            for row in _matching(run, known_issue)
            if row.status == "failed"
        }
    return found


def is_open(known_issue: KnownIssue, day: date | None = None) -> bool:
    """Tell whether an issue has not expired: its last day still counts."""
    return (day or today()) <= known_issue.expires


def _matching(run: Run, known_issue: KnownIssue) -> list[Any]:
    rows = run.results
    if known_issue.case:
        rows = rows[rows["case_id"].isin(_named(known_issue.case, rows["case_id"]))]
    if known_issue.test:
        tests = ids_of_tests(rows)
        rows = rows[tests.isin(_named(known_issue.test, tests))]
    if known_issue.signature:
        # A failure is known by its text; a case that passes has none, and only its name finds it.
        rows = rows[
            rows["signature"].isin(matching(known_issue.signature, rows["signature"].dropna()))
        ]
    if known_issue.cause:
        rows = rows[_of_cause(run, rows, known_issue.cause)]
    return rows_of(rows[["case_id", "status"]])


def without_texts(known_issue: KnownIssue) -> KnownIssue:
    """Return an issue for all that its cases do, where it names cases; else as it is."""
    return (
        replace(known_issue, signature=None, cause=None)
        if known_issue.case or known_issue.test
        else known_issue
    )


def _other_results(run: Run, known_issue: KnownIssue) -> list[Any]:
    """Return what the cases of an issue did that have none of its failures."""
    rows = _matching(run, named) if (named := without_texts(known_issue)) != known_issue else []
    return [row._replace(status="failed otherwise") if row.status == "failed" else row
            for row in rows]  # fmt: skip


def _named(name: str, there: pd.Series[str]) -> Collection[str]:
    """Return the ids that a name or pattern means, also as the first version wrote it."""
    return matching(name, there) or new_ids([name], there).values()


def old_names(run: Run, issues: Sequence[KnownIssue]) -> dict[str, str]:
    """Map names in known issues that only the first version gave to what they are in a run."""
    found: dict[str, str] = {}
    for names, ids in (
        ([known_issue.case for known_issue in issues], run.results["case_id"]),
        ([known_issue.test for known_issue in issues], ids_of_tests(run.results)),
    ):
        given = [name for name in names if name and not matching(name, ids)]
        if given:
            found |= new_ids(given, ids.tolist())
    return found


def _of_cause(run: Run, rows: pd.DataFrame, cause: str) -> pd.Series[bool]:
    """Tell which rows have a cause; a group that people named goes by its id and by its name."""
    from fictures_reports.failures.cause_names import group_id

    grouped = run.cause_ids.reindex(rows.index)
    named = grouped.isin([cause, group_id(cause)]) if cause in run.groups else grouped == cause
    return (run.cluster_ids.reindex(rows.index) == cause) | named


def ids_of_tests(results: pd.DataFrame) -> pd.Series[str]:
    """Return each case's id without project and variant: what an author wrote."""
    if not results["test_id"].isna().any():
        return results["test_id"]
    pairs = zip(results["case_id"], results["project"], strict=True)
    names = [case.removesuffix(f" [{project}]") if project else case for case, project in pairs]
    import pandas as pd

    return results["test_id"].fillna(pd.Series(names, index=results.index, dtype="str"))


def _state(rows: list[Any], known_issue: KnownIssue, day: date) -> State:
    statuses = {known(row.status) for row in rows}
    if not rows:
        return "matches nothing"
    if "failed" in statuses:
        return "open" if is_open(known_issue, day) else "expired"
    if "failed otherwise" in statuses:
        return "another cause"
    return "passes now" if statuses & {"passed", "flaky", "xpassed"} else "not run"
