"""Wordings of many runners, libraries and languages, each with the category that it must get."""

from pathlib import Path

import pandas as pd
import pytest

from fictures_reports.classification import classify
from fictures_reports.schema import results_frame

DATA = Path(__file__).parent / "data"


def table(name: str) -> list[list[str]]:
    text = pd.read_csv(DATA / name, sep="\t", keep_default_na=False, dtype=str, quoting=3)
    return [list(row) for row in text.to_numpy().tolist()]


def unescaped(text: str) -> str:
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\")


@pytest.mark.parametrize(("category", "text"), table("wordings.tsv"))
def test_a_failure_in_another_tools_words_gets_its_category(category: str, text: str) -> None:
    frame = results_frame({"case_id": ["a"], "status": ["failed"], "message": [unescaped(text)]})
    assert classify(frame)["category"].tolist() == [category]


@pytest.mark.parametrize(("category", "reason"), table("reasons.tsv"))
def test_a_skip_reason_gets_its_kind(category: str, reason: str) -> None:
    frame = results_frame({"case_id": ["a"], "status": ["skipped"], "skip_reason": [reason]})
    assert classify(frame)["category"].tolist() == [category]
