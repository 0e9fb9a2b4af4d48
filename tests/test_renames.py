"""Which cases are offered as the same test under another name, and which never are."""

from __future__ import annotations

import pytest

from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.likeness import likeness, words_of
from fictures_reports.analysis.rename_patterns import new_names
from fictures_reports.analysis.renames import suggestions
from fictures_reports.errors import SchemaError

from .conftest import make_run


def run(label, *cases):
    """Draw a run of cases: (file, suite, title, status, message, seconds)."""
    filled = [(*case, *("passed", None, 1.0)[len(case) - 3 :]) for case in cases]
    ids = [" › ".join(part for part in case[:3] if part) for case in filled]
    columns = {
        "case_id": ids,
        "file": [c[0] for c in filled],
        "suite": [c[1] for c in filled],
        "title": [c[2] for c in filled],
        "message": [c[4] for c in filled],
        "duration_s": [c[5] for c in filled],
        "status": [c[3] for c in filled],
    }
    return make_run(label, {f"{i}": c[3] for i, c in enumerate(filled)}, columns)


def pairs(before, after):
    found = suggestions(compare(run("b", *before), run("a", *after)))
    return dict(zip(found["before"], found["after"], strict=True))


BESIDE = [("shop/cart.spec.ts", "Cart", title) for title in ("empties at midnight", "sums up")]


def test_the_end_of_the_path_and_the_failure_beat_an_equal_title():
    before = [
        ("test_root.py", "TestTop", "test_same"),
        ("tests/api/test_same.py", "", "test_same", "failed", "assert 0"),
        ("tests/ui/test_same.py", "", "test_same"),
    ]
    after = [
        ("api/test_same.py", "", "test_same", "failed", "assert 0"),
        ("ui/test_same.py", "", "test_same"),
    ]
    assert pairs(before, after) == {
        "tests/api/test_same.py › test_same": "api/test_same.py › test_same",
        "tests/ui/test_same.py › test_same": "ui/test_same.py › test_same",
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("pays with a voucher twice", "pays with two vouchers twice"),
        ("recieves a confirmation by mail", "receives a confirmation by mail"),
        ("should refuse expired cards", "refuses expired cards"),
        ("购物车可以清空商品", "购物车可以清空全部商品"),
    ],
)
def test_a_title_edited_in_its_place_is_offered(old, new):
    where = "shop/cart.spec.ts", "Cart"
    found = pairs(
        [BESIDE[0], (*where, old), BESIDE[1]], [BESIDE[0], (*where, new), BESIDE[1]]
    )  # fmt: skip
    assert list(found.values()) == [f"shop/cart.spec.ts › Cart › {new}"]


def test_of_two_that_are_as_likely_neither_is_offered():
    before = [*BESIDE, ("shop/cart.spec.ts", "Cart", "pays by card at once")]
    after = [("shop/cart.spec.ts", "Cart", f"pays by card at {when}") for when in ("noon", "dawn")]
    assert pairs(before, [*BESIDE, *after]) == {}


def test_what_was_removed_is_not_paired_with_what_was_added():
    before = [*BESIDE, ("shop/cart.spec.ts", "Cart", "keeps the voucher after a login")]
    after = [*BESIDE, ("shop/cart.spec.ts", "Cart", "shows the price without tax")]
    assert pairs(before, after) == {}


def test_other_parameters_or_numbers_are_another_test():
    where = "tests/test_gcd.py", ""
    before = [(*where, "test_gcd[54-24]"), (*where, "TC-041: gcd of primes"), (*where, "test_x")]
    after = [(*where, "test_gcd[42-14]"), (*where, "TC-045: gcd of primes"), (*where, "test_x")]
    assert pairs(before, after) == {}


def test_one_more_of_a_kind_that_the_file_has_is_another_test():
    where = "tests/test_state.py", ""
    kept = [(*where, f"test_stores_{kind}_values_in_order") for kind in ("text", "binary")]
    before = [(*where, "test_stores_date_values_in_order"), *kept]
    after = [*kept, (*where, "test_stores_float_values_in_order")]
    assert pairs(before, after) == {}


def test_a_title_that_many_files_have_says_nothing_of_where_a_test_went():
    kept = [(f"e2e/{name}.spec.ts", "", "opens") for name in ("cart", "list", "pay")]
    before, after = ("e2e/old.spec.ts", "", "opens"), ("e2e/fresh.spec.ts", "", "opens")
    assert pairs([*kept, before], [*kept, after]) == {}


def test_a_duration_of_its_own_speaks_for_a_pair_and_another_against_it():
    where = "shop/cart.spec.ts", "Cart"
    before = [*BESIDE, (*where, "pays by card", "passed", None, 60.0)]
    after = [
        *BESIDE,
        (*where, "pays by visa card", "passed", None, 61.0),
        (*where, "pays by debit card", "passed", None, 1.0),
    ]
    assert list(pairs(before, after).values()) == ["shop/cart.spec.ts › Cart › pays by visa card"]


def test_a_file_that_went_elsewhere_is_one_line_and_its_patterns_are_settings():
    titles = ("pays by card", "sums up the basket", "refuses a voucher")
    other = [("e2e/list.spec.ts", "List", f"lists {what}") for what in ("dogs", "cats", "birds")]
    gone = [("e2e/left.spec.ts", "", "shows the old banner of spring")]
    before = run("b", *other, *gone, *(("e2e/cart.spec.ts", "Cart", title) for title in titles))
    after = run("a", *other, *(("shop/basket.spec.ts", "Cart", title) for title in titles))
    found = suggestions(compare(before, after))
    assert found[["before", "after", "cases"]].to_numpy().tolist() == [
        ["e2e/cart.spec.ts › *", "shop/basket.spec.ts › *", 3]
    ]
    c = compare(before, after, renames=dict(zip(found["before"], found["after"], strict=True)))
    assert (c.counts["still_passing"], c.counts["lost"], c.counts["arrived"]) == (6, 1, 0)


