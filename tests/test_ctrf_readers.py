"""The CTRF export as others read it: npm's own library, and the action that draws its tables."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

import fictures_reports as fr
from fictures_reports.exports.ctrf_report import ctrf_of
from tests.ci.results import playwright_report

pytestmark = pytest.mark.scripts
ROOT = Path(__file__).parents[1]
PACKAGES = ("ctrf@0.3.0", "github-actions-ctrf@0.0.58")
#: Seconds that a registry may take to answer.
PATIENCE = 120
#: Prints what the library makes of a document: its errors, and the counts that it finds itself.
READ = """
import { readFileSync } from 'node:fs'
import { calculateSummary, parse, validate } from 'ctrf'
const report = parse(readFileSync(process.argv[2], 'utf8'))
const { tests, summary } = report.results
const { errors = [] } = validate(report)
const counted = calculateSummary(tests)
const flaky = tests.filter(test => test.flaky).map(test => test.name)
console.log(JSON.stringify({ errors, counted, summary, flaky }))
"""
COUNTS = ("tests", "passed", "failed", "skipped", "pending", "other")


@pytest.fixture(scope="module")
def packages(tmp_path_factory) -> Path:
    """Install the packages, without their scripts, into a folder of their own."""
    folder = tmp_path_factory.mktemp("npm")
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("npm is not installed here")
    words = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES]
    try:
        done = subprocess.run(
            words, cwd=folder, check=False, capture_output=True, text=True, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry did not answer")
    if done.returncode:
        pytest.skip(f"npm's registry gives no packages: {done.stderr.strip().splitlines()[-1]}")
    (folder / "read.mjs").write_text(READ)
    return folder


@pytest.fixture(params=["reference", "hostile", "first"])
def exported(request, tmp_path) -> Path:
    """Return a document of a comparison, of a run with awkward words, and of one with an error."""
    runs = ROOT / "runs"
    if request.param == "reference":
        subject = fr.compare(*map(fr.read_run, (runs / "phase2-initial", runs / "phase2-rerun")))
    elif request.param == "hostile":
        results = playwright_report(
            tmp_path / "r.json", ("b", "c"), flaky="d", words="Error: <b> | & `x`\nmore"
        )
        subject = fr.read_run(results)
    else:
        results = playwright_report(tmp_path / "r.json", errors=("Error: no server",))
        subject = fr.read_run(results)
    return Path(ctrf_of(subject, tmp_path / "ctrf.json"))


def test_the_library_finds_it_valid_and_counts_the_same(packages, exported):
    done = subprocess.run(
        ["node", "read.mjs", str(exported)], cwd=packages, check=True, capture_output=True
    )
    found = json.loads(done.stdout)
    assert found["errors"] == []
    assert {name: found["counted"][name] for name in COUNTS} == {
        name: found["summary"][name] for name in COUNTS
    }
    tests = json.loads(exported.read_text("utf-8"))["results"]["tests"]
    assert found["flaky"] == [test["name"] for test in tests if test.get("flaky")]


def test_the_action_marks_each_failure_and_draws_its_table(packages, exported, tmp_path):
    summary = tmp_path / "summary.md"
    summary.touch()
    given = {
        "GITHUB_STEP_SUMMARY": str(summary), "GITHUB_REPOSITORY": "team/shop",
        "GITHUB_RUN_ID": "1", "GITHUB_WORKSPACE": str(tmp_path),
    }  # fmt: skip
    command = packages / "node_modules" / ".bin" / "github-actions-ctrf"
    words = [str(command), "summary", str(exported)]
    done = subprocess.run(
        words, cwd=tmp_path, env=os.environ | given, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "Action failed" not in done.stdout
    found = json.loads(exported.read_text("utf-8"))["results"]["summary"]
    assert done.stdout.count("::error title=Failed Test") == found["failed"]
    lines = summary.read_text("utf-8").splitlines()
    head = next(place for place, line in enumerate(lines) if line.startswith("| **Tests"))
    cells = [cell.strip() for cell in lines[head + 2].strip("| ").split("|")]
    assert cells[:6] == [str(found[name]) for name in COUNTS]
