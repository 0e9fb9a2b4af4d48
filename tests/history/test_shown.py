"""How a history shows itself in Jupyter."""

from __future__ import annotations

import shutil

from IPython.core.completer import IPCompleter, provisionalcompleter
from lxml import html

from fictures_reports.history import History
from fictures_reports.history.appending import create


def test_it_shows_how_much_it_holds_and_its_latest_runs(filled, made):
    page = html.fromstring(f"<div>{filled._repr_html_()}</div>")
    first, last = filled.runs()["run_at"].iloc[[0, -1]]
    assert page.findtext(".//code") == filled.path
    assert f"40 runs, 2,400 results, {first:%Y-%m-%d} to {last:%Y-%m-%d}" in page.text_content()
    labels = [row.findtext("td/bdi") for row in page.iterfind(".//tbody/tr")]
    assert labels == [made.label(i) for i in range(39, 29, -1)]
    assert "… and 30 before" in page.text_content()
    assert not page.xpath("//@style | //style | //script")


def test_names_are_text(run_of, tmp_path):
    name = "<script>alert(1)</script>&\u202e"
    history = History(tmp_path / "<b>h&")
    history.append(run_of(name, {"a": "passed"}, branch="<i>", started_at=1e9))
    shown = history._repr_html_()
    assert "<script" not in shown
    assert "<i>" not in shown
    page = html.fromstring(f"<div>{shown}</div>")
    assert page.findtext(".//td/bdi") == name
    assert page.findtext(".//code") == history.path
    assert page.xpath("string(.//tbody/tr/td[4])") == "–"
    assert "1 run, 1 result, 2001-09-09" in page.text_content()


def test_what_is_not_there_or_broken_says_so_and_does_not_raise(tmp_path, run_of):
    history = History(tmp_path / "h")
    assert "not there yet" in history._repr_html_()
    create(history._place)
    assert "no runs yet" in history._repr_html_()
    history.append(run_of("r", {"a": "passed"}))
    for path in (tmp_path / "h" / "runs").glob("*.parquet"):
        path.unlink()
    assert "tmp" not in history._repr_html_().partition("</code>")[0].partition("<code>")[0]
    assert str(tmp_path) in history._repr_html_()


def test_only_the_table_of_runs_is_read(run_of, tmp_path):
    history = History(tmp_path, format="delta")
    history.append(run_of("r", {"a": "passed"}))
    shutil.rmtree(tmp_path / "results")
    assert "1 run, 1 result" in history._repr_html_()


def test_tab_completes_what_it_can_do(filled):
    completer = IPCompleter(namespace={"h": filled}, use_jedi=False)
    with provisionalcompleter():
        names = {found.text.removeprefix(".") for found in completer.completions("h.", 2)}
    wanted = {"append", "load", "scan", "to_spark", "runs", "run", "compact", "vacuum",
              "reclassify", "path", "exists", "files"}  # fmt: skip
    assert wanted <= names
