"""What belongs to a run: variants, attempts in files of their own, ids that last, copies."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from fictures_reports.errors import SeveralRuns
from fictures_reports.readers.identity import stable, stable_suite
from fictures_reports.readers.read import read

from .conftest import junit


def _file(second: int, *failing: str, names: str = "abcd", day: int = 1) -> str:
    """Write a JUnit file of ten seconds, begun at a second of an hour."""
    clock = f"2026-01-{day:02}T08:{second // 60:02}:{second % 60:02}"
    body = "<failure message='assert 0'>E  assert 0</failure>"
    cases = "".join(
        f'<testcase classname="test_x" name="{n}" time="0.{second + 1}{i}">'
        f"{body if n in failing else ''}</testcase>"
        for i, n in enumerate(names)
    )
    return junit(cases, f'name="pytest" time="10" timestamp="{clock}+00:00"')


def test_folders_with_the_same_tests_at_one_time_are_variants(written: Any) -> None:
    for second, name in enumerate(("linux", "windows-4711000815")):
        path = written(_file(second, "b" * second), f"run/{name}/junit.xml")
    frame, info, ledger = read(path.parents[1])
    assert frame["variant"].value_counts().to_dict() == {"linux": 4, "windows": 4}
    failed = frame.set_index("case_id")["status"].eq("failed")
    assert failed[failed].index.tolist() == ["test_x.py › b {windows}"]
    assert frame["test_id"].nunique() == 4
    assert ledger["refused"].isna().all()
    assert not info.incomplete


def test_a_named_variant_is_one_even_where_it_is_alone(written: Any) -> None:
    path = written(_file(0), "run/linux/junit.xml")
    frame, info, _ = read(f"{path.parents[1]}/{{variant}}/junit.xml")
    assert frame["variant"].unique().tolist() == ["linux"]
    assert info.label == "run"


@pytest.mark.parametrize("second", [20, 900])
def test_a_later_file_of_what_had_not_passed_is_a_further_attempt(
    written: Any, second: int
) -> None:
    written(_file(0, "b", "c"), "run/junit.xml")
    frame, _, ledger = read(written(_file(second, "c", names="bc"), "run/later.xml").parent)
    rows = frame.set_index("title")
    assert rows["status"].to_dict() == {"a": "passed", "b": "flaky", "c": "failed", "d": "passed"}
    assert rows["n_attempts"].to_dict() == {"a": 1, "b": 2, "c": 2, "d": 1}
    assert ledger["read"].sum() == 4


def test_a_later_file_with_a_test_that_had_passed_is_another_run(written: Any) -> None:
    written(_file(0, "b", "c"), "run/junit.xml")
    folder = written(_file(2000, names="ab"), "run/later.xml").parent
    with pytest.raises(SeveralRuns, match="times are apart"):
        read(folder)


@pytest.mark.parametrize("given", ["run", "run/attempt-{attempt}", "run/{attempt}/junit.xml"])
def test_a_second_go_of_all_tests_is_named_by_its_folder(written: Any, given: str) -> None:
    written(_file(0, "a", "b"), "run/attempt-1/junit.xml")
    path = written(_file(3000, "a"), "run/attempt-2/junit.xml")
    frame, _, _ = read(f"{path.parents[2]}/{given}")
    rows = frame.set_index("title")["status"].to_dict()
    assert rows == {"a": "failed", "b": "flaky", "c": "passed", "d": "passed"}


def test_before_and_after_in_one_folder_are_refused(written: Any) -> None:
    written(_file(0), "runs/before/junit.xml")
    path = written(_file(0, "a", day=2), "runs/after/junit.xml")
    with pytest.raises(SeveralRuns, match=r"history .*runs` or fr\.read_runs"):
        read(path.parents[1])


@pytest.mark.parametrize(
    "changing",
    ["<A object at 0x{}>", "<Mock id='{}'>", "com.shop.Price@{}", "/tmp/pytest-of-ci/pytest-{}/x"],
)
def test_what_changes_in_each_run_is_taken_out_of_ids(changing: str) -> None:
    one, other = (stable(f"test_a[{changing.format(n)}]") for n in ("10247180", "98765432"))
    assert one == other


@pytest.mark.parametrize("kept", ["t[0xdeadbeef]", "t[2026-11-28]", "t[:8080]", "t[a@b.example]"])
def test_parameters_that_tell_tests_apart_are_kept(kept: str) -> None:
    assert stable(kept) == kept


@pytest.mark.parametrize("stamp", ["-20261128195017", " 2026-11-28T19:50:17.123Z", " run #4711"])
def test_stamps_of_writers_are_no_part_of_a_suites_name(stamp: str) -> None:
    assert stable_suite(f"shop.Orders{stamp} › adds") == "shop.Orders › adds"


def test_equal_copies_have_equal_ids_whatever_their_order(written: Any) -> None:
    body = "<failure message='no'/>"
    case = '<testcase classname="test_x" name="a" time="0.1">{}</testcase>'
    files = [junit(case.format(x) + case.format(y)) for x, y in ((body, ""), ("", body))]
    one, other = (
        read(written(text, f"{n}.xml"))[0].set_index("case_id")["status"].to_dict()
        for n, text in enumerate(files)
    )
    assert one == other == {"test_x.py › a": "failed", "test_x.py › a #2": "passed"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("before", "after"), ("run-1", "run-2"), ("baseline", "candidate"), ("main-0", "main-1"),
        ("phase2-initial", "phase2-rerun-all"), ("2026-01-01", "2026-01-02"), ("monday", "tuesday"),
        ("3f9c2a1", "b07d4e2"), ("old", "new"),
    ],
)  # fmt: skip
def test_names_in_an_order_are_runs_of_their_own_unless_their_times_overlap(
    written: Any, one: str, other: str
) -> None:
    written(_file(0), f"runs/{one}/junit.xml")
    folder = written(_file(60, "a"), f"runs/{other}/junit.xml").parents[1]
    with pytest.raises(SeveralRuns, match=r"fr\.read_runs"):
        read(folder)
    written(_file(5, "a"), f"runs/{other}/junit.xml")
    assert read(folder)[0]["variant"].nunique() == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [("stage", "prod"), ("py311", "py312"), ("node-18", "node-20"), ("alpha", "beta"),
     ("results-linux", "results-windows"), ("web", "api")],
)  # fmt: skip
def test_places_that_were_queued_on_one_machine_are_variants(
    written: Any, one: str, other: str
) -> None:
    written(_file(0), f"runs/{one}/junit.xml")
    folder = written(_file(609, "a"), f"runs/{other}/junit.xml").parents[1]
    assert sorted(read(folder)[0]["variant"].unique()) == sorted([one, other])


def test_places_of_which_one_waited_for_more_than_ten_minutes_are_refused(written: Any) -> None:
    written(_file(0), "runs/stage/junit.xml")
    folder = written(_file(611), "runs/prod/junit.xml").parents[1]
    with pytest.raises(SeveralRuns, match="times are apart"):
        read(folder)


def test_what_ran_on_two_commits_is_two_runs_whenever_it_ran(written: Any) -> None:
    for name, commit in (("linux", "a1"), ("windows", "b2")):
        ctrf = {
            "results": {
                "tool": {"name": "x"}, "environment": {"commit": commit},
                "summary": {"tests": 1, "passed": 1, "start": 1767254400000, "stop": 1767254500000},
                "tests": [{"name": "a", "status": "passed", "duration": len(name)}],
            }
        }  # fmt: skip
        folder = written(ctrf, f"runs/{name}/ctrf.json").parents[1]
    with pytest.raises(SeveralRuns, match="of two commits"):
        read(folder)


def _quick(start: str, *failing: str) -> str:
    """Write a file of tests that take no time to speak of."""
    cases = "".join(
        f'<testcase classname="t" name="{name}" time="0.001">'
        + ('<failure message="no">no</failure>' if name in failing else "")
        + "</testcase>"
        for name in "abcd"
    )
    return f'<testsuites><testsuite name="s" timestamp="{start}">{cases}</testsuite></testsuites>'


@pytest.mark.parametrize(
    ("start", "failing"), [("2026-01-01T08:00:00", "b"), ("2026-01-01T08:00:00.400", "")]
)
def test_variants_of_tests_that_take_no_time_are_no_copies(
    written: Any, start: str, failing: str
) -> None:
    """Equal durations say nothing where all are one millisecond."""
    written(_quick("2026-01-01T08:00:00"), "run/linux/junit.xml")
    folder = written(_quick(start, *failing), "run/windows/junit.xml").parents[1]
    frame, info, _ = read(folder)
    assert frame["variant"].value_counts().to_dict() == {"linux": 4, "windows": 4}
    assert not info.incomplete


def test_variants_in_archives_are_called_without_the_ending(tmp_path: Path) -> None:
    for name, failing in (("linux", "a"), ("windows", "b")):
        with ZipFile(tmp_path / f"results-{name}.zip", "w") as archive:
            archive.writestr("junit.xml", _quick("2026-01-01T08:00:00", failing))
    assert set(read(tmp_path)[0]["variant"]) == {"results-linux", "results-windows"}


@pytest.mark.parametrize("alone", [False, True])
def test_playwrights_junit_keeps_its_project_whatever_the_order_of_its_attributes(
    written: Any, alone: bool
) -> None:
    """A step that merges or trims files may write attributes in an order of its own."""
    suite = (
        '<testsuite errors="0" failures="0" hostname="desk" name="a.spec.ts" skipped="0" tests="1"'
        ' time="1.2" timestamp="2026-10-06T08:00:00.000Z"><testcase classname="a.spec.ts"'
        ' name="menu › opens" time="0.16"/></testsuite>'
    )
    path = written(suite if alone else f"<testsuites>{suite}</testsuites>", "junit.xml")
    assert read(path)[0]["case_id"].tolist() == ["a.spec.ts › menu › opens [desk]"]


@pytest.mark.parametrize(
    "layout",
    ["attempt-{n}/{v}/junit.xml", "attempt-{n}/junit-{v}.xml", "{v}/attempt-{n}/junit.xml"],
)
def test_attempts_of_several_variants_are_joined_within_each(written: Any, layout: str) -> None:
    """Once a variant's second try was taken for that of the other: broken became flaky."""
    goes = {"linux": (("b", "c"), ("c",)), "windows": (("c",), ())}
    for k, (variant, failing) in enumerate(goes.items()):
        for n, names in enumerate(failing, 1):
            path = f"run/{layout.format(n=n, v=variant)}"
            folder = written(_file(600 * n + 10 * k, *names), path)
    while folder.name != "run":
        folder = folder.parent
    frame, info, _ = read(folder)
    found = {
        variant: dict(zip(rows["title"], rows["status"], strict=True))
        for variant, rows in frame.groupby("variant")
    }
    assert list(found.values()) == [
        {"a": "passed", "b": "flaky", "c": "failed", "d": "passed"},
        {"a": "passed", "b": "passed", "c": "flaky", "d": "passed"},
    ]
    assert not info.incomplete


