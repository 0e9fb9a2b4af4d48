#!/usr/bin/env python3
"""Produce the reference runs: the two suites, each before and after the test data is made.

    python3 make_runs.py                                     # time-outs scaled down, about three minutes
    STORY_CACHE_TIMEOUT_SCALE=1 python3 make_runs.py         # the real 240 s, about twenty-five minutes

The example is copied to a neutral folder and run there, because runners write absolute paths into their results.

    STORY_CACHE_HOME            the folder that it is copied to and run in (default /srv/story-cache, else in the temporary folder)
    STORY_CACHE_RUNS            where the four folders of results go (default $STORY_CACHE_HOME/runs)
    STORY_CACHE_TIMEOUT_SCALE   1 is 240 s for each browser test (default 0.0625: 15 s)
    STORY_CACHE_CHROMIUM        the browser (default /usr/bin/chromium if there is one, else Playwright's own)
    STORY_CACHE_PYTHON          the Python of the API's tests (default: this one)
    STORY_CACHE_PORT            the app's port (default 4173)

Arguments name the runs to make; without any, all four. Exit status 1 says that a test ended otherwise than outcomes.tsv has it.
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
RUNS = {"phase2-initial": "empty", "phase2-rerun": "seeded", "api-initial": "empty", "api-rerun": "seeded"}
DEFAULTS = {
    "STORY_CACHE_TIMEOUT_SCALE": "0.0625",
    "STORY_CACHE_CHROMIUM": "/usr/bin/chromium",
    "STORY_CACHE_PYTHON": sys.executable,
    "STORY_CACHE_PORT": "4173",
}
PICTURES = 6  # of the failures' pictures, so many different ones are kept beside results.json; report.zip has all
HOSTNAME = "story-cache"


def neutral_folder():
    home = Path(os.environ.get("STORY_CACHE_HOME", "/srv/story-cache"))
    try:
        home.mkdir(parents=True, exist_ok=True)
    except PermissionError:
        home = Path(tempfile.gettempdir()) / "story-cache"
        home.mkdir(exist_ok=True)
    return home


def copy_example(home):
    for name in ("app", "tests", "api_tests"):
        shutil.rmtree(home / name, ignore_errors=True)
        shutil.copytree(HERE / name, home / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("package.json", "playwright.config.ts"):
        shutil.copy(HERE / name, home / name)


def install(home, environment):
    if not (home / "node_modules/@playwright/test").exists():
        run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], home, environment)
        if not Path(environment["STORY_CACHE_CHROMIUM"]).exists():
            run(["npx", "playwright", "install", "chromium"], home, environment)
    if not (home / ".venv/bin/pytest").exists():
        run([environment["STORY_CACHE_PYTHON"], "-m", "venv", ".venv"], home, environment)
        run([".venv/bin/pip", "install", "--quiet", "--requirement", "api_tests/requirements.txt"], home, environment)


def run(command, home, environment, check=True):
    print("+", *command, flush=True)
    return subprocess.run(command, cwd=home, env=environment, check=check).returncode


def run_browser_tests(name, results, home, environment):
    settings = {"STORY_CACHE_PHASE": name, "STORY_CACHE_DATASET": RUNS[name], "STORY_CACHE_RESULTS": name}
    run(["npx", "playwright", "test"], home, environment | settings, check=False)
    seen, kept = set(), []
    for picture in sorted((home / name / "test-results").glob("*/*.png")):
        if picture.read_bytes() not in seen and len(kept) < PICTURES:
            kept.append(picture)
        seen.add(picture.read_bytes())
    for file in [*(home / name).glob("re*.*"), *kept]:
        target = results / file.relative_to(home / name)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, target)


def run_api_tests(name, results, home, environment):
    port = environment["STORY_CACHE_PORT"]
    settings = {"STORY_CACHE_URL": f"http://127.0.0.1:{port}"}
    app = subprocess.Popen([sys.executable, "app/server.py", "--port", port, "--dataset", RUNS[name]], cwd=home)
    try:
        wait_for(settings["STORY_CACHE_URL"] + "/api/health")
        files = [f"--junitxml={name}/junit.xml", f"--junitxml-xunit1={name}/junit-xunit1.xml"]
        files += ["--json-report", "--json-report-indent=1", f"--json-report-file={name}/report.json"]
        files += [f"--report-log={name}/reportlog.jsonl"]
        (home / name).mkdir(exist_ok=True)
        run([".venv/bin/pytest", "api_tests", *files], home, environment | settings, check=False)
    finally:
        app.terminate()
        app.wait()
    for file in (home / name).glob("*.*"):
        shutil.copy(file, results / file.name)
    for file in results.glob("*.xml"):  # the one thing that is changed in the results: the machine's name
        file.write_text(re.sub(r'hostname="[^"]*"', f'hostname="{HOSTNAME}"', file.read_text("utf-8")), "utf-8")


def wait_for(url):
    for _ in range(100):
        try:
            return urlopen(url).close()
        except URLError:
            time.sleep(0.1)
    raise SystemExit(f"{url} does not answer")


def letter(result):
    """T timed out, X threshold missed, I internal fixture error, C error in the test's code, S skipped, ok passed."""
    if result["status"] in ("passed", "skipped"):
        return {"passed": "ok", "skipped": "S"}[result["status"]]
    text = " ".join(error["message"] for error in result["errors"])
    for word, found in (("Test timeout of", "T"), ("Internal error", "I"), ("SecurityError", "C"), ("toBe", "X")):
        if word in text:
            return found
    return "?"


def outcomes(suite):
    for inner in suite.get("suites", []):
        yield from outcomes(inner)
    for spec in suite.get("specs", []):
        yield spec["title"], letter(spec["tests"][0]["results"][0])


def deviations(name, results):
    """The tests that ended otherwise than outcomes.tsv has it."""
    found = dict(outcomes(json.loads((results / "results.json").read_text("utf-8"))))
    column = "before" if RUNS[name] == "empty" else "after"
    with (HERE / "outcomes.tsv").open(encoding="utf-8") as file:
        expected = {row["test"]: row[column] for row in csv.DictReader(file, delimiter="\t")}
    for test in expected | found:
        if expected.get(test) != found.get(test):
            yield f"{name}: {test}: {found.get(test)} instead of {expected.get(test)}"


def main():
    home = neutral_folder()
    environment = DEFAULTS | os.environ
    environment.pop("STORY_CACHE_TOKEN", None)
    copy_example(home)
    install(home, environment)
    runs = Path(os.environ.get("STORY_CACHE_RUNS", home / "runs")).absolute()
    wrong = []
    for name in sys.argv[1:] or RUNS:
        for folder in (home / name, runs / name):
            shutil.rmtree(folder, ignore_errors=True)
        (runs / name).mkdir(parents=True)
        if name.startswith("api-"):
            run_api_tests(name, runs / name, home, environment)
        else:
            run_browser_tests(name, runs / name, home, environment)
            wrong += deviations(name, runs / name)
    print(*wrong, f"The results are in {runs}", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
