"""No text makes reading hang: each of these took minutes when a pattern went back and forth in it.

Nothing is timed here: the work that a text makes is counted, for one length, for twice and for four
times as much. Then a text is read that is longer than what any reader looks at together.
"""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from fictures_reports.errors import ReadError
from fictures_reports.readers.detect import appearance, is_companion, sniff
from fictures_reports.readers.files.json_document import close, load
from fictures_reports.readers.files.junit_xml import Part
from fictures_reports.readers.files.sources import Source
from fictures_reports.readers.files.xml_repair import repaired
from fictures_reports.readers.formats import (
    junit,
    junit_identity,
    playwright_junit,
    pytest_nodes,
)
from fictures_reports.readers.formats.junit_results import take_attachments
from fictures_reports.readers.read import read_file
from fictures_reports.readers.rows import Reading
from fictures_reports.readers.text import clean, colours, javascript_errors, python_errors, times

from .text_work import work_of

pytestmark = pytest.mark.newest

#: characters; more than the 64 kB that are read of a file to tell its format
LONG_FILE = 70_000
#: more than the 20,000 characters of an error's text that are looked at for frames …
LONG_TEXT = 25_000
#: … and more repetitions than Python lets calls be nested in one another
MANY = 2_000
#: characters of the shortest text whose work is counted
SHORT = 200
#: how much more work is allowed for twice as much more text; 4 is the square
MOST = 2.6
#: for what happens once; little, because a loop over the rest of so short a text is little work
SLACK = 2 * SHORT
#: What a hostile text repeats; a pair is what it begins with, and what it repeats behind that.
HOSTILE = [
    "#x1B]", "\x1b]", "\x1b[", "#x1B[", "#x1b[0", "\x7f[", "\x9b", "\x1b]#x1B[m", "#x1B]#x1B[m",
    "[", "[3", "[31;", "[31m", "\x1b[31m", "\x1b[31mx\x1b[0m\n", ("\x1b[", "0"), ("\x9b", ";"),
    " ", "\t", "\n", "\r", "\r\n", "\xa0", "\x00", "\x85", "\ufffe", "é", "😀",
    '"', "'", "<", ">", "&", "\\", "\\\\", "/", "|", "^", "-", "─", ".", ",", ":", ";", "(", ")",
    "()", "{", "}", "[]", "#", "#x", "$", "_", "0", "1,", "1.", "1:", "a", "A", "A.", "a.A", "E",
    "Error", "XError", "Timeout.", "A_test.", "test_a.b.", "é.",
    "at ", "    at ", "    at (", "    at x:1:", "(a:1:", "at :1", "> 1 |", "> 1 |\n", " 1 |\n",
    "> 1 |\n[cause]: x\n", "[cause]: ", "    at a.ts:1:1\n", "   |\n", "\n\n> 1 |\n",
    "E   ", "E   \n", "E   x\n", "E\n", "    def a\n", ">  x\n", "a.py:1: ", "a.py:1: in b\n",
    "file a, line ", "file a, line 1\n", "C:", "x:1:", "Traceback (most recent call last):\n",
    "---- Captured ", "- live log - ", "---- Captured a ----\n", "worker '", "[+1 more line",
    ('failed on setup with "', " "), ('failed on setup with "', '"'),
    ('failed on setup with "', "\n"),
    ("worker 'gw0", "a"), ("Test timeout of ", "1."), ("Uncaught ", "A."), ("A", "a"), ("A:", "1"),
    ("a.py:", "1"), ("(a.ts:1:", "1"), ("2026-01-01T00:00:00.", "1"), ("1.5", " "), ("0,", "5"),
    "[[ATTACHMENT|", "[[ATTACHMENT|a", "[[ATTACHMENT|a]]", "    Retry #1 ", "    Retry #1 ─\n",
    "1) [", "[a] › ", "a › ", " › a:1:1 › ", "    attachment #1", "Fixture \"", '"x" hook timeout ',
    "<!--", "<!-- -->", "<?", "<?a?>", "<![CDATA[", "<![CDATA[]]>", "]]>",
    "<testsuite", "<testcase ",
    "<testsuite a='", "<testsuite a=''", "<testcase/><", "&lt;", "&#", "&#0", "&#1;",
    "&#x", "<failure>",
    '{"a":', '["a",', '"a\\"', '"\\', "[{", "[ ", "\n[ ", "\n {", "\\ud83d", "\\udc00", "\\u",
    ('{"created":', '"root"'), ("{", '"name": "a",'), ("{", '"status": "a", '), ('{"a": "', '\\"'),
    "a.go:", "a.go:1: ", "\n a.go:", "/tests/", "/tests/\n", "The test failed in the ",
]  # fmt: skip


