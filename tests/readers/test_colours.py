"""Terminal colours travel beside the clean texts and lie where they lay."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fictures_reports import History, read_run
from fictures_reports.readers.text.clean import clean
from fictures_reports.readers.text.colours import MOST_SPANS, spans

from .conftest import DATA, junit, playwright_report, playwright_test

RED, GREEN, DIM, PLAIN, NORMAL = "\x1b[31m", "\x1b[32m", "\x1b[2m", "\x1b[39m", "\x1b[22m"
#: A code as written, and what it does to the colour and the weight.
CODES = {
    "\x1b[31m": ("red", None), "\x9b34m": ("blue", None), "#x1B[92m": ("green", None),
    "\x1b[1m": (None, "bold"), "\x1b[2;33m": ("yellow", "dim"), "\x1b[22m": (None, ""),
    "\x1b[38;5;6m": ("cyan", None), "\x1b[38;2;1;2;3m": ("", None), "\x1b[48;5;1m": (None, None),
    "\x1b[39m": ("", None), "\x1b[0m": ("", ""), "\x1b[m": ("", ""), "\x1b[2K": (None, None),
    "\x1b]8;;http://x\x07": (None, None), "\x1b[>4;1m": (None, None),
}  # fmt: skip
WORDS = st.text("ab1 :[m\t\n\r\x00é😀\ud800", max_size=6)


def covered(written: str, text: str) -> list[tuple[str, str]]:
    """Cut the stretches out of a text that its colours name."""
    found = re.findall(r"(\d+)-(\d+) ([a-z ]+)", written)
    assert "; ".join(f"{start}-{end} {style}" for start, end, style in found) == written
    return [(text[int(start) : int(end)], style) for start, end, style in found]


@given(st.lists(st.tuples(st.sampled_from(sorted(CODES)), WORDS), max_size=8), WORDS)
def test_every_character_keeps_the_style_it_had(coloured: Any, head: str) -> None:
    raw, styled = head, [(head, "")]
    colour, weight = "", ""
    for code, words in coloured:
        raw += code + words
        colour, weight = (
            old if new is None else new
            for old, new in zip((colour, weight), CODES[code], strict=True)
        )
        styled.append((words, " ".join(filter(None, (weight, colour)))))
    whole = [(char, style) for words, style in styled for char in words]
    kept = [
        ("\n" if char == "\r" else "\ufffd" if char == "\ud800" else char, style)
        for i, (char, style) in enumerate(whole)
        if char != "\x00" and not (char == "\r" and i + 1 < len(whole) and whole[i + 1][0] == "\n")
    ]
    text = clean(raw)
    assert text == "".join(char for char, _ in kept)
    shown = [""] * len(text)
    for start, end, style in re.findall(r"(\d+)-(\d+) ([a-z ]+)", spans(raw, text)):
        assert int(start) < int(end) <= len(text)
        shown[int(start) : int(end)] = [style] * (int(end) - int(start))
    assert shown == [style for _, style in kept]


@given(st.lists(st.tuples(st.sampled_from(sorted(CODES)), WORDS), max_size=8), st.data())
def test_the_colours_of_some_lines_are_those_lines_or_left_out(coloured: Any, data: Any) -> None:
    raw = "".join(code + words for code, words in coloured)
    whole = clean(raw)
    kept = data.draw(st.lists(st.sampled_from([*whole.split("\n"), "zz"]), max_size=4))
    text = "\n".join(line[data.draw(st.integers(0, 2)) :] for line in kept)
    named = {words.strip() for words, _ in covered(spans(raw, whole), whole)}
    for words, _ in covered(spans(raw, text), text):
        assert any(words.strip() in name for name in named)


def test_a_playwright_error_is_coloured_in_message_and_source_lines(only: Any) -> None:
    message = (
        f"Error: {DIM}expect({NORMAL}{RED}received{PLAIN}{DIM}){NORMAL}\n\nReceived: {RED}1{PLAIN}"
        f"\n\n {GREEN} 11 | x{PLAIN}\n\n    at /srv/app/tests/a.spec.ts:11:1"
    )
    snippet = f"\x1b[90m   10 |{PLAIN} a\n{RED}>{PLAIN} 11 | b"
    result = {
        "status": "failed", "error": {"message": message, "snippet": snippet},
        "errors": [{"message": message}, {"message": f"{GREEN}second{PLAIN}"}],
        "stdout": [{"text": f"\n{GREEN}o"}, {"text": f"k{PLAIN}\n"}],
    }  # fmt: skip
    row = only(playwright_report(playwright_test("unexpected", result)))
    attempt = row["attempts"][0]
    first, second = attempt["errors"]
    assert covered(first["colours"]["message"], first["message"]) == [
        ("expect(", "dim"), ("received", "red"), (")", "dim"), ("1", "red"), (" 11 | x", "green"),
    ]  # fmt: skip
    assert covered(first["colours"]["snippet"], first["snippet"]) == [
        ("   10 |", "grey"),
        (">", "red"),
    ]
    assert second["colours"] == {"message": "0-6 green"}
    assert covered(attempt["colours"]["stdout"], row["stdout"]) == [("ok", "green")]
    assert "\x1b" not in json.dumps(row["attempts"])


def test_a_pytest_error_is_coloured_though_it_is_cut_out_of_a_longer_text(only: Any) -> None:
    text = (
        "    \x1b[0m\x1b[94mdef\x1b[39;49;00m \x1b[92mtest_a\x1b[39;49;00m():\n"
        ">       \x1b[94massert\x1b[39;49;00m f() == \x1b[94m2\x1b[39;49;00m\n"
        "\x1b[1m\x1b[31mE       assert 1 == 2\x1b[0m\n"
        "\x1b[1m\x1b[31mE        +  where 1 = f()\x1b[0m\n\n"
        "\x1b[1m\x1b[31mtest_a.py\x1b[0m:2: AssertionError"
    )
    escaped = text.replace("\x1b", "#x1B").replace(">", "&gt;")
    case = (
        '<testcase classname="test_a" name="test_a" time="0"><failure message="assert 1 == 2&#10;'
        f' +  where 1 = f()">{escaped}</failure><system-out>--------- Captured Out ---------\n'
        "a #x1B[33mwarning#x1B[0m\n</system-out></testcase>"
    )
    attempt = only(junit(case))["attempts"][0]
    error = attempt["errors"][0]
    assert covered(error["colours"]["message"], error["message"]) == [
        ("assert 1 == 2", "bold red"),
        ("+  where 1 = f()", "bold red"),
    ]
    assert covered(error["colours"]["snippet"], error["snippet"]) == [
        ("def", "blue"), ("test_a", "green"), ("assert", "blue"), ("2", "blue"),
    ]  # fmt: skip
    assert covered(attempt["colours"]["stdout"], attempt["stdout"]) == [("warning", "yellow")]


def test_codes_that_lost_their_escape_are_colours_in_playwrights_junit(only: Any) -> None:
    case = (
        '<testcase name="x" classname="a.spec.ts" time="1">'
        '<failure message="a.spec.ts:3:1 x" type="FAILURE">'
        "  a.spec.ts:3:1 › x ─────\n\n    Error: [31mred[39m and [1]\n\n"
        "    Retry #1 ───────\n\n    Error: [32mgreen[39m\n</failure></testcase>"
    )
    file = junit(
        case,
        'name="a.spec.ts" hostname="chromium" timestamp="2026-01-01T00:00:00.000Z"',
        'id="" name="" tests="1" failures="1" skipped="0" errors="0" time="1"',
    )
    errors = [attempt["errors"][0] for attempt in only(file)["attempts"]]
    assert [covered(e["colours"]["message"], e["message"]) for e in errors] == [
        [("red", "red")],
        [("green", "green")],
    ]


def test_texts_without_codes_and_the_output_of_passes_carry_nothing(only: Any) -> None:
    output = [{"text": f"{GREEN}ok{PLAIN}"}]
    passed = {"status": "passed", "stdout": output}
    assert only(playwright_report(playwright_test("expected", passed)))["attempts"] == [
        {"status": "passed", "stdout": "ok"}
    ]
    failed = {"status": "failed", "error": {"message": "Error: [31m is no code here"}}
    row = only(playwright_report(playwright_test("unexpected", failed)))
    assert "colours" not in json.dumps(row["attempts"])


@pytest.mark.parametrize("version", ["playwright-1.40", "playwright-1.65"])
def test_a_blob_gives_the_colours_of_json(version: str) -> None:
    def told(name: str) -> dict[str, Any]:
        rows = read_run(DATA / version / name).results
        found = {case: tries[-1].get("errors", []) for case, tries in zip(
            rows["case_id"], rows["attempts"], strict=True)}  # fmt: skip
        return {case: [e.get("colours") for e in errors[:1]] for case, errors in found.items()}

    of_json, of_blob = told("results.json"), told("report.zip")
    assert sum(any(colours) for colours in of_json.values()) > 5
    assert of_json == of_blob


def test_of_very_many_colours_the_first_or_the_last_are_kept() -> None:
    raw = f"{RED}a{PLAIN}b" * (MOST_SPANS + 1)
    text = "ab" * (MOST_SPANS + 1)
    first, last = spans(raw, text).split("; "), spans(raw, text, last=True).split("; ")
    assert (len(first), first[0]) == (MOST_SPANS, "0-1 red")
    assert (len(last), last[0]) == (MOST_SPANS, "2-3 red")


def test_a_history_keeps_the_colours(tmp_path: Any) -> None:
    run = read_run(DATA / "playwright-1.65" / "results.json")
    history = History(tmp_path / "history")
    history.append(run)
    kept = history.run("latest").results["attempts"].tolist()
    assert kept == run.results["attempts"].tolist()
    assert '"colours"' in json.dumps(kept)
