"""Own categories of a rules file, from the file to every place where a category is shown."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import jsonschema
import pytest

import fictures_reports as fr
from fictures_reports import charts
from fictures_reports.analysis.count_sentences import causes
from fictures_reports.analysis.gate_expressions import COMPARISON_METRICS, RUN_METRICS
from fictures_reports.analysis.reasons.human_names import category_name
from fictures_reports.errors import GateError, RuleError
from fictures_reports.own_categories import METRICS, NEUTRAL, OwnCategory, restored
from fictures_reports.report import sections as show
from fictures_reports.schema import CATEGORIES, CHANGES, STATUSES

Command = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).parents[1]
RUN = ROOT / "runs" / "phase2-rerun"
NAME = "the studio <never> goes idle"
RULES = f"""\
[[category]]
id = "studio_open"
of = "failure"
name = "{NAME}"
colour = "#8a5a00"

[[rule]]
id = "studio-never-idle"
category = "studio_open"
pattern = '''navigating to "[^"]*/studio", waiting until "networkidle"'''
standing = "root"
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


@pytest.fixture
def run(rules: Path) -> fr.Run:
    return fr.read_run(RUN, rules=fr.load_rules(rules))


def test_a_rule_may_use_a_category_of_its_file_and_the_run_carries_it(run: fr.Run) -> None:
    assert run.categories["studio_open"] == 2
    assert run.info.own_categories == (OwnCategory("studio_open", "failure", NAME, "#8a5a00"),)


def test_markdown_and_the_verdict_call_it_by_its_name(run: fr.Run) -> None:
    assert f"{NAME} 2" in causes(run)
    assert "never" in run.to_markdown()
    assert "studio open" not in run.to_markdown()


def test_without_a_name_it_is_called_by_its_id_with_spaces_and_is_grey(rules: Path) -> None:
    lines = RULES.splitlines(keepends=True)
    rules.write_text("".join(line for line in lines if not line.startswith(("name", "colour"))))
    run = fr.read_run(RUN, rules=fr.load_rules(rules))
    assert "studio open 2" in causes(run)
    assert run.info.own_categories[0].colour == NEUTRAL


def test_runs_with_different_rules_do_not_mix(rules: Path, run: fr.Run) -> None:
    rules.write_text(RULES.replace(NAME, "another name"))
    other = fr.read_run(RUN, rules=fr.load_rules(rules))
    said = [causes(run), causes(other), causes(run), causes(fr.read_run(RUN))]
    assert [NAME in words for words in said] == [True, False, True, False]
    assert ["another name" in words for words in said] == [False, True, False, False]
    assert category_name("studio_open") == "studio open"


