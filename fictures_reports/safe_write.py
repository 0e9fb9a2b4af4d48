"""Write a file that a user named, or say in one line why that cannot be."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from fictures_reports.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Make the file's folder; raise `RenderError` for what keeps the body from writing it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise RenderError(f"{path} cannot be written: its folder's place is taken") from error
    except OSError as error:
        raise RenderError(f"{path} cannot be written: {error.strerror or error}") from error


def write(text: str, path: Path) -> None:
    """Write a text as UTF-8."""
    with writing(path):
        path.write_text(text, encoding="utf-8")
