"""Histories as suites leave them, with the truth kept: for benchmarks and tests.

    python benchmarks/generate.py HISTORY [--runs 200] [--cases 300] [--seed 1] [--retries 1]

Cases are stable or flaky at a known rate; some break for a while at a change of the code, some get
slower, some are skipped from a run on, some are renamed; on some runs the whole system is down.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from fictures_reports.history.result_rows import frame_from
from fictures_reports.history.tables import RESULTS
from fictures_reports.readers.rows import RunInfo
from fictures_reports.run import Run
from fictures_reports.schema import COLUMN_NAMES

STATUSES = ("passed", "flaky", "failed", "skipped", "absent")
PASSED, FLAKY, FAILED, SKIPPED, ABSENT = range(5)
OUTAGE, REGRESSION = 0, 1
#: (category, rule, error type, message with {n} for what differs from run to run, signature)
CAUSES = (
    ("network", "connection-refused", "Error",
     "Error: page.goto: net::ERR_CONNECTION_REFUSED at http://127.0.0.1:{n}/studio",
     "page.goto: net::ERR_CONNECTION_REFUSED at <url1>"),
    ("assertion", "expect", "Error",
     ("Error: expect(locator).toHaveText(expected) failed\n\nLocator: getByTestId('title')\n"
     "Expected: \"Chapter 1\"\nReceived: \"Chapter {n}\"\nTimeout: 5000ms"),
     ("expect(locator).toHaveText(expected) failed\nLocator: getByTestId('title')\n"
     "Expected: \"Chapter <n1>\"\nReceived: \"Chapter <n2>\"")),
    ("timeout", "test-timeout", "TimeoutError",
     ("Test timeout of 30000ms exceeded.\n\nError: locator.click: Test timeout of 30000ms exceeded."
     "\nCall log:\n  - waiting for getByRole('button', {{ name: 'Save' }})\n    - {n} × retrying"),
     ("Test timeout of <n1>ms exceeded.\nlocator.click: Test timeout of <n1>ms exceeded.\n"
     "waiting for getByRole('button', { name: 'Save' })")),
    ("element", "not-found", "Error",
     ("Error: expect(locator).toBeVisible() failed\n\nLocator: getByTestId('story-card')\n"
     "Expected: visible\nError: element(s) not found\nafter {n} polls"),
     ("expect(locator).toBeVisible() failed\nLocator: getByTestId('story-card')\n"
     "Expected: visible\nError: element(s) not found\nafter <n1> polls")),
    ("fixture_error", "fixture", "Error",
     "Error: Internal error: step id not found: fixture@{n}",
     "Internal error: step id not found: fixture@<n1>"),
    ("threshold_miss", "expect-number", "Error",
     "Error: expect(received).toBeLessThan(expected)\n\nExpected: < 100\nReceived:   {n}",
     "expect(received).toBeLessThan(expected)\nExpected: < <n1>\nReceived: <n2>"),
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What to make; the same plan always gives the same history."""

    n_cases: int = 200
    n_runs: int = 50
    seed: int = 1
    n_files: int = 20
    projects: tuple[str, ...] = ("chromium", "webkit")
    #: extra attempts that a failure gets
    retries: int = 0
    flaky: float = 0.1
    #: flake rates are drawn evenly on a log scale between these
    rates: tuple[float, float] = (0.01, 0.3)
    #: shares of the cases that break for a while, get slower, stop running, change their name
    broken: float = 0.05
    #: how many runs a broken streak lasts, from and up to
    streak: tuple[int, int] = (3, 12)
    slower: float = 0.02
    skipped: float = 0.02
    renamed: float = 0.01
    n_outages: int = 1
    #: share of the runs that run the same commit again
    reruns: float = 0.2
    branches: tuple[str, ...] = ("main", "main", "main", "feature")
    hours_between: float = 6.0
    start: datetime = datetime(2025, 1, 6, 5, tzinfo=UTC)


