"""What remains of a failure text when everything is taken out that differs from run to run.

`plain` drops what the producer put around the message (colours, code frames, stacks, headers);
`signature` also takes out numbers, ids, times, paths and URLs, keeping equal values equal.
`clusters` (see clusters.py) puts equal and near-equal signatures together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fictures_reports.clusters import cluster_ids, clusters
from fictures_reports.patterns import Pattern, any_in, ascii_re

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

__all__ = [
    "cluster_ids",
    "clusters",
    "failing_line",
    "plain",
    "shorten",
    "signature",
    "without_colours",
]

#: Longest text that is looked at; a longer one is read at its beginning and its end.
HEAD: Final = 12_000
TAIL: Final = 4_000
#: Longest signature: what differs beyond it is not told apart.
LONGEST: Final = 1_500

_ANSI = ascii_re(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|#x1B\[[0-9;]*m")
# JUnit writers strip the escape character but may leave the rest: "[31mreceived[39m"
_BARE_ANSI = ascii_re(r"\[(?:[0-9]|[1-4][0-9]|9[0-7])(?:;[0-9]{1,3}){0,3}m")
_DROPPED = Pattern(
    # stacks: "    at Object.<anonymous> (a.js:1:2)", "\tat com.x.A.b(A.java:10)"
    r"(?:^(?:[ \t]+at (?:[^\n]*[:(][^\n]*|[\w.$<>]+)|[ \t]*(?:"
    # code frames: "> 27 |   await like.click();" and "     |              ^"
    r">?[ \t]*[0-9]+[ \t]+\|[^\n]*|\|[ \t~^-]*"
    r"|\.\.\. [0-9]+ (?:more|common frames omitted)"
    # Python: '  File "x.py", line 3, in f' and its underlining
    r'|File "[^\n]*", line [0-9]+[^\n]*|[~^]{2,}'
    # Playwright's JUnit: "[chromium] › a.spec.ts:3:5 › title ────", attachments and their paths
    r"|(?:\[[^\]\n]*\] › )?[^\n]* › [^\n]*─+|[^\n]*\.[cm]?[jt]sx?:[0-9]+:[0-9]+ › [^\n]*"
    r"|\[[^\]\n]*\] › [^\n]*|─{5,}|attachment #[0-9]+: [^\n]*|Error Context: [^\n]*"
    r"|Usage:|npx playwright show-trace [^\n]*|(?:\.\./)*test-results/[^\n]*"
    r"|<launching> [^\n]*|\[pid=[0-9]+\] <gracefully close [^\n]*"
    # pytest-xdist's "[gw0] linux -- Python 3.12.1 /usr/bin/python"
    r"|\[gw[0-9]+\] \w+ -- Python [^\n]*"
    # Go and PHPUnit name the test inside its own text
    r"|=== (?:RUN|PAUSE|CONT|NAME) [^\n]*|--- (?:FAIL|SKIP|PASS): [^\n]*"
    r"|[A-Z]\w*(?:\\[A-Z]\w*)+::\w+[^\n]*"
    r"))[ \t\r]*(?:\n|\z))+",
    "at ", "|", "... ", 'File "', "~", "^", "›", "─", "attachment #", "Error Context: ", "Usage:",
    "show-trace", "test-results/", "<launching>", "[pid=", "[gw", "=== ", "--- ", "::",
)  # fmt: skip
_FAILING_LINE = ascii_re(r"(?m)^[ \t]*>[ \t]*(?:\d+ \|)?([^\n]+)$")
_BLANK = ascii_re(r"\n[ \t]*(?:\n[ \t]*)+\n")


def shorten(text: str) -> str:
    """Return the text, or its beginning and end when it is too long to read."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n…\n{text[-TAIL:]}"
    return text if text.isascii() else encodable(text)


def encodable(text: str) -> str:
    """Replace lone surrogates, which RE2 cannot read."""
    return text.encode("utf-8", "replace").decode("utf-8")


def without_colours(text: str) -> str:
    """Take out terminal colours, also those that lost their escape character."""
    if "\x1b" in text or "#x1B" in text:
        text = _ANSI.sub("", text)
    # "[2m" once may be a word of the test; a colour comes in pairs
    if "[" in text and text.count("m") > 1 and len(_BARE_ANSI.findall(text)) > 1:
        text = _BARE_ANSI.sub("", text)
    return text


def plain(text: str) -> str:
    r"""Return the message in a failure text: no colours, code frame, stack, header, attachments.

    >>> plain("Error: no story\n\n> 3 |   expect(n)\n    |   ^\n    at a.spec.ts:3:5")
    'Error: no story'
    """
    return _plain(shorten(text))


# a message is asked for by its signature, its numbers and its time-outs, one after the other
@lru_cache(maxsize=64)
def _plain(text: str) -> str:
    text = without_colours(text).replace("\r\n", "\n")
    return _BLANK.sub("\n\n", _DROPPED.without(text)).strip()


def failing_line(frame: str) -> str:
    """Return the source line that a code frame points at."""
    found = _FAILING_LINE.search(frame) if ">" in frame else None
    return found.group(1).strip() if found else ""


