"""How each format is recognised by the beginning of a file; names of files mean nothing."""

from __future__ import annotations

from typing import NamedTuple

from fictures_reports.readers.text.linear import linear

#: The attributes that Playwright and pytest themselves write; post-processed files differ.
_PLAYWRIGHT_SUITE = ["name", "timestamp", "hostname", "tests", "failures", "skipped", "time"]
_PLAYWRIGHT_NAMES = sorted([*_PLAYWRIGHT_SUITE, "errors"])
_VITEST_SUITE = ["name", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"]
_SCRIPT = linear(r"\.[cm]?[jt]sx?$")
_PLAYWRIGHT_ROOT = {"id", "name", "tests", "failures", "skipped", "errors", "time"}
_PYTEST_SUITE = ["name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"]
_PLAYWRIGHT_JSON = linear(r'^\{\s*"config"\s*:\s*\{')
_JSON_REPORT = linear(r'(?s)^\{\s*"created"\s*:.{0,300}?"(?:exitcode|root)"\s*:')
_CTRF = linear(
    r'"reportFormat"\s*:\s*"CTRF"|"results"\s*:\s*\{\s*"(?:tool|summary|tests|environment)"'
)
_BLOB_EVENT = linear(r'^\{\s*"method"\s*:\s*"on[A-Z]\w+"\s*,\s*"params"')
_REPORTLOG = linear(r'^\{[^\n]*"[$_]report_type"\s*:')
_JEST_KEYS = ('"numTotalTests"', '"numTotalTestSuites"', '"numFailedTests"')
_ALLURE_KEYS = ('"uuid"', '"historyId"', '"fullName"', '"labels"', '"testCaseId"', '"stage"')
_ALLURE_GLOBALS = linear(
    r'^\{\s*(?:"attachments"\s*:\s*\[\s*[\]{]|"errors"\s*:\s*\[\s*\{\s*"message"[^}]*"timestamp")'
)


class Head(NamedTuple):
    """The beginning of a file: JSON text, or the first tags of JUnit XML."""

    #: "json", "junit" or "archive"
    kind: str
    text: str = ""
    #: attributes of <testsuites>
    root: dict[str, str] = {}  # noqa: RUF012 (never changed)
    #: attributes of the first <testsuite>, in their order
    suite: tuple[tuple[str, str], ...] = ()


def _has(head: Head, word: str) -> bool:
    """Look for a word before a pattern is tried: most JSON beside results has none of them."""
    return head.kind == "json" and word in head.text


def playwright_json(head: Head) -> bool:
    """Begins with its configuration."""
    return _has(head, '"config"') and bool(_PLAYWRIGHT_JSON.match(head.text))


def playwright_blob(head: Head) -> bool:
    """A zip with a report.jsonl, or that stream of events by itself."""
    return head.kind == "archive" or (_has(head, '"method"') and bool(_BLOB_EVENT.match(head.text)))


def pytest_reportlog(head: Head) -> bool:
    """A line for each report."""
    return _has(head, "report_type") and bool(_REPORTLOG.match(head.text))


def pytest_json_report(head: Head) -> bool:
    """Begins with when it was created."""
    return _has(head, '"created"') and bool(_JSON_REPORT.match(head.text))


def ctrf(head: Head) -> bool:
    """Says that it is CTRF, or has its parts below `results`."""
    beginning = head.text[:4000]
    mentioned = '"results"' in beginning or '"CTRF"' in beginning
    return head.kind == "json" and mentioned and bool(_CTRF.search(beginning))


def jest_json(head: Head) -> bool:
    """Counts tests as Jest does, and suites that could not be loaded."""
    return _is_jest_like(head) and '"numRuntimeErrorTestSuites"' in head.text


def vitest_json(head: Head) -> bool:
    """Counts tests as Jest does, but not suites that could not be loaded."""
    return _is_jest_like(head) and not jest_json(head)


def _is_jest_like(head: Head) -> bool:
    return head.kind == "json" and any(key in head.text for key in _JEST_KEYS)


def allure_results(head: Head) -> bool:
    """Has a status and most of the keys that Allure writes, or is what stands beside such files."""
    n_keys = sum(key in head.text for key in _ALLURE_KEYS)
    if head.kind != "json":
        return False
    return (n_keys >= 3 and '"status"' in head.text) or _stands_beside_allure(head.text)


def _stands_beside_allure(text: str) -> bool:
    """Tell a container (fixtures around results) and the globals (errors of the run)."""
    is_container = any(key in text for key in ('"befores"', '"afters"')) and '"uuid"' in text
    return is_container or bool(_ALLURE_GLOBALS.match(text))


def pytest_junit(head: Head) -> bool:
    """Named by pytest, or with attributes in pytest's order."""
    if head.kind != "junit":
        return False
    if head.root.get("name") == "pytest tests" or dict(head.suite).get("name") == "pytest":
        return True
    return [name for name, _ in head.suite] == _PYTEST_SUITE and not playwright_junit(head)


def playwright_junit(head: Head) -> bool:
    """With the attributes that Playwright writes."""
    if head.kind != "junit":
        return False
    names = [name for name, _ in head.suite]
    as_written = names[:7] == _PLAYWRIGHT_SUITE
    if sorted(names) == _PLAYWRIGHT_NAMES and names not in (_VITEST_SUITE, _PYTEST_SUITE):
        # a step that merges or trims files may write attributes in an order of its own
        as_written = bool(_SCRIPT.search(dict(head.suite)["name"]))
        names = [*_PLAYWRIGHT_SUITE, "errors"] if as_written else names
    if not set(head.root) >= _PLAYWRIGHT_ROOT:  # a step that merges or trims files drops them
        named_vitest = "vitest" in head.root.get("name", "")
        return as_written and names[7:] == ["errors"] and not named_vitest
    known = as_written or {"timestamp", "hostname"} <= set(names)
    return "vitest" not in head.root["name"] and (not names or known)


def junit(head: Head) -> bool:
    """Any other JUnit XML."""
    return head.kind == "junit"
