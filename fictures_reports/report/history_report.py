"""A report on many runs as a page, Markdown or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.result_summary import rows_of
from fictures_reports.analysis.wording import counted, duration, percent
from fictures_reports.errors import NoRuns, RenderError, ReportsError
from fictures_reports.history import open_history
from fictures_reports.history.tables import INCOMPLETE
from fictures_reports.history_analysis import aggregates
from fictures_reports.history_analysis.ageing import ageing
from fictures_reports.history_analysis.changepoints import since_when
from fictures_reports.history_analysis.degraded import degraded, without
from fictures_reports.history_analysis.flakiness import STATES, flakiness
from fictures_reports.report.markdown_text import cell, text
from fictures_reports.report.sections.many_runs import verdict

if TYPE_CHECKING:
    from collections.abc import Collection

    import pandas as pd

#: Grows when a key of the JSON changes its meaning or goes.
SCHEMA_VERSION: Final = 1
#: Markdown lists no more of anything.
_MOST: Final = 15


@dataclass(frozen=True, eq=False)
class Findings:
    """Everything that a report on many runs says, as frames of the functions named alike."""

    totals: pd.DataFrame
    degraded: pd.DataFrame
    flakiness: pd.DataFrame
    changes: pd.DataFrame
    clusters: pd.DataFrame
    ageing: pd.DataFrame
    durations: pd.DataFrame
    target: float | None = None
    #: ids of the runs of which something is known to be missing
    incomplete: Collection[str] = ()


def findings(history: str | Path, *, target: float | None = None, **chosen: Any) -> Findings:
    """Ask a history, or a folder of runs, everything; `chosen` as for `open_history`."""
    rows = open_history(history, **chosen)
    outages = degraded(rows)
    usual = without(rows, outages)
    return Findings(
        aggregates.totals(rows), outages, flakiness(rows), since_when(usual),
        aggregates.sightings(rows), ageing(usual),
        aggregates.durations(rows), target, rows.attrs.get(INCOMPLETE, ()),
    )  # fmt: skip


def payload(found: Findings) -> dict[str, Any]:
    """Return the findings as schema/history.schema.json says; missing values are None."""
    outages = found.degraded[["run_id", "degraded", "why"]]
    runs = found.totals.merge(outages.assign(why=outages["why"].where(outages["degraded"])), "left")
    runs["complete"] = ~runs["run_id"].isin(found.incomplete)
    return {
        "schema_version": SCHEMA_VERSION,
        "verdict": verdict(found.totals, states(found), found.target),
        "target": found.target,
        "states": states(found),
        "runs": _rows(runs),
        "flakiness": _rows(found.flakiness), "changes": _rows(found.changes),
        "clusters": _rows(found.clusters), "ageing": _rows(found.ageing),
        "durations": _rows(found.durations),
    }  # fmt: skip


def as_json(found: Findings) -> str:
    """Write the findings as one JSON object; each frame is a list of rows, missing is null."""
    import msgspec

    return msgspec.json.format(msgspec.json.encode(payload(found))).decode() + "\n"


def states(found: Findings) -> dict[str, int]:
    """Count the cases in each state."""
    counts = found.flakiness["state"].value_counts()
    return {state: int(counts.get(state, 0)) for state in STATES}


def _rows(frame: pd.DataFrame) -> list[dict[Any, Any]]:
    times = frame.select_dtypes("datetimetz")
    texts = {str(name): times[name].dt.strftime("%Y-%m-%dT%H:%M:%S.%fZ") for name in times}
    clean = frame.assign(**texts).astype("object").where(frame.notna(), None)
    return [dict(zip(clean, cells, strict=True)) for cells in rows_of(clean)]


def as_markdown(found: Findings) -> str:
    """Write the findings as Markdown for a job summary."""
    parts = [f"# History: {counted(len(found.totals), 'run')}",
             text(verdict(found.totals, states(found), found.target))]  # fmt: skip
    outages = found.degraded[found.degraded["degraded"]]
    if len(outages):
        names = [text(f"{r.label} ({r.why})") for r in rows_of(outages)]
        parts.append(f"Degraded and left out: {'; '.join(names)}.")
    if cut := [text(r.label) for r in rows_of(found.totals) if r.run_id in found.incomplete]:
        parts.append(f"Incomplete: {'; '.join(cut)}.")
    tables = (_broken(found), _flaky(found), _clusters(found), _ages(found))
    parts += [table for table in tables if table]
    return "\n\n".join(parts) + "\n"


def _broken(found: Findings) -> str:
    rows = found.flakiness[found.flakiness["state"] == "broken"]
    cells = [(r.title, r.file, r.broken_since) for r in rows_of(rows)]
    return _section("Broken", ("test", "file", "since"), cells)


def _flaky(found: Findings) -> str:
    rows = found.flakiness[found.flakiness["state"] == "flaky"]
    cells = [
        (r.title, r.file, f"{percent(r.n_events, r.n_runs)} of {r.n_runs}",
         f"{percent(r.rate_low, 1)} – {percent(r.rate_high, 1)}", duration(r.wasted_s))
        for r in rows_of(rows)
    ]  # fmt: skip
    return _section("Flaky", ("test", "file", "rate, of runs", "95 % interval", "wasted"), cells)


def _clusters(found: Findings) -> str:
    cells = [
        (r.name, r.category, str(r.n_results), str(r.n_cases), r.first_label, r.last_label)
        for r in rows_of(found.clusters)
    ]
    heads = ("failures that say the same", "category", "failures", "tests", "first", "last")
    return _section("Failures over time", heads, cells)


def _ages(found: Findings) -> str:
    cells = [(r.title, r.file, f"{r.how} for {counted(r.n_runs, 'run')}", r.since)
             for r in rows_of(found.ageing)]  # fmt: skip
    return _section("How long already", ("test", "file", "for", "since"), cells)


def _section(title: str, heads: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    if not rows:
        return ""
    lines = [f"| {' | '.join(heads)} |", "|" + " --- |" * len(heads)]
    lines += [f"| {' | '.join(cell(value) for value in row)} |" for row in rows[:_MOST]]
    more = [f"\n… and {len(rows) - _MOST} more."] if len(rows) > _MOST else []
    return "\n".join([f"## {title}\n", *lines, *more])


def render(
    parameters: dict[str, Any],
    kind: str,
    output: Path | None,
    *,
    show_code: bool = False,
    static: bool = False,
    template: Path | None = None,
) -> str:
    """Run the notebook and return what came out, written to `output` if that is given.

    `parameters` are the notebook's: history, last, since, branch, target, phases. `kind` is "html",
    "ipynb" or "pdf", which needs an `output` and returns the page that was printed; `template` a
    copy of the notebook. A `static` page has no script at all. Raises `RenderError` if a cell fails
    or a tool is missing, and what `open_history` raises.
    """
    from fictures_reports.report.rendering.render import as_notebook, check_tools, write_page

    check_tools(kind, static=static)
    _refuse_unknown(parameters)
    executed = _executed(parameters, output, template)
    if kind == "ipynb":
        text = as_notebook(executed)
    else:
        from fictures_reports.report.rendering.html_export import to_html

        title = f"History: {Path(str(parameters['history'])).name}"
        text = to_html(executed, title=title, show_code=show_code, static=static)
    if output is not None:
        write_page(text, kind, output)
    return text


def _refuse_unknown(parameters: dict[str, Any]) -> None:
    """Raise `NoRuns` for a phase that begins with a run that is not shown."""
    if phases := parameters.get("phases"):
        labels = set(_shown(parameters, "label"))
        for name, label in phases.items():
            if label not in labels:
                raise NoRuns(
                    f"{parameters['history']}: phase {name!r} begins with {label!r}, which is "
                    f"none of the {counted(len(labels), 'run')} shown"
                )


def _shown(parameters: dict[str, Any], column: str) -> Any:
    asked = {name: parameters.get(name) for name in ("last", "since", "branch")}
    return open_history(parameters["history"], columns=(column,), **asked)[column]


def _executed(parameters: dict[str, Any], output: Path | None, template: Path | None) -> Any:
    from fictures_reports.report.rendering.notebook_files import find
    from fictures_reports.report.rendering.notebook_files import parameters as settable
    from fictures_reports.report.rendering.render import _execute

    source = find(template or "history")
    names = settable(source, ["history"])
    parameters = {name: value for name, value in parameters.items() if name in names}

    with TemporaryDirectory() as folder:
        target = output or Path(folder) / "history"
        try:
            return _execute(source, target, parameters, {})
        except RenderError:
            try:
                _shown(parameters, "run_id")
            except ReportsError:
                # What was asked for is not there: no notebook has to be looked into.
                target.with_suffix(".failed.ipynb").unlink(missing_ok=True)
                raise
            raise
