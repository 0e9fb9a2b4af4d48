"""What a phase document says is to be decided, where to begin, and what to look at."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fictures_reports as fr

from .conftest import make_run


def part(document: str, title: str) -> str:
    """Return a section of a document, without its heading."""
    return document.split(f"\n## {title}\n")[1].split("\n## ")[0]


def decision(document: str) -> str:
    lines = part(document, "Executive summary").splitlines()
    return next((line for line in lines if line.startswith("**To decide:**")), "")


@pytest.mark.parametrize(
    ("statuses", "gates", "said"),
    [
        ({"a": "passed"}, [], "nothing counted here keeps the next phase from beginning."),
        ({"a": "passed"}, ["failed == 0"], "nothing counted here keeps"),
        ({"a": "passed", "b": "failed"}, ["passed >= 1"], "from beginning; 1 test fails."),
        ({"a": "passed", "b": "failed"}, [], "which of these blockers the next phase waits for"),
        ({"a": "passed", "b": "failed"}, ["failed == 0"], "until its gate is met, or begin it as"),
        (
            {"a": "passed", "b": "failed"},
            ["passed >= 2"],
            "fixed, which gives 2 passing tests, or begin it with 1 of the 2 that are wanted.",
        ),
        (
            {"a": "passed", "b": "skipped"},
            ["passed >= 2"],
            "until this blocker is fixed, which gives 1 to 2 passing tests, or begin it with 1",
        ),
        (
            {"a": "passed", "b": "failed"},
            ["passed >= 3"],
            "with 1 of the 3 that are wanted: with all that is known fixed, at most 2 tests pass.",
        ),
    ],
)
def test_the_summary_ends_in_what_is_to_be_decided(statuses, gates, said):
    assert said in decision(fr.document(make_run("r", statuses), gates))


def test_without_any_test_nothing_is_to_be_decided_and_nothing_is_ready():
    for gates in ([], ["passed >= 1"]):
        text = fr.document(make_run("r", {}), gates)
        assert decision(text) == ""
        assert "**Not ready.**" in part(text, "Readiness for the next phase")


def test_a_flaky_test_that_the_target_leaves_out_is_what_is_short():
    text = fr.document(make_run("r", {"a": "passed", "b": "flaky"}), ["passed >= 2"])
    assert 'status: "partial"' in text
    said = "hold the next phase until 1 flaky test passes every time, or begin it with 1 of the 2"
    assert said in decision(text)


def test_runs_without_a_common_test_are_not_compared():
    before = make_run("b", {"a": "failed", "b": "passed"})
    text = fr.document(fr.compare(before, make_run("a", {"c": "passed", "d": "failed"})))
    assert "so nothing can be compared." in part(text, "Executive summary")
    assert "Key achievement" not in text
    assert "## What changed" not in text
    assert "| relative |" not in part(text, "Results")


def test_what_is_weak_evidence_names_no_number_of_zero():
    before = make_run("b", {"a": "failed", "b": "passed"})
    after = make_run("a", {"a": "passed", "b": "passed"})
    seeming = part(fr.document(fr.compare(before, after)), "What changed")
    assert "1 fixed is weak evidence by itself" in seeming
    assert "against 0" not in seeming
    assert "Failures by kind" not in seeming
    worse = part(fr.document(fr.compare(after, before)), "What changed")
    assert "weak evidence" not in worse


def test_the_blockers_that_are_counted_are_those_that_are_listed():
    # "big" alone is critical; of the three single ones one is enough
    said = ["Error: big"] * 4 + ["Error: c", "Error: d", "Error: e", None]
    columns = {"message": said, "signature": said}
    statuses = {f"t{i}": "failed" for i in range(7)} | {"ok": "passed"}
    text = fr.document(make_run("r", statuses, columns), ["passed >= 6"])
    assert "until these 2 blockers are fixed" in decision(text)
    summary = part(text, "Executive summary")
    assert "\n2. " in summary
    assert "\n3. " not in summary
    rows = [line for line in part(text, "Readiness for the next phase").splitlines()
            if "percentage points" in line]  # fmt: skip
    ranks = [row.split(" | ")[1] for row in rows]
    assert ranks == ["critical", "high", "medium", "medium"]


def test_a_gate_is_told_once_at_the_top():
    text = fr.document(make_run("r", {"a": "passed", "b": "failed"}), ["passed >= 2"])
    assert "**Status: partial.** Gate passed \\>= 2: not met, 1 is 1 short." in text
    assert text.count("1 is 1 short") == 1
    assert "50.0 percentage points below, or 50.0 % of it." in part(text, "Results")


def test_each_kind_of_failure_in_a_cause_has_its_own_advice():
    groups = {"ours": ["a*"]}
    columns = {
        "category": ["timeout", "timeout", "assertion"],
        "rule": ["playwright-test-timeout", "playwright-test-timeout", "assertion"],
        "message": ["Test timeout of 3ms exceeded."] * 2 + ["Error: no"],
        "signature": ["Test timeout"] * 2 + ["Error: no"],
        "case_id": ["a1", "a2", "a3"],
    }
    run = make_run("r", {"a1": "failed", "a2": "failed", "a3": "failed"}, columns)
    text = fr.document(replace(run, groups=groups))
    cause = part(text, "Root causes")
    assert "- **Ran out of time** (2): The whole test used up its time." in cause
    assert "- **Another value than wanted** (1)" in cause
    assert "begin with “ran out of time” (2 of 3)." in part(text, "Recommendations")


def test_recommendations_begin_with_what_passed_before():
    before = {"a1": "passed", "a2": "failed"}
    columns = {"message": ["Error: no", "Error: no"]}
    after = make_run("a", {"a1": "failed", "a2": "failed"}, columns)
    text = fr.document(fr.compare(make_run("b", before), after))
    assert "begin with **a1**, which passed before." in part(text, "Recommendations")
    assert "begin with **a2**" not in text
