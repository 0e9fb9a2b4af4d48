"""Pictures, traces and videos in the details of a case."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest
from playwright.sync_api import expect

import fictures_reports as fr

from .conftest import drawn, make_run


def png(red: int) -> str:
    """Draw a picture of one colour, 40 by 20."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = zlib.compress((b"\0" + bytes([red, 0, 0]) * 40) * 20)
    head = struct.pack(">IIBBBBB", 40, 20, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def picture(name, red=9):
    return {"name": name, "content_type": "image/png", "body": png(red)}


@pytest.fixture
def page(tmp_path):
    """Render a case with everything that can be attached, in an order that a producer may write."""
    attachments = [
        picture("home-actual.png", 1), picture("home-expected.png", 2), picture("home-diff.png", 3),
        picture("menu-actual", 4), picture("menu-expected", 5), picture("what-i-expected.png"),
        picture("screenshot", 6),
        {"name": "trace", "content_type": "application/zip", "path": "a b/trace.zip"},
        {"name": "video", "content_type": "video/webm", "path": "--x/$(id).webm"},
        {"name": "log", "content_type": "text/plain", "path": "/etc/passwd"},
    ]  # fmt: skip
    run = make_run("r", {"x": "failed"}, {"attachments": [attachments]})
    return fr.render("run", run=run, output=tmp_path / "r.html")


def test_compared_screenshots_stand_side_by_side_and_the_rest_below_without_script(page, opened):
    shown = opened(page, viewport={"width": 1300, "height": 900}, java_script_enabled=False)
    shown.locator("details.case summary").first.click()
    groups = shown.locator("ul.compared")
    captions = [group.locator("figcaption").all_inner_texts() for group in groups.all()]
    assert captions == [["expected", "actual", "diff"], ["expected", "actual"]]
    tops = {round(image.bounding_box()["y"]) for image in groups.first.locator("img").all()}
    assert len(tops) == 1
    rest = shown.locator("ul.pictures:not(.compared) figcaption").all_inner_texts()
    assert rest == ["screenshot", "what-i-expected.png"]
    assert "home.png" in shown.locator("details.case").inner_text()


def test_traces_and_videos_are_named_with_a_command_that_stays_one_argument(page, opened):
    files = opened(page, java_script_enabled=False).locator("ul.files li").all_text_contents()
    assert files == [
        "trace: npx playwright show-trace 'a b/trace.zip'",
        "video: npx playwright open './--x/$(id).webm'",
        "log /etc/passwd (not beside the results)",
    ]


def test_a_picture_opens_with_enter_closes_with_escape_and_focus_returns(page, opened):
    shown = opened(page, "tests")
    drawn(shown)
    shown.locator(".test-row").first.press("Enter")
    shown.get_by_role("button", name="Side by side").first.click()
    button = shown.locator(".panel .zoom").first
    button.focus()
    shown.keyboard.press("Enter")
    dialog = shown.locator("dialog.picture[open]")
    expect(dialog.locator("img")).to_have_js_property("naturalWidth", 40)
    assert dialog.locator("img").get_attribute("alt") == "home-expected.png of x"
    shown.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(shown.locator(".zoom").first).to_be_focused()
    button.click()
    shown.get_by_role("button", name="Close", exact=True).click()
    expect(dialog).to_have_count(0)
    assert shown.complaints == []


def test_a_static_page_shows_the_pictures_without_a_script(tmp_path, opened):
    run = make_run("r", {"x": "failed"}, {"attachments": [[picture("shot")]]})
    shown = opened(fr.render("run", run=run, output=tmp_path / "r.html", static=True))
    assert shown.locator(".pictures img").count() == 1
    assert shown.locator("script, .zoom").count() == 0
