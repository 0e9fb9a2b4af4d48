"""Where a failure is: in the user's own code, not in a package's or the language's."""

import json
from pathlib import Path

import pytest

from fictures_reports.readers.read import read
from fictures_reports.readers.text.javascript_errors import failure as javascript_failure
from fictures_reports.readers.text.python_errors import failure as python_failure
from fictures_reports.readers.text.user_code import is_library

INSTALLED = [
    "/srv/app/.venv/lib/python3.11/site-packages/parser/core.py",
    "/usr/lib/python3/dist-packages/yaml/loader.py",
    "/usr/lib/python3.12/json/decoder.py",
    "/opt/hostedtoolcache/Python/3.13.0/x64/lib/python3.13/asyncio/runners.py",
    "C:/hosted/Python/3.12.1/x64/Lib/unittest/mock.py",
    "C:\\Python312\\Lib\\json\\decoder.py",
    ".tox/py311/lib/python3.11/site-packages/httpx/_client.py",
    "<frozen importlib._bootstrap>",
    "node_modules/got/index.js",
    "/srv/app/node_modules/.pnpm/got@1/node_modules/got/index.js",
    "node:internal/process/task_queues",
]
OWN = ["shop/client.py", "/srv/lib/seats.py", "tests/internals/a.spec.ts", "library/python/a.py"]


@pytest.mark.parametrize("path", INSTALLED)
def test_packages_and_the_standard_library_are_not_the_users_code(path: str) -> None:
    assert is_library(path)


@pytest.mark.parametrize("path", OWN)
def test_a_file_of_the_project_is_the_users_code(path: str) -> None:
    assert not is_library(path)


LONG = """def test_load(client):
>       client.load()

tests/test_r.py:14:
_ _ _ _ _
shop/client.py:31: in load
    return parse(raw)
{library}:88: in parse
    raise ValueError(raw)
E   ValueError: bad header

{library}:88: ValueError"""
SHORT = """tests/test_r.py:14: in test_load
    client.load()
shop/client.py:31: in load
    return parse(raw)
{library}:88: in parse
    raise ValueError(raw)
E   ValueError: bad header"""
NATIVE = """Traceback (most recent call last):
  File "tests/test_r.py", line 14, in test_load
    client.load()
  File "shop/client.py", line 31, in load
    return parse(raw)
           ^^^^^^^^^^
  File "{library}", line 88, in parse
    raise ValueError(raw)
ValueError: bad header"""


@pytest.mark.parametrize("library", INSTALLED[:7])
@pytest.mark.parametrize("style", [LONG, SHORT, NATIVE], ids=["long", "short", "native"])
def test_a_python_error_is_located_in_the_innermost_own_frame(style: str, library: str) -> None:
    error = python_failure("", style.replace("{library}", library))
    assert (error.location, error.error_type) == ("shop/client.py:31", "ValueError")


def test_where_all_frames_are_of_packages_the_innermost_is_the_location() -> None:
    library = INSTALLED[0]
    assert python_failure("", f"{library}:88: ValueError").location == f"{library}:88"


def test_a_group_is_located_in_its_first_member() -> None:
    text = """  + Exception Group Traceback (most recent call last):
  |   File "/srv/app/test_g.py", line 13, in test_seats
  |   File "/usr/lib/python3.11/asyncio/taskgroups.py", line 145, in __aexit__
  | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
  +-+---------------- 1 ----------------
    |   File "/srv/app/test_g.py", line 7, in one
    | KeyError: 'seat'
    +---------------- 2 ----------------
    |   File "/srv/app/test_g.py", line 9, in two
    | ValueError: no price
    +------------------------------------"""
    message = "ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)"
    assert python_failure(message, text).location == "/srv/app/test_g.py:7"


@pytest.mark.parametrize(
    "frames",
    [
        "at node:internal/deps/undici:13510:13\n    at load (/srv/app/node_modules/got/i.js:4:2)",
        "at process.processTicksAndRejections (node:internal/process/task_queues:95:5)",
        "at async load (/srv/app/node_modules/.pnpm/got@1/node_modules/got/i.js:4:2)",
    ],
)
@pytest.mark.parametrize("own", ["at /srv/app/a.spec.ts:12:9", "at async /srv/app/a.spec.ts:12:9"])
def test_a_javascript_error_is_located_in_the_innermost_own_frame(frames: str, own: str) -> None:
    text = f"TypeError: fetch failed\n    {frames}\n    {own}"
    assert javascript_failure(text, root="/srv/app").location == "a.spec.ts:12:9"


def test_a_location_told_by_playwright_in_a_package_gives_way_to_an_own_frame(
    tmp_path: Path,
) -> None:
    error = {
        "message": "TypeError: fetch failed",
        "stack": "TypeError: fetch failed\n    at load (/srv/app/node_modules/got/i.js:4:2)\n"
        "    at /srv/app/tests/a.spec.ts:12:9",
        "location": {"file": "/srv/app/node_modules/got/i.js", "line": 4, "column": 2},
    }
    result = {"status": "failed", "duration": 2, "retry": 0, "errors": [error], "error": error}
    test = {"projectName": "", "expectedStatus": "passed", "status": "unexpected"}
    spec = {"title": "loads", "file": "a.spec.ts", "line": 3, "column": 1}
    suite = {"title": "a.spec.ts", "file": "a.spec.ts"}
    report = {
        "config": {"version": "1.56.1", "rootDir": "/srv/app/tests"},
        "suites": [suite | {"specs": [spec | {"tests": [test | {"results": [result]}]}]}],
        "errors": [],
        "stats": {"expected": 0, "unexpected": 1, "skipped": 0, "flaky": 0, "duration": 2},
    }
    path = tmp_path / "results.json"
    path.write_text(json.dumps(report))
    assert read(path)[0].iloc[0]["location"] == "a.spec.ts:12:9"


XFAILS = [
    "expected failure: (&lt;class 'E'&gt;, KeyError('known'), &lt;traceback object at 0x7&gt;)",
    "expected failure: KeyError('known')",
]


@pytest.mark.parametrize("message", XFAILS, ids=["exception", "words"])
@pytest.mark.parametrize("kind", ["XFAIL", "xfail"])
def test_an_expected_failure_of_unittest_is_one_with_its_cause(
    tmp_path: Path, kind: str, message: str
) -> None:
    path = tmp_path / "TEST-unit.xml"
    path.write_text(
        '<testsuite name="test_unit.T" tests="1" skipped="1"><testcase classname="test_unit.T"'
        f' name="test_xf" time="0.1"><skipped type="{kind}" message="{message}"/></testcase>'
        "</testsuite>"
    )
    row = read(path)[0].iloc[0]
    assert (row["status"], row["expected_status"]) == ("xfailed", "failed")
    assert row["skip_reason"] == "KeyError('known')"


def test_a_failure_of_unittest_is_located_by_its_traceback(tmp_path: Path) -> None:
    path = tmp_path / "TEST-unit.xml"
    path.write_text(
        '<testsuite name="test_unit.T" tests="1" failures="1"><testcase classname="test_unit.T"'
        ' name="test_sum" time="0.1"><failure type="AssertionError" message="1 != 0">'
        'Traceback (most recent call last):\n  File "/srv/app/test_unit.py", line 6, in test_sum\n'
        '    self.assertEqual(1, 0)\n  File "/usr/lib/python3.11/unittest/case.py", line 8, in eq\n'
        "AssertionError: 1 != 0\n</failure></testcase></testsuite>"
    )
    assert read(path)[0].iloc[0]["location"] == "/srv/app/test_unit.py:6"
