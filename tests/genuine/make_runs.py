#!/usr/bin/env python3
"""Run the suites in suites/ twice without a change and keep what their runners write.

    python3 make_runs.py                 # all of them, about ten minutes
    python3 make_runs.py pytest_check    # only the suites named

Needs Python 3.11+, npm, /usr/bin/chromium and both package registries. The suites are copied to a
neutral folder and run there, because runners write absolute paths into their results. HOME_OF_RUNS
names another folder. Results go to runs/SUITE/run1.tar.xz and run2.tar.xz,
which hold a folder for each format.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = Path(os.environ.get("HOME_OF_RUNS", "/home/ci/project"))
PYTHON = HOME / ".venv" / "bin" / "python"
PIP = [
    "allure-pytest",
    "pytest",
    "pytest-bdd",
    "pytest-check",
    "pytest-describe",
    "pytest-json-ctrf",
    "pytest-json-report",
    "pytest-playwright",
    "pytest-repeat",
    "pytest-reportlog",
    "pytest-rerunfailures",
    "pytest-xdist",
    "unittest-xml-reporting",
]
NPM = [
    "@playwright/test",
    "allure-playwright",
    "jest",
    "jest-ctrf-json-reporter",
    "jest-junit",
    "playwright-ctrf-json-reporter",
    "vitest",
]
FEW = "heading|flaky|only|orders of"  # enough to tell the parts of a run from each other


def call(words: list[str], folder: Path, **environment: str) -> None:
    """Run a command; that its tests fail is no error."""
    print(folder.name, *environment.values(), ":", *words[:4], flush=True)
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    subprocess.run(
        words, cwd=folder, env=known | environment, stdout=subprocess.DEVNULL, check=False
    )


def install() -> None:
    """Install the newest releases of all runners, and print which they are."""
    HOME.mkdir(parents=True, exist_ok=True)
    venv.create(HOME / ".venv", with_pip=True)
    subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", "--upgrade", *PIP], check=True)
    (HOME / "package.json").write_text('{"name": "project", "private": true}\n', "utf-8")
    npm = ["npm", "install", "--no-audit", "--no-fund"]
    subprocess.run([*npm, *NPM], cwd=HOME, check=True)
    subprocess.run([PYTHON, "-m", "pip", "freeze"], check=True)
    subprocess.run(["npm", "ls", "--depth=0"], cwd=HOME, check=True)


def copy(suite: str, name: str | None = None) -> Path:
    """Lay a suite into the neutral folder, anew for each run."""
    folder = HOME / (name or suite)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "suites" / suite, folder)
    return folder


def by_pytest(suite: str, *options: str) -> Path:
    """Run a suite once for JUnit's older form and all other formats, and once for the newer."""
    folder = copy(suite)
    out = folder / "out"
    others = [
        "--json-report", f"--json-report-file={out}/json-report/report.json",
        f"--report-log={out}/reportlog/report.jsonl", f"--alluredir={out}/allure",
        f"--ctrf={out}/ctrf/ctrf.json",
    ]  # fmt: skip
    for part in ("json-report", "reportlog", "ctrf"):
        (out / part).mkdir(parents=True)
    for family, more in (("xunit1", others), ("xunit2", [])):
        tries = folder / f"tries-{family}"
        tries.mkdir()
        junit = ["-o", f"junit_family={family}", f"--junitxml={out}/junit-{family}/junit.xml"]
        call(
            [str(PYTHON), "-m", "pytest", "-q", "--rootdir=.", *options, *junit, *more],
            folder,
            TRIES=str(tries),
        )
    return out


def by_unittest(_: str) -> Path:
    """Run plain unittest through unittest-xml-reporting, and through pytest."""
    out = by_pytest("python_unittest")
    call(
        [str(PYTHON), "-m", "xmlrunner", "discover", "--output", f"{out}/xmlrunner"],
        HOME / "python_unittest",
    )
    return out


def playwright(folder: Path, *options: str, **environment: str) -> Path:
    """Run Playwright with every reporter."""
    out = folder / "out"
    call(["npx", "playwright", "test", *options], folder, **{"OUT": str(out)} | environment)
    return out


def by_playwright(_: str) -> Path:
    """Two projects, one retry, traces."""
    return playwright(copy("playwright"))


def in_shards(name: str) -> Path:
    """Two shards, each with its own files."""
    folder = copy("playwright", name)
    for part in ("1", "2"):
        options = [f"--shard={part}/2", "-g", FEW]
        playwright(folder, *options, OUT=f"{folder}/out/{part}", BLOB=f"report-{part}.zip")
    return merged(by_format(folder / "out", "1", "2"))