_TIME: Final = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
)
_UUID: Final = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
#: What differs from run to run: its kind, words one of which stands in it, and its pattern.
_VARIABLE: Final[tuple[tuple[str, tuple[str, ...], str], ...]] = (
    # a status says what happened, so it stays: <Response [503]>, "status code 503"
    (
        "kept",
        ("assert", "expected", "got", "received", "status", "response", "http"),
        (
            r"\b(?iu:assert|expected|got|received) [1-5]\d\d(?: (?:==|!=|in) [1-5]\d\d\b| \")"
            r"|(?iu:status(?: code)?|response \[|http(?:/[0-9.]+)?|http error)[ :=>]{0,3}"
            r"[1-5]\d\d\b"
        ),
    ),
    ("time", ("-", ":"), _TIME),
    ("id", ("-", "0x"), rf"{_UUID}|\b0x[0-9a-fA-F]+\b"),
    ("url", ("://",), r"\b(?:https?|wss?|file)://[^\t\n\f\r \"'`<>)\]}]+"),
    ("path", ("/", "\\"), r"(?:[A-Za-z]:[\\/]|(?:\.\.?)?/|~/)(?:[\w.@+\-]+[\\/])+[\w.@+\-]+"),
    ("ip", (".",), r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+)?\b"),
    ("hash", (), r"\b(?=[0-9a-f]*(?:\d[a-f]|[a-f]\d))[0-9a-f]+\b"),
    ("n", (), r"\d+(?:[,_.]\d+)*(?:e[-+]?\d+)?"),
)
# Retry counts and repeated lines of a call log tell how long, not what.
_LOG = ascii_re(
    r"(?m)^[ \t]*(?:Call [lL]og:|-+ *$|=+ logs =+|=+$|\d+ × [^\n]*|- +(?:Expect \"|expect\."
    r"|[A-Za-z]\w+ with timeout"
    r"|locator resolved to|attempting |retrying |waiting \d+ms|scrolling |unexpected value"
    r"|element |waiting for element"
    r"|done scrolling|performing |<[^\n]*intercepts|navigated to|waiting for\" )[^\n]*"
    r"|Browser logs:)[ \t]*\n?"
)
_LOG_WORDS: Final = ("Call ", "-", "=", "×", "Browser logs:")
# Playwright's web-first assertions were reworded: both forms become the newer one. The word stands
# in all that the pattern behind it matches.
_REWORDED: Final = (
    ("locator(':root')", ascii_re(r"(?m)^[^\n]*locator\(':root'\)[^\n]*\n?"), ""),
    (
        "expect(locator)",
        ascii_re(r"expect\(locator\)(\.(?:not\.)?toHave(?:Title|URL))"),
        r"expect(page)\1",
    ),
    (" string:", ascii_re(r"(?m)^([ \t]*(?:Expected|Received)) string:"), r"\1:"),
    (
        "Timed out ",
        ascii_re(r"Timed out [\d.]+ms waiting for (expect\([^\n]*)"),
        r"\1 failed",
    ),
    (
        "<element(s) not found>",
        ascii_re(r"(?m)^[ \t]*Received: +<element\(s\) not found>"),
        "Error: element(s) not found",
    ),
    ("Timeout: ", ascii_re(r"(?m)^[ \t]*Timeout: +[\d.]+ms\n?"), ""),
    ("failed failed", ascii_re(r"failed failed"), "failed"),
    (
        ": ",
        ascii_re(r"(?m)^[ \t]*(?:Error|TimeoutError|playwright\._impl\._\w+\.\w+): (\w)"),
        r"\1",
    ),
    (
        "Request timed out",
        ascii_re(r"Request timed out after ([\d.]+)ms"),
        r"Timeout \1ms exceeded",
    ),
    (
        "Target closed",
        ascii_re(r"Target closed"),
        "Target page, context or browser has been closed",
    ),
)
_EMPTY = ascii_re(r"\n(?:[ \t]*\n)+")
_SPACES = ascii_re(r"[ \t]{2,}")


def signature(text: str) -> str:
    """Take out of a failure text what differs from run to run; equal values stay equal.

    >>> signature("story 17 is not story 18, but story 17")
    'story <n1> is not story <n2>, but story <n1>'
    """
    text = plain(text)
    if any_in(text, _LOG_WORDS):
        text = _LOG.sub("", text + "\n")
    for word, pattern, to in _REWORDED:
        if word in text:
            text = pattern.sub(to, text)
    text = _SPACES.sub(" ", _EMPTY.sub("\n", text)).strip()[:LONGEST]
    folded = text.casefold()
    kinds = tuple(kind for kind, words, _ in _VARIABLE if not words or any_in(folded, words))
    return _variable(kinds).sub(_labeller(), text)


@lru_cache
def _variable(kinds: tuple[str, ...]) -> re.Pattern[str]:
    """Join the patterns of the kinds that a text may hold: every further one costs time."""
    return ascii_re("|".join(f"(?P<{kind}>{p})" for kind, _, p in _VARIABLE if kind in kinds))


def _labeller() -> Callable[[re.Match[str]], str]:
    """Make the function that replaces values, numbering each kind only from its second value."""
    seen: dict[str, dict[str, int]] = {}

    def label(found: re.Match[str]) -> str:
        kind, words = found.lastgroup or "", found.group()
        if kind == "kept":
            return words
        values = seen.setdefault(kind, {})
        return f"<{kind}{values.setdefault(words, len(values) + 1)}>"

    return label
