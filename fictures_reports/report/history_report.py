"""A report on many runs as a page, Markdown or JSON."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.wording import counted
from fictures_reports.errors import NoRuns, RenderError, ReportsError
from fictures_reports.history import History, open_history
from fictures_reports.history.tables import UNREADABLE
from fictures_reports.report.history_findings import COLUMNS, findings_of
from fictures_reports.report.history_sections import HISTORY
from fictures_reports.report.section import json_of, markdown_of
from fictures_reports.report.terminal_text import printable_json

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.report.history_findings import Findings

#: Grows when a key of the JSON changes its meaning or goes.
SCHEMA_VERSION: Final = 2


def findings(
    history: str | Path,
    *,
    target: float | None = None,
    owners: Mapping[str, str] | None = None,
    causes: Mapping[str, Sequence[str]] | None = None,
    **chosen: Any,
) -> Findings:
    """Ask a history, or a folder of runs, everything; `chosen` as for `open_history`.

    `owners` maps files to who answers for them; `causes` are groups that people named.
    """
    return findings_of(open_history(history, columns=COLUMNS, **chosen), target, owners, causes)


def unreadable(history: str | Path) -> list[str]:
    """Say which runs of a history, or of a folder of runs, cannot be read, a line each."""
    store = History(history)
    if store.is_remote or store.exists:
        return store.unreadable
    return list(open_history(history, columns=("run_id",)).attrs[UNREADABLE])


def as_json(findings: Findings) -> str:
    """Write the findings as schema/history.schema.json says; missing values are null."""
    import msgspec

    document = {"schema_version": SCHEMA_VERSION, **json_of(HISTORY, findings)}
    return printable_json(msgspec.json.format(msgspec.json.encode(document)).decode()) + "\n"


def as_markdown(findings: Findings) -> str:
    """Write the findings as Markdown for a job summary."""
    return markdown_of(HISTORY, findings)


def render(
    parameters: dict[str, Any],
    kind: str,
    output: Path | None,
    *,
    show_code: bool = False,
    static: bool = False,
    template: Path | None = None,
    own_parameters: Mapping[str, Any] | None = None,
) -> str:
    """Run the notebook and return what came out, written to `output` if that is given.

    `parameters` are the notebook's: history, last, since, branch, stream, target, phases, owners,
    causes, rules (a file). `kind` is "html", "ipynb" or "pdf", which needs an `output` and returns
    the page that was printed; `template` a copy of the notebook, and `own_parameters` those that
    only it has. A `static` page has no script at all. Raises `RenderError` if a cell fails or a
    tool is missing, and what `open_history` raises.
    """
    from fictures_reports.report.rendering import notebook_files as notebooks
    from fictures_reports.report.rendering.render import as_notebook, check_tools, find, write_page
    from fictures_reports.report.rendering.source_paths import moved_to

    check_tools(kind, static=static)
    _refuse_unknown(parameters)
    source = find(template or "history")
    names = notebooks.parameters(source, ["history"])
    values = {name: value for name, value in parameters.items() if name in names}
    values |= notebooks.own_parameters(source, names, values, own_parameters or {})
    executed = _executed(source, values, output)
    if kind == "ipynb":
        if output is not None:
            moved_to(executed, values, output)
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
    asked = {name: parameters.get(name) for name in ("last", "since", "branch", "stream")}
    return open_history(parameters["history"], columns=(column,), **asked)[column]


def _executed(source: Path, parameters: dict[str, Any], output: Path | None) -> Any:
    from fictures_reports.report.rendering.render import _execute

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
