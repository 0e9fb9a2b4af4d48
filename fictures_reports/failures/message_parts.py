"""What the rules read: one failure text taken apart into errors, and each error into its causes.

Test timeout of 30000ms exceeded.          ← first error: decides
Error: locator.click: Test ended.          ← second error: a consequence, but it has the locator

ConnectionRefusedError: [Errno 111]        ← a cause of the error below it
During handling of the above exception, another exception occurred:
RuntimeError: no story                     ← the error
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from fictures_reports.failures.signature import failing_line, plain, shorten, without_colours
from fictures_reports.patterns import Pattern, any_in, ascii_re

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Errors of a text, and causes of an error, that are looked at.
MOST: Final = 8


class Error(NamedTuple):
    """One error of an attempt, as the rules see it."""

    #: the message first, then the messages of what caused it, outermost first
    chain: tuple[str, ...]
    error_type: str = ""
    phase: str = ""
    #: the source line that failed, where the producer quoted it: tells a status from a duration
    code: str = ""
    #: which of the errors told it was read from
    told: int = 0


# A blank line, then something that can only begin an error of its own.
_NEXT_ERROR = ascii_re(
    r"\n-{4,5}\n|\n[ \t]*\n(?:[ \t]*)((?:Test timeout of|Tearing down \"|Fixture \""
    r"|\"\w+\" hook timeout"
    r"|(?:Error|\w+Error|\w+Exception): )[^\n]*)"
)
_CHAIN = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
#: What stands in both of them.
_IN_CHAIN: Final = "he above exception"
_CAUSE = ascii_re(r"(?m)^[ \t]*(?:\[cause\]|Caused by|\[errors\]): ")
_CAUSE_WORDS: Final = ("[cause]: ", "Caused by: ", "[errors]: ")
_E_LINES = ascii_re(r"(?m)^E(?:   +([^\n]*)|[ \t]*)$")
_RETRY = ascii_re(r"(?m)^[ \t]*Retry #\d+ ─+[^\n]*\n")
_LEADING_TYPE = ascii_re(
    r"^(?:Uncaught |Unhandled |\[)?((?:[A-Za-z_][\w$]*[.\\/])*[A-Z][\w$]*)\]?(?:: |\Z)"
)
_ON_PHASE = ascii_re(r"^failed on (setup|teardown) with [\"']")
_WRAPPERS: Final = ascii_re(
    r"^(?:collection failure|internal error|The test failed in the \w+ phase[^\n]*"
    r"|test failure|Test failed|Failed)?\Z"
)
_TRACEBACK_NOISE = ascii_re(
    r"(?m)^Traceback \(most recent call last\):[ \t]*\n?"
    r"|^[ \t]*\w[^\n]*\.py:\d+: (?:in \w[^\n]*|\w+)?\n?$"
)
_TRACEBACK_WORDS: Final = ("Traceback (most recent call last):", ".py:")
_IMPORT_WRAPPER = ascii_re(
    r"(?m)^(?:ImportError while importing test module [^\n]*"
    r"|ImportError while loading conftest[^\n]*"
    r"|Hint: make sure your test modules/packages have valid Python names\.|Traceback:)\n?"
)


class Told(NamedTuple):
    """What a result file says of an error; empty where it says nothing."""

    message: str
    error_type: str = ""
    phase: str = ""
    location: str = ""
    stack: str = ""
    snippet: str = ""


class Read(NamedTuple):
    """What the rules are told of an error; of its stack often no more than a line."""

    #: without colours
    message: str
    error_type: str
    phase: str
    #: None where it has not been looked at
    stack: str | None
    #: the source line that failed, in the stack
    line: str
    #: and in the snippet; None where it has not been looked at
    quoted: str | None


class MoreNeeded(Exception):
    """An error was to be read without what has not been looked at."""


def read_told(told: Told) -> Read:
    """Take what rules are told out of what a file says."""
    stack = told.stack and shorten(told.stack)
    line = failing_line(stack) if stack else ""
    quoted = failing_line(told.snippet) if told.snippet else ""
    return Read(_readable(told.message), told.error_type, told.phase, stack, line, quoted)


def read_briefly(told: Told) -> Read:
    """Leave out what seldom matters: the stack of an error with words, a second source line."""
    message, error_type, phase, _, stack, snippet = told
    if _IN_CHAIN in stack:
        return read_told(told)
    line = failing_line(shorten(stack)) if stack else ""
    quoted = None if line else failing_line(snippet)
    return Read(_readable(message), error_type, phase, None, line, quoted)


def _readable(text: str) -> str:
    return without_colours(shorten(text)).replace("\r\n", "\n")


def errors_in(reads: Iterable[Read]) -> tuple[Error, ...]:
    """Take failure texts apart; a text that holds several errors gives several."""
    return tuple(error for n, read in enumerate(reads) for error in _errors_in(read, n))


def _errors_in(read: Read, told: int) -> list[Error]:
    first, *others = _told_in(read.message) or (Error(("",)),)
    errors = [_with_stack(first, read), *others]
    return [_with_told(error, read, told) for error in errors]


def _told_in(text: str) -> tuple[Error, ...]:
    """Take the errors out of a text without colours, as far as it tells by itself."""
    if "Retry #" in text:
        text = _RETRY.split(text)[0] or text
    return tuple(map(_error, _split(text)))


def _split(text: str) -> list[str]:
    # a rule of dashes is no part of the error below it
    found = list(islice(_NEXT_ERROR.finditer(text), MOST - 1))
    starts = [0, *(f.start(1) if f.start(1) >= 0 else f.end() for f in found)]
    parts = [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]
    return [part for part in parts if part.strip(" \t\n-")]


def _error(text: str) -> Error:
    text, phase = _unwrapped(text)
    chain = _chain(text)
    return Error(chain or ("",), type_of(chain[0] if chain else ""), phase, failing_line(text))


def _with_stack(error: Error, read: Read) -> Error:
    """Add what the stack or traceback behind an error tells."""
    chain, own_type, phase, code, _ = error
    if not chain[0] or _WRAPPERS.match(chain[0]):
        if read.stack is None:
            raise MoreNeeded
        chain = _chain(read.stack) or chain
        own_type = type_of(chain[0])
    elif read.stack and any_in(read.stack, _CHAIN):
        chain = (*chain, *_chain(read.stack, 1))
    return Error(chain, read.error_type or own_type, phase, code or read.line)


def _with_told(error: Error, read: Read, told: int) -> Error:
    code = error.code or read.quoted
    if code is None:
        raise MoreNeeded
    return Error(error.chain, error.error_type, read.phase or error.phase, code, told)


def _chain(text: str, start: int = 0) -> tuple[str, ...]:
    """Return the words of an error and of what caused it, outermost first."""
    return tuple(m for m in map(_message, _causes(text)[start:]) if m)


# What follows is what the test compared, not what a tool said: it may hold anything.
_VALUES = Pattern(
    # a call log quotes the page
    r"^\s*(?:Call [lL]og:|=+ logs? =+)"
    r"|^\s*(?:[-+] |E +)?(?:Expected|Received|Obtained|Actual value|Number of calls)\b"
    r"|^\s*(?:E +)?(?:AssertionError: )?assert |^\s*(?:@@ |--- Expected|\+\+\+ Actual)"
    r"|\)\.(?:not\.|resolves\.|rejects\.)*to(?:Be|Equal|StrictEqual|Contain|Match|Have)\w*\("
    r"|^(?:AssertionError: )?['\"\[({\d][^\n]* (?:!=|not found in|==) |Failed asserting that"
    r"|(?i:expected) '[^\n]*' (?:not )?to |(?:^|: )(?:Lists|Dicts|Tuples|Sets|Sequences) differ",
    "call log:", " log", "expected", "received", "obtained", "actual", "number of calls",
    "assert", "@@ ", ").", " != ", " == ", "not found in", "differ",
    folded=True,
)  # fmt: skip


def said_in(message: str) -> str:
    r"""Return what comes before the compared values: words in them mislead.

    >>> said_in("Error: no list\n\nexpect(received).toEqual(expected)\n\n- 401 Unauthorized")
    'Error: no list\n\nexpect(received'
    """
    found = _VALUES.search(message)
    return message[: found.start()] if found else message


def _unwrapped(text: str) -> tuple[str, str]:
    r"""Open 'failed on setup with "TypeError: …"', which tells the phase as well."""
    found = _ON_PHASE.match(text)
    if not found:
        return text, ""
    inner = text[found.end() :]
    return inner.rstrip().removesuffix('"').removesuffix("'"), found.group(1)


def _causes(text: str) -> list[str]:
    """Split a chain of errors, the outermost first."""
    parts = [text]
    for mark in _CHAIN:
        parts = [piece for part in parts for piece in part.split(mark)]
    if not any_in(text, _CAUSE_WORDS):
        return parts[::-1][:MOST]
    # Python prints the root first, Java and JavaScript last
    causes = (piece for part in reversed(parts) for piece in _CAUSE.split(part, MOST))
    return list(islice(causes, MOST))


def _message(text: str) -> str:
    """Return one error's own words, out of a traceback if need be."""
    e_lines = _E_LINES.findall(text) if text.startswith("E") or "\nE" in text else []
    if any(e_lines):
        return plain(_IMPORT_WRAPPER.sub("", "\n".join(e_lines)))
    if "Traceback (most recent call last):" in text:
        before, _, trace = text.rpartition("Traceback (most recent call last):")
        words = [line for line in trace.splitlines() if line and not line.startswith((" ", "\t"))]
        text = "\n".join([before, *words]) if before.strip() else "\n".join(words)
    if any_in(text, _TRACEBACK_WORDS):
        text = _TRACEBACK_NOISE.sub("", text)
    return plain(text)


def type_of(message: str) -> str:
    """Return the class that a message begins with: `TimeoutError: page.goto: …`."""
    first = message.partition("\n")[0]
    found = _LEADING_TYPE.match(first)
    return found.group(1) if found else ""
