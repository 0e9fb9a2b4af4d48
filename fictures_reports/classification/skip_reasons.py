"""Why a test was skipped, in words, as it was declared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fictures_reports.classification.printed_reasons import only_announces
from fictures_reports.patterns import Pattern, encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

# "('tests/test_a.py', 53, 'Skipped: no story')" is how pytest-json-report hands it over
_TUPLE = Pattern(
    r"""(?s)\A\(\s*(?:'.*?'|".*?"),\s*\d+,\s*(?:'(?P<single>.*)'|"(?P<double>.*)")\s*\)\z""", "("
)
_SKIPPED = Pattern(r"\A(?:Skipped|SKIPPED|SKIP|skip|Skip): *", ":")
_AT = Pattern(r"\A[^\s:]\S*\.\w+:\d+:(?: (\S)|\z)", ":")
_XDIST = Pattern(r"\A\[gw\d+\] \w+ -- Python [^\n]*\n", "[gw")
_GO = Pattern(r"^\s*(?:=== \w+ +[^\n]*|--- (?:SKIP|PASS|FAIL): [^\n]*)\n?", "=== ", "--- ")
_NO_WORDS = {"skip", "skipped", "fixme", "none", "null", "undefined", "n/a", "-", "true"}
_ANNOTATIONS = ("skip", "fixme", "todo", "disabled", "ignore", "pending", "quarantine")


def declared_reason(text: Any) -> str | None:
    """Unwrap a declared reason: tuple strings, 'Skipped: ', 'file:line: ', Go's log.

    >>> declared_reason("('test_a.py', 53, 'Skipped: no story')")
    'no story'
    """
    if not isinstance(text, str):
        return None
    text = _XDIST.without(encodable(text[:4000]).strip())
    found = _TUPLE.search(text)
    if found:
        text = found["single"] or found["double"]
    text = _GO.without(text).strip()
    text = _SKIPPED.without(_AT.sub(lambda place: place[1], text)).strip()
    return text or None


def annotated_kind(annotations: Sequence[dict[str, str]]) -> tuple[str | None, str | None]:
    """Return what kind of skip was annotated and its description."""
    for annotation in annotations:
        kind = (annotation.get("type") or "").removeprefix("pytest.").lower()
        if kind.startswith(_ANNOTATIONS):
            return kind, annotation.get("description") or None
    return None, None


def has_words(reason: str | None) -> bool:
    """Tell whether a reason says anything: 'skip' or 'this test is skipped' alone does not."""
    if not reason or reason.strip(" .").lower() in _NO_WORDS:
        return False
    return not only_announces(reason)