def in_environments(name: str) -> Path:
    """The same tests and projects on two systems, of which one fails a test more."""
    folder = copy("playwright", name)
    for system in ("linux", "windows"):
        names = {"ENVIRONMENT": system, "BLOB": f"report-{system}.zip"}
        playwright(folder, "-g", FEW, OUT=f"{folder}/out/{system}", **names)
    return merged(by_format(folder / "out", "linux", "windows"))


def in_two_goes(name: str) -> Path:
    """All tests, then `--last-failed`, as a second go of a workflow does."""
    folder = copy("playwright", name)
    first, second = folder / "out" / "attempt-1", folder / "out" / "attempt-2"
    playwright(folder, "-g", FEW, OUT=str(first), GO="1", BLOB="report-1.zip")
    (second / "json" / "test-results").mkdir(parents=True)
    shutil.copy(first / "json/test-results/.last-run.json", second / "json/test-results")
    options = ["-g", FEW, "--last-failed"]
    playwright(folder, *options, OUT=str(second), GO="2", BLOB="report-2.zip")
    return by_format(folder / "out", "attempt-1", "attempt-2")


def with_a_broken_server(name: str) -> Path:
    """No test runs, because the web server ends before it listens."""
    return playwright(copy("playwright", name), BROKEN_SERVER="1")


def with_a_broken_teardown(name: str) -> Path:
    """All chosen tests pass, then the global tear-down fails."""
    return playwright(copy("playwright", name), "-g", "has a heading", BROKEN_TEARDOWN="1")


def by_format(out: Path, *parts: str) -> Path:
    """out/PART/FORMAT → out/FORMAT/PART, so that a format's folder is one run."""
    for part in parts:
        for kind in sorted((out / part).iterdir()):
            (out / kind.name).mkdir(exist_ok=True)
            shutil.move(kind, out / kind.name / part)
        (out / part).rmdir()
    for blob in sorted((out / "blob").glob("*/*.zip")):  # merge-reports wants them side by side
        shutil.move(blob, out / "blob" / blob.name)
        blob.parent.rmdir()
    return out


def merged(out: Path) -> Path:
    """Let Playwright merge the blobs of a run into its JSON."""
    (out / "json-merged").mkdir()
    call(
        ["npx", "playwright", "merge-reports", "--reporter=json", "out/blob"],
        out.parent,
        PLAYWRIGHT_JSON_OUTPUT_NAME=str(out / "json-merged" / "results.json"),
    )
    return out


def by_jest(_: str) -> Path:
    folder = copy("jest")
    (folder / "out" / "json").mkdir(parents=True)  # jest makes no folder
    call(["npx", "jest", "--json", "--outputFile=out/json/results.json"], folder)
    return folder / "out"


def by_vitest(_: str) -> Path:
    folder = copy("vitest")
    call(["npx", "vitest", "run"], folder)
    return folder / "out"


SUITES = {
    "pytest_xdist": lambda name: by_pytest(name, "-n2", "--reruns=1"),
    "pytest_addresses": by_pytest,
    "pytest_subtests": by_pytest,
    "pytest_check": by_pytest,
    "pytest_describe": by_pytest,
    "pytest_bdd": by_pytest,
    "pytest_repeat": by_pytest,
    "pytest_playwright": lambda name: by_pytest(name, "--reruns=1"),
    "python_unittest": by_unittest,
    "playwright": by_playwright,
    "playwright_shards": in_shards,
    "playwright_environments": in_environments,
    "playwright_last_failed": in_two_goes,
    "playwright_broken_server": with_a_broken_server,
    "playwright_broken_teardown": with_a_broken_teardown,
    "jest": by_jest,
    "vitest": by_vitest,
}


def keep(out: Path, target: Path) -> None:
    """Pack what a run wrote, without this machine's names and without all traces but one."""
    thin(out)
    names = {f'"{platform.node()}"': '"runner"', sys.base_prefix: "/usr/local"}
    for file in sorted(out.rglob("*")):
        if file.suffix in {".xml", ".json", ".jsonl"}:
            file.write_bytes(without(names, file.read_bytes()))
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.make_archive(str(target), "xztar", out)


def thin(target: Path) -> None:
    """Delete what only takes room: traces and pictures but the first, texts of error contexts."""
    for pattern, kept in (("*.zip", 1), ("*.png", 1), ("*.md", 0)):
        files = [f for f in sorted(target.rglob(pattern)) if f.is_file() and "blob" not in f.parts]
        for file in [*files][kept:]:
            file.unlink()


def without(names: Mapping[str, str], content: bytes) -> bytes:
    for name, instead in names.items():
        content = content.replace(name.encode(), instead.encode())
    return content


def main() -> None:
    """Make the runs of all suites, or of those named."""
    install()
    for name in sys.argv[1:] or SUITES:
        for run in ("run1", "run2"):
            keep(SUITES[name](name), HERE / "runs" / name / run)


if __name__ == "__main__":
    main()
