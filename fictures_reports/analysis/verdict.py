"""Sentences about a run or a comparison; every number in them is counted from rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, Literal, get_args

from fictures_reports.analysis.changes import NEW_FAILURES, NO_LONGER_RUN
from fictures_reports.analysis.counts import pass_rate, passed_of
from fictures_reports.analysis.durations import worker_time
from fictures_reports.analysis.result_summary import first_line
from fictures_reports.analysis.sides import TRIED
from fictures_reports.analysis.unsure_words import unsure_sentences
from fictures_reports.analysis.wording import (
    MISSING,
    ago,
    counted,
    duration,
    listed,
    percent,
    points,
    signed,
)
from fictures_reports.schema import FAILURE_CATEGORIES, OUTCOME_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fictures_reports.analysis.compare import Comparison
    from fictures_reports.analysis.gates import Gate
    from fictures_reports.run import Run

VerdictKind = Literal[
    "no_test_ran", "nothing_in_common", "incomplete", "worse", "mixed", "less_stable", "better",
    "as_before",
]  # fmt: skip
#: In the order in which they are asked for.
VERDICT_KINDS: Final[tuple[VerdictKind, ...]] = get_args(VerdictKind)
#: An outage took at least so many tests, and half of those that ran.
LEAST_IN_OUTAGE: Final = 3
_WORDS: Final = {
    "incomplete": "Something is missing", "worse": "Worse", "mixed": "Mixed",
    "less_stable": "Less stable", "better": "Better", "as_before": "As before",
}  # fmt: skip
#: What to say of one test and of several, most urgent first.
_FORMS: Final = {
    "broken": ("that passed now fails", "that passed now fail"),
    "unmasked": ("that did not run before now fails", "that did not run before now fail"),
    "undeclared": (
        "that was declared to fail now fails undeclared",
        "that were declared to fail now fail undeclared",
    ),
    "arrived_failing": ("new one fails", "new ones fail"),
    "other cause": (
        "that failed before fails for another cause",
        "that failed before fail for another cause",
    ),
    "skipped": ("that passed did not run", "that passed did not run"),
    "gone": ("that passed is gone", "that passed are gone"),
    "masked": ("that failed did not run", "that failed did not run"),
    "masked as declared": ("that failed as declared did not run",) * 2,
    "vanished": ("that failed is gone", "that failed are gone"),
    "newly flaky": ("is newly flaky", "are newly flaky"),
    "collected": (
        "file that could not be collected is again",
        "files that could not be collected are again",
    ),
    "fixed": ("was fixed", "were fixed"),
    "fixed as declared": (
        "that was declared to fail passes now",
        "that were declared to fail pass now",
    ),
    "gained": ("that did not run before passes", "that did not run before pass"),
    "declared": ("now fails as declared", "now fail as declared"),
    "arrived": ("new one passes", "new ones pass"),
    "known issue": ("is a known issue", "are known issues"),
    "known flaky": ("known as flaky failed", "known as flaky failed"),
}


def verdict(c: Comparison) -> str:
    """Say in one sentence whether things got better, and by which doors; see `kind_of`."""
    kind = kind_of(c)
    if kind == "no_test_ran":
        return _no_test_ran(c)
    if kind == "nothing_in_common":
        sentence = c.why_not_comparable
        return f"{sentence[:1].upper()}{sentence[1:]}, so nothing can be compared."
    parts = _none_ran(c) or listed(changed(c)) or _as_before(c)
    text = f"{_WORDS[kind]}{_runs_a_side(c)}: {parts}."
    found = [f"Moved: {c.moved.sentence}."] if c.moved else []
    return " ".join([text, *found, *unsure_sentences(c), *warnings(c)])


def kind_of(c: Comparison) -> VerdictKind:
    """Tell what the verdict is: the first that fits, in the order of `VERDICT_KINDS`.

    Fewer failures is not called better while tests are hidden or newly failing. Known issues,
    failures that the base has, too, and what is known as flaky make nothing worse.
    """
    if c.after.results.empty:
        return "no_test_ran"
    if not c.comparable:
        return "nothing_in_common"
    if any(run.info.incomplete or not run.is_whole for run in (*c.before_runs, *c.after_runs)):
        return "incomplete"
    worse, better = _n_worse(c), c.counts["fixed"] + c.counts["gained"]
    if worse:
        return "mixed" if better else "worse"
    if c.changes["newly_flaky"].any():
        return "less_stable"
    return "better" if better else "as_before"


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
    n = counted(len(c.before.results), "test was", "tests were")
    return f"No test ran after: {why} ({n} there before)."


def _none_ran(c: Comparison) -> str:
    """Say that nothing that passed before ran, and the reason that most skips give."""
    n_passed = int((c.changes["change"] == "lost").sum())
    ran = c.after.results["status"].map(OUTCOME_OF).isin([*TRIED, "xfailed"])
    if ran.any() or not n_passed:
        return ""
    reasons = Counter(c.after.results["skip_reason"].dropna().tolist()).most_common(1)
    why = f": {first_line(reasons[0][0])}" if reasons else ""
    n = len(c.after.results)
    return f"none of the {n_passed:,} that passed ran; {n:,} skipped or not started{why}"


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
    return parts + [_phrase(n, forms) for n, forms in _counted_forms(c) if n]


def _outage(c: Comparison) -> str:
    """Say that one cause took at least three tests and half of those that ran; "" if none did."""
    rows = c.after.results
    new = rows["case_id"].isin(c.changes.loc[c.changes["standing"] == "new", "case_id"])
    n_ran = int(rows["status"].map(OUTCOME_OF).isin(TRIED).sum())
    causes = Counter(c.after.cause_ids[new].dropna().tolist()) if new.any() else Counter()
    cause, n = next(iter(causes.most_common(1)), ("", 0))
    if n < LEAST_IN_OUTAGE or 2 * n < n_ran:
        return ""
    name = dict(zip(c.after.causes["cluster"], c.after.causes["name"], strict=True))[cause]
    return f"one cause, {n:,} of {counted(n_ran, 'test')} that ran: an outage ({name})"


def _counted_forms(c: Comparison) -> list[tuple[int, tuple[str, str]]]:
    """Count what there is to say, each with its words for one test and for several."""
    changes = c.changes
    change, standing = changes["change"], changes["standing"]
    new, gone = standing == "new", changes["after_outcome"] == "absent"
    declared, kept = changes["before_outcome"] == "xfailed", ~changes["waived"]
    rows = {
        "broken": new & (change == "broken"),
        "unmasked": new & (change == "unmasked"),
        "undeclared": new & (change == "undeclared"),
        "arrived_failing": new & (change == "arrived_failing"),
        "other cause": new & (change == "still_failing"),
        "skipped": (change == "lost") & ~gone,
        "gone": (change == "lost") & gone & kept,
        "masked": (change == "masked") & ~declared,
        "masked as declared": (change == "masked") & declared,
        "vanished": (change == "vanished") & kept,
        "newly flaky": changes["newly_flaky"] & ~change.isin(NEW_FAILURES),
        "collected": changes["collected"],
        "fixed": (change == "fixed") & ~declared & ~changes["collected"],
        "fixed as declared": (change == "fixed") & declared,
        "gained": change == "gained",
        "declared": change == "declared",
        "arrived": change == "arrived",
        "known issue": standing == "known_issue",
        "known flaky": standing == "known_flaky",
    }
    return [(int(rows[name].sum()), forms) for name, forms in _FORMS.items()]


def _phrase(n: int, forms: tuple[str, str]) -> str:
    words = forms[n != 1]
    is_noun = words.startswith(("new", "file"))
    return f"{n:,} {words}" if is_noun else f"{counted(n, 'test')} {words}"


def _as_before(c: Comparison) -> str:
    totals = c.after.totals
    if totals["passed"] == totals["cases"]:
        return f"all {totals['cases']:,} pass" if totals["cases"] > 1 else "the only test passes"
    still = c.counts["still_failing"]
    rest = [counted(still, "test still fails", "tests still fail")] if still else []
    idle = totals["skipped"] + totals["not_run"]
    rest += [f"{idle:,} did not run"] if idle else []
    return listed([f"{totals['passed']:,} of {counted(totals['cases'], 'test')} passed", *rest])


def missing_words(c: Comparison) -> list[str]:
    """Say of each file and variant before of which nothing came, how many tests it gave.

    A variant all of whose files are missing is said by these.
    """
    gave = {"/".join(source.split("/")[-2:]): n for source, n in c.missing_sources.items()}
    rows = c.before.results[["variant", "source"]].drop_duplicates()
    kept = set(rows.loc[~rows["source"].isin(list(c.missing_sources)), "variant"].dropna())
    gave |= {name: n for name, n in c.missing_variants.items() if name in kept}
    return [f"{name} gave {counted(n, 'test')} before, none now" for name, n in gave.items()]


def warnings(c: Comparison) -> list[str]:
    """Say what makes a comparison doubtful though nothing is missing: the order of the sides."""
    said = [f"{words}." for words in missing_words(c)]
    before, after = c.before_runs[-1].info.started_at, c.after_runs[-1].info.started_at
    if before is None or after is None or after >= before:
        return said
    return [*said, f"The run after began {ago(before - after)} before the one before."]


def _was(n: int) -> str:
    return "was" if n == 1 else "were"


def _is(n: int) -> str:
    return "is" if n == 1 else "are"


def doors(c: Comparison) -> str:
    """Say where the failures of before went: they leave fixed, masked or vanished, or stay."""
    n, total = c.counts, c.before.totals["failed"]
    if not total:
        return ""
    parts = {
        f"{_was(n['fixed'])} fixed": n["fixed"],
        f"{_is(n['masked'])} now skipped or not run (masked)": n["masked"],
        f"{_is(n['vanished'])} gone (vanished)": n["vanished"],
        f"now {'fails' if n['declared'] == 1 else 'fail'} as declared": _n_declared(c),
        f"still {'fails' if n['still_failing'] == 1 else 'fail'}": n["still_failing"],
    }
    said = [f"{count:,} {words}" for words, count in parts.items() if count]
    return f"Of {counted(total, 'test')} that failed before, {listed(said)}."


def _n_declared(c: Comparison) -> int:
    changes = c.changes
    failed = changes["before_outcome"] == "failed"
    return int((failed & (changes["change"] == "declared")).sum())


def rates(c: Comparison) -> str:
    """State the pass rate of both sides, over all cases and over those that ran."""
    sentences = []
    for executed, of in ((False, "all cases"), (True, "cases that ran")):
        sides = [_rate(run, executed=executed) for run in (c.before, c.after)]
        values = [pass_rate(run.totals, executed=executed) for run in (c.before, c.after)]
        sentences.append(f"of {of} {sides[0]} → {sides[1]} ({points(*values)})")
    return f"Pass rate {sentences[0]}; {sentences[1]}.{_counted_as_passed(c.before, c.after)}"


def _rate(run: Run, *, executed: bool) -> str:
    good, whole = passed_of(run.totals, executed=executed)
    return f"{good} of {whole} = {percent(good, whole)}"


def _counted_as_passed(*runs: Run) -> str:
    names = [n for n in ("flaky", "xpassed") if any(run.totals[n] for run in runs)]
    counts = [f"{name} {' → '.join(str(run.totals[name]) for run in runs)}" for name in names]
    return f" Counted as passed: {listed(counts)}." if counts else ""


def totals(c: Comparison) -> str:
    """State the counts of both sides that are not zero, with their differences."""
    pairs = [(name, n, c.after.totals[name]) for name, n in c.before.totals.items()]
    return ", ".join(f"{name} {b} → {a} ({signed(a - b)})" for name, b, a in pairs if b or a)


def causes(*runs: Run) -> str:
    """Count failures by category, most frequent first; for two runs before → after."""
    names = dict.fromkeys(c for run in runs for c in run.categories if c in FAILURE_CATEGORIES)
    if not names:
        return "No test failed."
    counts = {name: [run.categories.get(name, 0) for run in runs] for name in names}
    ordered = sorted(counts, key=lambda name: -sum(counts[name]))
    parts = [f"{name} {' → '.join(map(str, counts[name]))}" for name in ordered]
    return f"Failures by cause: {', '.join(parts)}."


def time_lost(*runs: Run) -> str:
    """State how much of the workers' time went to time-outs; "" where nothing timed out."""
    spent = [worker_time(run) for run in runs]
    if not any(part.timeout_s for part in spent):
        return ""
    shares = [percent(part.timeout_s, part.capacity_s) for part in spent]
    minutes = [duration(part.timeout_s) for part in spent]
    text = f"Time-outs took {' → '.join(minutes)}"
    return (
        f"{text}, {' → '.join(shares)} of the worker time." if MISSING not in shares else f"{text}."
    )


def run_verdict(run: Run) -> str:
    """Say in one sentence how a single run ended."""
    t = run.totals
    if not t["cases"]:
        why = run.info.errors[0].splitlines()[0] if run.info.errors else "no reason was recorded"
        return f"No test ran: {why}"
    rest = [f"{n:,} {status.replace('_', ' ')}" for status, n in list(t.items())[2:] if n]
    share = percent(t["passed"], t["cases"])
    ended = f"{t['passed']:,} of {counted(t['cases'], 'test')} passed ({share})"
    return f"{ended}; {listed(rest)}." if rest else f"{ended}."


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
