"""The step with a bucket as its store, against an S3 server on the loopback interface."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from fictures_reports.history import History
from tests.ci import runners
from tests.ci.conftest import after
from tests.ci.results import playwright_report
from tests.history.conftest import load


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    """Start the server and give the variables that reach its bucket."""
    load("generate")
    with load("stress").s3_server() as environment:
        yield environment


@pytest.fixture
def store(server, request, monkeypatch) -> str:
    """Return an address in the bucket where nothing lies yet."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    return f"s3://reports/{request.node.name}"


def build(system: dict[str, str], run: str, attempt: str = "1") -> dict[str, str]:
    return system | {"GITHUB_RUN_ID": run, "GITHUB_RUN_ATTEMPT": attempt}


def test_first_run_regression_second_attempt_and_fork_are_told_and_kept(step, folder, store):
    main = runners.push(folder, "main")
    first = step(build(main, "1"), after=after(folder, day=1), store=store)
    assert (first.code, first.outputs["baseline"]) == (0, "")
    assert "No baseline yet: this is the first run of main." in first.summary
    red = step(build(main, "2"), after=after(folder, "c", day=2), store=store)
    assert (red.code, red.outputs["baseline"], red.outputs["new-failures"]) == (2, "1", "1")
    assert "**New failures (1):** c (x): no – passed in 1 run on main" in red.summary
    assert "Compared with 1, the only run of main." in red.summary
    again = step(build(main, "2", "2"), after=after(folder, day=3), store=store)
    assert (again.code, again.outputs["baseline"]) == (0, "1")
    assert "**Flaky (1), failed in an earlier attempt and passes now:** c (x): no" in again.summary
    fork = runners.pull_request(folder, fork=True)
    done = step(build(fork, "3"), after=after(folder, "d", day=4), store=store)
    assert (done.code, done.outputs["new-failures"]) == (2, "1")
    assert "The run was not kept: the change comes from a fork" in done.summary
    assert list(History(store).runs()["label"]) == ["1", "2", "2 attempt 2"]


def test_jobs_of_a_matrix_that_end_at_once_are_one_run(folder, store):
    processes = load("warm_processes")

    def start(variant: str) -> Any:
        results = playwright_report(folder / f"{variant}.json", ("c",) if variant == "mac" else ())
        given = {"AFTER": results, "STORE": store, "VARIANT": variant, "FORMAT": "none",
                 "OUTPUT": str(folder / variant)}  # fmt: skip
        own = {f"FICTURES_{name}": value for name, value in given.items()}
        return processes.start(processes.command, "ci", **runners.push(folder, "main"), **own)

    jobs = [start("linux"), start("mac")]
    logs = [job.end() for job in jobs]
    assert [job.process.exitcode for job in jobs] == [0, 0], logs
    runs = History(store).runs()
    assert (list(runs["label"]), list(runs["n_results"])) == (["1001"], [16])
    assert any("which has linux, mac now" in log for log in logs)


def ask_for_credentials(server: dict[str, str], after: str) -> None:
    """Let the server check credentials after so many requests."""
    url = f"{server['AWS_ENDPOINT_URL']}/moto-api/reset-auth"
    plain = {"Content-Type": "text/plain"}
    urllib.request.urlopen(urllib.request.Request(url, after.encode(), plain)).close()


@pytest.fixture(params=["no bucket", "no server", "wrong key"])
def unreachable(request, server, monkeypatch) -> Iterator[tuple[str, str]]:
    """Yield the address of a store that cannot be asked, and the words for why."""
    for name, value in server.items():
        monkeypatch.setenv(name, value)
    if request.param == "wrong key":
        ask_for_credentials(server, "0")
        yield "s3://reports/ci", "403 Forbidden: The AWS Access Key Id you provided does not ex"
        ask_for_credentials(server, "inf")
        return
    if request.param == "no bucket":
        yield "s3://nowhere/ci", "404 Not Found: The specified bucket does not exist"
        return
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    yield "s3://reports/ci", "tcp connect error: Connection refused"


def test_a_bucket_that_cannot_be_asked_is_no_first_run(step, folder, unreachable):
    address, why = unreachable
    done = step(runners.push(folder, "main"), after=after(folder), store=address)
    assert (done.code, done.outputs["exit-code"]) == (1, "1")
    verdict = done.outputs["verdict"]
    assert verdict.startswith(f"could not compare: {address}: Generic S3 error: {why}")
    assert "\n" not in verdict
    assert "\x1b" not in done.log


@pytest.mark.usefixtures("store")
def test_a_verdict_on_a_run_before_that_was_given_stands_without_the_bucket(step, folder):
    before = playwright_report(folder / "before.json")
    again = build(runners.push(folder, "main"), "7", "2")
    given = {"before": before, "store": "s3://nowhere/ci"}
    done = step(again, after=after(folder, "c"), **given)
    assert (done.code, done.outputs["new-failures"]) == (2, "1")
    words = "The run could not be kept: s3://nowhere/ci: Generic S3 error: 404 Not Found: "
    assert f"::warning title=fictures-reports::{words}" in done.log
    assert "**New failures (1):** c (x): no" in done.summary
    assert "could not be kept" in done.summary
