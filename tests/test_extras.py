"""Without its extras the package is small and quick, and says what to install for the rest."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

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
        # Compiled once here, and not again by each command where nothing may be written.
        ["pip", "install", "--compile-bytecode", "--python", str(venv), str(ROOT)],
    ):
        subprocess.run([uv, "--quiet", *words], check=True)
    return venv / "bin"


@pytest.fixture
def without(bare, tmp_path):
    """Run the command of an installation without extras."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [bare / "fictures-reports", *words], check=False, capture_output=True, text=True,
            cwd=tmp_path, env=os.environ | environment,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    ("words", "extra"),
    [
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
    ],
)
def test_what_lacks_its_extra_says_in_one_line_what_to_install(without, tmp_path, words, extra):
    done = without(*words)
    assert done.returncode == 1, done.stderr
    [line] = done.stderr.splitlines()
    assert f'not installed here – pip install "fictures-reports[{extra}]"' in line
    assert not list(tmp_path.iterdir())


def test_the_numbers_the_histories_and_the_step_need_no_extra(without, tmp_path):
    for run in (BEFORE, AFTER):
        assert without("ingest", run, "--into", "h", "--branch", "main").returncode == 0
    for words in (
        ("compare", BEFORE, AFTER, "--format", "json"),
        ("compare", BEFORE, AFTER, "--format", "markdown"),
        ("compare", "h@latest~1", "h@latest", "-o", "PHASE.md", "--document"),
        ("history", "h", "--format", "markdown"),
        ("quarantine", "propose", "h"),
        ("classify", AFTER),
        ("results", AFTER, "--format", "parquet", "-o", "r.parquet"),
    ):
        done = without(*words)
        assert done.returncode == 0, done.stderr
    done = without("ci", AFTER, "--store", "h", "--format", "none", GITHUB_ACTIONS="true")
    assert done.returncode == 0, done.stdout


def test_a_step_that_cannot_draw_its_page_says_what_to_install_and_keeps_its_verdict(without):
    done = without("ci", AFTER, "--before", BEFORE, "--gate", "broken <= 1")
    assert done.returncode == 0, done.stdout
    [line] = [one for one in done.stdout.splitlines() if "could not be drawn" in one]
    assert 'pip install "fictures-reports[report]"' in line


def test_in_python_a_missing_extra_is_an_error_of_ours_and_an_import_error(bare):
    script = (
        "import fictures_reports as fr\n"
        "for use in (lambda: fr.charts.trend, lambda: fr.render, lambda: fr.History('h').scan()):\n"
        "    try: use()\n"
        "    except ImportError as error: print(isinstance(error, fr.ReportsError), error)\n"
    )
    ingest = [bare / "fictures-reports", "ingest", AFTER, "--into", "h"]
    subprocess.run(ingest, check=True, capture_output=True, cwd=bare.parent)
    done = subprocess.run(
        [bare / "python", "-c", script], check=True, capture_output=True, text=True,
        cwd=bare.parent,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert [line.startswith("True ") for line in lines] == [True] * 3
    assert 'pip install "fictures-reports[lake]"' in lines[2]


@pytest.mark.parametrize(
    "words",
    [
        ["compare", BEFORE, AFTER, "--format", "json", "-o", "r.json"],
        ["compare", BEFORE, AFTER, "--format", "markdown", "-o", "r.md"],
        ["run", AFTER, "--format", "json", "-o", "r.json"],
        ["ci", AFTER, "--before", BEFORE, "--store", "h", "--format", "none"],
        ["ci", AFTER, "--store", "h", "--format", "none"],
        ["ingest", AFTER, "--into", "h"],
    ],
)
def test_nothing_that_only_pages_and_tables_need_is_imported_for_the_numbers(tmp_path, words):
    script = (
        "import sys\n"
        "from fictures_reports.cli.commands import main\n"
        f"try: main({words!r})\n"
        "except SystemExit: pass\n"
        f"print('imported:', *sorted(set(sys.modules) & set({HEAVY!r})))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.splitlines()[-1].strip() == "imported:"
