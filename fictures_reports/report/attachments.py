"""What a test attached: pictures shown, other files named with the command that opens them."""

from __future__ import annotations

import base64
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.patterns import compiled
from fictures_reports.report.originals import file_name, kind_of, link_to
from fictures_reports.report.pictures import WIDEST, BadPicture, check, smaller
from fictures_reports.report.terminal_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Bytes of one picture, and of all pictures in the file.
MOST_PICTURE: Final = 300_000
MOST_PICTURES: Final = 700_000
#: Bytes of a picture that a failing test always gets, however many pictures there are.
SURE_PICTURE: Final = 24_000
#: Bytes of the largest file that is opened to be made smaller.
MOST_READ: Final = 40_000_000
#: What Playwright's toHaveScreenshot attaches for one comparison, in the order of reading.
SIDES: Final = ("expected", "actual", "diff")
_SIDE: Final = compiled(rf"(?P<stem>.+)-(?P<side>{'|'.join(SIDES)})(?P<ending>\.\w+)?")


@dataclass
class Picture:
    """An attachment: shown if `uri` is set, else named with the reason in `note`.

    The `note` of a picture that is shown says what was done to it.

    `command` is what opens it in a terminal.
    """

    name: str
    uri: str = ""
    path: str = ""
    note: str = ""
    command: str = ""
    #: address of the picture as it was attached, where it lies beside the page
    original: str = ""


@dataclass
class Attachments:
    """Everything that one attempt attached.

    `compared` maps the name of each screenshot that was compared to its pictures by side.
    """

    compared: dict[str, dict[str, Picture]] = field(default_factory=dict)
    shown: list[Picture] = field(default_factory=list)
    named: list[Picture] = field(default_factory=list)


@dataclass
class Budget:
    """Bytes that pictures may still take, and the folders that they may come from."""

    folders: list[Path]
    left: int = MOST_PICTURES
    #: folder beside the page for the pictures as they were attached; "" for none
    assets: str = ""
    #: pictures that `prepare` has made, by the key of their attachment
    pictures: dict[tuple[str, ...], Picture] = field(default_factory=dict)


def is_side(attachment: Mapping[str, Any]) -> bool:
    """Tell whether an attachment is one side of a comparison of screenshots."""
    return bool(_SIDE.fullmatch(printable(attachment.get("name") or "")))


def prepare(attachment: Mapping[str, Any], budget: Budget, *, is_sure: bool) -> None:
    """Make a picture before others, so that it gets room; `attached` shows it then."""
    key = _key(attachment)
    if key not in budget.pictures:
        budget.pictures[key] = _picture(attachment, budget, is_sure=is_sure)


def _key(attachment: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(attachment.get(name) or "") for name in ("name", "path", "body"))


def attached(
    attachments: Iterable[Mapping[str, Any]], budget: Budget, *, failed: bool = True
) -> Attachments:
    """Sort what a test attached into pictures side by side, other pictures, and other files.

    A test that failed has a picture at least, and all sides of its first comparison, if made
    smaller; further ones are left out where the file has no more room for them.
    """
    found = Attachments()
    n_shown = 0
    for attachment in attachments:
        is_sure = failed and _is_sure(attachment, n_shown)
        picture = budget.pictures.get(_key(attachment))
        picture = picture or _picture(attachment, budget, is_sure=is_sure)
        n_shown += bool(picture.uri)
        match = _SIDE.fullmatch(printable(picture.name))
        if match and (picture.uri or picture.note):
            _sides_without(found.compared, match)[match["side"]] = picture
        else:
            (found.shown if picture.uri else found.named).append(picture)
    for name, sides in list(found.compared.items()):
        # Alone, a name that only looks like a side is no comparison.
        if len(sides) == 1 or not any(picture.uri for picture in sides.values()):
            for picture in found.compared.pop(name).values():
                (found.shown if picture.uri else found.named).append(picture)
        else:
            found.compared[name] = {side: sides[side] for side in SIDES if side in sides}
    return found


def _is_sure(attachment: Mapping[str, Any], n_shown: int) -> bool:
    """Tell whether a picture of a failing test is shown whatever room there is."""
    return n_shown == 0 or (is_side(attachment) and n_shown < len(SIDES))


