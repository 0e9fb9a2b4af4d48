"""What the tests share: a client, the first story, and a second JUnit file in the older form."""

import json
import os
import time
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from _pytest.junitxml import LogXML

URL = urlsplit(os.environ.get("STORY_CACHE_URL", "http://127.0.0.1:4173"))
TIMEOUT_SCALE = float(os.environ.get("STORY_CACHE_TIMEOUT_SCALE", "1"))


def scaled(seconds):
    """A time-out, as short as STORY_CACHE_TIMEOUT_SCALE makes it."""
    return max(1.0, seconds * TIMEOUT_SCALE)


@dataclass(frozen=True)
class Answer:
    """An answer of the API and how long it took."""

    status: int
    text: str
    elapsed_ms: float

    @property
    def json(self):
        return json.loads(self.text)


class Client:
    """One connection for each request, as simple as that."""

    def request(self, method, path, sent=None, timeout=None):
        began = time.perf_counter()
        connection = HTTPConnection(URL.hostname, URL.port, timeout=timeout)
        try:
            connection.request(method, path, body=json.dumps(sent) if sent is not None else None)
            response = connection.getresponse()
            text = response.read().decode()
        finally:
            connection.close()
        return Answer(response.status, text, round((time.perf_counter() - began) * 1000, 1))

    def get(self, path, **options):
        return self.request("GET", path, **options)

    def post(self, path, sent, **options):
        return self.request("POST", path, sent, **options)


@pytest.fixture(scope="session")
def api():
    return Client()


@pytest.fixture
def first_story(api):
    """The first story; without test data there is none."""
    stories = api.get("/api/stories").json["stories"]
    if not stories:
        raise LookupError("no stories in the database: make the test data first")
    return stories[0]


@pytest.fixture
def scratch_post(api):
    """A post that is taken away again when the test is over."""
    post = api.post("/api/posts", {"body": "to be deleted", "story": "story-1"}).json
    yield post
    answer = api.request("DELETE", f"/api/posts/{post['id']}")
    if answer.status != 200:
        reason = answer.json["error"]
        raise RuntimeError(f"could not clean up {post['id']}: {answer.status} {reason}")


def pytest_generate_tests(metafunc):
    """`story_id` stands for every story that there is when the tests are collected."""
    if "story_id" in metafunc.fixturenames:
        stories = Client().get("/api/stories").json["stories"]
        metafunc.parametrize("story_id", [story["id"] for story in stories])


def pytest_addoption(parser):
    parser.addoption("--junitxml-xunit1", metavar="PATH", help="the same run in the form xunit1")


def pytest_configure(config):
    path = config.getoption("--junitxml-xunit1")
    if path:
        xunit1 = LogXML(path, None, "story-cache-api", "no", "total", "xunit1")
        config.pluginmanager.register(xunit1)
