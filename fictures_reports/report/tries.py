"""What a panel shows of each try of a test: its texts in pieces, its steps, what it attached.

In goes a row of a results frame, out comes a `Try` for each of its attempts. A row that was tried
once gives one `Try` with the number 0, of what the row itself says. Where there were several, the
row's texts are those of the attempt that decided; the others are laid out as a row has them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.analysis.result_summary import known
from fictures_reports.patterns import Pattern
from fictures_reports.readers.statuses import deciding_place
from fictures_reports.report.attachments import Attachments, Budget, attached
from fictures_reports.report.terminal_colours import Piece, Span, colours, pieces, shifted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: How much of a message, and of the output (its end), is shown.
MOST_MESSAGE: Final = 8_000
MOST_OUTPUT: Final = 4_000
#: Lines of a call log that are shown before "and so on".
MOST_LOG_LINES: Final = 12
_CALL_LOG: Final = "Call log:\n"
#: The values in a message: what was wanted and what came.
_VALUES: Final = Pattern(
    r"^[ \t]*(?:Expected|Received)[^:\n]*:[ \t]*(?P<value>\S[^\n]*)$", "Expected", "Received"
)
#: What producers call an attempt's end, in the words of a result's status.
_ENDS: Final = {"timedOut": "failed"}


class Part(NamedTuple):
    """A stretch of a text, marked or not, in pieces of one colour."""

    pieces: list[Piece]
    marked: bool = False


class StepShown(NamedTuple):
    """A step of an attempt, as deep as it lies within others."""

    title: str
    depth: int
    is_failed: bool
    seconds: float | None = None


@dataclass(frozen=True)
class Try:
    """One attempt of one side; of a side that was tried once, all that is known of it."""

    #: "before", "after", or "" in a report on one run
    side: str
    #: from 1; 0 where there was one only
    number: int
    status: str
    seconds: float | None
    #: whether it is the one that explains the result
    decides: bool
    #: the result that it belongs to
    row: Any
    location: str = ""
    message: list[Part] = field(default_factory=list)
    #: the rest of a long call log, and its lines
    log: list[Part] = field(default_factory=list)
    n_log: int = 0
    #: characters that are left out
    n_cut: int = 0
    snippet: list[Part] = field(default_factory=list)
    output: list[Piece] = field(default_factory=list)
    n_output_cut: int = 0
    steps: Sequence[StepShown] = ()
    attachments: Attachments = field(default_factory=Attachments)


def tries_of(side: str, row: Any, budget: Budget) -> list[Try]:
    """Return the attempts of a row of a results frame, the first one first."""
    attempts = attempts_of(row)
    if len(attempts) < 2:
        only = attempts[0] if attempts else {}
        return [
            Try(side, 0, row.status, known(row.duration_s), decides=True, row=row, **_texts(row),
                steps=_steps(only), attachments=_attached(row, only, budget))
        ]  # fmt: skip
    place = deciding(attempts)
    return [
        Try(side, i + 1, _end(attempt, row), known(attempt.get("duration_s")), decides=i == place,
            row=row, **_texts(row if i == place else _as_row(attempt)), steps=_steps(attempt),
            attachments=_attached(row, attempt, budget))
        for i, attempt in enumerate(attempts)
    ]  # fmt: skip


def _end(attempt: Mapping[str, Any], row: Any) -> str:
    """Return how an attempt ended, in the words of a result's status."""
    end = str(attempt.get("status") or row.status)
    return _ENDS.get(end, end)


def _attached(row: Any, attempt: Mapping[str, Any], budget: Budget) -> Attachments:
    return attached(attachments_of(row, attempt), budget, failed=row.status in ("failed", "flaky"))


def attempts_of(row: Any) -> list[Mapping[str, Any]]:
    """Return the attempts that a row has; none where its producer writes none."""
    return [attempt for attempt in _list(row.attempts) if isinstance(attempt, dict)]


def deciding(attempts: Sequence[Mapping[str, Any]]) -> int:
    """Return the place of the attempt that explains the result."""
    return deciding_place([
        (str(attempt.get("status")), [e.get("message") or "" for e in attempt.get("errors") or ()])
        for attempt in attempts
    ])  # fmt: skip


