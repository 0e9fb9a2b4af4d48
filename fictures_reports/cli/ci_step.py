"""The step of a CI job: one comparison, told to its log, summary, files, outputs and exit code.

Run as `python -P -m fictures_reports.cli.ci_step`: without -P a module in the current folder would
be run, such as a pandas.py among the results. Inputs come from the environment (see `INPUTS`), as
action.yml sets them. Everything is asked of the command line; the report is drawn in a process of
its own, so that one that cannot be drawn takes nothing else down.

Exit codes are those of the numbers: 0 fine, 1 bad input, 2 a gate missed. Unlike the command, the
step takes a run that is known to be incomplete for bad input, whatever the gates say.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.analysis.changes import NEW_FAILURES
from fictures_reports.analysis.wording import named
from fictures_reports.cli import faults, output
from fictures_reports.cli.faults import FAILED, GATE_MISSED, INTERRUPTED, OK
from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Every input: FICTURES_ + its name in upper case with _ for -, and its default.
INPUTS: Final = {
    "before": "", "after": "", "history": "", "gates": "", "rules": "", "notes": "",
    "output": "fictures-report", "format": "html", "allow-incomplete": "false",
    "annotations": "9",  # of the ten errors that GitHub shows, one says which gates were missed
}  # fmt: skip
#: Formats that need no notebook to run, and their endings.
_TEXT: Final = {"json": "json", "markdown": "md"}
FORMATS: Final = ("html", "ipynb", "none")
_ENDINGS: Final = ("html", "ipynb", *_TEXT.values())
NO_GATE: Final = "no gate is set: nothing can fail this step"
#: What GitHub takes as the summary of one step, in bytes; a longer one is dropped as a whole.
SUMMARY_LIMIT: Final = 1024 * 1024
_CUT: Final = "\n\n*The rest was cut: GitHub shows 1 MiB of a summary. See the report.*\n"


@dataclass(frozen=True)
class Step:
    """What a job asks for, read and checked."""

    before: str
    after: str
    #: where to look up what the tests did before; "" leaves that to the run that is compared with
    history: str
    gates: tuple[str, ...]
    rules: str
    notes: str
    output: Path
    report: str
    allow_incomplete: bool
    most_annotations: int


@dataclass(frozen=True)
class Answer:
    """What a command said: its exit code, its words, and the file it wrote, if it did."""

    code: int
    words: str
    path: Path

    @property
    def last_line(self) -> str:
        """The last thing it said, which is what went wrong if something did."""
        lines = [line.strip() for line in self.words.splitlines() if line.strip()]
        return lines[-1] if lines else f"the command ended with {self.code} and no word"


def step_of(environment: Mapping[str, str]) -> Step:
    """Read the inputs; raises `ReportsError` for what is missing or cannot be meant."""
    given = {name: _given(environment, name) or default for name, default in INPUTS.items()}
    if not given["after"]:
        raise ReportsError("after is empty: name the run to look at – a file, a folder or a zip")
    if given["format"] not in FORMATS:
        raise ReportsError(f"format is {given['format']!r}, expected {' or '.join(FORMATS)}")
    if not given["annotations"].isdecimal():
        raise ReportsError(f"annotations is {given['annotations']!r}, expected a number from 0")
    if given["allow-incomplete"].lower() not in ("true", "false"):
        raise ReportsError(f"allow-incomplete is {given['allow-incomplete']!r}, expected true")
    allow = given["allow-incomplete"].lower() == "true"
    return Step(
        before=given["before"] or _baseline(given["history"], environment),
        after=given["after"],
        history=_weighing(given["history"]) if given["before"] else "",
        gates=tuple(line.strip() for line in given["gates"].splitlines() if line.strip()),
        rules=given["rules"],
        notes=given["notes"],
        output=Path(given["output"]),
        report=given["format"],
        allow_incomplete=allow,
        most_annotations=int(given["annotations"]),
    )


def _given(environment: Mapping[str, str], name: str) -> str:
    return environment.get(f"FICTURES_{name.upper().replace('-', '_')}", "").strip()


def _baseline(history: str, environment: Mapping[str, str]) -> str:
    """Choose the run before out of a history: as told after an @, or the target branch's last."""
    if not history:
        raise ReportsError("before and history are empty: name the run to compare with")
    if "@" in history:
        return history
    branch = environment.get("GITHUB_BASE_REF") or environment.get("GITHUB_REF_NAME")
    return f"{history}@branch:{branch}" if branch else f"{history}@latest"


def _weighing(history: str) -> str:
    """Return a history without what chooses a run of it."""
    if "@" not in history or Path(history).exists():
        return history
    from fictures_reports.history.selectors import split

    found = split(history)
    return found[0].path if found else history


