"""The action's installation: with the Python that is there, with uv's own, or with clear words."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from tests.test_action import ACTION, ROOT, STEPS, filled

pytestmark = pytest.mark.scripts

#: What the script calls besides Python and uv.
TOOLS = ("bash", "head", "rm", "env", "cat", "dirname", "sort", "find", "cksum")


@pytest.fixture
def install(tmp_path):
    """Run the step that installs, with only some programs on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in TOOLS:
        if found := shutil.which(name):
            (programs / name).symlink_to(found)

    def run(**programs_of: str) -> tuple[subprocess.CompletedProcess[str], str, str]:
        for name, text in programs_of.items():
            path = programs / name.replace("_", ".")
            path.write_text(f"#!{shutil.which('bash')}\n{text}\n")
            path.chmod(0o755)
        step = next(step for step in STEPS if step.get("id") == "install")
        defaults = {name: value.get("default", "") for name, value in ACTION["inputs"].items()}
        defaults |= {"format": "none"}
        own = {name: filled(value, defaults) for name, value in step["env"].items()}
        files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        for path in files.values():
            path.write_text("")
        kept = {name: os.environ[name] for name in os.environ if name.startswith(("UV_", "HOME"))}
        done = subprocess.run(
            [programs / "bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            check=False, capture_output=True, text=True, cwd=tmp_path,
            env=kept | own | {"PATH": str(programs), "RUNNER_TEMP": str(tmp_path / "t")}
            | {"GITHUB_ACTION_PATH": str(ROOT)} | {n: str(path) for n, path in files.items()},
        )  # fmt: skip
        texts = [path.read_text() for path in files.values()]
        return done, texts[0], texts[1]

    return run


@pytest.mark.parametrize(
    ("programs", "found"),
    [
        ({}, "no python3"),
        ({"python3": '[ "$1" = --version ] && echo Python 3.10.12 || exit 2'}, "Python 3.10.12"),
    ],
)
def test_without_a_python_that_is_new_enough_one_error_says_so_and_outputs_are_set(
    install, programs, found
):
    done, outputs, summary = install(**programs)
    assert done.returncode == 1
    [line] = done.stdout.splitlines()
    words = f"Python 3.11 or newer is needed, and here is {found}: use actions/setup-python"
    assert line.startswith(f"::error title=fictures-reports::{words}")
    assert outputs.splitlines()[0].startswith(f"verdict=could not compare: {words}")
    assert outputs.splitlines()[1] == "exit-code=1"
    assert words in summary
    assert not done.stderr


def test_another_python_is_found_where_the_usual_one_is_too_old(install):
    old = '[ "$1" = --version ] && echo Python 3.10.12 || exit 2'
    new = f'exec {sys.executable} "$@"'
    uv = 'printf "%s " "$@" >> "$RUNNER_TEMP.log"; echo >> "$RUNNER_TEMP.log"'
    done, outputs, _ = install(python3=old, python3_11=new, uv=uv)
    assert done.returncode == 0, done.stderr
    assert outputs.startswith("python=")


def test_uv_brings_a_python_of_its_own_where_there_is_none(install, tmp_path):
    uv = 'printf "%s " "$@" >> "$RUNNER_TEMP.log"; echo >> "$RUNNER_TEMP.log"'
    done, outputs, _ = install(uv=uv)
    assert done.returncode == 0, done.stderr
    first, second = (tmp_path / "t.log").read_text().splitlines()
    assert first.startswith("venv --no-config --quiet --python >=3.11 ")
    assert "--constraint" in second
    assert outputs.startswith("python=")


def test_the_constraints_pin_all_that_is_installed_within_what_is_allowed():
    text = (ROOT / "ci" / "constraints.txt").read_text(encoding="utf-8")
    pinned = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        requirement = Requirement(line)
        [version] = requirement.specifier
        pinned.setdefault(requirement.name, []).append(Version(version.version))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    for words in [*project["dependencies"], *extras["report"], *extras["lake"]]:
        wanted = Requirement(words)
        assert all(version in wanted.specifier for version in pinned[wanted.name]), words


def test_artifacts_of_a_matrix_do_not_collide():
    keep = next(step for step in STEPS if step.get("id") == "keep")
    assert re.search(r"inputs\.artifact.+inputs\.variant", keep["with"]["name"])


def test_later_steps_run_only_what_was_installed():
    compare = next(step for step in STEPS if step.get("id") == "compare")
    assert compare["run"] == '"$PYTHON" -P -m fictures_reports ci'
    assert compare["env"]["PYTHON"] == "${{ steps.install.outputs.python }}"
    assert Path(ROOT, "ci", "constraints.txt").is_file()