def _sides_without(compared: dict[str, dict[str, Picture]], match: Any) -> dict[str, Picture]:
    """Return the comparison that still lacks this side; a retry compares the same name again."""
    name, n = f"{match['stem']}{match['ending'] or ''}", 1
    while match["side"] in compared.setdefault(name if n == 1 else f"{name} ({n})", {}):
        n += 1
    return compared[name if n == 1 else f"{name} ({n})"]


def _picture(attachment: Mapping[str, Any], budget: Budget, *, is_sure: bool) -> Picture:
    name = attachment.get("name") or "attachment"
    path = relative(attachment.get("path") or "", budget.folders)
    if command := _command(attachment, name, path):
        return Picture(name, path=path, command=command)
    content = _content(attachment, budget.folders)
    if content is None:
        return Picture(name, path=path, note="not beside the results")
    if len(content) > MOST_READ:
        return Picture(name, path=path, note="not shown: the file is too large")
    kind = kind_of(content)
    if kind is None:
        return Picture(name, path=path)
    picture = Picture(name, path=path)
    if budget.assets:
        picture.original = link_to(budget.assets, file_name(printable(name), content, kind))
    room = _room(budget, is_sure=is_sure)
    if not room:
        return replace(picture, note="left out to keep this file small")
    try:
        return _fitting(picture, content, kind, room, budget)
    except BadPicture as bad:
        return Picture(name, path=path, note=str(bad))


def original_of(attachment: Mapping[str, Any], folders: list[Path]) -> tuple[str, bytes] | None:
    """Return a picture as it was attached, behind the name of its file; None of what is none."""
    name = attachment.get("name") or "attachment"
    if _command(attachment, name, str(attachment.get("path") or "")):
        return None
    content = _content(attachment, folders)
    kind = kind_of(content) if content and len(content) <= MOST_READ else None
    return (file_name(printable(name), content, kind), content) if content and kind else None


def _room(budget: Budget, *, is_sure: bool) -> int:
    """Return how many bytes a picture may take: half of what is left, so that others come, too."""
    room = min(MOST_PICTURE, budget.left // 2)
    if room >= SURE_PICTURE:
        return room
    return SURE_PICTURE if is_sure else 0


def _fitting(picture: Picture, content: bytes, kind: str, room: int, budget: Budget) -> Picture:
    """Show a picture as it is, or made smaller where it is too large."""
    width = check(content)
    if len(content) > room or width > WIDEST:
        content, kind, picture.note = smaller(content, room), "image/webp", "made smaller"
    budget.left -= len(content)
    picture.uri = f"data:{kind};base64,{base64.b64encode(content).decode()}"
    return picture


def relative(path: str, folders: Iterable[Path]) -> str:
    """Return a path as seen from the results' folder that it lies in; else as it is."""
    for folder in folders:
        if path and Path(path).is_absolute() and Path(path).is_relative_to(folder):
            return Path(path).relative_to(folder).as_posix()
    return path


def _command(attachment: Mapping[str, Any], name: str, path: str) -> str:
    """Write what opens a trace or a video in a terminal; nothing for any other file."""
    kind = attachment.get("content_type") or ""
    # A path in a result file is somebody's word: it must stay one argument, and no option.
    quoted = shlex.quote(path if not path.startswith("-") else f"./{path}")
    if path and (name == "trace" or path.endswith("trace.zip")):
        return f"npx playwright show-trace {quoted}"
    if path and (kind.startswith("video/") or path.endswith((".webm", ".mp4"))):
        return f"npx playwright open {quoted}"
    return ""


def _content(attachment: Mapping[str, Any], folders: list[Path]) -> bytes | None:
    if body := attachment.get("body"):
        try:
            return base64.b64decode(body, validate=True)
        except ValueError:
            return None
    path = Path(attachment.get("path") or "").resolve()
    # Only what lies with the results is opened.
    if not any(path.is_relative_to(folder) for folder in folders) or not path.is_file():
        return None
    with path.open("rb") as file:
        # one byte more than is wanted shows that there are more
        return file.read(MOST_READ + 1)
