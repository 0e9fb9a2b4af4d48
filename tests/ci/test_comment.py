"""A change has one comment, which is edited; against a server that answers as the two do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from fictures_reports.ci.build import build_of
from fictures_reports.ci.comment import LONGEST, discussion_of, leave, marked
from fictures_reports.ci.shared_comment import Part, leave_part
from fictures_reports.cli.ci_step import step_in
from fictures_reports.errors import ReportsError
from tests.ci import runners
from tests.ci.results import playwright_report


class Server:
    """Keeps comments in memory and answers in pages."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.asked: list[tuple[str, str, str]] = []
        self.refuses = False
        self.made = 0
        keeper = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def answer(self) -> None:
                keeper.answer(self)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        token = request.headers.get("Authorization") or request.headers.get("PRIVATE-TOKEN") or ""
        address = urlsplit(request.path)
        self.asked.append((request.command, address.path, token))
        size = int(request.headers.get("Content-Length") or 0)
        body = json.loads(request.rfile.read(size)) if size else None
        said = self._said(request.command, address, body)
        request.send_response(403 if self.refuses else 200)
        request.end_headers()
        request.wfile.write(json.dumps(said).encode())

    def _said(self, method: str, address: Any, body: Any) -> Any:
        if self.refuses:
            return {"message": "Resource not accessible by integration"}
        if method == "GET":
            page = int(parse_qs(address.query)["page"][0])
            return self.comments[100 * (page - 1) : 100 * page]
        if method == "POST":
            self.made += 1
            self.comments.append({"id": self.made, "body": body["body"]})
            return self.comments[-1]
        number = int(address.path.rpartition("/")[2])
        own = next(one for one in self.comments if one["id"] == number)
        if method == "DELETE":
            self.comments.remove(own)
        else:
            own["body"] = body["body"]
        return None


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    Thread(target=running.http.serve_forever, daemon=True).start()
    yield running
    running.http.shutdown()
    running.http.server_close()


def places(server: Server, folder: Any) -> dict[str, Any]:
    github = runners.pull_request(folder) | {"GITHUB_API_URL": server.url}
    gitlab = runners.GITLAB_REQUEST | {"CI_API_V4_URL": f"{server.url}/api/v4"}
    return {
        "github": discussion_of(build_of(github), github, "secret"),
        "gitlab": discussion_of(build_of(gitlab), gitlab, "secret"),
    }


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_the_second_push_edits_the_comment_of_the_first(server, tmp_path, system):
    place = places(server, tmp_path)[system]
    assert leave(place, "1 test broke", "e2e") == "made"
    assert leave(place, "all pass", "e2e") == "edited"
    assert [c["body"].splitlines()[-1] for c in server.comments] == ["all pass"]
    assert {token.removeprefix("Bearer ") for _, _, token in server.asked} == {"secret"}


def test_two_suites_have_a_comment_each(server, tmp_path):
    place = places(server, tmp_path)["github"]
    leave(place, "one", "unit")
    leave(place, "two", "e2e")
    assert len(server.comments) == 2


def test_the_comment_is_found_behind_more_than_a_page_of_others(server, tmp_path):
    server.comments = [{"id": n + 1, "body": "looks good"} for n in range(150)]
    server.made = 150
    place = places(server, tmp_path)["github"]
    leave(place, "one", "e2e")
    assert leave(place, "two", "e2e") == "edited"
    assert len(server.comments) == 151


def part(name: str, build: str = "github:7") -> Part:
    return Part(name, build, f"{name} passes", "# Tests", {"linux": 3, "mac": 3, "windows": 3})


@pytest.mark.parametrize("system", ["github", "gitlab"])
def test_jobs_with_variants_share_a_comment_that_names_who_is_missing(server, tmp_path, system):
    place = places(server, tmp_path)[system]
    assert leave_part(place, part("linux"), "e2e") == "made"
    assert leave_part(place, part("windows"), "e2e") == "edited"
    [comment] = [one["body"] for one in server.comments]
    assert "**No results yet of mac, which gave 3 tests before.**" in comment
    assert comment.index("## linux") < comment.index("## windows")
    leave_part(place, part("mac"), "e2e")
    assert "No results yet" not in server.comments[0]["body"]
    leave_part(place, part("mac", build="github:8"), "e2e")
    assert "## linux" not in server.comments[0]["body"]


def test_jobs_that_end_at_once_leave_one_comment_with_all_their_parts(server, tmp_path):
    place = places(server, tmp_path)["github"]
    names = ["linux", "mac", "windows"]
    jobs = [Thread(target=leave_part, args=(place, part(name), "e2e")) for name in names]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    [comment] = [one["body"] for one in server.comments]
    assert [name for name in names if f"{name} passes" in comment] == names


def long_part(name: str) -> Part:
    lines = "".join(f"- {name}: test {n} fails\n" for n in range(500))
    return Part(name, "github:7", lines if name != "short" else "passes", "# Tests", {"never": 3})


LONG = [*(f"system-{n}" for n in range(12)), "short"]


