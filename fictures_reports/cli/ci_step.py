"""The step of a CI job: a run, compared with its base, goes to log, summary, files and exit code.

`fictures-reports ci` is this step; `python -P -m fictures_reports.cli.ci_step` takes its inputs
from the environment (see `ci_inputs.INPUTS`), as action.yml sets them: without -P a module in the
current folder would be run, such as a pandas.py among the results. The report is drawn in a process
of its own, so that one that cannot be drawn takes nothing else down; it is started first, so that
its imports and the comparison take their time together.

Exit codes are those of the numbers: 0 fine, 1 bad input, 2 a gate missed, or a runner that failed
though no test did. Unlike the command `compare`, the step takes a run that is known to be
incomplete for bad input, whatever the gates say.
"""

from __future__ import annotations

import io
import json
import os
import sys
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from fictures_reports.ci.build import build_of
from fictures_reports.ci.report_link import report_link
from fictures_reports.ci.runner_outcome import last_lines
from fictures_reports.cli import ci_store, faults, inputs, output
from fictures_reports.cli.ci_inputs import INPUTS, given_in, lines, step_of
from fictures_reports.cli.ci_judgement import judge
from fictures_reports.cli.ci_outputs import outputs, tell
from fictures_reports.cli.ci_printing import as_markdown, command, print_line, quote, reads_commands
from fictures_reports.cli.ci_report import drawer, rendered
from fictures_reports.cli.ci_words import (
    chosen,
    part_of,
    suite_of,
    summary_of,
    title_of,
    warnings,
    with_verdict,
)
from fictures_reports.cli.faults import FAILED
from fictures_reports.errors import ReportsError
from fictures_reports.exports.formats import FILES, write_export

if TYPE_CHECKING:
    from collections.abc import Mapping
    from subprocess import Popen

    from fictures_reports.ci.shared_comment import Part
    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement

_REPORTS: Final = ("report.html", "report.ipynb", "report.json", "report.md")


class RunnerFailed(ReportsError):
    """The runner failed, and its results cannot be read; `log` is the end of what it printed."""

    def __init__(self, why: str, log: str) -> None:
        super().__init__(f"the runner failed, and {why}")
        self.log = log


def make_room(environment: Mapping[str, str]) -> None:
    """Make the folder and take away what an earlier step left, lest it be taken for an answer.

    Raises `ReportsError` if nothing can be written there, or an input stands where output goes.
    """
    from fictures_reports.safe_write import explained

    folder = Path(given_in(environment, "output") or INPUTS["output"])
    named = [given_in(environment, "before"), *lines(given_in(environment, "after"))]
    given = {Path(name).resolve() for name in named}
    for target in (folder / name for name in (*_REPORTS, *FILES.values())):
        if target.resolve() in given:
            raise ReportsError(
                f"{target} is an input and would be overwritten: name another output"
            )
        with explained(target):
            target.unlink(missing_ok=True)


def take(step: Step, environment: Mapping[str, str], drawing: Popen[bytes] | None) -> int:
    """Compare, report in all places, keep the run, and return the exit code."""
    messages = io.StringIO()
    log = last_lines(step.log)
    try:
        with redirect_stderr(messages):
            found = judge(step)
    except Exception as error:
        quote(step.build.system, *filter(None, [messages.getvalue()]), faults.message(error))
        if step.runner_failed:
            # what the runner said last is all that there is
            quote(step.build.system, *filter(None, [log]))
            raise RunnerFailed(faults.message(error), log) from error
        raise
    document = with_verdict(found)
    log = log if found.runner_words else ""
    printed = messages.getvalue()
    quote(step.build.system, *filter(None, (printed, *chosen(found, printed), log)))
    for level, words in warnings(step, found):
        command(step.build.system, level, words)
    numbers = msgspec.json.format(msgspec.json.encode(found.document)).decode()
    _write(step, "json", numbers + "\n")
    _write(step, "md", found.markdown)
    kept_words = _keep(step, found)
    report = rendered(step, found, title_of(step, document), drawing)
    link = given_in(environment, "report-link") or report_link(
        step.build.system, environment, report
    )
    _export(step, found, title_of(step, document), link)
    text = summary_of(step, found, document, log, kept_words, link)
    part = part_of(step, found, document, kept_words, link) if step.variant else None
    values = outputs(document, found.code, step.output / "report.json", report)
    _warn(step.build.system, *tell(environment, values, text, step.summary))
    _comment(step, environment, text, part)
    _annotate(step, found)
    return found.code


