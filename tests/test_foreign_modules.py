"""Modules that lie among the results, as in a checkout of anyone's pull request, are never run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from .conftest import ROOT, RUNS
from .test_action import ACTION, STEPS, filled
from .test_extras import several

COMMAND = str(Path(sys.executable).with_name("fictures-reports"))
SIDES = ("before", "after")
NAMES = (
    "pandas", "msgspec", "json", "altair", "re", "numpy", "IPython", "papermill", "nbconvert",
    "fictures_reports", "lxml", "typing", "venv", "pip", "jupyter_config", "ipython_config",
    "jupyter_nbconvert_config",
)  # fmt: skip
#: Templates of the current folder are no part of a page: neither of our names nor of nbconvert's.
TEMPLATES = ("page.html.j2", "overview.html.j2", "index.html.j2", "base/display_priority.j2")


@pytest.fixture
def folder(tmp_path):
    return checkout_in(tmp_path)


def checkout_in(place):
    """Make a folder with two runs and modules that leave a mark beside it when they are run."""
    folder = place / "checkout"
    folder.mkdir(parents=True)
    (place / "marks").mkdir()
    for side, run in zip(SIDES, ("phase2-initial", "phase2-rerun"), strict=True):
        shutil.copytree(RUNS / run, folder / side)
    for name in NAMES:
        mark = place / "marks" / name
        (folder / f"{name}.py").write_text(f"open({str(mark)!r}, 'w').close()\n")
    for name in TEMPLATES:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a template from the checkout")
    return folder


def marks(folder):
    return sorted(path.name for path in (folder.parent / "marks").iterdir())


def run_in(folder, words, **environment):
    done = subprocess.run(
        words, check=False, capture_output=True, text=True, cwd=folder, env=os.environ | environment
    )
    assert marks(folder) == [], "modules of the current folder were run"
    return done


COMMANDS = [
    (("notebook", "comparison"), 0),
    (("run", "nowhere", "-o", "r.html"), 1),
    (("ingest", "after", "--into", "history"), 0),
    (("results", "after"), 0),
    (("classify", "after", "--explain"), 0),
    (("compare", *SIDES, "--format", "json"), 0),
    (("compare", *SIDES, "--format", "markdown"), 0),
    (("compare", *SIDES, "-o", "r.ipynb"), 0),
    (("run", "after", "-o", "r.html", "--show-code"), 0),
    (("history", ".", "-o", "r.html"), 0),
    (("compare", *SIDES, "-o", "r.html", "--static"), 0),
]


@pytest.fixture(scope="module")
def several_commands(tmp_path_factory):
    """Run those commands in one process, those that import the most last, each in its folder."""
    place = tmp_path_factory.mktemp("commands")
    folders = [checkout_in(place / str(number)) for number in range(len(COMMANDS))]
    words = [words for words, _ in COMMANDS]
    found = several(sys.executable, list(zip(folders, words, strict=True)))
    return dict(zip(words, zip(folders, found, strict=True), strict=True))


@pytest.mark.parametrize(("words", "code"), COMMANDS, ids=lambda value: str(value))
def test_no_command_runs_a_module_of_the_current_folder(several_commands, words, code):
    folder, given = several_commands[words]
    assert given.code == code, given.err
    assert marks(folder) == [], "modules of the current folder were run"
    # What an earlier command has imported would not be run again.
    assert not {"", ".", str(folder)} & set(given.path)
    shows_no_template(folder)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        # A page is drawn by the same path: for the next one, and by the plain script, below.
        (["compare", *SIDES, "-o", "r.md", "--gate", "passed >= 24"], 2),
        (["compare", *SIDES, "--format", "pdf", "-o", "r.pdf"], 0),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_installed_command_runs_no_module_of_the_current_folder(folder, words, code, request):
    if "pdf" in words:
        request.getfixturevalue("chromium")
        browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or "google-chrome"
        done = run_in(folder, [COMMAND, *words], FICTURES_CHROMIUM=browser)
    else:
        done = run_in(folder, [COMMAND, *words])
    assert done.returncode == code, done.stderr
    shows_no_template(folder)


def shows_no_template(folder):
    if (folder / "r.html").exists():
        assert "a template from the checkout" not in (folder / "r.html").read_text("utf-8")


def step(folder, name, **given):
    """Run a step of the action in bash, with `given` in place of what its environment says."""
    found = next(step for step in STEPS if step.get("id") == name)
    inputs = {key: value.get("default", "") for key, value in ACTION["inputs"].items()}
    inputs |= dict(zip(SIDES, SIDES, strict=True))
    own = {key: filled(value, inputs) for key, value in found["env"].items()}
    script = folder.parent / "step.sh"
    script.write_text(found["run"])
    bash = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
    return run_in(folder, bash, **own | given)


def test_the_actions_comparison_runs_no_module_of_the_checkout(folder):
    # The plain script, below, draws the page, too: in the same process of its own.
    done = step(folder, "compare", FICTURES_GATES="passed >= 24", FICTURES_FORMAT="none")
    assert done.returncode == 2, done.stderr
    assert (folder / "fictures-report" / "report.json").is_file()


def test_the_actions_installation_runs_no_module_of_the_checkout(folder):
    wheel = folder.parent / "probe-1-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("probe.py", "")
        archive.writestr(
            "probe-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: probe\nVersion: 1\n"
        )
        archive.writestr(
            "probe-1.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        archive.writestr("probe-1.dist-info/RECORD", "")
    told = folder.parent / "output"
    done = step(
        folder, "install", PYTHON=sys.executable, GITHUB_ACTION_PATH=str(wheel),
        RUNNER_TEMP=str(folder.parent), GITHUB_OUTPUT=str(told), PIP_NO_INDEX="1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    python = told.read_text().strip().removeprefix("python=")
    assert subprocess.run([python, "-P", "-c", "import probe"], check=False).returncode == 0


def test_the_plain_script_runs_no_module_of_the_current_folder(folder):
    plain = ["bash", str(ROOT / "ci" / "plain.sh"), *SIDES, "passed >= 8"]
    done = run_in(folder, plain, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    assert (folder / "fictures-report" / "report.html").is_file()


def test_reading_many_files_runs_no_module_of_the_current_folder(folder):
    (folder / "many").mkdir()
    for number in range(200):
        said = f"<system-out>{'x' * 3000}</system-out>"
        case = f'<testcase classname="a" name="t{number}">{said}</testcase>'
        text = f'<testsuite name="pytest" tests="1">{case}</testsuite>'
        (folder / "many" / f"{number}.xml").write_text(text)
    done = run_in(folder, [COMMAND, "results", "many", "--format", "csv"])
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 201
