"""Each format of a run gives the categories of the richest one, but for what it cannot tell."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pandas as pd
import pytest

from .conftest import PACKED, run_in
from .test_formats_agree import OTHER_IDS, OTHER_VARIANTS, RICHEST

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "readers" / "data"
#: Of runs that lie in a folder, the file that tells most.
FOLDERS = {
    **{ROOT / "runs" / f"phase2-{name}": "results.json" for name in ("initial", "rerun")},
    **{ROOT / "runs" / f"api-{name}": "reportlog.jsonl" for name in ("initial", "rerun")},
    **{DATA / f"playwright-{version}": "results.json" for version in ("1.40", "1.65")},
    **{DATA / f"pytest-{version}": "log.jsonl" for version in ("7", "9")},
}
#: Categories that a format gives instead of the richest one's, and why.
SAYS_LESS = {
    # the text of a try that failed before the last one
    ("pytest junit", "unknown"), ("json-report", "unknown"),
    # an unexpected pass without a word, and a test that could not begin
    ("allure", "unknown"),
    # what the test printed before it gave up, or that it never ran
    ("playwright junit", "skipped"), ("playwright junit", "skipped_declared"),
    ("allure", "skipped"), ("ctrf", "skipped"),
    # a subtest that was skipped is all that these tell of its test
    *product(("allure", "ctrf", "pytest junit", "json-report"), ("skipped_declared",)),
    # the test's own error, where only a subtest's decides
    ("json-report", "code_error"),
}  # fmt: skip
#: What a blob tells more: that a hook or a fixture failed.
SAYS_MORE = {("blob", "fixture_error")}
#: Statuses of which the category follows; where these differ, test_formats_agree says how.
FOLLOWS = {"passed", "xpassed", "xfailed"}


def categories(frame: pd.DataFrame) -> dict[str, tuple[str, str]]:
    known = frame["category"].fillna("")
    return dict(zip(frame["case_id"], zip(frame["status"], known, strict=True), strict=True))


def odd(richest: Path, other: Path, name: str) -> list[tuple[str, str, str]]:
    """List the cases of which the two tell other categories, without those that are explained."""
    ours, theirs = (categories(run_in(path).results) for path in (richest, other))
    return [
        (case, ours[case][1], category)
        for case, (status, category) in theirs.items()
        if case in ours and category != ours[case][1]
        and not {status, ours[case][0]} & FOLLOWS
        and (name, category) not in SAYS_LESS | SAYS_MORE
    ]  # fmt: skip


@pytest.mark.parametrize("suite", sorted(path.name for path in PACKED.iterdir()))
def test_every_format_of_a_genuine_run_tells_of_the_same_categories(
    genuine: Path, suite: str
) -> None:
    run = genuine / suite / "run1"
    kind = suite.partition("_")[0]
    richest = run / RICHEST[kind]
    for folder in sorted(run.iterdir()):
        if folder == richest or {(suite, folder.name)} & (OTHER_IDS | OTHER_VARIANTS):
            continue
        form = folder.name.partition("-")[0] if folder.name.startswith("junit") else folder.name
        language = "pytest" if kind == "python" else kind
        name = f"{language} junit" if form == "junit" else form
        assert odd(richest, folder, name) == [], folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_format_of_a_run_in_a_folder_tells_of_the_same_categories(folder: Path) -> None:
    names = {".zip": "blob", ".xml": "junit", ".json": "json-report", ".jsonl": "reportlog"}
    kind = "pytest" if FOLDERS[folder].endswith("l") else "playwright"
    files = [path for path in sorted(folder.iterdir()) if path.suffix in names]
    assert len(files) >= 3
    for file in files:
        name = names[file.suffix]
        name = f"{kind} junit" if name == "junit" else name
        assert odd(folder / FOLDERS[folder], file, name) == [], file.name
