"""What failed where a text is no more than a comparison: the statement and what was measured.

'assert 29 == 30' says nothing of itself; 'assert cart.total() == 30' and 29 do.
"""

from __future__ import annotations

from typing import Final

from fictures_reports.patterns import Pattern

#: Longest statement that names a cause.
LONGEST: Final = 160
#: First lines of texts that hold values and a matcher, but no words of an author.
_BARE = Pattern(
    r"\A\s*(?:(?:[\w.]*Error(?: \[\w+\])?|[\w.]*Exception|Error):\s*)?(?:"
    r"expect\([^)\n]*\)\.[^\n]*"
    r"|assert\b[^\n]*|AssertionError|[Aa]ssertion [Ff]ailed[^\n]*|Test failed|[Tt]est failure"
    r"|expected [^\n]* to (?:be|equal|deeply|have|strictly|include|contain|match|throw|exist)\b"
    r"[^\n]*"
    r"|[Ee]xpected:? ?<[^\n]*> but was:? ?<[^\n]*>|Assert(?:\.\w+\(\))?[ :][^\n]*"
    r"|Failed asserting that [^\n]*|Failed: DID NOT RAISE [^\n]*|Not equal:[^\n]*"
    r"|Should be (?:true|false)|Expected:? [^\n]{0,60}|expected: [^\n]{0,60}"
    r"|\S{1,40} (?:!=|==|not found in|not (?:less|greater) than(?: or equal to)?) "
    r"[^\n]{1,60}|\S{1,40} is (?:not )?(?:[Tt]rue|[Ff]alse|None)\b[^\n]*"
    r"|Expected values to be [^\n]*equal:?|The expression evaluated to a falsy value:?"
    r"|unexpectedly [^\n]*)?\s*(?:\n|\z)"
)
# testify of Go heads its comparison with where it was made
_TRACED = Pattern(
    r"Error Trace:\s*(?P<place>[^\n]+?):\d+\n(?:[ \t]+[^\n:]+:\d+\n)*\s*Error:\s+"
    r"(?:Not equal|Should (?:be|NOT)|Elements differ|Not same|Expected )",
    "Error Trace:",
)
_AUTHORS_WORDS = Pattern(r"^\s*Messages:", "Messages:")
# A locator, page title or address says what the assertion is about.
_ABOUT = Pattern(
    r"^[ \t]*Locator:|expect\((?:page|locator)\)\.(?:not\.)?toHave(?:Title|URL)",
    "Locator:", "toHave",
)  # fmt: skip
#: Values that were measured: what an assertion got.
_MEASURED: Final = (
    Pattern(r"^[ \t]*(?:Received|But was|Actual|got|Obtained)(?: value)?: +([^\s]+)[ \t]*$", ":"),
    Pattern(r"\A\s*(?:\w*Error: )?assert (?:not )?(\S+)(?:[ \t]+(?:==|!=|is|in)[ \t][^\n]*)?$",
            "assert"),
    Pattern(r"\A\s*AssertionError: (\S+) (?:!=|==|is not) ", "AssertionError: "),
    Pattern(r"\A\s*AssertionError: expected (\S+) to (?:be|equal|deeply|strictly)", "expected "),
    Pattern(r"but was:? ?<([^>\n]*)>", "but was"),
    Pattern(r"^[ \t]*actual *: +([^\s]+)[ \t]*$", "actual"),
    Pattern(r"^\+?[ \t]*(\S{1,40}) !==? \S{1,40}$", " !="),
)  # fmt: skip
_WANTED: Final = (
    Pattern(r"^[ \t]*[Ee]xpected(?: \w+)?: +([^\n]{1,40})$", "xpected"),
    Pattern(r"[Ee]xpected:? ?<([^>\n]{1,40})> but", "xpected"),
    Pattern(r"\A\s*(?:AssertionError: )?(?:assert )?\S{1,40} ((?:==|!=|<=?|>=?) \S{1,40})$"),
    Pattern(r"^\+?[ \t]*\S{1,40} !==? (\S{1,40})$", " !="),
    Pattern(r" (to (?:be|equal|have)[^\n/]{1,40})", " to "),
)
#: A small whole number, a status or a word: the same in the next run. A duration is not.
_SMALL = Pattern(r"\A-?\d{1,3}\z|\A(?i:true|false|null|undefined|none|nan)\z")


def is_bare(text: str) -> bool:
    """Tell whether a failure text holds no more than a matcher and its values."""
    if _TRACED.search(text):
        return not _AUTHORS_WORDS.search(text)
    return bool(_BARE.search(text)) and not _ABOUT.search(text)


def statement_of(text: str, code: str, place: str) -> list[str]:
    """Return lines that tell a bare comparison from others like it.

    The statement that failed; where nobody quoted it, what was wanted, and the file, where it is
    known. Then what was measured, if it is small. A title is none of these: an outage whose tests
    all say the same is one cause.
    """
    code = " ".join(code.split())[:LONGEST].removesuffix(";")
    if code:
        lines = [f"Statement: {code}"]
    else:
        traced = _TRACED.search(text)
        place = place or (traced["place"].rsplit("/", 1)[-1] if traced else "")
        where = (_line("Wanted", _first(_WANTED, text)), _line("Place", place))
        lines = [line for line in where if line]
    measured = _first(_MEASURED, text)
    return [*lines, f"Measured: {measured}"] if _SMALL.search(measured) else lines


def _line(name: str, value: str) -> str:
    return f"{name}: {value}" if value else ""


def _first(patterns: tuple[Pattern, ...], text: str) -> str:
    found = (pattern.search(text) for pattern in patterns)
    return next((" ".join(match[1].split()) for match in found if match), "")


_LINE_NUMBER = Pattern(r"(?::\d+){1,2}\z", ":")
_FRAME = Pattern(r"^[ \t]*at (?:[^\n(]*\()?([\w$./\\@:-]+\.\w+):\d+(?::\d+)?\)?[ \t]*$", "at ")
_FOREIGN: Final = ("node_modules", "node:", "internal/", "junit", "Assert", "java.", "chai", "org/")


def place_of(location: str, stack: str) -> str:
    """Return the file that an error was raised in, its last two names; "" where none is known."""
    path = _LINE_NUMBER.without(location) if location else ""
    if not path:
        frames = (found[0] for found in _FRAME.finditer(stack))
        own_frames = (f for f in frames if not any(word in f for word in _FOREIGN))
        path = next((_path_in(frame) for frame in own_frames), "")
    return "/".join(path.replace("\\", "/").split("/")[-2:])


def _path_in(frame: str) -> str:
    found = _FRAME.search(frame)
    return found[1] if found else ""