def test_parts_that_take_too_much_room_are_cut_and_each_is_edited_once(server, tmp_path):
    place = places(server, tmp_path)["github"]
    for name in LONG:
        leave_part(place, long_part(name), "e2e")
    changes = [method for method, _, _ in server.asked if method != "GET"]
    assert changes == ["POST", *["PATCH"] * (len(LONG) - 1)]
    [comment] = [one["body"] for one in server.comments]
    assert LONGEST - 2_000 < len(comment) <= LONGEST
    assert [name for name in LONG if f"## {name}\n\n- {name}: test 0 fails\n" in comment] == LONG[
        :-1
    ]
    assert comment.count("*The rest was cut: see the report.*") == len(LONG) - 1
    assert "## short\n\npasses\n" in comment
    assert "**No results yet of never, which gave 3 tests before.**" in comment


def test_long_parts_that_end_at_once_are_all_in_the_comment(server, tmp_path):
    place = places(server, tmp_path)["gitlab"]
    jobs = [Thread(target=leave_part, args=(place, long_part(name), "e2e")) for name in LONG[:4]]
    jobs += [Thread(target=leave_part, args=(place, long_part("short"), "e2e"))]
    for job in jobs:
        job.start()
    for job in jobs:
        job.join()
    [comment] = [one["body"] for one in server.comments]
    assert all(f"## {name}\n" in comment for name in [*LONG[:4], "short"])


def test_a_matrix_has_one_comment_in_which_a_variant_that_never_came_is_named(
    server, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    change = runners.pull_request(tmp_path) | {"GITHUB_API_URL": server.url}
    main = runners.push(tmp_path, "main") | {"GITHUB_RUN_ID": "900"}
    quick = {"FICTURES_FORMAT": "none", "FICTURES_STORE": "kept"}
    jobs = [(main, name, "", 1) for name in ("linux", "mac", "windows")]
    jobs += [(change, "linux", "", 2), (change, "windows", "c", 2)]
    for system, variant, failing, day in jobs:
        results = playwright_report(tmp_path / f"{variant}.json", tuple(failing), day=day)
        # the event of each build is its own
        events = runners.pull_request(tmp_path) if system is change else {}
        given = {"FICTURES_AFTER": results, "FICTURES_VARIANT": variant, "FICTURES_TOKEN": "secret"}
        step_in(system | events | quick | given)
    [comment] = [one["body"] for one in server.comments]
    assert comment.startswith(
        "<!-- fictures-reports: tests -->\n# Tests on feat/x at bbbbbbb, [run"
    )
    assert "**No results yet of mac, which gave 8 tests before.**" in comment
    windows = comment.partition("## windows")[2]
    assert "**New failures (1):** c (x, windows)" in windows
    assert "New failures" not in comment.partition("## windows")[0]


def test_a_refusal_is_said_in_one_line(server, tmp_path):
    server.refuses = True
    with pytest.raises(ReportsError, match=r"refused it with 403: .*not accessible"):
        leave(places(server, tmp_path)["github"], "one", "e2e")


def test_a_server_that_cannot_be_reached_is_said_in_one_line(server, tmp_path):
    server.url = "http://127.0.0.1:9"
    with pytest.raises(ReportsError, match="cannot be reached"):
        leave(places(server, tmp_path)["github"], "one", "e2e")


def test_without_a_token_or_a_change_there_is_no_place_for_it(tmp_path):
    request, push = runners.pull_request(tmp_path), runners.push(tmp_path, "main")
    assert discussion_of(build_of(request), request, "") is None
    assert discussion_of(build_of(push), push, "secret") is None
    assert discussion_of(build_of(runners.JENKINS_CHANGE), runners.JENKINS_CHANGE, "x") is None


def test_a_long_text_is_cut_to_what_a_comment_takes():
    text = marked("line\n" * 40_000, "e2e")
    assert len(text) <= LONGEST
    assert text.rstrip().endswith("*The rest was cut: see the report.*")


def test_a_name_cannot_end_the_mark():
    assert marked("x", "a --> <b").splitlines()[0] == "<!-- fictures-reports: a -- b -->"


def test_the_step_leaves_its_summary_and_a_refusal_changes_no_exit_code(
    server, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    results = playwright_report(tmp_path / "results.json", ("c",))
    given = runners.pull_request(tmp_path) | {
        "GITHUB_API_URL": server.url, "FICTURES_TOKEN": "secret", "FICTURES_AFTER": results,
        "FICTURES_GATES": "failed == 0", "FICTURES_FORMAT": "none",
    }  # fmt: skip
    assert step_in(given) == 2
    assert step_in(given | {"FICTURES_GATES": "failed == 1"}) == 0
    [comment] = server.comments
    assert "Tests on feat/x" in comment["body"]
    assert "Gate not met" not in comment["body"]
    server.refuses = True
    assert step_in(given | {"FICTURES_GATES": "failed == 1"}) == 0
    said = capsys.readouterr().out
    assert "comment made" in said
    assert "comment edited" in said
    assert "::warning title=fictures-reports::comment: the server refused it with 403" in said
    assert "secret" not in said