class Generated:
    """A history in arrays, run × case, and what is true of it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.rng = np.random.default_rng(plan.seed)
        n, m = plan.n_runs, plan.n_cases
        self.commit = np.cumsum(self.rng.random(n) >= plan.reruns)
        self.branch = self.rng.integers(0, len(plan.branches), n)
        kinds = self.rng.permutation(m)
        cuts = np.cumsum([round(s * m) for s in (plan.flaky, plan.broken, plan.slower,
                                                 plan.skipped, plan.renamed)])  # fmt: skip
        flaky, broken, slower, skipped, renamed, _ = np.split(kinds, cuts)
        self.rate = np.zeros(m)
        self.rate[flaky] = np.exp(self.rng.uniform(*np.log(plan.rates), len(flaky)))
        self.cause = self.rng.integers(2, len(CAUSES), m).astype("int8")
        self.cause[broken] = REGRESSION
        self.streaks = {int(c): self._streak() for c in broken}
        self.slower_from = {int(c): int(self.rng.integers(n // 4, 3 * n // 4 + 1)) for c in slower}
        self.skipped_from = {int(c): int(self.rng.integers(1, n)) for c in skipped}
        self.renamed_at = {int(c): int(self.rng.integers(1, n)) for c in renamed}
        spare = np.arange(n // 5, n - 1)
        self.outages = sorted(
            int(r) for r in self.rng.choice(spare, min(plan.n_outages, len(spare)), replace=False)
        )

    def _streak(self) -> tuple[int, int]:
        """Draw a streak that begins and ends where the code changes."""
        n = self.plan.n_runs
        first = self._next_commit(int(self.rng.integers(1, max(2, n - 2))))
        length = int(self.rng.integers(self.plan.streak[0], self.plan.streak[1] + 1))
        return first, self._next_commit(min(n, first + length))

    def _next_commit(self, run: int) -> int:
        while run < self.plan.n_runs and self.commit[run] == self.commit[run - 1]:
            run += 1
        return run

    @cached_property
    def case_ids(self) -> list[str]:
        """The id of each case, and of the renamed ones again with their new name."""
        return [f"{f} › {s} › {t} [{p}]" for f, s, t, p in self._names]

    @cached_property
    def _names(self) -> list[tuple[str, str, str, str]]:
        plan = self.plan
        areas = ("cache", "studio", "browse", "community", "login", "search")
        names = [
            (f"{areas[i % 6]}/{areas[i % 6]}-{i % plan.n_files}.spec.ts", f"{areas[i % 6]} suite",
             f"should keep story {i} in order", plan.projects[i % len(plan.projects)])
            for i in range(plan.n_cases)
        ]  # fmt: skip
        moved = [(f, s, t.replace("should keep", "keeps"), p)
                 for f, s, t, p in (names[c] for c in self.renamed_at)]  # fmt: skip
        return names + moved

    def statuses(self, run: int) -> np.ndarray[Any, Any]:
        """Draw the status of each case in a run; the same run always gives the same."""
        plan, rng = self.plan, np.random.default_rng((self.plan.seed, run))
        status = np.zeros(plan.n_cases, "int8")
        flaky = np.flatnonzero(self.rate)
        fails = rng.random((plan.retries + 1, len(flaky))) < self.rate[flaky]
        status[flaky] = np.where(fails.all(0), FAILED, np.where(fails[0], FLAKY, PASSED))
        broken = [c for c, (begin, end) in self.streaks.items() if begin <= run < end]
        status[broken] = FAILED
        if run in self.outages:
            status[rng.random(plan.n_cases) < 0.85] = FAILED
        status[[c for c, begin in self.skipped_from.items() if run >= begin]] = SKIPPED
        return status

    def _noise(self, run: int) -> tuple[Any, ...]:
        """Draw what differs from run to run without meaning: number, factor, delay, worker."""
        rng, m = np.random.default_rng((self.plan.seed, run, 7)), self.plan.n_cases
        slow, delay = rng.lognormal(0, 0.12, m), np.round(rng.random(m) * 600, 3) * 1e6
        return rng.integers(101, 4000, m), slow, delay, rng.integers(0, 4, m)

    def table(self, first: int = 0, last: int | None = None) -> pa.Table:
        """Return the rows of some runs as the history stores them."""
        last = self.plan.n_runs if last is None else last
        matrix = np.stack([self.statuses(run) for run in range(first, last)])
        noise = zip(*(self._noise(run) for run in range(first, last)), strict=True)
        number, slow, delay, worker = map(np.concatenate, noise)
        run, case = (index.ravel() for index in np.indices(matrix.shape))
        status = matrix.ravel()
        run = run + first
        name = self._name_index(run, case)
        cause = np.where(np.isin(run, self.outages), OUTAGE, self.cause[case])
        wrong = (status == FAILED) | (status == FLAKY)
        seconds = np.round(self._seconds(run, case) * slow + 2.0 * wrong, 3)
        seconds[status == SKIPPED] = 0.0
        start = self.starts[run] + delay
        tries = np.where(status == SKIPPED, 0, 1) + np.where(wrong, self.plan.retries, 0)
        columns = {
            "status": _take(STATUSES, status), "n_attempts": tries,
            "started_at": start.astype("int64"), "duration_s": seconds,
            "worker": worker, "row": case,
            **self._of_case(name), **self._of_run(run),
            **_why(wrong, status == SKIPPED, cause, number),
        }  # fmt: skip
        columns["attempts"] = _attempts(columns, wrong, status, self.plan.retries)
        return _table(columns, len(run))

    def _name_index(self, run: Any, case: Any) -> Any:
        name = case.copy()
        for index, (old, at) in enumerate(self.renamed_at.items()):
            name[(case == old) & (run >= at)] = self.plan.n_cases + index
        return name

    @cached_property
    def base_s(self) -> np.ndarray[Any, Any]:
        """How long each case takes when all is well, in seconds."""
        return np.random.default_rng(self.plan.seed).lognormal(0.5, 0.9, self.plan.n_cases)

    def _seconds(self, run: Any, case: Any) -> Any:
        seconds = self.base_s[case]
        for one, begin in self.slower_from.items():
            seconds[(case == one) & (run >= begin)] *= 1.8
        return seconds

    @cached_property
    def starts(self) -> np.ndarray[Any, Any]:
        """When each run begins, in microseconds since 1970."""
        step = self.plan.hours_between * 3600e6
        return self.plan.start.timestamp() * 1e6 + step * np.arange(self.plan.n_runs)

    def _of_case(self, name: Any) -> dict[str, Any]:
        files, suites, titles, projects = zip(*self._names, strict=True)
        tests = [f"{f} › {s} › {t}" for f, s, t, _ in self._names]
        return {
            "case_id": _take(self.case_ids, name), "test_id": _take(tests, name),
            "variant": _take([""], np.zeros_like(name)), "file": _take(files, name),
            "suite": _take(suites, name), "title": _take(titles, name),
            "project": _take(projects, name), "line": 5 + 9 * (name % 40),
            "source": _take(["results.json"], np.zeros_like(name)),
            "expected_status": _take(["passed"], np.zeros_like(name)),
        }  # fmt: skip

    def _of_run(self, run: Any) -> dict[str, Any]:
        every = range(self.plan.n_runs)
        return {
            "run_id": _take([self.run_id(r) for r in every], run),
            "label": _take([self.label(r) for r in every], run),
            "commit": _take([f"{c:07x}" for c in range(self.plan.n_runs + 1)], self.commit[run]),
            "branch": _take(self.plan.branches, self.branch[run]),
            "run_at": self.starts[run].astype("int64"),
        }

    def run_id(self, run: int) -> str:
        """Return the id of a run, which looks like one that readers derive."""
        return hashlib.sha256(f"{self.plan.seed} {run}".encode()).hexdigest()[:12]

    def label(self, run: int) -> str:
        """Return the label of a run, e.g. "nightly-0007"."""
        return f"nightly-{run:04d}"

    def run(self, index: int) -> Run:
        """Return one run as `read_run` gives it."""
        from fictures_reports.readers.read import ledger_frame
        from fictures_reports.readers.rows import LedgerEntry

        results = frame_from(self.table(index, index + 1), COLUMN_NAMES)
        start = self.starts[index] / 1e6
        info = RunInfo(
            self.run_id(index), self.label(index), float(start), 660.0, "Playwright", "1.56.1", 4,
            commit=f"{self.commit[index]:07x}", branch=self.plan.branches[self.branch[index]],
        )  # fmt: skip
        entry = LedgerEntry("results.json", "playwright-json", read=len(results))
        return Run(results, info, ledger_frame([entry]))

    def frame(self) -> pd.DataFrame:
        """Return all rows as `History.load` gives them."""
        table = self.table()
        return frame_from(table.sort_by([("run_at", "ascending"), ("row", "ascending")]))

    @property
    def truth(self) -> pd.DataFrame:
        """What is true of each case; index case_id.

        Columns: rate (that a run fails or needs a retry, 0 if stable), broken_from and
        broken_until (runs, half open; −1 if never).
        """
        n = self.plan.n_cases
        begin, end = np.full(n, -1), np.full(n, -1)
        for case, (first, last) in self.streaks.items():
            begin[case], end[case] = first, last
        columns = {"rate": self.rate, "broken_from": begin, "broken_until": end}
        return pd.DataFrame(columns, index=pd.Index(self.case_ids[:n], name="case_id"))


def _take(values: Any, index: Any) -> pa.Array:
    return pa.array(values, pa.string()).take(pa.array(index))


def _why(wrong: Any, idle: Any, cause: Any, number: Any) -> dict[str, Any]:
    """Fill the columns that say why, for rows that failed or were skipped."""
    chosen = pa.array(np.where(wrong, cause, 0), mask=~wrong)
    category, rule, kind, _, signature = (
        pa.array(list(v)).take(chosen) for v in zip(*CAUSES, strict=True)
    )
    message: list[str | None] = [None] * len(wrong)
    for row in np.flatnonzero(wrong):
        message[row] = CAUSES[cause[row]][3].format(n=number[row])
    skip = pa.array(idle)
    reason = pa.array(np.where(idle, "Like button not found, skipping test", None), pa.string())
    missed = wrong & (np.array([c[0] == "threshold_miss" for c in CAUSES])[cause])
    import pyarrow.compute as pc

    return {
        "category": pc.if_else(skip, "skipped_ui", category),
        "rule": pc.if_else(skip, "skip-ui", rule),
        "error_type": kind, "signature": signature, "message": pa.array(message, pa.string()),
        "evidence": rule, "skip_reason": reason,
        "measured": pa.array(number.astype("float64"), mask=~missed),
        "limit": pa.array(np.full(len(wrong), 100.0), mask=~missed),
        "ratio": pa.array(number / 100.0, mask=~missed),
        "comparator": pa.array(np.where(missed, "<", None), pa.string()),
        "unit": pa.array(np.where(missed, "ms", None), pa.string()),
        "phase": pa.array(np.where(wrong, "call", None), pa.string()),
    }  # fmt: skip


def _attempts(columns: dict[str, Any], wrong: Any, status: Any, retries: int) -> pa.Array:
    """Write the attempts of rows that failed once; the row says all about the others."""
    texts: list[str | None] = [None] * len(wrong)
    for row in np.flatnonzero(wrong):
        seconds = float(columns["duration_s"][row]) / (retries + 1)
        error = {"message": columns["message"][row].as_py(), "phase": "call"}
        failed = {"status": "failed", "duration_s": round(seconds, 3), "errors": [error]}
        tries = [failed] * (retries + 1)
        if status[row] == FLAKY:
            tries = [*tries[:-1], {"status": "passed", "duration_s": round(seconds, 3)}]
        texts[row] = json.dumps(tries)
    return pa.array(texts, pa.string())


def _table(columns: dict[str, Any], n: int) -> pa.Table:
    arrays = []
    for field in RESULTS:
        values = columns.get(field.name)
        if values is None:
            arrays.append(pa.nulls(n, field.type))
        else:
            arrays.append(pa.array(values).cast(field.type))
    return pa.table(arrays, schema=RESULTS)


def fill(path: str, made: Generated, *, at_once: int = 100) -> None:
    """Write a whole history quickly: many runs a commit, which `append` never does."""
    from fictures_reports.history import delta_log as log
    from fictures_reports.history.append_ids import new_id
    from fictures_reports.history.appending import create
    from fictures_reports.history.compaction import compact
    from fictures_reports.history.location import Location
    from fictures_reports.history.tables import RUNS
    from fictures_reports.history.typed_writer import append

    create(Location(path))
    for first in range(0, made.plan.n_runs, at_once):
        last = min(made.plan.n_runs, first + at_once)
        rows = made.table(first, last)
        ids = [new_id() for _ in range(first, last)]
        per_run = len(rows) // (last - first)
        starts = made.starts[first:last]
        months = [f"{datetime.fromtimestamp(s / 1e6, UTC):%Y-%m}" for s in starts]
        which = np.repeat(np.arange(last - first), per_run)
        for name, values in (("ingest_id", ids), ("month", months)):
            index = rows.schema.get_field_index(name)
            rows = rows.set_column(index, RESULTS.field(name), _take(values, which))
        append(log.table(f"{path}/results", {}), rows, RESULTS)
        facts = [_run_facts(made, first + i, ids[i], per_run) for i in range(last - first)]
        append(log.table(f"{path}/runs", {}), pa.Table.from_pylist(facts, schema=RUNS), RUNS)
    compact(f"{path}/runs", {}, RUNS)  # as writers do with every 64th run
    for table in ("results", "runs"):
        _sum_up(f"{path}/{table}")


def _sum_up(uri: str) -> None:
    """Leave a table's log as it is in a table that took years: without what is older than an hour.

    Each commit lists the log, so a log of nothing but new entries would make appends look slow.
    """
    from fictures_reports.history.old_log_entries import drop_old_entries

    for entry in Path(uri, "_delta_log").iterdir():
        os.utime(entry, (0, 0))
    drop_old_entries(uri, {}, timedelta(0))


def fill_files(path: str, made: Generated) -> None:
    """Write a history as run files, each run in a file of its own."""
    from fictures_reports.history import History

    history = History(path, format="files")
    for index in range(made.plan.n_runs):
        history.append(made.run(index))


def _run_facts(made: Generated, run: int, ingest_id: str, n_results: int) -> dict[str, Any]:
    start = made.starts[run] / 1e6
    return {
        "run_id": made.run_id(run), "label": made.label(run), "started_at": start,
        "run_at": datetime.fromtimestamp(start, UTC), "ingested_at": datetime.now(UTC),
        "commit": f"{made.commit[run]:07x}", "branch": made.plan.branches[made.branch[run]],
        "environment": "{}", "errors": "[]", "ledger": "[]", "incomplete": False,
        "producer": "Playwright", "n_workers": 4, "duration_s": 660.0, "n_results": n_results,
        "schema_version": 1, "ingest_id": ingest_id,
    }  # fmt: skip


def main() -> None:
    """Fill a history as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("history")
    parser.add_argument("--format", choices=["delta", "files"], default="delta")
    for name, default in (("runs", 200), ("cases", 300), ("seed", 1), ("retries", 1)):
        parser.add_argument(f"--{name}", type=int, default=default)
    given = parser.parse_args()
    filled = fill if given.format == "delta" else fill_files
    filled(given.history, Generated(Plan(
        n_cases=given.cases, n_runs=given.runs, seed=given.seed, retries=given.retries,
    )))  # fmt: skip
    print(f"{given.history}: {given.runs} runs of {given.cases} cases")


if __name__ == "__main__":
    main()
