"""Every number in a verdict and in a gate's sentence is counted again, from the runs' own rows."""

from __future__ import annotations

import re
from collections import Counter
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from fictures_reports.analysis import verdict as sentences
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.count_sentences import causes
from fictures_reports.analysis.gates import check
from fictures_reports.analysis.known_issues import issue
from fictures_reports.history_analysis.incidents_between import incidents_after
from fictures_reports.report.sections.standing_lists import how_often
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


def each_count_in_a_verdict_is_that_of_the_rows_and_none_is_left_out(c, before, after, gates):
    if c.verdict_kind in ("no_test_ran", "nothing_in_common") or "none of the" in c.verdict:
        return
    by_hand = counted_by_hand(before, after)
    for pattern, words in SAID:
        found = re.search(rf"(\d+) {pattern}(?=[,.;]| and |$)", c.verdict)
        assert (int(found[1]) if found else 0) == by_hand[words], (words, c.verdict)


def totals_and_matrix_hold_each_case_once_whatever_runs_a_side_has(c, before, after, gates):
    cases = {case for side in (*before, *after) for case in side}
    assert len(c.changes) == len(cases) == int(c.transitions.to_numpy().sum())
    for run, sides in ((c.before, before), (c.after, after)):
        assert run.totals["cases"] == len({case for side in sides for case in side})
    assert sum(c.counts.values()) == len(cases)


def a_pass_rate_is_that_of_all_results_but_expected_failures(c, before, after, gates):
    gate = gates["pass_rate"]
    results = [status for side in after for status in side.values() if status != "xfailed"]
    good = sum(status in ("passed", "flaky", "xpassed") for status in results)
    if not results:
        assert gate.note
        return
    share = Fraction(100 * good, len(results))
    assert gate.reading == float(share)
    assert gate.holds == (not gate.note and share >= 50)


def gates_on_changes_read_what_the_verdict_says(c, before, after, gates):
    read = {metric: gate.reading for metric, gate in gates.items()}
    by_hand = counted_by_hand(before, after)
    assert read["broken"] == by_hand["that passed now fail"] + by_hand["retried now fail"]
    assert read["fixed"] == by_hand["were fixed"] + by_hand["declared pass now"]
    assert read["arrived"] == by_hand["new pass"]
    assert read["new_flaky"] == by_hand["are newly flaky"]
    assert read["lost"] == by_hand["that passed did not run"] + by_hand["that passed are gone"]


def numbers(text: str) -> list[int]:
    return [int(n.replace(",", "")) for n in re.findall(r"\d[\d,]*", text)]


def failing(side: dict[str, str]) -> int:
    return sum(status == "failed" for status in side.values())


def the_words_of_each_standing_count_the_runs_of_the_case(c, before, after, gates):
    for row in c.changes.itertuples():
        case = row.title
        counts = [[one for one in ends(side, case) if one in TRIED] for side in (before, after)]
        assert [row.n_before, row.n_after] == [len(own) for own in counts]
        assert [row.failed_before, row.failed_after] == [own.count("failed") for own in counts]
        if row.standing != row.standing:
            assert row.after_outcome != "failed"
            continue
        if said := re.search(r"failed in (\d+) of the (\d+) runs before", row.standing_words):
            assert numbers(said[0]) == [row.failed_before, row.n_before]
        if often := how_often(row, c):
            assert numbers(often.partition(",")[0]) == [
                row.failed_before, row.n_before, row.failed_after, row.n_after,
            ]  # fmt: skip


def doors_and_causes_add_up_to_what_failed(c, before, after, gates):
    failed = [run.totals["failed"] for run in (c.before, c.after)]
    if doors := sentences.doors(c):
        first, *rest = numbers(doors)
        assert first == sum(rest) == int((c.changes["before_outcome"] == "failed").sum())
    said = causes(c.before, c.after).partition("Passed on a retry")[0]
    counts = numbers(said)
    assert [sum(counts[::2]), sum(counts[1::2])] == failed


def a_missed_count_names_as_many_cases_as_it_reads(c, before, after, gates):
    for name in ("broken", "new_failures", "regressions", "lost", "failed", "flaky", "new_flaky"):
        gate = gates[name]
        if not gate.note:
            assert len(gate.cases) == len(set(gate.cases)) == gate.reading


def a_known_issue_never_makes_a_gate_miss(plain, excused):
    n_failed = plain.after.totals["failed"]
    gates = [f"failed == {n_failed}", "failed <= 2", "new_failures == 1", "broken == 0"]
    for free, bound in zip(check(plain, gates), check(excused, gates), strict=True):
        assert bound.holds or not free.holds, (free.sentence, bound.sentence)
    assert excused.after.totals == plain.after.totals


