"""What can go wrong around a command, each brought about for real: one line, exit 1, no debris."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from fictures_reports.cli import faults

from .conftest import RUNS
from .history.conftest import load

API = str(RUNS / "api-rerun")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals, limits and /dev")


@pytest.fixture(autouse=True)
def interrupts_arrive():
    """Let Ctrl-C reach what a test starts: a shell ignores it for what runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


Ran = subprocess.CompletedProcess[Any]


def fresh(*words: Any, prepare: str = "", **options: Any) -> Ran:
    """Run the command in a new interpreter, after some Python that sets the scene."""
    code = f"{prepare}\nimport sys\nfrom fictures_reports.cli.commands import main\nmain()"
    call = [sys.executable, "-c", code, *map(str, words)]
    given = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    return subprocess.run(call, check=False, **given)


@pytest.fixture
def command(tmp_path_factory) -> Callable[..., Ran]:
    """Run the command like `fresh`, in a process that has imported everything when it begins."""
    start = load("warm_processes").start

    def run(
        *words: Any, prepare: str = "", cwd: Path | None = None, stderr: str = "", **variables: str
    ) -> Ran:
        folder = tmp_path_factory.mktemp("printed")
        out, err = folder / "out", Path(stderr or folder / "err")
        given = [str(word) for word in words]
        begin = (
            "import os\n"
            f"for number, path in ((1, {str(out)!r}), (2, {str(err)!r})):\n"
            "    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)\n"
        )
        end = f"\nfrom fictures_reports.cli.commands import main\nmain({given!r})"
        started = start(exec, begin + prepare + end, {}, cwd=cwd, **variables)
        started.end()
        said = "" if stderr else err.read_bytes().decode("utf-8")
        return subprocess.CompletedProcess(
            given, started.process.exitcode, out.read_bytes().decode("utf-8"), said
        )

    return run


def is_one_line(done: subprocess.CompletedProcess[str], *words: str) -> bool:
    """Tell whether a command ended with 1 and one line with these words."""
    lines = done.stderr.splitlines()
    fits = len(lines) == 1 and lines[0].startswith("fictures-reports: ")
    return done.returncode == 1 and fits and all(word in lines[0] for word in words)


def test_a_read_error_names_the_file(command):
    # Reading the memory at address 0 is an input/output error.
    assert is_one_line(command("results", "/proc/self/mem"), "/proc/self/mem", "Input/output error")


def test_a_file_without_permission_is_named(command):
    # Root may read everything: a process that gives that right away has imported all it needs.
    drop = (
        "import contextlib, io, os\nfrom fictures_reports.cli.commands import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    main(['results', {API!r}])\n"
        "os.geteuid() or os.setuid(65534)"
    )
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "junit.xml"
        shutil.copy(RUNS / "api-rerun" / "junit.xml", path)
        path.chmod(0)
        done = command("results", path, prepare=drop)
    assert is_one_line(done, "junit.xml", "Permission denied")


def test_a_full_device_as_standard_output():
    with Path("/dev/full").open("w") as full:
        done = fresh("results", API, stdout=full)
    assert is_one_line(done, "standard output", "No space left on device")


def test_a_full_device_as_a_named_file(command):
    done = command("run", API, "-o", "/dev/full", "--format", "json")
    assert is_one_line(done, "/dev/full", "No space left on device")


def test_a_full_device_for_errors_changes_neither_answer_nor_exit_code(command, tmp_path):
    target = tmp_path / "r.json"
    done = command("run", API, "-o", target, stderr="/dev/full")
    assert done.returncode == 0
    assert json.loads(target.read_text())["schema_version"] == 2


def test_a_reader_that_went_away():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as pipe:
        done = fresh("results", API, "--format", "json", stdout=pipe)
    assert is_one_line(done, "standard output", "went away")


def test_a_closed_standard_output():
    done = fresh("results", API, stdout=None, preexec_fn=lambda: os.close(1))
    assert is_one_line(done, "standard output is closed")


