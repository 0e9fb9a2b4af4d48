"""Real files of public projects, where they lie beside the checkout; none is kept here."""

from __future__ import annotations

import csv
import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import fictures_reports as fr
from fictures_reports.errors import ReadError
from fictures_reports.failures.clusters import clusters

from .conftest import SHARED_CORPUS

pytestmark = pytest.mark.skipif(not SHARED_CORPUS.is_dir(), reason="no shared corpus here")

_NOT_RUN = ("skipped", "not_run", "interrupted", "xfailed")
#: Files whose index line is no truth, and why.
KNOWN = {
    "nameless": "the index counts the nameless case of a stopped session and internal errors",
    "multi": "the index counts every <skipped> element, also beside a failure",
    "todo": "the index does not count a todo as skipped",
}
EXPLAINED = {
    "/087a94a0__": "nameless",
    "junit.multiresult.xml": "multi",
    "/e57eebda__": "todo",
}


def _index() -> list[dict[str, str]]:
    text = (SHARED_CORPUS / "index.tsv").read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


@cache
def _read(path: Path) -> fr.Run | ReadError:
    """Read a file once for all tests."""
    try:
        return fr.read_run(path)
    except ReadError as error:
        return error


def _counted(path: Path) -> tuple[str, Counter[str], Any]:
    run = _read(path)
    if isinstance(run, ReadError):
        return "refused", Counter(), run
    return run.ledger["format"][0], Counter(run.results["status"].tolist()), run.info


def _agrees(entry: dict[str, str], statuses: Counter[str]) -> bool:
    skipped = sum(statuses[name] for name in _NOT_RUN)
    expected = int(entry["n_skipped"])
    return (
        statuses.total() == int(entry["n_tests"])
        and statuses["failed"] == int(entry["n_failed"])
        and expected in (skipped, skipped - statuses["xfailed"])
    )


def test_all_files_are_read_or_refused_and_counts_agree_with_the_index() -> None:
    table: Counter[tuple[str, str]] = Counter()
    wrong = []
    for entry in _index():
        name, statuses, outcome = _counted(SHARED_CORPUS / entry["file"])
        verdict = "agrees" if _agrees(entry, statuses) else "differs"
        if name == "refused":
            verdict = "refused"
            assert "\n" not in str(outcome)
            if entry["format"] != "other_json" and not any(
                word in str(outcome) for word in ("is empty", "ran none", "totals only")
            ):
                wrong.append((entry["file"], str(outcome)))
        elif entry["format"] == "other_json":  # the index has no counts of them
            verdict = "read"
        elif verdict == "differs":
            reason = next((why for part, why in EXPLAINED.items() if part in entry["file"]), None)
            verdict = "explained" if reason in KNOWN else "differs"
            if reason is None:
                wrong.append((entry["file"], f"{dict(statuses)}"))
        table[entry["format"], verdict] += 1
    for (kind, verdict), number in sorted(table.items()):
        print(f"{kind:20} {verdict:10} {number:4}")  # noqa: T201
    assert not wrong


def test_results_of_jest_and_vitest_are_read_and_mere_totals_refused() -> None:
    for entry in _index():
        if entry["format"] == "other_json":
            name, statuses, error = _counted(SHARED_CORPUS / entry["file"])
            if name == "refused":
                assert "Jest or Vitest JSON without the results of tests" in str(error)
            else:
                assert name in ("jest-json", "vitest-json")
                text = (SHARED_CORPUS / entry["file"]).read_text("utf-8")
                assert sum(statuses.values()) >= json.loads(text)["numTotalTests"]


def _pairs() -> list[tuple[Path, Path]]:
    """Find JSON and JUnit of one commit, told apart by their folders and names."""
    junit = [SHARED_CORPUS / e["file"] for e in _index() if e["format"] == "playwright_junit"]
    pairs = []
    for xml in junit:
        commit = xml.name.split("__", 1)[0]
        folder = SHARED_CORPUS / "playwright_json" / xml.parent.name
        found = sorted(folder.glob(f"{commit}__*"))
        pairs += [(found[0], xml)] if len(found) == 1 else []
    return pairs


def test_json_and_junit_of_one_run_give_the_same_cases_and_counts() -> None:
    pairs, same, other = _pairs(), 0, []
    coarse = {
        "not_run": "skipped",
        "interrupted": "skipped",
        "flaky": "passed",
        "xfailed": "passed",
    }
    for json_, xml in pairs:
        both = [_read(path) for path in (json_, xml)]
        frames = [run.results.set_index("case_id") for run in both if isinstance(run, fr.Run)]
        if len(frames) < len(both):
            continue
        one, two = (frame["status"] for frame in frames)
        failed = one[one.eq("failed")].index.intersection(two[two.eq("failed")].index)
        categories = [frame.loc[failed, "category"].tolist() for frame in frames]
        assert categories[0] == categories[1], xml.name
        alike = one.replace(coarse).to_dict() == two.replace(coarse).to_dict()
        same += alike
        other += [] if alike else [xml.name]
    print(f"{len(pairs)} pairs, {same} the same")  # noqa: T201
    assert same >= 20
    assert len(other) <= 1, other


@pytest.mark.newest
def test_no_two_causes_of_one_name_in_any_report_over_the_corpus() -> None:
    twice = {}
    for path in sorted(p for p in SHARED_CORPUS.glob("*/*/*") if p.is_file()):
        run = _read(path)
        if isinstance(run, ReadError) or (run.results["status"] != "passed").sum() < 2:
            continue
        names = clusters(run.results)["name"]
        twice |= {path.name: list(names[names.duplicated()])} if not names.is_unique else {}
    assert twice == {}
