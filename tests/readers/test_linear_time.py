"""No text makes reading hang: each of these took minutes when a pattern went back and forth in it.

Nothing is timed here. The texts are so long that what takes the square of their length does not
end before the suite's limit.
"""

from __future__ import annotations

import io

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
from fictures_reports.readers.text import clean, colours, javascript_errors, python_errors, times

pytestmark = pytest.mark.newest

LENGTH = 200_000
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


def _long(piece: str | tuple[str, str]) -> str:
    start, again = ("", piece) if isinstance(piece, str) else piece
    return start + again * (LENGTH // len(again))


@pytest.fixture(params=HOSTILE, ids=[ascii(piece)[:40] for piece in HOSTILE])
def hostile(request: pytest.FixtureRequest) -> str:
    """A long text that repeats one thing."""
    return _long(request.param)


def test_cleaning_a_text_and_finding_its_colours_ends(hostile: str) -> None:
    cleaned = clean.clean(hostile, bare_colours=True)
    assert "\x1b" not in cleaned
    clean.clean_title(hostile)
    clean.json_start(hostile)
    assert isinstance(colours.spans(hostile, cleaned, bare_colours=True), str)
    colours.spans(f"\x1b[1m{hostile}", f" \n{cleaned}")


def test_taking_an_error_of_javascript_apart_ends(hostile: str) -> None:
    text = clean.clean(hostile)
    for one in (text, f"Error: x\n{text}", f"> 1 | x\n{text}"):
        found = javascript_errors.failure(one, root="/srv")
        assert found.message is not None


def test_taking_an_error_of_python_apart_ends(hostile: str) -> None:
    for summary, text in (
        (hostile, ""),
        ("", hostile),
        (f'failed on setup with "{hostile}', hostile),
    ):
        assert python_errors.failure(summary, text).message
    python_errors.without_sections(hostile)
    python_errors.skip_reason(f"({hostile})")


def test_reading_times_ends(hostile: str) -> None:
    assert times.seconds(f"1{hostile}x") is None
    times.seconds(hostile)
    times.timestamp(hostile)


def test_reading_what_stands_in_junit_ends(hostile: str) -> None:
    part = Part("failure", {"message": hostile, "type": hostile}, hostile)
    assert junit._failure(part).message is not None
    assert playwright_junit._blocks(part)
    playwright_junit.split_errors(clean.clean(hostile))
    take_attachments(hostile)
    junit_identity._is_file(f"{hostile}.js")
    junit._skip_text(hostile)


def test_reading_names_of_pytest_ends(hostile: str) -> None:
    assert pytest_nodes.from_node_id(hostile)
    assert pytest_nodes.from_junit(hostile, hostile, None)
    assert pytest_nodes.from_junit(f"{hostile}.x", hostile, "a.py")


def _source(text: str) -> Source:
    data = text.encode("utf-8", "replace")
    return Source("x", lambda: io.BytesIO(data), len(data))


def test_telling_a_format_ends(hostile: str) -> None:
    for text in (hostile, "<" + hostile, "{" + hostile):
        head = text[: 1 << 16].encode("utf-8", "replace")
        appearance(head)
        is_companion(head)
        try:
            assert sniff(_source(text))
        except ReadError as error:
            assert error.found  # noqa: PT017


def test_salvaging_json_and_xml_ends(hostile: str) -> None:
    close("[" + hostile)
    for text in (hostile, '{"a": "' + hostile):
        try:
            assert load(_source(text), dict).doubts
        except ReadError as error:
            assert error.found  # noqa: PT017
    assert b"".join(repaired(_source("<testsuite>" + hostile), [])) is not None


def test_reading_a_file_with_the_text_anywhere_ends(hostile: str) -> None:
    text = hostile.replace("]]>", "")
    body = f"<![CDATA[{text}]]>"
    case = f"<failure>{body}</failure><system-out>{body}</system-out>"
    file = f'<testsuite name="x"><testcase classname="a" name="b">{case}</testcase></testsuite>'
    assert read_file(_source(file), alone=True) is not None


@pytest.mark.parametrize("inner", ["<b/>x", "<property/>", "<b>x</b>", "x<!-- -->"])
def test_reading_a_test_case_of_many_children_ends(inner: str) -> None:
    for where in (inner * 100_000, f"<failure>{inner * 100_000}</failure>"):
        file = f'<testsuite><testcase name="b">{where}</testcase></testsuite>'
        assert read_file(_source(file), alone=True) is not None
