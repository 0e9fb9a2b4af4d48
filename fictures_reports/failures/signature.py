"""What remains of a failure text when everything is taken out that differs from run to run.

`plain` drops what the producer put around the message (colours, code frames, stacks, headers);
`signature` also takes out numbers, ids, times, paths and URLs, keeping equal values equal.
`clusters` (see clusters.py) puts equal and near-equal signatures together.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from fictures_reports.failures.clusters import cluster_ids, clusters
from fictures_reports.patterns import (
    Pattern,
    any_in,
    ascii_re,
    of_any_digit,
    tells_digits_apart,
)
from fictures_reports.shapes import MOST, shape

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable

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
_LIKE_BARE_ANSI = ascii_re(of_any_digit(_BARE_ANSI.pattern) or "")
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
_LINE_NUMBER = ascii_re(r"\A\d+ \|(?=[^\n])")
_BLANK = ascii_re(r"\n[ \t]*(?:\n[ \t]*)+\n")


def shorten(text: str) -> str:
    """Return the text, or its beginning and end when it is too long to read."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n…\n{text[-TAIL:]}"
    return encodable(text)


def encodable(text: str) -> str:
    """Replace lone surrogates, which RE2 cannot read."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def without_colours(text: str) -> str:
    """Take out terminal colours, also those that lost their escape character."""
    if "\x1b" in text or "#x1B" in text:
        text = _ANSI.sub("", text)
    # "[2m" once may be a word of the test; a colour comes in pairs
    if "[" in text and _may_be_coloured(shape(text)) and len(_BARE_ANSI.findall(text)) > 1:
        text = _BARE_ANSI.sub("", text)
    return text


@lru_cache(maxsize=MOST)
def _may_be_coloured(of_text: str) -> bool:
    return len(_LIKE_BARE_ANSI.findall(of_text)) > 1


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
    at = frame.find(">")
    while at >= 0:
        end = frame.find("\n", at)
        if not frame[frame.rfind("\n", 0, at) + 1 : at].strip(" \t"):
            line = frame[at + 1 : end if end >= 0 else None]
            if line:
                line = line.lstrip(" \t")
                return (_LINE_NUMBER.sub("", line) if line[:1].isdigit() else line).strip()
        at = frame.find(">", end) if end >= 0 else -1
    return ""


_TIME: Final = (
    r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
    r"|\b\d\d:\d\d:\d\d(?:[.,]\d+)?\b"
)
_UUID: Final = r"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b"
#: What differs from run to run: its kind and its pattern.
_VARIABLE: Final[tuple[tuple[str, str], ...]] = (
    # a status says what happened, so it stays: <Response [503]>, "status code 503"
    (
        "kept",
        (
            r"\b(?iu:assert|expected|got|received) [1-5]\d\d(?: (?:==|!=|in) [1-5]\d\d\b| \")"
            r"|(?iu:status(?: code)?|response \[|http(?:/[0-9.]+)?|http error)[ :=>]{0,3}"
            r"[1-5]\d\d\b"
        ),
    ),
    ("time", _TIME),
    ("id", rf"{_UUID}|\b0x[0-9a-fA-F]+\b"),
    ("url", r"\b(?:https?|wss?|file)://[^\t\n\f\r \"'`<>)\]}]+"),
    ("path", r"(?:[A-Za-z]:[\\/]|(?:\.\.?)?/|~/)(?:[\w.@+\-]+[\\/])+[\w.@+\-]+"),
    ("ip", r"\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?::\d+)?\b"),
    ("hash", r"\b(?=[0-9a-f]*(?:\d[a-f]|[a-f]\d))[0-9a-f]+\b"),
    ("n", r"\d+(?:[,_.]\d+)*(?:e[-+]?\d+)?"),
)
#: The same for a text's shape, and the kinds that only a text's digits tell.
_LIKE_VARIABLE: Final = tuple((kind, ascii_re(of_any_digit(p) or "")) for kind, p in _VARIABLE)
_BY_DIGITS: Final = frozenset(kind for kind, p in _VARIABLE if tells_digits_apart(p))
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
    return signed(worded(text))


def worded(text: str) -> str:
    """Return what a signature is made of: all words, and the values yet as they are."""
    return _reworded(plain(text))


def signed(text: str) -> str:
    """Replace the values in what was `worded`."""
    found = values_in(text)
    if isinstance(found, tuple):
        return labelled(text, found)
    return labelled(text, ((m.lastgroup or "", *m.span()) for m in found.finditer(text)))


def values_in(text: str) -> tuple[Value, ...] | re.Pattern[str]:
    """Return what differs from run to run; where digits decide that, what to find it by."""
    return _values_in(shape(text))


def _reworded(text: str) -> str:
    """Take out the log of retries, and say what Playwright says in its newer words."""
    if any_in(text, _LOG_WORDS):
        text = _LOG.sub("", text + "\n")
    for word, pattern, to in _REWORDED:
        if word in text:
            text = pattern.sub(to, text)
    return _SPACES.sub(" ", _EMPTY.sub("\n", text)).strip()[:LONGEST]


#: Kind of a value and where it begins and ends.
Value = tuple[str, int, int]


@lru_cache(maxsize=MOST)
def _values_in(of_text: str) -> tuple[Value, ...] | re.Pattern[str]:
    kinds = tuple(kind for kind, like in _LIKE_VARIABLE if like.search(of_text))
    joined = _variable(kinds)
    if any(kind in _BY_DIGITS for kind in kinds):
        return joined
    return tuple((m.lastgroup or "", *m.span()) for m in joined.finditer(of_text)) if kinds else ()


@lru_cache
def _variable(kinds: tuple[str, ...]) -> re.Pattern[str]:
    """Join the patterns of the kinds that a text may hold: every further one costs time."""
    return ascii_re("|".join(f"(?P<{kind}>{p})" for kind, p in _VARIABLE if kind in kinds))


def labelled(text: str, values: Iterable[Value]) -> str:
    """Replace values by labels, each kind numbered from its first value on."""
    seen: dict[str, dict[str, int]] = {}
    pieces: list[str] = []
    end = 0
    for kind, start, stop in values:
        if kind == "kept":
            continue
        numbers = seen.setdefault(kind, {})
        number = numbers.setdefault(text[start:stop], len(numbers) + 1)
        pieces += text[end:start], f"<{kind}{number}>"
        end = stop
    return "".join(pieces) + text[end:]
