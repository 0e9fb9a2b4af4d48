r"""pytest's failure texts: source lines, then "E   " lines, then "path:line: Error".

    def test_total():
>       assert total() == 3
E       assert 2 == 3

tests/test_shop.py:12: AssertionError
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from fictures_reports.readers.rows import Failure
from fictures_reports.readers.text.clean import clean, is_clean, with_slashes
from fictures_reports.readers.text.colours import painted
from fictures_reports.readers.text.linear import DIGIT, SPACE, WORD, is_word, linear
from fictures_reports.readers.text.user_code import is_library

#: pytest 9 cuts long summaries: "[+3 more lines; full report in element text]"
_CUT = linear(rf"\[\+{DIGIT}+ more lines?; full report in element text\][{SPACE}]*$")
#: pytest ≤ 5 and its kin say no more than this in the attribute.
_BARE_WRAPPERS = {
    "test setup failure": "setup",
    "test teardown failure": "teardown",
    "collection failure": "collection",
    "collection skipped": "collection",
}
#: how lines of source, E lines and blank ones begin
_NO_PLACE = ("", " ", ">", "\t")
_PLACE = linear(
    # "tests/test_a.py:12: AssertionError", or with --tb=short "tests/test_a.py:12: in test_x"
    rf"^(?P<path>(?:[A-Za-z]:)?[^{SPACE}:<][^:\n]*):(?P<line>{DIGIT}{{1,9}}): ?"
    rf"(?:in [^{SPACE}].*|(?P<type>[{WORD}.]+))?[{SPACE}]*$"
)
#: "file /srv/test_a.py, line 16" heads the text of a missing fixture
_FILE_LINE = linear(rf"(?m)^file (.+), line ({DIGIT}{{1,9}})$")
#: a frame of Python's own traceback; exception groups have bars before it
_FRAME = linear(rf'^[{SPACE}|E]*File "([^"\n]+)", line ({DIGIT}{{1,9}})(?:, in .*)?$')
#: heads the second error of an exception group
_SECOND_MEMBER = "---------------- 2 ----------------"
#: how the names of exceptions end, and those that are named so
_KNOWN_ENDS = ("Error", "Exception", "Warning", "Interrupt", "Exit", "Expired", "Timeout")
_KNOWN_TYPES = ("Failed", "Exit")
_TRACEBACK = "Traceback (most recent call last):"
#: what pytest heads what was printed with, between dashes
_SECTIONS = (" Captured ", " live log ")
#: what stands below the E lines of a missing fixture
_HELP = (">       available fixtures:", ">       use 'pytest --fixtures")
_SNIPPET_LINES = 12
#: how lines of source begin, if they are not blank
_SOURCE = ("    ", "@", "def ", "async def ")


def failure(summary: str, text: str, phase: str | None = None) -> Failure:
    """Take an error apart: `summary` is pytest's one message for it, `text` the long form.

    A summary that only wraps ("collection failure", 'failed on setup with "…"') gives the phase;
    the message is then the cause, from inside the wrapper or from the E lines of the text.
    """
    raws = cleaned = (text, summary)
    if not is_clean(text + summary):
        cleaned = (clean(text), clean(summary))
    text, summary = cleaned[0].strip("\n"), cleaned[1].strip()
    inner, found = unwrap(summary)
    lines = text.split("\n")
    message = _message(inner, text, lines)
    path, line, kind = place(text, lines)
    if _is_crash(message):
        found = phase = None  # xdist reports it as a set-up error, wherever the worker died
    error = Failure(
        message=message,
        phase=found or phase,
        error_type=error_type(message) or kind,
        location=f"{path}:{line}" if path else None,
        snippet=snippet(lines),
        stack=text if text and text != message else None,
    )
    # what is clean as it is has no colours
    return error if cleaned == raws else painted(error, *raws)


def _is_crash(message: str) -> bool:
    """Tell "worker 'gw0' crashed while running …"."""
    worker, words, _ = message.partition("' crashed while running ")
    return bool(words) and worker.startswith("worker '") and is_word(worker[len("worker '") :])


def unwrap(summary: str) -> tuple[str, str | None]:
    """Take the wrapper off a summary: (what is inside or "", the phase that the wrapper names)."""
    for phase in ("setup", "teardown"):
        if summary.startswith(f'failed on {phase} with "'):
            return summary.partition('"')[2].rstrip().removesuffix('"'), phase
    if summary in _BARE_WRAPPERS:
        return "", _BARE_WRAPPERS[summary]
    return summary, None


def _message(inner: str, text: str, lines: list[str]) -> str:
    whole = not inner.startswith("E   ") and "\nE   " not in inner
    if inner and whole and not (" report in element text]" in inner and _CUT.search(inner)):
        return inner
    return (
        e_lines(lines)
        or e_lines(inner.split("\n"))
        or _last_raised(text)
        or inner
        or text
        or "(no error text)"
    )


def e_lines(lines: list[str]) -> str | None:
    """Join the last block of "E   " lines: the exception that ended the test."""
    block: list[str] = []
    blocks = [block]
    for line in lines:
        if line.startswith("E   "):
            block.append(line[4:])
        elif line.startswith("E") and not line[1:].strip(" "):
            block.append("")
        elif block:
            block = []
            blocks.append(block)
    last = next((lines for lines in reversed(blocks) if any(lines)), None)
    return _dedented(last) if last else None


def _dedented(lines: list[str]) -> str:
    """Take off the indent of the first line, as pytest put it before all of them."""
    indent = len(lines[0]) - len(lines[0].lstrip())
    return "\n".join(
        line[indent:] if not line[:indent].strip() else line.lstrip() for line in lines
    ).strip("\n")


def _last_raised(text: str) -> str | None:
    """Find the exception's text at the end of a plain Python traceback (`--tb=native`)."""
    _, line, below = f"\n{text}\n".rpartition(f"\n{_TRACEBACK}\n")
    if not line:
        return None
    lines = below.strip("\n").split("\n")
    first = next((i for i, line in enumerate(lines) if line and line[0] not in " \t|+"), None)
    return "\n".join(lines[first:]).strip() if first is not None else None


