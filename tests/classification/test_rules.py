"""Every rule's examples are its tests, under the whole ordered list."""

import pytest

from fictures_reports.classification.deciding_rule import matches, parts_of
from fictures_reports.classification.failure_answer import Failure, failure_answer
from fictures_reports.classification.rule_files import default_rules
from fictures_reports.classification.rule_index import RuleIndex, indexes_of
from fictures_reports.classification.rules import Rule
from fictures_reports.classification.skip_rules import skip_answer
from fictures_reports.failures.message_parts import ReportedError, errors_in
from fictures_reports.patterns import Pattern, compiled

RULES = default_rules()
INDEXES = indexes_of(RULES)
EXAMPLES = [
    pytest.param(rule, dict(example), id=f"{rule.id}-{n}")
    for rule in RULES
    for n, example in enumerate([*(a.example or {} for a in rule.alternatives), *rule.examples])
]


def decide(rule: Rule, example: dict[str, str]) -> dict[str, object]:
    if rule in INDEXES.skips.rules:
        return skip_answer(
            example.get("reason"), example.get("annotation", ""), None, INDEXES.skips
        )
    return failure_answer(failure_of(example), INDEXES.failures)


def failure_of(example: dict[str, str]) -> Failure:
    code = f"> {example['code']}" if "code" in example else ""
    error = ReportedError(example.get("message", ""), phase=example.get("phase", ""), snippet=code)
    return Failure((error,), example.get("title", ""))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_decided_by_its_own_rule(rule: Rule, example: dict[str, str]) -> None:
    answer = decide(rule, example)
    assert (answer["rule"], answer["category"]) == (rule.id, rule.category)
    assert answer["evidence"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_example_of_an_alternative_is_matched_by_that_one(rule: Rule) -> None:
    decided_by = [place_of_alternative(rule, dict(a.example or {})) for a in rule.alternatives]
    assert decided_by == list(range(len(rule.alternatives)))


def place_of_alternative(rule: Rule, example: dict[str, str]) -> int | None:
    """Return which alternative of a rule is the one that is quoted."""
    for parts in parts_seen(rule, example):
        found = rule.found(parts)
        if found:
            starts = [Pattern(a.pattern).search(parts[rule.where]) for a in rule.alternatives]
            return next(n for n, one in enumerate(starts) if one and one.start() == found[0])
    return None


def parts_seen(rule: Rule, example: dict[str, str]) -> list[dict[str, str]]:
    if rule in INDEXES.skips.rules:
        return [{"reason": "", "annotation": ""} | example]
    errors = errors_in(failure_of(example).errors)
    title = example.get("title", "")
    return [parts_of(error, message, title) for error in errors for message in error.chain]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_an_example_for_each_alternative_advice_and_compiles(rule: Rule) -> None:
    assert all(alternative.example for alternative in rule.alternatives)
    assert len(rule.advice) > 20
    for pattern in (rule.pattern, *(c.pattern for c in rule.also + rule.unless)):
        compiled(pattern)


def test_every_category_has_a_rule_but_those_of_a_status() -> None:
    from fictures_reports.schema import CATEGORIES

    assert set(CATEGORIES) - {rule.category for rule in RULES} == {"unknown", "skipped"}


def test_a_rule_is_found_in_a_text_too_long_for_the_joined_patterns() -> None:
    index = RuleIndex([rule for rule in RULES if rule.id in ("network", "script-error")])
    text = "".join(chr(0x4E00 + n % 9000) for n in range(9000)) + " TypeError: x"
    assert [match.rule.id for match in matches({"said": text}, index)] == ["script-error"]