def test_the_page_names_it_escaped_in_the_cards_of_causes_with_its_colour(
    command: Command, rules: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    done = command("run", RUN, "--rules", rules, "-o", page, "--gate", "studio_open == 2", cwd=ROOT)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    row = text[text.index('fill="#8a5a00"') :][:200]
    assert "the studio &lt;never&gt; goes idle" in row
    assert NAME not in text
    assert "<never>" not in text


def test_the_chart_of_one_run_draws_it_in_its_colour(run: fr.Run) -> None:
    scale = charts.categories(charts.frames.categories(run)).to_dict()["encoding"]["color"]["scale"]
    colours = dict(zip(scale["domain"], scale["range"], strict=True))
    assert colours["studio_open"] == "#8a5a00"
    assert colours["timeout"] != "#8a5a00"


def test_a_gate_may_count_it_also_where_it_does_not_occur(rules: Path, run: fr.Run) -> None:
    assert fr.check(run, "studio_open == 2")
    assert not fr.check(run, "studio_open == 0")
    none = fr.read_run(ROOT / "runs" / "api-rerun", rules=fr.load_rules(rules))
    assert fr.check(none, "studio_open == 0", allow_incomplete=True)[0].reading == 0
    with pytest.raises(GateError, match="no metric 'studio_open'"):
        fr.check(fr.read_run(RUN), "studio_open == 0")


def test_json_has_it_and_its_meaning_and_keeps_to_the_schema(command: Command, rules: Path) -> None:
    for words, schema in ((("run", RUN), "run"), (("compare", RUN, RUN), "compare")):
        done = command(*words, "--rules", rules, "--format", "json", cwd=ROOT)
        found = json.loads(done.stdout)
        kept = ROOT / "fictures_reports" / "report" / "schema" / f"{schema}.schema.json"
        jsonschema.Draft202012Validator(json.loads(kept.read_text())).validate(found)
        side = found["run" if schema == "run" else "after"]
        assert side["categories"]["studio_open"] == 2
        assert side["own_categories"] == [
            {"id": "studio_open", "of": "failure", "name": NAME, "colour": "#8a5a00"}
        ]


@pytest.mark.parametrize("kind", ["file", "files", "delta"])
def test_a_stored_run_keeps_it_without_the_rules_file(
    kind: str, run: fr.Run, tmp_path: Path, rules: Path
) -> None:
    rules.unlink()
    if kind == "file":
        run.save(tmp_path / "run.parquet")
        again = fr.read_run(tmp_path / "run.parquet")
    else:
        history = fr.History(tmp_path / "history", format=kind)
        history.append(run)
        again = history.run(run.run_id)
    assert again.categories == run.categories
    assert again.info.own_categories == run.info.own_categories
    assert again.info.environment == run.info.environment
    assert NAME in causes(again)
    assert fr.check(again, "studio_open == 2")


@pytest.mark.parametrize("kind", ["files", "delta"])
def test_classifying_a_history_again_takes_the_rules_categories(
    kind: str, rules: Path, tmp_path: Path
) -> None:
    history = fr.History(tmp_path / "history", format=kind)
    plain = fr.read_run(RUN)
    history.append(plain)
    assert history.reclassify(fr.load_rules(rules)) == 1
    again = history.run(plain.run_id)
    assert again.info.own_categories[0].called == NAME
    rules.write_text(RULES.replace(NAME, "renamed"))
    assert history.reclassify(fr.load_rules(rules)) == 1
    assert history.run(plain.run_id).info.own_categories[0].called == "renamed"


def test_what_is_stored_as_categories_but_is_none_is_left_out() -> None:
    assert restored([{"id": "x", "of": "failure", "colour": "red"}]) == ()
    assert restored("nothing") == ()


def test_a_skip_category_is_one_of_skips(tmp_path: Path, rules: Path) -> None:
    rules.write_text(
        '[[category]]\nid = "skipped_licence"\nof = "skip"\nname = "no licence"\n\n'
        '[[rule]]\nid = "licence"\ncategory = "skipped_licence"\nwhere = "reason"\n'
        "pattern = '''no licence'''\n"
    )
    results = tmp_path / "junit.xml"
    results.write_text(
        '<testsuite name="s" tests="2"><testcase classname="a" name="x">'
        '<skipped message="no licence here"/></testcase>'
        '<testcase classname="a" name="y"/></testsuite>'
    )
    run = fr.read_run(results, rules=fr.load_rules(rules))
    assert run.categories == {"skipped_licence": 1}
    assert "<bdi>no licence</bdi>" in show.causes(show.ReportInput(run)).html


WRONG = [
    ('"#8a5a00"', '"brown"', "colour = 'brown', expected one such as '#8a5a00"),
    ('id = "studio_open"', 'id = "timeout"', "'timeout' is a built-in category"),
    ('id = "studio_open"', 'id = "broken"', "is a status, a change or a metric of gates"),
    ('id = "studio_open"', 'id = "Studio-Open"', "is no identifier"),
    ('id = "studio_open"', 'id = "skipped_x"', "only ids of skips start with skipped_"),
    ('of = "failure"', 'of = "skip"', "its id has to start with skipped_"),
    ('of = "failure"', 'of = "other"', "of = 'other' is none of failure, skip"),
    ('of = "failure"\n', "", "needs of"),
    ("colour =", "color =", "unknown key 'color'; did you mean"),
    ("the studio", r"the\nstudio", "expected one line of text"),
]


@pytest.mark.parametrize(("old", "new", "said"), WRONG)
def test_a_category_that_cannot_be_used_is_refused_in_one_line_with_its_place(
    rules: Path, old: str, new: str, said: str
) -> None:
    rules.write_text(RULES.replace(old, new, 1))
    with pytest.raises(RuleError) as caught:
        fr.load_rules(rules)
    assert str(caught.value).startswith(f"{rules}:1: ")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_unknown_category_is_refused_with_those_that_there_are(rules: Path) -> None:
    rules.write_text(RULES.replace('category = "studio_open"', 'category = "studio_opn"'))
    with pytest.raises(RuleError) as caught:
        fr.load_rules(rules)
    said = str(caught.value)
    assert said.startswith(f"{rules}:7: category = 'studio_opn' is none of the categories")
    assert all(name in said for name in CATEGORIES)
    assert said.endswith("this file adds studio_open")


def test_a_category_may_stand_once_and_has_to_be_used_by_rules_of_its_kind(rules: Path) -> None:
    table, rule = RULES.split("\n\n")
    rules.write_text(f"{table}\n\n{table}\n\n{rule}")
    with pytest.raises(RuleError, match=r":7: the category 'studio_open' stands in this file"):
        fr.load_rules(rules)
    rules.write_text(RULES.replace('category = "studio_open"', 'category = "network"'))
    with pytest.raises(RuleError, match=r":1: no rule of this file has the category 'studio_open'"):
        fr.load_rules(rules)
    rules.write_text(RULES.replace("standing", 'where = "reason"\nstanding'))
    with pytest.raises(RuleError, match=r":7: category = 'studio_open' is of = 'failure'"):
        fr.load_rules(rules)


def test_no_metric_of_gates_can_be_an_own_category() -> None:
    taken = {*METRICS, *STATUSES, *CHANGES, *CATEGORIES}
    assert {*RUN_METRICS, *COMPARISON_METRICS} <= taken


def test_csv_has_its_id(command: Command, rules: Path) -> None:
    done = command("results", RUN, "--rules", rules, "--format", "csv", cwd=ROOT)
    rows = csv.DictReader(io.StringIO(done.stdout))
    assert [row["category"] for row in rows].count("studio_open") == 2


def test_explain_says_its_name_and_the_id_that_gates_use(command: Command, rules: Path) -> None:
    done = command(
        "classify", RUN, "--rules", rules, "--explain", "--case", "*Scene PATCH*", cwd=ROOT
    )
    assert f"\n  {NAME} (studio_open) by studio-never-idle\n" in done.stdout
    assert "\n  otherwise timeout by playwright-test-timeout\n" in done.stdout


@pytest.mark.parametrize("kind", ["raw", "files", "delta"])
def test_the_page_of_a_history_shows_its_name_and_colour(
    command: Command, kind: str, rules: Path, run: fr.Run, tmp_path: Path
) -> None:
    place, words = ROOT / "runs", ["--rules", rules]
    if kind != "raw":
        place, words = tmp_path / "history", []
        fr.History(place, format=kind).append(run)
        rules.unlink()
    page = tmp_path / "page.html"
    done = command("history", place, *words, "-o", page, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    text = page.read_text()
    row = text[text.index('fill="#8a5a00"') :][:200]
    assert "<bdi>the studio &lt;never&gt; goes idle</bdi>" in row
    assert "studio open" not in text


def test_rules_for_a_filled_history_are_refused_with_the_command_that_takes_them(
    command: Command, rules: Path, run: fr.Run, tmp_path: Path
) -> None:
    fr.History(tmp_path / "history").append(run)
    done = command("history", tmp_path / "history", "--rules", rules, cwd=ROOT)
    assert done.returncode != 0
    assert f"history reclassify {tmp_path / 'history'} --rules {rules}" in done.stderr


def test_a_notebook_names_the_rules_file_as_seen_from_its_folder(
    rules: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "deep").mkdir()
    run = fr.read_run(RUN, rules=fr.load_rules("rules.toml"))
    for path in (run.to_html("deep/run.ipynb"), fr.compare(run, run).to_html("deep/both.ipynb")):
        assert 'rules = \\"../rules.toml\\"' in path.read_text()


def test_a_run_out_of_a_history_stays_as_it_was_classified_there(
    rules: Path, tmp_path: Path
) -> None:
    history = fr.History(tmp_path / "history")
    history.append(fr.read_run(RUN))
    kept = fr.read_run(f"{history.path}@latest")
    assert fr.read_run(kept, rules=fr.load_rules(rules)).categories == kept.categories
