"""Facts of a decided failure: numbers, time, locator, fixture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fictures_reports.failures.measured_limit import is_budget
from fictures_reports.failures.measurements import measurements
from fictures_reports.failures.polled_limits import polled_limits
from fictures_reports.failures.timeouts import budget_and_target
from fictures_reports.patterns import Pattern, Patterns, any_in

if TYPE_CHECKING:
    from collections.abc import Sequence


def limit_facts(category: str, chain: Sequence[str], code: str, title: str) -> dict[str, Any]:
    """Return what was measured against which limit, where that decided or was waited for."""
    read = _READS.get(category)
    if read is None:
        return {}
    found = [m for part in chain for m in read(part, title, code)]
    budgets = [m for m in found if is_budget(m)]
    found = budgets if category == "timeout" else budgets or found
    if not found:
        return {}
    return {name: getattr(found[0], name) for name in _OF_MEASUREMENT}


_READS: Final = {"threshold_miss": measurements, "timeout": polled_limits}
_OF_MEASUREMENT: Final = ("measured", "comparator", "limit", "unit", "ratio")


_WAITING = (
    "timeout",
    "element",
    "assertion",
    "threshold_miss",
    "crash",
    "snapshot",
    "environment",
    "auth",
)
# "Expect … with timeout 5000ms" in a call log is no sign: strict mode fails at once
_WAITED = ("Timed out", "Timeout: ", "Assertions.to_", "Locator expected to ", "URL expected to ")


def waiting_facts(category: str, message: str) -> dict[str, Any]:
    """Return the time that ran out and what was waited for.

    A web-first assertion that failed has waited for its whole time, too.
    """
    if category not in _WAITING:
        return {}
    timeout_s, _, locator = budget_and_target(message)
    waited = category == "timeout" or any_in(message, _WAITED)
    return {"timeout_s": timeout_s if waited else None, "locator": locator}


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
    for pattern in _FIXTURES.that_may_match(text):
        found = pattern.search(text)
        if found:
            return found[1]
    return None


#: pytest prints the fixture that raised, or that called what raised.
_DEFINED: Final = Pattern(
    r"(?m)^\s*@(?:pytest|pytest_asyncio)\.(?:yield_)?fixture[^\n]*\n(?:[^\n]*\n){0,4}?"
    r"[ >]*(?:async )?def (\w+)\(",
    ".fixture", ".yield_fixture",
)  # fmt: skip


def fixture_defined_in(stack: str) -> str | None:
    """Return the fixture whose code a stack of pytest shows, the outermost of several."""
    found = _DEFINED.search(stack)
    return found[1] if found else None


def phase_in(text: str) -> str | None:
    """Return the phase that a failure text names: 'while setting up', '"afterEach" hook'."""
    head = text[:400].lower()
    if any(word in head for word in ("tearing down", "teardown", '"after')):
        return "teardown"
    if any(word in head for word in ("setting up", "during setup", '"before', "not found\navail")):
        return "setup"
    return None