def _long(piece: str | tuple[str, str], length: int) -> str:
    start, again = ("", piece) if isinstance(piece, str) else piece
    return start + again * (length // len(again))


def clean_and_find_colours(text: str) -> None:
    cleaned = clean.clean(text, bare_colours=True)
    assert "\x1b" not in cleaned
    clean.clean_title(text)
    clean.json_start(text)
    assert isinstance(colours.spans(text, cleaned, bare_colours=True), str)
    colours.spans("\x1b[1m" + text, " \n" + cleaned)


def take_an_error_of_javascript_apart(text: str) -> None:
    cleaned = clean.clean(text)
    for error in (cleaned, "Error: x\n" + cleaned, "> 1 | x\n" + cleaned):
        assert javascript_errors.failure(error, root="/srv").message is not None


def take_an_error_of_python_apart(text: str) -> None:
    for summary, body in ((text, ""), ("", text), ('failed on setup with "' + text, text)):
        assert python_errors.failure(summary, body).message
    python_errors.without_sections(text)
    python_errors.skip_reason("(" + text + ")")


def read_times(text: str) -> None:
    assert times.seconds("1" + text + "x") is None
    times.seconds(text)
    times.timestamp(text)


def read_what_stands_in_junit(text: str) -> None:
    part = Part("failure", {"message": text, "type": text}, text)
    assert junit._failure(part).message is not None
    assert playwright_junit._blocks(part)
    playwright_junit.split_errors(clean.clean(text))
    take_attachments(text)
    junit_identity._is_file(text + ".js")
    junit._skip_text(text)


def read_names_of_pytest(text: str) -> None:
    assert pytest_nodes.from_node_id(text)
    assert pytest_nodes.from_junit(text, text, None)
    assert pytest_nodes.from_junit(text + ".x", text, "a.py")


def _source(text: str) -> Source:
    data = text.encode("utf-8", "replace")
    return Source("x", lambda: io.BytesIO(data), len(data))


def tell_a_format(text: str) -> None:
    for content in (text, "<" + text, "{" + text):
        head = content[: 1 << 16].encode("utf-8", "replace")
        appearance(head)
        is_companion(head)
        try:
            assert sniff(_source(content))
        except ReadError as error:
            assert error.found  # noqa: PT017


def salvage_json_and_xml(text: str) -> None:
    close("[" + text)
    for content in (text, '{"a": "' + text):
        try:
            assert load(_source(content), dict).doubts
        except ReadError as error:
            assert error.found  # noqa: PT017
    assert b"".join(repaired(_source("<testsuite>" + text), [])) is not None


def _read(file: str) -> None:
    outcome = read_file(_source(file), alone=False)
    assert not isinstance(outcome, Reading) or list(outcome.rows)


def read_a_file_with_the_text_anywhere(text: str) -> None:
    body = "<![CDATA[" + text.replace("]]>", "") + "]]>"
    case = f"<failure>{body}</failure><system-out>{body}</system-out>"
    _read(f'<testsuite name="x"><testcase classname="a" name="b">{case}</testcase></testsuite>')


#: These look at a file in chunks, the others at a text as a whole.
OF_FILES = (tell_a_format, salvage_json_and_xml, read_a_file_with_the_text_anywhere)
READERS = (
    clean_and_find_colours, take_an_error_of_javascript_apart, take_an_error_of_python_apart,
    read_times, read_what_stands_in_junit, read_names_of_pytest, *OF_FILES,
)  # fmt: skip


@pytest.fixture(params=READERS, ids=[reader.__name__ for reader in READERS])
def reader(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """A function that meets foreign text."""
    return request.param


@pytest.fixture(params=HOSTILE, ids=[ascii(piece)[:40] for piece in HOSTILE])
def hostile(request: pytest.FixtureRequest) -> str | tuple[str, str]:
    """What a text repeats."""
    return request.param


def test_twice_the_text_is_twice_the_work(reader: Callable[[str], None], hostile: str) -> None:
    reader(_long(hostile, SHORT))  # what is remembered from one text to the next
    once, twice, four_times = (work_of(reader, _long(hostile, n * SHORT)) for n in (1, 2, 4))
    assert four_times - twice <= MOST * (twice - once) + SLACK
    again = hostile if isinstance(hostile, str) else hostile[1]
    reader(_long(hostile, LONG_FILE if reader in OF_FILES else max(LONG_TEXT, MANY * len(again))))


@pytest.mark.parametrize("inner", ["<b/>x", "<property/>", "<b>x</b>", "x<!-- -->"])
def test_reading_a_test_case_of_many_children_ends(inner: str) -> None:
    for where in (inner * 100_000, f"<failure>{inner * 100_000}</failure>"):
        file = f'<testsuite><testcase name="b">{where}</testcase></testsuite>'
        _read(file)
