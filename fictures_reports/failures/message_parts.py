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

from fictures_reports.failures.error_groups import GROUP_TRACEBACK, members_of
from fictures_reports.failures.plain_text import failing_line, plain, shorten, without_colours
from fictures_reports.patterns import Pattern, any_in, encodable

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
    #: which of the reported errors it was read from
    source: int = 0
    #: whether it is one of several in an exception group or a list of soft assertions
    in_group: bool = False


# A blank line, then something that can only begin an error of its own.
_NEXT_ERROR = Pattern(
    r"\n-----?\n|\n[ \t]*\n(?:[ \t]*)((?:Test timeout of|Tearing down \"|Fixture \""
    r"|\"\w+\" hook timeout"
    r"|(?:Error|\w+Error|\w+Exception): )[^\n]*)",
    "\n----", "Test timeout of", 'Tearing down "', 'Fixture "', "hook timeout", "Error: ",
    "Exception: ",
)  # fmt: skip
_CHAIN = (
    "During handling of the above exception, another exception occurred:",
    "The above exception was the direct cause of the following exception:",
)
_CAUSE = Pattern(
    r"^[ \t]*(?:\[cause\]|Caused by|\[errors\]): ", "[cause]: ", "Caused by: ", "[errors]: "
)
_E_LINES = Pattern(r"^E(?:   +([^\n]*)|[ \t]*)$")
_RETRY = Pattern(r"^[ \t]*Retry #\d+ ─+[^\n]*\n", "Retry #")
_LEADING_TYPE = Pattern(
    r"\A(?:Uncaught |Unhandled |\[)?((?:[A-Za-z_][\w$]*[.\\/])*[A-Z][\w$]*)\]?(?:: |\z)"
)
_ON_PHASE = Pattern(r"\Afailed on (setup|teardown) with [\"']", "failed on ")
_WRAPPERS = Pattern(
    r"\A(?:collection failure|internal error|The test failed in the \w+ phase[^\n]*"
    r"|test failure|Test failed|Failed)\z",
    "collection failure", "internal error", "The test failed in the ", "test failure",
    "Test failed", "Failed",
)  # fmt: skip
_TRACEBACK_NOISE = Pattern(
    r"^Traceback \(most recent call last\):[ \t]*\n?"
    r"|^[ \t]*\w[^\n]*\.py:\d+: (?:in \w[^\n]*|\w+)?\n?$",
    "Traceback (most recent call last):", ".py:",
)  # fmt: skip
_IMPORT_WRAPPER = Pattern(
    r"^(?:ImportError while importing test module [^\n]*"
    r"|ImportError while loading conftest[^\n]*"
    r"|Hint: make sure your test modules/packages have valid Python names\.|Traceback:)\n?",
    "ImportError while ", "Hint: ", "Traceback:",
)  # fmt: skip


class ReportedError(NamedTuple):
    """What a result file says of an error; empty where it says nothing."""

    message: str
    error_type: str = ""
    phase: str = ""
    location: str = ""
    stack: str = ""
    snippet: str = ""


def errors_in(reported: Iterable[ReportedError]) -> tuple[Error, ...]:
    """Take failure texts apart; a text that holds several errors gives several."""
    return tuple(
        error
        for n, reported_error in enumerate(reported)
        for error in _errors_in(reported_error, n)
    )


def _errors_in(reported: ReportedError, source: int) -> list[Error]:
    if members := members_of(reported.message, reported.stack):
        return [_member(member, reported, source) for member in members]
    text = without_colours(shorten(reported.message)).replace("\r\n", "\n")
    first, *later_errors = [_error(part) for part in _split(_before_retry(text))] or [Error(("",))]
    stack = shorten(reported.stack)
    errors = [_with_stack(first, stack), *later_errors]
    quoted = failing_line(stack) if not errors[0].code else ""
    errors[0] = errors[0]._replace(
        error_type=reported.error_type or errors[0].error_type, code=errors[0].code or quoted
    )
    snippet = failing_line(encodable(reported.snippet))
    return [
        error._replace(
            phase=reported.phase or error.phase, code=error.code or snippet, source=source
        )
        for error in errors
    ]


def _member(text: str, reported: ReportedError, source: int) -> Error:
    """Read a member of a group; what the file says of the group's class is not about it."""
    error = _error(without_colours(shorten(text)).replace("\r\n", "\n"))
    phase = reported.phase or error.phase
    return error._replace(phase=phase, source=source, in_group=True)


def _before_retry(text: str) -> str:
    """Return what Playwright's JUnit says of the first attempt."""
    return _RETRY.split(text, 1)[0] or text


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


def _with_stack(error: Error, stack: str) -> Error:
    """Add what the stack or traceback behind an error shows."""
    if not error.chain[0] or _WRAPPERS.search(error.chain[0]):
        chain = _chain(stack) or error.chain
        return error._replace(chain=chain, error_type=type_of(chain[0]))
    if any_in(stack, _CHAIN):
        return error._replace(chain=(*error.chain, *_chain(stack, 1)))
    return error


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
    found = _ON_PHASE.search(text)
    if not found:
        return text, ""
    inner = text[found.end() :]
    return inner.rstrip().removesuffix('"').removesuffix("'"), found[1]


def _causes(text: str) -> list[str]:
    """Split a chain of errors, the outermost first."""
    parts = [text]
    for mark in _CHAIN:
        parts = [piece for part in parts for piece in part.split(mark)]
    if not _CAUSE.may_match(text):
        return parts[::-1][:MOST]
    # Python prints the root first, Java and JavaScript last
    causes = (piece for part in reversed(parts) for piece in _CAUSE.split(part, MOST))
    return list(islice(causes, MOST))


def _message(text: str) -> str:
    """Return one error's own words, out of a traceback if need be; of a group, its first's."""
    if GROUP_TRACEBACK in text:
        text = next(iter(members_of(text)), text)
    e_lines = [found[1] for found in _E_LINES.finditer(text)] if "\nE" in f"\n{text}" else []
    if any(e_lines):
        return plain(_IMPORT_WRAPPER.without("\n".join(e_lines)))
    if "Traceback (most recent call last):" in text:
        before, _, trace = text.rpartition("Traceback (most recent call last):")
        words = _behind_frames(trace.splitlines())
        text = "\n".join([before, *words]) if before.strip() else "\n".join(words)
    return plain(_TRACEBACK_NOISE.without(text))


def _behind_frames(lines: list[str]) -> list[str]:
    """Return what stands below a traceback's frames: the error's own words.

    The frames are indented; where the whole traceback is, the words are its last line.
    """
    first = next((n for n, line in enumerate(lines) if line and line[0] not in " \t"), None)
    if first is None:
        return [line.strip() for line in lines if line.strip()][-1:]
    return lines[first:]


def type_of(message: str) -> str:
    """Return the class that a message begins with: `TimeoutError: page.goto: …`."""
    first = message.partition("\n")[0]
    found = _LEADING_TYPE.search(first)
    return found[1] if found else ""
