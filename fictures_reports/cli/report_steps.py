"""The steps of a report on one run or two: read, judge by the gates, write, say what came out."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from fictures_reports.analysis.result_summary import first_line
from fictures_reports.cli import document_step, inputs
from fictures_reports.cli import format_options as cli_format
from fictures_reports.cli import part_options as cli_parts
from fictures_reports.cli.compared import history_facts
from fictures_reports.cli.faults import FAILED, GATE_MISSED, OK
from fictures_reports.cli.notebook_commands import values as own_values
from fictures_reports.cli.output import say, write

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run
    from fictures_reports.settings import Settings

#: What a report knows besides what it is about, in every form.
_BESIDE: Final = ("areas", "owners", "known_issues", "phases", "past", "last_runs")

#: Options of a command that `render` takes under the same name.
_AS_GIVEN: Final = ("show_code", "static", "assets", "evidence")


def report(
    notebook: str,
    sources: dict[str, list[str]],
    subject_of: Callable[[list[Run], str], Comparison | Run],
    options: dict[str, Any],
) -> int:
    """Compare or look at runs, write what was asked for, and return the exit code.

    `notebook` is the report's, `sources` names the runs of each side, and `subject_of` makes what
    is reported on out of them; `options` are the command's.
    """
    settings, output, kind = inputs.settings(), options["output"], cli_format.kind_of(options)
    rendered = kind in cli_format.RENDERED
    if options["document"]:
        document_step.check_kind(kind)
    named = [source for side in sources.values() for source in side]
    history = inputs.history_of(str(options.get("history") or ""), named)
    notes = inputs.notes(options["notes"])
    rules = str(options["rules"]) if options["rules"] else settings.rules
    stream = inputs.stream_of(options["stream"])
    read = inputs.read(list(dict.fromkeys(named)), rules, stream, sources.get("after", named))
    by_name = dict(zip(dict.fromkeys(named), read, strict=True))
    runs = [replace(by_name[name], groups=inputs.groups_of_causes(notes)) for name in named]
    runs = parts_of(runs, options, settings)
    subject = subject_of(runs, history)
    expressions = [*_asked(settings.gates, subject), *options["gates"]]
    if options["table"]:
        # Before the report: what keeps it from being written is said before the work.
        from fictures_reports.report.results_output import write_cases

        write_cases(subject, options["table"])
    shared: dict[str, Any] = {
        "areas": settings.areas,
        "known_issues": settings.known_issues,
        "allow_incomplete": options["allow_incomplete"],
    }
    from fictures_reports.analysis.gates import all_hold, check

    # A notebook looks into the history by itself.
    from_history = history_facts(subject, history) if history and not rendered else {}
    # A comparison was made with the known issues, and gates on it need not be given them again.
    judged = shared if subject is _after(subject) else shared | {"known_issues": ()}
    gates = check(subject, expressions, **judged)
    given = shared | {"owners": settings.owners} | _by_side(sources, runs, settings)
    if options["document"] and not rendered:
        beside = {"notes": notes} | {n: given[n] for n in _BESIDE if n in given} | from_history
        document_step.write_document(subject, gates, kind, sources, options, beside)
    elif rendered:
        given |= {"gates": expressions, "notes": notes, "history": history}
        given |= _for_notebook(kind, sources, subject, runs, options)
        shipped = "document" if options["document"] else notebook
        _render(str(options["template"] or shipped), kind, output, given)
    else:
        given["phases"] = runs[: len(sources.get("phases", ()))]
        write(_text(subject, gates, kind, given | from_history), output)
    for gate in gates:
        say(f"gate {gate.sentence}")
    for path in filter(None, (output, options["table"])):
        say(f"wrote {path}")
    for line in _warnings(subject, gates):
        say(line)
    # What breaks off cannot be judged, whatever the gates say.
    if any(run.ledger["salvaged"].any() for run in runs) and not options["allow_incomplete"]:
        return FAILED
    ran = bool(len(_after(subject).results))
    return OK if all_hold(gates) and ran else GATE_MISSED


def _asked(gates: Sequence[str], subject: Comparison | Run) -> list[str]:
    """Leave out the settings' gates on changes where there are no changes, and say so."""
    from fictures_reports.analysis.gates import about_changes

    if subject is not _after(subject):
        return list(gates)
    asked = {gate: not about_changes(gate, subject) for gate in gates}
    if left_out := [gate for gate, is_asked in asked.items() if not is_asked]:
        say(f"not asked, for there is nothing to compare with: {'; '.join(left_out)}")
    return [gate for gate in gates if asked[gate]]


