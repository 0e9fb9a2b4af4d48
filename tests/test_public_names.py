"""The names that `import fictures_reports as fr` gives, in whatever order they are used."""

from __future__ import annotations

import pickle
import subprocess
import sys

import pytest

import fictures_reports as fr
from fictures_reports import classify as package
from fictures_reports.classify import classify

from .conftest import ROOT, make_run

#: What is asked of a fresh interpreter before `fr.classify` is called.
FIRST = {
    "nothing": "",
    "read_run": "fr.read_run",
    "load_rules": "fr.load_rules",
    "itself": "fr.classify",
    "its package": "import fictures_reports.classify.frames",
    "its function": "from fictures_reports.classify import classify",
}


@pytest.mark.parametrize("first", FIRST.values(), ids=FIRST)
def test_classify_can_be_called_whatever_was_imported_before(first):
    call = "fr.classify(fr.read_run('runs/phase2-rerun').results)['category'].notna().any()"
    script = f"import fictures_reports as fr\n{first}\nassert {call}\nfr.classify.frames.classify"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


def test_classify_does_what_the_function_does_and_can_be_given_to_other_processes():
    results = make_run("a", {"one": "failed", "two": "passed"}).results
    assert fr.classify is package
    assert fr.classify(results).equals(classify(results))
    assert pickle.loads(pickle.dumps(fr.classify)) is fr.classify


def test_every_public_name_but_the_charts_can_be_called_after_all_were_imported():
    names = [getattr(fr, name) for name in fr.__all__]
    assert [one.__name__ for one in names if not callable(one)] == ["fictures_reports.charts"]
