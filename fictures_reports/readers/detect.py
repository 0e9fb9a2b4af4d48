"""Which format is it? Recognised by the content alone; names mean nothing."""

from __future__ import annotations

from itertools import islice
from typing import Final, Never

from fictures_reports.errors import NoDocument, UnknownFormat
from fictures_reports.readers.files.sources import Source, unknown
from fictures_reports.readers.formats import FORMATS, Format, titles
from fictures_reports.readers.formats.recognition import Head
from fictures_reports.readers.text.clean import encoding_of, json_start
from fictures_reports.readers.text.linear import SPACE, WORD, linear

_NAME = rf"[{WORD}:.-]"
_IS = rf"[{SPACE}]*=[{SPACE}]*"
_XML_ROOT = linear(
    rf"<([A-Za-z_]{_NAME}*)((?:[{SPACE}]+{_NAME}+{_IS}(?:\"[^\"]*\"|'[^']*'))*)[{SPACE}]*/?>"
)
_ATTRIBUTE = linear(rf"({_NAME}+){_IS}(?:\"([^\"]*)\"|'([^']*)')")
_COMMENT = linear(r"(?s)<!--.*?-->")
_TESTSUITE = linear(rf"<testsuites?(?:[^{WORD}]|$)")
#: Roots of XML that is about tests, but not JUnit: how to get JUnit or that we cannot read it.
_OTHER_XML: Final = {
    "html": "an HTML page",
    "test-run": "an NUnit 3 report",
    "test-results": "an NUnit 2 report",
    "assemblies": "an xUnit.net report",
    "assembly": "an xUnit.net report",
    "TestRun": "a Visual Studio TRX report",
    "robot": "a Robot Framework report",
    "testng-results": "a TestNG report",
    "testExecutions": "a SonarQube report",
    "coverage": "a coverage report",
    "report": "a coverage report",
    "checkstyle": "a Checkstyle report",
}
#: A word that stands in it, which is faster to look for, the pattern, and what it is.
_OTHER_JSON: Final = (
    ('"stats"', linear(r'"stats"\s*:\s*\{\s*"suites"\s*:'), "Mocha JSON"),
    ('"coverage"', linear(r'"coverage"\s*:\s*\{'), "coverage data"),
    ('"statementMap"', linear('"statementMap"'), "coverage data"),
    ('"lighthouseVersion"', linear('"lighthouseVersion"'), "a Lighthouse report"),
)
_JUNIT_HINT = "write JUnit XML with that tool and read it"
#: Files that stand beside results and are none: silently passed over in folders.
_COMPANION = linear(
    r'\{\s*"(?:lockfileVersion|compilerOptions|dependencies|scripts|failedTests|children)"|'
    r'\{\s*"status"\s*:\s*"\w+"\s*,\s*"failedTests"|\{\s*"name"\s*:\s*"[^"]*"\s*,\s*"version"'
)


#: So far into a file the keys of companions stand.
_KEYS_WITHIN: Final = 1000

_JSON_ENDINGS: Final = (".json", ".jsonl", ".ndjson")
#: A single line is no log.
_FEWEST_LINES: Final = 2

#: How pictures, films, fonts, PDF, programs and databases begin; most of what lies beside results.
_BINARY: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"\x1aE\xdf\xa3", b"\0\0\0\x18ftyp",
    b"\0\0\0\x1cftyp", b"\0\0\0 ftyp", b"wOFF", b"wOF2", b"%PDF-", b"\x7fELF", b"MZ\x90\0",
    b"SQLite format 3\0", b"PAR1",
)  # fmt: skip


def appearance(head: bytes) -> str:
    """Say what the first bytes look like: empty, xml, json, zip, text or binary."""
    if not head.strip(b"\x00 \t\r\n"):
        return "empty"
    if head.startswith(b"PK"):
        return "zip"
    if head.startswith(_BINARY):
        return "binary"
    text = head_text(head)
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith("<") or ("<testsuite" in text and _TESTSUITE.search(text)):
        return "xml"
    if bare.startswith(("{", '["', "[{")) or _json_line(text):
        return "json"
    if b"\x00" in head and head.count(b"\x00") > 8 and encoding_of(head[:4]) == "utf-8":
        return "binary"
    return "text"


def _json_line(text: str) -> bool:
    return "{" in text and text[json_start(text) :].lstrip("\ufeff \t\r\n").startswith(("{", "[{"))


def head_text(head: bytes) -> str:
    """Decode the beginning of a file, however it may be encoded."""
    return head.decode(encoding_of(head[:4]), "replace")


