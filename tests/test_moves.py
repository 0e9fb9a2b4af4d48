"""A suite that moved as a whole is one finding, and is compared with where it was."""

from __future__ import annotations

import pytest

import fictures_reports as fr
from fictures_reports.analysis.compare import compare
from fictures_reports.analysis.gates import check

from .conftest import make_run


def suite(name, folder, statuses, files=("cart.py", "pay.py")):
    """Draw a run whose tests lie in files of a folder, one after the other."""
    paths = [f"{folder}{files[i % len(files)]}" for i in range(len(statuses))]
    ids = [f"{path} › {title}" for path, title in zip(paths, statuses, strict=True)]
    return make_run(name, statuses, {"case_id": ids, "file": paths})


PASS = {f"t{i}": "passed" for i in range(10)}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("tests/", "suites/shop/", "Moved: tests/ became suites/shop/: 10 tests."),
        ("", "tests/", "Moved: the top folder became tests/: 10 tests."),
        ("packages/web/tests/", "tests/", "Moved: packages/web/ became the top folder: 10 tests."),
    ],
)
def test_a_folder_that_moved_is_one_finding_and_nothing_is_lost_or_new(old, new, sentence):
    c = compare(suite("b", old, PASS), suite("a", new, PASS))
    assert c.counts["still_passing"] == 10
    assert c.verdict == f"As before: all 10 pass. {sentence}"
    assert all(gate.holds for gate in check(c, ["lost == 0", "arrived == 0", "broken == 0"]))


def test_what_broke_while_the_suite_moved_is_broken():
    after = PASS | {"t3": "failed"}
    c = compare(suite("b", "tests/", PASS), suite("a", "suites/", after))
    assert (c.counts["broken"], c.counts["still_passing"]) == (1, 9)


def test_of_ten_cases_nine_must_be_found_again():
    nine = {title: status for title, status in PASS.items() if title != "t0"}
    c = compare(suite("b", "tests/", PASS), suite("a", "suites/", nine, ("pay.py", "cart.py")))
    assert (c.counts["still_passing"], c.counts["lost"]) == (9, 1)
    eight = {title: status for title, status in nine.items() if title != "t9"}
    c = compare(suite("b", "tests/", PASS), suite("a", "suites/", eight, ("pay.py", "cart.py")))
    assert not c.comparable


def test_a_suite_replaced_by_another_has_not_moved():
    others = {f"other{i}": "passed" for i in range(10)}
    c = compare(suite("b", "tests/", PASS), suite("a", "suites/", others))
    assert c.moved is None
    assert c.verdict_kind == "nothing_in_common"


def test_a_file_that_is_collected_again_is_fixed_and_its_tests_are_new():
    error = make_run(
        "b",
        {"(collection)": "failed", "other": "passed"},
        {"phase": ["collection", None], "file": ["tests/a.py", "tests/b.py"]},
    )
    after = make_run(
        "a",
        {"one": "passed", "two": "passed", "other": "passed"},
        {"file": ["tests/a.py", "tests/a.py", "tests/b.py"]},
    )
    c = compare(error, after)
    assert (c.counts["fixed"], c.counts["vanished"], c.counts["arrived"]) == (1, 0, 2)
    words = "1 file that could not be collected is collected now and 2 new tests pass"
    assert c.verdict == f"Better: {words}."


def described(name, suite, titles=PASS, project="", beside="cart.py"):
    """Draw a run of one file whose tests lie in a describe, and of one test beside it."""
    ids = [" › ".join(filter(None, [beside, suite, title])) for title in titles]
    ids = [f"{case} [{project}]" if project else case for case in ids]
    n = len(titles)
    columns = {"case_id": [*ids, "z.py › z"], "file": [beside] * n + ["z.py"],
               "suite": [suite] * n + [""], "project": [project] * n + [""]}  # fmt: skip
    return make_run(name, {**titles, "z": "passed"}, columns)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Cart", "Basket", "describe “Cart” became “Basket”: 10 tests"),
        ("Shop › Cart", "Shop › Basket", "describe “Cart” became “Basket”: 10 tests"),
        ("", "Basket", "no describe became “Basket”: 10 tests"),
        ("Shop › Cart", "Cart", "describe “Shop” became no describe: 10 tests"),
    ],
)
def test_a_renamed_describe_is_one_finding_and_nothing_is_lost_or_new(old, new, sentence):
    c = compare(described("b", old), described("a", new))
    assert c.moved is not None
    assert c.moved.sentence == sentence
    assert (c.counts["still_passing"], c.counts["lost"], c.counts["arrived"]) == (11, 0, 0)


def test_a_renamed_project_is_one_finding():
    c = compare(described("b", "", project="e2e"), described("a", "", project="e2e-chromium"))
    assert c.moved is not None
    assert c.moved.sentence == "project “e2e” became “e2e-chromium”: 10 tests"
    assert c.counts["still_passing"] == 11


def test_another_browser_is_no_project_that_was_renamed():
    c = compare(described("b", "", project="chromium"), described("a", "", project="firefox"))
    assert c.moved is None


def test_two_describes_that_become_one_have_not_been_renamed():
    titles = {f"t{i}": "passed" for i in range(3)}
    two = [described("b", suite, titles) for suite in ("Cart", "List")]
    before = make_run(
        "b",
        {f"{i}": "passed" for i in range(6)},
        {
            name: [*two[0].results[name][:3], *two[1].results[name][:3]]
            for name in ("case_id", "file", "suite", "title")
        },
    )
    assert compare(before, described("a", "Both", titles)).moved is None


def test_a_variant_that_is_gone_is_named_and_the_comparison_is_not_complete():
    here = {f"t{i}": "passed" for i in range(19)}
    both = make_run("b", here | {"last": "passed"}, {"variant": ["linux"] * 19 + ["windows"]})
    c = compare(both, make_run("a", here, {"variant": ["linux"] * 19}))
    assert c.missing_variants == {"windows": 1}
    assert not c.complete
    gate = check(c, ["broken == 0"])[0]
    assert (gate.holds, "windows gave 1 test before, none now" in gate.note) == (False, True)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("com.shop.", "org.shop.", "package “com” became “org”: 6 tests"),
        ("com.shop.", "com.shop.web.", "package “com.shop” became “com.shop.web”: 6 tests"),
        ("App\\Tests\\", "Tests\\", "package “App” became no package: 6 tests"),
    ],
)
def test_a_package_that_was_renamed_is_one_finding_where_results_name_no_files(old, new, sentence):
    def run(name: str, package: str) -> fr.Run:
        classes = [f"{package}{one}" for one in ("CartTest", "UserTest") for _ in range(3)]
        titles = [f"t{i % 3}" for i in range(6)]
        ids = [f"{one} › {title}" for one, title in zip(classes, titles, strict=True)]
        columns = {"case_id": ids, "file": [""] * 6, "suite": classes, "title": titles}
        return make_run(name, {case: "failed" if case[-1] == "2" else "passed" for case in ids},
                        columns)  # fmt: skip

    c = compare(run("b", old), run("a", new))
    assert c.moved is not None
    assert c.moved.sentence == sentence
    assert (c.counts["still_passing"], c.counts["still_failing"]) == (4, 2)


@pytest.mark.parametrize("n_cases", [2, 3])
def test_three_tests_are_a_suite_that_moved_and_two_are_not(n_cases):
    passed = {f"t{i}": "passed" for i in range(n_cases)}
    c = compare(suite("b", "tests/", passed), suite("a", "suites/", passed))
    assert (c.moved is not None) is (n_cases == 3)
