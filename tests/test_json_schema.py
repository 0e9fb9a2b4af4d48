"""The JSON that scripts read is what the shipped schemas say, and nothing else passes them."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import fictures_reports as fr
from fictures_reports.report.json_report import SCHEMA_VERSION, payload
from fictures_reports.report.results_output import as_text
from fictures_reports.schema import CATEGORIES, CHANGES, COLUMN_NAMES, OUTCOMES, STATUSES

SCHEMAS = Path(fr.__file__).parent / "report" / "schema"
NAMES = ("compare", "run", "results")


def schema_of(name: str) -> dict[str, Any]:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(schema_of(name))


def plain(document: Any) -> Any:
    return json.loads(json.dumps(document))


@pytest.fixture(scope="module")
def read(runs):
    return {path.name: fr.read_run(path) for path in sorted(runs.iterdir())}


@pytest.fixture(scope="module")
def compared(read):
    c = fr.compare(read["phase2-initial"], read["phase2-rerun"])
    return plain(payload(c, fr.check(c, ["passed >= 24", "new_failures_not_flaky == 0"])))


@pytest.mark.parametrize("name", NAMES)
def test_the_schemas_are_schemas_of_draft_2020_12(name):
    schema = schema_of(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(schema)


def test_comparisons_of_the_reference_runs_are_valid(read, compared):
    validator("compare").validate(compared)
    for pair in (("api-initial", "api-rerun"), ("api-initial", "phase2-rerun")):
        c = fr.compare(*(read[name] for name in pair))
        validator("compare").validate(plain(payload(c)))


def test_single_runs_are_valid(read):
    for run in read.values():
        validator("run").validate(plain(payload(run, fr.check(run, ["cases >= 1"]))))


def test_rows_are_valid(read):
    validator("results").validate(json.loads(as_text(list(read.values()), "json")))


def test_a_run_of_every_status_and_with_nothing_known_is_valid(run_of):
    statuses = {f"t{status}": status for status in STATUSES}
    before = run_of("a", statuses)
    after = run_of("b", dict(reversed(list(statuses.items()))), duration_s=None, n_workers=None)
    validator("compare").validate(plain(payload(fr.compare(before, after))))
    validator("run").validate(plain(payload(after)))
    validator("results").validate(json.loads(as_text([before, after], "json")))


def test_the_schemas_name_what_the_code_names():
    compare, results = schema_of("compare"), schema_of("results")
    run = compare["$defs"]["run"]["properties"]
    assert tuple(compare["properties"]["changes"]["required"]) == CHANGES
    assert tuple(run["totals"]["required"]) == ("cases", *STATUSES)
    assert tuple(run["categories"]["propertyNames"]["anyOf"][0]["enum"]) == CATEGORIES
    assert tuple(compare["properties"]["transitions"]["propertyNames"]["enum"]) == OUTCOMES
    assert tuple(results["items"]["required"]) == COLUMN_NAMES
    for name in ("compare", "run"):
        assert schema_of(name)["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def test_further_keys_may_come_beside_those_of_the_top_level_and_of_a_run(compared):
    grown = copy.deepcopy(compared) | {"clusters": []}
    grown["after"]["commit"] = "abc"
    grown["after"]["environment"]["anything"] = {"at": "all"}
    validator("compare").validate(grown)


GONE = object()
CASE = ("changes", "broken", 0)
WRONG = {
    "another version": (("schema_version",), 3),
    "no verdict": (("verdict",), GONE),
    "a change nobody knows": (("changes", "repaired"), []),
    "a change left out": (("changes", "masked"), GONE),
    "a status nobody knows": ((*CASE, "after", "status"), "timedOut"),
    "a category that is no identifier": ((*CASE, "after", "category"), "too slow"),
    "a key nobody knows": ((*CASE, "afer"), {}),
    "a side left out": ((*CASE, "after"), GONE),
    "a count below zero": (("after", "totals", "failed"), -1),
    "a count as text": (("after", "totals", "failed"), "12"),
    "a transition of nothing": (("transitions", "failed", "passed"), 0),
    "a ledger of neither side": (("ledger", 0, "side"), "left"),
    "a gate without its verdict": (("gates", 0, "holds"), GONE),
}


@pytest.mark.parametrize("change", WRONG)
def test_wrong_documents_are_refused(compared, change):
    (*path, last), value = WRONG[change]
    document = copy.deepcopy(compared)
    place = document
    for key in path:
        place = place[key]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    assert not validator("compare").is_valid(document)


def test_wrong_runs_and_rows_are_refused(read):
    run = plain(payload(read["api-rerun"]))
    rows = json.loads(as_text([read["api-rerun"]], "json"))
    assert not validator("run").is_valid(run | {"schema_version": "1"})
    assert not validator("run").is_valid({k: v for k, v in run.items() if k != "ledger"})
    assert not validator("results").is_valid(rows[0])
    assert not validator("results").is_valid([rows[0] | {"outcome": "passed"}])
    assert not validator("results").is_valid([rows[0] | {"duration_s": "1.5"}])
