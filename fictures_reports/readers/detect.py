"""Which format is it? Told by the content alone; names mean nothing."""

from __future__ import annotations

from itertools import islice
from typing import Final

from fictures_reports.readers.files.sources import Source, unknown
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
#: The attribute order that Playwright and pytest themselves write; post-processed files differ.
_PLAYWRIGHT_SUITE = ["name", "timestamp", "hostname", "tests", "failures", "skipped", "time"]
_PLAYWRIGHT_ROOT = {"id", "name", "tests", "failures", "skipped", "errors", "time"}
_PYTEST_SUITE = ["name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"]
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
_OTHER_JSON: Final = (
    (linear(r'"stats"\s*:\s*\{\s*"suites"\s*:'), "Mocha JSON"),
    (linear(r'"coverage"\s*:\s*\{|"statementMap"'), "coverage data"),
    (linear(r'"lighthouseVersion"'), "a Lighthouse report"),
)
_JEST = ('"numTotalTests"', '"numTotalTestSuites"', '"numFailedTests"')
_JUNIT_HINT = "write JUnit XML with that tool and read it"
_PLAYWRIGHT_JSON = linear(r'^\{\s*"config"\s*:\s*\{')
_JSON_REPORT = linear(r'(?s)^\{\s*"created"\s*:.{0,300}?"(?:exitcode|root)"\s*:')
_CTRF = linear(
    r'"reportFormat"\s*:\s*"CTRF"|"results"\s*:\s*\{\s*"(?:tool|summary|tests|environment)"'
)
_BLOB_EVENT = linear(r'^\{\s*"method"\s*:\s*"on[A-Z]\w+"\s*,\s*"params"')
_REPORTLOG = linear(r'^\{[^\n]*"[$_]report_type"\s*:')
_ALLURE_KEYS = ('"uuid"', '"historyId"', '"fullName"', '"labels"', '"testCaseId"', '"stage"')
#: Files that stand beside results and are none: silently passed over in folders.
_COMPANION = linear(
    r'\{\s*"(?:lockfileVersion|compilerOptions|dependencies|scripts|failedTests|children)"|'
    r'\{\s*"status"\s*:\s*"\w+"\s*,\s*"failedTests"|\{\s*"name"\s*:\s*"[^"]*"\s*,\s*"version"'
)


def appearance(head: bytes) -> str:
    """Say what the first bytes look like: empty, xml, json, zip, text or binary."""
    if not head.strip(b"\x00 \t\r\n"):
        return "empty"
    if head.startswith(b"PK"):
        return "zip"
    text = head_text(head)
    bare = text.lstrip("\ufeff \t\r\n")
    if bare.startswith("<") or _TESTSUITE.search(text):
        return "xml"
    if bare.startswith(("{", '["', "[{")) or _json_line(text):
        return "json"
    if head.count(b"\x00") > 8 and encoding_of(head[:4]) == "utf-8":
        return "binary"
    return "text"


def _json_line(text: str) -> bool:
    return text[json_start(text) :].lstrip("\ufeff \t\r\n").startswith(("{", "[{"))


def head_text(head: bytes) -> str:
    """Decode the beginning of a file, however it may be encoded."""
    return head.decode(encoding_of(head[:4]), "replace")


def sniff(source: Source) -> str:
    """Name the format of a source; raises `UnknownFormat` that says what it looks like instead."""
    if source.archive:
        return "playwright-blob"
    head = source.head()
    look = appearance(head)
    if look == "empty":
        raise unknown(source, "is empty", "was the run killed before it wrote its results?")
    if look == "xml":
        return _sniff_xml(source, head_text(head))
    if look == "json":
        return _sniff_json(source, head_text(head))
    if look == "zip":
        raise unknown(source, "is a zip with nothing readable in it")
    raise unknown(source, "is neither XML nor JSON")


