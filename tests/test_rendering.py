"""Rendering inside of a program: threads, event loops, Jupyter, and what is left behind."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest

import fictures_reports as fr

from .conftest import ROOT, RUNS, make_run

N_CALLERS = 6
#: What a render could change for the whole process, as a program that Python runs by itself.
SNAPSHOT = """
import builtins, gc, json, linecache, logging, os, signal, sys, threading, warnings, weakref
from IPython.core.interactiveshell import InteractiveShell
import fictures_reports as fr
from fictures_reports.report.rendering import html_export, render as _

def snapshot():
    names = ("displayhook", "excepthook", "last_value", "ps1", "ps2", "stdout", "stderr", "stdin")
    return {
        "hooks": [repr(getattr(sys, name, None)) for name in names],
        "main": id(sys.modules["__main__"]),
        "path": list(sys.path),
        "signals": [repr(signal.getsignal(one)) for one in sorted(signal.valid_signals())],
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "warnings": [repr(one) for one in warnings.filters] + [repr(warnings.showwarning)],
        "collector": [gc.isenabled(), gc.get_freeze_count(), gc.get_threshold(), gc.callbacks],
        "logging": [repr(logging.root.handlers), logging.root.level, logging.root.manager.disable],
        "shell": InteractiveShell.initialized(),
        "builtins": sorted(vars(builtins)),
        "threads": threading.active_count(),
        "sources": sorted(name for name in linecache.cache if name.startswith("<")),
    }

def differences(before, after):
    return {name: [before[name], after[name]] for name in before if before[name] != after[name]}
