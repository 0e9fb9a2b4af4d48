"""The folder beside a page that holds its pictures as they were attached."""

from __future__ import annotations

import shutil
from itertools import chain
from secrets import token_hex
from typing import TYPE_CHECKING, Final

from fictures_reports.errors import RenderError
from fictures_reports.frame_rows import rows_of
from fictures_reports.patterns import compiled
from fictures_reports.report.attachments import original_of
from fictures_reports.report.evidence import folders_of
from fictures_reports.report.originals import linked_in
from fictures_reports.report.tries import attachments_of, attempts_of
from fictures_reports.safe_write import explained

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fictures_reports.run import Run

#: How `originals.file_name` names files: a folder of anything else is somebody's own.
_OURS: Final = compiled(r"[0-9a-f]{12}-[A-Za-z0-9_-]+\.(png|jpeg|gif|webp)")


def folder_of(page: Path) -> Path:
    """Return the folder that belongs to a page: `report-assets` beside `report.html`."""
    return page.with_name(f"{page.stem}-assets")


def check_folder(folder: Path) -> None:
    """Raise `RenderError` where the folder's place holds what a report did not write."""
    if not folder.exists() and not folder.is_symlink():
        return
    if folder.is_symlink() or not folder.is_dir():
        raise RenderError(f"{folder} is no folder: move it, or name the page otherwise")
    strange = [file.name for file in folder.iterdir() if not _OURS.fullmatch(file.name)]
    if strange:
        raise RenderError(
            f"{folder} holds {strange[0]!r}, which no report wrote: move it, or name the page "
            "otherwise"
        )


def write_folder(folder: Path, page: str, runs: Iterable[Run]) -> None:
    """Write the pictures that a page leads to, all or none; what was there before is replaced.

    Without any, no folder is left. Raises `RenderError` if it cannot be written.
    """
    wanted = linked_in(page, folder.name)
    new, old = (folder.with_name(f".{folder.name}-{token_hex(8)}.{end}") for end in ("part", "old"))
    with explained(folder):
        folder.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.mkdir()
            for name, content in _originals(runs):
                if name in wanted:
                    (new / name).write_bytes(content)
            if folder.exists():
                folder.rename(old)
            if wanted:
                new.rename(folder)
        finally:
            if wanted and old.exists() and not folder.exists():
                old.rename(folder)
            for left in (new, old):
                shutil.rmtree(left, ignore_errors=True)


def _originals(runs: Iterable[Run]) -> Iterator[tuple[str, bytes]]:
    """Give every picture that the tests of some runs attached, as it was attached."""
    for run in runs:
        folders = folders_of(run)
        for row in rows_of(run.results):
            attempts = attempts_of(row) or [{}]
            for attachment in chain.from_iterable(
                attachments_of(row, attempt) for attempt in attempts
            ):
                if found := original_of(attachment, folders):
                    yield found
