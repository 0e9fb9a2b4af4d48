from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fictures_reports.analysis.causes import with_groups
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.known_issues import issues, review
from fictures_reports.analysis.projection import order, projection
from fictures_reports.analysis.readiness import blockers, missing_for, way_to
from fictures_reports.reading import read_run
from fictures_reports.report import sections as show

from .conftest import make_run

CAUSES = {
    "category": ["timeout", "timeout", "network", None, None],
    "signature": ["idle", "idle", "refused", None, None],
    "rule": ["playwright-test-timeout", "playwright-test-timeout", None, None, None],
}
ENDED = {"x": "failed", "y": "failed", "z": "failed", "p": "passed", "s": "skipped"}
RUN = make_run("a", ENDED, CAUSES)


def test_blockers_come_with_their_tests_and_the_advice_of_the_rule_that_decided():
    table = blockers(RUN)
    assert table["titles"].tolist() == [["x", "y"], ["z"]]
    assert "what was waited for" in table.loc[0, "advice"]
    assert table.loc[1, "advice"] == ""


def test_a_blocker_names_who_answers_for_the_areas_of_its_tests():
    given = {"areas": {"one": ["*x"], "two": ["*y"], "three": ["*z"]}}
    table = blockers(RUN, **given, owners={"one": "kim", "two": "lee", "other": "ann"})
    assert table["owners"].tolist() == [["kim", "lee"], []]
    report = show.ReportInput(RUN, **given, owners={"one": "kim", "two": "lee"})
    assert "asked: <bdi>kim, lee</bdi>" in show.readiness(report).html


@pytest.mark.parametrize(
    ("gate", "missing"),
    [("passed >= 3", 2), ("passed > 3", 3), ("pass_rate >= 60%", 2), ("passed >= 1", 0)],
)
def test_what_is_missing_for_a_gate_is_counted_in_tests(gate, missing):
    assert missing_for(check(RUN, [gate])[0], RUN) == missing


def test_the_way_to_a_gate_names_the_fewest_causes():
    assert "in the fewest steps: idle (2)" in way_to(check(RUN, ["passed >= 3"])[0], RUN)


def test_where_failures_alone_do_not_reach_a_gate_what_does_not_run_comes_last():
    way = way_to(check(RUN, ["passed >= 5"])[0], RUN)
    steps = "in order: idle (2) → 3, refused (1) → 4 and skipped: no reason given (1) → up to 5."
    assert way.endswith(steps)
    way = way_to(check(RUN, ["passed >= 7"])[0], RUN)
    assert "all that is known gives at most 5, so the gate is out of reach" in way
    assert way.endswith(steps)


def test_skips_of_one_reason_are_one_step_the_largest_first():
    statuses = {"f": "failed", "p": "passed"} | {f"s{i}": "skipped" for i in range(6)}
    reasons = [None, None, *["no button"] * 4, *["no server"] * 2]
    signatures = ["idle", None, *["no button"] * 4, *["no server"] * 2]
    run = make_run("a", statuses, {"skip_reason": reasons, "signature": signatures})
    way = way_to(check(run, ["pass_rate >= 75%"])[0], run)
    assert way.endswith("in order: idle (1) → 2 and skipped: no button (4) → up to 6.")


def test_the_way_to_a_missed_gate_is_in_markdown_and_its_steps_in_json():
    report = show.ReportInput(RUN, check(RUN, ["passed >= 4", "failed <= 3"]))
    assert "idle (2) → 3 and refused (1) → 4" in show.readiness.as_markdown(report)
    steps = show.readiness.as_json(report)["readiness"]["order"]
    assert [step["passed_so_far"] for step in steps] == [3, 4, 5]
    assert show.readiness.as_markdown(show.ReportInput(RUN, check(RUN, ["passed >= 1"]))) == ""


def test_the_readiness_section_shows_gates_blockers_skips_and_assumptions():
    html = show.readiness(show.ReportInput(RUN, check(RUN, ["passed >= 5"]))).html
    for words in ("passed &gt;= 5", "3 of 5 = 60.0 %", "no other test changes", "0 to 1"):
        assert words in html


