"""Errors of a run as a frame: what belongs to no test, why it happened, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.classification.classifier import failure_from
from fictures_reports.classification.failure_answer import failure_answer
from fictures_reports.classification.rule_index import indexes_for
from fictures_reports.failures.message_parts import ReportedError
from fictures_reports.patterns import Pattern
from fictures_reports.readers.text.error_places import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import pandas as pd

    from fictures_reports.classification.rule_index import RuleIndexes
    from fictures_reports.classification.rules import Rule
    from fictures_reports.readers.rows import ErrorPlace, RunInfo

#: Columns of the frame, in their order; missing where nothing is known.
COLUMNS: Final = ("message", "category", "rule", "evidence", "phase", "file")
#: What a runner leaves behind that did not live to its end.
_DIED: Final = Pattern(
    r"(?i)\bINTERNALERROR\b|session stopped while a test was running"
    r"|\b(?:runner|worker|process|session)\b.{0,40}\b(?:crashed|died|was killed|force exited)\b"
    r"|\bsegmentation fault\b|\bcore dumped\b|\bout of memory\b|\b(?:SIGKILL|SIGSEGV|SIGABRT)\b",
    "internalerror", "stopped", "crashed", "died", "killed", "force exited", "segmentation",
    "core dumped", "out of memory", "sigkill", "sigsegv", "sigabrt", folded=True,
)  # fmt: skip
#: Statuses of a test that was started.
_RAN: Final = ("passed", "failed", "flaky", "xfailed", "xpassed")


def run_errors(
    results: pd.DataFrame, info: RunInfo, rules: Sequence[Rule] | None = None
) -> pd.DataFrame:
    """Return one row per error that belongs to no test: the columns of `COLUMNS`.

    Those of the run as a whole first, then the files that could not be collected (they have a row
    in the results, too, which stands for their tests). `rules` come before the built-in ones.
    """
    import pandas as pd

    indexes = indexes_for(rules)
    ran = bool(results["status"].isin(_RAN).any())
    rows = [_row(text, info.error_places.get(text), indexes, ran=ran) for text in info.errors]
    rows += _not_collected(results)
    columns = dict(zip(COLUMNS, zip(*rows, strict=True), strict=True)) if rows else {}
    return pd.DataFrame({n: pd.Series(columns.get(n, ()), dtype="str") for n in COLUMNS})


def _row(
    text: str, reported: ErrorPlace | None, indexes: RuleIndexes, *, ran: bool
) -> tuple[str | None, ...]:
    place = reported if reported is not None and reported.phase else place_of(text, ran=ran)
    file = reported.file if reported is not None else place.file
    answer = _answer(text, place.phase, indexes)
    died = _DIED.search(text)
    if (died or (reported is not None and reported.died)) and answer["category"] != "environment":
        first = text.strip().partition("\n")[0]
        answer |= {
            "category": "crash",
            "rule": "runner-died",
            "evidence": died[0] if died else first,
        }
    named = (answer["category"], answer["rule"], answer["evidence"])
    return text, *named, place.phase or None, file or None


def _answer(text: str, phase: str, indexes: RuleIndexes) -> dict[str, Any]:
    """Decide an error by its words and its phase.

    A port in use and a server that does not start are the machine's, whatever hook met them.
    """
    bare = failure_answer(failure_from((ReportedError(text),), ""), indexes.failures)
    if not phase or bare["category"] == "environment":
        return bare
    return failure_answer(failure_from((ReportedError(text, phase=phase),), ""), indexes.failures)


def _not_collected(results: pd.DataFrame) -> Iterator[tuple[str | None, ...]]:
    found = results[(results["phase"] == "collection") & (results["status"] == "failed")]
    for row in found[list(COLUMNS)].itertuples(index=False, name=None):
        message, *facts = (value if isinstance(value, str) and value else None for value in row)
        yield message or "could not be collected", *facts