@pytest.mark.parametrize("ending", ["html", "ipynb", "json", "md"])
def test_a_file_that_cannot_be_written_to_its_end_leaves_the_old_one(command, tmp_path, ending):
    target = tmp_path / f"r.{ending}"
    target.write_text("old")
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    prepare = f"import sys\nsys.dont_write_bytecode = True\n{limit}"
    done = command("run", API, "-o", target, prepare=prepare)
    assert is_one_line(done, target.name, "File too large")
    assert target.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == [target.name]


@pytest.mark.parametrize(
    "words", [("--format", "csv", "-o", "r.csv"), ("--format", "parquet", "-o", "r.parquet")]
)
def test_rows_that_cannot_be_written_to_their_end_leave_nothing(command, tmp_path, words):
    limit = "import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))"
    prepare = f"import sys\nsys.dont_write_bytecode = True\n{limit}"
    done = command("results", API, *words, cwd=tmp_path, prepare=prepare)
    assert is_one_line(done, words[-1], "File too large")
    assert list(tmp_path.iterdir()) == []


def test_too_little_memory(command, tmp_path):
    # 60 MB of output in a process that may grow by 40 MB once everything is imported.
    case = f'<testcase classname="a" name="b"><system-out>{"word " * 12_000_000}</system-out>'
    path = tmp_path / "junit.xml"
    path.write_text(f"<testsuite>{case}</testcase></testsuite>")
    prepare = (
        "import resource, fictures_reports.reading, fictures_reports.classification\n"
        "import fictures_reports.readers.read, fictures_reports.report.results_output\n"
        "from fictures_reports.cli import faults\n"
        "size = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (size + 40_000_000,) * 2)"
    )
    done = command("results", path, prepare=prepare)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_a_memory_error_is_said_without_a_word_of_a_bug(capsys):
    def command() -> int:
        return len(bytearray(sys.maxsize))

    assert faults.guarded(command) == 1
    assert capsys.readouterr().err.startswith("fictures-reports: there is not enough memory")


@pytest.mark.parametrize("form", ["json", "csv", "table"])
def test_a_name_that_is_no_utf_8(tmp_path, command, form):
    path = named(tmp_path, b"/b\xffd.xml")
    shutil.copy(RUNS / "api-rerun" / "junit.xml", path)
    done = command("results", path, "--format", form)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_page_of_and_under_a_name_that_is_no_utf_8(tmp_path, command):
    path, target = named(tmp_path, b"/b\xffd.xml"), named(tmp_path, b"/o\xffd.html")
    shutil.copy(RUNS / "api-rerun" / "junit.xml", path)
    done = command("run", path, "-o", target)
    assert done.returncode == 0
    assert "o\ufffdd.html" in done.stderr
    assert "b\ufffdd.xml" in target.read_text(encoding="utf-8")


def named(folder: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.fsencode(folder) + name))


@pytest.fixture
def history(command, tmp_path):
    command("ingest", API, "--into", tmp_path / "h", "--format", "delta")
    return tmp_path / "h"


def test_a_truncated_parquet_file(command, history):
    for path in history.rglob("*.parquet"):
        path.write_bytes(path.read_bytes()[:500])
    assert is_one_line(command("history", history), "arquet")


def test_an_unreadable_table_log(command, history):
    for path in history.rglob("_delta_log/*.json"):
        path.write_text('{"add": tru')
    done = command("history", history)
    assert is_one_line(done, str(history))
    assert "<unknown>" not in done.stderr


_BUG = (
    "import fictures_reports.reading as reading\n"
    "def read_run(*_, **__): return {}['nothing']\n"
    "reading.read_run = read_run"
)


def test_a_bug_says_that_it_is_one_and_how_to_get_its_traceback(command):
    done = command("results", API, prepare=_BUG)
    assert is_one_line(done, "a bug", "KeyError", "nothing", "--debug")


@pytest.mark.parametrize("words", [("--debug", "results", API), ("results", API, "--debug")])
def test_debug_shows_the_traceback(command, words):
    done = command(*words, prepare=_BUG)
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr


def test_an_environment_variable_shows_the_traceback_of_any_fault(command):
    done = command("results", "nowhere", FICTURES_DEBUG="1")
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr


