"""Which time ran out, what was waited for, and in what state it was last: out of failure texts.

Test timeout of 240000ms exceeded.
Error: locator.click: Test timeout of 240000ms exceeded.
  - waiting for getByRole('button', { name: 'Run' })   → locator
      - element is not enabled                         → last_state
    462 × retrying click action                        → retries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from fictures_reports.failures.awaited import awaited
from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.quantities import number
from fictures_reports.failures.reported_errors import texts_of
from fictures_reports.patterns import Pattern, Patterns

if TYPE_CHECKING:
    import pandas as pd


class TimeoutFacts(NamedTuple):
    """What a text says about a time budget that ran out."""

    timeout_s: float | None = None
    #: locator, address, event, hook or fixture, in the words of the text
    waited_for: str | None = None
    #: what the call log saw last: "element is not enabled"
    last_state: str | None = None
    #: how often it was tried again
    retries: int | None = None
    #: a locator, a selector or the pattern of an address; nothing else
    locator: str | None = None


_DURATION: Final = (
    r"[`'\"]?(?P<n>[0-9][0-9,_]*(?:\.[0-9]+)?)\s?(?P<u>ms|milliseconds?|seconds?|secs?|s"
    r"|minutes?|m(?:[0-9]+s)?)\b"
)
# Each with its words in small letters, one of which stands in every text that it matches.
_BUDGETS: Final = Patterns(
    Pattern(
        rf"(?i)timeout(?: of| after| value of)? \(?>?{_DURATION}",
        "timeout", folded=True,
    ),
    Pattern(
        rf"(?i)tim(?:ed?|ing) ?out (?:in|after|waiting|retrying after"
        rf"|of)? ?(?:waiting )?{_DURATION}",
        "out ", folded=True,
    ),
    Pattern(rf"(?i)failed after retrying for {_DURATION}", "retrying for ", folded=True),
    Pattern(
        rf"(?i)(?:within|did not (?:appear|complete|finish) in|tried for|waited(?: for)?"
        rf"|exceeded) {_DURATION}",
        "within ", "did not ", "tried for ", "waited ", "exceeded ", folded=True,
    ),
    Pattern(
        r"(?i)(?:read|connect|connection)[_ ]timeout=(?P<n>[0-9]*\.?[0-9]+)(?P<u>)",
        "timeout=", folded=True,
    ),
    Pattern(rf"(?i)exceeded (?:the )?(?:\w+ )?timeout of {_DURATION}", "timeout of ", folded=True),
)  # fmt: skip
_LESS_SURE_BUDGETS: Final = Patterns(
    Pattern(rf"^\s*Timeout: +{_DURATION}", "Timeout: "),
    Pattern(rf"(?i)Waiting failed: {_DURATION} exceeded", "waiting failed: ", folded=True),
    Pattern(rf"(?i)with timeout {_DURATION}", "with timeout ", folded=True),
    Pattern(r"(?i)maximum execution time of (?P<n>[0-9]+) (?P<u>seconds)", "maximum ", folded=True),
    Pattern(rf"(?i)after {_DURATION}", "after ", folded=True),
)
_LATE_STATE = Pattern(
    r"^\s*- +((?:element is (?:not |outside)|<[^\n]* intercepts pointer events|unexpected value"
    r"|locator resolved to [0-9]+ elements|did not find some options|element was detached"
    r"|waiting for element to be)[^\n]*)$",
    "element ", "intercepts pointer events", "unexpected value", "elements", "did not find",
)  # fmt: skip
#: More digits than any count of retries has are something else.
_COUNT: Final = r"[0-9]{1,9}"
_ROUNDS = Pattern(
    rf"^\s*-? *({_COUNT}) × |retrying [a-z ]+ action, attempt #({_COUNT})\b|\(({_COUNT}) times?\)",
    " × ", "action, attempt #", " time",
)  # fmt: skip


def timeout_facts(text: str) -> TimeoutFacts:
    """Return budget, what was waited for, last state and retries, as far as the text has them.

    Give all errors of the attempt: the first names the budget, the second what blocked.
    """
    text = plain(text)
    timeout_s, waited_for, locator = budget_and_target(text)
    states = [m[1] for m in _LATE_STATE.finditer(text)]
    shown_states = [s for s in states if not s.startswith("waiting")]
    rounds = [int(n) for m in _ROUNDS.finditer(text) for n in (m[1], m[2], m[3]) if n]
    return TimeoutFacts(
        timeout_s=timeout_s,
        waited_for=waited_for,
        last_state=shown_states[-1] if shown_states else None,
        retries=max(rounds, default=None),
        locator=locator,
    )


def budget_and_target(text: str) -> tuple[float | None, str | None, str | None]:
    """Return the time that ran out in seconds, what was waited for, and the locator."""
    text = plain(text)
    locator, waited_for = awaited(text)
    return _budget(text), waited_for, locator


def without_budgets(text: str) -> str:
    """Take the words of time budgets out of a text: what other numbers it has is no time limit."""
    for pattern in (*_BUDGETS, *_LESS_SURE_BUDGETS):
        text = pattern.without(text)
    return text


def _budget(text: str) -> float | None:
    """Read the budget that is named first; where two patterns meet there, by the earlier one."""
    found = [m for pattern in _BUDGETS.that_may_match(text) if (m := pattern.search(text))]
    if not found:
        less_sure = (pattern.search(text) for pattern in _LESS_SURE_BUDGETS.that_may_match(text))
        found = [m for m in less_sure if m][:1]
    if not found:
        return None
    first = min(found, key=lambda m: m.start())
    return _seconds(first["n"], first["u"].lower())


def _seconds(words: str, unit: str) -> float | None:
    value = number(words)
    if value is None:
        return None
    if unit.startswith(("ms", "milli")):
        return value / 1000
    return value * 60 if unit.startswith("m") else value


def timeouts(results: pd.DataFrame) -> pd.DataFrame:
    """Return one row per time-out: what was waited for, its last state, and how often."""
    import pandas as pd

    late = results[results["category"] == "timeout"]
    rows = []
    for row in late.itertuples(index=False):
        facts = timeout_facts("\n\n".join(text for text, _ in texts_of(row)))
        rows.append((row.run_id, row.case_id, *facts[:4], row.phase, row.duration_s))
    names = ["run_id", "case_id", *TimeoutFacts._fields[:4], "phase", "duration_s"]
    return pd.DataFrame(rows, columns=names)
