"""Which rule decides: the first that matches the first error that is no mere consequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fictures_reports.failures.message_parts import said_in, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fictures_reports.classification.rule_index import RuleIndex
    from fictures_reports.classification.rules import Rule
    from fictures_reports.failures.message_parts import Error

#: Where a message would name its class.
_HEAD = 400
#: Longest quotation in the evidence column.
EVIDENCE = 300
_IN_CHAIN = {"root": 0, "cause": 0, "fallback": 1, "consequence": 2}
# from error to error a fallback weighs as much as a cause: the first error decides
_IN_ROW = {"root": 0, "cause": 1, "fallback": 1, "consequence": 2}


class Match(NamedTuple):
    """A rule and the words that it matched: `text[start:end]` of the part `where`."""

    rule: Rule
    text: str
    start: int
    end: int

    @property
    def evidence(self) -> str:
        """The lines of the matched words, cut where they are too long."""
        start = max(self.text.rfind("\n", 0, self.start) + 1, self.start - EVIDENCE // 3)
        end = self.text.find("\n", max(self.start, self.end - 1))
        words = self.text[start : end if end >= 0 else None].strip()
        return words if len(words) <= EVIDENCE else words[: EVIDENCE - 1] + "…"


class Decision(NamedTuple):
    """What was decided about one result: by which match, on which of its errors."""

    match: Match | None
    error: int = 0


def matches(parts: Mapping[str, str], index: RuleIndex) -> Iterable[Match]:
    """Yield every rule that matches these parts, in order."""
    for rule in index.candidates(parts):
        found = rule.found(parts)
        if found:
            yield Match(rule, parts[rule.where], *found)


def first_match(parts: Mapping[str, str], index: RuleIndex) -> Match | None:
    """Return the match that decides, or None."""
    return next(iter(matches(parts, index)), None)


#: what is in the name of a class that says no more than that something was not as expected
_ASSERTIONS = ("assert", "expectation", "comparison", "xunit.sdk")
_PLAIN = ("Failed", "Error")


def texts_of(error: Error) -> list[str]:
    """List the messages of a chain, with the class of the error before the first.

    Some formats have the class in an attribute only: `type="java.net.ConnectException"`. An
    assertion's class says little, so there the message is read alone, and with its class last; so
    is one that seems to begin with a class of its own.
    """
    first, kind = error.chain[0], error.error_type
    if not kind or kind.rpartition(".")[2] in first[:_HEAD]:
        return list(error.chain)
    with_class = f"{kind}: {first}".removesuffix(": ")
    is_plain = kind in _PLAIN or any(name in kind.lower() for name in _ASSERTIONS)
    if is_plain or type_of(first):
        return [*error.chain, with_class]
    return [with_class, *error.chain[1:]]


def parts_of(error: Error, message: str, title: str = "") -> dict[str, str]:
    """Lay out one error of a chain for the rules."""
    return {
        "message": message,
        "said": said_in(message),
        "first_line": message.partition("\n")[0],
        "type": error.error_type,
        "phase": error.phase,
        "code": error.code,
        "title": title,
    }


def decide(errors: Sequence[Error], index: RuleIndex, title: str = "") -> Decision:
    """Decide a failure. A body goes before its tear-down, a cause before a consequence."""
    best: tuple[int, int, Match] | None = None
    for n in _body_first(errors):
        match = _of_chain(errors[n], index, title)
        if match and (best is None or _IN_ROW[match.rule.standing] < best[0]):
            best = (_IN_ROW[match.rule.standing], n, match)
    return Decision(best[2], best[1]) if best else Decision(None, 0)


def _body_first(errors: Sequence[Error]) -> list[int]:
    return sorted(range(len(errors)), key=lambda n: errors[n].phase == "teardown")


def _of_chain(error: Error, index: RuleIndex, title: str) -> Match | None:
    """Look below an error that says little for the one that caused it."""
    best: Match | None = None
    for message in texts_of(error):
        match = first_match(parts_of(error, message, title), index)
        if match is None:
            continue
        if best is None or _IN_CHAIN[match.rule.standing] < _IN_CHAIN[best.rule.standing]:
            best = match
        if not _IN_CHAIN[best.rule.standing]:
            return best
    return best
