"""The HTML as its readers open it: in a browser that can reach nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest
from playwright.sync_api import expect

import fictures_reports as fr
from fictures_reports import charts
from fictures_reports.charts.notebook_output import VEGA_LITE, VEGA_LITE_5, mime_bundle
from fictures_reports.errors import RenderError
from fictures_reports.report.evidence import anchor
from fictures_reports.report.rail import RAIL
from fictures_reports.report.rendering.html_export import to_html

from .conftest import OPEN_ALL, RUNS, drawn, make_run

KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
HOSTILE = [
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 2</script>",
    "<img src=x onerror='window.hacked = 3'>",
    "**bold** _it_ [link](javascript:window.hacked=4) `code` | cell",
    "\x1b[31mred\x1b[0m",
    "\u202egnitset\u202c \u05e9\u05dc\u05d5\u05dd",
    "{{ 7 * 7 }} {% raw %}",
    "<!-- <script>",
    "\"quoted\" 'twice' & <b>",
]


@pytest.fixture
def reference(reference_page):
    return reference_page


def test_charts_of_an_analyst_are_drawn_without_any_request_or_complaint(page_with_charts, opened):
    path = page_with_charts
    assert path.read_text(encoding="utf-8").count("window.fictures=") == 1
    page = opened(path)
    n_charts, n_drawings = drawn(page)
    assert n_charts == n_drawings >= 7
    assert page.locator("figure.chart svg .mark-rect path").count() > 20
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("data:")] == [path.as_uri()]


def test_the_message_of_the_only_test_that_broke_is_one_click_away(reference, opened):
    page = opened(reference, viewport={"width": 1440, "height": 900})
    page.locator(".worse a", has_text="Page load with cache").click()
    message = page.locator("pre.message:visible", has_text="15962").first
    message.wait_for()
    assert message.bounding_box()["y"] < 900


def test_the_rail_says_nothing_of_gates_where_none_is_set():
    from fictures_reports.report.sections import ReportInput, rail

    run = make_run("r", {"t": "passed"})
    assert "readiness" not in rail(ReportInput(run, fr.check(run, []))).counts
    assert rail(ReportInput(run, fr.check(run, ["failed == 0"]))).counts["readiness"].text == "met"


def test_a_page_asks_for_nothing_and_complains_of_nothing_in_any_view(reference, opened):
    page = opened(reference)
    for view in ("causes", "tests", "timing", "readiness", "about-the-data", "overview"):
        page.evaluate(f"() => {{ location.hash = '{view}' }}")
        page.locator(f"#{view}").wait_for(state="visible")
        assert page.locator("main > .view:not([hidden])").count() == 1
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith("data:")] == [reference.as_uri()]


def test_the_file_stays_small_and_holds_no_library_for_charts(reference):
    text = reference.read_text(encoding="utf-8")
    assert len(text.encode()) < 1_500_000
    assert "window.fictures=" not in text


def test_the_first_screen_says_verdict_counts_gate_doors_and_what_broke(reference, opened):
    page = opened(reference, viewport={"width": 1200, "height": 1000})
    first = " ".join(page.locator("section.summary").inner_text().split())
    for words in (
        "1 test that passed now fails", "12 failed", "passed >= 24", "Not ready: 16 short",
        "failed, now skipped or not run", "2 new", "Page load with cache < 2s", "× the limit",
    ):  # fmt: skip
        assert words in first
    assert page.locator(".worse").bounding_box()["y"] < 1000


def test_without_javascript_tables_and_sentences_carry_the_findings(reference, opened):
    page = opened(reference, java_script_enabled=False)
    text = page.locator("main").text_content()
    for words in ("Page load with cache < 2s", "Like button not found", "15,962", "networkidle"):
        assert words in text
    # views follow one another
    assert all(view.is_visible() for view in page.locator("main > .view").all())
    assert page.locator("main > .view").count() == 6


def test_a_link_to_a_case_opens_its_evidence(reference, opened):
    page = opened(reference)
    page.wait_for_selector("div.cases[data-ready]", state="attached")
    page.locator(".worse a", has_text="Page load with cache").first.click()
    pane = page.locator(".panel .pane:visible")
    expect(pane.locator("mark")).to_have_text(["< 2000", "15962"])
    expect(pane.locator("img")).not_to_have_js_property("naturalWidth", 0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_needs_no_sideways_scrolling(reference, opened, scheme):
    page = opened(reference, viewport={"width": 320, "height": 800}, color_scheme=scheme)
    drawn(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 320


def test_numbers_in_the_tables_add_up_to_the_runs(reference, opened):
    page = opened(reference, "about-the-data")
    page.evaluate(OPEN_ALL)
    cells = page.locator("h3:text-is('Per file') + .scroll tr.sum td").all_inner_texts()
    assert [int(n) for n in cells] == [28, 4, 20, 4, 28, 8, 12, 8]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    def run(label, status):
        n = len(HOSTILE)
        extra = {
            "message": HOSTILE, "evidence": HOSTILE, "stdout": HOSTILE, "snippet": HOSTILE,
            "file": HOSTILE, "project": HOSTILE, "suite": HOSTILE, "skip_reason": HOSTILE,
            "location": HOSTILE, "locator": HOSTILE, "rule": HOSTILE, "timeout_s": [1.0] * n,
            "category": ["timeout", "threshold_miss", "unknown"] * (n // 3),
            "measured": [2.0] * n, "limit": [1.0] * n, "ratio": [2.0] * n, "unit": HOSTILE,
            "comparator": ["<"] * n, "worker": [0] * n, "started_at": [float(i) for i in range(n)],
            "duration_s": [5.0 if label == HOSTILE[0] else 50.0] * n,
            "attachments": [[{"name": text, "path": text}] for text in HOSTILE],
        }  # fmt: skip
        return make_run(
            label, dict.fromkeys(HOSTILE, status), extra,
            environment={HOSTILE[0]: HOSTILE[1]}, errors=HOSTILE, producer=HOSTILE[2],
        )  # fmt: skip

    target = tmp_path_factory.mktemp("hostile") / "r.html"
    before, after = run(HOSTILE[0], "failed"), run(HOSTILE[1], "failed")
    areas = {HOSTILE[0]: ["*"]}
    return fr.render("comparison", before=before, after=after, areas=areas, output=target)


def test_hostile_texts_are_shown_as_text_and_run_nothing(hostile, opened):
    page = opened(hostile)
    drawn(page)
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []
    text = page.locator("main").inner_text()
    for name in (HOSTILE[0], HOSTILE[2], HOSTILE[3], HOSTILE[6], HOSTILE[8]):
        assert name in text
    assert page.locator("main img[src='x'], main a[href^=javascript]").count() == 0


def test_markdown_shows_hostile_names_letter_by_letter():
    import mistune

    from fictures_reports.report.markdown import markdown

    # more than three of one cause are an entry that does not name them all
    parts = [HOSTILE[i : i + 3] for i in range(0, len(HOSTILE), 3)]
    pairs = [
        [make_run(x, dict.fromkeys(names, x)) for x in ("passed", "failed")] for names in parts
    ]
    render = mistune.create_markdown(escape=False, plugins=["table", "strikethrough"])
    html = "".join(str(render(markdown(fr.compare(*pair)))) for pair in pairs)
    assert "<script" not in html
    assert "<img" not in html
    assert "<a href" not in html
    assert "**bold** _it_" in html


def test_markdown_says_under_the_verdict_which_run_is_incomplete():
    from fictures_reports.report.markdown import markdown

    whole, cut = make_run("b", {"t": "passed"}), make_run("a <b>", {"t": "passed"}, incomplete=True)
    compared = fr.compare(whole, cut)
    warning = "**Incomplete:** something is known to be missing from a &lt;b\\>."
    assert markdown(cut).split("\n\n")[2] == warning
    assert markdown(compared).split("\n\n")[1:3] == [compared.verdict, warning]
    assert "**Incomplete" not in markdown(fr.compare(whole, whole)) + markdown(whole)


def test_the_executed_notebook_can_be_kept_and_is_valid(runs, tmp_path):
    target = tmp_path / "run.ipynb"
    fr.render("run", run=fr.read_run(runs / "api-rerun"), output=target)
    notebook = nbformat.read(target, as_version=4)
    nbformat.validate(notebook)
    kinds = {kind for cell in notebook.cells for o in cell.get("outputs", []) for kind in o["data"]}
    assert {"text/html", RAIL} <= kinds


def test_in_a_notebook_the_name_of_a_test_is_no_link(runs, tmp_path):
    before, after = (fr.read_run(runs / name) for name in ("phase2-initial", "phase2-rerun"))
    target = tmp_path / "r.ipynb"
    text = fr.render("comparison", before=before, after=after, output=target).read_text("utf-8")
    assert "Page load with cache" in text
    assert "#case-" not in text


def test_the_warning_of_an_incomplete_run_leads_to_the_ledger(tmp_path):
    cut = make_run("a", {"t": "passed"}, incomplete=True)
    text = fr.render("run", run=cut, output=tmp_path / "r.html").read_text(encoding="utf-8")
    [name] = re.findall(r'see the <a href="#([^"]+)">ledger</a>', text)
    assert f'id="{name}"' in text


@pytest.mark.parametrize("static", [False, True])
def test_every_link_within_a_page_leads_somewhere(tmp_path, static):
    names = [f"t{i}" for i in range(210)]
    passed, failed = dict.fromkeys(names, "passed"), dict.fromkeys(names, "failed")
    before, after = (
        make_run(label, run | {"slow": "passed"}, {"duration_s": [1.0] * 210 + [slow]})
        for label, run, slow in (("b", passed, 1.0), ("a", failed, 90.0))
    )
    text = fr.render(
        "comparison", before=before, after=after, output=tmp_path / "r.html", static=static
    ).read_text(encoding="utf-8")
    names = set(re.findall(r'\bid="([^"]+)"', text))
    linked = set(re.findall(r'<a href="#([^"]+)"', text))
    assert sum(name.startswith("case-") for name in linked) == (211 if static else 200)
    assert linked <= names
    link = f'<a href="#{anchor("a.spec.ts › slow")}">' if static else ""
    assert re.search(
        rf'<th scope="row">{link}[^/]*<bdi>slow</bdi>[^t]*</th><td class="n">1.0 s', text
    )


def test_with_script_a_name_without_evidence_leads_to_its_panel(tmp_path, opened):
    before, after = (
        make_run(label, {"slow": "passed", "<b>": "passed"}, {"duration_s": [seconds, 1.0]})
        for label, seconds in (("b", 1.0), ("a", 90.0))
    )
    path = fr.render("comparison", before=before, after=after, output=tmp_path / "r.html")
    page = opened(path, "timing")
    page.locator("main a:visible", has_text="slow").first.click()
    assert page.locator(".panel .panel-title").inner_text() == "slow"
    assert opened(path, java_script_enabled=False).locator("a[href^='#case-']").count() == 0


def test_show_code_keeps_the_code_and_the_default_leaves_it_out(runs, tmp_path):
    run = fr.read_run(runs / "api-rerun")
    with_code = fr.render("run", run=run, output=tmp_path / "a.html", show_code=True).read_text()
    without = fr.render("run", run=run, output=tmp_path / "b.html").read_text()
    assert "Code</summary>" in with_code
    assert "Code</summary>" not in without
    assert "allow_incomplete" not in without


def test_a_cell_that_fails_is_named_and_the_half_run_notebook_is_kept(runs, tmp_path):
    broken = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell("run = ''\ngates = []\nareas = {}\nallow_incomplete = False"),
            nbformat.v4.new_code_cell("print('so far')"),
            nbformat.v4.new_code_cell("1 / 0"),
        ],
        metadata={"kernelspec": KERNEL},
    )
    broken.cells[0].metadata.tags = ["parameters"]
    nbformat.write(broken, tmp_path / "mine.ipynb")
    run = fr.read_run(runs / "api-rerun")
    with pytest.raises(RenderError, match="ZeroDivisionError") as error:
        fr.render(tmp_path / "mine.ipynb", run=run, output=tmp_path / "out.html")
    kept = tmp_path / "out.failed.ipynb"
    assert str(kept) in str(error.value)
    assert "so far" in kept.read_text()
    assert not (tmp_path / "out.html").exists()


def test_runs_that_were_read_from_one_place_are_told_apart(runs, tmp_path):
    whole = fr.read_run(runs / "api-rerun")
    some = replace(whole, results=whole.results[whole.results["status"] != "failed"])
    target = tmp_path / "c.ipynb"
    fr.render("comparison", before=some, after=whole, output=target)
    text = target.read_text()
    assert fr.compare(some, whole).verdict in text
    assert "api-rerun (2)" in text


@pytest.fixture(scope="module")
def inside_of_another_ipython(tmp_path_factory):
    """Render a report of each kind in a program that has an IPython; give their folder."""
    folder = tmp_path_factory.mktemp("inside")
    script = folder / "script.py"
    script.write_text(
        "from dataclasses import replace\n"
        "from IPython.core.interactiveshell import InteractiveShell\n"
        "import fictures_reports as fr\n"
        "InteractiveShell.instance()\n"
        f"run = fr.read_run({str(RUNS / 'api-rerun')!r}, label='by another name')\n"
        "six, five = (replace(run, results=run.results.head(n)) for n in (6, 5))\n"
        f"fr.render('run', run=six, output={str(folder / 'run.ipynb')!r})\n"
        "given = {'before': five, 'after': five}\n"
        f"fr.render('comparison', **given, output={str(folder / 'comparison.ipynb')!r})\n"
    )
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize(("name", "n"), [("run", 6), ("comparison", 5)])
def test_inside_of_another_ipython_a_report_is_about_the_runs_that_it_was_given(
    inside_of_another_ipython, name, n
):
    text = (inside_of_another_ipython / f"{name}.ipynb").read_text()
    assert "by another name" in text
    assert f"of {n} " in text


def test_outputs_are_those_of_a_real_kernel(tmp_path, monkeypatch):
    import builtins

    import papermill
    from papermill.engines import papermill_engines

    from fictures_reports.report.rendering.engine import InProcessEngine

    # A doctest before this one leaves its last value there, and IPython then keeps its own off.
    monkeypatch.delattr(builtins, "_", raising=False)
    sources = [
        "import sys\nprint('a'); print('b')\nprint('c', file=sys.stderr)",
        "from IPython.display import HTML, display\ndisplay(HTML('<b>x</b>'))\n6 * 7",
        "_ + 1",
        "x = 3;",
        "'shown'; None",
    ]
    notebook = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(source) for source in sources],
        metadata={"kernelspec": KERNEL},
    )
    nbformat.write(notebook, tmp_path / "in.ipynb")
    papermill_engines.register("fictures-in-process", InProcessEngine)
    ours = papermill.execute_notebook(
        tmp_path / "in.ipynb", None, engine_name="fictures-in-process", started=[],
        progress_bar=False,
    )  # fmt: skip
    theirs = papermill.execute_notebook(tmp_path / "in.ipynb", None, progress_bar=False)
    assert [cell.outputs for cell in ours.cells] == [cell.outputs for cell in theirs.cells]


def test_a_notebook_without_charts_needs_no_script_but_the_one_that_switches_views():
    cell = nbformat.v4.new_code_cell("1")
    cell.outputs = [nbformat.v4.new_output("stream", text="<b>")]
    html = to_html(nbformat.v4.new_notebook(cells=[cell]), title="<t>")
    assert html.count("<script") == 1
    assert "<script" not in to_html(nbformat.v4.new_notebook(cells=[cell]), title="t", static=True)
    assert "&lt;b&gt;" in html
    assert "<title>&lt;t&gt;</title>" in html


def test_all_cases_can_be_searched_and_filtered_and_a_link_brings_the_same_list(reference, opened):
    page = opened(reference, "tests/masked")
    cases = page.locator("div.cases[data-ready]")
    assert cases.locator(".test-row").count() == 4
    page.locator("#case-search").fill("metrics")
    page.wait_for_function("() => location.hash == '#tests/masked?q=metrics'")
    expect(cases.locator(".test-row")).to_have_count(1)
    expect(cases.locator(".said")).to_have_text("1 of 28 tests")
    link = page.evaluate("location.href")
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("div.cases[data-ready] .test-row")).to_have_count(1)
    expect(page.locator("#case-search")).to_have_value("metrics")


def test_the_search_works_from_the_keyboard_alone(reference, opened):
    page = opened(reference, "tests")
    page.locator("#case-search").focus()
    page.keyboard.type("localStorage")
    # Each letter draws the list again: one that is still to come would take the focus from a row.
    page.wait_for_function("() => location.hash === '#tests/all?q=localStorage'")
    expect(page.locator(".test-row").nth(27)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_class("test-row")


def test_hostile_names_in_the_case_list_are_text(hostile, opened):
    page = opened(hostile, "tests")
    cases = page.locator("div.cases[data-ready]")
    assert HOSTILE[0] in cases.inner_text()
    assert page.evaluate("window.hacked") is None
    assert cases.locator("img, script:not([type])").count() == 0


def test_long_lists_are_cut_and_say_so(tmp_path):
    names = [f"test {i}" for i in range(700)]
    before, after = (make_run(x, dict.fromkeys(names, "failed")) for x in "ba")
    html = fr.render(
        "comparison", before=before, after=after, output=tmp_path / "r.html"
    ).read_text()
    assert "400 more are under" in html
    assert "500 more tests did not pass" in html


def test_a_picture_that_does_not_lie_with_the_results_is_named_and_never_opened(runs, tmp_path):
    secret = tmp_path / "secret.png"
    secret.write_bytes(next(runs.rglob("*.png")).read_bytes())
    attachments = [[{"name": "shot", "content_type": "image/png", "path": str(secret)}]]
    run = make_run("r", {"x": "failed"}, {"attachments": attachments})
    html = fr.render("run", run=run, output=tmp_path / "r.html").read_text()
    assert "data:image/png" not in html
    assert "not beside the results" in html


def test_a_run_shows_itself_in_a_notebook_as_text_in_the_notebooks_own_colours():
    shown = make_run(HOSTILE[0], {HOSTILE[1]: "failed", "x": "passed"})._repr_html_()
    assert "1 of 2" in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown
    assert "color" not in shown
    assert "<h2" not in shown
    assert len(shown) < 3_000


def test_a_chart_comes_in_a_form_that_jupyterlab_draws_too(runs):
    run = fr.read_run(runs / "phase2-rerun")
    chart = charts.outcomes(fr.compare(run, run).totals)
    bundle = mime_bundle(chart)
    newest, known = bundle[VEGA_LITE], bundle[VEGA_LITE_5]
    assert newest["width"] == "container"
    assert isinstance(known["width"], int)  # it would grow for ever in an output that grows with it
    assert "/v5" in known["$schema"]
    assert known.keys() == newest.keys()
