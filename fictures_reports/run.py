"""A run: its results, what is known about it as a whole, and what became of its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from fictures_reports.classification import Rule
    from fictures_reports.readers.rows import RunInfo


@dataclass(frozen=True, eq=False)
class Run:
    """One execution of a suite.

    `results` has one row per case and the columns of `schema.COLUMNS`; `ledger` one row per input
    file; `info` holds what the producer told about the run as a whole.
    """

    results: pd.DataFrame
    info: RunInfo
    ledger: pd.DataFrame
    #: what `read_run` was given; empty for a run that was put together otherwise
    sources: tuple[str, ...] = ()
    #: groups of causes that people named: name → patterns, see `failures.cause_groups`
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)

    #: a user's own rules, which the run was classified with
    rules: Sequence[Rule] | None = None

    @property
    def source(self) -> str | list[str]:
        """What to give `read_run` to get this run; its id where there is no source."""
        return list(self.sources) if len(self.sources) > 1 else "".join(self.sources) or self.run_id

    @property
    def run_id(self) -> str:
        """Identity of the run, derived from its content."""
        return self.info.run_id

    @property
    def label(self) -> str:
        """Name of the run for people."""
        return self.info.label

    @cached_property
    def errors(self) -> pd.DataFrame:
        """What went wrong and belongs to no test, classified: one row per error.

        Columns `message`, `category`, `rule`, `evidence`, `phase` (setup, teardown, collection)
        and `file`, missing where not known: a web server that did not start, global set-up and
        tear-down, a runner that died, then files that could not be collected.
        """
        from fictures_reports.classification.run_errors import run_errors

        return run_errors(self.results, self.info, self.rules)

    @cached_property
    def totals(self) -> dict[str, int]:
        """Rows counted: `cases`, then every status, zeros included."""
        counts = Counter(self.results["status"].tolist())
        return {"cases": len(self.results)} | {status: counts[status] for status in STATUSES}

    @cached_property
    def categories(self) -> dict[str, int]:
        """Rows counted by category, most frequent first; passed tests have none."""
        counts = Counter(self.results["category"].dropna().tolist())
        return dict(counts.most_common())

    @cached_property
    def cluster_ids(self) -> pd.Series[Any]:
        """Each result's cluster of failures; missing where it did not fail or has no text."""
        from fictures_reports.failures.clusters import cluster_ids

        return cluster_ids(self.results)

    @cached_property
    def cause_ids(self) -> pd.Series[Any]:
        """Each result's cause, of failures and skips; a group that people named in its place."""
        from fictures_reports.failures.cause_groups import grouped
        from fictures_reports.failures.clusters import skip_ids

        ids = self.cluster_ids.fillna(skip_ids(self.results))
        return grouped(self.results, ids, self.groups)

    @cached_property
    def causes(self) -> pd.DataFrame:
        """One row per cause of failures or skips, named; columns as of `clusters.clusters`."""
        from fictures_reports.failures.cause_groups import names_of_groups
        from fictures_reports.failures.clusters import table_of

        return table_of(self.results, self.cause_ids, names_of_groups(self.groups))

    @property
    def doubts(self) -> list[str]:
        """Everything the ledger holds against taking the run at face value, a line each."""
        entries: list[Any] = list(self.ledger.itertuples(index=False))
        refused = [f"{e.file}: not read – {e.refused}" for e in entries if e.refused == e.refused]
        return refused + [f"{e.file}: {doubt}" for e in entries for doubt in e.doubts]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to be missing: no file refused, cut or interrupted."""
        return not (
            self.info.incomplete
            or self.results.empty
            or self.ledger["refused"].notna().any()
            or self.ledger["salvaged"].sum()
            or self.ledger["missing"].map(len).sum()
        )

    def save(self, path: str | Path) -> None:
        """Write the run as one Parquet file, whole or not at all; `read_run` takes it again.

        A path that is a folder, or ends in "/", gets a file named by start, id and build. Raises
        `RenderError` if it cannot be written.
        """
        from fictures_reports.history.run_files import save

        save(self, path)

    def __repr__(self) -> str:
        """Name the run and its counts, e.g. `<Run phase2: 28 cases, 4 passed, 20 failed>`."""
        parts = [f"{n} {name}" for name, n in self.totals.items() if n or name == "cases"]
        return f"<Run {self.label}: {', '.join(parts)}>"

    def _repr_html_(self) -> str:
        """Show the counts in a notebook, in its own colours."""
        passed, cases = self.totals["passed"], self.totals["cases"]
        head = f"<p><b>{escape(self.label)}</b>: {passed:,} of {cases:,} passed</p>"
        counts = {name.replace("_", " "): n for name, n in self.totals.items() if n}
        return head + count_table(("tests", "n"), counts) + (
            count_table(("why", "n"), self.categories) if self.categories else ""
        )  # fmt: skip


def count_table(heads: Sequence[str], counts: Mapping[str, object]) -> str:
    """Write counts as a small HTML table without colours: a notebook's own do, dark or light."""
    cells = [f'<th scope="col">{escape(head)}</th>' for head in heads]
    rows = [
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(str(n))}</td></tr>'
        for name, n in counts.items()
    ]
    return f"<table><thead><tr>{''.join(cells)}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
