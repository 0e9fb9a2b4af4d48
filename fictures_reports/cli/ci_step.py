"""The step of a CI job: one run, held against its base, told to log, summary, files and exit code.

`fictures-reports ci` is this step; `python -P -m fictures_reports.cli.ci_step` takes its inputs
from the environment (see `ci_inputs.INPUTS`), as action.yml sets them: without -P a module in the
current folder would be run, such as a pandas.py among the results. The report is drawn in a process
of its own, so that one that cannot be drawn takes nothing else down.

Exit codes are those of the numbers: 0 fine, 1 bad input, 2 a gate missed, or a runner that failed
though no test did. Unlike the command `compare`, the step takes a run that is known to be
incomplete for bad input, whatever the gates say.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.wording import named
from fictures_reports.ci.runner_outcome import last_lines
from fictures_reports.cli import faults, inputs, output
from fictures_reports.cli.ci_inputs import DEFAULT_GATE, INPUTS, given_in, step_of
from fictures_reports.cli.ci_judgement import NO_GATE, judge, why_incomplete
from fictures_reports.cli.faults import FAILED
from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.cli.ci_judgement import Judgement

_ENDINGS: Final = ("html", "ipynb", "json", "md")
#: What GitHub takes as the summary of one step, in bytes; a longer one is dropped as a whole.
SUMMARY_LIMIT: Final = 1024 * 1024
_CUT: Final = "\n\n*The rest was cut: GitHub shows 1 MiB of a summary. See the report.*\n"


def make_room(environment: Mapping[str, str]) -> None:
    """Make the folder and take away what an earlier step left, lest it be taken for an answer.

    Raises `ReportsError` if nothing can be written there, or an input stands where output goes.
    """
    from fictures_reports.safe_write import explained

    folder = Path(given_in(environment, "output") or INPUTS["output"])
    given = {Path(given_in(environment, name)).resolve() for name in ("before", "after")}
    for own in (folder / f"report.{ending}" for ending in _ENDINGS):
        if own.resolve() in given:
            raise ReportsError(f"{own} is an input and would be overwritten: name another output")
        with explained(own):
            own.unlink(missing_ok=True)


def take(step: Step, environment: Mapping[str, str]) -> int:
    """Compare, tell everybody, keep the run, and return the exit code."""
    told = io.StringIO()
    log = last_lines(step.log)
    try:
        with redirect_stderr(told):
            found = judge(step)
    except Exception as error:
        _quote(*filter(None, [told.getvalue()]), faults.message(error))
        if step.runner_failed:
            raise ReportsError(f"the runner failed, and {faults.message(error)}") from error
        raise
    said = _with_verdict(found)
    log = log if found.runner_words else ""
    _quote(*filter(None, (told.getvalue(), *_chosen(found), log)))
    for level, words in _warnings(step, found):
        _command(step, level, words)
    _write(step, "json", json.dumps(found.document, indent=2, ensure_ascii=False) + "\n")
    _write(step, "md", found.markdown)
    kept = _keep(step, found)
    report = _rendered(step, found)
    text = _summary(step, found, said, log, kept)
    values = outputs(said, found.code, step.output / "report.json", report)
    tell(environment, values, text, step.summary)
    _comment(step, environment, text)
    _annotate(step, found, Path(environment.get("GITHUB_WORKSPACE") or "."))
    return found.code


def _with_verdict(found: Judgement) -> dict[str, Any]:
    """Return the document with a verdict on everything, and what one on a single run lacks."""
    from fictures_reports.analysis.verdict import run_verdict

    verdict = found.document.get("verdict") or run_verdict(found.after)
    first = [f"{found.runner_words}."] if found.runner_words else []
    if found.comparison is None:
        first += found.base_words[:1]
    said = {"changes": {}, "standings": {}} | found.document
    return said | {"verdict": " ".join([*first, verdict])}


def _chosen(found: Judgement) -> list[str]:
    """Say what was compared with what, what came out, and how each gate reads."""
    verdict = _with_verdict(found)["verdict"]
    gates = [f"gate {gate['sentence']}" for gate in found.document["gates"]]
    if found.comparison is None:
        return [*_words_of_run([found.after]), verdict, *found.base_words[1:], *gates]
    first, second = _words_of_run([found.comparison.before, found.after])
    return [f"compared {first} with {second}", verdict, *found.base_words, *gates]


def _words_of_run(runs: list[Any]) -> list[str]:
    from fictures_reports.report.json_rows import iso

    return [f"{run.label} ({run.run_id}, {iso(run.info.started_at) or '–'})" for run in runs]


def _warnings(step: Step, found: Judgement) -> list[tuple[str, str]]:
    """Return what the log marks before the tests: (level, words)."""
    gates = found.document["gates"]
    said: list[tuple[str, str]] = []
    if found.runner_words:
        said.append(("error", found.runner_words))
    elif found.after.info.errors:
        said.append(("error", _own_errors(found)))
    if found.code == FAILED:
        said.append(("error", f"not passed: {why_incomplete(found.after, found.comparison)}"))
    if found.not_asked:
        said.append(("notice", _not_asked(found)))
    elif not gates:
        said.append(("warning", NO_GATE))
    elif not inputs.settings().gates and not step.gates:
        said.append(("notice", f"no gate was given: asked {DEFAULT_GATE} (gate none: ask nothing)"))
    if missed := [_missed(gate) for gate in gates if not gate["holds"]]:
        said.append(("error", "\n".join(missed)))
    said += [("warning", words) for words in _itself(found)]
    if not found.before and not (step.history or step.store):
        said.append(("warning", found.base_words[0]))
    return said


def _not_asked(found: Judgement) -> str:
    return f"not asked, for there is nothing to compare with: {'; '.join(found.not_asked)}"


def _own_errors(found: Judgement) -> str:
    """Return the first error of the run itself, with how many more there are; "" without one."""
    errors = found.after.info.errors
    if not errors:
        return ""
    more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
    return f"{errors[0].splitlines()[0]}{more}"


def _itself(found: Judgement) -> list[str]:
    """Warn of a run compared with itself, of which every gate on changes holds."""
    if found.comparison is None or found.comparison.before.run_id != found.after.run_id:
        return []
    words = (
        f"before and after are the same run ({found.after.run_id}), so nothing can have changed; "
        "a run goes into the history after it was compared, not before"
    )
    return [words]


def _summary(step: Step, found: Judgement, said: Mapping[str, Any], log: str, kept: str) -> str:
    from fictures_reports.ci.summary import summary

    first = [found.runner_words or _own_errors(found)]
    doubts = [*_itself(found), *([] if said["gates"] or found.not_asked else [NO_GATE])]
    base = found.base_words[0 if found.comparison else 1 :]
    words = [*base, *([f"Gates {_not_asked(found)}."] if found.not_asked else [])]
    return summary(
        said,
        step.build,
        [f"**{_markdown(one)}**" for one in first if one]
        + [f"**Warning:** {_markdown(one)}" for one in doubts],
        found.markdown,
        [*words, *([kept] if kept else [])],
        log,
        inputs.stream_of(step.stream or None).name or "",
    )


def _keep(step: Step, found: Judgement) -> str:
    """Keep the run in the store, whatever came out; return what became of it."""
    if not step.store:
        return ""
    from fictures_reports.ci.keeping import keep

    try:
        words = keep(
            found.after, step.store, step.build, inputs.stream_of(step.stream or None).name
        )
    except ReportsError as error:
        words = f"The run could not be kept: {error}"
        _command(step, "warning", words)
    else:
        _quote(words)
    return words


def _comment(step: Step, environment: Mapping[str, str], text: str) -> None:
    """Leave the summary on the change if there is a token, and in a file if one is named."""
    from fictures_reports.ci.comment import discussion_of, leave, marked

    name = inputs.stream_of(step.stream or None).name or "tests"
    if step.comment:
        from fictures_reports.safe_write import write

        write(marked(text, name), Path(step.comment))
    place = discussion_of(step.build, environment, environment.get("FICTURES_TOKEN", ""))
    if place is None:
        return
    try:
        _print(f"comment {leave(place, text, name)}")
    except ReportsError as error:
        _command(step, "warning", str(error))


def _missed(gate: Mapping[str, Any]) -> str:
    reading = "unknown" if gate["reading"] is None else f"{gate['reading']:g}"
    which = named(gate["cases"])
    return "; ".join([
        f"{gate['gate']} not met: {gate['note'] or f'reads {reading}'}{which}", *gate["expired"],
    ])  # fmt: skip


def outputs(
    said: Mapping[str, Any], code: int, numbers: Path, report: Path | None
) -> dict[str, str]:
    """Return the outputs of the step, by name; a first run has no changes and no baseline."""
    counts = {change: len(cases) for change, cases in said["changes"].items()}
    # what somebody answers for, or failed before, is no failure of this change
    new = {
        change: sum(case["standing"] == "new" for case in said["changes"].get(change, ()))
        for change in NEW_FAILURES
    }
    run = said.get("after") or said["run"]
    return {
        "verdict": said["verdict"],
        "exit-code": str(code),
        "counts": json.dumps(counts),
        "totals": json.dumps(run["totals"]),
        "standings": json.dumps(said["standings"]),
        "broken": str(new["broken"]),
        "fixed": str(counts.get("fixed", 0)),
        "new-failures": str(sum(new.values())),
        "gates-missed": str(sum(not gate["holds"] for gate in said["gates"])),
        "baseline": str(said["before"]["label"]) if "before" in said else "",
        "report": str(report or ""),
        "json": str(numbers),
    }


def cut(text: str, room: int) -> str:
    r"""Cut a text at a line so that it and the note about it fit in `room` bytes of UTF-8.

    >>> cut("one\ntwo\n", 100)
    'one\ntwo\n'
    """
    data = text.encode()
    if len(data) <= room:
        return text
    left = data[: max(0, room - len(_CUT.encode()))]
    lines = left.rpartition(b"\n")[0]
    return lines.decode() + _CUT if room >= len(_CUT.encode()) else ""


def _write(step: Step, ending: str, text: str) -> None:
    output.write(text, step.output / f"report.{ending}")


def _rendered(step: Step, found: Judgement) -> Path | None:
    """Draw the report in a process of its own; a failure is a warning, for the numbers stand."""
    if step.report == "none":
        return None
    target = step.output / f"report.{step.report}"
    # -P: a module that lies among the results is not run.
    command = [sys.executable, "-P", "-m", "fictures_reports", *_words(step, found)]
    command += ["-o", str(target), "--format", step.report]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    if target.is_file():
        return target
    words = done.stderr.decode(errors="replace").strip()
    _quote(words)
    last = words.splitlines()[-1] if words else f"the command ended with {done.returncode}"
    _command(step, "warning", f"the report could not be drawn, the numbers stand: {last}")
    return None


def _words(step: Step, found: Judgement) -> list[str]:
    """Return the command that draws the report."""
    # No input can be read as an option.
    runs = [
        name if not name.startswith("-") else f"./{name}" for name in (found.before, step.after)
    ]
    gates = [gate["gate"] for gate in found.document["gates"]]
    words = ["compare", *runs] if found.before else ["run", runs[1]]
    words += [f"--gate={gate}" for gate in gates if gate not in inputs.settings().gates]
    given = {"rules": step.rules, "notes": step.notes, "stream": step.stream}
    if found.before:
        given["history"] = step.history
    words += [f"--{name}={value}" for name, value in given.items() if value]
    flags = {"allow-incomplete": step.allow_incomplete, "partial": step.partial and found.before}
    return [*words, *(f"--{name}" for name, is_set in flags.items() if is_set)]


def _annotate(step: Step, found: Judgement, checkout: Path) -> None:
    if not step.most_annotations or found.comparison is None:
        return
    from fictures_reports.report.annotations import marks
    from fictures_reports.report.results_output import as_text

    rows = json.loads(as_text([found.after], "json"))
    marked = marks(found.document, rows, checkout=checkout)
    for mark in marked[: step.most_annotations]:
        _print(mark.command)
    if len(marked) > step.most_annotations:
        _print(f"{len(marked) - step.most_annotations} more causes are in the report")


def tell(
    environment: Mapping[str, str], values: Mapping[str, str], summary: str, file: str = ""
) -> None:
    """Append to the files in which a runner looks for outputs and the summary, if it does.

    The summary is written to `file`, too, if one is named.
    """
    from fictures_reports.report.github_text import outputs as output_lines
    from fictures_reports.safe_write import append

    if path := environment.get("GITHUB_OUTPUT"):
        append(output_lines(values), Path(path))
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        there = Path(path).stat().st_size if Path(path).exists() else 0
        append(cut(summary, SUMMARY_LIMIT - there), Path(path))
    if file:
        output.write(summary, Path(file))


def _markdown(words: str) -> str:
    from fictures_reports.report.markdown_text import text

    return text(words)


def _quote(*texts: str) -> None:
    """Print what was said; words of tests and file names in it must not command the runner."""
    from fictures_reports.report.github_text import without_commands

    _print(without_commands(*texts))


def _command(step: Step | None, name: str, words: str) -> None:
    """Print what the job should see: as a command where GitHub's runner reads it, else as words."""
    from fictures_reports.report.github_text import command
    from fictures_reports.report.terminal_text import printable

    if step is not None and step.build.system not in ("", "github"):
        _print(
            "\n".join(f"fictures-reports: {name}: {one}" for one in printable(words).splitlines())
        )
        return
    _print(command(name, words, title="fictures-reports"))


def _print(line: str) -> None:
    output.write(f"{line}\n", None)


def main() -> None:
    """Take the step that the environment describes and exit with its code."""
    output.use_utf8()
    sys.exit(faults.guarded(lambda: step_in(os.environ), debug=faults.is_debug(())))


def step_in(environment: Mapping[str, str]) -> int:
    """Take the step with the inputs of an environment; bad input is told everybody, too."""
    try:
        make_room(environment)
        return take(step_of(environment), environment)
    except Exception as error:
        words = f"could not compare: {faults.message(error)}"
        failed = {"verdict": words, "exit-code": str(FAILED)}
        tell(environment, failed, f"**{_markdown(words)}**\n")
        _command(None, "error", words)
        if not isinstance(error, ReportsError):
            raise
        return FAILED


if __name__ == "__main__":
    main()
