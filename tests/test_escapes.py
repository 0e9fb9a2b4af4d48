"""Foreign text in what is printed: a terminal, Markdown, GitHub's log, a spreadsheet."""

from __future__ import annotations

import csv
import gc
import io
import json
from html.parser import HTMLParser
from typing import Any

import lxml.html
import mistune
import pytest

import fictures_reports as fr
from fictures_reports.cli import ci_step
from fictures_reports.cli.commands import main
from fictures_reports.exports.formats import write_export
from fictures_reports.history import History
from fictures_reports.report import github_text, history_report
from fictures_reports.report.markdown import markdown
from fictures_reports.report.markdown_text import code, text

from .conftest import make_run

#: What each of these would be in Markdown, on GitHub or in a page.
HOSTILE = (
    "# heading", "[link](http://evil.example)", "![image](http://evil.example/x.png)",
    "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "a | b | c", "`code`", "**bold**",
    "_italic_", "~~gone~~", "&lt;b&gt;", "http://evil.example", "https://evil.example",
    "evil@evil.example",
    "www.evil.example", "<http://evil.example>", "line\n\n# heading", "line\n- item", "\\", "\\`",
    "[^1]", "$x$", "- [ ] task", "@everyone and @org/team", "fixes #123, owner/name#7, GH-9, !4",
)  # fmt: skip


