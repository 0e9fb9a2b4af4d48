"""What categories, statuses, changes and standings are called in a report.

The identifiers stay in frames, JSON and settings; people read these.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from fictures_reports.run import Run

CATEGORY_NAMES: Final = {
    "timeout": "ran out of time",
    "fixture_error": "set-up or tear-down failed",
    "threshold_miss": "missed its limit",
    "element": "not on the page as wanted",
    "assertion": "another value than wanted",
    "snapshot": "picture or snapshot differs",
    "network": "no connection",
    "auth": "not let in",
    "crash": "page, browser or process died",
    "code_error": "error in the code of the test",
    "environment": "the machine lacks something",
    "unknown": "not known why",
    "skipped_ui": "control not there, so the test gave up",
    "skipped_data": "test data missing",
    "skipped_environment": "service, tool or credential missing",
    "skipped_condition": "not meant for this platform or option",
    "skipped_declared": "skipped by its author",
    "skipped": "skipped, no reason given",
    "not_run": "never started",
    "interrupted": "stopped while running",
    "expected_failure": "failed as declared",
}
STATUS_NAMES: Final = {
    "passed": "passed",
    "failed": "failed",
    "flaky": "passed on a retry",
    "skipped": "skipped",
    "not_run": "not run",
    "xfailed": "failed as declared",
    "xpassed": "passed though declared to fail",
    "interrupted": "stopped while running",
    "absent": "not in this run",
}
CHANGE_NAMES: Final = {
    "broken": "broke",
    "arrived_failing": "new and failing",
    "unmasked": "runs again and fails",
    "undeclared": "was declared to fail, fails undeclared",
    "still_failing": "still fails",
    "masked": "failed, now skipped or not run",
    "vanished": "failed, not in this run",
    "fixed": "fixed",
    "gained": "runs again and passes",
    "arrived": "new and passing",
    "still_passing": "still passes",
    "lost": "passed, no longer runs",
    "declared": "now fails, as declared",
    "still_declared": "still fails, as declared",
    "still_skipped": "still skipped",
    "left": "skipped, not in this run",
    "arrived_skipped": "new and skipped",
}
#: Headings of lists, in the order in which they matter.
STANDING_TITLES: Final = {
    "new": "New failures",
    "known_flaky": "Known as flaky",
    "failing_on_base": "Failed before, too",
    "known_issue": "Known issues",
}


#: What the runs of the report that is being written call their own categories.
_OWN: ContextVar[Mapping[str, str] | None] = ContextVar("own categories", default=None)


def own_category_names(runs: Iterable[Run]) -> dict[str, str]:
    """Return what the runs call the categories that their rules added; the last run's counts."""
    return {category.id: category.called for run in runs for category in run.info.own_categories}


def naming_categories_of(runs: Iterable[Run]) -> AbstractContextManager[None]:
    """Let `category_name` know the own categories of some runs, within this `with` only."""
    return naming(own_category_names(runs))


@contextmanager
def naming(names: Mapping[str, str]) -> Iterator[None]:
    """Let `category_name` know names of own categories by their ids, within this `with` only."""
    before = _OWN.set(names)
    try:
        yield
    finally:
        _OWN.reset(before)


def category_name(category: object) -> str:
    """Return what a report calls a category.

    One that a rule file added has its own name within `naming_categories_of`, else its id.

    >>> category_name("skipped_ui"), category_name("own_kind"), category_name(None)
    ('control not there, so the test gave up', 'own kind', '')
    """
    return _named(CATEGORY_NAMES | dict(_OWN.get() or {}), category)


def status_name(status: object) -> str:
    """Return what a report calls a status."""
    return _named(STATUS_NAMES, status)


def change_name(change: object) -> str:
    """Return what a report calls a change from one side to the other."""
    return _named(CHANGE_NAMES, change)


def _named(names: Mapping[str, str], name: object) -> str:
    return names.get(name, name.replace("_", " ")) if isinstance(name, str) else ""
