"""One comment on a pull or merge request: found again by its mark, and edited.

A job without a token leaves the text in a file, for a second workflow that has one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.errors import ReportsError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fictures_reports.ci.build import Build

#: What GitHub takes as one comment, in characters; GitLab takes more.
LONGEST: Final = 65_536
_CUT: Final = "\n\n*The rest was cut: see the report.*"
_PAGE: Final = 100
#: How long an answer may take, in seconds.
_PATIENCE: Final = 30


@dataclass(frozen=True)
class Discussion:
    """Where the comments of one change are read, made and edited."""

    #: address of the list; a comment's own lies at `comment`, a slash and its id
    comments: str
    comment: str
    #: how an edit is asked for: PATCH or PUT
    edit: str
    headers: Mapping[str, str]


def marked(text: str, name: str) -> str:
    """Put the mark in front by which the comment is found again, and cut what is too long.

    `name` tells the comments of several steps apart, such as those of two suites.
    """
    text = cut(text, room_for(name))
    return f"{mark_of(name)}\n{text}"


def room_for(name: str) -> int:
    """Return how many characters fit behind the mark of a comment."""
    return LONGEST - len(mark_of(name)) - 1


def cut(text: str, room: int) -> str:
    """Cut a text at a line, and say so, if it is longer than `room`; its first line stays."""
    if len(text) <= room:
        return text
    whole = text.removesuffix(_CUT)
    first = whole.partition("\n")[0]
    return (whole[: room - len(_CUT)].rpartition("\n")[0].rstrip() or first) + _CUT


def is_left_of(found: str, text: str) -> bool:
    """Tell whether what was found is the text, or what `cut` left of it.

    >>> is_left_of("all pass", "all pass"), is_left_of("all", "all pass")
    (True, False)
    """
    return found == text or (found.endswith(_CUT) and text.startswith(found.removesuffix(_CUT)))


def mark_of(name: str) -> str:
    """Return the line that a comment begins with, so that it is found again."""
    words = "".join(letter for letter in name if letter.isalnum() or letter in " ._-/")
    return f"<!-- fictures-reports: {words} -->"


def discussion_of(build: Build, environment: Mapping[str, str], token: str) -> Discussion | None:
    """Return where the comments of the build's change lie; None where it has none.

    GitHub and GitLab are known; a change elsewhere, a build without a change, and a job without a
    token give None.
    """
    facts = build.facts
    if not token or not facts.pull_request or not facts.repository:
        return None
    if build.system == "github":
        api = environment.get("GITHUB_API_URL", "https://api.github.com").rstrip("/")
        issues = f"{api}/repos/{facts.repository}/issues"
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
        lists = f"{issues}/{facts.pull_request}/comments"
        return Discussion(lists, f"{issues}/comments", "PATCH", headers)
    if build.system == "gitlab" and (api := environment.get("CI_API_V4_URL", "").rstrip("/")):
        notes = f"{api}/projects/{facts.repository}/merge_requests/{facts.pull_request}/notes"
        return Discussion(notes, notes, "PUT", {"PRIVATE-TOKEN": token})
    return None


def leave(place: Discussion, text: str, name: str) -> str:
    """Write the comment or edit the one that is there; return "made" or "edited".

    Raises `ReportsError` with what the server answered if it refuses.
    """
    mark = mark_of(name)
    body = {"body": marked(text, name)}
    found = next((c for c in comments_of(place) if str(c.get("body", "")).startswith(mark)), None)
    if found is None:
        ask(place, "POST", place.comments, body)
        return "made"
    ask(place, place.edit, f"{place.comment}/{found['id']}", body)
    return "edited"


def comments_of(place: Discussion) -> Iterator[dict[str, Any]]:
    """Read the comments of a change, oldest first, page by page."""
    page = 1
    while found := ask(place, "GET", f"{place.comments}?per_page={_PAGE}&page={page}"):
        if not isinstance(found, list):
            return
        yield from (comment for comment in found if isinstance(comment, dict))
        if len(found) < _PAGE:
            return
        page += 1


def ask(place: Discussion, method: str, address: str, body: Any = None) -> Any:
    """Ask the server and return its answer; raises `ReportsError` if it refuses or is not there."""
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    if not address.startswith(("https://", "http://")):
        raise ReportsError(f"comment: {address} is no address of a server")
    data = None if body is None else json.dumps(body).encode()
    headers = {**place.headers, "Content-Type": "application/json"}
    request = Request(address, data, headers, method=method)  # noqa: S310 - checked above
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            return json.loads(answer.read() or b"null")
    except HTTPError as error:
        with error:
            reply = error.read(300).decode("utf-8", "replace")
        raise ReportsError(f"comment: the server refused it with {error.code}: {reply}") from error
    except (URLError, OSError, ValueError) as error:
        raise ReportsError(f"comment: {address} cannot be reached: {error}") from error