def _shard(number: int, ms: int) -> dict[str, Any]:
    """Make one of two shards of a Playwright run, with two tests of its own."""
    specs = [
        {"title": title, "file": f"s{number}.spec.ts", "tests": [{
            "projectName": "", "expectedStatus": "passed", "status": "expected",
            "results": [{"status": "passed", "duration": ms + n, "retry": 0,
                         "startTime": "2026-01-01T08:00:00.000Z"}],
        }]}
        for n, title in enumerate("ab")
    ]  # fmt: skip
    return {
        "config": {"version": "1.60.0", "shard": {"current": number, "total": 2}},
        "suites": [{"title": f"s{number}.spec.ts", "file": f"s{number}.spec.ts", "specs": specs}],
        "errors": [], "stats": {"startTime": "2026-01-01T08:00:00.000Z", "duration": 500},
    }  # fmt: skip


@pytest.mark.parametrize(
    "layout", ["{v}/results-{n}.json", "{v}-shard-{n}.json", "report-{v}-{n}.json", "{n}-{v}.json"]
)
@pytest.mark.parametrize("lacks", [(), ("windows", 2)])
def test_each_variant_has_all_its_shards_or_is_incomplete(
    written: Any, layout: str, lacks: tuple[str, int]
) -> None:
    for k, variant in enumerate(("linux", "windows")):
        for n in (1, 2):
            if (variant, n) != lacks:
                path = f"run/{layout.format(v=variant, n=n)}"
                folder = written(_shard(n, 100 * k + 10 * n), path)
    while folder.name != "run":
        folder = folder.parent
    frame, info, ledger = read(folder)
    counts = frame["variant"].str.removeprefix("report-").value_counts().to_dict()
    assert counts == {"linux": 4, "windows": 2 if lacks else 4}
    assert info.incomplete == bool(lacks)
    said = [doubt for doubts in ledger["doubts"] for doubt in doubts if "not among" in doubt]
    assert len(said) == bool(lacks)
    assert all("windows is not among the files" in doubt for doubt in said)
