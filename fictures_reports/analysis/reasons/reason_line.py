"""One line in words that says why a result is as it is; everything that is printed uses it.

“€ 1.99”, wanted “$ 1.99” · .card p
waited 240 s: “Cache debug” button not there
the basket is slow, 950 ms, against a limit of 600 ms: 1.6 × the limit
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fictures_reports.analysis.reasons.compared_values import Compared, compared
from fictures_reports.analysis.reasons.connection_sentence import connection_failed
from fictures_reports.analysis.reasons.element_sentence import not_as_wanted
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.analysis.reasons.limit_sentence import how_far, limit_behind, limit_missed
from fictures_reports.analysis.reasons.own_words import first_words, own_words, with_own_words
from fictures_reports.analysis.reasons.snapshot_sentence import differs
from fictures_reports.analysis.reasons.waiting_sentence import waited
from fictures_reports.analysis.result_summary import known
from fictures_reports.failures.locator_words import in_words
from fictures_reports.failures.looked_for import looked_for
from fictures_reports.failures.quantities import quantities
from fictures_reports.failures.shown_values import shortened
from fictures_reports.patterns import Pattern

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a line of a list has room for.
_LONGEST: Final = 200
#: How much of a failure's text is read: what was compared stands at its beginning.
_READ: Final = 6_000
#: Reasons that are kept to be said again; each holds its failure's text.
_KEPT: Final = 2_000
#: How near a rounded number is to the one that was measured.
_ROUNDED: Final = 0.01

_CLOSED = Pattern(
    r"(?P<call>\w+\.[\w$]+): (?:Target page, context or browser has been closed|Target closed)",
    "has been closed", "Target closed",
)  # fmt: skip


class Facts(NamedTuple):
    """What a row says of its failure; None for what it does not say."""

    message: str
    evidence: str | None
    locator: str | None
    timeout_s: float | None
    measured: float | None
    comparator: str | None
    limit: float | None
    unit: str | None
    fixture: str | None
    phase: str | None
    skip_reason: str | None

    def first_words(self) -> str:
        """Return the first line of the failure's text that says something."""
        return first_words(self.message or self.evidence or "")


def reason(result: Any) -> str:
    """Say in one line why a result failed or was skipped; "" if it passed.

    `result` is a row of a results frame, as `itertuples` or `iloc` give it.
    """
    category = _value(result, "category")
    if category is None:
        return ""
    message, *further = (_value(result, name) for name in Facts._fields)
    words = _in_one_line(category, Facts((message or "")[:_READ], *further))
    differ = _value(result, "attempts_differ")
    return f"{words} (its attempts: {_each(differ)})" if differ else words


@lru_cache(maxsize=_KEPT)  # a page says a failure's reason in up to five places
def _in_one_line(category: str, facts: Facts) -> str:
    sentence = _SENTENCES.get(category, Facts.first_words)(facts)
    return shortened(sentence or facts.first_words() or "no message", _LONGEST)


def _each(categories: str) -> str:
    """Name the categories of attempts that failed differently."""
    return ", then ".join(category_name(name) for name in categories.split(", then "))


def _value(result: Any, name: str) -> Any:
    """Return a value of the row; None where it or its column is missing."""
    return known(getattr(result, name, None))


def _assertion(facts: Facts) -> str:
    found = compared(facts.message)
    if found is None:
        return facts.first_words()
    words_of_suite = own_words(facts.message)
    if words_of_suite and (not found.wanted or _says_both(words_of_suite, found)):
        return words_of_suite
    sentence = with_own_words(facts.message, found.sentence())
    return f"{sentence} · {in_words(facts.locator)}" if facts.locator else sentence


def _says_both(words: str, found: Compared) -> bool:
    """Tell whether the author's words hold both values, or one of several wanted ones."""
    wanted = found.wanted.split(", ") if found.relation == "wanted one of" else [found.wanted]
    return found.actual.strip("\"'") in words and any(w.strip("\"'") in words for w in wanted)


def _threshold(facts: Facts) -> str:
    if facts.measured is None or facts.limit is None or facts.comparator is None:
        return _assertion(facts)
    measurement = facts.measured, facts.comparator, facts.limit
    words_of_suite = own_words(facts.message)
    if not words_of_suite or facts.comparator == "==" or not _says(words_of_suite, facts.measured):
        return with_own_words(facts.message, limit_missed(*measurement, facts.unit))
    if not _says(words_of_suite, facts.limit):
        return f"{words_of_suite}, {limit_behind(*measurement, facts.unit)}"
    return ": ".join(filter(None, (words_of_suite, how_far(*measurement))))


def _says(words: str, value: float) -> bool:
    """Tell whether a number stands in the words, rounded or in another unit of time."""
    near = (value, value / 1000, value * 1000)
    return any(
        abs(found.value - near_value) <= _ROUNDED * abs(near_value)
        for found in quantities(words)
        for near_value in near
    )


def _timeout(facts: Facts) -> str:
    sentence = waited(facts.message, facts.timeout_s, facts.locator)
    if facts.measured is None or facts.limit is None:
        return sentence
    comparator = facts.comparator or "=="
    missed = limit_missed(facts.measured, comparator, facts.limit, facts.unit)
    return f"{sentence.partition(':')[0]}: {missed}"


def _element(facts: Facts) -> str:
    return not_as_wanted(facts.message, facts.locator or "")


def _auth(facts: Facts) -> str:
    return _element(facts) if looked_for(facts.message) else _assertion(facts)


def _crash(facts: Facts) -> str:
    found = _CLOSED.search(facts.message)
    return f"the page, context or browser was closed during {found['call']}" if found else ""


def _fixture(facts: Facts) -> str:
    words = facts.first_words()
    if facts.fixture and "not found" in words and f"'{facts.fixture}'" in words:
        return f"no fixture “{facts.fixture}”"
    half = {"setup": "set-up", "teardown": "tear-down"}.get(facts.phase or "", "fixture")
    return f"{half} of “{facts.fixture}”: {words}" if facts.fixture else f"{half}: {words}"


def _skip(facts: Facts) -> str:
    return first_words(facts.skip_reason or "") or "no reason given"


def _behind(lead: str, words: str) -> str:
    return f"{lead}: {words}" if words else lead


def _declared(facts: Facts) -> str:
    return _behind("failed as declared", first_words(facts.skip_reason or facts.message))


def _not_run(facts: Facts) -> str:
    return _behind("never started", first_words(facts.skip_reason or facts.message))


def _interrupted(facts: Facts) -> str:
    return _behind("stopped while running", first_words(facts.message))


_SENTENCES: Final[dict[str, Callable[[Facts], str]]] = {
    "threshold_miss": _threshold,
    "timeout": _timeout,
    "element": _element,
    "assertion": _assertion,
    "auth": _auth,
    "crash": _crash,
    "snapshot": lambda facts: differs(facts.message),
    "network": lambda facts: connection_failed(facts.message) or _assertion(facts),
    "fixture_error": _fixture,
    "expected_failure": _declared,
    "not_run": _not_run,
    "interrupted": _interrupted,
    "skipped": _skip,
    "skipped_ui": _skip,
    "skipped_data": _skip,
    "skipped_environment": _skip,
    "skipped_condition": _skip,
    "skipped_declared": _skip,
}
