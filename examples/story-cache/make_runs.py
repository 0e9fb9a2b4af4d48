#!/usr/bin/env python3
"""Produce the reference runs: the two suites, each before and after the test data is made.

    python3 make_runs.py                              # short time-outs, about five minutes
    STORY_CACHE_TIMEOUT_SCALE=1 python3 make_runs.py  # the real 240 s, about 25 minutes

The example is copied to a neutral folder and run there, because runners write absolute paths into
their results. Arguments name the runs to make; without any, all four. Exit status 1 says that a
test ended otherwise than outcomes.tsv has it. The environment can say:

    STORY_CACHE_HOME           where to copy and run it (default /srv/story-cache, or, where that
                               cannot be made, story-cache in the temporary folder)
    STORY_CACHE_RUNS           where the folders of results go (default $STORY_CACHE_HOME/runs)
    STORY_CACHE_TIMEOUT_SCALE  1 is 240 s for each browser test (default 0.1: 24 s)
    STORY_CACHE_CHROMIUM       the browser (default /usr/bin/chromium, else Playwright's own)
    STORY_CACHE_PYTHON         the Python of the API's tests (default: this one)
    STORY_CACHE_PORT           the app's port (default 4173)
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

HERE = Path(__file__).resolve().parent
DATASETS = {
    "phase2-initial": "empty",
    "phase2-rerun": "seeded",
    "api-initial": "empty",
    "api-rerun": "seeded",
}
DEFAULTS = {
    "STORY_CACHE_TIMEOUT_SCALE": "0.1",
    "STORY_CACHE_CHROMIUM": "/usr/bin/chromium",
    "STORY_CACHE_PYTHON": sys.executable,
    "STORY_CACHE_PORT": "4173",
}
PICTURES = 6  # so many different pictures are kept beside results.json; report.zip has all
HOSTNAME = "story-cache"  # instead of the machine's name, which pytest's JUnit files record


class Example:
    """The copy of this example in its neutral folder, and what is run there."""

    def __init__(self):
        self.home = neutral_folder()
        self.environment = DEFAULTS | os.environ
        self.environment.pop("STORY_CACHE_TOKEN", None)  # a test skips without it

    def copy(self):
        for name in ("app", "tests", "api_tests"):
            shutil.rmtree(self.home / name, ignore_errors=True)
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(HERE / name, self.home / name, ignore=ignored)
        for name in ("package.json", "playwright.config.ts"):
            shutil.copy(HERE / name, self.home / name)

    def install(self):
        if not (self.home / "node_modules/@playwright/test").exists():
            self.run("npm", "install", "--no-package-lock", "--no-audit", "--no-fund")
            if not Path(self.environment["STORY_CACHE_CHROMIUM"]).exists():
                self.run("npx", "playwright", "install", "chromium")
        if not (self.home / ".venv/bin/pytest").exists():
            self.run(self.environment["STORY_CACHE_PYTHON"], "-m", "venv", ".venv")
            self.run(".venv/bin/pip", "install", "-q", "-r", "api_tests/requirements.txt")

    def run(self, *command, check=True, **settings):
        print("+", *command, flush=True)
        environment = self.environment | settings
        subprocess.run(command, cwd=self.home, env=environment, check=check)

    def run_browser_tests(self, name, results):
        settings = {"STORY_CACHE_DATASET": DATASETS[name], "STORY_CACHE_RESULTS": name}
        self.run("npx", "playwright", "test", check=False, STORY_CACHE_PHASE=name, **settings)
        written = self.home / name
        pictures = {file.read_bytes(): file for file in reversed(sorted_pictures(written))}
        for file in [*written.glob("re*.*"), *sorted(pictures.values())[:PICTURES]]:
            target = results / file.relative_to(written)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)

    def run_api_tests(self, name, results):
        port = self.environment["STORY_CACHE_PORT"]
        url = f"http://127.0.0.1:{port}"
        serve = [sys.executable, "app/server.py", "--port", port, "--dataset", DATASETS[name]]
        app = subprocess.Popen(serve, cwd=self.home)
        try:
            wait_for(f"{url}/api/health")
            self.run(
                ".venv/bin/pytest",
                "api_tests",
                f"--junitxml={name}/junit.xml",
                f"--junitxml-xunit1={name}/junit-xunit1.xml",
                "--json-report",
                "--json-report-indent=1",
                f"--json-report-file={name}/report.json",
                f"--report-log={name}/reportlog.jsonl",
                check=False,
                STORY_CACHE_URL=url,
            )
        finally:
            app.terminate()
            app.wait()
        for file in (self.home / name).glob("*.*"):
            shutil.copy(file, results / file.name)
        for file in results.glob("*.xml"):  # nothing else in the results is changed
            text = file.read_text("utf-8")
            file.write_text(re.sub('hostname="[^"]*"', f'hostname="{HOSTNAME}"', text), "utf-8")


def neutral_folder():
    home = Path(os.environ.get("STORY_CACHE_HOME", "/srv/story-cache"))
    try:
        home.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        home = Path(tempfile.gettempdir(), "story-cache")
        home.mkdir(exist_ok=True)
    return home


def sorted_pictures(folder):
    return sorted(folder.glob("test-results/*/*.png"))


def wait_for(url):
    for _ in range(100):
        try:
            return urlopen(url).close()
        except URLError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def letter(result):
    """How a test ended, as outcomes.tsv has it.

    T timed out, X threshold missed, I internal fixture error, C error in the test's own code,
    S skipped, ok passed.
    """
    if result["status"] in ("passed", "skipped"):
        return {"passed": "ok", "skipped": "S"}[result["status"]]
    text = " ".join(error["message"] for error in result["errors"])
    words = {"Test timeout of": "T", "Internal error": "I", "SecurityError": "C", "toBe": "X"}
    return next((found for word, found in words.items() if word in text), "?")


def outcomes(suite):
    for inner in suite.get("suites", []):
        yield from outcomes(inner)
    for spec in suite.get("specs", []):
        yield spec["title"], letter(spec["tests"][0]["results"][0])


def deviations(name, results):
    """Name the tests that ended otherwise than outcomes.tsv has it."""
    found = dict(outcomes(json.loads((results / "results.json").read_text("utf-8"))))
    column = "before" if DATASETS[name] == "empty" else "after"
    with (HERE / "outcomes.tsv").open(encoding="utf-8") as file:
        expected = {row["test"]: row[column] for row in csv.DictReader(file, delimiter="\t")}
    for test in expected | found:
        if expected.get(test) != found.get(test):
            yield f"{name}: {test}: {found.get(test)} instead of {expected.get(test)}"


def main():
    example = Example()
    example.copy()
    example.install()
    runs = Path(os.environ.get("STORY_CACHE_RUNS", example.home / "runs")).absolute()
    wrong = []
    for name in sys.argv[1:] or DATASETS:
        for folder in (example.home / name, runs / name):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        if name.startswith("api-"):
            example.run_api_tests(name, runs / name)
        else:
            example.run_browser_tests(name, runs / name)
            wrong += deviations(name, runs / name)
    print(*wrong, f"The results are in {runs}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
