"""Any sequence of operations on a history leaves every read and every write working.

A plain dict stands beside the history; after each operation every way to read it is compared.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pyarrow.parquet as pq
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fictures_reports.classification import load_rules
from fictures_reports.cli.history_commands import history as history_command
from fictures_reports.history import (
    History,
    delta_log,
    result_rows,
    select,
    stored_facts,
    tables,
    typed_writer,
)
from fictures_reports.history.run_selectors import row_of

from ..conftest import make_run

DATA = Path(__file__).parent / "data"
RULES = """[[rule]]
id = "{name}"
category = "environment"
pattern = "studio idle"
advice = "Wake it."
"""
CASES = {"good": "passed", "bad": "failed"}
BRANCHES = ("main", "feature")


@cache
def a_run(n: int):
    """Make run n, once: two cases, of which one failed; its months change with every third."""
    columns = {"message": [None, f"RuntimeError: studio idle {n}"], "run_id": [f"run-{n:04}"] * 2}
    return make_run(
        f"r{n}", CASES, columns, run_id=f"run-{n:04}", started_at=1.8e9 + n * 864_000,
        branch=BRANCHES[n % 2],
    )  # fmt: skip


class AnyOrder(RuleBasedStateMachine):
    """A history, and what must be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.history = History(self.folder / "h")
        #: label → rule of its failure (None: any)
        self.model: dict[str, str | None] = {}
        #: label → branch, where it was amended
        self.amended: dict[str, str] = {}
        self.old = 0
        #: Whether an operation was asked for since the last look at all there is to read.
        self.is_touched = True

    @initialize(
        start=st.sampled_from(["files", "files", "delta", "broken-newest", "broken-oldest"])
    )
    def begin(self, start):
        if start in ("files", "delta"):
            self.history = History(self.folder / "h", format=start)
            self.append(0)
        else:
            shutil.copytree(DATA / start, self.history.path)
            self.old = 3  # runs of six cases, long before ours

    @rule(n=st.integers(0, 6))
    def append(self, n):
        self.is_touched = True
        assert self.history.append(a_run(n)) is (f"r{n}" not in self.model)
        self.model.setdefault(f"r{n}", None)

    @rule(name=st.sampled_from(["first", "second"]))
    def reclassify(self, name):
        self.is_touched = True
        path = self.folder / "rules.toml"
        path.write_text(RULES.format(name=name))
        self.history.reclassify(load_rules(path))
        self.model = dict.fromkeys(self.model, name)

    @rule(n=st.integers(0, 6), branch=st.sampled_from(["main", "moved"]))
    def amend(self, n, branch):
        if f"r{n}" in self.model:
            self.is_touched = True
            run_id = self.history.run(f"r{n}").run_id
            self.history.amend(f"r{n}", branch=branch)
            assert self.history.run(f"r{n}").run_id == run_id
            self.amended[f"r{n}"] = branch

    @rule(n=st.integers(0, 6))
    def remove(self, n):
        if f"r{n}" in self.model and len(self.model) > 1:
            self.is_touched = True
            self.history.remove(f"r{n}")
            del self.model[f"r{n}"]
            self.amended.pop(f"r{n}", None)

    @rule(keep=st.integers(1, 3))
    def prune(self, keep):
        if self.old:
            return  # runs of six cases on branches of their own
        self.is_touched = True
        branches = {label: self.amended.get(label, BRANCHES[int(label[1:]) % 2])
                    for label in sorted(self.model)}  # fmt: skip
        lines = [[k for k in branches if branches[k] == b] for b in {*branches.values()}]
        gone = {label for line in lines for label in line[:-keep]}
        assert set(self.history.prune(keep)) == gone
        for label in gone:
            del self.model[label]
            self.amended.pop(label, None)

    @rule(n=st.integers(0, 6))
    def copy_over_what_grew_apart(self, n):
        """Copy an earlier state, grown by a run of its own, over the folder of run files."""
        if self.history.format != "files":
            return
        self.is_touched = True
        other = History(shutil.copytree(self.history.path, self.folder / "other"))
        is_new = other.append(a_run(n))
        assert is_new is (f"r{n}" not in self.model)
        self.compact()
        shutil.copytree(other.path, self.history.path, dirs_exist_ok=True)
        shutil.rmtree(other.path)
        self.model.setdefault(f"r{n}", None)

    @rule()
    def compact(self):
        self.is_touched = True
        self.history.compact()

    @rule(keep=st.sampled_from([timedelta(0), timedelta(days=7)]))
    def vacuum(self, keep):
        self.is_touched = True
        self.history.vacuum(keep=keep)

    @rule(n=st.integers(0, 6), is_old=st.booleans())
    def kill_a_writer(self, n, is_old):
        """Leave its rows without a row in `runs`, and a file that was never committed."""
        self.is_touched = True
        if self.history.format == "files":
            Path(self.history.path, f".fictures-reports-{n}.part").write_bytes(b"PAR1")
            return
        run, now = a_run(n), datetime.now(UTC)
        name = "0" * 13 + "-dead" if is_old else f"{int(now.timestamp() * 1e6):x}-dead"
        row = stored_facts.run_row(run, run.info, name, now)
        rows = result_rows.results_table(run, row)
        table = delta_log.table(f"{self.history.path}/results", {})
        typed_writer.append(table, rows, tables.RESULTS)
        pq.write_table(rows, Path(self.history.path, "results", f"part-{now:%f}.parquet"))

    @invariant()
    def every_read_agrees_with_the_model(self):
        if not self.history.exists or not self.is_touched:
            return
        self.is_touched = False
        labels = sorted(self.model)
        runs = list(self.history.runs()["label"])
        assert runs[self.old :] == labels
        frame = self.history.load()
        assert len(frame) == 6 * self.old + 2 * len(labels)
        mine = frame[frame["title"] == "bad"]
        assert list(mine["label"]) == labels
        for label, name in zip(mine["label"], mine["rule"], strict=True):
            assert self.model[label] in (None, name)
        assert len(frame[["run_id", "case_id"]].drop_duplicates()) == len(frame)
        assert self.history.scan().count("*").fetchall() == [(len(frame),)]
        self.every_selector_agrees(runs)

    def every_selector_agrees(self, runs):
        """Read each run whole once, by its place; by its other names it is only looked up."""
        for back, label in enumerate(reversed(runs)):
            run = select(f"{self.history.path}@latest~{back}")
            assert run.label == label
            if label in self.model:
                assert len(run.results) == 2
            if label in self.amended:
                assert run.info.branch == self.amended[label]
        rows = self.history._source.rows()

        def named(selector):
            return row_of(rows, selector, self.history.path)["label"]

        assert [named(label) for label in self.model] == list(self.model)
        for branch in (*BRANCHES, "moved"):
            on_branch = list(self.history.runs(branch=branch)["label"])
            if on_branch:
                assert named(f"branch:{branch}") == on_branch[-1]

    @invariant()
    def known_runs_are_known_and_files_have_the_schemas_types(self):
        for label in list(self.model)[:1]:
            assert self.history.append(a_run(int(label[1:]))) is False
            if self.history.format == "delta" and not self.old:
                live = delta_log.table(f"{self.history.path}/runs", {}).file_uris()
                for name in (*self.history.files(), *live):
                    kinds = {str(f.type) for f in pq.read_schema(name.removeprefix("file://"))}
                    assert kinds <= {"string", "int64", "double", "bool", "timestamp[us, tz=UTC]"}

    def teardown(self):
        if self.history.exists:
            said = CliRunner().invoke(history_command, [self.history.path], standalone_mode=False)
            assert said.exception is None, said.exception
            n = self.old + len(self.model)
            assert f"History: {n} run" in said.stdout
        shutil.rmtree(self.folder)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=12, stateful_step_count=8, phases=[Phase.generate], deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
