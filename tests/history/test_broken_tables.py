"""Tables that the first version broke, and damaged ones: read, mended, or refused in one line."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from fictures_reports.errors import HistoryError
from fictures_reports.history import History

DATA = Path(__file__).parent / "data"
#: Three runs of six cases, classified again; a writer that was killed left the rows of a fourth.
BROKEN = ("broken-newest", "broken-oldest")
DAMAGE = {
    "empty": lambda _: b"",
    "cut": lambda content: content[: len(content) // 2],
    "other content": lambda _: b"\x00\xff{garbage" * 20,
    "a list": lambda _: b"[1, 2, 3]\n",
}


@pytest.fixture(params=BROKEN)
def broken(request, tmp_path):
    return History(shutil.copytree(DATA / request.param, tmp_path / "h"))


def types_in(history: History) -> set[str]:
    """Return the types of all columns in all live files."""
    names = [*history.files(), *map(str, Path(history.path, "runs").glob("*.parquet"))]
    return {str(field.type) for name in names for field in pq.read_schema(name)}


def test_a_broken_table_reads_right(broken):
    assert list(broken.runs()["label"]) == ["n-0", "n-1", "n-2"]
    frame = broken.load()
    assert len(frame) == 18
    # with the newest releases the last of them could not be classified again any more
    assert (frame["rule"] == "studio-idle").sum() in (4, 6)
    assert broken.run("latest").label == broken.run("branch:main").label == "n-2"
    assert broken.scan().count("*").fetchall() == [(18,)]
    assert set(broken.load(cases=frame["case_id"][0])["case_id"]) == {frame["case_id"][0]}


def test_the_next_write_repairs_it_says_so_and_does_it_once(broken, run_of, caplog):
    before = broken.load()
    known = broken.run("latest")
    assert broken.append(known) is False
    assert broken.append(run_of("new", {"a": "passed"}, started_at=2e9))
    # releases of pyarrow before string_view never saw anything wrong
    seen = [r.getMessage() for r in caplog.records if "repaired" in r.getMessage()]
    assert len(seen) <= 1
    broken.compact()
    broken.vacuum(keep=timedelta(0))
    assert not any("view" in kind for kind in types_in(broken))
    assert broken.load()["case_id"].tolist()[:18] == before["case_id"].tolist()
    caplog.clear()
    assert broken.append(run_of("newer", {"a": "passed"}, started_at=2e9 + 1))
    assert not caplog.records


@pytest.mark.parametrize("change", [
    lambda h: h.compact(), lambda h: h.vacuum(keep=timedelta(0)), lambda h: h.reclassify(),
])  # fmt: skip
def test_upkeep_mends_a_broken_table(broken, change):
    change(broken)
    broken.vacuum(keep=timedelta(0))
    assert not any("view" in kind for kind in types_in(broken))
    assert list(broken.runs()["label"]) == ["n-0", "n-1", "n-2"]
    assert len(broken.load()) == 18


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("table", ["runs", "results"])
def test_a_damaged_log_is_one_line(tmp_path, run_of, capfd, table, damage):
    history = History(tmp_path, format="delta")
    history.append(run_of("r0", {"a": "passed"}))
    newest = max((tmp_path / table / "_delta_log").glob("*.json"))
    newest.write_bytes(DAMAGE[damage](newest.read_bytes()))
    asks = [history.load, lambda: history.run("latest"), history.scan, history.compact,
            lambda: history.append(run_of("r1", {"a": "passed"}))]  # fmt: skip
    if damage != "empty":
        for ask in asks:
            with pytest.raises(HistoryError) as caught:
                ask()
            assert "\n" not in str(caught.value)
            assert "cannot be read" in str(caught.value)
    assert "panicked" not in capfd.readouterr().err


@pytest.mark.parametrize("table", ["runs", "results"])
def test_a_damaged_file_of_rows_is_one_line(tmp_path, run_of, table):
    history = History(tmp_path, format="delta")
    history.append(run_of("r0", {"a": "passed"}))
    [path] = (tmp_path / table).rglob("*.parquet")
    content = path.read_bytes()
    for damage in DAMAGE.values():
        path.write_bytes(damage(content))
        with pytest.raises(HistoryError, match="cannot be read") as caught:
            history.load()
        assert "\n" not in str(caught.value)
    path.unlink()
    with pytest.raises(HistoryError, match="missing"):
        history.load()
