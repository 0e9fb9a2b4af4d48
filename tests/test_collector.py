"""The collector of cycles is the command's to switch off; a library call leaves it alone."""

import gc
import subprocess
import sys

import pytest

import fictures_reports as fr

JUNIT = '<testsuite name="pytest"><testcase classname="tests.test_a" name="t"/></testsuite>'


@pytest.mark.parametrize("on", [True, False])
def test_reading_leaves_the_collector_as_it_was(tmp_path, monkeypatch, on):
    path = tmp_path / "junit.xml"
    path.write_text(JUNIT)
    called = []
    for name in ("enable", "disable", "freeze", "unfreeze", "set_threshold"):
        monkeypatch.setattr(gc, name, lambda *_, name=name: called.append(name))
    monkeypatch.setattr(gc, "isenabled", lambda: on)
    fr.read_run(path)
    assert called == []


def test_a_command_runs_with_the_collector_off():
    program = """
import gc
from fictures_reports.cli import commands
commands.cli.main = lambda **_: print(gc.isenabled())
commands.main(["--version"])
"""
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert said.stdout == "False\n"