def is_companion(head: bytes) -> bool:
    """Tell files that lie beside results by right, such as package.json or .last-run.json."""
    text = head_text(head).lstrip("\ufeff \t\r\n")
    container = '"children"' in text and ('"befores"' in text or '"afters"' in text)
    return container or bool(_COMPANION.match(text))


def _sniff_xml(source: Source, text: str) -> str:
    text = _COMMENT.sub("", text)
    if "<!ENTITY" in text:
        raise unknown(source, "declares XML entities, which no result file needs", "not read")
    tags = _XML_ROOT.finditer(text)
    root = next(tags, None)
    if root is None:
        if suite := _TESTSUITE.search(text):
            return _junit_dialect(text[suite.start() :])
        raise unknown(source, "is XML without a root element in its first 64 kB")
    if root[1] not in ("testsuites", "testsuite", "testcase"):
        found = _OTHER_XML.get(root[1]) or _html_or_xml(text, root[1])
        if suite := _TESTSUITE.search(text):
            return _junit_dialect(text[suite.start() :])
        raise unknown(source, f"is {found}", _JUNIT_HINT)
    return _junit_dialect(text[root.start() :])


def _html_or_xml(text: str, root: str) -> str:
    if text.lstrip()[:14].lower() == "<!doctype html":
        return "an HTML page"
    return f"XML with the root <{root}>"


def _junit_dialect(text: str) -> str:
    tags = list(islice(_XML_ROOT.finditer(text), 3))
    root = dict(_attributes(tags[0][2])) if tags and tags[0][1] == "testsuites" else {}
    suite = next((_attributes(tag[2]) for tag in tags if tag[1] == "testsuite"), [])
    names = [name for name, _ in suite]
    if root.get("name") == "pytest tests" or dict(suite).get("name") == "pytest":
        return "pytest-junit"
    if _is_playwright(root, suite):
        return "playwright-junit"
    if names == _PYTEST_SUITE:
        return "pytest-junit"
    return "junit"


def _is_playwright(root: dict[str, str], suite: list[tuple[str, str]]) -> bool:
    if not set(root) >= _PLAYWRIGHT_ROOT or "vitest" in root["name"]:
        return False
    names = [name for name, _ in suite]
    return not names or names[:7] == _PLAYWRIGHT_SUITE or {"timestamp", "hostname"} <= set(names)


def _attributes(text: str) -> list[tuple[str, str]]:
    return [(name, double or single) for name, double, single in _ATTRIBUTE.findall(text)]


def _sniff_json(source: Source, text: str) -> str:
    text = text[json_start(text) :].lstrip("\ufeff \t\r\n")
    if _PLAYWRIGHT_JSON.match(text):
        return "playwright-json"
    if _BLOB_EVENT.match(text):
        return "playwright-blob"
    if _REPORTLOG.match(text):
        return "pytest-reportlog"
    if _JSON_REPORT.match(text):
        return "pytest-json-report"
    if _CTRF.search(text[:4000]):
        return "ctrf"
    if any(key in text for key in _JEST):
        return "jest-json" if '"numRuntimeErrorTestSuites"' in text else "vitest-json"
    for pattern, name in _OTHER_JSON:
        if pattern.search(text):
            raise unknown(source, f"is {name}", _JUNIT_HINT)
    if sum(key in text for key in _ALLURE_KEYS) >= 3 and '"status"' in text:
        return "allure-results"
    return _by_keys(source)


def _by_keys(source: Source) -> str:
    """Look at the names at the top of the whole document, where its beginning did not tell."""
    import msgspec

    try:
        keys = msgspec.json.decode(source.read(), type=dict[str, msgspec.Raw]).keys()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise unknown(source, "is JSON, or part of it, of no known kind") from None
    if {"config", "suites"} <= keys:
        return "playwright-json"
    if {"tests", "summary"} <= keys:
        return "pytest-json-report"
    shown = ", ".join(sorted(keys)[:6]) or "none"
    raise unknown(source, f"is JSON of no known kind (keys: {shown})")
