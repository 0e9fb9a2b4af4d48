"""Cases that seem to have been renamed or moved, with the evidence; nothing is joined unasked."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known, rows_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.run import Run

#: Titles less alike than this are two tests (0–1, see `difflib.SequenceMatcher.ratio`).
LEAST_ALIKE: Final = 0.75
#: Beyond this many pairs nobody reads suggestions, and comparing them all would take long.
MOST_PAIRS: Final = 250_000


def suggestions(c: Comparison) -> pd.DataFrame:
    """Return pairs of a case that is gone and one that is new which look like the same test.

    One row per pair, the likeliest first, no case in two pairs: before, after (case ids), likeness
    of the titles (0–1), evidence (words). Cases that moved to another file with the same title,
    or were renamed within their file. Empty if nothing is alike.
    """
    import pandas as pd

    gone = rows_of(c.changes[c.changes["after_outcome"] == "absent"])
    new = rows_of(c.changes[c.changes["before_outcome"] == "absent"])
    pairs = []
    if len(gone) * len(new) <= MOST_PAIRS:
        pairs = [_pair(old, fresh) for old in gone for fresh in new]
    found = sorted((pair for pair in pairs if pair), key=lambda pair: -pair["likeness"])
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for pair in found:
        if not taken & {pair["before"], pair["after"]}:
            taken |= {pair["before"], pair["after"]}
            rows.append(pair)
    return pd.DataFrame(rows, columns=["before", "after", "likeness", "evidence"])


def renamed(run: Run, pairs: Mapping[str, str]) -> Run:
    """Return the run with cases called by their new ids; `pairs` maps old id → new id."""
    from dataclasses import replace

    import pandas as pd

    names = dict(pairs)
    ids = [names.get(case, case) for case in run.results["case_id"]]
    columns = {"case_id": pd.Series(ids, index=run.results.index, dtype="str")}
    return replace(run, results=run.results.assign(**columns))


def _pair(old: Any, fresh: Any) -> dict[str, Any] | None:
    if old.project != fresh.project:
        return None
    matcher = SequenceMatcher(None, old.title, fresh.title, autojunk=False)
    if old.file != fresh.file and old.title != fresh.title:
        return None
    if matcher.real_quick_ratio() < LEAST_ALIKE or matcher.ratio() < LEAST_ALIKE:
        return None
    moved, signs = old.file != fresh.file, []
    signs.append(f"moved from {old.file} to {fresh.file}" if moved else "same file")
    signs.append("same title" if old.title == fresh.title else "titles alike")
    if known(old.before_message) and old.before_message == fresh.after_message:
        signs.append("same failure text")
    return {
        "before": old.case_id,
        "after": fresh.case_id,
        "likeness": matcher.ratio(),
        "evidence": ", ".join(signs),
    }
