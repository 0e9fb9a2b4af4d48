"""Pictures of failing tests: shown whole or smaller, never lost for their size."""

from __future__ import annotations

import base64
import io
import json
import random
import re
import struct
import zlib

import pytest
from PIL import Image

import fictures_reports as fr
from fictures_reports.report.attachments import (
    MOST_PICTURE,
    MOST_READ,
    SURE_PICTURE,
    Budget,
    attached,
)
from fictures_reports.report.pictures import MOST_PIXELS, BadPicture, check, smaller

from .conftest import make_run


def noisy(width: int, height: int, kind: str = "PNG", mode: str = "RGB") -> bytes:
    """Draw what cannot be compressed."""
    noise = random.Random(1).randbytes(width * height * len(mode))
    into = io.BytesIO()
    Image.frombytes(mode, (width, height), noise).save(into, kind)
    return into.getvalue()


def bomb(width: int, height: int) -> bytes:
    """Write a small PNG whose head announces many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"")), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(kind, data) for kind, data in parts)


def shot(content: bytes, name: str = "screenshot") -> dict[str, str]:
    body = base64.b64encode(content).decode()
    return {"name": name, "content_type": "image/png", "body": body}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L"])
def test_a_large_picture_is_made_smaller_and_keeps_its_shape(kind: str, mode: str) -> None:
    made = smaller(noisy(600, 300, kind, mode), 30_000)
    assert len(made) <= 30_000
    width, height = Image.open(io.BytesIO(made)).size
    assert width / height == pytest.approx(2, rel=0.05)


def test_a_page_taller_than_webp_can_be_is_made_to_fit() -> None:
    made = Image.open(io.BytesIO(smaller(noisy(4, 20_000), 300_000)))
    assert made.size[1] <= 16_383


def test_the_only_picture_of_a_failing_test_is_shown_though_there_is_no_room_left() -> None:
    large = noisy(400, 300)
    assert len(large) > MOST_PICTURE
    for left in (2 * MOST_PICTURE, 0, -1_000_000):
        found = attached([shot(large)], Budget([], left))
        assert [picture.note for picture in found.shown] == ["made smaller"]
    assert len(base64.b64decode(found.shown[0].uri.partition(",")[2])) <= SURE_PICTURE


def test_without_room_a_second_picture_and_those_of_skipped_tests_are_named() -> None:
    large = noisy(400, 300)
    found = attached([shot(large), shot(large, "second")], Budget([], 0))
    assert [(file.name, file.note) for file in found.named] == [
        ("second", "left out to keep this file small")
    ]
    assert attached([shot(large)], Budget([], 0), failed=False).shown == []


def test_all_sides_of_a_comparison_are_shown_though_there_is_no_room_left() -> None:
    names = ["front-diff.png", "front-actual.png", "front-expected.png", "later"]
    found = attached([shot(noisy(200, 100), name) for name in names], Budget([], 0))
    assert list(found.compared["front.png"]) == ["expected", "actual", "diff"]
    assert all(picture.uri for picture in found.compared["front.png"].values())
    assert [file.name for file in found.named] == ["later"]


def test_each_retry_has_its_own_comparison() -> None:
    names = ["a-expected.png", "a-actual.png", "a-actual.png", "a-expected.png"]
    found = attached([shot(noisy(20, 10), name) for name in names], Budget([]))
    assert {name: list(sides) for name, sides in found.compared.items()} == {
        "a.png": ["expected", "actual"],
        "a.png (2)": ["expected", "actual"],
    }


@pytest.mark.parametrize(
    ("content", "note"),
    [
        (noisy(30, 20)[:-40], "not shown: the picture is broken"),
        (b"\x89PNG\r\n\x1a\n" + b"nothing" * 9, "not shown: the picture is broken"),
        (b"\xff\xd8\xff" + b"\0" * 400, "not shown: the picture is broken"),
        (noisy(400, 300)[:200_000], "not shown: the picture is broken"),
        (bomb(8_000, 8_000), "not shown: 8,000 × 8,000 pixels"),
        (bomb(60_000, 60_000), "not shown: too many pixels"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * MOST_READ, "not shown: the file is too large"),
    ],
)
def test_a_picture_that_cannot_be_shown_costs_itself_alone_and_is_said(
    content: bytes, note: str
) -> None:
    found = attached([shot(content, "bad"), shot(noisy(30, 20), "good")], Budget([]))
    assert [(file.name, file.note) for file in found.named] == [("bad", note)]
    assert [picture.name for picture in found.shown] == ["good"]


def test_a_bomb_is_refused_before_its_pixels_are_made() -> None:
    side = int(MOST_PIXELS**0.5) + 1
    for use in (check, lambda content: smaller(content, 1_000)):
        with pytest.raises(BadPicture):
            use(bomb(side, side))


def written(folder, attachments, files):
    """Write a Playwright run of one failing test, with files below test-results."""
    report = {
        "config": {"rootDir": "/srv/inn/tests", "version": "1.56.1"},
        "suites": [{"title": "a.spec.ts", "file": "a.spec.ts", "specs": [{
            "title": "door", "file": "a.spec.ts", "line": 3, "column": 1, "tests": [{
                "projectName": "", "expectedStatus": "passed", "status": "unexpected",
                "results": [{"status": "failed", "retry": 0, "duration": 5,
                             "errors": [{"message": "Error: no"}], "attachments": attachments}],
            }],
        }]}],
    }  # fmt: skip
    for name, content in files.items():
        path = folder / "test-results" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (folder / "results.json").write_text(json.dumps(report))
    return fr.read_run(folder)


def png_at(name: str, path: str) -> dict[str, str]:
    return {"name": name, "contentType": "image/png", "path": path}


SIDES = {f"a-door/door-{side}.png": noisy(20, 10 + n) for n, side in
         enumerate(("expected", "actual", "diff"))}  # fmt: skip
ACTUAL = png_at("door-actual.png", "/srv/inn/test-results/a-door/door-actual.png")
SNAPSHOT = "/srv/inn/tests/a.spec.ts-snapshots/door-linux.png"


@pytest.mark.parametrize(
    "attachments",
    [
        [png_at("door-expected.png", SNAPSHOT), ACTUAL],
        [ACTUAL, png_at("door-diff.png", "/elsewhere/door-diff.png")],
        [ACTUAL],
        [png_at("door-actual", "C:\\inn\\test-results\\a-door\\door-actual.png")],
    ],
)
def test_expected_and_difference_are_the_files_beside_the_actual_picture(
    tmp_path, attachments
) -> None:
    run = written(tmp_path, attachments, SIDES)
    paths = [item["path"] for item in run.results["attachments"][0]]
    assert sorted(paths) == sorted(str(tmp_path.resolve() / "test-results" / n) for n in SIDES)
    html = fr.render("run", run=run, output=tmp_path / "r.html").read_text()
    shown = set(re.findall(r"data:image/png;base64,([A-Za-z0-9+/=]+)", html))
    assert {base64.b64encode(content).decode() for content in SIDES.values()} <= shown


def test_the_copy_that_was_compared_beats_a_snapshot_that_is_there(tmp_path) -> None:
    files = {**SIDES, "../tests/a.spec.ts-snapshots/door-linux.png": noisy(7, 7)}
    run = written(tmp_path, [png_at("door-expected.png", SNAPSHOT), ACTUAL], files)
    assert run.results["attachments"][0][0]["path"].endswith("a-door/door-expected.png")


def test_a_link_beside_the_actual_picture_that_leads_out_is_not_followed(tmp_path) -> None:
    (tmp_path / "secret.png").write_bytes(noisy(9, 9))
    folder = tmp_path / "run"
    (folder / "test-results" / "a-door").mkdir(parents=True)
    (folder / "test-results" / "a-door" / "door-expected.png").symlink_to(tmp_path / "secret.png")
    files = {"a-door/door-actual.png": noisy(20, 10)}
    run = written(folder, [png_at("door-expected.png", SNAPSHOT), ACTUAL], files)
    assert run.results["attachments"][0][0]["path"] == SNAPSHOT
    assert len(run.results["attachments"][0]) == 2


def test_the_last_picture_of_a_failure_after_comes_before_earlier_tries_and_before(
    monkeypatch,
) -> None:
    from fictures_reports.report import evidence

    # room for one picture
    monkeypatch.setattr(evidence, "Budget", lambda folders, **_: Budget(folders, 60_000))

    def tried(*names: str) -> dict[str, object]:
        return {
            "status": "failed", "errors": [{"message": "no"}],
            "attachments": [shot(noisy(700, 500), name) for name in names],
        }  # fmt: skip

    def run(label: str, names: list[str]) -> fr.Run:
        tries = [tried(f"{label} {name}") for name in names]
        columns = {
            "attempts": [tries], "n_attempts": [len(tries)],
            "attachments": [[one for each in tries for one in each["attachments"]]],
        }  # fmt: skip
        return make_run(label, {"x": "failed"}, columns)

    comparison = fr.compare(run("old", ["only"]), run("new", ["first", "last"]))
    (item,), _ = evidence.collect(comparison)
    shown = [picture.name for one in item.tries for picture in one.attachments.shown]
    named = [(file.name, file.note) for one in item.tries for file in one.attachments.named]
    assert shown == ["new last"]
    assert named == [
        ("old only", "left out to keep this file small"),
        ("new first", "left out to keep this file small"),
    ]
