"""Where an error of the run came from: set-up, tear-down or collection, and in which file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.patterns import Pattern, encodable
from fictures_reports.readers.rows import ErrorPlace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fictures_reports.readers.rows import Row

_SETUP: Final = Pattern(
    r"(?i)\bglobal[-_. ]?set-?up|\bpytest_(?:sessionstart|configure)\b|\bset-?up ?files\b"
    r"|\b(?:before ?suite|suite set-?up|onPrepare)\b",
    "global", "pytest_", "setup", "set-up", "before", "onprepare", folded=True,
)  # fmt: skip
_TEARDOWN: Final = Pattern(
    r"(?i)\bglobal[-_. ]?tear-?down|\bpytest_(?:sessionfinish|unconfigure)\b"
    r"|\b(?:after ?suite|suite tear-?down|onComplete)\b",
    "global", "pytest_", "teardown", "tear-down", "after", "oncomplete", folded=True,
)  # fmt: skip
_COLLECTION: Final = Pattern(
    r"(?i)^(?:\w*Error: )?no tests? (?:files? )?(?:were )?(?:found|collected)"
    r"|\berrors? (?:during|while) collecti(?:on|ng)|\berror collecting\b|while loading conftest"
    r"|duplicate test title|test suite failed to run|failed to (?:load|collect|import)\b"
    r"|^(?:\w+\.)*(?:SyntaxError|IndentationError|ModuleNotFoundError|ImportError)\b"
    r"|cannot find (?:module|package)|failed to resolve import"
    r"|did not expect test(?:\.\w+)?\(\) to be called here",
    "no test", "collecti", "conftest", "duplicate", "failed to", "syntaxerror", "importerror",
    "indentationerror", "modulenotfounderror", "cannot find", "did not expect", folded=True,
)  # fmt: skip
_TEST_FILE: Final = Pattern(
    r"[.\-_](?:spec|test|cy)\.[cm]?[jt]sx?\b|\btest_\w+\.py\b|\w_test\.(?:py|go)\b",
    ".spec", "-spec", "_spec", ".test", "-test", "_test", "test_", ".cy",
)  # fmt: skip


def place_of(
    message: str,
    *,
    ran: bool,
    stack: str = "",
    file: str = "",
    setup: Iterable[str] = (),
    teardown: Iterable[str] = (),
) -> ErrorPlace:
    """Tell the phase that an error of the run belongs to, by its words and its place.

    `ran` is whether tests ran, `setup` and `teardown` are the files that the producer names for
    them; what a set-up file raises after the tests ran is tear-down (a returned function).
    """
    text = encodable(f"{message}\n{stack}\n{file}")
    if any(path and path in text for path in teardown) or _TEARDOWN.search(text):
        return ErrorPlace("teardown", file)
    if any(path and path in text for path in setup) or _SETUP.search(text):
        return ErrorPlace("teardown" if ran else "setup", file)
    if _COLLECTION.search(text) or (file and not ran and _TEST_FILE.search(text)):
        return ErrorPlace("collection", file)
    return ErrorPlace("", file)


def has_run(rows: Iterable[Row]) -> bool:
    """Tell whether a test of the run was started."""
    return any(row.status not in ("not_run", "skipped", "interrupted") for row in rows)
