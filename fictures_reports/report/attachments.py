"""What a test attached: pictures shown, other files named with the command that opens them."""

from __future__ import annotations

import base64
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fictures_reports.patterns import compiled
from fictures_reports.report.terminal_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Bytes of one picture, and of all pictures in the file.
MOST_PICTURE: Final = 300_000
MOST_PICTURES: Final = 700_000
# Content decides what is a picture: what a producer claims decides nothing that a browser runs.
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
#: What Playwright's toHaveScreenshot attaches for one comparison, in the order of reading.
SIDES: Final = ("expected", "actual", "diff")
_SIDE: Final = compiled(rf"(?P<stem>.+)-(?P<side>{'|'.join(SIDES)})(?P<ending>\.\w+)?")


@dataclass
class Picture:
    """An attachment: shown if `uri` is set, else named with the reason in `note`.

    `command` is what opens it in a terminal.
    """

    name: str
    uri: str = ""
    path: str = ""
    note: str = ""
    command: str = ""


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


def attached(attachments: Iterable[Mapping[str, Any]], budget: Budget) -> Attachments:
    """Sort what a test attached into pictures side by side, other pictures, and other files."""
    found = Attachments()
    for picture in (_picture(attachment, budget) for attachment in attachments):
        match = _SIDE.fullmatch(printable(picture.name))
        if match and (picture.uri or picture.note):
            sides = found.compared.setdefault(f"{match['stem']}{match['ending'] or ''}", {})
            if match["side"] not in sides:
                sides[match["side"]] = picture
                continue
        (found.shown if picture.uri else found.named).append(picture)
    for name, sides in list(found.compared.items()):
        # Alone, a name that only looks like a side is no comparison.
        if len(sides) == 1 or not any(picture.uri for picture in sides.values()):
            for picture in found.compared.pop(name).values():
                (found.shown if picture.uri else found.named).append(picture)
        else:
            found.compared[name] = {side: sides[side] for side in SIDES if side in sides}
    return found


def _picture(attachment: Mapping[str, Any], budget: Budget) -> Picture:
    name, path = attachment.get("name") or "attachment", attachment.get("path") or ""
    if command := _command(attachment, name, path):
        return Picture(name, path=path, command=command)
    content = _content(attachment, budget.folders)
    if content is None:
        return Picture(name, path=path, note="not beside the results")
    kind = next((mime for magic, mime in _MAGIC if content.startswith(magic)), None)
    if kind is None:
        return Picture(name, path=path)
    if len(content) > min(MOST_PICTURE, budget.left):
        return Picture(name, path=path, note="left out to keep this file small")
    budget.left -= len(content)
    return Picture(name, f"data:{kind};base64,{base64.b64encode(content).decode()}", path)


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
    return b"" if path.stat().st_size > MOST_PICTURES else path.read_bytes()
