"""Names of causes for people: what happened and where, and no two of one report alike."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.failures.element_states import in_readers_words
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.page_sentence import LABEL, page_sentence
from fictures_reports.failures.shown_values import quoted, shown
from fictures_reports.failures.stuck_action import RAN_OUT
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

#: Begins the signature of a group of causes that people named; the rest is its name.
GROUP: Final = "Group: "
#: Longest name, before something is added that tells it from another.
LONGEST: Final = 110
_FIELD = Pattern(
    r"^(Statement|Place|Wanted|Measured|State|Locator): ([^\n]*)$",
    "Statement: ", "Place: ", "Wanted: ", "Measured: ", "State: ", "Locator: ",
)  # fmt: skip
_AWAITED = Pattern(r"^[ \t]*(?:Locator:|-? *waiting for) *([^\n]+)$", "Locator:", "waiting for")
# What was asked for keeps "Expected: true" and "Expected: \"healthy\"" apart.
_ASKED = Pattern(
    r"^[ \t]*((?:Expected|AssertionError: assert|assert)\b[^\n]*)$", "Expected", "assert"
)
_NAVIGATION = Pattern(
    r"^[ \t]*-? *navigating to \"[^\"\n]+\", waiting until \"(\w+)\"", "navigating to"
)
#: What a matcher says before the value that it wants.
_RELATION = Pattern(r"\A(?:to (?:strictly |deeply |loosely )?(?:be|equal|eql)|==) ")
_CLASS = Pattern(
    r"\A(?:Error|TimeoutError|AssertionError|TestingLibraryElementError|Failed): ",
    "rror: ",
    "Failed: ",
)
_PART = Pattern(r"while (?P<how>setting up|tearing down|running) \"(?P<name>[^\"\n]+)\"", "while ")
_NOTHING_KNOWN: Final = "no text"


def group_id(name: str) -> str:
    """Return the lasting id of a named group; other than that of any cause."""
    return hashlib.sha256(f"group\n{name}".encode()).hexdigest()[:12]


def names_by_id(table: pd.DataFrame) -> dict[str, str]:
    """Return the name of each cause of a table with the columns cluster and name, by its id."""
    return dict(zip(table["cluster"], table["name"], strict=True))


def causes_by_case(
    results: pd.DataFrame, ids: pd.Series[Any], names: Mapping[str, str]
) -> dict[str, tuple[str, str]]:
    """Return the id and the name of the cause of each case that has one with a name.

    `ids` holds the id of each result's cause, missing where it has none.
    """
    ids = ids.dropna()
    cases = results.loc[ids.index, "case_id"].tolist()
    return {
        case: (cause, names[cause])
        for case, cause in zip(cases, ids.tolist(), strict=True)
        if cause in names
    }


def name_of(signature: str) -> str:
    r"""Name a cause for people, by its signature: what happened, and where.

    >>> name_of("assert <n1> == <n2>\nStatement: assert cart.total() == 30\nMeasured: 29")
    'assert cart.total() == 30: got 29'
    """
    if signature.startswith(GROUP):
        return signature.removeprefix(GROUP)
    return LABEL.sub(lambda _: "…", _name(signature))


def _name(signature: str) -> str:
    fields = {found[1]: found[2] for found in _FIELD.finditer(signature)}
    first = headline(signature)
    if first == RAN_OUT:
        return _cut(_waited(fields))
    if first.startswith("strict mode violation") and "Locator" in fields:
        return _cut(f"{in_words(fields['Locator'])} stands for several elements")
    if fields.keys() & {"Statement", "Wanted", "Place"}:
        return _compared(first, fields)
    if sentence := page_sentence(signature) or _ran_out(signature):
        return _cut(sentence)
    if (state := _NAVIGATION.search(signature)) and "imeout" in first:
        return f"a page did not reach “{state[1]}” in time"
    where = _AWAITED.search(signature)
    locator = where[1] if where and where[1] not in first else ""
    words = _cut(without_class(first))
    return f"{words} · {locator[:80]}" if locator else words


def headline(text: str) -> str:
    """Return the first line that says something: the blocked call, not the time that ran out."""
    lines = [line.strip() for line in text.splitlines() if line.strip()] or [_NOTHING_KNOWN]
    timed_out = lines[0].startswith("Test timeout of") and lines[1:] and "." in lines[1]
    return lines[1] if timed_out else lines[0]


def _waited(fields: dict[str, str]) -> str:
    state = fields.get("State", "")
    if "Locator" not in fields:
        return "the button stayed disabled"
    element = in_words(fields["Locator"])
    stayed = "stayed" if state == "disabled" else "was"
    return f"{element} {stayed} {in_readers_words(state)}"


def _compared(first: str, fields: dict[str, str]) -> str:
    got = fields.get("Measured", "")
    if "Statement" not in fields and (statement := _wanted(fields.get("Wanted", ""))):
        return _cut(f"got {got}, {statement}" if got else statement)
    statement = _cut(fields.get("Statement") or without_class(first))
    return f"{statement}: got {got}" if got and got not in statement else statement


def _wanted(words: str) -> str:
    """Say what a bare comparison wanted; "" where its own words say more than a value."""
    value = _RELATION.without(words)
    if value.startswith(("<", ">")):
        return f"missed {value}"
    return "" if value.startswith(("to ", "called ")) or not value else f"wanted {shown(value)}"


def without_class(line: str) -> str:
    """Take the class of a plain assertion off its words; classes of the language stay."""
    return _CLASS.without(line)


def _ran_out(text: str) -> str:
    """Say which hook or fixture did not end, where a whole test ran out of time."""
    late = text.lstrip().startswith("Test timeout of")
    part = _PART.search(text) if late else None
    if part is None:
        first = headline(text)
        alone = first.startswith("Test timeout of") or "Exceeded timeout of" in first
        return "the test ran out of time" if alone else ""
    half = {"setting up": "set-up of ", "tearing down": "tear-down of "}.get(part["how"])
    part_name = f"{half}{quoted(part['name'])}" if half else f"the {part['name']} hook"
    return f"{part_name} did not end in time"


def state_in(signature: str) -> str:
    """Return the last state of what a time-out waited for, in words; "" in other signatures."""
    fields = (found for found in _FIELD.finditer(signature) if found[1] == "State")
    return next((in_readers_words(found[2]) for found in fields), "")


def what_tells_apart(signature: str) -> tuple[str, str]:
    """Return what a cause wanted and where it was raised; "" for what its signature lacks."""
    asked = _ASKED.search(signature)
    wanted = asked[1] if asked and not LABEL.search(asked[1]) else ""
    place = next((found[2] for found in _FIELD.finditer(signature) if found[1] == "Place"), "")
    return wanted, place


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def told_apart(names: Sequence[str], clues: Sequence[Sequence[str]]) -> list[str]:
    """Add to names that occur more than once what tells them apart.

    `clues` has for each name what is known of it, the most telling first and one for all places;
    the last must differ for all of them. An empty clue is not added.

    >>> told_apart(["no", "no", "yes"], [["", "a.py"], ["", "b.py"], ["", "c.py"]])
    ['no · a.py', 'no · b.py', 'yes']
    """
    found = list(names)
    for level in range(max(map(len, clues), default=0)):
        times = Counter(found)
        if len(times) == len(found):
            break
        found = [
            f"{name} · {_cut(clue[level])}" if times[name] > 1 and clue[level] else name
            for name, clue in zip(found, clues, strict=True)
        ]
    return found
