"""Messages in the colours that a terminal gave them, in a page that runs nothing of theirs."""

from __future__ import annotations

import re

import pytest

import fictures_reports as fr
from fictures_reports.report.terminal_colours import STYLES, colours, pieces

from .axe import asked
from .conftest import OPEN_ALL, RUNS, make_run

HOSTILE = "</pre><script>window.hacked = 1</script><img src=x onerror='window.hacked = 2'>"


def colourful(message, written, evidence=None, **more):
    """Draw a run whose one failure says `message` in the colours `written`."""
    error = {"message": message, "colours": {"message": written}} | more.pop("error", {})
    columns = {
        "message": [message], "evidence": [evidence], "snippet": [error.get("snippet")],
        "attempts": [[{"status": "failed", "errors": [error]} | more]],
        "stdout": [more.get("stdout")], "stderr": [more.get("stderr")],
    }  # fmt: skip
    return make_run("r", {"x": "failed"}, columns)


def every_style():
    """Write every style alone, and every colour in bold and inverse."""
    plain = sorted(STYLES)
    styles = [*plain, *(f"bold {s}" for s in plain), *(f"inverse {s}" for s in plain if s != "dim")]
    text = "".join(f"{style}\n" for style in styles)
    ends = [match.end() for match in re.finditer("\n", text)]
    starts = [0, *ends[:-1]]
    spans = [f"{a}-{b - 1} {style}" for a, b, style in zip(starts, ends, styles, strict=True)]
    return f"{text}{text}", "; ".join(
        [*spans, *(f"{a + len(text)}-{b - 1 + len(text)} {s}" for a, b, s in zip(
            starts, ends, styles, strict=True))]
    ), text  # fmt: skip


@pytest.fixture(scope="module")
def page_of_styles(tmp_path_factory):
    """Show every style, first outside and then within the words that decided."""
    message, written, half = every_style()
    shown = colourful(f"{message}end", written, f"{half}end")
    target = tmp_path_factory.mktemp("styles") / "r.html"
    return fr.render("run", run=shown, output=target, static=True)


def test_received_is_red_and_expected_green_as_in_the_terminal(tmp_path, opened):
    run = fr.read_run(RUNS / "phase2-rerun")
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html", static=True))
    page.evaluate(OPEN_ALL)
    message = page.locator("pre.message", has_text="< 2000").first
    assert "received" in message.locator("span.ansi-red").all_inner_texts()
    assert message.locator("mark span.ansi-green").inner_text() == "2000"
    colour = "node => getComputedStyle(node).color"
    red, green = (
        message.locator(f"span.ansi-{name}").first.evaluate(colour) for name in ("red", "green")
    )
    assert len({red, green, message.evaluate(colour)}) == 3
    assert page.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("media", ["screen", "print"])
def test_every_colour_can_be_read_on_paper_in_light_in_dark_and_in_marks(
    page_of_styles, opened, scheme, media
):
    page = opened(page_of_styles, color_scheme=scheme, bypass_csp=True)
    page.emulate_media(media=media, color_scheme=scheme)
    page.evaluate(OPEN_ALL)
    for name in STYLES:
        assert page.locator(f"pre.message > .ansi-{name}").count() >= 2
        assert page.locator(f"pre.message mark .ansi-{name}").count() >= 2
    found = asked(page, "pre.message")
    assert found["passes"]
    assert found["violations"] == []
    assert found["incomplete"] == []
    background = "node => getComputedStyle(node).backgroundColor"
    mark = page.locator("pre.message mark").first
    inverse = mark.locator(".ansi-inverse.ansi-red")
    assert inverse.evaluate(background) != mark.evaluate(background)


@pytest.mark.parametrize("static", [False, True])
def test_hostile_coloured_texts_are_text(tmp_path, opened, static):
    n = len(HOSTILE)
    written = f"0-6 red; 6-{n} bold blue"
    style = {"snippet": HOSTILE, "colours": {"message": written, "snippet": written}}
    output = {"stdout": HOSTILE, "stderr": HOSTILE, "colours": {"stdout": written}}
    run = colourful(HOSTILE, written, "<script>", error=style, **output)
    page = opened(fr.render("run", run=run, output=tmp_path / "r.html", static=static))
    page.evaluate(OPEN_ALL)
    assert page.evaluate("window.hacked") is None
    assert page.complaints == []
    for kind in ("message", "snippet"):
        assert set(page.locator(f"pre.{kind}").all_inner_texts()) == {HOSTILE}
    assert page.locator("pre.output").inner_text() == f"{HOSTILE}\n{HOSTILE}"
    assert page.locator("pre.output > span.ansi-red").count() == 1
    assert page.locator("pre [style], main img, pre script").count() == 0


def test_no_class_comes_from_the_data(tmp_path):
    run = colourful("one two", '0-3 hidden red; 4-7 evil"onclick')
    text = fr.render("run", run=run, output=tmp_path / "r.html").read_text(encoding="utf-8")
    assert '<span class="ansi-red">one</span> two' in text
    assert not re.search("ansi-(?:hidden|evil)|onclick", text)


def row_of(run):
    return next(run.results.itertuples())


def test_the_colours_of_several_errors_stand_side_by_side():
    errors = [
        {"message": "first", "colours": {"message": "0-5 red"}},
        {"message": "second", "colours": {"message": "1-3 green"}},
    ]
    attempts = [[{"status": "failed", "errors": errors}, {"status": "failed"}]]
    run = make_run("r", {"x": "failed"}, {"message": ["first\n\nsecond"], "attempts": attempts})
    assert colours(row_of(run))["message"] == [(0, 5, "red"), (8, 10, "green")]


def test_a_text_that_no_attempt_has_just_so_stays_plain():
    run = colourful("one", "0-3 red")
    run.results.loc[:, "message"] = "one more"
    assert colours(row_of(run))["message"] == []


def test_cut_texts_keep_the_colours_of_what_is_left(monkeypatch, tmp_path):
    from fictures_reports.report import evidence, tries

    monkeypatch.setattr(tries, "MOST_MESSAGE", 5)
    monkeypatch.setattr(tries, "MOST_OUTPUT", 6)
    told = {"stdout": "out 1", "stderr": "err 22", "colours": {"stderr": "0-3 red"}}
    (item,), _ = evidence.collect(colourful("a red word", "2-10 red", **told))
    (proof,) = item.tries
    assert proof.message[0].pieces == [("a ", ""), ("red", "ansi-red")]
    assert proof.n_cut == 5
    assert proof.output == [("err", "ansi-red"), (" 22", "")]


def test_a_coloured_text_in_pieces_is_the_whole_text():
    spans = [(2, 4, "red"), (4, 6, "bold blue"), (9, 99, "dim"), (0, 3, "red")]
    found = pieces("0123456789", spans, 1, 10)
    assert "".join(text for text, _ in found) == "123456789"
    assert found[1:3] == [("23", "ansi-red"), ("45", "ansi-bold ansi-blue")]
