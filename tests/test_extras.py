"""Without its extras the package is small and quick, and says what to install for the rest."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).parents[1]
BEFORE, AFTER = str(ROOT / "runs" / "phase2-initial"), str(ROOT / "runs" / "phase2-rerun")
#: What no number needs: they take longer to import than the numbers to be worked out.
HEAVY = (
    "altair", "papermill", "nbconvert", "nbformat", "IPython", "ipykernel", "PIL", "deltalake",
    "duckdb", "scipy.stats",
)  # fmt: skip

pytestmark = pytest.mark.scripts


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Path:
    """Install the package without extras into an environment of its own; return its folder."""
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv is None:
        pytest.skip("uv is not installed here")
    venv = tmp_path_factory.mktemp("bare") / "venv"
    for words in (
        ["venv", "--python", sys.executable, str(venv)],
        ["pip", "install", "--python", str(venv), str(ROOT)],
    ):
        subprocess.run([uv, "--quiet", *words], check=True)
    _take_what_is_compiled(Path(sysconfig.get_path("purelib", vars={"base": str(venv)})))
    return venv / "bin"


def _take_what_is_compiled(libraries: Path) -> None:
    """Link what this Python has compiled of packages; Python looks whether it is of their files.

    To compile them anew takes longer than most commands.
    """
    own = Path(np.__file__).parents[1]
    for name in ("dateutil", "numpy", "pandas", "pyarrow"):
        for cache in (own / name).rglob("__pycache__"):
            target = libraries / cache.relative_to(own)
            if target.parent.is_dir() and not target.exists():
                shutil.copytree(cache, target, copy_function=_linked)


def _linked(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system
        shutil.copy2(source, target)


#: Calls commands one after the other, each in its folder; prints what each gave.
SEVERAL = """
import contextlib, io, json, os, sys
from fictures_reports.cli.commands import main
def given(folder, words):
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try: main(words)
        except SystemExit as stop: code = stop.code
        out.flush(), err.flush()
    said = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return [code, *said, sorted(set(sys.modules) & set(HEAVY)), sys.path]
HEAVY, calls = json.load(sys.stdin)
print(json.dumps([given(*call) for call in calls]))
"""


@dataclass(frozen=True)
class Given:
    """What a command of several in one process gave; what was imported and `sys.path` after it."""

    code: int | None
    out: str
    err: str
    imported: list[str]
    path: list[str]


def several(python: Path | str, calls: list[tuple[Path, tuple[str, ...]]]) -> list[Given]:
    """Call commands in one process: its imports take longer than what most of them do."""
    done = subprocess.run(
        [python, "-P", "-c", SEVERAL], check=True, capture_output=True, text=True, env=compiling(),
        input=json.dumps([HEAVY, [(str(folder), words) for folder, words in calls]]),
    )  # fmt: skip
    return [Given(*one) for one in json.loads(done.stdout)]


def compiling() -> dict[str, str]:
    """Return an environment in which a process keeps what it compiled for the next one."""
    name = "PYTHONDONTWRITEBYTECODE"
    return {key: value for key, value in os.environ.items() if key != name}


@pytest.fixture
def without(bare, tmp_path):
    """Run the command of an installation without extras."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [bare / "fictures-reports", *words], check=False, capture_output=True, text=True,
            cwd=tmp_path, env=compiling() | environment,
        )  # fmt: skip

    return run


def test_what_is_installed_holds_every_template_compiled(bare):
    (page,) = bare.parent.glob("lib/python*/site-packages/fictures_reports/report/page")
    templates = list(page.glob("templates/*.j2"))
    assert len(list(page.glob("compiled/jinja2-*/*.py"))) == len(templates) > 30


LACKING = [
    (("compare", BEFORE, AFTER, "-o", "r.html"), "report"),
    (("compare", BEFORE, AFTER, "-o", "r.html", "--document"), "report"),
    (("run", AFTER, "-o", "r.pdf"), "report"),
    (("run", AFTER, "-o", "r.ipynb"), "report"),
    (("run", AFTER, "-o", "r.html", "--static"), "report"),
    (("history", str(ROOT / "runs"), "-o", "h.html"), "report"),
    (("notebook", "comparison", "-o", "n.ipynb"), "report"),
    (("ingest", AFTER, "--into", "h", "--format", "delta"), "lake"),
    (("ingest", AFTER, "--into", "s3://bucket/h"), "lake"),
    (("history", "s3://bucket/h", "--format", "json"), "lake"),
]


