"""What remains of a failure text when everything is taken out that differs from run to run.

Numbers, ids, times, paths and URLs become labels; equal values stay equal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.statements import is_bare, place_of, statement_of
from fictures_reports.failures.stuck_action import stuck_action
from fictures_reports.failures.wordings import engine_wording, network_cause, strict_mode
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from fictures_reports.patterns import Match

#: Longest signature: what differs beyond it is not told apart.
LONGEST: Final = 1_500

_TIME: Final = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
)
_UUID: Final = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
#: What differs from run to run: its kind and its pattern.
_KINDS: Final = (
    # a status says what happened, so it stays: <Response [503]>, "status code 503"
    (
        "kept",
        (
            r"\b(?i:assert|expected|got|received) [1-5]\d\d(?: (?:==|!=|in) [1-5]\d\d\b| \")"
            r"|(?i:status(?: code)?|response \[|http(?:/[0-9.]+)?|http error)[ :=>]{0,3}"
            r"[1-5]\d\d\b"
            # which module is missing, not where on this machine it was looked for
            r"|\b(?:import|module) ['\"][@\w./\-]+['\"]"
        ),
    ),
    ("time", _TIME),
    ("id", rf"{_UUID}|\b0x[0-9a-fA-F]+\b"),
    ("url", r"\b(?:https?|wss?|file)://[^\t\n\f\r \"'`<>)\]}]+"),
    ("path", r"(?:[A-Za-z]:[\\/]|(?:\.\.?)?/|~/)(?:[\w.@+\-]+[\\/])+[\w.@+\-]+"),
    ("ip", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+)?\b"),
    ("hash", r"\b[0-9a-f]*(?:\d[a-f]|[a-f]\d)[0-9a-f]*\b"),
    ("n", r"\d+(?:[,_.]\d+)*(?:e[-+]?\d+)?"),
)
_VARIABLE = Pattern("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS))
# Retry counts and repeated lines of a call log tell how long, not what.
_LOG = Pattern(
    r"^[ \t]*(?:Call [lL]og:|-+ *$|=+ logs =+|=+$|\d+ × [^\n]*|- +(?:Expect \"|expect\."
    r"|[A-Za-z]\w+ with timeout"
    r"|locator resolved to|attempting |retrying |waiting \d+ms|scrolling |unexpected value"
    r"|element |waiting for element"
    r"|done scrolling|performing |<[^\n]*intercepts|navigated to|waiting for\" )[^\n]*"
    r"|Browser logs:)[ \t]*\n?",
    "Call ", "-", "=", "×", "Browser logs:",
)  # fmt: skip
# Playwright's web-first assertions were reworded: both forms become the newer one.
_REWORDED: Final[tuple[tuple[Pattern, Callable[[Match], str]], ...]] = (
    (Pattern(r"^[^\n]*locator\(':root'\)[^\n]*\n?", "locator(':root')"), lambda _: ""),
    (
        Pattern(r"expect\(locator\)(\.(?:not\.)?toHave(?:Title|URL))", "expect(locator)"),
        lambda found: f"expect(page){found[1]}",
    ),
    (
        Pattern(r"^([ \t]*(?:Expected|Received)) string:", " string:"),
        lambda found: f"{found[1]}:",
    ),
    (
        Pattern(r"Timed out [\d.]+ms waiting for (expect\([^\n]*)", "Timed out "),
        lambda found: f"{found[1]} failed",
    ),
    (
        Pattern(r"^[ \t]*Received: +<element\(s\) not found>", "<element(s) not found>"),
        lambda _: "Error: element(s) not found",
    ),
    (Pattern(r"^[ \t]*Timeout: +[\d.]+ms\n?", "Timeout: "), lambda _: ""),
    (Pattern(r"failed failed", "failed failed"), lambda _: "failed"),
    (
        Pattern(
            r"^[ \t]*(?:Error|TimeoutError|playwright\._impl\._\w+\.\w+): (\w)",
            "Error: ", "playwright._impl._",
        ),
        lambda found: found[1],
    ),
    (
        Pattern(r"Request timed out after ([\d.]+)ms", "Request timed out"),
        lambda found: f"Timeout {found[1]}ms exceeded",
    ),
    (
        Pattern(r"Target closed", "Target closed"),
        lambda _: "Target page, context or browser has been closed",
    ),
)  # fmt: skip
_EMPTY_LINES = Pattern(r"\n(?:[ \t]*\n)+")
_SPACES = Pattern(r"(?:  |\t\t| \t|\t )[ \t]*", "  ", "\t\t", " \t", "\t ")


class Raised(NamedTuple):
    """Where an error was raised, as far as the result file says it; empty where it does not."""

    #: the source line that failed
    code: str = ""
    #: file and line
    location: str = ""
    stack: str = ""


def signature(text: str, raised: Raised = Raised()) -> str:  # noqa: B008 - a tuple, never changed
    """Take out of a failure text what differs from run to run; equal values stay equal.

    What browsers, drivers and versions word differently gets one wording. A comparison without
    any words of its author has the statement that failed, or its file, behind it.

    >>> signature("story 17 is not story 18, but story 17")
    'story <n1> is not story <n2>, but story <n1>'
    """
    words = plain(text)
    place = place_of(raised.location, raised.stack or text)
    known = network_cause(words) or stuck_action(words, place) or strict_mode(words)
    if known:
        return known[:LONGEST]
    engine = engine_wording(words)
    if engine:
        return _labelled(engine[:LONGEST])
    named = _labelled(_reworded(words))
    if not is_bare(words):
        return named
    return "\n".join([named, *statement_of(words, raised.code, place)])


def _reworded(text: str) -> str:
    """Take out the log of retries, and say what Playwright says in its newer words."""
    if _LOG.may_match(text):
        text = _LOG.without(text + "\n")
    for pattern, replacement in _REWORDED:
        text = pattern.sub(replacement, text)
    text = "\n".join(_EMPTY_LINES.split(text))
    return " ".join(_SPACES.split(text)).strip()[:LONGEST]


def _labelled(text: str) -> str:
    """Replace values by labels, each kind numbered from its first value on."""
    numbers_by_kind: dict[str, dict[str, int]] = {}

    def label(match: Match) -> str:
        kind = match.group_that_matched()
        if kind == "kept":
            return match[0]
        numbers = numbers_by_kind.setdefault(kind, {})
        return f"<{kind}{numbers.setdefault(match[0], len(numbers) + 1)}>"

    return _VARIABLE.sub(label, text)
