r"""pytest's failure texts: source lines, then "E   " lines, then "path:line: Error".

    def test_total():
>       assert total() == 3
E       assert 2 == 3

tests/test_shop.py:12: AssertionError
"""

from __future__ import annotations

import re
from functools import lru_cache

from fictures_reports.readers.rows import Failure
from fictures_reports.readers.text.clean import clean, is_clean, with_slashes
from fictures_reports.readers.text.colours import painted

_WRAPPED = re.compile(r'failed on (setup|teardown) with "(.*?)"?\s*$', re.DOTALL)
#: pytest 9 cuts long summaries: "[+3 more lines; full report in element text]"
_CUT = re.compile(r"\n?\[\+\d+ more lines?; full report in element text\]\s*$")
#: pytest ≤ 5 and its kin say no more than this in the attribute.
_BARE_WRAPPERS = {
    "test setup failure": "setup",
    "test teardown failure": "teardown",
    "collection failure": "collection",
    "collection skipped": "collection",
}
_CRASH = re.compile(r"worker '\w+' crashed while running ")
_E_LINE = re.compile(r"^E(?:   (.*)| *)$")
#: how lines of source, E lines and blank ones begin
_NO_PLACE = ("", " ", ">", "\t")
_PLACE = re.compile(
    # "tests/test_a.py:12: AssertionError", or with --tb=short "tests/test_a.py:12: in test_x"
    r"^(?P<path>(?:[A-Za-z]:)?[^\s:<][^:\n]*):(?P<line>\d+): ?(?:in \S.*|(?P<type>[\w.]+))?\s*$"
)
#: "file /srv/test_a.py, line 16" heads the text of a missing fixture
_FILE_LINE = re.compile(r"^file (.+), line (\d+)$", re.MULTILINE)
_ERROR_TYPE = re.compile(
    r"^((?:[A-Za-z_]\w*\.)*[A-Za-z_]\w*(?:Error|Exception|Failed|Failure|Warning|Timeout|Expired"
    r"|Interrupt|Exit|Exceeded|Refused|NotFound|Skipped)?)(?::|$)"
)
_KNOWN_TYPE = re.compile(
    r"(?:Error|Exception|Warning|Interrupt|Exit|Expired|Timeout)$|^Failed$|^Exit$"
)
_TRACEBACK = re.compile(r"^Traceback \(most recent call last\):$", re.MULTILINE)
_SECTION = re.compile(r"^-+ (Captured .*?|live log .*?) -+$\n?", re.MULTILINE)
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
    if _CRASH.match(message):
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


def unwrap(summary: str) -> tuple[str, str | None]:
    """Take the wrapper off a summary: (what is inside or "", the phase that the wrapper tells)."""
    if summary.startswith("failed on ") and (match := _WRAPPED.match(summary)):
        return match[2], match[1]
    if summary in _BARE_WRAPPERS:
        return "", _BARE_WRAPPERS[summary]
    return summary, None


def _message(inner: str, text: str, lines: list[str]) -> str:
    whole = "E   " not in inner or not _E_MARK.search(inner)
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


_E_MARK = re.compile(r"^E   ", re.MULTILINE)


def e_lines(lines: list[str]) -> str | None:
    """Join the last block of "E   " lines: the exception that ended the test."""
    block: list[str] = []
    blocks = [block]
    for line in lines:
        if match := _E_LINE.match(line):
            block.append(match[1] or "")
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
    starts = list(_TRACEBACK.finditer(text))
    if not starts:
        return None
    lines = text[starts[-1].end() :].strip("\n").split("\n")
    first = next((i for i, line in enumerate(lines) if line and line[0] not in " \t|+"), None)
    return "\n".join(lines[first:]).strip() if first is not None else None


def place(text: str, lines: list[str]) -> tuple[str | None, int | None, str | None]:
    """Find where the text says the error was raised: path, line and, where told, its class."""
    for line in reversed(lines):
        if line[:1] in _NO_PLACE or line.startswith("E  "):
            continue
        if match := _PLACE.match(line):
            return with_slashes(match["path"]), int(match["line"]), match["type"]
    if "file " in text and (match := _FILE_LINE.search(text)):
        return with_slashes(match[1]), int(match[2]), None
    return None, None, None


def error_type(message: str) -> str | None:
    """Read the class in front of a message: "ValueError: x" → "ValueError"."""
    first = message.partition("\n")[0]
    return _type_in(first[: first.find(":") + 1] or first)


@lru_cache(maxsize=1024)
def _type_in(head: str) -> str | None:
    match = _ERROR_TYPE.match(head)
    if match and _KNOWN_TYPE.search(match[1].rsplit(".", 1)[-1]):
        return match[1]
    return None


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
    places = [i for i, line in enumerate(lines) if ": in " in line and _PLACE.match(line)]
    if not places:
        return None
    below = lines[places[-1] + 1 :]
    end = next((i for i, line in enumerate(below) if not line.startswith("    ")), len(below))
    return "\n".join(below[:end]).rstrip() or None


def without_sections(text: str | None) -> str | None:
    """Take pytest's "---- Captured Out ----" headings out of system-out."""
    if not text:
        return None
    return _SECTION.sub("", clean(text)).strip("\n") or None


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