def test_a_known_issue_that_passes_now_is_reported():
    issue = {"case": "*p", "owner": "kim", "reason": "#7", "expires": "2999-01-01"}
    html = show.known_issues(show.ReportInput(RUN, known_issues=[issue])).html
    assert "passes now" in html
    assert "kim" in html


def test_notes_keep_their_words_and_run_nothing():
    notes = "## Decisions\n**Go** <script>alert(1)</script> [x](javascript:1)"
    html = show.notes(show.ReportInput(RUN, notes=notes)).html
    assert "<strong>Go</strong>" in html
    assert "<script" not in html
    assert "javascript:1" not in html


def test_headings_of_notes_go_on_from_the_level_of_the_page_and_skip_none():
    notes = "### one\n\n# two\n\n#### three\n\n##### four\n\n## five"
    html = show.notes(show.ReportInput(RUN, notes=notes)).html
    assert re.findall(r"<h(\d)>(\w+)", html) == [
        ("2", "one"), ("2", "two"), ("3", "three"), ("4", "four"), ("3", "five"),
    ]  # fmt: skip


def test_several_runs_a_side_are_weighed_together():
    good, bad = make_run("g", {"x": "passed"}), make_run("b", {"x": "failed"})
    html = show.certainty(show.ReportInput(compare([good] * 5, [bad] * 5))).html
    assert "Over 5 runs before and 5 runs after" in html
    assert "regression: 1 case" in html


def test_tools_that_changed_are_named():
    before = make_run("b", {"x": "failed"}, producer="Playwright", producer_version="1.54.2")
    after = make_run("a", {"x": "failed"}, producer="Playwright", producer_version="1.56.1")
    html = show.tool_versions(show.ReportInput(compare(before, after))).html
    assert "producer version 1.54.2 → 1.56.1</bdi>" in html


def test_phases_are_a_row_each():
    ended = {"one": "failed", "two": "passed", "three": "passed"}
    one, two, three = (make_run(label, {"x": status}) for label, status in ended.items())
    html = show.phases(show.ReportInput(compare(two, three), phases=[one])).html
    assert html.index("one") < html.index("two") < html.index("three")
    assert "100.0 %" in html


def test_a_way_counts_up_step_by_step_and_takes_skips_where_failures_do_not_suffice():
    ended = {f"f{n}": "failed" for n in range(10)} | {"s0": "skipped", "s1": "skipped"}
    ended |= {f"p{n}": "passed" for n in range(8)}
    said = ["refused"] * 5 + ["null"] * 3 + ["key"] * 2 + ["the Like button is not there"] * 2
    run = make_run("a", ended, {"signature": [*said, *[None] * 8]})
    assert order(run)["passed_so_far"].tolist() == [13, 16, 18, 20]
    assert order(run)["least_so_far"].tolist() == [13, 16, 18, 18]
    way = way_to(check(run, ["passed >= 19"])[0], run)
    assert "refused (5) → 13, null (3) → 16, key (2) → 18" in way
    assert "skipped: the Like button is not there (2) → up to 20" in way


def test_an_order_is_given_where_the_target_is_out_of_reach():
    ended = {"f": "failed", "x": "xfailed", "y": "xfailed", "p": "passed"}
    run = make_run("a", ended, {"signature": ["idle", None, None, None]})
    way = way_to(check(run, ["passed >= 4"])[0], run)
    assert "out of reach; in order: idle (1) → 2" in way


def test_markdown_has_the_next_steps_when_a_gate_is_missed_and_not_otherwise():
    missed = show.readiness.as_markdown(show.ReportInput(RUN, check(RUN, ["passed >= 3"])))
    assert "1. idle: 2 tests, then 3 pass" in missed
    assert not show.readiness.as_markdown(show.ReportInput(RUN, check(RUN, ["passed >= 1"])))


def test_what_a_fix_gives_is_hedged_by_how_alike_the_messages_are():
    said = ["the list of stories is empty today", "no chapter could be read from the page"]
    unlike = make_run("a", {"x": "failed", "y": "failed"}, {
        "signature": ["same", "same"], "message": said,
    })  # fmt: skip
    same = make_run("a", {"x": "failed", "y": "failed"}, {"signature": ["same", "same"]})
    assert projection(unlike)["if_fixed"].tolist() == ["up to 2 tests"]
    assert projection(same)["if_fixed"].tolist() == ["2 tests"]


