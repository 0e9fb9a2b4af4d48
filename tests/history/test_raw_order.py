"""A folder of raw runs is read like any history, whatever comes, goes and breaks in it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from fictures_reports.cli.commands import cli
from fictures_reports.errors import HistoryError
from fictures_reports.history import History, open_history, select
from fictures_reports.history.run_selectors import row_of

XML = """<testsuite name="s" tests="2" timestamp="2026-03-{day:02}T06:00:00">
<testcase classname="cart" name="good" time="0.2"/>
<testcase classname="cart" name="bad" time="0.1"><failure>Error: no</failure></testcase>
</testsuite>"""
CHANGES = {
    "append": lambda h: h.append(h.run("latest"), commit="other"),
    "amend": lambda h: h.amend("latest", branch="x"), "remove": lambda h: h.remove("latest"),
    "prune": lambda h: h.prune(0), "compact": lambda h: h.compact(), "vacuum": lambda h: h.vacuum(),
    "reclassify": lambda h: h.reclassify(), "repair": lambda h: h.repair(),
}  # fmt: skip
names = st.integers(1, 5)


class RawOrder(RuleBasedStateMachine):
    """Raw runs in a folder, and which of them can be read."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp()) / "raw"
        self.model: set[str] = set()
        #: Whether the folder changed since the last look at all there is to read.
        self.is_touched = True

    @initialize(n=names)
    def begin(self, n):
        self.add_one(n)

    @rule(n=names)
    def add_one(self, n):
        self.is_touched = True
        place = self.folder / f"n-{n}"
        place.mkdir(parents=True, exist_ok=True)
        (place / "junit.xml").write_text(XML.format(day=n))
        self.model.add(f"n-{n}")

    @rule(n=names)
    def take_one_away(self, n):
        if len(self.model) > 1:
            self.is_touched |= (self.folder / f"n-{n}").exists()
            shutil.rmtree(self.folder / f"n-{n}", ignore_errors=True)
            self.model.discard(f"n-{n}")

    @rule(n=names)
    def break_one(self, n):
        """Leave nothing of a run that could be read."""
        if f"n-{n}" in self.model and len(self.model) > 1:
            self.is_touched = True
            (self.folder / f"n-{n}" / "junit.xml").write_text("<testsu")
            self.model.discard(f"n-{n}")

    @rule(change=st.sampled_from(sorted(CHANGES)))
    def no_change_is_made(self, change):
        before = sorted(self.folder.rglob("*"))
        with pytest.raises(HistoryError, match="only read"):
            CHANGES[change](History(self.folder))
        assert sorted(self.folder.rglob("*")) == before

    @invariant()
    def every_read_agrees_with_the_model(self):
        if not self.is_touched:  # nothing is changed there, see `no_change_is_made`
            return
        self.is_touched = False
        labels, history = sorted(self.model), History(self.folder)
        assert list(history.runs()["label"]) == labels
        assert sorted(history.load()["label"]) == sorted(labels * 2)
        assert sorted(open_history(self.folder)["label"]) == sorted(labels * 2)
        for back, label in enumerate(reversed(labels)):
            run = select(f"{self.folder}@latest~{back}")
            assert (run.label, len(run.results)) == (label, 2)
        rows = history._source.rows()
        assert [row_of(rows, label, history.path)["label"] for label in labels] == labels

    def teardown(self):
        said = CliRunner().invoke(cli, ["history", str(self.folder)], standalone_mode=False)
        n = len(self.model)
        assert f"History: {n} run" in said.stdout
        into = str(self.folder.parent / "h")
        paths = [str(self.folder / name) for name in sorted(self.model)]
        CliRunner().invoke(cli, ["ingest", *paths, "--into", into], standalone_mode=False)
        assert list(History(into).runs()["label"]) == sorted(self.model)
        shutil.rmtree(self.folder.parent)


TestRawOrder = RawOrder.TestCase
TestRawOrder.settings = settings(
    max_examples=8, stateful_step_count=8, phases=[Phase.generate], deadline=None,
    derandomize=True, suppress_health_check=list(HealthCheck),
)  # fmt: skip
