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

import re

from fictures_reports.readers.rows import Failure
from fictures_reports.readers.text.clean import with_slashes

_FRAME_LINE = re.compile(r"^ *(?:> *)?\d+ \|")
_POINTED_LINE = re.compile(r"^ *> *\d+ \|")
_CARET_LINE = re.compile(r"^ *\| *\^*")
_STACK_LINE = re.compile(
    r"^ +at (?:.*\()?(?:.+):\d+(?::\d+)?\)?$|^ +at .+\((?:<anonymous>|native).*\)$"
)
_STACK_PLACE = re.compile(r"(?:\(|at )((?:[A-Za-z]:|file:///)?[^():\n]+):(\d+):(\d+)\)?$")
_FRAME_PLACE = re.compile(r"^ *at (\S.*):(\d+)$")
_ERROR_TYPE = re.compile(
    r"^(?:Uncaught )?((?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception|Warning)?): "
)
_SETUP = re.compile(r'while setting up "|exceeded during setup|"?before(?:All|Each)"? hook')
_TEARDOWN = re.compile(
    r'Tearing down "|while tearing down "|exceeded during teardown|"?after(?:All|Each)"? hook'
    r"|[Ww]orker teardown"
)
_BODY_TIMEOUT = re.compile(r"^Test timeout of [\d.]+m?s exceeded\.$")


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
        location=(None if "<anonymous>" in (location or "") else location)
        or _place(frame, stack, root),
        snippet=snippet or frame,
        stack=stack,
    )


def split(text: str) -> tuple[str, str | None, str | None]:
    """Split an error text into message, code frame and stack; the latter two may be missing."""
    lines = text.split("\n")
    start, end = _frame(lines)
    if start is None:
        cut = next((i for i, line in enumerate(lines) if _STACK_LINE.match(line)), len(lines))
        return _joined(lines[:cut]) or "", None, _joined(lines[cut:])
    stack, rest = lines[end:], ""
    if cause := [i for i, line in enumerate(stack) if line.lstrip().startswith("[cause]:")]:
        rest = "\n" + split("\n".join(stack[cause[0] :]).strip("\n"))[0]
    return (_joined(lines[:start]) or "") + rest, _joined(lines[start:end]), _joined(stack)


def _joined(lines: list[str]) -> str | None:
    return "\n".join(lines).strip("\n").rstrip() or None


def _frame(lines: list[str]) -> tuple[int | None, int]:
    """Find the first code frame: lines "12 | …" with one of them pointed at by ">"."""
    pointed = next((i for i, line in enumerate(lines) if _POINTED_LINE.match(line)), None)
    if pointed is None:
        return None, 0
    start = end = pointed
    while start > 0 and _in_frame(lines[start - 1]):
        start -= 1
    while end < len(lines) and _in_frame(lines[end]):
        end += 1
    # "   at ../pages/login.ts:39" stands above a frame of another file
    above = start - 1
    while above > 0 and not lines[above].strip():
        above -= 1
    if above > 0 and _FRAME_PLACE.match(lines[above]):
        start = above
    return start, end


def _in_frame(line: str) -> bool:
    return bool(_FRAME_LINE.match(line) or (_CARET_LINE.match(line) and "|" in line))


def phase(message: str) -> str | None:
    """Tell where it failed, as far as the words do; an exception in a hook looks like any other."""
    first = message.split("\n", 1)[0]
    if _SETUP.search(first):
        return "setup"
    if _TEARDOWN.search(first):
        return "teardown"
    return "call" if _BODY_TIMEOUT.match(first) else None


def error_type(message: str) -> str | None:
    """Read the class in front of a message: "TimeoutError: page.goto: …" → "TimeoutError"."""
    match = _ERROR_TYPE.match(message)
    return match[1] if match else None


def _place(frame: str | None, stack: str | None, root: str) -> str | None:
    for line in (stack or "").split("\n"):
        match = _STACK_PLACE.search(line)
        if match and "<" not in match[1]:  # "<anonymous>" is code that ran in the page
            return f"{relative(match[1], root)}:{match[2]}:{match[3]}"
    first = (frame or "").split("\n", 1)[0]
    if match := _FRAME_PLACE.match(first):
        return f"{relative(match[1], root)}:{match[2]}"
    return None


def relative(path: str, root: str) -> str:
    """Write a path below the run's root folder relative to it, with forward slashes."""
    path, root = with_slashes(path.removeprefix("file://")), with_slashes(root).rstrip("/")
    return path[len(root) + 1 :] if root and path.startswith(root + "/") else path