STEP = ("ci", AFTER, "--before", BEFORE, "--gate", "broken <= 1")
#: What needs no extra, one after the other in one folder.
NUMBERS = [
    *(("ingest", run, "--into", "h", "--branch", "main") for run in (BEFORE, AFTER)),
    ("compare", BEFORE, AFTER, "--format", "json"),
    ("compare", BEFORE, AFTER, "--format", "markdown"),
    ("compare", "h@latest~1", "h@latest", "-o", "PHASE.md", "--document"),
    ("history", "h", "--format", "markdown"),
    ("quarantine", "propose", "h"),
    ("classify", AFTER),
    ("results", AFTER, "--format", "parquet", "-o", "r.parquet"),
]


@pytest.fixture(scope="module")
def bare_folder(tmp_path_factory) -> Path:
    """Return the folder in which `NUMBERS` are run."""
    return tmp_path_factory.mktemp("numbers")


@pytest.fixture(scope="module")
def found(bare, bare_folder, tmp_path_factory) -> dict[tuple[str, ...], tuple[Given, list[Path]]]:
    """Return what each of those commands gave without extras, and the files that it left."""
    folder = tmp_path_factory.mktemp("lacking")
    calls = [(bare_folder, words) for words in NUMBERS]
    apart = [*(words for words, _ in LACKING), STEP]
    calls += [(folder / str(number), words) for number, words in enumerate(apart)]
    found = several(bare / "python", calls)
    return {
        words: (given, list(place.iterdir()))
        for (place, words), given in zip(calls, found, strict=True)
    }


@pytest.mark.parametrize(("words", "extra"), LACKING)
def test_what_lacks_its_extra_says_in_one_line_what_to_install(found, words, extra):
    given, files = found[words]
    assert given.code == 1, given.err
    [line] = given.err.splitlines()
    assert f'not installed here – pip install "fictures-reports[{extra}]"' in line
    assert not files


def test_the_installed_command_says_what_it_lacks_and_writes_nothing(without, tmp_path):
    done = without("compare", BEFORE, AFTER, "-o", "r.html")
    assert done.returncode == 1, done.stderr
    [line] = done.stderr.splitlines()
    assert 'not installed here – pip install "fictures-reports[report]"' in line
    assert not list(tmp_path.iterdir())


def test_the_numbers_the_histories_and_the_step_need_no_extra(found, without, bare_folder):
    for words in NUMBERS:
        assert found[words][0].code == 0, (words, found[words][0].err)
    done = without(
        "ci", AFTER, "--store", str(bare_folder / "h"), "--format", "none", GITHUB_ACTIONS="true"
    )
    assert done.returncode == 0, done.stdout


def test_a_step_that_cannot_draw_its_page_says_what_to_install_and_keeps_its_verdict(found):
    given, _ = found[STEP]
    assert given.code == 0, given.out
    [line] = [one for one in given.out.splitlines() if "could not be drawn" in one]
    assert 'pip install "fictures-reports[report]"' in line


def test_in_python_a_missing_extra_is_an_error_of_ours_and_an_import_error(bare):
    script = (
        "import fictures_reports as fr\n"
        f"fr.History('h').append(fr.read_run({AFTER!r}))\n"
        "for use in (lambda: fr.charts.trend, lambda: fr.render, lambda: fr.History('h').scan()):\n"
        "    try: use()\n"
        "    except ImportError as error: print(isinstance(error, fr.ReportsError), error)\n"
    )
    done = subprocess.run(
        [bare / "python", "-c", script], check=True, capture_output=True, text=True,
        cwd=bare.parent, env=compiling(),
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert [line.startswith("True ") for line in lines] == [True] * 3
    assert 'pip install "fictures-reports[lake]"' in lines[2]


def test_nothing_that_only_pages_and_tables_need_is_imported_for_the_numbers(tmp_path):
    commands = [
        ("compare", BEFORE, AFTER, "--format", "json", "-o", "r.json"),
        ("compare", BEFORE, AFTER),
        ("run", AFTER, "--format", "json", "-o", "r.json"),
        ("ci", AFTER, "--before", BEFORE, "--store", "h", "--format", "none"),
        ("ci", AFTER, "--store", "h", "--format", "none"),
        ("ingest", AFTER, "--into", "h"),
    ]
    page = ("compare", BEFORE, AFTER, "-o", "page.html")
    calls = [(tmp_path / str(number), words) for number, words in enumerate([*commands, page])]
    *found, drawn = several(sys.executable, calls)
    for words, given in zip(commands, found, strict=True):
        assert given.imported == [], f"imported once {words} had run"
    # A page without history or prose needs neither the engines of tables nor nbconvert.
    assert (tmp_path / str(len(commands)) / "page.html").is_file()
    assert not {"deltalake", "duckdb", "nbconvert"} & set(drawn.imported)