@given(st.lists(st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(STATUSES), min_size=1),
                min_size=3, max_size=5))  # fmt: skip
def test_the_numbers_of_phases_are_those_of_their_runs(phases):
    drawn_runs = drawn("p", phases)
    c = compare(drawn_runs[-2], drawn_runs[-1])
    said = re.search(r"From p\d to p\d (.*?)(?:; since p0 (.*?))?\.(?: |$)",
                     sentences.verdict(c, drawn_runs[:-2]))  # fmt: skip
    if said is None:
        assert c.verdict_kind in ("no_test_ran", "nothing_in_common")
        return
    last = failing(phases[-1])
    pairs = [(said[1], failing(phases[-2])), (said[2], failing(phases[0]))]
    for words, then in pairs:
        if words is not None:
            expected = [last] if then == last else [abs(last - then), then, last]
            assert numbers(words) == expected


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(*[st.sampled_from("PF")] * 3),
                       min_size=1))  # fmt: skip
def test_in_a_matrix_build_cases_and_tests_are_counted_apart(drawn_tests):
    def side(index):
        rows = [(test, system) for test in drawn_tests for system in ("linux", "windows")]
        ended = {
            row: "failed" if drawn_tests[row[0]][(index + (row[1] == "windows")) % 3] == "F"
            else "passed" for row in rows
        }  # fmt: skip
        columns = {
            "case_id": [f"{test} {{{system}}}" for test, system in rows],
            "test_id": [test for test, _ in rows],
            "variant": [system for _, system in rows],
            "signature": ["no" if s == "failed" else None for s in ended.values()],
        }
        return make_run(str(index), {" ".join(row): s for row, s in ended.items()}, columns), ended

    (before, first), (after, second) = side(0), side(1)
    c = compare(before, after)
    broke = [row for row in first if (first[row], second[row]) == ("passed", "failed")]
    tests = {test for test, _ in broke}
    said = re.search(r"(\d+) (?:tests?|cases of (\d+) tests?) that passed now fails?", c.verdict)
    assert (int(said[1]) if said else 0) == len(broke)
    if said:
        assert int(said[2] or said[1]) == len(tests)


def an_incident_counts_the_cases_that_it_names(c, before, after, gates):
    # An incident is of runs: a test of it may have passed in another run of the side.
    failed = {
        case
        for run in c.after_runs
        for case in run.results.loc[run.results["status"] == "failed", "case_id"]
    }
    for one in incidents_after(c):
        assert len(one.cases) == len(set(one.cases))
        assert set(one.cases) <= failed
    if said := re.search(r"one cause, (\d+) of (\d+) tests? that ran", c.verdict):
        n, n_ran = int(said[1]), int(said[2])
        tried = c.after.results["status"].isin(TRIED)
        assert n_ran == int(tried.sum())
        assert n == int((c.changes["standing"] == "new").sum()) >= 3


SAYINGS = (
    each_count_in_a_verdict_is_that_of_the_rows_and_none_is_left_out,
    totals_and_matrix_hold_each_case_once_whatever_runs_a_side_has,
    a_pass_rate_is_that_of_all_results_but_expected_failures,
    gates_on_changes_read_what_the_verdict_says,
    the_words_of_each_standing_count_the_runs_of_the_case,
    doors_and_causes_add_up_to_what_failed,
    a_missed_count_names_as_many_cases_as_it_reads,
    an_incident_counts_the_cases_that_it_names,
)


#: What is read off each comparison, once for all of them.
GATES = ["pass_rate >= 50%"] + [
    f"{name} == 0" for name in (
        "broken", "fixed", "lost", "arrived", "new_flaky", "new_failures", "regressions", "failed",
        "flaky",
    )
]  # fmt: skip


# One comparison for all of them: making it takes longer than what is asked of it. About half of
# them are made again with known issues.
@settings(max_examples=2 * settings().max_examples)
@given(runs, runs, st.booleans(), st.sets(st.sampled_from("abcdefgh")))
def test_every_number_that_a_comparison_says_is_that_of_the_rows(before, after, is_known, known):
    sides = drawn("b", before), drawn("a", after)
    c = compare(*sides)
    gates = {gate.metric: gate for gate in check(c, GATES)}
    for holds in SAYINGS:
        holds(c, before, after, gates)
    if is_known:
        kim = {"owner": "kim", "reason": "#1", "expires": "2099-12-31"}
        issues = [issue({**kim, "case": f"a.spec.ts › {case}"}) for case in sorted(known)]
        a_known_issue_never_makes_a_gate_miss(c, compare(*sides, known_issues=issues))
