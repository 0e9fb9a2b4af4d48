r"""Playwright's error texts: message and call log, then code frame, then stack.

Error: expect(received).toBe(expected)

Expected: 2
Received: 1

  11 |   const n = await count();
> 12 |   expect(n).toBe(2);
     |             ^
  13 | });
    at /srv/app/tests/a.spec.ts:12:13
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fictures_reports.readers.rows import Failure
from fictures_reports.readers.text.clean import with_slashes
from fictures_reports.readers.text.linear import DIGIT, is_word, linear
from fictures_reports.readers.text.user_code import is_library

if TYPE_CHECKING:
    from collections.abc import Iterator

_STACK_PLACE = linear(
    rf"(?:\(|at )((?:[A-Za-z]:|file:///|webpack(?:-internal)?://)?[^():\n]+)"
    rf":({DIGIT}+):({DIGIT}+)\)?$"
)
#: what stands in a stack for code that has no file
_NO_FILES = ("(<anonymous>", "(native")
_HOOKS = [f"{which}{quote} hook" for which in ("All", "Each") for quote in ('"', "")]
_SETUP = ('while setting up "', "exceeded during setup", *(f"before{hook}" for hook in _HOOKS))
_TEARDOWN = (
    'Tearing down "', 'while tearing down "', "exceeded during teardown",
    *(f"after{hook}" for hook in _HOOKS), "Worker teardown", "worker teardown",
)  # fmt: skip


def failure(
    text: str, *, root: str = "", location: str | None = None, snippet: str | None = None
) -> Failure:
    """Take an error text apart; it must be free of ANSI codes already.

    `root` is the run's root folder, cut off from locations below it. `location` and `snippet` are
    used where the producer gave them apart from the text.
    """
    message, frame, stack = split(text)
    return Failure(
        message=message,
        phase=phase(message),
        error_type=error_type(message),
        location=_location(location, _place(frame, stack, root)),
        snippet=snippet or frame,
        stack=stack,
    )


def _location(reported: str | None, found: str | None) -> str | None:
    """Take the place that the producer named, unless it is no file or a package's."""
    if not reported or "<anonymous>" in reported or (is_library(reported) and found):
        return found
    return reported


def split(text: str) -> tuple[str, str | None, str | None]:
    """Split an error text into message, code frame and stack; the latter two may be missing."""
    lines = text.split("\n")
    start, end = _frame(lines, 0)
    if start is None:
        cut = _stack_start(lines, 0)
        return _joined(lines[:cut]) or "", None, _joined(lines[cut:])
    messages = [_joined(lines[:start]) or "", *_causes(lines, end)]
    return "\n".join(messages), _joined(lines[start:end]), _joined(lines[end:])


def _causes(lines: list[str], end: int) -> Iterator[str]:
    """Go through the messages of the causes behind a code frame, each of which has its own."""
    while True:
        first = next(
            (i for i in range(end, len(lines)) if lines[i].lstrip().startswith("[cause]:")), None
        )
        if first is None:
            return
        start, end = _frame(lines, first)
        if start is None:
            yield _joined(lines[first : _stack_start(lines, first)]) or ""
            return
        yield _joined(lines[first:start]) or ""


def _stack_start(lines: list[str], first: int) -> int:
    return next((i for i in range(first, len(lines)) if is_stack_line(lines[i])), len(lines))


def is_stack_line(line: str) -> bool:
    """Tell a call in a stack by its place: "    at fill (/srv/a.ts:12:3)"."""
    call = line.lstrip(" ")
    if call == line or not call.startswith("at "):
        return False
    call = call[3:]
    before, _, number = call.removesuffix(")").rpartition(":")
    if before and number.isdecimal():
        return True
    return call.endswith(")") and any(call.find(name, 1, -1) >= 0 for name in _NO_FILES)


def _joined(lines: list[str]) -> str | None:
    return "\n".join(lines).strip("\n").rstrip() or None


