"""The pictures of a report as they were attached, which can lie in a folder beside its page."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final
from urllib.parse import quote

from fictures_reports.patterns import compiled

#: Content decides what is a picture: what a producer claims decides nothing that a browser runs.
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"RIFF", "image/webp"),
)
#: Signs of an attachment's name that a file's name cannot have everywhere.
_UNSAFE: Final = compiled(r"[^A-Za-z0-9_-]+")
_LONGEST: Final = 40


def kind_of(content: bytes) -> str | None:
    """Return the type of a picture that browsers show; None for anything else."""
    return next((mime for magic, mime in _MAGIC if content.startswith(magic)), None)


def file_name(name: str, content: bytes, kind: str) -> str:
    """Name a picture's file: by its content, so that two never share one, then as it was called.

    >>> file_name("../my cart.png", b"GIF8", "image/gif")
    '824f83afeaea-my-cart.gif'
    """
    words = str(_UNSAFE.sub("-", Path(name.replace("\\", "/")).stem))[:_LONGEST].strip("-")
    digest = sha256(content).hexdigest()[:12]
    return f"{digest}-{words or 'picture'}.{kind.removeprefix('image/')}"


def link_to(folder: str, file: str) -> str:
    """Return the address of a picture's file as seen from the page."""
    return f"{quote(folder)}/{file}"


def linked_in(page: str, folder: str) -> set[str]:
    """Name the files of a folder that a page leads to."""
    _, *linked = page.split(f'href="{quote(folder)}/')
    return {piece.partition('"')[0] for piece in linked}
