"""A run: its results, what is known about it as a whole, and what became of its files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any

from fictures_reports.late_binding import call
from fictures_reports.schema import STATUSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from fictures_reports.classification import Rule
    from fictures_reports.readers.rows import RunInfo

    #: A name, a shell pattern or several; None where it is not asked for.
    Patterns = str | Sequence[str] | None


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
    #: how it was taken out of a whole run, first step first: what `where` was given
    parts: tuple[Mapping[str, Any], ...] = ()

    #: a user's own rules, which the run was classified with
    rules: Sequence[Rule] | None = None

    @property
    def is_part(self) -> bool:
        """Whether it is a part of a run, see `where`."""
        return bool(self.parts)

    def where(
        self,
        *,
        project: Patterns = None,
        variant: Patterns = None,
        file: Patterns = None,
        tag: Patterns = None,
        area: Patterns = None,
        case: Patterns = None,
        status: Patterns = None,
        areas: Mapping[str, Any] | None = None,
    ) -> Run:
        """Return the part of the run that fits: a run again, with a label that says so.

        Each is a name, a shell pattern or a list of these; of every one given, one has to fit.
        `file` is a path or its last part, `case` an id or a title; `areas` are the settings'
        unless given. Files and errors of the run stay; a part has no wall time. Raises
        `SchemaError` for a name that no test has.
        """
        where = {
            "project": project, "variant": variant, "file": file, "tag": tag, "area": area,
            "case": case, "status": status,
        }  # fmt: skip
        part: Run = call("narrowed", [self], where, areas)[0]
        return part

    @property
    def source(self) -> str | list[str] | dict[str, Any]:
        """What to give `read_run` to get this run; its id where there is no source."""
        whole: str | list[str] = list(self.sources)
        if len(self.sources) <= 1:
            whole = "".join(self.sources) or self.run_id
        return (
            {"source": whole, "where": [dict(part) for part in self.parts]} if self.parts else whole
        )

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

    @cached_property
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
        from fictures_reports.guards import path_of
        from fictures_reports.history.run_files import save

        path_of(path, "the path of the run file")
        save(self, path)

    def to_html(self, path: str | Path, **options: Any) -> Path:
        """Write the report on the run as a page and return its path; options are `render`'s.

        An ending .ipynb gives the executed notebook, .pdf a printed page.
        """
        written: Path = call("html_of", self, path, **options)
        return written

    def to_markdown(self, gates: str | Sequence[str] = (), **options: Any) -> str:
        """Return the report as Markdown, with its gates; options are those of `check`."""
        return str(call("markdown_of_subject", self, gates, **options))

    def to_junit(
        self, path: str | Path, *, gates: str | Sequence[str] = (), **options: Any
    ) -> Path:
        """Write the run as JUnit XML and return the path; options are those of `check`.

        Failures and missed gates are failures; failures that are `known_issues` are skipped, with
        the reason.
        """
        written: Path = call("junit_of", self, path, gates=gates, **options)
        return written

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
