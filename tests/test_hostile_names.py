"""Names that mean something to JavaScript or to a page, as files, titles and labels of results."""

from __future__ import annotations

import pytest

import fictures_reports as fr
from fictures_reports.history import History
from fictures_reports.report import history_report

from .conftest import drawn, make_run, with_charts

NAMES = (
    "constructor", "__proto__", "toString", "hasOwnProperty", "valueOf", "length", "datum",
    "a\u2028b\u2029c", "</script><script>alert(1)</script>", "<!--<script>", 'it\'s "q" \\ {{7*7}}',
)  # fmt: skip
KINDS = ("comparison", "phases", "run", "history")


def hostile_run(label: str, place: int) -> fr.Run:
    """Draw a run in which every name is a title, a file and a message."""
    statuses = ("failed", "passed", "flaky")
    outcomes = {name: statuses[(i + place) % 3] for i, name in enumerate(NAMES)}
    n = len(NAMES)
    columns = {
        "file": list(NAMES), "case_id": [f"{name} › {name}" for name in NAMES],
        "duration_s": [1.0 + i * (1 + place % 2) for i in range(n)],
        "message": [f"Error: {name}" for name in NAMES], "worker": [i % 2 for i in range(n)],
        "measured": [7.0 + i for i in range(n)], "limit": [5.0] * n, "unit": ["s"] * n,
        "comparator": ["<"] * n, "ratio": [1.4 + i for i in range(n)],
        "started_at": [f"2026-01-0{place + 1}T00:00:{i:02}Z" for i in range(n)],
    }  # fmt: skip
    return make_run(label, outcomes, columns, run_id=f"r{place}", started_at=1.77e9 + place * 9e4)


@pytest.fixture(scope="module", params=[False, True], ids=["script", "static"])
def pages(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    runs = [hostile_run(label, i) for i, label in enumerate(NAMES[:4])]
    made = {"static": request.param}
    before, after = runs[0], runs[1]
    history = History(folder / "h")
    for run in runs:
        history.append(run)
    compared, alone = (with_charts(kind, folder) for kind in ("comparison", "run"))
    fr.render(compared, before=before, after=after, output=folder / "comparison.html", **made)
    fr.render(compared, before=before, after=after, phases=runs[2:],
              output=folder / "phases.html", **made)  # fmt: skip
    fr.render(alone, run=after, output=folder / "run.html", **made)
    given = {"history": str(folder / "h"), "target": 0.9, "phases": {}}
    history_report.render(given, "html", folder / "history.html", **made)
    return folder


@pytest.mark.parametrize("kind", KINDS)
def test_every_chart_is_drawn_and_nothing_is_complained_of(pages, opened, kind):
    page = opened(pages / f"{kind}.html")
    assert page.complaints == []
    if kind == "history":
        # A history draws rows of tests instead of charts.
        names = page.locator("section.attention li.row a").all_inner_texts()
        assert len(names) >= 2
        assert page.locator("section.attention svg.cells").count() >= len(names)
        return
    if "script-src &#39;none&#39;" in (pages / f"{kind}.html").read_text(encoding="utf-8"):
        assert page.locator("figure.chart svg").count() >= 4
        return
    n_charts, n_drawings = drawn(page)
    assert n_charts == n_drawings >= 2
    assert page.complaints == []


def test_a_name_that_every_object_has_is_written_as_it_is(pages, opened):
    page = opened(pages / "comparison.html")
    words = page.locator("body").inner_text()
    assert all(name in words for name in ("constructor", "__proto__", "toString"))
