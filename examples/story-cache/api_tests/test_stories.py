"""Stories, chapters and scenes."""

import sys

import pytest


def test_the_server_is_healthy(api):
    assert api.get("/api/health").json == {"status": "ok"}


def test_stories_are_a_list(api):
    assert isinstance(api.get("/api/stories").json["stories"], list)


@pytest.mark.parametrize(("kind", "count"), [("stories", 3), ("chapters", 15), ("scenes", 45)])
def test_data_is_complete(api, kind, count):
    assert api.get(f"/api/{kind}").json["count"] == count


def test_a_story_has_five_chapters(api, first_story):
    chapters = api.get("/api/chapters").json["chapters"]
    assert len([chapter for chapter in chapters if chapter["story"] == first_story["id"]]) == 5


def test_a_story_can_be_revised(api, first_story):
    answer = api.request("PATCH", f"/api/stories/{first_story['id']}", {"status": "revised"})
    assert answer.json["status"] == "revised"


def test_a_story_can_be_read(api, story_id):
    assert api.get(f"/api/stories/{story_id}").status == 200


def test_an_unknown_story_is_not_found(api):
    assert api.get("/api/stories/story-99").status == 404


def test_chapters_are_in_order(api):
    chapters = api.get("/api/chapters?limit=5").json["chapters"]
    if not chapters:
        pytest.skip("no stories yet")
    assert [chapter["position"] for chapter in chapters] == [1, 2, 3, 4, 5]


def test_a_story_names_its_author(api):
    assert api.get("/api/stories").json["stories"][0]["author"] == "Ada"


@pytest.mark.xfail(reason="stories come in the order in which they were made, not by title")
def test_stories_are_sorted_by_title(api):
    titles = [story["title"] for story in api.get("/api/stories").json["stories"]]
    assert titles == ["A Winter Index", "Salt Roads", "The Lighthouse"]


@pytest.mark.xfail(reason="the limit was ignored up to version 1")
def test_the_limit_is_kept(api):
    assert api.get("/api/stories?limit=2").json["count"] <= 2


@pytest.mark.xfail(strict=True, reason="the second page was empty up to version 1")
def test_there_is_a_second_page(api):
    assert api.get("/api/scenes?start=20&limit=20").json["count"] == 20


@pytest.mark.skipif(sys.platform != "win32", reason="drive letters are for Windows only")
def test_an_export_can_be_written_to_a_drive(api):
    assert api.get("/api/export?to=C:").status == 200


@pytest.mark.skip(reason="audio chapters are not built yet")
def test_audio_chapters(api):
    assert api.get("/api/audio").status == 200


def test_stories_follow_the_schema(api):
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(api.get("/api/stories").json, {"type": "object"})