def place(text: str, lines: list[str]) -> tuple[str | None, int | None, str | None]:
    """Find where the text says the error was raised: path, line and, where it is named, its class.

    The place is the innermost frame of the user's own code; where all frames are of packages or of
    the standard library, the innermost of those.
    """
    inmost: tuple[str, int] | None = None
    kind: str | None = None
    for line in reversed(_of_first_member(text, lines)):
        found = _frame_in(line)
        if found is None:
            continue
        path, number, error_class = found
        if inmost is None:
            inmost, kind = (path, number), error_class
        if not is_library(path):
            return path, number, kind
    if inmost is None and "file " in text and (match := _FILE_LINE.search(text)):
        return with_slashes(match[1]), int(match[2]), None
    return (*inmost, kind) if inmost else (None, None, None)


def _of_first_member(text: str, lines: list[str]) -> list[str]:
    """Cut an exception group off behind its first member, whose frames come first."""
    if _SECOND_MEMBER not in text:
        return lines
    return lines[: next(i for i, line in enumerate(lines) if _SECOND_MEMBER in line)]


def _frame_in(line: str) -> tuple[str, int, str | None] | None:
    """Read a frame, in pytest's form or Python's own: path, line and class of the error."""
    if line[:1] in _NO_PLACE or line[:1] == "|" or line.startswith("E  "):
        match = _FRAME.match(line) if 'File "' in line else None
        return (with_slashes(match[1]), int(match[2]), None) if match else None
    match = _place_in(line)
    return (with_slashes(match["path"]), int(match["line"]), match["type"]) if match else None


def _place_in(line: str) -> Any:
    return _PLACE.match(line) if line.count(":") > 1 else None


def error_type(message: str) -> str | None:
    """Read the class in front of a message: "ValueError: x" → "ValueError"."""
    first = message.partition("\n")[0]
    return _type_in(first[: first.find(":") + 1] or first)


@lru_cache(maxsize=1024)
def _type_in(head: str) -> str | None:
    name = head.removesuffix(":")
    parts = name.split(".")
    is_known = parts[-1] in _KNOWN_TYPES or parts[-1].endswith(_KNOWN_ENDS)
    return name if is_known and all(map(_is_name, parts)) else None


def _is_name(text: str) -> bool:
    first = text[:1]
    return first.isascii() and (first.isalpha() or first == "_") and is_word(text)


def snippet(lines: list[str]) -> str | None:
    """Quote the source lines above the last E lines, the raising one marked with ">"."""
    end = len(lines)
    for line in reversed(lines):
        end -= 1
        if line[:1] == ">" and not line.startswith(_HELP):
            break
    else:
        return _short_snippet(lines)
    start = end
    for above in reversed(lines[max(end - _SNIPPET_LINES, 0) : end]):
        if above and not above.startswith(_SOURCE):
            break
        start -= 1
    quoted = lines[start : end + 1]
    if start == 0 and quoted[0][:1] not in (" ", ">"):
        quoted[0] = "    " + quoted[0]  # JUnit strips the indent of the text's first line
    return "\n".join(quoted).strip("\n") or None


def _short_snippet(lines: list[str]) -> str | None:
    """Quote what --tb=short has below its last "path:line: in function"."""
    places = [i for i, line in enumerate(lines) if ": in " in line and _place_in(line)]
    if not places:
        return None
    below = lines[places[-1] + 1 :]
    end = next((i for i, line in enumerate(below) if not line.startswith("    ")), len(below))
    return "\n".join(below[:end]).rstrip() or None


def without_sections(text: str | None) -> str | None:
    """Take pytest's "---- Captured Out ----" headings out of system-out."""
    if not text:
        return None
    lines = clean(text).split("\n")
    return "\n".join(line for line in lines if not _is_section(line)).strip("\n") or None


def _is_section(line: str) -> bool:
    """Tell "---- Captured stdout call ----"."""
    if not (line.startswith("-") and line.endswith("-")):
        return False
    heading = line.strip("-")
    return heading.startswith(_SECTIONS) and heading[len(_SECTIONS[0]) :].endswith(" ")


def skip_reason(text: str) -> str:
    """Read the reason out of "('/srv/test_a.py', 27, 'Skipped: no data')" or "Skipped: no data"."""
    if text.startswith("(") and text.endswith(")"):
        import ast

        try:
            value = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            value = ()
        if isinstance(value, tuple) and len(value) == 3:
            text = str(value[2])
    return text.removeprefix("Skipped: ")
