"""Causes against failures that were grouped by hand: how many pairs are together, and apart."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]


def benchmark() -> Any:
    """Load benchmarks/classify.py, which prints the same figures."""
    spec = importlib.util.spec_from_file_location(
        "classify_benchmark", ROOT / "benchmarks/classify.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def classify() -> Any:
    return benchmark()


def test_own_texts_of_kinds_that_were_merged_or_split_wrongly_fall_into_their_groups(
    classify: Any,
) -> None:
    hand, ours = classify.own_and_ours()
    assert len(hand) >= 100
    assert classify.adjusted_rand(hand, ours) >= 0.97


@pytest.mark.skipif(not (ROOT.parent / "shared" / "corpus").is_dir(), reason="needs the corpus")
@pytest.mark.parametrize("labels", ["groups.tsv", "groups_held_back.tsv"])
def test_causes_agree_with_groups_made_by_hand(classify: Any, labels: str) -> None:
    hand, ours = classify.hand_and_ours(classify.CORPUS, labels)
    assert len(hand) >= 400
    assert classify.adjusted_rand(hand, ours) >= 0.92