def make_room(environment: Mapping[str, str]) -> None:
    """Make the folder and take away what an earlier step left, lest it be taken for an answer.

    Raises `ReportsError` if nothing can be written there, or an input stands where output goes.
    """
    from fictures_reports.safe_write import explained

    folder = Path(_given(environment, "output") or INPUTS["output"])
    inputs = {Path(_given(environment, name)).resolve() for name in ("before", "after")}
    for own in (folder / f"report.{ending}" for ending in _ENDINGS):
        if own.resolve() in inputs:
            raise ReportsError(f"{own} is an input and would be overwritten: name another output")
        with explained(own):
            own.unlink(missing_ok=True)


def take(step: Step, environment: Mapping[str, str]) -> int:
    """Compare, tell everybody, and return the exit code."""
    numbers = _compare(step, "json")
    said = _document(numbers.path)
    _quote(numbers.words, _chosen(said) if said else "")
    code = exit_code(numbers.code, said, allow_incomplete=step.allow_incomplete)
    if said is None:
        words = f"could not compare: {numbers.last_line}"
        failed = {"verdict": words, "exit-code": str(code)}
        _tell_github(environment, failed, f"**{_markdown(words)}**\n")
        _command("error", words)
        return code
    if code == FAILED:
        _command("error", f"not passed: {_why_incomplete(said) or numbers.last_line}")
    if not said["gates"]:
        _command("warning", NO_GATE)
    if missed := [_missed(gate) for gate in said["gates"] if not gate["holds"]]:
        _command("error", "\n".join(missed))
    doubt = _itself(said)
    if doubt:
        _command("warning", doubt)
    report, summary = _rendered(step), _compare(step, "markdown")
    shown = (
        _text(summary.path)
        or f"**{_markdown(said['verdict'])}**\n\n*The summary could not be written.*\n"
    )
    own = _own_errors(said)
    first = [f"**{_markdown(own)}**"] if own else []
    first += [f"**Warning:** {_markdown(words)}" for words in _doubts(said, doubt)]
    shown = "\n\n".join([*first, shown])
    _tell_github(environment, outputs(said, code, numbers.path, report), shown)
    _annotate(step, said, Path(environment.get("GITHUB_WORKSPACE") or "."))
    return code


def exit_code(told: int, said: Mapping[str, Any] | None, *, allow_incomplete: bool) -> int:
    """Return the step's exit code from the command's and what it wrote.

    Anything but a clear answer is a failure: no numbers, an odd code, an incomplete run. What the
    gates say of such a run is no answer either.
    """
    if said is None or told not in (OK, GATE_MISSED):
        return FAILED
    if said.get("verdict_kind") == "no_test_ran" and not _unread(said):
        return GATE_MISSED  # nothing could be judged, and nothing is missing of what is there
    return FAILED if _why_incomplete(said) and not allow_incomplete else told


def _why_incomplete(said: Mapping[str, Any]) -> str:
    for side in ("before", "after"):
        if not said[side]["complete"]:
            return f"{said[side]['label']} is incomplete or could not be read in full"
    return ""


def _unread(said: Mapping[str, Any]) -> bool:
    """Tell whether a file could not be read, or not to its end."""
    return any(entry["refused"] or entry["salvaged"] for entry in said["ledger"])


def _own_errors(said: Mapping[str, Any]) -> str:
    """Return the first error of the run itself, with how many more there are; "" without one."""
    errors = said["run_errors"]["after"]
    if not errors:
        return ""
    more = f" (and {len(errors) - 1:,} more)" if len(errors) > 1 else ""
    return f"{errors[0]['message'].splitlines()[0]}{more}"


def _doubts(said: Mapping[str, Any], doubt: str) -> list[str]:
    """Return what a summary warns of before anything else."""
    return [*([doubt] if doubt else []), *([] if said["gates"] else [NO_GATE])]


def _itself(said: Mapping[str, Any]) -> str:
    """Warn of a run compared with itself, of which every gate on changes holds."""
    if said["before"]["run_id"] != said["after"]["run_id"]:
        return ""
    return (
        f"before and after are the same run ({said['after']['run_id']}), so nothing can have "
        "changed; a run goes into the history after it was compared, not before"
    )


def _missed(gate: Mapping[str, Any]) -> str:
    reading = "unknown" if gate["reading"] is None else f"{gate['reading']:g}"
    which = named(gate["cases"])
    return "; ".join([
        f"{gate['gate']} not met: {gate['note'] or f'reads {reading}'}{which}", *gate["expired"],
    ])  # fmt: skip


