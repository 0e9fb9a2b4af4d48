"""What a failure text says when everything is taken out that the producer put around it.

`plain` drops colours, code frames, stacks, headers and the paths of attachments.
"""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern, encodable

#: Longest text that is looked at; a longer one is read at its beginning and its end.
HEAD: Final = 12_000
TAIL: Final = 4_000

_ANSI = Pattern(
    r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|#x1B\[[0-9;]*m", "\x1b", "#x1B"
)
# JUnit writers strip the escape character but may leave the rest: "[31mreceived[39m"
_BARE_ANSI = Pattern(r"\[(?:[0-9]|[1-4][0-9]|9[0-7])(?:;[0-9]{1,3}){0,3}m")
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
_BLANK = Pattern(r"\n[ \t]*(?:\n[ \t]*)+\n")


def shorten(text: str) -> str:
    """Return the text, or its beginning and end when it is too long to read."""
    if len(text) > HEAD + TAIL:
        text = f"{text[:HEAD]}\n…\n{text[-TAIL:]}"
    return encodable(text)


def without_colours(text: str) -> str:
    """Take out terminal colours, also those that lost their escape character."""
    text = _ANSI.without(text)
    # "[2m" once may be a word of the test; a colour comes in pairs
    if text.count("[") > 1:
        pieces = _BARE_ANSI.split(text)
        text = "".join(pieces) if len(pieces) > 2 else text
    return text


def plain(text: str) -> str:
    r"""Return the message in a failure text: no colours, code frame, stack, header, attachments.

    >>> plain("Error: no story\n\n> 3 |   expect(n)\n    |   ^\n    at a.spec.ts:3:5")
    'Error: no story'
    """
    text = without_colours(shorten(text)).replace("\r\n", "\n")
    return "\n\n".join(_BLANK.split(_DROPPED.without(text))).strip()


def failing_line(frame: str) -> str:
    """Return the source line that a code frame points at."""
    at = frame.find(">")
    while at >= 0:
        end = frame.find("\n", at)
        if not frame[frame.rfind("\n", 0, at) + 1 : at].strip(" \t"):
            line = frame[at + 1 : end if end >= 0 else None]
            if line:
                return _without_line_number(line.lstrip(" \t")).strip()
        at = frame.find(">", end) if end >= 0 else -1
    return _above_error(frame)


def _above_error(frame: str) -> str:
    """Return the line above pytest's first "E   ": short tracebacks have no other mark."""
    above, found, _ = frame.partition("\nE   ")
    line = above.rpartition("\n")[2] if found else ""
    return "" if line.startswith("E ") or line.rstrip().endswith(":") else line.strip()


def _without_line_number(line: str) -> str:
    """Take '27 |' off the beginning of a line of code."""
    number, bar, code = line.partition(" |")
    return code if bar and code and number.isascii() and number.isdigit() else line