def test_projections_are_made_by_category_and_area_too():
    areas = {"one": ["*x"], "two": ["*y", "*z"]}
    assert projection(RUN, "category")["passed_so_far"].tolist() == [3, 4]
    assert projection(RUN, "area", areas)[["name", "cases"]].to_numpy().tolist() == [
        ["two", 2], ["one", 1],
    ]  # fmt: skip
    found = show.readiness.as_json(show.ReportInput(RUN, areas=areas))["readiness"]
    assert set(found["projection"]) == {"category", "area"}
    assert "one_cause_per_test" in found["assumed"]


def test_new_blockers_come_first_and_say_how_many_are_new():
    case = "a.spec.ts › z"
    table = blockers(RUN, new={case}, ages={case: 4})
    assert table["name"].tolist() == ["refused", "idle"]
    assert table["new"].tolist() == [1, 0]
    assert table["age"].tolist() == [4, None]


def test_a_blocker_says_what_its_tests_have_in_common_not_what_the_first_one_said():
    said = ["no answer of http://a.test/x for kim", "no answer of http://a.test/x for lee"]
    run = make_run("a", {"x": "failed", "y": "failed"}, {
        "signature": ["same", "same"], "message": said,
        "file": ["one.ts", "two.ts"], "case_id": ["one", "two"],
    })  # fmt: skip
    facts = blockers(run).loc[0, "facts"]
    assert facts == "in common: at http://a.test/x"


def test_advice_about_the_runner_is_not_given_for_what_the_suite_itself_raised():
    columns = {"rule": ["playwright-internal-fixture"], "category": ["fixture_error"]}
    text = {"signature": ["Internal error"]}
    own = make_run("a", {"x": "failed"}, columns | text | {"location": ["tests/helpers.ts:28:33"]})
    tool = {"location": ["node_modules/playwright/lib/worker.js:3:1"]}
    foreign = make_run("a", {"x": "failed"}, columns | text | tool)
    assert "tests/helpers.ts:28:33" in blockers(own).loc[0, "advice"]
    assert "Playwright lost track" in blockers(foreign).loc[0, "advice"]


def test_a_group_that_people_named_takes_the_place_of_its_causes_everywhere():
    groups = {"the server is down": ["refused", "timeout"]}
    run = replace(RUN, groups=groups)
    assert blockers(run)[["name", "cases"]].to_numpy().tolist() == [["the server is down", 3]]
    html = show.readiness(show.ReportInput(run)).html
    assert "the server is down" in html
    assert "the server is down (3)" in way_to(check(run, ["passed >= 4"])[0], run)


def test_a_known_issue_names_a_group_or_one_of_its_causes():
    run = replace(RUN, groups={"down": ["refused"]})
    one = {"owner": "kim", "reason": "#7", "expires": "2999-01-01"}
    inner = RUN.cluster_ids[RUN.results["title"] == "z"].iloc[0]
    for cause in ("down", inner):
        found = review(run, issues([one | {"cause": cause}]))
        assert found.loc[0, "cases"] == ["a.spec.ts › z"]


def test_advice_that_only_some_tests_of_a_group_share_says_of_how_many(runs):
    run = read_run(runs / "phase2-rerun" / "results.json")
    grouped = with_groups(run, {"benchmarks": ["cache-performance-benchmarks*"]})
    advice = blockers(grouped).set_index("name").loc["benchmarks", "advice"]
    assert advice.startswith("For 2 of 4: A measured number missed its limit")


def test_next_steps_in_markdown_give_each_advice_once_also_on_skips(command, runs):
    sides = (runs / "phase2-initial", runs / "phase2-rerun")
    said = command("compare", *sides, "--gate", "passed >= 24").stdout.split("## Next steps")[1]
    assert said.count("A measured number missed its limit") == 1
    assert said.count("A control was not there") == 1
