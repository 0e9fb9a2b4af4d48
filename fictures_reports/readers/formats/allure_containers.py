"""What stands beside Allure's results: the fixtures around them, and errors of the run.

    X-container.json  {"uuid", "children": [uuid of a result], "befores": [step], "afters": [step]}
    X-globals.json    {"errors": [{"message", "trace"}], "attachments": […]}

A fixture that failed says in which phase its tests did; one around no test, or whose tests passed,
is an error of the run.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from fictures_reports.readers.rows import Attempt, ErrorPlace
from fictures_reports.readers.text.clean import clean
from fictures_reports.schema import Phase

_FAILED: Final = ("failed", "broken")


class Details(msgspec.Struct):
    """Why it ended so."""

    message: str | None = None
    trace: str | None = None
    flaky: bool | None = None


class Fixture(msgspec.Struct, rename="camel"):
    """One fixture's set-up or tear-down."""

    name: str | None = None
    status: str | None = None
    status_details: Details | None = None


class Container(msgspec.Struct):
    """Fixtures around some results, or what belongs to none."""

    children: list[str] = []
    befores: list[Fixture] = []
    afters: list[Fixture] = []
    #: of the run as a whole
    errors: list[Details] = []


def note_fixtures(
    containers: Sequence[Container], attempts: dict[str, Attempt]
) -> dict[str, ErrorPlace]:
    """Write fixtures that failed into their tests' attempts, by the uuid of their files.

    Returns what belongs to no test, in words, with its phase.
    """
    errors = dict[str, ErrorPlace]()
    for container in containers:
        errors |= {_words(details): ErrorPlace() for details in container.errors}
        for phase, fixture in _failed(container):
            known = [attempts[child] for child in container.children if child in attempts]
            if not sum([_note(attempt, phase, fixture) for attempt in known]):
                words = _words(fixture.status_details or Details())
                errors[f"{_name(fixture)}: {words}"] = ErrorPlace(phase)
    return errors


def _failed(container: Container) -> Iterator[tuple[Phase, Fixture]]:
    stages: tuple[tuple[Phase, list[Fixture]], ...] = (
        ("setup", container.befores), ("teardown", container.afters),
    )  # fmt: skip
    for phase, fixtures in stages:
        yield from ((phase, fixture) for fixture in fixtures if fixture.status in _FAILED)


def _note(attempt: Attempt, phase: Phase, fixture: Fixture) -> bool:
    """Say of the errors that the fixture raised in which phase they were; tell if there are any."""
    words = _words(fixture.status_details or Details())
    first = words.partition("\n")[0]
    found = [error for error in attempt.errors if first and first in error.message]
    for error in found:
        error.phase = phase
    if found:
        attempt.extra = attempt.extra | {"fixture": _name(fixture)}
    return bool(found)


def _name(fixture: Fixture) -> str:
    """Name a fixture; its tear-down is called "name::1"."""
    return clean(fixture.name or "").partition("::")[0] or "a fixture"


def _words(details: Details) -> str:
    return clean(details.message or details.trace or "").strip() or "failed without a word"
