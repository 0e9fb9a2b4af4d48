"""Variants of which each has its results in two formats are counted once."""

from __future__ import annotations

from typing import Any

from fictures_reports.readers.read import read


def _both(written: Any, name: str, ms: int, failing: str) -> Any:
    start = "2026-01-01T08:00:00.000Z"
    error = [{"message": "Error: no"}]
    specs = [
        {"title": t, "file": "a.spec.ts", "line": i, "ok": t != failing, "tests": [{
            "projectName": "", "expectedStatus": "passed",
            "status": "unexpected" if t == failing else "expected",
            "results": [{"status": "failed" if t == failing else "passed", "duration": 100 + ms + i,
                         "startTime": start, "retry": 0, "errors": error * (t == failing)}],
        }]}
        for i, t in enumerate("ab", 1)
    ]  # fmt: skip
    report = {
        "config": {"version": "1.60.0", "projects": []},
        "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": specs}], "errors": [],
        "stats": {"startTime": start, "duration": 500},
    }  # fmt: skip
    cases = "".join(
        f'<testcase name="{t}" classname="a.spec.ts" time="0.{100 + ms + i}">'
        + ("<failure>Error: no</failure>" if t == failing else "")
        + "</testcase>"
        for i, t in enumerate("ab", 1)
    )
    written(
        f'<testsuites id="" name="" tests="2" failures="1" time="0.5"><testsuite name="a.spec.ts"'
        f' timestamp="{start}" hostname="" tests="2" time="0.203">{cases}</testsuite></testsuites>',
        f"run/{name}/junit.xml",
    )
    return written(report, f"run/{name}/results.json").parents[1]


def test_a_variant_told_in_two_formats_is_counted_once(written: Any) -> None:
    _both(written, "linux", 0, "a")
    folder = _both(written, "windows", 70, "b")
    frame, info, _ = read(folder)
    assert frame["variant"].value_counts().to_dict() == {"linux": 2, "windows": 2}
    assert sorted(frame.loc[frame["status"] == "failed", "case_id"]) == [
        "a.spec.ts › a {linux}", "a.spec.ts › b {windows}",
    ]  # fmt: skip
    assert not info.incomplete