def outputs(
    said: Mapping[str, Any], code: int, numbers: Path, report: Path | None
) -> dict[str, str]:
    """Return the outputs of the step, by name."""
    counts = {change: len(cases) for change, cases in said["changes"].items()}
    # what somebody answers for, or failed before, is no failure of this change
    new = {
        change: sum(case["standing"] == "new" for case in said["changes"][change])
        for change in NEW_FAILURES
    }
    return {
        "verdict": said["verdict"],
        "exit-code": str(code),
        "counts": json.dumps(counts),
        "totals": json.dumps(said["after"]["totals"]),
        "standings": json.dumps(said["standings"]),
        "broken": str(new["broken"]),
        "fixed": str(counts["fixed"]),
        "new-failures": str(sum(new.values())),
        "gates-missed": str(sum(not gate["holds"] for gate in said["gates"])),
        "baseline": str(said["before"]["label"]),
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


def _compare(step: Step, kind: str) -> Answer:
    ending = _TEXT.get(kind, kind)
    target = step.output / f"report.{ending}"
    gates = [word for gate in step.gates for word in ("--gate", gate)]
    # No input can be read as an option: options end where runs begin.
    runs = [name if not name.startswith("-") else f"./{name}" for name in (step.before, step.after)]
    notes = ["--notes", step.notes] if step.notes else []
    past = ["--history", step.history] if step.history else []
    flags = ["--allow-incomplete"] if step.allow_incomplete else []
    options = [*gates, *_rules(step), *notes, *past, *flags]
    words = ["compare", *runs, "-o", str(target), "--format", kind, *options]
    return _asked(words, target) if kind in _TEXT else _asked_apart(words, target)


def _rules(step: Step) -> list[str]:
    return ["--rules", step.rules] if step.rules else []


def _asked(words: Sequence[str], target: Path) -> Answer:
    from fictures_reports.cli.commands import main as command

    said, code = io.StringIO(), FAILED
    with redirect_stderr(said):
        try:
            command(words)
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else FAILED
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return Answer(code, said.getvalue(), target)


def _asked_apart(words: Sequence[str], target: Path) -> Answer:
    # -P: a module that lies among the results is not run.
    command = [sys.executable, "-P", "-m", "fictures_reports", *words]
    done = subprocess.run(command, check=False, capture_output=True)  # noqa: S603
    return Answer(done.returncode, done.stderr.decode(errors="replace"), target)


def _rendered(step: Step) -> Path | None:
    if step.report == "none":
        return None
    answer = _compare(step, step.report)
    if answer.path.is_file():
        return answer.path
    _quote(answer.words)
    _command("warning", f"the report could not be drawn, the numbers stand: {answer.last_line}")
    return None


def _annotate(step: Step, said: Mapping[str, Any], checkout: Path) -> None:
    if not step.most_annotations:
        return
    from fictures_reports.report.annotations import marks

    with TemporaryDirectory() as folder:
        target = Path(folder) / "results.json"
        words = ["results", step.after, "--format", "json", "-o", str(target), *_rules(step)]
        answer = _asked(words, target)
        rows = _document(target)
    if rows is None:
        _command("warning", f"no line could be marked: {answer.last_line}")
        return
    found = marks(said, rows, checkout=checkout)
    for mark in found[: step.most_annotations]:
        _print(mark.command)
    if len(found) > step.most_annotations:
        _print(f"{len(found) - step.most_annotations} more causes are in the report")


def _document(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _chosen(said: Mapping[str, Any]) -> str:
    sides = [said[side] for side in ("before", "after")]
    names = [f"{run['label']} ({run['run_id']}, {run['started_at'] or '–'})" for run in sides]
    return f"compared {names[0]} with {names[1]}\n{said['verdict']}"


def _tell_github(environment: Mapping[str, str], values: Mapping[str, str], summary: str) -> None:
    """Append to the files in which a runner looks for outputs and the summary, if it does."""
    from fictures_reports.report.github_text import outputs as output_lines
    from fictures_reports.safe_write import append

    if path := environment.get("GITHUB_OUTPUT"):
        append(output_lines(values), Path(path))
    if path := environment.get("GITHUB_STEP_SUMMARY"):
        there = Path(path).stat().st_size if Path(path).exists() else 0
        append(cut(summary, SUMMARY_LIMIT - there), Path(path))


def _markdown(words: str) -> str:
    from fictures_reports.report.markdown_text import text

    return text(words)


def _quote(*texts: str) -> None:
    """Print what was said; words of tests and file names in it must not command the runner."""
    from fictures_reports.report.github_text import without_commands

    _print(without_commands(*texts))


def _command(name: str, words: str) -> None:
    from fictures_reports.report.github_text import command

    _print(command(name, words, title="fictures-reports"))


def _print(line: str) -> None:
    output.write(f"{line}\n", None)


def main() -> None:
    """Take the step that the environment describes and exit with its code."""
    output.use_utf8()
    sys.exit(faults.guarded(_step, debug=faults.is_debug(())))


def _step() -> int:
    try:
        make_room(os.environ)
        return take(step_of(os.environ), os.environ)
    except Exception as error:
        words = faults.message(error)
        failed = {"verdict": words, "exit-code": str(FAILED)}
        _tell_github(os.environ, failed, f"**{_markdown(words)}**\n")
        _command("error", words)
        if not isinstance(error, ReportsError):
            raise
        return FAILED


if __name__ == "__main__":
    main()
