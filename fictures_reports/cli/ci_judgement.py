"""What the CI step concludes: its run, read once, compared with its base and checked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fictures_reports.ci.baseline import baseline_of
from fictures_reports.ci.described_run import described
from fictures_reports.ci.removed_tests import removed_on_purpose
from fictures_reports.ci.runner_outcome import failed_without_a_test
from fictures_reports.cli import inputs
from fictures_reports.cli.ci_inputs import DEFAULT_GATE, NO_GATES
from fictures_reports.cli.compared import compared, history_facts
from fictures_reports.cli.faults import FAILED, GATE_MISSED, OK
from fictures_reports.errors import HistoryError, NoRuns, ReportsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.cli.ci_inputs import Step
    from fictures_reports.run import Run

NO_PLACE = (
    "No baseline: neither before nor a history or store is named, so nothing is compared. "
    "Name a store to keep the runs in, and the next one is compared with this one."
)
NO_GATE = "no gate is set: nothing can fail this step"


@dataclass(frozen=True, eq=False)
class Judgement:
    """One run, judged."""

    #: 0 fine, 1 bad input, 2 a gate was missed or the runner failed without a test
    code: int
    after: Run
    #: None for a first run
    comparison: Comparison | None
    #: what `compare --format json`, or `run` for a first run, prints
    document: dict[str, Any]
    #: the same as Markdown
    markdown: str
    #: sentences on what it was compared with, the most important first
    base_words: tuple[str, ...]
    #: gates on changes, which a first run cannot be asked
    not_asked: tuple[str, ...]
    #: that the runner failed though no test did; "" else
    runner_words: str
    #: the side before as it was read; none for a first run
    before_runs: tuple[Run, ...]
    #: case → who answers for it, of failures in a first run
    known: Mapping[str, str]
    #: the history that the changes were weighed by; "" for none
    history: str
    #: cases that failed in an earlier attempt of the build and pass now
    passed_again: Sequence[Mapping[str, Any]]


def judge(step: Step) -> Judgement:
    """Read the run, compare it with its base if there is one, and ask the gates."""
    stream = inputs.stream_of(step.stream or None)
    rules = step.rules or inputs.settings().rules
    after = inputs.read_own(step.after, rules, stream, step.variant)
    after = described(after, step.build, stream.name)
    after = replace(after, groups=inputs.groups_of_causes(_notes(step)))
    before, words = _baseline(step, stream)
    if not before:
        return _judged(step, after, None, words)
    removed_words: list[str] = []

    def removed_in(comparison: Comparison) -> list[str]:
        found, words = removed_on_purpose(comparison, _bases(step, comparison), step.checkout)
        removed_words.extend(words)
        return found

    try:
        sources = inputs.expanded([before], stream)
        runs = inputs.read(sources, rules, stream)
        history = inputs.history_of(step.history or _store_that_is_there(step), sources)
        comparison = compared(
            runs, [after], history, stream, removed=step.removed, variant=step.variant,
            allow_missing=step.allow_missing, partial=step.partial, removed_in=removed_in,
        )  # fmt: skip
    except NoRuns as error:
        if step.before:
            raise
        return _judged(step, after, None, (f"No baseline yet: {error}.",))
    if not step.before and not comparison.comparable and _is_first_of(stream, step):
        words = (f"No baseline yet: this is the first run of {stream.name}.",)
        return _judged(step, after, None, words)
    return _judged(step, after, comparison, (*words, *removed_words), runs, history)


def _notes(step: Step) -> str:
    try:
        return inputs.notes(Path(step.notes) if step.notes else None)
    except ReportsError:
        return ""  # the report, which shows them, says so; the numbers stand


def _bases(step: Step, comparison: Comparison) -> list[str]:
    """Name what the diff of a build may be taken from: its base, else what was compared with.

    A build of the base itself, or of a tag, is no change to it: such a diff would be empty.
    """
    facts, base = step.build.facts, step.build.base
    is_change = base is not None and facts.branch not in (None, base)
    commits = [run.info.commit for run in comparison.before_runs[::-1] if run.info.commit]
    return [*([f"origin/{base}", str(base)] if is_change else []), *commits] if facts.run else []


def _baseline(step: Step, stream: inputs.Stream) -> tuple[str, tuple[str, ...]]:
    """Choose the run before: the one given, else the branch's in history or store, else none."""
    if step.before:
        return step.before, ()
    place = step.history or step.store
    if not place:
        return "", (NO_PLACE,)
    _refuse_other_folder(place)
    found = baseline_of(place, step.build, stream.name)
    return found.runs or "", (found.words,) if found.words else ()


