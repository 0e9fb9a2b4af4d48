"""Which time ran out, what was waited for, and in what state it was last: out of failure texts.

Test timeout of 240000ms exceeded.
Error: locator.click: Test timeout of 240000ms exceeded.
  - waiting for getByRole('button', { name: 'Run' })   → locator
      - element is not enabled                         → last_state
    462 × retrying click action                        → retries
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.failures.error_groups import members_of
from fictures_reports.failures.plain_text import plain
from fictures_reports.failures.quantities import number
from fictures_reports.patterns import Pattern, Patterns
from fictures_reports.readers import statuses

if TYPE_CHECKING:
    import pandas as pd


class TimeoutFacts(NamedTuple):
    """What a text says about a time budget that ran out."""

    timeout_s: float | None = None
    #: locator, address, event, hook or fixture
    waited_for: str | None = None
    #: what the call log saw last: "element is not enabled"
    last_state: str | None = None
    #: how often it was tried again
    retries: int | None = None
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
# Each with the words one of which stands in every text that it matches.
_AWAITED: Final = Patterns(
    Pattern(r"^\s*Locator: +(?P<locator>\S[^\n]*)$", "Locator: "),
    Pattern(
        r"^\s*-? *waiting for (?P<locator>(?:locator|getBy\w+|get_by_\w+|frameLocator"
        r"|frame_locator|page\.|internal:)[^\n]*)$",
        "waiting for ",
    ),
    Pattern(r"^\s*-? *waiting for selector \"(?P<locator>[^\n\"]+)\"", "waiting for selector "),
    Pattern(r"strict mode violation: (?P<locator>[^\n]+?) resolved to", "strict mode violation: "),
    Pattern(r"Expected to find (?:element|content): `(?P<locator>[^`]+)`", "Expected to find "),
    Pattern(r"\"selector\":\"(?P<locator>(?:[^\"\\]|\\.)+)\"", '"selector":"'),
    Pattern(r"located by (?P<locator>By\.[^\n(]+?)(?: \(|$)", "located by By."),
    Pattern(
        r"Unable to (?:find|locate)[^\n]* (?:element|text|label"
        r"|role)(?: with the text)?:? (?P<locator>[^\n{]+?)(?:\.|$)",
        "Unable to ",
    ),
    Pattern(r"(?P<other>navigating to \"[^\"]+\"(?:, waiting until \"\w+\")?)", 'navigating to "'),
    Pattern(r"waiting for (?P<other>navigation[^\n]*)$", "waiting for navigation"),
    Pattern(
        r"while (?P<other>(?:setting up|tearing down|running) \"[^\"]+\"[^\n.]*)",
        "while setting up", "while tearing down", "while running",
    ),
    Pattern(r"(?P<other>\"\w+\" hook)", '" hook'),
    Pattern(r"(?P<other>Fixture \"[^\"]+\")", 'Fixture "'),
    Pattern(r"(?P<other>Tearing down \"[^\"]+\")", 'Tearing down "'),
    Pattern(r"waiting for (?P<other>event \"[^\"]+\")", 'waiting for event "'),
    Pattern(r"waiting on (?P<other>the predicate)", "waiting on the predicate"),
    Pattern(r"^\s+- (?P<other>\w+\.\w+ at [^\n]+)$", " at "),
    Pattern(r"(?P<other>→ (?:GET|POST|PUT|PATCH|DELETE|HEAD) \S+)", "→ "),
    Pattern(r"to the route: `(?P<other>[^`]+)`", "to the route: "),
    Pattern(r"Command '?(?P<other>[^\n]{1,200}?)'? timed out", "Command "),
    Pattern(
        r"(?:Error: |^)(?P<other>(?:page|frame|locator|request|apiRequestContext)\.\w+): ",
        "page.", "frame.", "locator.", "request.", "apiRequestContext.",
    ),
    Pattern(r"[tT]imeout waiting for (?P<other>[^\n]{1,120})", "imeout waiting for "),
    Pattern(r"waiting for (?P<other>[^\n]{1,120})", "waiting for "),
)  # fmt: skip
_LATE_STATE = Pattern(
    r"^\s*- +((?:element is (?:not |outside)|<[^\n]* intercepts pointer events|unexpected value"
    r"|locator resolved to [0-9]+ elements|did not find some options|element was detached"
    r"|waiting for element to be)[^\n]*)$",
    "element ", "intercepts pointer events", "unexpected value", "elements", "did not find",
)  # fmt: skip
_STATES: Final = ("visible", "hidden", "attached", "detached", "enabled", "stable")
#: More digits than any count of retries has are something else.
_COUNT: Final = r"[0-9]{1,9}"
_ROUNDS = Pattern(
    rf"^\s*-? *({_COUNT}) × |retrying [a-z ]+ action, attempt #({_COUNT})\b|\(({_COUNT}) times?\)",
    " × ", "action, attempt #", " time",
)  # fmt: skip


def timeout_facts(text: str) -> TimeoutFacts:
    """Return budget, what was waited for, last state and retries, as far as the text tells.

    Give all errors of the attempt: the first names the budget, the second what blocked.
    """
    text = plain(text)
    timeout_s, waited_for, locator = budget_and_target(text)
    states = [m[1] for m in _LATE_STATE.finditer(text)]
    seen = [s for s in states if not s.startswith("waiting")]
    rounds = [int(n) for m in _ROUNDS.finditer(text) for n in (m[1], m[2], m[3]) if n]
    return TimeoutFacts(
        timeout_s=timeout_s,
        waited_for=waited_for,
        last_state=seen[-1] if seen else None,
        retries=max(rounds, default=None),
        locator=locator,
    )


def budget_and_target(text: str) -> tuple[float | None, str | None, str | None]:
    """Return the time that ran out in seconds, what was waited for, and the locator."""
    text = plain(text)
    locator, waited_for = _awaited(text)
    return _budget(text), locator or waited_for, locator


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


def _awaited(text: str) -> tuple[str | None, str | None]:
    for pattern in _AWAITED.that_may_match(text):
        found = pattern.search(text)
        if found:
            what = _without_state(found[1].strip())
            return (what, what) if "(?P<locator>" in pattern.pattern else (None, what)
    return None, None


def _without_state(what: str) -> str:
    """Take 'to be visible' off the end of what was waited for."""
    words, behind, state = what.rpartition(" to be ")
    return words if behind and state in _STATES else what


def deciding_errors(row: Any) -> list[tuple[str, str]]:
    """Return text and code frame of the errors of the attempt that explains a row.

    Of a group, each member is one.
    """
    errors = statuses.deciding_errors(row.attempts if isinstance(row.attempts, list) else [])
    if any(error.get("message") for error in errors):
        return [
            (text, e.get("snippet") or "")
            for e in errors
            for text in members_of(e.get("message") or "", e.get("stack") or "")
            or [e.get("message") or ""]
        ]
    if not isinstance(row.message, str):
        return []
    return [(row.message, row.snippet if isinstance(row.snippet, str) else "")]


def timeouts(results: pd.DataFrame) -> pd.DataFrame:
    """Return one row per time-out: what was waited for, its last state, and how often."""
    import pandas as pd

    late = results[results["category"] == "timeout"]
    rows = []
    for row in late.itertuples(index=False):
        facts = timeout_facts("\n\n".join(text for text, _ in deciding_errors(row)))
        rows.append((row.run_id, row.case_id, *facts[:4], row.phase, row.duration_s))
    names = ["run_id", "case_id", *TimeoutFacts._fields[:4], "phase", "duration_s"]
    return pd.DataFrame(rows, columns=names)