"""


def report_of(number, folder, start, called_by):
    """Render a run of its own when all others do, from a thread or from a running event loop."""
    run = make_run(f"run-{number}", {f"only in {number}": "failed", "in all": "passed"})
    path = folder / f"{number}.html"

    async def rendered():
        fr.render("run", run=run, output=path)

    start.wait()
    if called_by == "loop":
        asyncio.run(rendered())
    else:
        fr.render("run", run=run, output=path)
    return path.read_text(encoding="utf-8")


def test_reports_rendered_at_once_each_tell_of_their_own_run(tmp_path, capfd):
    start, done = threading.Barrier(N_CALLERS), threading.Event()

    def chatter():
        while not done.wait(0.01):
            sys.stdout.write("said by another thread\n")

    talker = threading.Thread(target=chatter)
    talker.start()
    kinds = ["thread", "loop"] * (N_CALLERS // 2)
    try:
        with ThreadPoolExecutor(N_CALLERS) as pool:
            calls = [
                pool.submit(report_of, number, tmp_path, start, kind)
                for number, kind in enumerate(kinds)
            ]
            pages = [call.result() for call in calls]
    finally:
        done.set()
        talker.join()
    for number, page in enumerate(pages):
        named = [n for n in range(N_CALLERS) if f"run-{n}" in page or f"only in {n}" in page]
        assert named == [number]
        assert "said by another thread" not in page
    assert "said by another thread" in capfd.readouterr().out


@pytest.fixture(scope="module")
def left(tmp_path_factory):
    """Render a report in a fresh process, then one whose cells fail; give what each left."""
    folder = tmp_path_factory.mktemp("left")
    cells = [
        "run = ''",
        "import os, sys, warnings\nos.chdir('/')\nsys.path.insert(0, '/nowhere')",
        "os.environ['LEFT'] = 'x'\ndel os.environ['KEPT']",
        "sys.excepthook = print\nwarnings.simplefilter('ignore')",
        "1 / 0",
    ]
    template(folder / "mine.ipynb", cells)
    script = SNAPSHOT + (
        f"run = fr.read_run({str(RUNS / 'api-rerun')!r})\n"
        "before = snapshot()\n"
        "fr.render('comparison', before=run, after=run, output='r.html')\n"
        "after, kept = snapshot(), weakref.ref(run)\n"
        "del run\n"
        "gc.collect()\n"
        "whole = [differences(before, after), kept() is None]\n"
        f"run = fr.read_run({str(RUNS / 'api-rerun')!r})\n"
        "before = snapshot()\n"
        "try:\n"
        "    fr.render('mine.ipynb', run=run, output='r.html')\n"
        "except fr.ReportsError as error:\n"
        "    said = str(error)\n"
        "failed = [differences(before, snapshot()), 'ZeroDivisionError' in said]\n"
        "print(json.dumps([whole, failed]))\n"
    )
    return alone(script, folder, KEPT="yes")


def test_a_render_leaves_the_process_as_it_was_and_keeps_no_run(left):
    assert left[0] == [{}, True]


def test_cells_that_change_the_process_and_fail_leave_it_as_it_was(left):
    assert left[1] == [{}, True]


def test_ctrl_c_in_a_cell_ends_the_render_and_not_only_the_cell(tmp_path):
    template(tmp_path / "mine.ipynb", ["run = ''", "raise KeyboardInterrupt"])
    with pytest.raises(KeyboardInterrupt):
        fr.render(tmp_path / "mine.ipynb", run=make_run("r", {}), output=tmp_path / "r.html")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.ipynb"]


def test_jupyter_goes_on_as_before_after_a_report_was_rendered_in_a_cell(tmp_path):
    import papermill

    sources = [
        "import sys\nimport fictures_reports as fr",
        f"run = fr.read_run({str(RUNS / 'api-rerun')!r}, label='by another name')",
        "hooks = (get_ipython(), get_ipython, display, sys.stdout, sys.displayhook, exit)",
        "fr.render('run', run=run, output='r.html')",
        "assert hooks == (get_ipython(), get_ipython, display, sys.stdout, sys.displayhook, exit)",
        "display('shown'); print('printed'); 6 * 7",
        "_ + 1",
        "1 / 0",
    ]
    notebook = template(tmp_path / "in.ipynb", sources)
    with pytest.raises(papermill.PapermillExecutionError, match="ZeroDivisionError"):
        papermill.execute_notebook(
            notebook, tmp_path / "out.ipynb", cwd=tmp_path, progress_bar=False
        )
    cells = nbformat.read(tmp_path / "out.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert code[4].outputs == []
    kinds = [output.output_type for output in code[5].outputs]
    assert kinds == ["display_data", "stream", "execute_result"]
    assert code[6].outputs[0].data["text/plain"] == "43"
    assert "by another name" in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_report_inside_of_a_reports_cell_is_a_report_of_its_own(tmp_path):
    inner = tmp_path / "inner.html"
    cells = [
        "run = ''",
        "import fictures_reports as fr\nprint('outer before')\nouter = get_ipython()",
        f"fr.render('run', run=fr.read_run({str(RUNS / 'api-rerun')!r}), output={str(inner)!r});",
        "assert get_ipython() is outer\nprint('outer after')",
    ]
    mine = template(tmp_path / "mine.ipynb", cells)
    page = fr.render(mine, run=make_run("r", {"x": "passed"}), output=tmp_path / "outer.html")
    assert "outer after" in page.read_text(encoding="utf-8")
    assert "api-rerun" in inner.read_text(encoding="utf-8")
    assert "outer before" not in inner.read_text(encoding="utf-8")


def test_a_run_is_not_read_again_for_its_report_which_names_its_source(tmp_path):
    source = tmp_path / "results.json"
    shutil.copy(RUNS / "api-rerun" / "report.json", source)
    run = fr.read_run(source)
    source.unlink()
    target = fr.render("run", run=run, output=tmp_path / "r.ipynb")
    sources = [cell.source for cell in nbformat.read(target, as_version=4).cells]
    assert any(f'run = "{source}"' in text for text in sources)
    assert any("r = fr.read_run(run" in text for text in sources)


def test_read_run_returns_a_run_as_it_is_or_with_the_label_and_rules_asked_for():
    run = fr.read_run(RUNS / "api-rerun")
    assert fr.read_run(run) is run
    renamed = fr.read_run(run, label="by another name")
    assert (renamed.label, renamed.run_id, run.label) == (
        "by another name",
        run.run_id,
        "api-rerun",
    )
    assert renamed.results is run.results


def test_nothing_is_written_into_the_package_while_reports_are_rendered(tmp_path):
    site = tmp_path / "site"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "fictures_reports", site / "fictures_reports", ignore=ignored)
    shutil.copytree(ROOT / "notebooks", site / "notebooks", ignore=ignored)
    before = sorted(site.rglob("*"))
    script = (
        "import fictures_reports as fr\n"
        f"run = fr.read_run({str(RUNS / 'api-rerun')!r})\n"
        "fr.render('comparison', before=run, after=run, output='r.html', show_code=True)\n"
        "fr.render('run', run=run, output='s.html', static=True)\n"
        "print(repr(fr.__file__).replace(chr(39), chr(34)))\n"
    )
    # Python's own caches are not ours to forbid.
    told = alone(script, tmp_path, PYTHONPATH=str(site), PYTHONDONTWRITEBYTECODE="1")
    assert Path(told).parent == site / "fictures_reports"
    assert sorted(site.rglob("*")) == before


def alone(script, folder, **environment):
    """Run a script by itself and return what it printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", script],
        check=False, capture_output=True, text=True, cwd=folder, env=os.environ | environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def template(path, sources):
    """Write a notebook whose first cell has the parameters."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells[0].metadata.tags = ["parameters"]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
    return path


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("n_files", [1, 200])
def test_reading_a_run_starts_no_process(tmp_path, monkeypatch, n_files, frozen):
    def refused(*_, **__):
        raise AssertionError("a process was started")

    for number in range(n_files):
        said = f"<system-out>{'x' * 3000}</system-out>"
        case = f'<testcase classname="a" name="t{number}">{said}</testcase>'
        text = f'<testsuite name="pytest" tests="1">{case}</testsuite>'
        (tmp_path / f"{number}.xml").write_text(text)
    if frozen:
        monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(subprocess, "Popen", refused)
    monkeypatch.setattr(os, "fork", refused)
    assert len(fr.read_run(tmp_path).results) == n_files
