"""One run of a history, named."""

from __future__ import annotations

import pytest

from fictures_reports.errors import HistoryError, NoRuns
from fictures_reports.history import History, select
from fictures_reports.history.delta_errors import explained
from fictures_reports.history.selectors import expanded


@pytest.mark.parametrize(
    ("selector", "index"),
    [("latest", 39), ("latest~3", 36), ("nightly-0007", 7), ("2025-01-07", 7), ("latest~39", 0)],
)
def test_selectors_name_a_run(filled, made, selector, index):
    run = select(f"{filled.path}@{selector}")
    assert run.label == made.label(index)
    assert run.source == f"{filled.path}@{selector}"


def test_a_branch_has_a_latest_run(filled):
    on_branch = list(filled.runs(branch="feature")["label"])
    assert filled.run("branch:feature").label == on_branch[-1]
    assert filled.run("branch:feature~2").label == on_branch[-3]


def test_an_id_or_its_beginning_names_a_run(filled, made):
    assert filled.run(made.run_id(5)).label == made.label(5)
    assert filled.run(made.run_id(5)[:8]).label == made.label(5)


@pytest.mark.parametrize(
    ("selector", "hint"),
    [("latest~40", "it holds 40"), ("nightly-07", "did you mean 'nightly-0037' or"),
     ("2025-02-28", "nearest runs are of 2025-01"), ("branch:x", "feature, main"),
     ("branch:main[-2:]", "a range of runs, which only `compare` takes"),
     ("zzz", "the latest is 'nightly-0039'")],
)  # fmt: skip
def test_what_is_not_there_comes_with_a_hint(filled, selector, hint):
    with pytest.raises(NoRuns, match=hint):
        filled.run(selector)


@pytest.mark.parametrize("selector", ["latest", "branch:main[-2:]"])
def test_runs_of_a_history_are_not_taken_for_a_history(filled, command, selector):
    done = command("history", f"{filled.path}@{selector}")
    assert done.returncode == 1
    assert done.stderr.endswith(
        f"names runs of a history, but a whole one is expected: give {filled.path}, and choose its"
        " runs by branch, by day (since) or as the last ones\n"
    )


def test_text_without_a_history_before_the_sign_is_not_ours(tmp_path, made):
    assert select(f"{tmp_path}@latest") is None
    assert select("results@2.json") is None
    with_sign = History(tmp_path / "a@b")
    with_sign.append(made.run(0))
    assert select(f"{tmp_path}/a@b@latest").label == made.label(0)


def test_a_bucket_says_why_no_run_of_it_can_be_read(tmp_path, monkeypatch):
    with pytest.raises(HistoryError, match="nothing: no history here – 'ingest RUN --into file:"):
        select(f"file://{tmp_path}/nothing@latest")
    nobody = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ALLOW_HTTP": "true", "AWS_REGION": "here",
        "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b",
    }  # fmt: skip
    for name, value in nobody.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(HistoryError, match=r"^s3://reports/x: Generic S3 error.*check the address"):
        select("s3://reports/x@latest")


def test_a_machine_without_credentials_is_said_so():
    said = (
        "Kernel error -> Generic S3 error\n \x1b[31m↳\x1b[0m Error performing PUT "
        "http://169.254.169.254/latest/api/token in 1ms - Server returned non-2xx status code\n"
        "  \x1b[31m↳\x1b[0m 403 Forbidden\n   \x1b[31m↳\x1b[0m denied\n"
    )
    words = "^s3://b/h: Generic S3 error: the environment has no credentials for it$"
    with pytest.raises(HistoryError, match=words), explained("s3://b/h"):
        raise OSError(said)


@pytest.mark.parametrize(
    ("what", "n_runs"), [("latest[-2:]", 2), ("latest[:]", 3), ("latest[0:1]", 1)]
)
def test_a_range_names_several_runs_oldest_first(run_of, tmp_path, what, n_runs):
    history = History(tmp_path / "h")
    for i in range(3):
        history.append(run_of(f"r{i}", {"t": "passed"}, started_at=1e9 + i, branch="main"))
    names = expanded(f"{history.path}@{what}")
    assert len(names) == n_runs
    assert expanded(f"{history.path}@branch:{what.replace('latest', 'main')}") == names
    labels = [select(name).label for name in names]
    assert labels == sorted(labels)
    assert expanded(f"{history.path}@latest") == [f"{history.path}@latest"]


def test_a_range_without_a_run_is_said_in_one_line(run_of, tmp_path):
    history = History(tmp_path / "h")
    history.append(run_of("r0", {"t": "passed"}, started_at=1e9))
    with pytest.raises(NoRuns, match="holds no run; latest has 1"):
        expanded(f"{history.path}@latest[5:]")