def sniff(source: Source) -> Format:
    """Name the format of a source; raises `UnknownFormat` that says what it looks like instead."""
    if source.archive:
        return _format(Head("archive")) or _no_format(source)
    head = source.head()
    look = appearance(head)
    if look == "empty":
        raise NoDocument(source.name, "is empty", "was the run killed before it wrote its results?")
    if look == "xml":
        return _sniff_xml(source, head_text(head))
    if look == "json":
        return _sniff_json(source, head_text(head))
    if look == "zip":
        raise unknown(source, "is a zip with nothing readable in it")
    if source.name.lower().endswith(_JSON_ENDINGS):  # a list, number or text may be sound JSON
        found = _no_object(source)
        if not isinstance(found, NoDocument):
            raise found
    raise NoDocument(source.name, "is neither XML nor JSON")


def _format(head: Head) -> Format | None:
    return next((format_ for format_ in FORMATS if format_.recognises(head)), None)


def _no_format(source: Source) -> Never:
    raise unknown(source, "is of none of the formats", f"expected {titles()}")


def is_companion(head: bytes) -> bool:
    """Tell files that lie beside results by right, such as package.json or .last-run.json."""
    text = head_text(head).lstrip("\ufeff \t\r\n")
    container = '"children"' in text and ('"befores"' in text or '"afters"' in text)
    settings = text.startswith(("{", "/")) and '"compilerOptions"' in text[:_KEYS_WITHIN]
    known = text.startswith("{") and bool(_COMPANION.match(text[:_KEYS_WITHIN]))
    return container or settings or known  # settings may hold comments, so they are no JSON


def _sniff_xml(source: Source, text: str) -> Format:
    text = _COMMENT.sub("", text) if "<!--" in text else text
    if "<!ENTITY" in text:
        raise unknown(source, "declares XML entities, which no result file needs", "not read")
    tags = _XML_ROOT.finditer(text)
    root = next(tags, None)
    if root is None:
        if suite := _TESTSUITE.search(text):
            return _junit_dialect(source, text[suite.start() :])
        raise NoDocument(source.name, "is XML without a root element in its first 64 kB")
    if root[1] not in ("testsuites", "testsuite", "testcase"):
        found = _OTHER_XML.get(root[1]) or _html_or_xml(text, root[1])
        if "<testsuite" in text and (suite := _TESTSUITE.search(text)):
            return _junit_dialect(source, text[suite.start() :])
        raise unknown(source, f"is {found}", _JUNIT_HINT)
    return _junit_dialect(source, text[root.start() :])


def _html_or_xml(text: str, root: str) -> str:
    if text.lstrip()[:14].lower() == "<!doctype html":
        return "an HTML page"
    return f"XML with the root <{root}>"


def _junit_dialect(source: Source, text: str) -> Format:
    tags = list(islice(_XML_ROOT.finditer(text), 3))
    root = dict(_attributes(tags[0][2])) if tags and tags[0][1] == "testsuites" else {}
    suite = next((_attributes(tag[2]) for tag in tags if tag[1] == "testsuite"), [])
    return _format(Head("junit", root=root, suite=tuple(suite))) or _no_format(source)


def _attributes(text: str) -> list[tuple[str, str]]:
    return [(name, double or single) for name, double, single in _ATTRIBUTE.findall(text)]


def _sniff_json(source: Source, text: str) -> Format:
    text = text[json_start(text) :].lstrip("\ufeff \t\r\n")
    if (found := _format(Head("json", text))) is not None:
        return found
    for word, pattern, name in _OTHER_JSON:
        if word in text and pattern.search(text):
            raise unknown(source, f"is {name}", _JUNIT_HINT)
    return _by_keys(source)


def _no_object(source: Source) -> UnknownFormat:
    """Tell JSON that is no object from what is no JSON."""
    import msgspec

    data = source.read()
    try:
        msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        if _is_log(data):
            return unknown(source, "is a log of JSON lines of no known kind")
        return NoDocument(source.name, "is JSON, or part of it, of no known kind")
    return unknown(source, "is JSON of no known kind")


def _is_log(data: bytes) -> bool:
    """Tell lines of JSON, whatever they say; the last one may be half written."""
    import msgspec

    lines = [line for line in data.split(b"\n") if line.strip()]
    if len(lines) < _FEWEST_LINES or b'report_type"' in data:  # results behind other lines
        return False
    try:
        return all(isinstance(msgspec.json.decode(line), dict) for line in lines[:-1])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _by_keys(source: Source) -> Format:
    """Look at the names at the top of the whole document, where its beginning did not tell."""
    import msgspec

    try:
        keys = msgspec.json.decode(source.read(), type=dict[str, msgspec.Raw]).keys()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise _no_object(source) from None
    for format_ in FORMATS:
        if format_.keys and format_.keys <= keys:
            return format_
    shown = ", ".join(sorted(keys)[:6]) or "none"
    raise unknown(source, f"is JSON of no known kind (keys: {shown})")
