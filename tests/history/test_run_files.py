"""A run as one file, and a folder of them as a history that merges by copying."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from threading import Thread

import duckdb
import msgspec
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from fictures_reports import read_run, read_runs
from fictures_reports.errors import HistoryError, ReadError, ReportsError, SchemaError
from fictures_reports.history import History, run_file_footer, run_files
from fictures_reports.history.folder_store import FolderStore
from fictures_reports.history.run_folder import RunChanged

from ..conftest import make_run


def a_run(n: int, **info: object):
    facts = {"run_id": f"run-{n:03}", "started_at": 1.8e9 + n * 864_000} | info
    columns = {"run_id": [facts["run_id"]] * 2, "duration_s": [0.25, 1 / 3]}
    return make_run(f"r{n}", {"good": "passed", "bad": "failed"}, columns, **facts)


def filled(path: Path, *numbers: int) -> History:
    history = History(path)
    for n in numbers:
        assert history.append(a_run(n))
    return history


def rounded(results: pd.DataFrame) -> pd.DataFrame:
    """Return results with durations as run files keep finer ones: in multiples of 2**-20 s."""
    attempts = [[{
        name: round(value * 2**20) / 2**20 if name == "duration_s" else value
        for name, value in one.items()} for one in tries] for tries in results["attempts"]
    ]  # fmt: skip
    return results.assign(
        duration_s=(results["duration_s"] * 2**20).round() / 2**20,
        attempts=pd.Series(attempts, index=results.index),
    )


def damage(file: Path) -> None:
    """Damage the results in a file, but not its footer."""
    content = file.read_bytes()
    start = pq.read_metadata(file).row_group(0).column(0).data_page_offset
    file.write_bytes(content[:start] + b"\xff" * 40 + content[start + 40 :])


def labels(history: History) -> list[str]:
    """Read the labels in every way that there is; all have to agree."""
    told = list(history.runs()["label"])
    counts = history.load().groupby("label", sort=False).size()
    assert counts.to_dict() == dict.fromkeys(told, 2)
    scanned = history.scan().aggregate("label, count(*)", "label").fetchall()
    assert dict(scanned) == counts.to_dict()
    return told


@pytest.mark.parametrize("name", ["phase2-initial", "phase2-rerun", "api-rerun"])
def test_a_saved_run_is_read_as_it_was(runs, tmp_path, name):
    run = read_run(runs / name)
    run.save(tmp_path / "run.parquet")
    again = read_run(tmp_path / "run.parquet")
    if name == "api-rerun":  # its clock is finer than a microsecond
        again_results, results = rounded(again.results), rounded(run.results)
    else:
        again_results, results = again.results, run.results
    pd.testing.assert_frame_equal(again_results, results, check_exact=True)
    pd.testing.assert_frame_equal(again.ledger, run.ledger)
    assert again.info == run.info


def test_a_run_that_was_saved_and_read_is_saved_as_the_same_file(runs, tmp_path):
    read_run(runs / "api-rerun").save(tmp_path / "run.parquet")
    read_run(tmp_path / "run.parquet").save(tmp_path / "again.parquet")
    again = read_run(tmp_path / "again.parquet").results
    pd.testing.assert_frame_equal(
        again, read_run(tmp_path / "run.parquet").results, check_exact=True
    )


@pytest.mark.parametrize("seconds", [0.0, 0.001, 1 / 3, -0.25, 1e-9, 2.0**40, 1e308, float("inf")])
def test_a_duration_is_kept_to_half_a_microsecond_whatever_its_size(tmp_path, seconds):
    run = make_run("r", {"a": "passed", "b": "passed"}, {"duration_s": [seconds, np.nan]})
    run.save(tmp_path / "run.parquet")
    kept, missing = read_run(tmp_path / "run.parquet").results["duration_s"]
    assert kept == seconds or abs(kept - seconds) <= 2.0**-21
    assert np.isnan(missing)


def test_a_run_without_results_keeps_its_errors(run_of, tmp_path):
    run_of("empty", {}, errors=["no server"]).save(tmp_path / "run.parquet")
    again = read_run(tmp_path / "run.parquet")
    assert again.results.empty
    assert again.info.errors == ["no server"]


def test_a_file_in_a_folder_is_named_by_start_id_and_build(tmp_path):
    folder = tmp_path / "kept"
    a_run(1).save(f"{folder}/")
    a_run(1, build="github:7/1", commit="abc").save(folder)
    a_run(2, started_at=None).save(folder)
    names = sorted(path.name for path in folder.iterdir())
    assert re.fullmatch(r"20270125T080000Z-run-001-[0-9a-f]{8}\.parquet", names[0])
    assert names[1:] == ["20270125T080000Z-run-001.parquet", "run-002.parquet"]


def test_the_same_run_gives_the_same_file_wherever_it_is_kept(tmp_path):
    for name in ("a", "b"):
        filled(tmp_path / name, 1)
    (one,), (other,) = ([*(tmp_path / name).iterdir()] for name in ("a", "b"))
    assert one.name == other.name
    assert one.read_bytes() == other.read_bytes()


def with_failures(results: pd.DataFrame, noise: np.random.Generator) -> pd.DataFrame:
    """Let 5 % of the results fail, half as many need a retry, and tell of each attempt."""
    results = results.copy()
    bad = np.sort(noise.choice(len(results), len(results) // 20, replace=False))
    flaky = np.sort(noise.choice(np.setdiff1d(results.index, bad), len(bad) // 2, replace=False))
    stack = "\n".join(
        f"    at step{k} (/home/ci/app/tests/page{k}.spec.ts:{k}:7)" for k in range(9)
    )
    messages = {n: (
        f"Error: expect(locator).toHaveText(expected) failed\n\nExpected: \"{n}\"\n"
        f"Received: \"{noise.integers(10**6)}\"\nTimeout: 5000ms") for n in (*bad, *flaky)
    }  # fmt: skip
    results.loc[bad, "status"] = "failed"
    results.loc[flaky, "status"] = "flaky"
    results.loc[bad, "message"] = [messages[n] for n in bad]
    attempts = []
    for n, (status, start, seconds, worker) in enumerate(
        zip(results["status"], results["started_at"], results["duration_s"], results["worker"],
            strict=True)
    ):  # fmt: skip
        last = {"status": "passed" if status == "flaky" else status,
                "started_at": start.value // 1000 / 1e6, "duration_s": seconds}  # fmt: skip
        last |= {} if pd.isna(worker) else {"worker": int(worker)}
        said = {"errors": [{"message": messages[n], "stack": stack}]} if n in messages else {}
        first = [{"status": "failed", "duration_s": round(seconds, 3)} | said] if said else []
        attempts.append([*first, last | (said if status == "failed" else {})])
    results["attempts"] = pd.Series(attempts, index=results.index)
    return results


@pytest.mark.parametrize("clock", ["milliseconds", "microseconds", "as fine as a float"])
def test_a_run_of_2000_cases_with_5_percent_failures_takes_at_most_40_kb(tmp_path, generate, clock):
    made = generate.Generated(generate.Plan(n_cases=2000, n_runs=2, n_outages=0, retries=1))
    run, noise = made.run(0), np.random.default_rng(1)
    results = run.results.copy()
    if clock != "milliseconds":
        results["duration_s"] *= noise.uniform(0.9, 1.1, len(results))
    if clock == "microseconds":
        results["duration_s"] = results["duration_s"].round(6)
    results = with_failures(results, noise)
    run.__class__(results, run.info, run.ledger).save(tmp_path / "run.parquet")
    assert (tmp_path / "run.parquet").stat().st_size <= 40_000
    again = read_run(tmp_path / "run.parquet").results["duration_s"]
    np.testing.assert_allclose(again, results["duration_s"], rtol=0, atol=5e-7)


def test_duckdb_reads_a_run_file_by_itself(runs, tmp_path):
    read_run(runs / "phase2-rerun").save(tmp_path / "run.parquet")
    rows = duckdb.sql(f"SELECT status, count(*) FROM '{tmp_path}/run.parquet' GROUP BY ALL")
    assert dict(rows.fetchall()) == {"passed": 8, "failed": 12, "skipped": 8}


@pytest.mark.parametrize(
    ("content", "said"), [(b"", "no Parquet file"), (b"PAR1 cut", "no Parquet file")]
)
def test_a_damaged_run_file_is_one_line(tmp_path, content, said):
    (tmp_path / "run.parquet").write_bytes(content)
    with pytest.raises(ReadError, match=said) as caught:
        read_run(tmp_path / "run.parquet")
    assert "\n" not in str(caught.value)


def test_another_parquet_file_and_a_newer_one_are_refused(tmp_path, monkeypatch):
    pd.DataFrame({"a": [1]}).to_parquet(tmp_path / "other.parquet")
    with pytest.raises(ReadError, match="no run file"):
        read_run(tmp_path / "other.parquet")
    monkeypatch.setattr(run_files, "SCHEMA_VERSION", 99)
    a_run(1).save(tmp_path / "newer.parquet")
    monkeypatch.undo()
    with pytest.raises(ReadError, match="newer fictures-reports"):
        read_run(tmp_path / "newer.parquet")


@pytest.mark.parametrize("n", [1, 40])
def test_the_facts_at_the_end_of_a_file_are_those_that_pyarrow_finds(tmp_path, n):
    history = History(tmp_path)
    for number in range(n):
        run = a_run(number, started_at=1.8e9 + number, errors=["\x18\x15fictures_reports.runs\x18"])
        history.append(run)
    history.compact()
    (file,) = tmp_path.iterdir()
    metadata = pq.read_metadata(file)
    assert (metadata.serialized_size > run_file_footer._TAIL) == (n > 1)
    told = metadata.metadata[run_file_footer.RUNS_KEY.encode()]
    assert run_file_footer._at_the_end(file)[run_file_footer.RUNS_KEY] == told
    assert [row["run_id"] for row in run_file_footer.runs_in(file)] == list(
        history.runs()["run_id"]
    )


@pytest.mark.parametrize("facts", [b"oops", b"[{}]", b'{"run_id": 1}', b"[1]", b"\xff"])
def test_a_file_whose_facts_cannot_be_read_is_one_line_and_takes_no_other_run_away(tmp_path, facts):
    history = filled(tmp_path, 1)
    (file,) = tmp_path.iterdir()
    rows = pq.read_table(file)
    told = {run_file_footer.VERSION_KEY: b"1", run_file_footer.RUNS_KEY: facts}
    pq.write_table(rows.replace_schema_metadata(told), tmp_path / "other.parquet")
    assert labels(history) == ["r1"]
    (said,) = history.unreadable
    assert "other.parquet" in said
    assert "save the run again" in said


def test_a_file_that_cannot_be_written_leaves_what_was_there(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(ReportsError):
        a_run(1).save(tmp_path / "file" / "run.parquet")
    assert (tmp_path / "file").read_text() == "x"


def test_two_folders_copied_over_each_other_hold_each_run_once(tmp_path):
    one, other = filled(tmp_path / "a", 1, 2, 3), filled(tmp_path / "b", 2, 3, 4)
    shutil.copytree(one.path, other.path, dirs_exist_ok=True)
    shutil.copytree(other.path, one.path, dirs_exist_ok=True)
    assert labels(one) == labels(other) == ["r1", "r2", "r3", "r4"]


def test_folders_that_were_compacted_apart_merge_too(tmp_path):
    one, other = filled(tmp_path / "a", 1, 2, 3), filled(tmp_path / "b", 2, 3, 4)
    one.compact()
    other.compact()
    assert [len(one.files()), len(other.files())] == [2, 1]  # months
    shutil.copytree(one.path, other.path, dirs_exist_ok=True)
    assert labels(other) == ["r1", "r2", "r3", "r4"]
    other.compact()
    assert labels(other) == ["r1", "r2", "r3", "r4"]
    assert sum(pq.read_metadata(name).num_rows for name in other.files()) == 8


def test_an_old_copy_brings_back_neither_what_was_removed_nor_what_was_amended(tmp_path):
    history = filled(tmp_path / "h", 1, 2)
    shutil.copytree(history.path, tmp_path / "old")
    history.remove("r1")
    history.amend("r2", label="new", commit="abc")
    shutil.copytree(tmp_path / "old", history.path, dirs_exist_ok=True)
    assert labels(history) == ["new"]
    assert history.run("new").info.commit == "abc"
    assert history.append(a_run(1))
    assert labels(history) == ["r1", "new"]


def test_runs_of_one_label_in_folders_that_grew_apart_are_told_apart(tmp_path):
    one, other = History(tmp_path / "a"), History(tmp_path / "b")
    one.append(a_run(1), label="nightly")
    other.append(a_run(2), label="nightly")
    shutil.copytree(one.path, other.path, dirs_exist_ok=True)
    assert labels(other) == ["nightly", "nightly-2027-02-04"]
    assert other.run("nightly-2027-02-04").run_id == "run-002"


@pytest.mark.parametrize("form", ["files", "delta"])
def test_equal_content_of_two_builds_is_two_runs_with_ids_of_their_own(tmp_path, form):
    history = History(tmp_path / "h", format=form)
    for commit, build in (
        ("aaa", None), ("bbb", None), ("bbb", "github:1/1"), ("ccc", "github:2/1"),
        ("ccc", "github:2/2"),
    ):  # fmt: skip
        history.append(a_run(1), label="1001", commit=commit, build=build)
    assert history.append(a_run(1), label="1001", commit="bbb") is False
    assert sorted(labels(history)) == [
        "1001", "1001-2027-01-25", "1001-2027-01-25T08:00:00Z", "1001-attempt-2",
    ]  # fmt: skip
    assert history.runs()["run_id"].is_unique
    assert history.run("1001").run_id == "run-001"
    for label in labels(history):
        run = history.run(label)
        assert (run.label, set(run.results["run_id"])) == (label, {run.run_id})


@pytest.mark.parametrize("form", ["files", "delta"])
def test_amending_never_changes_an_id_and_keeps_the_run_known(tmp_path, form):
    history = History(tmp_path / "h", format=form)
    history.append(a_run(1), commit="aaa")
    before = history.run("r1").run_id
    history.amend("r1", label="x", commit="bbb", branch="b")
    run = history.run("x")
    assert (run.run_id, run.info.commit, run.info.branch) == (before, "bbb", "b")
    assert history.append(a_run(1), commit="aaa") is False
    history.append(a_run(2))
    with pytest.raises(HistoryError, match="another run is called 'x'"):
        history.amend("r2", label="x")


def test_a_damaged_file_takes_no_other_run_away(tmp_path):
    history = filled(tmp_path / "h", 1, 2)
    Path(history.path, "cut.parquet").write_bytes(b"PAR1 half a file")
    assert labels(history) == ["r1", "r2"]
    (said,) = history.unreadable
    assert "cut.parquet" in said
    history.compact()
    assert Path(history.path, "cut.parquet").exists()


def test_a_file_with_damaged_results_takes_no_other_run_away(tmp_path, command):
    history = filled(tmp_path / "h", 1, 2, 3)
    (file,) = (tmp_path / "h").glob("*run-002.parquet")
    damage(file)
    with pytest.raises(ReadError, match=r"run-002\.parquet: its results cannot be read"):
        read_run(file)
    with pytest.raises(HistoryError, match=r"run-002\.parquet: its results cannot be read"):
        history.run("r2")
    shown = command("history", history.path, "--format", "json")
    assert [run["label"] for run in msgspec.json.decode(shown.stdout)["runs"]] == ["r1", "r3"]
    assert "run-002.parquet: its results cannot be read" in shown.stderr
    assert labels(history) == ["r1", "r3"]
    history.reclassify()
    history.compact()
    assert labels(history) == ["r1", "r3"]
    assert file.exists()
    assert len(history.unreadable) == 1


def test_taking_over_a_history_names_its_files_that_cannot_be_read(tmp_path, command):
    history = filled(tmp_path / "h", 1, 2, 3)
    damage(next((tmp_path / "h").glob("*run-002.parquet")))
    (tmp_path / "h/cut.parquet").write_bytes(b"PAR1 half a file")
    done = command("ingest", history.path, "--into", tmp_path / "other")
    assert done.returncode == 1
    assert labels(History(tmp_path / "other")) == ["r1", "r3"]
    assert "cut.parquet" in done.stderr
    assert "run-002.parquet" in done.stderr
    runs = read_runs(history.path)
    assert [run.label for run in runs] == ["r1", "r3"]
    assert len(runs.failures) == 2


def test_a_run_that_is_selected_beside_a_cut_file_comes_with_a_word_on_that(tmp_path, command):
    history = filled(tmp_path / "h", 1, 2)
    (tmp_path / "h/cut.parquet").write_bytes(b"PAR1 half a file")
    done = command("compare", f"{history.path}@latest~1", f"{history.path}@latest")
    assert done.returncode == 0
    assert done.stderr.count("cut.parquet: no Parquet file that can be read") == 1


def test_a_run_that_is_amended_between_choosing_and_reading_is_chosen_again(tmp_path):
    history = filled(tmp_path, 1, 2)
    store = FolderStore(str(tmp_path))
    chosen = store.rows().to_pylist()
    history.amend("r1", branch="main")
    with pytest.raises(RunChanged):
        store.read(chosen)

    def amend_again_and_again() -> None:
        for n in range(60):
            history.amend("run-001", branch=f"b{n}")

    writer = Thread(target=amend_again_and_again)
    writer.start()
    while writer.is_alive():
        assert history.load().groupby("run_id").size().to_dict() == {"run-001": 2, "run-002": 2}
        assert len(history.run("run-001").results) == 2
    writer.join()


def test_a_reader_beside_a_compaction_sees_each_run_once(tmp_path):
    history = filled(tmp_path / "h", *range(12))
    seen: list[list[str]] = []

    def look() -> None:
        other = History(history.path)
        seen.extend(sorted(set(other.load()["label"])) for _ in range(15))

    readers = [Thread(target=look) for _ in range(2)]
    for reader in readers:
        reader.start()
    for n in range(12, 20):
        history.append(a_run(n))
        history.compact()
    for reader in readers:
        reader.join()
    first = {f"r{n}" for n in range(12)}
    assert len(seen) == 30
    assert all(first <= set(found) for found in seen)


def test_a_history_keeps_its_form_and_says_so(tmp_path):
    filled(tmp_path / "h", 1)
    with pytest.raises(HistoryError, match="'files', not 'delta'"):
        History(tmp_path / "h", format="delta").append(a_run(2))
    with pytest.raises(SchemaError, match="format is 'delte', expected one of 'files', 'delta'"):
        History(tmp_path / "new", format="delte")
    assert not (tmp_path / "new").exists()


def test_a_run_with_milliseconds_and_one_without_are_one_history(tmp_path):
    history = filled(tmp_path / "h", 1)
    whole = a_run(2)
    whole.results["duration_s"] = [0.5, 0.125]
    history.append(whole)
    told = history.scan().project("duration_s").order("duration_s").fetchall()
    third = round(2**20 / 3) / 2**20
    assert third == pytest.approx(1 / 3, abs=5e-7)
    assert [seconds for (seconds,) in told] == [0.125, 0.25, third, 0.5]
    assert history.load()["duration_s"].tolist() == [0.25, third, 0.5, 0.125]


def test_a_build_stands_with_the_run(tmp_path):
    history = History(tmp_path / "h")
    history.append(a_run(1), build="github:7/2")
    run = history.run("latest")
    assert run.info == msgspec.structs.replace(a_run(1).info, build="github:7/2")
