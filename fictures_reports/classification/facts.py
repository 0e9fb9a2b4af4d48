"""Facts of a decided failure: numbers, time, locator, fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.failures.measurements import is_budget, measurements
from fictures_reports.failures.timeouts import timeout_words
from fictures_reports.patterns import Pattern, Patterns, any_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.failures.measurements import Measurement


def limit_facts(category: str, chain: Sequence[str], code: str, title: str) -> dict[str, Any]:
    """Return what was measured against which limit, where that decided."""
    if category != "threshold_miss":
        return {}
    found = [m for part in chain for m in measurements(part, title, code)]
    found = [m for m in found if is_budget(m)] or found
    return told_of(found[0]) if found else {}


def told_of(measurement: Measurement) -> dict[str, Any]:
    """Return what an answer tells of a measurement."""
    measured, comparator, limit, unit, ratio, _ = measurement
    return {
        "measured": measured,
        "comparator": comparator,
        "limit": limit,
        "unit": unit,
        "ratio": ratio,
    }


_WAITING = ("timeout", "element", "assertion", "crash", "snapshot", "environment", "auth")
# "Expect … with timeout 5000ms" in a call log is no sign: strict mode fails at once
_WAITED = ("Timed out", "Timeout: ", "Assertions.to_", "Locator expected to ", "URL expected to ")


def waiting_words(category: str, message: str) -> tuple[tuple[str, str] | None, str | None]:
    """Return the time that ran out, number and unit, and what was waited for.

    A web-first assertion that failed has waited for its whole time, too.
    """
    if category not in _WAITING:
        return None, None
    words = timeout_words(message)
    if category == "timeout":
        return words.budget, words.waited_for
    return words.budget if any_in(message, _WAITED) else None, words.locator


_FIXTURES: Final = Patterns(
    Pattern(r"(fixture@\d+)", "fixture@"),
    Pattern(r"fixture '([^']+)' not found", "fixture '"),
    Pattern(r'unknown parameter "([^"]+)"', "unknown parameter"),
    Pattern(r'[Ff]ixture "([^"]+)"', 'ixture "'),
    Pattern(
        r'(?:setting up|[Tt]earing down|while running) "([^"]+)"',
        'setting up "', 'earing down "', 'while running "',
    ),
    Pattern(r'"((?:before|after) ?(?:All|Each|all|each))" hook', '" hook'),
    Pattern(r"Fixture '?\"?(\w+)'?\"? called directly", " called directly"),
)  # fmt: skip


def fixture_in(text: str) -> str | None:
    """Return the fixture or hook that a failure text names."""
    for pattern in _FIXTURES.worth(text):
        found = pattern.search(text)
        if found:
            return found[1]
    return None


def phase_in(text: str) -> str | None:
    """Return the phase that a failure text names: 'while setting up', '"afterEach" hook'."""
    head = text[:400].lower()
    if any(word in head for word in ("tearing down", "teardown", '"after')):
        return "teardown"
    if any(word in head for word in ("setting up", "during setup", '"before', "not found\navail")):
        return "setup"
    return None