def _warn(system: str, *words: str) -> None:
    for text in words:
        command(system, "warning", text)


def _keep(step: Step, judgement: Judgement) -> str:
    """Keep the run in the store, whatever came out; return what became of it."""
    if not step.store:
        return ""
    try:
        words = ci_store.keep(step, judgement.after)
    except ReportsError as error:
        words = f"The run could not be kept: {error}"
        command(step.build.system, "warning", words)
    else:
        quote(step.build.system, words)
    return words


def _export(step: Step, judgement: Judgement, title: str, link: str) -> None:
    """Write what other tools read, with the gates that were asked."""
    gates = [gate["gate"] for gate in judgement.document["gates"]]
    settings = inputs.settings()
    known = () if judgement.comparison else settings.known_issues
    for name in step.exports:
        write_export(
            name, judgement.comparison or judgement.after, step.output / FILES[name], gates=gates,
            known_issues=known, areas=settings.areas, allow_incomplete=step.allow_incomplete,
            link=link, title=title,
        )  # fmt: skip


def _comment(step: Step, environment: Mapping[str, str], text: str, part: Part | None) -> None:
    """Leave the summary on the change if there is a token, and in a file if one is named.

    A job with a variant leaves its `part` in the comment that all jobs of the build share.
    """
    token = environment.get("FICTURES_TOKEN", "")
    if not token and not step.comment:
        return
    from fictures_reports.ci.comment import discussion_of, leave, marked

    name = suite_of(step) or "tests"
    place = discussion_of(step.build, environment, token)
    try:
        if step.comment:
            output.write(marked(text, name), Path(step.comment))
        if place is None:
            return
        if part is None:
            print_line(f"comment {leave(place, text, name)}")
        else:
            from fictures_reports.ci.shared_comment import leave_part

            suite = suite_of(replace(step, variant="")) or "tests"
            print_line(f"comment {leave_part(place, part, suite)}")
    except ReportsError as error:
        command(step.build.system, "warning", str(error))


def _write(step: Step, ending: str, text: str) -> None:
    output.write(text, step.output / f"report.{ending}")


def _annotate(step: Step, judgement: Judgement) -> None:
    if not step.most_annotations or not reads_commands(step.build.system):
        return
    from fictures_reports.report.annotations import marks, marks_of_run
    from fictures_reports.report.results_output import as_text

    # what passed is most of a run, and has no mark
    results = judgement.after.results
    failing = replace(judgement.after, results=results[results["status"] != "passed"])
    rows = json.loads(as_text([failing], "json"))
    if judgement.comparison is None:
        marked = marks_of_run(rows, judgement.known, checkout=step.checkout)
    else:
        marked = marks(judgement.document, rows, checkout=step.checkout)
    for mark in marked[: step.most_annotations]:
        print_line(mark.command)
    if len(marked) > step.most_annotations:
        print_line(f"{len(marked) - step.most_annotations} more causes are in the report")


def main() -> None:
    """Take the step that the environment describes and exit with its code."""
    output.use_utf8()
    sys.exit(faults.guarded(lambda: step_in(os.environ), debug=faults.is_debug(())))


def step_in(environment: Mapping[str, str]) -> int:
    """Take the step with the inputs of an environment; bad input is reported in all places, too."""
    try:
        make_room(environment)
        with ci_store.opened(step_of(environment)) as step, drawer(step) as drawing:
            return take(step, environment, drawing)
    except Exception as error:
        words = f"could not compare: {faults.message(error)}"
        failed = {"verdict": words, "exit-code": str(FAILED)}
        command(build_of(environment).system, "error", words)
        from fictures_reports.ci.summary import folded_log

        text = f"**{as_markdown(words)}**\n{folded_log(getattr(error, 'log', ''))}"
        failed_places = tell(environment, failed, text, given_in(environment, "summary"))
        _warn(build_of(environment).system, *failed_places)
        if not isinstance(error, ReportsError):
            raise
        return FAILED


if __name__ == "__main__":
    main()
