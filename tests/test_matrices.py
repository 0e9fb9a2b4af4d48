"""The worked notebook of matrices: every question has a short cell, and the cell answers it."""

from __future__ import annotations

import ast
import sys

import nbformat
import pytest

from .conftest import ROOT

FOLDER = ROOT / "examples" / "matrices"
CELLS = [
    cell for cell in nbformat.read(FOLDER / "matrices.ipynb", as_version=4).cells
    if cell.cell_type == "code"
]  # fmt: skip


@pytest.fixture(scope="module")
def shown():
    """Run all cells as a notebook does; return the value that each shows."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(FOLDER))
        names: dict[str, object] = {}
        values = [_shown(cell.source, names) for cell in CELLS]
    sys.modules.pop("generated_history", None)
    return values


def _shown(source: str, names: dict[str, object]) -> object:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_no_answer_takes_more_than_five_lines():
    for cell in CELLS:
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= 5, cell.source


def test_each_cell_answers_its_question(shown):
    _, browsers, systems, branches, weeks, dear, flaky, over_time, chart = shown
    assert browsers["title"].tolist() == ["pays by voucher"] * 2
    assert systems.loc["pays by voucher", ("firefox", "windows")] == "failed"
    assert branches["change"].value_counts().to_dict() == {"broken": 4, "fixed": 2}
    assert weeks[["failed_before", "failed_after"]].to_numpy().tolist() == [[0, 7], [0, 7]]
    assert dear.index[0] == "ships"
    assert flaky["case_id"].str.contains("blinks").tolist() == [True, True]
    assert over_time["firefox"]["linux"].tolist() == ["passed"] * 3 + ["failed"] * 3
    assert chart.to_dict()["mark"]
