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
_NO_DATA: Final = b"Could not find data file"


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
    command = [pandoc(), "--from", _FROM, "--to", "docx", "-o", "-", "-"]
    done = _run([*command, "--sandbox"], document)
    if _NO_DATA in done.stderr:
        # Debian's pandoc has what it makes a docx of in files, which its sandbox may not read. What
        # is foreign in the document is escaped; pictures are those that its author names.
        done = _run(command, document)
    if done.returncode or not done.stdout:
        error_lines = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise RenderError(f"pandoc wrote no docx: {''.join(error_lines) or done.returncode}")
    with replacing(target) as part:
        part.write_bytes(done.stdout)


def _run(command: list[str], document: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603
            command, check=False, capture_output=True, input=document.encode(), timeout=_PATIENCE_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RenderError(f"pandoc could not write the document: {error}") from error
