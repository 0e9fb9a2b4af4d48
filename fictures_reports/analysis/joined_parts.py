"""Cases called by what both sides have, to compare one project or variant with another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from fictures_reports.analysis.renames import renamed
from fictures_reports.errors import SchemaError, did_you_mean

if TYPE_CHECKING:
    from fictures_reports.run import Run

By = Literal["project", "variant", "test"]
#: What is left out of a case's id: of "test" both.
_LEFT_OUT: Final = {
    "project": ("project",), "variant": ("variant",), "test": ("project", "variant"),
}  # fmt: skip


def joined(run: Run, by: str) -> Run:
    """Return the run with cases called without their project ("project"), variant or both ("test").

    Raises `SchemaError` for another word, and where two cases of the run would get one name.
    """
    if by not in _LEFT_OUT:
        raise SchemaError(f"nothing is compared by {by!r}{did_you_mean(by, _LEFT_OUT)}")
    columns = ("case_id", "project", "variant")
    rows = zip(*(run.results[name].fillna("") for name in columns), strict=True)
    names = {case: _without(case, project, variant, by) for case, project, variant in rows}
    if len(set(names.values())) < len(names):
        several = [name for name in _LEFT_OUT[by] if run.results[name].nunique() > 1]
        name = several[0] if several else "project"
        there = ", ".join(sorted(filter(None, run.results[name].dropna().unique())))
        raise SchemaError(
            f"{run.label} has tests in more than one {name} ({there}): "
            f"compare one on each side, such as run.where({name}=…)"
        )
    return renamed(run, names)


def _without(case: str, project: str, variant: str, by: str) -> str:
    """Take project or variant out of a case's id; the number of a repeated case stays.

    >>> _without("a.ts › pays [chromium] {windows} #2", "chromium", "windows", "project")
    'a.ts › pays {windows} #2'
    """
    for mark, field in ((f" {{{variant}}}", "variant"), (f" [{project}]", "project")):
        if field in _LEFT_OUT[by] and mark not in (" {}", " []"):
            head, found, tail = case.rpartition(mark)
            case = head + tail if found else case
    return case
