"""What `history --format json` prints is what its shipped schema says, and nothing else passes."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import jsonschema
import pytest

import fictures_reports as fr
from fictures_reports.history_analysis.flakiness import STATES
from fictures_reports.report.history_report import SCHEMA_VERSION, as_json, findings
from fictures_reports.schema import CATEGORIES, STATUSES

PATH = Path(fr.__file__).parent / "report" / "schema" / "history.schema.json"
SCHEMA = json.loads(PATH.read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


@pytest.fixture(scope="module")
def said(filled):
    return json.loads(as_json(findings(filled.path, target=0.9)))


def test_the_schema_is_one_and_names_what_the_code_names():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION
    run, case = (SCHEMA["$defs"][name]["properties"] for name in ("run", "case"))
    assert set(STATUSES) <= set(run)
    assert case["state"]["enum"] == list(STATES)
    assert SCHEMA["$defs"]["cluster"]["properties"]["category"]["anyOf"][0]["enum"] == [
        *CATEGORIES,
        None,
    ]


def test_a_generated_history_is_valid_and_fills_every_list(said):
    VALIDATOR.validate(said)
    lists = ("runs", "flakiness", "incidents", "changes", "clusters", "ageing", "durations")
    assert all(said[name] for name in lists)
    assert set(said) == set(SCHEMA["properties"])
    assert sum(said["states"].values()) == len(said["flakiness"])


def test_the_reference_runs_are_valid(runs):
    said = json.loads(as_json(findings(runs)))
    VALIDATOR.validate(said)
    assert said["target"] is None


def test_every_status_and_nothing_known_are_valid(run_of, tmp_path):
    history = fr.History(tmp_path)
    for i in range(3):
        facts = {"duration_s": None, "n_workers": None, "run_id": f"r{i}"}
        titles = {f"t{status}": status for status in STATUSES}
        history.append(run_of(f"r{i}", titles, {"run_id": [f"r{i}"] * len(titles)}, **facts))
    VALIDATOR.validate(json.loads(as_json(findings(tmp_path))))


GONE = object()
WRONG = {
    "another version": (("schema_version",), 1),
    "no states": (("states",), GONE),
    "a state nobody knows": (("states", "odd"), 1),
    "a case's state nobody knows": (("flakiness", 0, "state"), "odd"),
    "a rate above one": (("flakiness", 0, "rate"), 1.5),
    "a rate left out": (("flakiness", 0, "rate"), GONE),
    "a key nobody knows": (("runs", 0, "pased"), 1),
    "a count as text": (("runs", 0, "passed"), "3"),
    "a moment without a date": (("runs", 0, "run_at"), 12),
    "a category that is no identifier": (("clusters", 0, "category"), "too slow"),
    "a cluster without failures": (("clusters", 0, "n_results"), 0),
    "an age of passing": (("ageing", 0, "how"), "passed"),
    "a target above one": (("target",), 90),
}


@pytest.mark.parametrize("change", WRONG)
def test_wrong_documents_are_refused(said, change):
    (*path, last), value = WRONG[change]
    document = copy.deepcopy(said)
    place = document
    for key in path:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    assert not VALIDATOR.is_valid(document)


def test_further_keys_may_come_at_the_top(said):
    VALIDATOR.validate(said | {"thresholds": []})


def test_tests_that_need_attention_are_told_run_by_run(said, filled):
    rows = filled.load(columns=["case_id", "branch", "label", "status", "duration_s"])
    clusters = {one["cluster"] for one in said["clusters"]}
    assert {one["standing"] for one in said["attention"]} >= {"broken", "flaky"}
    for test in said["attention"]:
        own = rows[(rows["case_id"] == test["case_id"]) & (rows["branch"] == test["branch"])]
        told = [(one["run"], one["status"], one["duration_s"]) for one in test["results"]]
        assert told == list(own[["label", "status", "duration_s"]].itertuples(index=False))
        for one in test["results"]:
            failed = one["status"] in ("failed", "flaky")
            assert (one["cause"] in clusters, bool(one["reason"])) == (
                failed,
                one["status"] != "passed",
            )


def test_events_name_the_incident_they_tell_of(said):
    told = {one["incident"] for one in said["events"] if one["incident"]}
    assert told <= {one["id"] for one in said["incidents"]}
    assert any(one["incident"] is None and one["case_id"] for one in said["events"])
    assert [one["run_at"] for one in said["events"]] == sorted(
        (one["run_at"] for one in said["events"]), reverse=True
    )
