"""Facts of a decided failure: numbers, time, locator, fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.measurements import is_budget, measurements
from fictures_reports.patterns import Pattern, Patterns
from fictures_reports.waits import timeout_facts

if TYPE_CHECKING:
    from fictures_reports.classify.texts import Error


def facts_of(category: str, error: Error, message: str, title: str) -> dict[str, Any]:
    """Return what an answer of this category can be expected to tell."""
    facts = _time_facts(category, message)
    if category == "threshold_miss":
        found = [m for part in error.chain for m in measurements(part, title, error.code)]
        found = [m for m in found if is_budget(m)] or found
        if found:
            facts |= dict(zip(("measured", "comparator", "limit", "unit", "ratio"), found[0][:5],
                              strict=True))  # fmt: skip
    fixture = fixture_in(message) if category in ("fixture_error", "timeout") else None
    if fixture:
        facts["fixture"] = fixture
        facts["phase"] = error.phase or phase_in(message)
    return facts


_WAITING = ("timeout", "element", "assertion", "crash", "snapshot", "environment", "auth")
# "Expect … with timeout 5000ms" in a call log is no sign: strict mode fails at once
_WAITED = ("Timed out", "Timeout: ", "Assertions.to_", "Locator expected to ", "URL expected to ")


def _time_facts(category: str, message: str) -> dict[str, Any]:
    """A web-first assertion that failed has waited for its whole time, too."""
    if category not in _WAITING:
        return {}
    facts = timeout_facts(message)
    waited = category == "timeout" or any(word in message for word in _WAITED)
    what = facts.waited_for if category == "timeout" else facts.locator
    return {"timeout_s": facts.timeout_s if waited else None, "locator": what}


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