def _for_notebook(
    kind: str,
    sources: dict[str, list[str]],
    subject: Comparison | Run,
    runs: list[Run],
    options: dict[str, Any],
) -> dict[str, Any]:
    """Return what `render` takes of a command's options."""
    given: dict[str, Any] = {name: options[name] for name in _AS_GIVEN}
    given["parameters"] = own_values(options["parameters"], options["template"])
    given["table"] = _seen_from(options["output"], options["table"])
    if "before" in sources:
        given |= {"by": options["by"], "partial": options.get("partial", False)}
        # what may be missing is among the removed, by its cases
        given["removed"] = cast("Comparison", subject).removed
        given["stream"] = runs[-1].info.stream
    if options["document"]:
        given["parameters"] |= document_step.parameters(kind, sources, options)
        given["static"] = options["static"] or document_step.draws_by_itself(kind)
    return given


def parts_of(runs: list[Run], options: dict[str, Any], settings: Settings) -> list[Run]:
    """Take of each run what `--only` asks for; with `--by`, of one run its two parts."""
    from fictures_reports.analysis.parts import halves, narrowed

    runs = narrowed(runs, cli_parts.chosen(options["only"]), settings.areas)
    if options["by"] and len(runs) == 2 and options.get("within"):
        return list(halves(runs[0], options["by"]))
    return runs


def _after(subject: Comparison | Run) -> Run:
    return cast("Run", getattr(subject, "after", subject))


def _warnings(subject: Comparison | Run, gates: list[Gate]) -> list[str]:
    """Say what nobody asked for and everybody should know: no test ran, or nothing can fail."""
    run = _after(subject)
    if run.results.empty:
        why = first_line(run.info.errors[0]) if run.info.errors else "no reason was recorded"
        return [f"no test ran in {run.label}: {why}"]
    if len(gates) or run is subject:
        return []
    n = int((cast("Comparison", subject).changes["standing"] == "new").sum())
    if not n:
        return []
    fail = "test fails" if n == 1 else "tests fail"
    return [f"{n} {fail} newly and no gate is set: nothing can fail this command"]


def _seen_from(page: Path | None, table: Path | None) -> str:
    """Return the path from a page's folder, or from this one, to the table; "" if there is none."""
    if table is None:
        return ""
    try:
        path = os.path.relpath(table, page.parent if page else ".")
    except ValueError:  # Windows: on another drive
        return str(table)
    return path.replace(os.sep, "/")


def _by_side(sources: dict[str, list[str]], runs: list[Run], settings: Settings) -> dict[str, Any]:
    """Name the runs as `render` wants them: the last of each side, and those before it."""
    later = list(runs)
    given: dict[str, Any] = {}
    for side, names in sources.items():
        side_runs, later = later[: len(names)], later[len(names) :]
        if side == "phases":
            given[side] = side_runs
            continue
        given[side] = side_runs[-1]
        if len(sources) > 1:
            given[f"earlier_{side}"] = side_runs[:-1]
    return given | ({"renames": settings.renames} if len(sources) > 1 else {})


def _text(
    subject: Comparison | Run,
    gates: list[Gate],
    kind: str,
    given: dict[str, Any],
) -> str:
    known = {name: given[name] for name in _BESIDE if name in given}
    if kind == "json":
        import msgspec

        from fictures_reports.report.json_report import payload
        from fictures_reports.report.terminal_text import printable_json

        document = payload(subject, gates, **known)
        return printable_json(msgspec.json.format(msgspec.json.encode(document)).decode()) + "\n"
    from fictures_reports.report.markdown import markdown

    return markdown(subject, gates, **known)


def _render(notebook: str, kind: Any, output: Path | None, given: dict[str, Any]) -> None:
    from tempfile import TemporaryDirectory

    from fictures_reports.report.rendering.render import render

    if output:
        render(notebook, output=output, format=kind, **given)
        return
    with TemporaryDirectory() as folder:
        path = render(notebook, output=Path(folder) / "report", format=kind, **given)
        write(path.read_text(encoding="utf-8"), None)