@pytest.mark.parametrize(
    ("pattern", "case", "new"),
    [
        (("tests/old/*", "tests/new/*"), "tests/old/a.py › x", "tests/new/a.py › x"),
        (("* [e2e]", "* [web]"), "a.ts › x [e2e]", "a.ts › x [web]"),
        (("*/app/[id]/*", "*/shop/[id]/*"), "src/app/[id]/a.ts", "src/shop/[id]/a.ts"),
        (
            ("a.ts › * › Cart › *", "b.ts › * › Basket › *"),
            "a.ts › A › Cart › x",
            "b.ts › A › Basket › x",
        ),
        (("tests/old/*", "tests/new/*"), "tests/older/a.py › x", None),
        (("a*a", "b*b"), "a", None),
    ],
)
def test_a_star_stands_for_what_stays_and_all_else_for_itself(pattern, case, new):
    assert new_names(dict([pattern]), [case]).get(case) == new


def test_an_id_named_outright_goes_before_a_pattern():
    renames = {"old/*": "new/*", "old/a.py › x": "else/a.py › y"}
    assert new_names(renames, ["old/a.py › x"]) == {"old/a.py › x": "else/a.py › y"}


def test_no_two_cases_become_one():
    assert new_names({"a/*": "c/*", "b/*": "c/*"}, ["a/x", "b/x", "a/y", "c/y"]) == {}


def test_patterns_with_unequal_stars_are_refused_with_both():
    with pytest.raises(SchemaError, match=r"'old/\*' has 1 '\*' and 'new' has 0"):
        new_names({"old/*": "new"}, ["old/a"])


def test_runs_of_one_side_are_renamed_each_by_itself():
    first, second, after = (run(n, (f"{n}/a.py", "", "x")) for n in ("old", "new", "new"))
    c = compare([first, second], after, renames={"old/*": "new/*"})
    assert c.changes[["case_id", "n_before"]].to_numpy().tolist() == [["new/a.py › x", 2]]


def timed(file, suite, title, seconds=None):
    return file, suite, title, "passed", None, seconds


STAYS = timed("keep.py", "Kept", "stays")


@pytest.mark.parametrize(
    ("old", "new", "is_offered"),
    [
        # the title (3) and the describe (1) less another file name (0.75)
        (timed("a.py", "Cart", "pays by card"), timed("b.py", "Cart", "pays by card"), True),
        # the title (3), the file name (0.75) and the duration (0.4) less another describe (1)
        (timed("x/a.py", "Cart", "pays", 1.0), timed("y/a.py", "Shop", "pays", 1.0), False),
    ],
)
def test_a_pair_is_offered_from_a_score_of_3_and_a_quarter_on(old, new, is_offered):
    assert len(pairs([old, STAYS], [new, STAYS])) == is_offered


@pytest.mark.parametrize(
    ("seconds", "is_offered"),
    [(None, False), (10.0, True)],  # worse by 0.4 where no duration is known, by 0.8 with another
)
def test_of_two_candidates_one_is_offered_that_is_better_by_half_a_point(seconds, is_offered):
    old = timed("a.py", "Cart", "pays by card", 1.0)
    good, other = (timed(file, "Cart", "pays by card", s)
                   for file, s in (("b.py", 1.0), ("c.py", seconds)))  # fmt: skip
    assert len(pairs([old, STAYS], [good, other, STAYS])) == is_offered


@pytest.mark.parametrize("n_tests", [2, 3])
def test_each_other_test_that_went_the_same_way_counts_half_a_point(n_tests):
    # 2.65 by themselves: the title (3) and the duration (0.4) less another file name (0.75)
    titles = ["opens a door", "shuts some windows", "paints every wall"][:n_tests]
    old, new = ([*(timed(file, "", title, 1.0) for title in titles), STAYS]
                for file in ("a.py", "b.py"))  # fmt: skip
    assert pairs(old, new) == ({"a.py › *": "b.py › *"} if n_tests == 3 else {})


def test_two_tests_of_a_file_that_got_another_name_are_one_row():
    titles = ["opens a door", "shuts some windows"]
    old, new = ([*(timed(file, "Cart", title) for title in titles), STAYS]
                for file in ("a.py", "b.py"))  # fmt: skip
    assert pairs(old, new) == {"a.py › *": "b.py › *"}


@pytest.mark.parametrize(("title", "is_offered"), [("pays by card", 0), ("pays by card twice", 1)])
def test_a_title_of_four_words_may_leave_a_file_that_stays(title, is_offered):
    stays = timed("x/a.py", "", "another thing")
    old, new = (timed(file, "", title, 1.0) for file in ("x/a.py", "y/a.py"))
    assert len(pairs([old, stays], [new, stays])) == is_offered


@pytest.mark.parametrize(("title", "is_offered"), [("pays by card", 0), ("stays", 1)])
def test_a_title_that_another_test_of_both_sides_has_says_little(title, is_offered):
    stays = timed("keep.py", "Kept", title)
    old, new = (timed(file, "Cart", "pays by card", 1.0) for file in ("x/a.py", "y/a.py"))
    assert len(pairs([old, stays], [new, stays])) == is_offered


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [("paint", "point", True), ("recording", "recouping", False)],
)
def test_two_words_that_share_four_fifths_of_their_letters_are_one(old, new, is_same):
    assert likeness(words_of(old), words_of(new), {}) == is_same
