"""Exports hold what their published schema, or a real reader of them, asks for."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from slack_sdk.models.blocks import Block

import fictures_reports as fr
from fictures_reports.exports.badge_endpoint import endpoint_of
from fictures_reports.exports.chat_blocks import message_of
from fictures_reports.exports.ctrf_report import document_of
from fictures_reports.exports.formats import FILES
from fictures_reports.exports.judged_run import judged
from fictures_reports.history import History
from tests.ci.results import playwright_report
from tests.conftest import make_run

ROOT = Path(__file__).parents[1]
BEFORE, AFTER = ROOT / "runs" / "phase2-initial", ROOT / "runs" / "phase2-rerun"
#: As published with the npm package ctrf 0.3.0 (MIT).
CTRF = json.loads((ROOT / "tests" / "schemas" / "ctrf-0.0.json").read_text(encoding="utf-8"))
#: What https://shields.io/badges/endpoint-badge asks for.
BADGE = {
    "type": "object",
    "required": ["schemaVersion", "label", "message"],
    "additionalProperties": False,
    "properties": {
        "schemaVersion": {"const": 1},
        "label": {"type": "string"},
        "message": {"type": "string", "minLength": 1},
        "color": {"enum": ["brightgreen", "green", "yellow", "orange", "red", "lightgrey"]},
    },
}
KNOWN = [{"case": "*› b*", "owner": "lee", "reason": "bug 9", "expires": "2099-12-31"}]


@pytest.fixture(scope="module")
def comparison():
    return fr.compare(fr.read_run(BEFORE), fr.read_run(AFTER))


@pytest.fixture
def report(tmp_path):
    return fr.read_run(
        playwright_report(tmp_path / "r.json", ("b", "c"), ("Error: <no> & base",), names="abcdef",
                          flaky="d", words="Error: <b> & *x*\nmore")
    )  # fmt: skip


def checked_ctrf(subject, **options):
    document = document_of(judged(subject, **options))
    validator = jsonschema.Draft7Validator(CTRF, format_checker=jsonschema.FormatChecker())
    assert [error.message for error in validator.iter_errors(document)] == []
    return document


def test_ctrf_is_valid_and_counts_what_the_run_counts(comparison):
    document = checked_ctrf(comparison, gates=["passed >= 24"])
    summary = document["results"]["summary"]
    totals = comparison.after.totals
    assert (summary["tests"], summary["failed"]) == (totals["cases"], totals["failed"])
    assert document["results"]["extra"]["gates"][0]["holds"] is False
    assert document["results"]["extra"]["verdict"] == comparison.verdict
    assert document["baseline"]["source"] == "phase2-initial"


@pytest.mark.parametrize(
    "folder",
    sorted((ROOT / "tests" / "readers" / "data").glob("*.json")),
    ids=lambda path: path.name,
)
def test_ctrf_of_any_run_is_valid(folder):
    try:
        run = fr.read_run(folder)
    except fr.ReadError:
        pytest.skip("holds no run")
    checked_ctrf(run)


def test_ctrf_can_be_read_again_with_the_same_statuses(report, tmp_path):
    from fictures_reports.exports.ctrf_report import ctrf_of

    again = fr.read_run(ctrf_of(report, tmp_path / "ctrf.json"))
    named = [
        dict(zip(r.results["title"], r.results["status"], strict=True)) for r in (report, again)
    ]
    assert named[0] == named[1]


def test_slack_takes_every_block_and_no_word_of_a_test_commands_it(report):
    message = message_of(judged(report, known_issues=KNOWN), "https://ci.example/r", "e2e & more")
    blocks = message["blocks"]
    assert 2 <= len(blocks) <= 50
    for given, block in zip(blocks, Block.parse_all(blocks), strict=True):
        block.validate_json()
        assert len(given["text"]["text"]) <= 3000
    text = json.dumps(blocks, ensure_ascii=False)
    assert "*Fails (1)*" in text
    assert "• b (x): known issue (lee, until 2099-12-31): bug 9" in text
    assert "&lt;b&gt; &amp; ∗x∗" in text
    assert "<https://ci.example/r|Open the report>" in text


def test_slack_keeps_its_limits_whatever_the_length(tmp_path):
    long = "x" * 5000
    run = make_run(long, {f"t{i} {long}": "failed" for i in range(60)})
    message = message_of(judged(run), title=long)
    for block in Block.parse_all(message["blocks"]):
        block.validate_json()
    assert len(message["blocks"][0]["text"]["text"]) == 150
    assert "and 50 more" in message["blocks"][2]["text"]["text"]
    assert all(len(block["text"]["text"]) <= 3000 for block in message["blocks"])


@pytest.mark.parametrize(
    ("statuses", "message", "colour"),
    [
        ({"a": "passed", "b": "flaky"}, "2 pass", "brightgreen"),
        ({"a": "passed", "b": "failed"}, "1 of 2 fail", "red"),
        ({"a": "skipped"}, "no test ran", "red"),
    ],
)
def test_a_badge_says_how_the_run_ended(statuses, message, colour):
    badge = endpoint_of(judged(make_run("r", statuses)))
    jsonschema.validate(badge, BADGE)
    assert (badge["message"], badge["color"]) == (message, colour)


def test_a_badge_is_yellow_for_what_somebody_answers_for():
    run = make_run("r", {"a › a": "passed", "a › b": "failed"})
    badge = endpoint_of(judged(run, known_issues=KNOWN))
    assert (badge["message"], badge["color"]) == ("1 of 2 pass", "yellow")


def test_a_badge_counts_all_that_fail_and_which_of_them_nobody_knew(report, tmp_path):
    badge = endpoint_of(judged(report, known_issues=KNOWN))
    assert badge["message"] == "2 of 6 fail, 1 not known"
    was = fr.read_run(playwright_report(tmp_path / "was.json", ("b",), names="abcdef", day=1,
                                        words="Error: <b> & *x*\nmore"))  # fmt: skip
    badge = endpoint_of(judged(fr.compare(was, report)))
    assert badge["message"] == "2 of 6 fail, 1 new"


def test_the_command_writes_each_and_refuses_others(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, file in FILES.items():
        done = command(
            "export", name, AFTER, "--before", BEFORE, "-o", file, "--gate", "broken == 0"
        )
        assert done.returncode == 0, done.stderr
    assert "<testsuites" in (tmp_path / "verdict.xml").read_text()
    assert json.loads((tmp_path / "badge.json").read_text())["color"] == "red"
    assert command("export", "pdf", AFTER, "-o", "x").returncode != 0
    done = command("export", "ctrf", "nowhere", "-o", "x")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)


def test_pages_hold_the_history_the_latest_comparison_and_a_badge(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = History(tmp_path / "h")
    store.append(fr.read_run(BEFORE), branch="main", label="1")
    store.append(fr.read_run(AFTER), branch="main", label="2")
    done = command("export", "pages", "h", "-o", "site", "--branch", "main", "--title", "Shop")
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    assert {path.name for path in site.iterdir()} == {
        "index.html", "history.html", "latest.html", "latest.json", "badge.json",
    }  # fmt: skip
    index = (site / "index.html").read_text()
    assert 'href="history.html"' in index
    assert 'href="latest.html"' in index
    assert "1 test that passed now fails" in index
    numbers = json.loads((site / "latest.json").read_text())
    assert (numbers["before"]["label"], numbers["after"]["label"]) == ("1", "2")
    jsonschema.validate(json.loads((site / "badge.json").read_text()), BADGE)
    assert command("export", "pages", "nowhere", "-o", "site").returncode == 1


def test_a_real_junit_reader_sees_the_verdict(command, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    from junitparser import JUnitXml

    command("export", "junit", AFTER, "--before", BEFORE, "-o", "v.xml", "--gate", "broken == 0")
    document = JUnitXml.fromfile(str(tmp_path / "v.xml"))
    gates = next(suite for suite in document if suite.name == "gates")
    assert gates.failures == 1
