"""Known issues: failures that somebody answers for, set apart until a date."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Literal

from fictures_reports.analysis.result_summary import known, rows_of
from fictures_reports.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from fictures_reports.run import Run

State = Literal["open", "expired", "passes now", "not run", "matches nothing"]


@dataclass(frozen=True)
class KnownIssue:
    """A failure that is known: `case` and `signature` are shell patterns, one of them is given."""

    owner: str
    reason: str
    #: the last day on which the issue is set apart
    expires: date
    #: for case ids, such as "*login*"
    case: str | None = None
    #: for the text of the failure with its variable parts taken out, or its cluster id
    signature: str | None = None


def issue(table: Mapping[str, Any]) -> KnownIssue:
    """Make a known issue of a settings table; raises `SchemaError` for what is missing or odd."""
    names = {f.name for f in fields(KnownIssue)}
    if unknown := table.keys() - names:
        raise SchemaError(f"known issue: unknown key {min(unknown)!r}; there are {sorted(names)}")
    for name in ("owner", "reason", "expires"):
        if not table.get(name):
            raise SchemaError(f"known issue {dict(table)!r}: {name} is missing")
    if not (table.get("case") or table.get("signature")):
        raise SchemaError(f"known issue {dict(table)!r}: case or signature is missing")
    expires = table["expires"]
    try:
        day = date.fromisoformat(expires) if isinstance(expires, str) else expires
    except ValueError as error:
        raise SchemaError(f"known issue: expires is {expires!r}, expected 2026-12-31") from error
    return KnownIssue(**{**table, "expires": day})


def review(run: Run, issues: Sequence[KnownIssue], today: date | None = None) -> pd.DataFrame:
    """Return what became of each known issue: one row each.

    Columns: case, signature, owner, reason, expires (ISO date), state, cases (list of case ids
    that match). An issue that passes now or has expired should leave the list.
    """
    import pandas as pd

    day, rows = today or datetime.now(UTC).date(), []
    for one in issues:
        matching = [row for row in rows_of(run.results) if _matches(row, one)]
        rows.append(
            {
                "case": one.case,
                "signature": one.signature,
                "owner": one.owner,
                "reason": one.reason,
                "expires": one.expires.isoformat(),
                "state": _state(matching, one, day),
                "cases": [row.case_id for row in matching],
            }
        )
    names = ["case", "signature", "owner", "reason", "expires", "state", "cases"]
    return pd.DataFrame(rows, columns=names)


def set_apart(run: Run, issues: Sequence[KnownIssue], today: date | None = None) -> Run:
    """Return the run with open known issues counted as expected failures; others as they are."""
    state = review(run, issues, today)
    cases = {case for row in rows_of(state[state["state"] == "open"]) for case in row.cases}
    results = run.results
    apart = results["case_id"].isin(cases) & (results["status"] == "failed")
    if not apart.any():
        return run
    marked = results.assign(
        status=results["status"].where(~apart, "xfailed"),
        category=results["category"].where(~apart, "expected_failure"),
    )
    return replace(run, results=marked)


def _matches(row: Any, one: KnownIssue) -> bool:
    if one.case and not fnmatchcase(row.case_id, one.case):
        return False
    if one.signature:
        # A failure is known by its text; a case that passes has none, and only `case` finds it.
        return fnmatchcase(known(row.signature) or "", one.signature)
    return True


def _state(rows: list[Any], one: KnownIssue, today: date) -> State:
    statuses = {row.status for row in rows}
    if not rows:
        return "matches nothing"
    if "failed" in statuses:
        return "open" if today <= one.expires else "expired"
    return "passes now" if statuses & {"passed", "flaky", "xpassed"} else "not run"