def _frame(lines: list[str], first: int) -> tuple[int | None, int]:
    """Find the first code frame from a line on: lines "12 | …", one pointed at by ">"."""
    pointed = next((i for i in range(first, len(lines)) if _is_pointed(lines[i])), None)
    if pointed is None:
        return None, 0
    start = end = pointed
    while start > first and in_frame(lines[start - 1]):
        start -= 1
    while end < len(lines) and in_frame(lines[end]):
        end += 1
    # "   at ../pages/login.ts:39" stands above a frame of another file
    above = start - 1
    while above > first and not lines[above].strip():
        above -= 1
    if above > first and _frame_place(lines[above]):
        start = above
    return start, end


def in_frame(line: str) -> bool:
    """Tell a line of a code frame: "> 12 | code" or "     |   ^"."""
    number, bar, _ = line.partition("|")
    return bool(bar) and (not number.strip(" ") or _line_number(number.lstrip(" ")) is not None)


def _is_pointed(line: str) -> bool:
    number, bar, _ = line.partition("|")
    number = number.lstrip(" ")
    return bool(bar) and number.startswith(">") and _line_number(number) is not None


def _line_number(text: str) -> str | None:
    """Read "12 " or "> 12 "."""
    number = text.removeprefix(">").lstrip(" ")
    return number[:-1] if number.endswith(" ") and number[:-1].isdecimal() else None


def _frame_place(line: str) -> tuple[str, str] | None:
    """Read the path and the line of "   at ../pages/login.ts:39"."""
    place = line.lstrip(" ")
    path, _, number = place.removeprefix("at ").rpartition(":")
    if not place.startswith("at ") or not number.isdecimal() or path[:1].strip() == "":
        return None
    return path, number


def phase(message: str) -> str | None:
    """Tell where it failed, as far as the words do; an exception in a hook looks like any other."""
    first = message.split("\n", 1)[0]
    if any(words in first for words in _SETUP):
        return "setup"
    if any(words in first for words in _TEARDOWN):
        return "teardown"
    return "call" if _is_body_timeout(first) else None


def _is_body_timeout(line: str) -> bool:
    """Tell "Test timeout of 30000ms exceeded."."""
    start, end = "Test timeout of ", "s exceeded."
    if not line.startswith(start) or not line.endswith(end):
        return False
    number = line[len(start) : -len(end)].removesuffix("m")
    return number.replace(".", "0").isdecimal()


def error_type(message: str) -> str | None:
    """Read the class in front of a message: "TimeoutError: page.goto: …" → "TimeoutError"."""
    name, colon, _ = message.partition(": ")
    name = name.removeprefix("Uncaught ")
    *modules, last = name.split(".")
    if not colon or not all(map(_is_name, modules)) or not _is_name(last):
        return None
    return name if "A" <= last[0] <= "Z" else None


def _is_name(text: str) -> bool:
    first = text[:1]
    return first.isascii() and (first.isalpha() or first in "_$") and is_word(text, "$")


def _place(frame: str | None, stack: str | None, root: str) -> str | None:
    """Find the innermost place in the user's own code, or else the innermost of all."""
    inmost = None
    for line in (stack or "").split("\n"):
        match = _STACK_PLACE.search(line) if ":" in line else None
        if match and "<" not in match[1]:  # "<anonymous>" is code that ran in the page
            path = match[1].removeprefix("async ")
            place = f"{relative(path, root)}:{match[2]}:{match[3]}"
            if not is_library(path):
                return place
            inmost = inmost or place
    first = (frame or "").split("\n", 1)[0]
    if inmost is None and (frame_place := _frame_place(first)):
        return f"{relative(frame_place[0], root)}:{frame_place[1]}"
    return inmost


def relative(path: str, root: str) -> str:
    """Write a path below the run's root folder relative to it, with forward slashes."""
    path, root = with_slashes(path.removeprefix("file://")), with_slashes(root).rstrip("/")
    if path.startswith("webpack"):  # webpack://shop/./cypress/e2e/cart.cy.js
        path = path.partition("://")[2].partition("/./")[2] or path
    return path[len(root) + 1 :] if root and path.startswith(root + "/") else path
