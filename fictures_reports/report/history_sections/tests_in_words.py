"""One test of a history in sentences: how it stands, since when, how often, and what it cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fictures_reports.analysis.result_summary import known
from fictures_reports.analysis.wording import changed_duration, counted, duration, percent

if TYPE_CHECKING:
    from fictures_reports.history_analysis.last_steps import LastStep, RunMark
    from fictures_reports.history_analysis.standing_of_tests import HistoryTest
    from fictures_reports.report.history_findings import Findings
    from fictures_reports.report.history_sections.run_dates import RunDates

#: Characters of a commit that tell it apart.
_OF_COMMIT: Final = 10
_HOW_FAR: Final = {"rising": "more often lately", "falling": "less often lately",
                   "steady": "steady over the time"}  # fmt: skip


def sentence(test: HistoryTest, findings: Findings, dates: RunDates) -> str:
    """Say in one sentence how a test stands and what that rests on."""
    row, step, where = test.row, test.step, findings.words.where(test.line)
    if test.standing in ("broken", "failing") and step and step.is_bad:
        often = f"Failed in the last {counted(step.n_runs, 'run')} in which it ran{where}"
        if step.n_runs == 1:
            often = f"Failed in the last run in which it ran{where}"
        passed = (
            f"; passed before, in {_run(step.before, dates)}" if step.before
            else "; never passed in these runs"
        )  # fmt: skip
        unsure = "" if test.standing == "broken" else "; too few runs to tell whether it is broken"
        return f"{often}{passed}{unsure}."
    if test.standing == "flaky":
        retried = f", {row.on_retry:,} of them gone on a retry" if row.on_retry else ""
        return (
            f"Failed at first in {row.n_events:,} of {counted(row.n_runs, 'run')}{where}{retried}."
        )
    if test.standing == "mended":
        mended = (
            f"; works again since {_run(step.first, dates)}" if step and not step.is_bad else ""
        )
        return f"Was broken in {counted(row.n_broken, 'run')}{where}{mended}."
    if test.standing == "slower":
        longer = changed_duration(test.slower.before, test.slower.after)
        since = dates.run(test.slower.since, test.slower.run_at)
        return f"Became slower{where}: {longer} since {since}."
    return _quiet(test, findings)


def _quiet(test: HistoryTest, findings: Findings) -> str:
    """Say it of a test that neither fails nor got slower."""
    row, age, where = test.row, test.age, findings.words.where(test.line)
    if test.standing == "gone":
        last = f"last seen in {row.last_seen}: {row.last_status.replace('_', ' ')}"
        return f"Not in the latest run{where}; {last}."
    if age is not None and age.how != "failed":
        how = "did not run" if age.how == "not run" else f"was {age.how}"
        if age.is_whole_time:
            return f"Never ran{where}: it {how} in {counted(age.n_runs, 'run')}."
        return f"It {how} in the last {counted(age.n_runs, 'run')}{where}, since {age.since}."
    if not row.n_runs:
        return f"Never ran{where}."
    few = "; too few runs to call it stable" if test.standing == "unsure" else ""
    if not row.n_events:
        return f"Passed in {_each(row.n_runs)}{where} that counts{few}."
    return f"Failed at first in {row.n_events:,} of {counted(row.n_runs, 'run')}{where}{few}."


def _each(n: int) -> str:
    return "the one run" if n == 1 else f"each of the {n:,} runs"


def facts(test: HistoryTest, findings: Findings, dates: RunDates) -> list[tuple[str, str]]:
    """Return what else there is to say, each with its name; a name that begins with $ is code."""
    pairs = _step_facts(test.step, dates) if test.step else []
    row = test.row
    if test.standing == "flaky":
        low, high = percent(row.rate_low, 1), percent(row.rate_high, 1)
        trend = f"; {_HOW_FAR[row.trend]}" if known(row.trend) else ""
        share = percent(row.n_events, row.n_runs)
        pairs.append(("How often", f"{share} of runs, likely between {low} and {high}{trend}"))
    if row.on_commit:
        pairs.append(("Same commit", f"failed in {counted(row.on_commit, 'run')} before a pass"))
    if test.why and test.standing != "slower":
        pairs.append(("Why", test.why))
    if test.slower is not None:
        pairs += [("Between", str(test.slower.between))] if known(test.slower.between) else []
    if row.wasted_s:
        pairs.append(("Costs", f"{duration(row.wasted_s)} of attempts that failed"))
    owner = findings.owners.get(row.file)
    return pairs + ([("Owner", owner)] if owner else [])


def _step_facts(step: LastStep, dates: RunDates) -> list[tuple[str, str]]:
    old, new = ("Last good", "First bad") if step.is_bad else ("Last bad", "First good")
    pairs = [(old, _run(step.before, dates))] if step.before else []
    pairs.append((new, _run(step.first, dates)))
    if step.commits:
        before, first = (commit[:_OF_COMMIT] for commit in step.commits)
        pairs.append(("$Between", f"git log {before}..{first}"))
    return pairs


def _run(mark: RunMark, dates: RunDates) -> str:
    when = dates.when(mark.run_at)
    commit = f", commit {mark.commit[:_OF_COMMIT]}" if mark.commit else ""
    return f"{mark.label}{f' ({when})' if when else ''}{commit}"