@pytest.mark.parametrize("coding", ["cp1252", "ascii"])
def test_standard_output_is_utf_8_under_any_code_page(tmp_path, coding):
    path = tmp_path / "junit.xml"
    path.write_text('<testsuite><testcase classname="a" name="größer → kleiner"/></testsuite>')
    where = os.environ | {"PYTHONIOENCODING": coding, "LC_ALL": "C", "PYTHONUTF8": "0"}
    # A process of its own takes up what the environment says; both formats in one.
    as_json = (
        "import contextlib, sys\nfrom fictures_reports.cli.commands import main\n"
        f"words = ['compare', {str(path)!r}, {str(path)!r}, '--format', 'json']\n"
        "with contextlib.suppress(SystemExit):\n    main(words)\nprint('and as Markdown')\n"
        f"sys.stdout.reconfigure(encoding={coding!r}, errors='strict')"
    )
    words = ("compare", path, path, "--format", "markdown")
    done = fresh(*words, prepare=as_json, text=False, env=where)
    assert (done.returncode, done.stderr) == (0, b"")
    numbers, _, text = done.stdout.decode("utf-8").partition("and as Markdown\n")
    assert json.loads(numbers)["schema_version"] == 2
    assert "→" in text


def test_ctrl_c_is_quiet_and_leaves_nothing(command, tmp_path):
    target, scratch, begun = (tmp_path / name for name in ("r.html", "scratch", "begun"))
    target.write_text("old")
    scratch.mkdir()
    template = tmp_path / "mine.ipynb"
    command("notebook", "run", "-o", template)
    notebook = json.loads(template.read_text())
    source = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(600)"
    last = next(cell for cell in reversed(notebook["cells"]) if cell["cell_type"] == "code")
    last["source"] = source
    template.write_text(json.dumps(notebook))
    words = ["run", API, "-o", target, "--template", template]
    process = subprocess.Popen(
        [sys.executable, "-m", "fictures_reports", *words], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=os.environ | {"TMPDIR": str(scratch)},
    )  # fmt: skip
    while process.poll() is None and not begun.exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, b"", b"")
    assert target.read_text() == "old"
    assert {path.name for path in tmp_path.iterdir()} == {
        "r.html", "scratch", "begun", "mine.ipynb",
    }  # fmt: skip
    assert list(scratch.iterdir()) == []


def test_ctrl_c_between_two_statements_of_a_cell_leaves_nothing(command, tmp_path):
    template, target = tmp_path / "mine.ipynb", tmp_path / "r.html"
    command("notebook", "run", "-o", template)
    notebook = json.loads(template.read_text())
    last = next(cell for cell in reversed(notebook["cells"]) if cell["cell_type"] == "code")
    # IPython calls this for each statement: Ctrl-C may come here, outside of any statement.
    last["source"] = (
        "def interrupted(*_, **options):\n    raise KeyboardInterrupt\n"
        "get_ipython().run_code = interrupted\n1"
    )
    template.write_text(json.dumps(notebook))
    done = command("run", API, "-o", target, "--template", template)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert {path.name for path in tmp_path.iterdir()} == {"mine.ipynb"}


def test_ctrl_c_while_a_file_is_written_leaves_the_old_one(tmp_path):
    target = tmp_path / "r.txt"
    target.write_text("old")
    code = (
        "import sys, time\nfrom pathlib import Path\n"
        "from fictures_reports.cli import faults\n"
        "from fictures_reports.safe_write import replacing\n"
        "def command():\n"
        "    with replacing(Path(sys.argv[1])) as part:\n"
        "        part.write_text('half')\n"
        "        print('writing', flush=True)\n"
        "        time.sleep(600)\n"
        "    return 0\n"
        "sys.exit(faults.guarded(command))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, target], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout
    assert process.stdout.readline() == b"writing\n"
    assert len(list(tmp_path.iterdir())) == 2
    process.send_signal(signal.SIGINT)
    assert process.communicate() == (b"", b"")
    assert process.returncode == 130
    assert [path.name for path in tmp_path.iterdir()] == ["r.txt"]
    assert target.read_text() == "old"


def test_an_interrupt_that_a_library_made_an_error_of_its_own_is_still_one(capsys):
    def command() -> int:
        try:
            signal.raise_signal(signal.SIGINT)
        except KeyboardInterrupt:
            raise ValueError("something broke") from None
        return 0

    assert faults.guarded(command) == 130
    assert capsys.readouterr().err == ""
