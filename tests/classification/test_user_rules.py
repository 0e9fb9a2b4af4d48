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


def test_a_dry_run_tells_what_changes_and_what_stays_unknown(own: Path) -> None:
    table = dry_run(
        results("Error: story-service at 8080 refused", "", "TypeError: x"), load_rules(own)
    )
    assert table["change"].tolist() == ["category", "unknown"]
    assert table["category_before"].tolist() == ["code_error", "unknown"]
    assert table["category_after"].tolist() == ["network", "unknown"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("story-service .* refused", "(?=x)", 2, "pattern of 'story-service' is broken"),
        ("story-service .* refused", "(", 2, "is broken"),
        ('"network"', '"netwrok"', 2, "category = 'netwrok' is none of"),
        ("advice =", "advise =", 2, "unknown key 'advise'"),
        ("id =", "name =", 2, "unknown key"),
        ('id = "story-service"\n', "", 2, "needs id"),
        ('"network"', "network", 4, "is not TOML"),
        ("[[rule]]", "[rule]", 1, "expected [[rule]] tables"),
        ('advice = "', 'where = "soul"\nadvice = "', 2, "where = 'soul' is none of"),
        ('advice = "', 'standing = "x"\nadvice = "', 2, "standing = 'x' is none of"),
        ('advice = "', 'unless = 3\nadvice = "', 2, "unless needs a pattern"),
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
