"""Why a test was skipped, in words: as declared, or as the test printed it before it gave up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import re2

from fictures_reports.failures.signature import encodable

if TYPE_CHECKING:
    from collections.abc import Sequence

# "('tests/test_a.py', 53, 'Skipped: no story')" is how pytest-json-report hands it over
_TUPLE = re.compile(r"""^\(\s*(['"]).*?\1,\s*\d+,\s*(['"])(?P<reason>.*)\2\s*\)$""", re.DOTALL)
_SKIPPED = re.compile(r"^(?:Skipped|SKIPPED|SKIP|skip|Skip): *")
_AT = re.compile(r"^[^\s:]\S*\.\w+:\d+:(?: (?=\S)|$)")
_XDIST = re.compile(r"^\[gw\d+\] \w+ -- Python .*\n")
_GO = re2.compile(r"(?m)^\s*(?:=== \w+ +[^\n]*|--- (?:SKIP|PASS|FAIL): [^\n]*)\n?")
# A test says that it gives up, in whatever words; the nearest such line to the end counts.
_GIVES_UP = re2.compile(
    r"(?i)skip|not found|not available|unavailable|not accessible|missing|no \w+ (?:found"
    r"|available)"
    r"|(?:unable|not able|cannot|can't|could not|failed) to?\b|n't (?:found|exist)"
    r"|not (?:set|present|visible|running|installed)|跳过|スキップ|пропуск"
    r"|überspring|saut(?:er|é)|omit"
)
_NO_WORDS = {"skip", "skipped", "fixme", "none", "null", "undefined", "n/a", "-", "true"}
_ANNOTATIONS = ("skip", "fixme", "todo", "disabled", "ignore", "pending", "quarantine")


def declared_reason(text: Any) -> str | None:
    """Unwrap a declared reason: tuple strings, 'Skipped: ', 'file:line: ', Go's log.

    >>> declared_reason("('test_a.py', 53, 'Skipped: no story')")
    'no story'
    """
    if not isinstance(text, str):
        return None
    text = _XDIST.sub("", encodable(text[:4000]).strip())
    found = _TUPLE.match(text)
    if found:
        text = found["reason"]
    text = _GO.sub("", text).strip()
    text = _SKIPPED.sub("", _AT.sub("", text)).strip()
    return text or None


def annotated_kind(annotations: Sequence[dict[str, str]]) -> tuple[str | None, str | None]:
    """Return what kind of skip was annotated and its description."""
    for annotation in annotations:
        kind = (annotation.get("type") or "").removeprefix("pytest.").lower()
        if kind.startswith(_ANNOTATIONS):
            return kind, annotation.get("description") or None
    return None, None


def printed_reason(stdout: Any) -> str | None:
    """Return the last line of the output that tells why the test gave up."""
    if not isinstance(stdout, str) or not stdout.strip():
        return None
    for line in reversed(encodable(stdout[-4000:]).splitlines()[-12:]):
        if _GIVES_UP.search(line):
            return line.strip()[:500]
    return None


def has_words(reason: str | None) -> bool:
    """Tell whether a reason says anything: 'skip' alone does not."""
    return bool(reason) and str(reason).strip(" .").lower() not in _NO_WORDS
