"""Every rule's examples are its tests, under the whole ordered list."""

import pytest

from fictures_reports.classify.frames import (
    Cause,
    failure_answer,
    failure_rules,
    skip_answer,
    skip_rules,
)
from fictures_reports.classify.rules import Rule, compiled, default_rules

RULES = default_rules()
EXAMPLES = [
    pytest.param(rule, dict(example), id=f"{rule.id}-{n}")
    for rule in RULES
    for n, example in enumerate(rule.examples)
]


def decide(rule: Rule, example: dict[str, str]) -> dict[str, object]:
    if rule in skip_rules(RULES):
        return skip_answer(
            example.get("reason"), example.get("annotation", ""), None, skip_rules(RULES)
        )
    code = f"> {example['code']}" if "code" in example else ""
    error = (example.get("message", ""), "", example.get("phase", ""), "", "", code)
    return failure_answer(Cause((error,), example.get("title", "")), failure_rules(RULES))


@pytest.mark.parametrize(("rule", "example"), EXAMPLES)
def test_an_example_is_decided_by_its_own_rule(rule: Rule, example: dict[str, str]) -> None:
    answer = decide(rule, example)
    assert (answer["rule"], answer["category"]) == (rule.id, rule.category)
    assert answer["evidence"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_examples_and_advice_and_compiles(rule: Rule) -> None:
    assert rule.examples
    assert len(rule.advice) > 20
    for pattern in (rule.pattern, *(c.pattern for c in rule.also + rule.unless)):
        compiled(pattern)


def test_every_category_has_a_rule_but_those_of_a_status() -> None:
    from fictures_reports.schema import CATEGORIES

    assert set(CATEGORIES) - {rule.category for rule in RULES} == {"unknown", "skipped"}
