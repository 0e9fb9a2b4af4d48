"""Sentences about a comparison; every number in them is counted from rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal

from fictures_reports.analysis.change_phrases import change_phrases, tests, where
from fictures_reports.analysis.changes import NO_LONGER_RUN
from fictures_reports.analysis.collected_again import loaded_again
from fictures_reports.analysis.common_cause import counted_rows, struck
from fictures_reports.analysis.ended_issues import ended_issues
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.analysis.run_verdict import idle_words, none_ran, why_most_skipped
from fictures_reports.analysis.runner_settings import changed_settings
from fictures_reports.analysis.unsure_words import unsure_sentences
from fictures_reports.analysis.wording import ago, counted, listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

VerdictKind = Literal[
    "no_test_ran", "nothing_in_common", "incomplete", "worse", "mixed", "less_stable", "better",
    "as_before",
]  # fmt: skip
_ONLY: Final = "the only test passes"
_WORDS: Final = {
    "incomplete": "Something is missing", "worse": "Worse", "mixed": "Mixed",
    "less_stable": "Less stable", "better": "Better", "as_before": "As before",
}  # fmt: skip


def verdict(c: Comparison, earlier: Sequence[Run] = ()) -> str:
    """Say in one sentence whether things got better, and by which doors; see `kind_of`.

    Of phases, those `earlier` than both sides, the sentence says from where to where it speaks.
    """
    kind = kind_of(c)
    if kind in ("no_test_ran", "nothing_in_common"):
        return finding(c)
    span = f" ({c.before.label} → {c.after.label})" if earlier else _runs_a_side(c)
    return " ".join([f"{_WORDS[kind]}{span}: {finding(c)}", *remarks(c, earlier)])


def finding(c: Comparison) -> str:
    """Say what happened, as the verdict does, without the word for its kind before it."""
    kind = kind_of(c)
    if kind == "no_test_ran":
        return _no_test_ran(c)
    if kind == "nothing_in_common":
        sentence = c.why_not_comparable
        return f"{sentence[:1].upper()}{sentence[1:]}, so nothing can be compared."
    parts = _none_ran(c) or listed(changed(c)) or _as_before(c)
    if kind == "as_before" and c.counts["arrived"] and _all_pass(c):
        parts = f"{parts}; {_as_before(c)}"
    return f"{parts}."


def remarks(c: Comparison, earlier: Sequence[Run] = ()) -> list[str]:
    """Say in a sentence each what else belongs to a verdict: moves, issues, chance, warnings."""
    found = [_since(c, earlier)] if earlier else []
    found += [f"Moved: {c.moved.sentence}."] if c.moved else []
    found += [f"{ids.sentence}." for ids in c.changed_ids]
    found += [f"Known issues: {listed(ended)}."] if (ended := _ended_issues(c)) else []
    return [*found, *unsure_sentences(c), *warnings(c)]


def _since(c: Comparison, earlier: Sequence[Run]) -> str:
    """Say how many failures there are more or fewer than one phase ago, and since the first."""
    first = earlier[0]
    says = [f"From {c.before.label} to {c.after.label} {_moved(c.before, c.after)}"]
    if set(first.results["case_id"]) & set(c.after.results["case_id"]):
        says.append(f"since {first.label} {_moved(first, c.after)}")
    return f"{'; '.join(says)}."


def _moved(before: Run, after: Run) -> str:
    old, new = before.totals["failed"], after.totals["failed"]
    if old == new:
        return f"failures stayed at {new:,}"
    return (
        f"failures went {'up' if new > old else 'down'} by {abs(new - old):,} ({old:,} → {new:,})"
    )


def kind_of(c: Comparison) -> VerdictKind:
    """Tell what the verdict is: the first that fits, in the order of `VerdictKind`.

    Fewer failures is not called better while tests are hidden or newly failing. Known issues,
    failures that the base has, too, and what is known as flaky make nothing worse.
    """
    if c.after.results.empty:
        return "no_test_ran"
    if not c.comparable:
        return "nothing_in_common"
    loaded = loaded_again(c.before, c.after)
    sides = [run for run in (*c.before_runs, *c.after_runs) if not (loaded and run.results.empty)]
    if any(run.info.incomplete or not run.is_whole for run in sides):
        return "incomplete"
    worse, better = _n_worse(c), c.counts["fixed"] + c.counts["gained"] + len(loaded)
    if worse:
        return "mixed" if better else "worse"
    if c.changes["newly_flaky"].any():
        return "less_stable"
    return "better" if better else "as_before"


def _ended_issues(c: Comparison) -> list[str]:
    """Count the known issues that are at an end: expired, passing now, or matching nothing."""
    rows = ended_issues(c)
    expired = [f"{row.owner} on {row.expires}" for row in rows if row.state == "expired"]
    counts = Counter(row.state for row in rows)
    passing, nothing = counts["passes now"], counts["matches nothing"]
    parts = [f"{len(expired):,} expired ({listed(expired)})"] if expired else []
    parts += [f"{passing:,} {'passes' if passing == 1 else 'pass'} now and can go"] * bool(passing)
    return parts + [f"{nothing:,} {'matches' if nothing == 1 else 'match'} nothing"] * bool(nothing)


def _n_worse(c: Comparison) -> int:
    changes = c.changes
    hidden = changes["change"].isin(NO_LONGER_RUN) & ~changes["waived"]
    new = changes["standing"] == "new"
    return int((hidden | new).sum()) + sum(len(run.info.errors) for run in c.after_runs)


def _no_test_ran(c: Comparison) -> str:
    errors = c.after.info.errors
    why = first_line(errors[0]) if errors else "no reason was recorded"
    if c.before.results.empty:
        return f"No test ran in either run: {why}."
    there = c.changes[c.changes["before_outcome"] != "absent"]
    return f"No test ran after: {why} ({tests(there)} {_was(len(there))} there before)."


def _none_ran(c: Comparison) -> str:
    """Say that nothing that passed before ran, and the reason that most skips give."""
    n_passed = int((c.changes["change"] == "lost").sum())
    if not n_passed or not none_ran(c.after):
        return ""
    idle = f"{idle_words(c.after.results)}{why_most_skipped(c.after)}"
    return f"none of the {n_passed:,} that passed ran; {idle}"


def _runs_a_side(c: Comparison) -> str:
    """Say how many runs are compared, where they are several."""
    before, after = len(c.before_runs), len(c.after_runs)
    if before == after:
        return f" ({before} runs a side)" if before > 1 else ""
    return f" ({counted(before, 'run')} before, {counted(after, 'run')} after)"


def changed(c: Comparison) -> list[str]:
    """Say what happened to tests, most urgent first; nothing about what did not happen."""
    errors = [error for run in c.after_runs for error in run.info.errors]
    parts = [f"the run itself failed ({first_line(errors[0])})"] if errors else []
    parts += [outage] if (outage := _outage(c)) else []
    loaded = len(loaded_again(c.before, c.after))
    words = f"{counted(loaded, 'file')} that could not be loaded {_runs(loaded)} now"
    return [*parts, *change_phrases(c.changes), *([words] if loaded else [])]


def _runs(n: int) -> str:
    return "runs" if n == 1 else "run"


def _outage(c: Comparison) -> str:
    """Say that one cause took at least three tests and half of those that ran; "" if none did."""
    rows = c.after.results
    new = rows["case_id"].isin(c.changes.loc[c.changes["standing"] == "new", "case_id"])
    cause, n, n_ran = struck(c.after, new)
    if not cause:
        return ""
    return f"one cause, {n:,} of {counted_rows(c.after, n_ran)} that ran: an outage ({cause})"


def _all_pass(c: Comparison) -> bool:
    return c.after.totals["passed"] == c.after.totals["cases"]


def _as_before(c: Comparison) -> str:
    """Say how the side after ended, where nothing is worse or better."""
    now = c.changes[c.changes["after_outcome"] != "absent"]
    if _all_pass(c):
        every = tests(now) if now["test_id"].duplicated().any() else f"{len(now):,}"
        return f"all {every} pass" if len(now) > 1 else _ONLY
    failing = now[now["change"] == "still_failing"]
    others = [f"{_still(failing)}{where(failing, now)}"] if len(failing) else []
    idle = int(now["after_outcome"].isin(["skipped", "not_run"]).sum())
    others += [f"{idle:,} did not run"] if idle else []
    return listed([f"{c.after.totals['passed']:,} of {tests(now)} passed", *others])


def _still(failing: pd.DataFrame) -> str:
    return f"{tests(failing)} still {_fails(len(failing))}"


def missing_words(c: Comparison) -> list[str]:
    """Say of each file and variant before of which nothing came, how many tests it gave.

    Files of a missing variant are said by its name.
    """
    of_variants = files_of_missing_variants(c) if c.missing_sources else set()
    files = {name: n for name, n in c.missing_sources.items() if name not in of_variants}
    gave = c.missing_variants | {"/".join(name.split("/")[-2:]): n for name, n in files.items()}
    return [f"{name} gave {counted(n, 'test')} before, none now" for name, n in gave.items()]


def files_of_missing_variants(c: Comparison) -> set[str]:
    """Return the files before that gave cases of missing variants alone."""
    rows = c.before.results[["variant", "source"]].dropna()
    is_missing = rows["variant"].isin(list(c.missing_variants))
    return set(rows["source"]) - set(rows.loc[~is_missing, "source"])


def warnings(c: Comparison) -> list[str]:
    """Say what makes a comparison doubtful though nothing is missing: the order of the sides."""
    settings = [setting.words for setting in changed_settings(c.before, c.after)]
    sentences = [f"{words}." for words in missing_words(c)]
    sentences += [f"Changed settings: {listed(settings)}."] if settings else []
    return [*sentences, *order_warning(c)]


def order_warning(c: Comparison) -> list[str]:
    """Say in a sentence that the run after is older than the one before; nothing if it is not."""
    before, after = c.before_runs[-1].info.started_at, c.after_runs[-1].info.started_at
    if before is None or after is None or after >= before:
        return []
    return [f"The run after began {ago(before - after)} before the one before."]


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def doors(c: Comparison) -> str:
    """Say where the failures of before went: they leave fixed, masked or vanished, or stay."""
    n = left_by(c)
    if not c.comparable or not n:
        return ""
    failed = c.changes[c.changes["before_outcome"] == "failed"]
    parts = {
        f"{_was(n['fixed'])} fixed": n["fixed"],
        f"{_is(n['masked'])} now skipped or not run (masked)": n["masked"],
        f"{_is(n['vanished'])} gone (vanished)": n["vanished"],
        f"now {_fails(n['declared'])} as declared, not fixed": n["declared"],
        f"still {_fails(n['still_failing'])}": n["still_failing"],
    }
    counts_in_words = [f"{count:,} {words}" for words, count in parts.items() if count]
    return f"Of {tests(failed)} that failed before, {listed(counts_in_words)}."


def left_by(c: Comparison) -> Counter[str]:
    """Count the cases that failed before by what happened to them."""
    return Counter(c.changes.loc[c.changes["before_outcome"] == "failed", "change"].tolist())


def _fails(n: int) -> str:
    return "fails" if n == 1 else "fail"


def gates(checked: Sequence[Gate]) -> str:
    """Say how many gates hold and by how much the first failing one is missed."""
    if len(checked) == 0:  # what `check` gives is false where a gate is missed
        return "No gates were set."
    missed = [gate for gate in checked if not gate.holds]
    if not missed:
        return (
            f"All {counted(len(checked), 'gate')} met."
            if len(checked) > 1
            else f"Gate met: {checked[0].gate}."
        )
    return f"{len(missed)} of {counted(len(checked), 'gate')} not met: " + "; ".join(
        gate.sentence for gate in missed
    )
