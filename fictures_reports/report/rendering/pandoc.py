"""A document as a file for a word processor: pandoc makes it of the Markdown."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import RenderError
from fictures_reports.safe_write import replacing

if TYPE_CHECKING:
    from pathlib import Path

#: GitHub's Markdown with front matter; marks are comments, which docx does not have.
_FROM: Final = "gfm+yaml_metadata_block"
_PATIENCE_S: Final = 120


def pandoc() -> str:
    """Return the program; raise `RenderError` if it is not installed."""
    if found := shutil.which("pandoc"):
        return found
    raise RenderError(
        "docx is made by pandoc, which is not in the PATH: install it from https://pandoc.org, "
        "or write the document as .md or .html"
    )


def to_docx(document: str, target: Path) -> None:
    """Write a document in Markdown as docx, whole or not at all.

    Raises `RenderError` if pandoc is not there or refuses.
    """
    command = [pandoc(), "--from", _FROM, "--to", "docx", "--sandbox", "-o", "-", "-"]
    try:
        done = subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, input=document.encode(), timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RenderError(f"pandoc could not write the document: {error}") from error
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RenderError(f"pandoc wrote no docx: {''.join(said) or done.returncode}")
    with replacing(target) as part:
        part.write_bytes(done.stdout)
