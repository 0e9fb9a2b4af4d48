"""Story cache: a small story-writing web app whose cache the two test suites examine.

    python3 app/server.py --port 4173 --dataset empty|seeded

Everything is in memory. `--dataset seeded` (or `POST /api/test-data`) makes the test data:
3 stories, 15 chapters (5 each), 45 scenes (3 each) and 3 posts. What is slow here is slow on
purpose, by the constants below, so that the outcome of a test does not depend on the machine.
"""

import argparse
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pages import community, library, page, stories_page, studio, test_page

LIST_LOOKUP_S = 1.03  # a cache hit on the list of stories: the cache is remote, and far away
SCENE_LOOKUP_S = 0.335  # a cache hit on one scene; the library asks for its scenes one by one
COLD_PATCH_S = (
    3.6  # changing a story while nothing is cached rebuilds the browse cache from scratch
)
SEARCH_S_PER_SCENE = 0.05  # the search reads every scene
EVENTS_WAIT_S = 20  # how long the studio's event channel stays open without an event
STATIC = Path(__file__).with_name("app.js")


class Data:
    """Stories, chapters, scenes and posts, and a condition to wait for them."""

    def __init__(self):
        self.stories, self.chapters, self.scenes, self.posts = {}, {}, {}, {}
        self.cache = {}
        self.warmed_up = False
        self.made = threading.Condition()

    def make_test_data(self):
        """Make the 3 stories, 15 chapters, 45 scenes and 3 posts."""
        for s, title in enumerate(["The Lighthouse", "Salt Roads", "A Winter Index"], start=1):
            story = f"story-{s}"
            self.stories[story] = {"id": story, "title": title, "status": "writing"}
            self.posts[f"post-{s}"] = {
                "id": f"post-{s}",
                "story": story,
                "body": f"First thoughts on {title}",
            }
            for c in range(1, 6):
                chapter = f"{story}-chapter-{c}"
                self.chapters[chapter] = {
                    "id": chapter,
                    "story": story,
                    "position": c,
                    "title": f"Chapter {c}",
                }
                for n in range(1, 4):
                    scene = f"{chapter}-scene-{n}"
                    text = f"Scene {n} of chapter {c} of {title}. " * 6
                    self.scenes[scene] = {
                        "id": scene,
                        "chapter": chapter,
                        "position": n,
                        "text": text,
                    }
                    self.cache[scene] = text
        with self.made:
            self.made.notify_all()

    def wait_until_made(self):
        with self.made:
            while not self.stories:
                self.made.wait()

    def cached_scene(self, scene_id):
        time.sleep(SCENE_LOOKUP_S)
        return self.cache.get(scene_id)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    data: Data

    def log_message(self, *args):
        pass

    def send(self, status, body, content_type="application/json", **headers):
        raw = (
            body
            if isinstance(body, bytes)
            else (json.dumps(body) if content_type.endswith("json") else body).encode()
        )
        self.send_response(status)
        self.send_header("Content-Type", content_type + "; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(raw)

    def html(self, body):
        self.send(200, body, "text/html")

    def body(self):
        length = int(self.headers.get("Content-Length") or 0)
        return json.loads(self.rfile.read(length) or b"{}")

    def dispatch(self):
        url = urlsplit(self.path)
        self.query = parse_qs(url.query)
        sent = self.body()  # read it always: the connection is kept alive
        for method, pattern, action in ROUTES:
            match = re.fullmatch(pattern, url.path)
            if match and method == self.command:
                try:
                    return action(
                        self, *match.groups(), *([sent] if method in ("POST", "PATCH") else [])
                    )
                except (BrokenPipeError, ConnectionResetError):
                    return None  # the client gave up waiting
        return self.send(404, {"error": f"no {self.command} {url.path}"})

    do_GET = do_POST = do_PATCH = do_DELETE = dispatch  # noqa: N815 - names of the base class

    # Pages

    def get_script(self):
        self.send(200, STATIC.read_bytes(), "text/javascript")

    def get_home(self):
        self.html(page("Stories", "<p>Write, read, share.</p>"))

    def get_community(self):
        self.html(community(self.data.posts.values(), self.data.stories))

    def get_studio(self):
        self.html(studio(self.data.stories.values()))

    def get_stories_page(self):
        self.html(stories_page(self.data.stories.values()))

    def get_library(self):
        """Every scene, each from the cache, one after the other: 45 lookups."""
        self.html(library([self.data.cached_scene(scene) for scene in list(self.data.scenes)]))

    def get_test_page(self):
        self.html(test_page(self.data.stories.values()))

    # API

    def get_health(self):
        self.send(200, {"status": "ok"})

    def get_warmup(self):
        """The first request after a start comes too early."""
        early, self.data.warmed_up = not self.data.warmed_up, True
        self.send(503 if early else 200, {"warm": not early})

    def get_list(self, kind):
        began = time.perf_counter()
        rows = list(getattr(self.data, kind).values())
        start, limit = (
            int(self.query.get(name, [default])[0])
            for name, default in (("start", 0), ("limit", 1000))
        )
        rows = rows[start : start + limit]
        spent_ms = (time.perf_counter() - began) * 1000
        self.send(200, {kind: rows, "count": len(rows)}, Server_Timing=f"db;dur={spent_ms:.3f}")

    def get_one(self, kind, key):
        row = getattr(self.data, kind).get(key)
        self.send(200, row) if row else self.send(404, {"error": f"no such {kind}: {key}"})

    def patch(self, kind, key, changes):
        row = getattr(self.data, kind).get(key)
        if kind == "stories" and not self.data.cache:
            time.sleep(COLD_PATCH_S)
        if row is None:
            return self.send(404, {"error": f"no such {kind}: {key}"})
        row.update(changes)
        return self.send(200, {**row, "invalidated": [f"{kind}:{key}", "browse"]})

    def delete(self, kind, key):
        rows = getattr(self.data, kind)
        if key not in rows:
            return self.send(404, {"error": f"no such {kind}: {key}"})
        if kind == "posts" and rows[key].get("story") in self.data.stories:
            return self.send(409, {"error": "a post about a published story cannot be deleted"})
        del rows[key]
        return self.send(200, {"deleted": key})

    def post_post(self, sent):
        if not sent.get("body"):
            return self.send(400, {"error": "a post needs a body"})
        key = f"post-{len(self.data.posts) + 1}"
        self.data.posts[key] = {"id": key, "story": sent.get("story"), "body": sent["body"]}
        return self.send(201, self.data.posts[key])

    def post_like(self, _key, _sent):
        self.send(401, {"error": "sign in to like posts"})

    def get_search(self):
        word = self.query.get("q", [""])[0]
        hits = []
        for scene in list(self.data.scenes.values()):
            time.sleep(SEARCH_S_PER_SCENE)
            if word in scene["text"]:
                hits.append(scene["id"])
        self.send(200, {"hits": hits})

    def get_export(self):
        """Answers when there is something to export."""
        self.data.wait_until_made()
        self.send(200, {"stories": list(self.data.stories.values())})

    def get_ready(self):
        self.data.wait_until_made()
        self.send(200, {"ready": True})

    def get_events(self):
        """Answers when something happened, or after a while. Nothing ever happens."""
        time.sleep(EVENTS_WAIT_S)
        self.send(200, {"events": []})

    def get_cached_list(self):
        time.sleep(LIST_LOOKUP_S)
        self.send(200, {"stories": list(self.data.stories.values())})

    def get_cached_scene(self, key):
        self.send(200, {"id": key, "text": self.data.cached_scene(key)})

    def get_cache(self):
        size = sum(map(len, self.data.cache.values()))
        self.send(
            200,
            {
                "entries": len(self.data.cache),
                "kilobytes": round(size / 1000, 2),
                "ttl_minutes": 30,
            },
        )

    def post_test_data(self, _sent):
        self.data.make_test_data()
        kinds = ("stories", "chapters", "scenes", "posts")
        self.send(201, {kind: len(getattr(self.data, kind)) for kind in kinds})


KIND = "(stories|chapters|scenes|posts)"
ROUTES = [
    ("GET", "/", Handler.get_home),
    ("GET", "/app.js", Handler.get_script),
    ("GET", "/community", Handler.get_community),
    ("GET", "/studio", Handler.get_studio),
    ("GET", "/stories", Handler.get_stories_page),
    ("GET", "/library", Handler.get_library),
    ("GET", "/test/cache", Handler.get_test_page),
    ("GET", "/api/health", Handler.get_health),
    ("GET", "/api/warmup", Handler.get_warmup),
    ("GET", "/api/search", Handler.get_search),
    ("GET", "/api/export", Handler.get_export),
    ("GET", "/api/studio/events", Handler.get_events),
    ("GET", "/api/cache", Handler.get_cache),
    ("GET", "/api/cache/stories", Handler.get_cached_list),
    ("GET", "/api/cache/scenes/(.+)", Handler.get_cached_scene),
    ("POST", "/api/test-data", Handler.post_test_data),
    ("GET", "/api/test-data/ready", Handler.get_ready),
    ("POST", "/api/posts", Handler.post_post),
    ("POST", "/api/posts/([^/]+)/like", Handler.post_like),
    ("GET", f"/api/{KIND}", Handler.get_list),
    ("GET", f"/api/{KIND}/([^/]+)", Handler.get_one),
    ("PATCH", f"/api/{KIND}/([^/]+)", Handler.patch),
    ("DELETE", f"/api/{KIND}/([^/]+)", Handler.delete),
]


def main():
    parser = argparse.ArgumentParser(description="The story cache app.")
    parser.add_argument("--port", type=int, default=4173)
    parser.add_argument("--dataset", choices=["empty", "seeded"], default="empty")
    arguments = parser.parse_args()
    Handler.data = Data()
    if arguments.dataset == "seeded":
        Handler.data.make_test_data()
    server = ThreadingHTTPServer(("127.0.0.1", arguments.port), Handler)
    server.daemon_threads = True
    server.serve_forever()


if __name__ == "__main__":
    main()
