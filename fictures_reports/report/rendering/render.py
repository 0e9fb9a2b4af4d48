"""Run a report's notebook with papermill and write what came out."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import signature
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import nbformat
import papermill
from papermill.engines import papermill_engines

from fictures_reports.analysis.breakdown import owners_of, patterns_of
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.errors import RenderError
from fictures_reports.guards import path_of, refuse, text_or_none, texts
from fictures_reports.report.case_links import unlinked
from fictures_reports.report.rendering import notebook_files as notebooks
from fictures_reports.report.rendering.asset_folder import check_folder, folder_of, write_folder
from fictures_reports.report.rendering.engine import InProcessEngine
from fictures_reports.report.rendering.notebook_files import find as find
from fictures_reports.report.rendering.one_at_a_time import one_at_a_time
from fictures_reports.report.rendering.run_sources import rules_file, sources_of
from fictures_reports.report.rendering.source_paths import moved_to
from fictures_reports.report.rendering.views import title_of
from fictures_reports.run import Run
from fictures_reports.safe_write import replacing, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from nbformat import NotebookNode

    from fictures_reports.analysis.breakdown import Areas

_ENGINE: Final = "fictures-in-process"
_ENDINGS: Final = (".html", ".htm", ".ipynb", ".pdf")
Format = Literal["html", "ipynb", "pdf"]
#: Whatever kernel a copy was last saved with: this Python runs it.
_KERNEL: Final = {"kernel_name": "python3", "language": "python"}


def render(
    notebook: str | Path,
    *,
    output: str | Path,
    title: str | None = None,
    gates: Sequence[str] = (),
    areas: Areas | None = None,
    owners: Mapping[str, str] | None = None,
    known_issues: Sequence[Mapping[str, Any]] = (),
    renames: Mapping[str, str] | None = None,
    notes: str = "",
    history: str = "",
    earlier_before: Sequence[Run] = (),
    earlier_after: Sequence[Run] = (),
    phases: Sequence[Run] = (),
    allow_incomplete: bool = False,
    removed: Sequence[str] = (),
    partial: bool = False,
    stream: str | None = None,
    by: str | None = None,
    table: str = "",
    assets: bool = False,
    evidence: bool = False,
    baseline: str = "",
    parameters: Mapping[str, Any] | None = None,
    show_code: bool = False,
    static: bool = False,
    format: Format | None = None,  # noqa: A002
    **runs: Run,
) -> Path:
    """Execute a notebook on runs and write it as one HTML file, or as an executed notebook.

    `notebook` is "comparison" (with `before` and `after`), "run" (with `run`), "document" (the
    phase document, with either), or the path of a copy with the same parameters. `notes` are
    people's own words in Markdown; `history` is one against which changes are weighed, and out of
    which each test shows its last runs; `earlier_before` and `earlier_after` further runs of each
    side, to weigh changes over all of them; `phases` runs that came before, to show as a sequence;
    `stream` the one to stay in.
    `by` is what `compare` leaves out of the cases' names: "project", "variant" or "test".
    `table` is the path of a file with all cases, as seen from the page, which names it; with
    `assets` pictures lie as they were attached in the folder NAME-assets beside NAME.html, and the
    page leads to them; with `evidence` a PDF ends with what each test that did not pass said, try
    by try; `baseline` says why a run is compared with nothing; `parameters` are a
    copy's own, which its parameters cell sets. `format` is "html", "ipynb" or "pdf" (which a
    Chromium on this machine prints); by default `output`'s ending decides. Returns the path
    written.

    A `static` page has no script at all: charts are SVG, which needs the extra "static".

    Raises `RenderError` if a cell fails; the half-run notebook is kept beside the output.
    """
    target = path_of(output, "output")
    gates = texts(gates, "gates", "passed >= 24")
    text_or_none(title=title, notes=notes, history=history, stream=stream, table=table)
    if not isinstance(notebook, str | Path):
        raise refuse(notebook, "the notebook", "'comparison', 'run' or a path")
    if not all(isinstance(issue, Mapping) for issue in known_issues):
        raise refuse(known_issues, "known_issues", "a list of tables")
    if format is None and target.suffix not in _ENDINGS:
        raise RenderError(f"{output}: a page ends in {', '.join(_ENDINGS)}; else give format=")
    if format not in (None, "html", "ipynb", "pdf"):
        raise RenderError(f"format is {format!r}, expected 'html', 'ipynb' or 'pdf'")
    if wrong := [name for name, run in runs.items() if not isinstance(run, Run)]:
        raise refuse(runs[wrong[0]], wrong[0], "a run, such as read_run gives")
    kind = format or {".ipynb": "ipynb", ".pdf": "pdf"}.get(target.suffix, "html")
    if evidence and kind != "pdf":
        raise RenderError(f"evidence is an appendix of a PDF, but the format is {kind}")
    check_tools(kind, static=static)
    folder = _asset_folder(target, kind) if assets else None
    several = {"earlier_before": earlier_before, "earlier_after": earlier_after, "phases": phases}
    several = several if "before" in runs else {}
    source_of = sources_of(chain(runs.values(), *several.values()))
    groups = {name: given for run in runs.values() for name, given in run.groups.items()}
    values_of_report: dict[str, Any] = {
        **{name: source_of(run) for name, run in runs.items()},
        **{name: [source_of(run) for run in side] for name, side in several.items()},
        **(
            {
                "renames": dict(renames or {}),
                "removed": list(removed),
                "partial": partial,
                "stream": stream,
                "by": by,
            }
            if "before" in runs
            else {}
        ),
        "gates": list(gates),
        "areas": patterns_of(areas or {}),
        "owners": owners_of(areas or {}) | dict(owners or {}),
        "causes": {name: list(patterns) for name, patterns in groups.items()},
        "rules": rules_file(chain(runs.values(), *several.values())),
        "known_issues": [_plain(issue) for issue in known_issues],
        "notes": notes,
        "history": history,
        "allow_incomplete": allow_incomplete,
        "table": table,
        "baseline": baseline,
        "assets": folder.name if folder else "",
    }
    source = find(notebook)
    settable = notebooks.parameters(source, runs)
    values_of_report = {name: value for name, value in values_of_report.items() if name in settable}
    values_of_report |= notebooks.not_given(settable, runs)
    own_values = notebooks.own_parameters(source, settable, values_of_report, parameters or {})
    values = {name: value for name, value in (runs | several).items() if name in settable}
    executed = _execute(source, target, values_of_report | own_values, values)
    title = title or title_of(executed) or " → ".join(run.label for run in runs.values())
    if kind == "ipynb":
        moved_to(executed, values_of_report | own_values, target)
        text = as_notebook(executed)
    else:
        from fictures_reports.report.rendering.html_export import to_html

        text = to_html(executed, title=title, show_code=show_code, static=static, evidence=evidence)
    if folder:
        write_folder(folder, text, runs.values())
    write_page(text, kind, target)
    return target


#: What `render` takes besides a notebook, its runs and where to write.
OPTIONS: Final = frozenset(signature(render).parameters) - {"notebook", "output", "runs"}


def _asset_folder(page: Path, kind: str) -> Path:
    if kind != "html":
        raise RenderError(f"assets lie beside an HTML page, but the format is {kind}")
    folder = folder_of(page)
    check_folder(folder)
    return folder


def as_notebook(executed: NotebookNode) -> str:
    """Write an executed notebook; what leads to a case on a page is plain text in it."""
    for cell in executed.cells:
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                # Jupyter shows each cell apart: there the link would lead nowhere.
                data["text/html"] = unlinked(data["text/html"])
    return str(nbformat.writes(executed))


def write_page(text: str, kind: str, target: Path) -> None:
    """Write a page or notebook, or for "pdf" what a browser prints of the page."""
    if kind != "pdf":
        write(text, target)
        return
    from fictures_reports.report.rendering.pdf import print_page

    with replacing(target) as part:
        print_page(text, part)


def check_tools(kind: str, *, static: bool) -> None:
    """Say that a tool is missing before the work, not after it."""
    if static:
        from fictures_reports.report.rendering.static_page import require

        require()
    if kind == "pdf":
        from fictures_reports.report.rendering.pdf import browser

        browser()


def _plain(issue: Mapping[str, Any]) -> dict[str, str]:
    # TOML gives dates as dates; a notebook's parameters are written as source code.
    return {key: str(value) for key, value in issue.items()}


@one_at_a_time
def _execute(
    source: Path, target: Path, parameters: dict[str, Any], values: Mapping[str, Any]
) -> NotebookNode:
    """Run the notebook; `values` are the runs that parameters name, which need no second reading.

    Its cells hand them to `read_run`, which reads sources and returns runs as they are.
    """
    papermill_engines.register(_ENGINE, InProcessEngine)
    started: list[NotebookNode] = []
    try:
        # With an output path papermill would write the notebook after every cell.
        return papermill.execute_notebook(
            source, None, parameters=parameters, progress_bar=False, engine_name=_ENGINE,
            started=started, values=values, **_KERNEL,
        )  # fmt: skip
    except papermill.PapermillExecutionError as error:
        half_run = target.with_suffix(".failed.ipynb")
        _keep(started[0], half_run)
        where = f"cell {error.exec_count}, {first_line(error.source)!r},"
        raise RenderError(
            f"{source.name}: {where} failed with {error.ename}: "
            f"{first_line(error.evalue)} – the half-run notebook is {half_run}"
        ) from error


def _keep(notebook: NotebookNode, target: Path) -> None:
    write(str(nbformat.writes(notebook)), target)