def _refuse_other_folder(place: str) -> None:
    """Raise for a folder of something else: taken for a first run, it would pass for ever."""
    from fictures_reports.history import History

    history = History(place)
    if history.is_remote or history.exists or not Path(place).exists():
        return
    if not Path(place).is_dir() or any(entry.name[:1] != "." for entry in Path(place).iterdir()):
        raise ReportsError(
            f"{place} is no history, though there is something – expected a folder that --store or "
            "`ingest` filled, or a new one"
        )


def _is_first_of(stream: inputs.Stream, step: Step) -> bool:
    """Tell whether the history names streams, and the job's is none of them."""
    from fictures_reports.history import History
    from fictures_reports.history.streams import named

    streams = named(History(step.history or step.store).runs()["stream"])
    return bool(streams) and stream.name is not None and stream.name not in streams


def _store_that_is_there(step: Step) -> str:
    """Return the store; "" where there is none yet, or a bucket cannot be asked.

    A run before that was given is compared with all the same; keeping the run says what is wrong.
    """
    from fictures_reports.history import History

    try:
        return step.store if step.store and History(step.store).exists else ""
    except HistoryError:
        return ""


def _judged(
    step: Step,
    after: Run,
    comparison: Comparison | None,
    words: tuple[str, ...],
    before: Sequence[Run] = (),
    history: str = "",
) -> Judgement:
    from fictures_reports.analysis.gates import all_hold, check
    from fictures_reports.analysis.run_verdict import none_ran
    from fictures_reports.report.json_report import payload_and_markdown

    settings = inputs.settings()
    subject = after if comparison is None else comparison
    asked, not_asked = _gates(
        (*settings.gates, *step.gates), subject, has_changes=comparison is not None
    )
    shared: dict[str, Any] = {"areas": settings.areas}
    known = () if comparison is not None else settings.known_issues
    gates = check(
        subject, asked, **shared, known_issues=known, allow_incomplete=step.allow_incomplete
    )
    beside = shared | {"known_issues": settings.known_issues, "owners": settings.owners}
    if comparison is not None:
        words = (*words, *([comparison.base.sentence] if comparison.base else ()))
        beside |= history_facts(comparison, history) if history else {}
    code = OK if all_hold(gates) else GATE_MISSED
    runner = failed_without_a_test(after) if step.runner_failed else ""
    if runner or after.results.empty or (not_asked and (after.info.errors or none_ran(after))):
        code = GATE_MISSED  # no gate was asked that this would have closed
    if not step.allow_incomplete and why_incomplete(after, comparison):
        code = FAILED
    numbers, markdown = payload_and_markdown(subject, gates, **beside)
    return Judgement(
        code, after, comparison, numbers, markdown, words, not_asked, runner, tuple(before),
        _answered_for(after, known), history, _passed_again(step, after),
    )  # fmt: skip


def _passed_again(step: Step, after: Run) -> Sequence[Mapping[str, Any]]:
    from fictures_reports.ci.earlier_attempts import passed_again

    place = _store_that_is_there(step) or step.history
    return passed_again(place, step.build, after) if place else ()


def _answered_for(after: Run, issues: Sequence[Any]) -> dict[str, str]:
    """Say of each failure with an open known issue who answers for it, and until when."""
    from fictures_reports.analysis.known_issues import is_open, known_failures
    from fictures_reports.analysis.known_issues import issues as made_of

    return {
        case: f"{issue.owner} answers for it until {issue.expires}: {issue.reason}"
        for case, issue in known_failures(after, made_of(issues)).items()
        if is_open(issue)
    }


def _gates(
    given: tuple[str, ...], subject: Comparison | Run, *, has_changes: bool
) -> tuple[list[str], tuple[str, ...]]:
    """Return the gates to ask, and those that ask for changes where there are none to ask for."""
    from fictures_reports.analysis.gates import about_changes

    wanted = [gate for gate in given if gate.lower() != NO_GATES]
    if not given:
        wanted = [DEFAULT_GATE]
    about = [gate for gate in wanted if about_changes(gate, subject)]
    if has_changes:
        return wanted, ()
    return [gate for gate in wanted if gate not in about], tuple(about)


def why_incomplete(after: Run, comparison: Comparison | None) -> str:
    """Say which side is not whole; "" where both are, or where no test ran and no file is bad."""
    sides = [*(comparison.before_runs if comparison else ()), after]
    for run in sides:
        lost = bool(run.ledger["refused"].notna().any() or run.ledger["salvaged"].any())
        if not run.is_whole and (lost or len(run.results)):
            return f"{run.label} is incomplete or could not be read in full"
    return ""