class _Tags(HTMLParser):
    """The tags and texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, _: Any) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def shown(source: str) -> _Tags:
    """Render Markdown as GitHub would, HTML and bare addresses included."""
    render = mistune.create_markdown(
        escape=False, plugins=["table", "strikethrough", "url", "footnotes", "task_lists", "math"]
    )
    page = _Tags()
    page.feed(str(render(source)))
    return page


def is_inert(source: str) -> bool:
    """Tell whether nothing in a document is a link, picture, mention or reference."""
    page = shown(source)
    allowed = {"h1", "h2", "p", "ul", "li", "strong", "code", "table", "thead", "tbody", "tr", "th",
               "td"}  # fmt: skip
    refers = any(sign in "".join(page.texts) for sign in ("@everyone", "@org", "#123", "#7", "!4"))
    return set(page.tags) <= allowed and not refers


@pytest.mark.parametrize("words", HOSTILE)
def test_a_text_is_shown_letter_by_letter(words):
    page = shown(f"before {text(words)} after")
    assert set(page.tags) <= {"p"}
    assert "".join(page.texts).strip().replace("\u200b", "") == (
        f"before {' '.join(words.split())} after"
    )
    assert is_inert(f"| a |\n|---|\n| {text(words)} |")


@pytest.mark.parametrize("words", ["plain", "a`b", "``", "`", "a``b`c"])
def test_a_code_span_ends_where_its_text_does(words):
    page = shown(f"{code(words)} *after*")
    assert page.tags == ["p", "code", "em"]
    assert page.texts[0] == words


def hostile_run(label: str, words: str, status: str = "failed") -> fr.Run:
    columns = {name: [words] for name in ("case_id", "file", "project", "suite")}
    message = [f"Error: {words}" if status == "failed" else None]
    return make_run(label, {words: status}, columns | {"message": message, "tags": [[words]]})


@pytest.mark.parametrize("words", HOSTILE)
def test_no_field_of_a_run_does_anything_in_its_markdown(words):
    before, after = hostile_run(words, words, "passed"), hostile_run(f"{words} 2", words)
    for found in (fr.compare(before, after), fr.compare(after, before), after):
        assert is_inert(markdown(found))
    empty = make_run(words, {}, errors=(words,))
    assert is_inert(markdown(empty))


def test_no_field_of_a_history_does_anything_in_its_markdown(tmp_path):
    history = History(tmp_path / "h")
    for n in range(6):
        words = "[x](http://evil.example) @everyone <img src=x> | #123"
        run = hostile_run(f"{words} {n}", words, "failed" if n % 2 else "passed")
        history.append(make_run(run.label, {words: "failed"}, run_id=f"r{n}", started_at=n * 9e4))
    assert is_inert(history_report.as_markdown(history_report.findings(tmp_path / "h")))


@pytest.fixture
def printed(tmp_path, capsys):
    """Run the command on a result with an escape in every field; return what it printed."""
    bad = "x\x1b]0;owned\x07\x9b31m\u202e"
    test = {
        "title": bad, "ok": False, "file": bad, "line": 1, "column": 1, "id": "1", "tags": [bad],
        "tests": [{
            "expectedStatus": "passed", "projectName": bad, "projectId": bad, "annotations": [],
            "status": "unexpected", "results": [{
                "status": "failed", "duration": 1, "retry": 0, "workerIndex": 0, "attachments": [],
                "errors": [{"message": bad}], "stdout": [], "stderr": [],
                "startTime": "2026-10-05T08:00:00.000Z",
            }],
        }],
    }  # fmt: skip
    report = {
        "config": {"version": "1.56.1", "rootDir": "/x", "projects": [{"id": bad, "name": bad}]},
        "suites": [{"title": bad, "file": bad, "specs": [test]}], "errors": [],
        "stats": {"startTime": "2026-10-05T08:00:00.000Z", "duration": 1},
    }  # fmt: skip
    path = tmp_path / "r\x1b[31m.json"
    path.write_text(json.dumps(report))

    def call(*words: str) -> str:
        try:
            with pytest.raises(SystemExit):
                main([words[0], str(path), *words[1:]])
        finally:
            gc.enable()
        return "".join(capsys.readouterr())

    return call


@pytest.mark.parametrize(
    "words",
    [
        ("results",), ("results", "--format", "csv"), ("classify",), ("classify", "--explain"),
        ("run", "--format", "markdown"), ("run", "--gate", "x == \x1b"),
        ("run", "--rules", "no\x1b[31m"), ("results", "\x1b]0;owned\x07"),
    ],
)  # fmt: skip
def test_no_escape_reaches_a_terminal(printed, words):
    out = printed(*words)
    assert out
    assert not set(out) & set("\x1b\x07\x9b\u202e")


@pytest.mark.parametrize("sign", list("=+-@\t\r＝＋－＠"))
def test_no_cell_of_csv_is_a_formula(sign, tmp_path, capsys):
    run = hostile_run("r", f"{sign}HYPERLINK(1)")
    from fictures_reports.report.results_output import as_text

    row = next(csv.DictReader(io.StringIO(as_text([run], "csv"))))
    for name in ("title", "file", "project", "suite", "case_id"):
        assert row[name][0] == "'" or row[name].startswith("HYPERLINK")


@pytest.mark.parametrize("command", ["compare", "results", "history"])
def test_json_on_a_terminal_is_no_command_and_says_the_same(command, tmp_path, capsys):
    name = "desk \x9b31m \x9d0;owned\x9c \u202e \u2066"
    for side, line in (("before", 1), ("after", 2)):
        tries = [{"status": "failed", "duration": 1}]
        tests = [{"projectName": name, "status": "unexpected", "results": tries}]
        spec = {"title": "t", "file": "a.ts", "line": line, "tests": tests}
        document = {"config": {}, "suites": [{"file": "a.ts", "specs": [spec]}]}
        (tmp_path / side).mkdir()
        (tmp_path / side / "r.json").write_text(json.dumps(document))
    before, after = (str(tmp_path / side) for side in ("before", "after"))
    chosen = {"compare": [before, after], "history": [str(tmp_path)]}.get(command, [after])
    with pytest.raises(SystemExit, match="0"):
        main([command, *chosen, "--format", "json"])
    shown = capsys.readouterr().out
    assert not set(shown) & set("\x9b\x9d\x9c\u202e\u2066")
    assert name in json.dumps(json.loads(shown), ensure_ascii=False)


@pytest.mark.parametrize("options", [{}, {"static": True}])
def test_no_control_character_is_on_a_page_and_marks_of_direction_end_with_their_element(
    tmp_path, options
):
    name = "desk \x1b[31m \x07 \x9b31m \x7f \u202e"
    compared = fr.compare(hostile_run(name, name, "passed"), hostile_run(f"{name} 2", name))
    page = compared.to_html(tmp_path / "page.html", **options).read_text(encoding="utf-8")
    assert not set(page) & set("\x1b\x07\x9b\x7f")
    assert "desk [31m  31m  \u202e" in page
    isolated = "ancestor::bdi or ancestor::pre or ancestor::script"
    found = lxml.html.fromstring(page).xpath(f"//text()[contains(., '\u202e')][not({isolated})]")
    assert [(text, text.getparent().tag) for text in found] == []


@pytest.mark.parametrize("kind", ["junit", "ctrf", "slack"])
def test_no_control_character_or_mark_of_direction_is_in_an_export(tmp_path, kind):
    name = "desk \x9b31m \x7f \u202e \u2066"
    run = hostile_run(name, name)
    write_export(kind, run, tmp_path / "export")
    written = (tmp_path / "export").read_text(encoding="utf-8")
    decoded = written if kind == "junit" else repr(json.loads(written))
    assert not set(decoded) & set("\x9b\x7f\u202e\u2066")
    assert "desk 31m" in decoded


def test_numbers_in_csv_stay_numbers():
    from fictures_reports.report.results_output import as_text

    run = make_run("r", {"a": "passed"}, {"duration_s": [-1.5], "line": [3]})
    row = next(csv.DictReader(io.StringIO(as_text([run], "csv"))))
    assert (row["duration_s"], row["line"]) == ("-1.5", "3")


def test_a_command_for_githubs_runner_is_one_line():
    said = github_text.command("error", "a\n::set-output name=x::1\r\n%0A", title="a,b:c\n::x")
    assert said == ("::error title=a%2Cb%3Ac%0A%3A%3Ax::a%0A::set-output name=x::1%0A%250A")


def test_foreign_lines_stand_where_a_runner_looks_for_no_command():
    lines = github_text.without_commands("::error::x", "a\n::add-mask::y").split("\n")
    token = lines[0].removeprefix("::stop-commands::")
    assert len(token) >= 32
    assert lines[1:] == ["::error::x", "a", "::add-mask::y", f"::{token}::"]


def test_an_output_cannot_name_another_one():
    end = github_text.outputs({"verdict": "x"}).split("\n")[0].partition("<<")[2]
    other = github_text.outputs({"verdict": f"a\n{end}\nexit-code=0"})
    assert other.count(end) == 1
    assert len(other.split("\n")) == 6


def test_a_faulty_input_is_no_markdown_in_the_summary_of_the_step(tmp_path, monkeypatch, capsys):
    summary = tmp_path / "summary.md"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    evil = "[x](http://evil.example) <img src=x> @everyone\n::error::y"
    monkeypatch.setenv("FICTURES_BEFORE", evil)
    monkeypatch.setenv("FICTURES_AFTER", evil)
    try:
        with pytest.raises(SystemExit) as stop:
            ci_step.main()
    finally:
        gc.enable()
    assert stop.value.code == 1
    assert is_inert(summary.read_text(encoding="utf-8"))
    assert "evil" in summary.read_text(encoding="utf-8")
    assert "\n::error::y" not in capsys.readouterr().out