def attachments_of(row: Any, attempt: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return what an attempt attached: of the only one, what its row has."""
    attachments = attempt.get("attachments") if len(attempts_of(row)) > 1 else row.attachments
    return _list(attachments)


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else []


def _as_row(attempt: Mapping[str, Any]) -> Any:
    """Lay an attempt out as a row has it, so that both are shown alike."""
    errors = [e for e in attempt.get("errors") or () if isinstance(e, dict)]
    first = errors[0] if errors else {}
    return SimpleNamespace(
        message="\n\n".join(str(e.get("message") or "") for e in errors) or None,
        snippet=first.get("snippet"), location=first.get("location"), evidence=None,
        stdout=attempt.get("stdout"), stderr=attempt.get("stderr"), attempts=[attempt],
    )  # fmt: skip


def _texts(row: Any) -> dict[str, Any]:
    """Cut the texts of a row into pieces: message, call log, snippet and output of a `Try`."""
    message, evidence = known(row.message) or "", known(row.evidence) or ""
    spans = colours(row)
    of_message = spans.get("message", [])
    shown = message[:MOST_MESSAGE]
    end, n_log = _end_of_log(shown)
    output, output_spans = _output(row, spans)
    n_output_cut = max(0, len(output) - MOST_OUTPUT)
    return {
        "location": known(row.location) or "",
        "message": marked(shown[:end] if n_log else shown, evidence, of_message),
        "log": [Part(pieces(shown, of_message, end))] if n_log else [],
        "n_log": n_log,
        "n_cut": len(message) - len(shown),
        "snippet": lines(known(row.snippet) or "", spans.get("snippet", [])),
        "output": pieces(output, output_spans, n_output_cut),
        "n_output_cut": n_output_cut,
    }


def _steps(attempt: Mapping[str, Any]) -> list[StepShown]:
    """Return the steps of an attempt; runs that were kept before 0.2 have only failed ones."""
    extra = attempt.get("extra")
    steps = _list(extra.get("steps") if isinstance(extra, dict) else None)
    return [
        StepShown(str(step.get("title")), int(step.get("depth") or 0), bool(step.get("failed")),
                  step.get("seconds"))
        if isinstance(step, dict)
        else StepShown(str(step), i, is_failed=True)
        for i, step in enumerate(steps)
    ]  # fmt: skip


def marked(text: str, words: str, spans: list[Span]) -> list[Part]:
    """Cut a text into marked and other parts: the values that were compared, or else the words.

    >>> [part.marked for part in marked("Error: no such row", "no such", [])]
    [False, True, False]
    """
    found = [(m.end() - len(m["value"]), m.end()) for m in _VALUES.finditer(text)]
    if not found and words and words in text:
        start = text.index(words)
        found = [(start, start + len(words))]
    parts, at = [], 0
    for start, end in found:
        parts += [
            Part(pieces(text, spans, at, start)),
            Part(pieces(text, spans, start, end), marked=True),
        ]
        at = end
    parts.append(Part(pieces(text, spans, at)))
    return [part for part in parts if part.pieces]


def lines(snippet: str, spans: list[Span]) -> list[Part]:
    """Cut source lines apart; the one that failed is marked as its producer did, with ">"."""
    found, at = [], 0
    for line in snippet.splitlines(keepends=True):
        end = at + len(line)
        hit = line.lstrip().startswith(">")
        found.append(Part(pieces(snippet, spans, at, at + len(line.rstrip("\r\n"))), marked=hit))
        at = end
    return found


def _end_of_log(text: str) -> tuple[int, int]:
    """Return where a long call log is cut, and how many lines follow; (0, 0) for none."""
    start = text.find(_CALL_LOG)
    if start < 0:
        return 0, 0
    at = start + len(_CALL_LOG)
    log_lines = text[at:].splitlines(keepends=True)
    if len(log_lines) <= MOST_LOG_LINES + 1:
        return 0, 0
    return at + sum(map(len, log_lines[:MOST_LOG_LINES])), len(log_lines) - MOST_LOG_LINES


def _output(row: Any, spans_of: Mapping[str, list[Span]]) -> tuple[str, list[Span]]:
    stdout, stderr = known(row.stdout) or "", known(row.stderr) or ""
    first = f"{stdout}\n" if stdout and stderr else stdout
    return first + stderr, spans_of.get("stdout", []) + shifted(
        spans_of.get("stderr", []), len(first)
    )
