"""The terminal colours of a result's texts, as pieces of text with the classes to show them in."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.patterns import compiled

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Start, end and style within a text, as `readers.colours` writes them.
Span = tuple[int, int, str]
#: A text and the CSS classes that it is shown in, "" for none.
Piece = tuple[str, str]

STYLES: Final = frozenset({
    "red", "green", "yellow", "blue", "magenta", "cyan", "grey",
    "bold", "dim", "italic", "underline", "inverse",
})  # fmt: skip
_SPAN: Final = compiled(r"(\d{1,9})-(\d{1,9}) ([a-z ]+)")
_BETWEEN_ERRORS: Final = "\n\n"


def colours(row: Any) -> dict[str, list[Span]]:
    """Find the colours of a result's message, snippet, stdout and stderr in its attempts.

    `row` is a row of a results frame. A text that no attempt has just like that has none.
    """
    attempts = [
        attempt
        for attempt in reversed(_dicts(row.attempts))
        if attempt.get("colours") or _any(attempt)
    ]
    if not attempts:
        return {}
    errors = [error for attempt in attempts for error in _dicts(attempt.get("errors"))]
    message = known(row.message)
    return {
        "message": next((s for a in attempts if (s := _of_message(a, message)) is not None), []),
        "snippet": _of_field(errors, "snippet", known(row.snippet)),
        "stdout": _of_field(attempts, "stdout", known(row.stdout)),
        "stderr": _of_field(attempts, "stderr", known(row.stderr)),
    }


def _dicts(values: Any) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if values is not None else []


def _any(attempt: dict[str, Any]) -> bool:
    return any(error.get("colours") for error in _dicts(attempt.get("errors")))


def _of_message(attempt: dict[str, Any], message: str | None) -> list[Span] | None:
    """Lay the colours of all errors' messages side by side; None if they are another message."""
    errors = _dicts(attempt.get("errors"))
    texts = [str(error.get("message")) for error in errors]
    if not errors or _BETWEEN_ERRORS.join(texts) != message:
        return None
    starts = accumulate([0, *(len(text) + len(_BETWEEN_ERRORS) for text in texts)])
    return [
        span
        for error, start in zip(errors, starts, strict=False)
        for span in shifted(_parsed(error, "message"), start)
    ]


def _of_field(holders: list[dict[str, Any]], name: str, text: str | None) -> list[Span]:
    return next(
        (_parsed(holder, name) for holder in holders if text and holder.get(name) == text), []
    )


def _parsed(holder: dict[str, Any], name: str) -> list[Span]:
    written = (holder.get("colours") or {}).get(name) or ""
    return [(int(start), int(end), style) for start, end, style in _SPAN.findall(written)]


def shifted(spans: list[Span], by: int) -> list[Span]:
    """Move spans along; what would begin before the text begins with it."""
    return [(max(0, start + by), end + by, style) for start, end, style in spans if end + by > 0]


def pieces(text: str, spans: list[Span], start: int = 0, end: int | None = None) -> list[Piece]:
    """Cut the part of a text from `start` to `end` where its colours change."""
    return list(_pieces(text, spans, start, len(text) if end is None else end))


def _pieces(text: str, spans: list[Span], at: int, end: int) -> Iterator[Piece]:
    for first, last, style in spans:
        first, last = max(first, at), min(last, end)
        if first >= last:
            continue
        if at < first:
            yield text[at:first], ""
        yield text[first:last], " ".join(f"ansi-{s}" for s in style.split() if s in STYLES)
        at = last
    if at < end:
        yield text[at:end], ""
