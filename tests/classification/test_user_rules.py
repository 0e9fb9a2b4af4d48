"""A team's own rules: they come first, and a broken file is refused with its line."""

from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.classification import classify, dry_run, explain, load_rules
from fictures_reports.errors import RuleError
from fictures_reports.schema import results_frame

OWN = """\
# the story service
[[rule]]
id = "story-service"
category = "network"
pattern = '''story-service .* refused'''
examples = ["Error: story-service:8080 refused the connection"]
advice = "Is the story service up?"
"""


def results(*messages: str) -> pd.DataFrame:
    n = len(messages)
    return results_frame(
        {
            "run_id": ["r"] * n,
            "case_id": [f"case {k}" for k in range(n)],
            "status": ["failed"] * n,
            "message": list(messages),
        }
    )


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(OWN)
    return path


def test_own_rules_come_first(own: Path) -> None:
    rows = classify(
        results("Error: story-service at 8080 refused", "TypeError: x is null"), load_rules(own)
    )
    assert rows["rule"].tolist() == ["story-service", "script-error"]


def test_an_own_rule_replaces_ours_of_the_same_id(own: Path) -> None:
    own.write_text(OWN.replace('"story-service"', '"script-error"').replace("story-service", "XX"))
    rows = classify(results("TypeError: x is null"), load_rules(own))
    assert rows["rule"].tolist() != ["script-error"]


def test_a_rule_matches_by_any_of_its_patterns(own: Path) -> None:
    entries = "['quiet', { pattern = 'story-\\w+', example = 'story-service' }]"
    own.write_text(OWN.replace("pattern = '''story-service .* refused'''", f"patterns = {entries}"))
    rules = load_rules(own)
    rows = classify(results("Error: all quiet", "Error: story-cli", "TypeError: x"), rules)
    assert rows["rule"].tolist() == ["story-service", "story-service", "script-error"]
    assert rules[0].alternatives[1].example == {"message": "story-service"}


def test_an_inline_flag_of_one_pattern_does_not_reach_the_next(own: Path) -> None:
    entries = "['(?i)quiet', 'loud']"
    own.write_text(OWN.replace("pattern = '''story-service .* refused'''", f"patterns = {entries}"))
    rows = classify(results("Error: QUIET", "Error: loud", "TypeError: LOUD"), load_rules(own))
    assert rows["rule"].tolist() == ["story-service", "story-service", "script-error"]


def test_a_dry_run_tells_what_changes_and_what_stays_unknown(own: Path) -> None:
    table = dry_run(
        results("Error: story-service at 8080 refused", "", "TypeError: x"), load_rules(own)
    )
    assert table["change"].tolist() == ["category", "unknown"]
    assert table["category_before"].tolist() == ["assertion", "unknown"]
    assert table["category_after"].tolist() == ["network", "unknown"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("story-service .* refused", "(?=x)", 2, "pattern of 'story-service' is broken"),
        ("story-service .* refused", "(", 2, "is broken"),
        (
            "story-service .* refused",
            "(?=x)",
            2,
            "give what must be there too to `also`",
        ),
        ("story-service .* refused", "(?<!x)y", 2, "give what must not be there to `unless`"),
        ("story-service .* refused", r"(a)\1", 2, "no back-references: write the alternatives out"),
        ("story-service .* refused", "x++", 2, "never backtracks: a plain + or * does the same"),
        ("story-service .* refused", r"x\Z", 2, r"the end of the text is \z"),
        ("story-service .* refused", "x{2000}", 2, "repeats up to 1000 times"),
        ("pattern = ", "patterns = [{ pattrn = 'x' }]\n#", 2, "unknown key 'pattrn'; did you mean"),
        ("pattern = ", "patterns = ['x', 3]\n#", 2, "patterns[1] = 3, expected a text or a table"),
        ("pattern = ", "patterns = ['x', '(']\n#", 2, "is broken"),
        ("pattern = ", "patterns = ['x']\npattern = ", 2, "one of the two"),
        ("pattern = ", "patterns = []\n#", 2, "one of the two"),
        (
            "examples = [",
            "examples = [{ mesage = 'x' }, ",
            2,
            "examples[0]: unknown key",
        ),
        ('"network"', '"netwrok"', 2, "category = 'netwrok' is none of"),
        ("advice =", "advise =", 2, "unknown key 'advise'"),
        ("id =", "name =", 2, "unknown key"),
        ('id = "story-service"\n', "", 2, "needs id"),
        ('"network"', "network", 4, "is not TOML"),
        ("[[rule]]", "[rule]", 1, "expected [[rule]] tables"),
        ('advice = "', 'where = "soul"\nadvice = "', 2, "where = 'soul' is none of"),
        ('advice = "', 'standing = "x"\nadvice = "', 2, "standing = 'x' is none of"),
        (
            'advice = "',
            'unless = 3\nadvice = "',
            2,
            "unless = 3, expected a text or a table",
        ),
        ('advice = "', 'unless = "("\nadvice = "', 2, "is broken"),
    ],
)
def test_a_broken_rule_file_is_refused_with_path_line_and_reason(
    own: Path, old: str, new: str, line: int, said: str
) -> None:
    own.write_text(OWN.replace(old, new, 1))
    with pytest.raises(RuleError) as caught:
        load_rules(own)
    message = str(caught.value)
    assert message.startswith(str(own))
    assert f":{line}" in message or f"line {line}" in message
    assert said in message
    assert "\n" not in message


def test_an_id_may_stand_only_once(own: Path) -> None:
    own.write_text(OWN + OWN)
    with pytest.raises(RuleError, match=r":9: id 'story-service' stands at line 2 already"):
        load_rules(own)


def test_a_missing_rule_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="cannot be read"):
        load_rules(tmp_path / "none.toml")


def test_an_explanation_shows_words_in_context_facts_and_the_runner_up() -> None:
    text = "Error: warm load\n\nexpect(received).toBeLessThan(expected)\n\n"
    row = explain(results(f"{text}Expected: < 100\nReceived:   1047")).iloc[0]
    assert row["rule"] == "jest-limit"
    assert row["matched"] == "Expected: < 100\nReceived:   1047"
    assert row["before"].endswith("toBeLessThan(expected)\n\n")
    assert row["end"] - row["start"] == len(row["matched"])
    assert row["facts"]["limit"] == 100
    assert row["runner_up"] == "jest-matcher"
    assert "limit" in row["advice"]


def test_an_explanation_leaves_out_what_passed() -> None:
    rows = results("TypeError: x is null", "")
    rows["status"] = ["failed", "passed"]
    assert explain(rows)["case_id"].tolist() == ["case 0"]


def test_skips_are_explained_too() -> None:
    rows = results_frame(
        {"case_id": ["a"], "status": ["skipped"], "skip_reason": ["Like button not found"]}
    )
    row = explain(rows).iloc[0]
    assert (row["category"], row["where"]) == ("skipped_ui", "reason")
    assert row["runner_up"] is not None
