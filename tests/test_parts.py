"""Parts of a run: chosen by what its tests have, and compared with each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr

#: (title, tags, project → status)
SPECS = (
    ("pays", ["smoke"], {"chromium": "passed", "firefox": "failed"}),
    ("adds [2]", [], {"chromium": "passed", "firefox": "passed"}),
    ("removes", ["slow"], {"chromium": "failed", "firefox": "passed"}),
)


def result(status: str) -> dict[str, Any]:
    errors = [{"message": "Error: no"}] if status == "failed" else []
    began = "2025-11-02T10:00:00Z"
    return {"status": status, "duration": 900, "retry": 0, "startTime": began, "errors": errors}


def spec(title: str, tags: list[str], statuses: dict[str, str]) -> dict[str, Any]:
    tests = [
        {"projectName": project, "expectedStatus": "passed", "results": [result(status)]}
        for project, status in statuses.items()
    ]
    return {"title": title, "tags": tags, "line": 1, "file": "shop/cart.spec.ts", "tests": tests}


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """Write a Playwright report of two projects."""
    suite = {"title": "cart", "file": "shop/cart.spec.ts", "specs": [spec(*one) for one in SPECS]}
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"config": {}, "suites": [suite], "errors": [], "stats": {}}))
    return path


@pytest.fixture
def run(results: Path) -> fr.Run:
    return fr.read_run(results)


@pytest.mark.parametrize(
    ("where", "n"),
    [
        ({"project": "chromium"}, 3),
        ({"project": ["chromium", "fire*"]}, 6),
        ({"project": "chromium", "status": "failed"}, 1),
        ({"file": "cart*"}, 6),
        ({"file": "shop/*"}, 6),
        ({"tag": "@smoke"}, 2),
        ({"tag": ["smoke", "slow"], "project": "firefox"}, 2),
        ({"case": "adds [2]"}, 2),
        ({"case": "*pays [[]firefox]"}, 1),
        ({"area": "pay", "areas": {"pay": ["*pays*"]}}, 2),
        ({"status": "flaky"}, 0),
        ({}, 6),
    ],
)
def test_a_part_holds_the_tests_that_fit_all_that_is_asked(run, where, n):
    assert len(run.where(**where).results) == n


def test_a_part_says_so_and_leaves_the_run_as_it_was(run):
    part = run.where(project="chromium").where(status="failed")
    assert part.label == f"{run.label} · project=chromium · status=failed"
    assert part.is_part
    assert not run.is_part
    assert part.run_id not in (run.run_id, run.where(project="chromium").run_id)
    assert set(part.results["run_id"]) == {part.run_id}
    assert part.info.duration_s is None
    assert len(run.results) == 6


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ({"project": "chromum"}, "no test has the project 'chromum'; did you mean 'chromium'?"),
        ({"variant": "linux"}, "no test has the variant 'linux'; the results name none"),
        ({"status": "fialed"}, "no test has the status 'fialed'; did you mean 'failed'?"),
        ({"tag": 3}, "tag is 3, expected a name, a pattern or a list of these"),
        ({"case": [3]}, "case holds 3, expected names or patterns"),
        ({"file": []}, r"file is \[\], expected"),
        ({"area": "pay", "areas": {"other": ["*"]}}, "no test has the area 'pay'"),
    ],
)
def test_what_no_test_has_is_refused_in_one_line(run, where, message):
    with pytest.raises(fr.ReportsError, match=message) as error:
        run.where(**where)
    assert "\n" not in str(error.value)


def test_a_part_is_read_again_from_its_source(run):
    part = run.where(project="firefox", file="cart*").where(status="failed")
    again = fr.read_run(part.source)
    assert again.run_id == part.run_id
    assert again.results["case_id"].tolist() == part.results["case_id"].tolist()


@pytest.mark.parametrize("by", ["project", "test"])
def test_projects_of_one_run_are_compared_test_by_test(run, by):
    c = fr.compare(run.where(project="chromium"), run.where(project="firefox"), by=by)
    assert (c.counts["broken"], c.counts["fixed"], c.counts["still_passing"]) == (1, 1, 1)
    assert c.complete
    assert [gate.reading for gate in fr.check(c, ["broken[file=*cart*] == 1"])] == [1]


def test_without_by_other_projects_have_other_cases(run):
    c = fr.compare(run.where(project="chromium"), run.where(project="firefox"))
    assert not c.comparable


def test_variants_are_compared_and_none_is_called_missing(run_of: Callable[..., fr.Run]):
    def of(variant: str, status: str) -> fr.Run:
        columns = {"variant": [variant], "case_id": [f"a.py › t {{{variant}}} #2"]}
        return run_of(variant, {"t": status}, columns)

    c = fr.compare(of("linux", "passed"), of("windows", "failed"), by="variant")
    assert c.changes["case_id"].tolist() == ["a.py › t #2"]
    assert c.counts["broken"] == 1
    assert c.missing_variants == {}


def test_a_side_with_several_projects_cannot_be_compared_by_project(run):
    with pytest.raises(fr.ReportsError, match=r"more than one project \(chromium, firefox\)"):
        fr.compare(run, run, by="project")


def test_unknown_ways_to_compare_are_refused(run):
    with pytest.raises(fr.ReportsError, match="did you mean 'project'"):
        fr.compare(run, run, by="projects")


def test_the_page_of_a_part_can_be_run_again(run, tmp_path):
    before, after = run.where(project="chromium"), run.where(project="firefox")
    path = tmp_path / "x.ipynb"
    fr.render("comparison", before=before, after=after, by="project", output=path)
    cells = json.loads(path.read_text())["cells"]
    given: dict[str, Any] = {}
    exec("".join(cells[1]["source"]), given)
    again = fr.compare(fr.read_run(given["before"]), fr.read_run(given["after"]), by=given["by"])
    assert again.counts == fr.compare(before, after, by="project").counts


def test_the_run_command_compares_the_two_projects_of_a_run(command, results):
    done = command("run", results, "--by", "project", "--gate", "broken == 0", "--format", "json")
    assert done.returncode == 2
    assert [one["title"] for one in json.loads(done.stdout)["changes"]["broken"]] == ["pays"]


def test_only_narrows_both_sides_of_a_comparison(command, results):
    done = command(
        "compare", results, results, "--only", "project=firefox", "--only", "tag=s*",
        "--format", "json",
    )  # fmt: skip
    changes = json.loads(done.stdout)["changes"]
    assert {name: len(cases) for name, cases in changes.items() if cases} == {
        "still_failing": 1, "still_passing": 1,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--only", "project"], "--only is 'project', expected FIELD=PATTERN"),
        (["--only", "browser=x"], "no part is chosen by 'browser'"),
        (["--only", "project=firefox", "--by", "project"], "of 1 project (firefox), expected two"),
    ],
)
def test_parts_that_cannot_be_taken_are_one_line(command, results, options, message):
    done = command("run", results, *options)
    assert done.returncode == 1
    assert message in done.stderr


def test_the_first_project_that_is_chosen_is_the_side_before(command, results):
    words = ["run", results, "--by", "project", "--format", "json"]
    names = ["--only", "project=firefox", "--only", "project=chromium"]
    changes = json.loads(command(*words, *names).stdout)["changes"]
    assert [one["title"] for one in changes["broken"]] == ["removes"]


def test_of_more_than_two_projects_the_line_says_how_to_choose_two(command, results):
    whole = json.loads(results.read_text())
    for one in whole["suites"][0]["specs"]:
        one["tests"].append(one["tests"][0] | {"projectName": "Mobile Safari"})
    results.write_text(json.dumps(whole))
    done = command("run", results, "--by", "project")
    assert done.returncode == 1
    assert "--only project=chromium --only project=firefox" in done.stderr
    assert done.stderr.count("\n") == 1


def test_patterns_of_one_field_widen_and_several_fields_narrow(command, results):
    def n(*patterns: str) -> int:
        words = [word for pattern in patterns for word in ("--only", pattern)]
        done = command("run", results, *words, "--format", "json")
        return json.loads(done.stdout)["run"]["totals"]["cases"]

    assert n("project=chromium", "project=firefox") == 6
    assert n("project=chromium", "status=failed") == 1
    assert n("tag=smoke", "tag=slow", "project=firefox") == 2


def test_a_part_of_a_part_is_written_as_a_page_that_can_be_run_again(run, tmp_path):
    part = run.where(file="cart*").where(project="firefox").where(status="failed")
    cells = json.loads(part.to_html(tmp_path / "x.ipynb").read_text())["cells"]
    given: dict[str, Any] = {}
    exec("".join(cells[1]["source"]), given)
    assert fr.read_run(given["run"]).results["title"].tolist() == ["pays"]
