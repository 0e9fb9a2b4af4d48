"""Groups of causes that people named, as on the reference runs: in every form of a report."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from fictures_reports.analysis.causes import cluster_flow
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.projection import projection, skips_by_reason
from fictures_reports.reading import read_run
from fictures_reports.report.report_input import ReportInput
from fictures_reports.run import Run
from fictures_reports.settings import load

from .conftest import ROOT

EXAMPLE = ROOT / "examples" / "story-cache"
BY_HAND = {
    "studio: the cache is not invalidated": (6, 6),
    "benchmarks": (4, 4),
    "community: the cache is not invalidated": (4, 1),
    "the test page of the cache": (6, 1),
}
SKIPPED_BY_HAND = {
    "posts cannot be liked or answered": (2, 5),
    "no new post can be written": (0, 1),
    "no story to open": (2, 2),
}


@pytest.fixture(scope="module")
def phases() -> list[Run]:
    groups = load(EXAMPLE).causes
    names = ("phase2-initial", "phase2-rerun")
    runs = [read_run(ROOT / "runs" / name / "results.json") for name in names]
    return [replace(run, groups=groups) for run in runs]


def test_the_groups_of_the_reports_written_by_hand_are_ten_lines_of_settings() -> None:
    lines = (EXAMPLE / "fictures-reports.toml").read_text().splitlines()
    assert len(lines) <= 10


def test_the_causes_of_the_reference_runs_are_the_groups_written_by_hand(
    phases: list[Run],
) -> None:
    flow = cluster_flow(compare(*phases)).set_index("name")
    counted = {name: (row.before, row.after) for name, row in flow.iterrows()}
    assert counted == BY_HAND | SKIPPED_BY_HAND


def test_projection_and_skips_come_out_by_group(phases: list[Run]) -> None:
    after = phases[1]
    found = projection(after)
    assert dict(zip(found["name"], found["cases"], strict=True)) == {
        name: n for name, (_, n) in BY_HAND.items() if n
    }
    assert found["passed_so_far"].tolist() == [14, 18, 19, 20]
    reasons = skips_by_reason(after)
    assert dict(zip(reasons["name"], reasons["skipped"], strict=True)) == {
        name: n for name, (_, n) in SKIPPED_BY_HAND.items() if n
    }


@pytest.mark.parametrize("kind", ["json", "markdown", "html"])
def test_every_form_of_a_report_uses_the_groups(kind, command, tmp_path: Path) -> None:
    shutil.copy(EXAMPLE / "fictures-reports.toml", tmp_path)
    before, after = (
        str(ROOT / "runs" / name / "results.json") for name in ("phase2-initial", "phase2-rerun")
    )
    done = command(
        "compare", before, after, "--format", kind, "--gate", "passed >= 24", cwd=tmp_path
    )
    text = done.stdout
    assert "studio: the cache is not invalidated" in text
    assert "posts cannot be liked or answered" in text
    if kind == "json":
        names = [row["name"] for row in json.loads(text)["readiness"]["order"]]
        assert names[0] == "studio: the cache is not invalidated"


def test_without_settings_skips_of_one_missing_control_are_one_cause() -> None:
    after = read_run(ROOT / "runs" / "phase2-rerun" / "results.json")
    reasons = skips_by_reason(after).set_index("name")["skipped"]
    assert reasons["the Like button is not there"] == 4


def test_a_group_that_people_name_in_angle_brackets_is_called_so(phases: list[Run]) -> None:
    run = replace(phases[1], groups={"<div> is missing": ["*"]})
    assert "<div> is missing" in {card.name for card in ReportInput(run).cards}
