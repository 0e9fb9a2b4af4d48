"""Every number in a verdict and in a gate's sentence is counted again, from the runs' own rows."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check
from fictures_reports.run import Run

from .conftest import make_run

STATUSES = ("passed", "failed", "flaky", "skipped", "not_run", "xfailed", "xpassed", "interrupted")
TRIED = {"passed": "good", "xpassed": "good", "flaky": "good", "failed": "bad"}
#: Up to three runs a side: chance can never be ruled out, so patterns alone decide.
runs = st.lists(
    st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(STATUSES)), min_size=1, max_size=3
)


def drawn(name: str, sides: list[dict[str, str]]) -> list[Run]:
    """Make runs whose failures all say the same, so that what stays failing has one cause."""
    made = []
    for i, statuses in enumerate(sides):
        texts = ["no" if s in ("failed", "flaky") else None for s in statuses.values()]
        made.append(make_run(f"{name}{i}", statuses, {"signature": texts}))
    return made


def ends(sides: list[dict[str, str]], case: str) -> list[str]:
    return [statuses[case] for statuses in sides if case in statuses]


def kind(sides: list[dict[str, str]], case: str) -> str:
    """Tell how a case ended on a side, counted by hand."""
    own = ends(sides, case)
    tried = [TRIED[one] for one in own if one in TRIED]
    if not own:
        return "absent"
    if not tried:
        return "declared" if own[-1] == "xfailed" else "idle"
    return {len(tried): "bad", 0: "good"}.get(tried.count("bad"), "mixed")


def is_flaky(sides: list[dict[str, str]], case: str) -> bool:
    return kind(sides, case) == "mixed" or (
        kind(sides, case) == "good" and "flaky" in ends(sides, case)
    )


def retried_once(sides: list[dict[str, str]], case: str) -> bool:
    """Tell whether the only run of a side that tried a case passed it on a retry."""
    return [one for one in ends(sides, case) if one in TRIED] == ["flaky"]


def counted_by_hand(before: list[dict[str, str]], after: list[dict[str, str]]) -> Counter[str]:
    """Count what the verdict may say, from the statuses alone."""
    found: Counter[str] = Counter()
    for case in {c for side in (*before, *after) for c in side}:
        b, a = kind(before, case), kind(after, case)
        words = {
            ("good", "bad"): "that passed now fail",
            ("idle", "bad"): "that did not run before now fail",
            ("absent", "bad"): "new fail",
            ("declared", "bad"): "declared now fail undeclared",
            ("bad", "idle"): "that failed did not run",
            ("bad", "absent"): "that failed are gone",
            ("good", "idle"): "that passed did not run",
            ("mixed", "idle"): "that passed did not run",
            ("good", "absent"): "that passed are gone",
            ("mixed", "absent"): "that passed are gone",
            ("bad", "good"): "were fixed",
            ("declared", "good"): "declared pass now",
            ("declared", "mixed"): "declared pass now",
            ("idle", "good"): "that did not run before pass",
            ("idle", "mixed"): "that did not run before pass",
            ("absent", "good"): "new pass",
            ("absent", "mixed"): "new pass",
            ("declared", "idle"): "that failed as declared did not run",
            ("declared", "absent"): "that failed as declared are gone",
        }.get((b, a))
        if words == "that passed now fail" and retried_once(before, case):
            words = "retried now fail"
        if words:
            found[words] += 1
        if a == "declared" and b != "declared":
            found["now fail as declared"] += 1
        if b == "mixed" and a == "bad":
            found["mixed now fail"] += 1
        if is_flaky(after, case) and b not in ("bad", "mixed") and not is_flaky(before, case):
            found["are newly flaky"] += 1
    return found


SAID = (
    (r"tests? that passed now fails?", "that passed now fail"),
    (r"tests? that did not run before now fails?", "that did not run before now fail"),
    (r"tests? that passed only on a retry now fails?", "retried now fail"),
    (r"new tests? fails?", "new fail"),
    (r"tests? that (?:was|were) declared to fail now fails? undeclared",
     "declared now fail undeclared"),
    (r"tests? that failed did not run", "that failed did not run"),
    (r"tests? that failed (?:is|are) gone", "that failed are gone"),
    (r"tests? that failed as declared (?:is|are) gone", "that failed as declared are gone"),
    (r"tests? that passed did not run", "that passed did not run"),
    (r"tests? that passed (?:is|are) gone", "that passed are gone"),
    (r"tests? (?:was|were) fixed", "were fixed"),
    (r"tests? that (?:was|were) declared to fail pass(?:es)? now", "declared pass now"),
    (r"tests? that did not run before pass(?:es)?", "that did not run before pass"),
    (r"new tests? pass(?:es)?", "new pass"),
    (r"tests? that failed as declared did not run", "that failed as declared did not run"),
    (r"tests? now fails? as declared", "now fail as declared"),
    (r"tests? (?:is|are) newly flaky", "are newly flaky"),
)  # fmt: skip


@given(runs, runs)
def test_each_count_in_a_verdict_is_that_of_the_rows_and_none_is_left_out(before, after):
    c = compare(drawn("b", before), drawn("a", after))
    if c.verdict_kind in ("no_test_ran", "nothing_in_common") or "none of the" in c.verdict:
        return
    by_hand = counted_by_hand(before, after)
    for pattern, words in SAID:
        found = re.search(rf"(\d+) {pattern}(?=[,.;]| and |$)", c.verdict)
        assert (int(found[1]) if found else 0) == by_hand[words], (words, c.verdict)


@given(runs, runs)
def test_totals_and_matrix_hold_each_case_once_whatever_runs_a_side_has(before, after):
    c = compare(drawn("b", before), drawn("a", after))
    cases = {case for side in (*before, *after) for case in side}
    assert len(c.changes) == len(cases) == int(c.transitions.to_numpy().sum())
    for run, sides in ((c.before, before), (c.after, after)):
        assert run.totals["cases"] == len({case for side in sides for case in side})
    assert sum(c.counts.values()) == len(cases)


@given(runs, runs)
def test_a_pass_rate_is_that_of_all_results_but_expected_failures(before, after):
    gate = check(compare(drawn("b", before), drawn("a", after)), ["pass_rate >= 50%"])[0]
    results = [status for side in after for status in side.values() if status != "xfailed"]
    good = sum(status in ("passed", "flaky", "xpassed") for status in results)
    if not results:
        assert gate.note
        return
    share = Fraction(100 * good, len(results))
    assert gate.reading == float(share)
    assert gate.holds == (not gate.note and share >= 50)


@given(runs, runs)
def test_gates_on_changes_read_what_the_verdict_says(before, after):
    c = compare(drawn("b", before), drawn("a", after))
    names = ["broken", "fixed", "lost", "masked", "arrived", "new_flaky"]
    read = {g.metric: g.reading for g in check(c, [f"{name} == 0" for name in names])}
    by_hand = counted_by_hand(before, after)
    assert read["broken"] == by_hand["that passed now fail"] + by_hand["retried now fail"]
    assert read["fixed"] == by_hand["were fixed"] + by_hand["declared pass now"]
    assert read["arrived"] == by_hand["new pass"]
    assert read["new_flaky"] == by_hand["are newly flaky"]
    assert read["lost"] == by_hand["that passed did not run"] + by_hand["that passed are gone"]
